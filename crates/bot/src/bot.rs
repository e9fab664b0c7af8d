//! The bot: what it is trained on, and how its answers are put together.

use std::collections::HashMap;

use crate::answer::{Answer, Opt, Outcome, Source};
use crate::gate::Gates;
use crate::graph::Graph;
use crate::intent;
use crate::knowledge::{Entry, Knowledge};
use crate::postings::MOST_ENTRIES;
use crate::ranking::{Ranking, RawScores, Reading};
use crate::replies::{Phrase, say};
use crate::retrieval::{Index, build};
use crate::small_talk;
use crate::stop::{Stop, Stopped, to_the_end};
use crate::suggest::{Lines, Suggestion};
use crate::text::{Lang, detect, normalise, skeleton, tokens};
use crate::thread::Thread;

pub(crate) use crate::text::{normal_of, shorten};

const RELATED: usize = 3;

/// A line of the customer with its context.
#[derive(Debug, Clone, Copy)]
pub struct Turn<'a> {
    /// The text of the line.
    pub text: &'a str,
    /// The language of the customer's screen; used if the text does not show its language.
    pub lang_hint: Lang,
    /// The id of the product or plan on the customer's page.
    pub product: Option<&'a str>,
    /// The [`Answer::thread`] of the last answer, for "and the battery?", "the second one" and "still not working". `None` at the beginning.
    pub thread: Option<&'a Thread>,
}

/// A trained bot. It holds no state between turns and can be shared in an `Arc`.
pub struct Bot {
    pub(crate) knowledge: Knowledge,
    pub(crate) indexes: [Index; 2],
    lines: [Lines; 2],
    exact: HashMap<String, u32>,
    pub(crate) places: HashMap<String, u32>,
    pub(crate) graph: Graph,
    /// Entries that compare items, by these items in order.
    pub(crate) comparing: HashMap<Vec<u32>, usize>,
}

impl Bot {
    /// Trains on a company's knowledge, on 65,535 entries at most. Takes under half a second for 180 entries in a release build.
    pub fn train(knowledge: Knowledge) -> Bot {
        Bot::with_gates(knowledge, Gates::usual())
    }

    /// The same with gates that were [fitted](crate::fitting::fit) to this knowledge.
    pub fn with_gates(knowledge: Knowledge, gates: Gates) -> Bot {
        to_the_end(|stop| Bot::train_until(knowledge, gates, stop))
    }

    /// The same, until it is stopped. What it takes is [bounded](crate::effort), whatever the knowledge.
    ///
    /// # Errors
    /// If it was stopped.
    pub fn train_until(mut knowledge: Knowledge, gates: Gates, stop: &Stop) -> Result<Bot, Stopped> {
        knowledge.entries.truncate(MOST_ENTRIES);
        let indexes = build(&knowledge, gates, stop)?;
        let lines = [Lines::new(&knowledge.entries, Lang::Zh, stop)?, Lines::new(&knowledge.entries, Lang::En, stop)?];
        let mut exact = HashMap::new();
        let mut places = HashMap::new();
        let mut learn = |line: &str, at: usize| {
            let line = skeleton(line);
            if !line.is_empty() {
                exact.entry(line).or_insert(at as u32);
            }
        };
        for (at, entry) in knowledge.entries.iter().enumerate() {
            places.entry(entry.id.clone()).or_insert(at as u32);
            [&entry.question.zh, &entry.question.en].into_iter().for_each(|line| learn(line, at));
        }
        for (at, entry) in knowledge.entries.iter().enumerate() {
            stop.look()?;
            entry.similar.zh.iter().chain(&entry.similar.en).for_each(|line| learn(line, at));
        }
        let graph = Graph::new(&knowledge, stop)?;
        let mut comparing = HashMap::new();
        for (at, entry) in knowledge.entries.iter().enumerate() {
            for lang in [Lang::Zh, Lang::En] {
                stop.look()?;
                let mut items = graph.read(entry.question.side(lang), lang, &indexes[lang as usize].grammar, &[]).named_items();
                items.sort_unstable();
                if items.len() > 1 {
                    comparing.entry(items).or_insert(at);
                }
            }
        }
        Ok(Bot { knowledge, indexes, lines, exact, places, graph, comparing })
    }

    /// The knowledge that the bot was trained on.
    pub fn knowledge(&self) -> &Knowledge {
        &self.knowledge
    }

    /// Whether an entry has this id.
    pub fn knows_entry(&self, id: &str) -> bool {
        self.places.contains_key(id)
    }

    /// Whether a product or plan has this id.
    pub fn knows_item(&self, id: &str) -> bool {
        self.graph.item(id).is_some()
    }

    /// Answers one line.
    pub fn answer(&self, turn: &Turn<'_>) -> Answer {
        self.decide(turn).answer
    }

    /// The answer of an entry that the customer pressed, in `lang`; `None` for an unknown id.
    pub fn entry_answer(&self, id: &str, lang: Lang) -> Option<Answer> {
        self.places.get(id).map(|&at| self.entry(&self.knowledge.entries[at as usize], lang, 1.0))
    }

    /// At most `limit` questions that complete what has been typed so far, from two characters on, in the language of the screen; Chinese matches by characters
    /// or by sound.
    pub fn suggest(&self, prefix: &str, lang: Lang, limit: usize) -> Vec<Suggestion> {
        let typed = normalise(&shorten(prefix));
        let typed = typed.trim();
        if skeleton(typed).chars().count() < 2 {
            return Vec::new();
        }
        let side = if detect(typed) == Some(Lang::Zh) { Lang::Zh } else { lang };
        let found = self.completions(typed, side, limit);
        found.into_iter().map(|at| self.suggestion(&self.knowledge.entries[at], lang)).collect()
    }

    /// The positions of entries with a wording that contains the typed text, best first.
    pub(crate) fn completions(&self, typed: &str, side: Lang, limit: usize) -> Vec<usize> {
        self.lines[side as usize].find(typed, side, limit)
    }

    /// The raw scores behind the ranking of a line, for tuning and for showing why an entry was chosen.
    pub fn inspect(&self, text: &str, lang: Lang) -> (RawScores, Reading) {
        self.indexes[lang as usize].scores(text)
    }

    /// The ids of the entries in the order in which the FAQ ranks them for a line, with the confidence in the first.
    pub fn ranked_ids(&self, text: &str, lang: Lang) -> (Vec<&str>, f32) {
        let ranking = self.indexes[lang as usize].rank(text);
        let ids = ranking.order.iter().map(|&at| self.knowledge.entries[at].id.as_str()).collect();
        (ids, ranking.confidence)
    }

    /// The language of a line: its own, or that of the screen if it does not show one.
    pub fn language_of(&self, text: &str, hint: Lang) -> Lang {
        self.language(&normal_of(text), hint)
    }

    pub(crate) fn language(&self, normal: &str, hint: Lang) -> Lang {
        match detect(normal) {
            Some(Lang::En)
                if hint == Lang::Zh
                    && tokens(normal).len() <= 3
                    && (self.indexes[Lang::Zh as usize].knows_all(normal) || !self.knows_any(normal, Lang::En) && !small_talk::is_polite(normal, Lang::En)) =>
            {
                Lang::Zh
            }
            Some(lang) => lang,
            None => hint,
        }
    }

    pub(crate) fn letter_for_letter(&self, line: &str) -> Option<&Entry> {
        self.exact.get(&skeleton(line)).map(|&at| &self.knowledge.entries[at as usize])
    }

    pub(crate) fn entry(&self, entry: &Entry, lang: Lang, confidence: f32) -> Answer {
        let related = entry.related.iter().filter_map(|id| self.places.get(id)).map(|&at| &self.knowledge.entries[at as usize]);
        let related = related.filter(|other| other.id != entry.id).take(RELATED).map(|other| option(other, lang)).collect();
        Answer {
            text: entry.answer.get(lang).to_owned(),
            source: Some(Source { id: entry.id.clone(), title: entry.question.get(lang).to_owned() }),
            items: vec![Source { id: entry.id.clone(), title: entry.question.get(lang).to_owned() }],
            related,
            offer_human: entry.action.as_deref() == Some("human"),
            intent: Some(entry.topic.clone()),
            confidence,
            ..empty(Outcome::Confident, lang)
        }
    }

    pub(crate) fn did_you_mean(&self, ranking: &Ranking, lang: Lang) -> Answer {
        let least = ranking.shares.first().copied().unwrap_or(0.0) * 0.1;
        let near = ranking.order.iter().zip(&ranking.shares).enumerate().take(3).filter(|(place, (_, share))| *place < 2 || **share >= least);
        let options: Vec<Opt> = near.map(|(_, (&at, _))| option(&self.knowledge.entries[at], lang)).collect();
        let topic = ranking.order.first().map(|&at| self.knowledge.entries[at].topic.clone());
        Answer { text: say(Phrase::DidYouMean, lang).to_owned(), options, intent: topic, confidence: ranking.confidence, ..empty(Outcome::DidYouMean, lang) }
    }

    fn suggestion(&self, entry: &Entry, lang: Lang) -> Suggestion {
        Suggestion { id: entry.id.clone(), text: entry.question.get(lang).to_owned() }
    }
}

pub(crate) fn option(entry: &Entry, lang: Lang) -> Opt {
    Opt { id: entry.id.clone(), text: entry.question.get(lang).to_owned() }
}

pub(crate) fn empty(outcome: Outcome, lang: Lang) -> Answer {
    Answer {
        outcome,
        text: String::new(),
        lang,
        source: None,
        items: Vec::new(),
        options: Vec::new(),
        related: Vec::new(),
        offer_human: false,
        wishes_person: false,
        may_be_danger: false,
        intent: None,
        confidence: 0.0,
        thread: Thread::default(),
    }
}

/// What the bot says when an offer of a person is declined.
pub fn acknowledgement(lang: Lang) -> Answer {
    talk(Phrase::Understood, lang)
}

pub(crate) fn talk(phrase: Phrase, lang: Lang) -> Answer {
    Answer {
        text: say(phrase, lang).to_owned(),
        offer_human: matches!(phrase, Phrase::Complaint | Phrase::Robot),
        intent: Some(if phrase == Phrase::Complaint { intent::PERSON_OFFERED } else { intent::SMALL_TALK }.to_owned()),
        confidence: 1.0,
        ..empty(Outcome::SmallTalk, lang)
    }
}
