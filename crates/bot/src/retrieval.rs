//! Finds the entries that answer a question, with one index per language.

use std::collections::{BTreeMap, HashSet};

use crate::embed::Embedding;
use crate::gate::{Gate, Gates};
use crate::grams::{Gram, Grammar, Grams};
use crate::knowledge::{Entry, Knowledge};
use crate::likelihood::{Counted, Likelihood, Recipe};
use crate::ranking::{Extra, Ranking, RawScores, Reading, rank, rank_with};
use crate::stop::{Stop, Stopped};
use crate::text::Lang;
use crate::vector::{Cosines, Directions, Fields};

const TRANSLATION: Recipe = Recipe { answer: 0.3, own: 0.6, topic: 0.1, translated: 0.3 };
const FINE: Recipe = Recipe { answer: 0.4, own: 0.5, topic: 0.2, translated: 0.0 };
const RELATED_SHARE: f32 = 0.3;
const OTHER_LANGUAGE: f32 = 1.0;

/// The features of one entry in one language.
struct Text {
    wordings: Vec<Grams>,
    answer: Grams,
    topic: Grams,
}

/// The index of one language.
pub(crate) struct Index {
    lang: Lang,
    gate: Gate,
    pub(crate) grammar: Grammar,
    plain: Cosines,
    plain_directions: Directions,
    fine: Cosines,
    fine_directions: Directions,
    translation: Likelihood,
    likelihood: Likelihood,
    concepts: Cosines,
    neighbours: Vec<Vec<u32>>,
    usable: Vec<bool>,
    /// The score of sentence embeddings, if there is one.
    pub(crate) embedding: Option<Embedding>,
}

/// The most features that a bot learns from. Beyond them, of each entry only the question counts.
const MOST_FEATURES: usize = 16_000_000;

/// Builds the indexes of both languages, Chinese first; each uses the texts of the other language as a pivot.
pub(crate) fn build(knowledge: &Knowledge, gates: Gates, stop: &Stop) -> Result<[Index; 2], Stopped> {
    let mut left = MOST_FEATURES;
    let zh = Side::read(knowledge, Lang::Zh, &mut left, stop)?;
    let en = Side::read(knowledge, Lang::En, &mut left, stop)?;
    let plain = |side: &Side| Cosines::new(&side.fields(|grams| &grams.plain), stop);
    let (of_zh, of_en) = (plain(&zh)?, plain(&en)?);
    let zh = zh.index(of_zh, &of_en, knowledge, gates.zh, stop)?;
    let en = en.index(of_en, &zh.plain, knowledge, gates.en, stop)?;
    Ok([zh, en])
}

struct Side {
    lang: Lang,
    grammar: Grammar,
    texts: Vec<Text>,
}

fn lines(entry: &Entry, lang: Lang) -> impl Iterator<Item = &str> {
    std::iter::once(entry.question.side(lang)).chain(entry.similar.side(lang).iter().map(String::as_str)).filter(|line| !line.is_empty())
}

impl Side {
    /// Reads the texts of one language, as long as features are `left`.
    fn read(knowledge: &Knowledge, lang: Lang, left: &mut usize, stop: &Stop) -> Result<Side, Stopped> {
        let all = knowledge.entries.iter().flat_map(|entry| lines(entry, lang).chain(std::iter::once(entry.answer.side(lang))));
        let grammar = Grammar::new(lang, knowledge.thesaurus.side(lang), all.take_while(|_| stop.look().is_ok()));
        let mut read = |text: &str, is_needed: bool| -> Result<Grams, Stopped> {
            stop.look()?;
            let grams = if is_needed || *left > 0 { grammar.of_knowledge(text) } else { Grams::default() };
            *left = left.saturating_sub(grams.plain.len() + grams.fine.len());
            Ok(grams)
        };
        let mut texts = Vec::with_capacity(knowledge.entries.len());
        for entry in &knowledge.entries {
            let mut wordings = Vec::new();
            for (at, line) in std::iter::once(entry.question.side(lang)).chain(entry.similar.side(lang).iter().map(String::as_str)).enumerate() {
                if !line.is_empty() {
                    // An entry can at least be found by its question.
                    wordings.push(read(line, at == 0)?);
                }
            }
            let (answer, topic) = (read(entry.answer.side(lang), false)?, read(&entry.topic.replace('_', " "), false)?);
            texts.push(Text { wordings, answer, topic });
        }
        Ok(Side { lang, grammar, texts })
    }

    fn fields<'a>(&'a self, set: impl Fn(&'a Grams) -> &'a [Gram]) -> Vec<Fields<'a>> {
        self.texts
            .iter()
            .map(|text| Fields { wordings: text.wordings.iter().map(&set).collect(), answer: set(&text.answer), topic: set(&text.topic) })
            .collect()
    }

    fn index(mut self, plain: Cosines, pivot: &Cosines, knowledge: &Knowledge, gate: Gate, stop: &Stop) -> Result<Index, Stopped> {
        let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
        let topics: Vec<u32> = knowledge
            .entries
            .iter()
            .map(|entry| {
                let fresh = numbers.len() as u32;
                *numbers.entry(entry.topic.as_str()).or_insert(fresh)
            })
            .collect();
        let positions = knowledge.positions();
        let mut neighbours: Vec<Vec<u32>> = vec![Vec::new(); knowledge.entries.len()];
        for (at, entry) in knowledge.entries.iter().enumerate() {
            for id in &entry.related {
                if let Some(&to) = positions.get(id.as_str())
                    && to != at
                {
                    neighbours[at].push(to as u32);
                    neighbours[to].push(at as u32);
                }
            }
        }
        for list in &mut neighbours {
            list.sort_unstable();
            list.dedup();
        }
        let fields = self.fields(|grams| &grams.plain);
        let plain_directions = Directions::new(&plain, pivot, OTHER_LANGUAGE, stop)?;
        let translation = Likelihood::new(&fields, plain.features(), &topics, TRANSLATION, stop)?;
        let concepts = Cosines::new(&self.fields(|grams| &grams.concepts), stop)?;
        // Of a large knowledge, texts and indexes take so much memory that each is only kept as long as it is needed.
        drop(fields);
        self.texts.iter_mut().flat_map(|text| text.wordings.iter_mut().chain([&mut text.answer, &mut text.topic])).for_each(|grams| grams.plain = Vec::new());
        let fields = self.fields(|grams| &grams.fine);
        let fine = Cosines::new(&fields, stop)?;
        let fine_directions = Directions::new(&fine, pivot, OTHER_LANGUAGE, stop)?;
        let counted = Counted::new(&fields, fine.features(), FINE, stop)?;
        drop(fields);
        let Side { lang, grammar, texts } = self;
        let usable = texts.iter().map(|text| !text.wordings.is_empty()).collect();
        drop(texts);
        let likelihood = Likelihood::of(counted, None, &topics, FINE, stop)?;
        Ok(Index {
            lang,
            gate,
            grammar,
            plain,
            plain_directions,
            fine,
            fine_directions,
            translation,
            likelihood,
            concepts,
            neighbours,
            usable,
            embedding: None,
        })
    }
}

impl Index {
    /// Whether this language's texts have a coarse feature.
    pub(crate) fn has(&self, gram: Gram) -> bool {
        self.plain.has(gram)
    }

    /// Whether every token of a line occurs in this language's texts.
    pub(crate) fn knows_all(&self, text: &str) -> bool {
        self.plain.known_share(&self.grammar.of_query(text).singles) >= 1.0
    }

    /// The raw scores of a line for every entry.
    pub(crate) fn scores(&self, text: &str) -> (RawScores, Reading) {
        let query = self.grammar.of_query(text);
        let semantic = self.plain_directions.smooth(&self.plain.score(&query.plain));
        let related = self.lend_to_neighbours(&semantic);
        let raw = [
            self.translation.score(&query.plain),
            self.likelihood.score(&query.fine),
            semantic,
            self.fine_directions.smooth(&self.fine.score(&query.fine)),
            related,
            self.concepts.score(&query.concepts),
        ];
        let reading = Reading { known: self.plain.known_share(&query.plain), length: query.length };
        (raw, reading)
    }

    /// Ranks all entries that have a wording in this language.
    pub(crate) fn rank(&self, text: &str) -> Ranking {
        self.rank_but(text, None)
    }

    /// The same, but without one entry.
    pub(crate) fn rank_but(&self, text: &str, except: Option<usize>) -> Ranking {
        let (raw, reading) = self.scores(text);
        let hidden: Vec<bool> = self.usable.iter().enumerate().map(|(at, usable)| !usable || except == Some(at)).collect();
        match self.embedding.as_ref().and_then(|embedding| Some((embedding, embedding.scores(text)?))) {
            Some((embedding, scores)) => {
                let extra = Extra { scores: &scores, weight: embedding.weighted.weight };
                rank_with(self.lang, &embedding.weighted.gate, &raw, Some(extra), &hidden, reading)
            }
            None => rank(self.lang, &self.gate, &raw, &hidden, reading),
        }
    }

    /// The features of all words of an entry.
    pub(crate) fn known_grams(&self, entry: &Entry, lang: Lang) -> HashSet<Gram> {
        entry.texts(lang).flat_map(|text| self.grammar.of_knowledge(text).plain).collect()
    }

    /// How informative a feature of a line is: the rarer, the more.
    pub(crate) fn rarity(&self, gram: Gram) -> f32 {
        self.plain.rarity(gram)
    }

    fn lend_to_neighbours(&self, scores: &[f32]) -> Vec<f32> {
        let lend = |(at, score): (usize, &f32)| {
            let near = &self.neighbours[at];
            if near.is_empty() {
                return *score;
            }
            let mean = near.iter().map(|&i| scores[i as usize]).sum::<f32>() / near.len() as f32;
            (1.0 - RELATED_SHARE) * score + RELATED_SHARE * mean
        };
        scores.iter().enumerate().map(lend).collect()
    }
}
