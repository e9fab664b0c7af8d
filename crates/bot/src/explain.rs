//! Explains why the bot answers as it does, for editors who try a sentence.

use crate::answer::Answer;
use crate::bot::{Bot, Turn, shorten};
use crate::decision::Rule;
use crate::gate::Limits;
use crate::knowledge::{Bilingual, Entry};
use crate::ranking::Ranking;
use crate::text::{Lang, is_han, normalise, tokens};

/// The most words shown that a line and a wording share.
const SHARED_WORDS: usize = 8;

/// An entry that the line may mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The id of the entry.
    pub id: String,
    /// The question of the entry in the language of the line.
    pub question: String,
    /// The question of the entry in both languages.
    pub name: Bilingual,
    /// A score from 0 to 1, on the scale of [`Limits::sure`]: for the best entry it is the confidence; for the others, the confidence scaled by the ratio of
    /// their share to the best entry's share.
    pub score: f32,
    /// The wording of the entry that shares most with the line.
    pub nearest: String,
    /// The words that the line and that wording share.
    pub shared: Vec<String>,
    /// Synonyms by which both refer to the same concept: one word of each group.
    pub synonyms: Vec<String>,
}

/// What the bot would do with a line, and the reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The answer that the bot would give.
    pub answer: Answer,
    /// The rule that decided.
    pub rule: Rule,
    /// The entries that the line may mean, best first.
    pub candidates: Vec<Candidate>,
    /// The probability that the knowledge covers the line at all, on the scale of two of the limits.
    pub covered: f32,
    /// From these on, the best entry is given or the best entries are offered.
    pub limits: Limits,
}

impl Bot {
    /// Answers a line and explains why, with at most `best` entries that it may mean.
    pub fn explain(&self, turn: &Turn<'_>, best: usize) -> Explanation {
        let decision = self.decide(turn);
        let lang = decision.answer.lang;
        let line = shorten(turn.text);
        let ranking = decision.ranking.unwrap_or_else(|| self.indexes[lang as usize].rank(&normalise(&line)));
        let mut candidates = self.candidates(&line, lang, &ranking, best);
        if decision.rule == Rule::WordForWord
            && let Some(source) = &decision.answer.source
        {
            let own = self.places.get(&source.id).map(|&at| self.candidate(&line, lang, at as usize, 1.0));
            candidates.retain(|candidate| candidate.id != source.id);
            candidates.splice(0..0, own);
            candidates.truncate(best);
        }
        Explanation { answer: decision.answer, rule: decision.rule, candidates, covered: ranking.covered, limits: ranking.limits }
    }

    /// The entries other than `except` that a line is similar to, best first, with which a new wording may clash. Empty if none is likely.
    pub fn similar(&self, text: &str, hint: Lang, except: Option<&str>, best: usize) -> Vec<Candidate> {
        let line = shorten(text);
        let normal = normalise(&line);
        if !normal.chars().any(char::is_alphanumeric) {
            return Vec::new();
        }
        let lang = self.language(&normal, hint);
        let own = except.and_then(|id| self.places.get(id)).map(|&at| at as usize);
        let ranking = self.indexes[lang as usize].rank_but(&normal, own);
        if ranking.is_likely() { self.candidates(&line, lang, &ranking, best) } else { Vec::new() }
    }

    fn candidates(&self, line: &str, lang: Lang, ranking: &Ranking, best: usize) -> Vec<Candidate> {
        let first = ranking.shares.first().copied().unwrap_or(1.0).max(f32::EPSILON);
        let near = ranking.order.iter().zip(&ranking.shares).take(best);
        near.map(|(&at, share)| self.candidate(line, lang, at, ranking.confidence * share / first)).collect()
    }

    fn candidate(&self, line: &str, lang: Lang, at: usize, score: f32) -> Candidate {
        let entry: &Entry = &self.knowledge.entries[at];
        let own = pieces(line);
        let wordings =
            std::iter::once(entry.question.side(lang)).chain(entry.similar.side(lang).iter().map(String::as_str)).filter(|wording| !wording.is_empty());
        let shares = |wording: &str| shared_words(&own, &pieces(wording));
        let weight = |words: &[String]| words.iter().map(|word| word.chars().count()).sum::<usize>();
        let mut nearest: Option<(&str, Vec<String>)> = None;
        for wording in wordings {
            let words = shares(wording);
            if nearest.as_ref().is_none_or(|(_, before)| weight(&words) > weight(before)) {
                nearest = Some((wording, words));
            }
        }
        let (nearest, mut words) = nearest.unwrap_or((entry.question.get(lang), Vec::new()));
        words.truncate(SHARED_WORDS);
        let grammar = &self.indexes[lang as usize].grammar;
        let (asked, known) = (grammar.groups(line), grammar.groups(nearest));
        let thesaurus = self.knowledge.thesaurus.side(lang);
        let synonyms = asked.iter().filter(|group| known.contains(group)).filter_map(|&group| thesaurus.get(group as usize)?.first().cloned()).collect();
        Candidate {
            id: entry.id.clone(),
            question: entry.question.get(lang).to_owned(),
            name: entry.question.clone(),
            score,
            nearest: nearest.to_owned(),
            shared: words,
            synonyms,
        }
    }
}

/// A line split into the pieces that are compared: Chinese characters, words, numbers.
fn pieces(line: &str) -> Vec<String> {
    tokens(&normalise(line)).into_iter().map(str::to_owned).collect()
}

/// What two lines share: runs of at least two Chinese characters, and words of at least three letters or digits; without duplicates, in the order of the first
/// line.
fn shared_words(line: &[String], other: &[String]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut at = 0;
    while at < line.len() {
        let length = (0..other.len()).map(|start| line[at..].iter().zip(&other[start..]).take_while(|(a, b)| a == b).count()).max().unwrap_or(0);
        let run = &line[at..at + length];
        let han = run.iter().all(|piece| piece.chars().all(is_han));
        if han && length >= 2 {
            found.push(run.concat());
        } else {
            found.extend(run.iter().filter(|piece| piece.chars().count() >= 3).cloned());
        }
        at += length.max(1);
    }
    let mut seen = std::collections::HashSet::new();
    found.retain(|word| seen.insert(word.clone()));
    found
}
