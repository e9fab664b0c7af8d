//! One turn of the bot: it takes one line and gives one of six outcomes.
//!
//! The rules are tried in this order: danger; a request for a person; a wording of the knowledge, letter for letter; small talk; a property of a product or plan; the
//! FAQ, with an answer if it is sure and with suggestions if they are likely; what else the catalogue can say; and the statement that there is no answer.

use std::collections::HashMap;

use crate::answer::{Answer, Opt, Outcome, Source};
use crate::attributes::{Catalogue, Item, Reply, Rival};
use crate::decision::{Decision, Rule};
use crate::gate::Gates;
use crate::human::{Need, need};
use crate::knowledge::{Entry, Knowledge};
use crate::ranking::{Ranking, RawScores, Reading};
use crate::replies::{Phrase, say};
use crate::retrieval::{Index, build};
use crate::small_talk;
use crate::suggest::{Lines, Suggestion};
use crate::text::{Lang, detect, normalise, skeleton, tokens};

/// Only the first and last parts of longer lines are read, so that a turn stays fast.
const HEAD_CHARS: usize = 300;
const TAIL_CHARS: usize = 100;
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
    /// The [`Answer::subject`] of the last answer that had one, for "and the battery?". It takes precedence over `product`; clear it when the page changes.
    pub recent: Option<&'a str>,
}

/// A trained bot. It holds no state between turns and can be shared in an `Arc`.
pub struct Bot {
    pub(crate) knowledge: Knowledge,
    pub(crate) indexes: [Index; 2],
    lines: [Lines; 2],
    exact: HashMap<String, u32>,
    pub(crate) places: HashMap<String, u32>,
    catalogue: Catalogue,
}

impl Bot {
    /// Trains on a company's knowledge. Takes under half a second for 180 entries in a release build.
    pub fn train(knowledge: Knowledge) -> Bot {
        Bot::with_gates(knowledge, Gates::usual())
    }

    /// The same with gates that were [fitted](crate::fitting::fit) to this knowledge.
    pub fn with_gates(knowledge: Knowledge, gates: Gates) -> Bot {
        let indexes = build(&knowledge, gates);
        let lines = [Lang::Zh, Lang::En].map(|lang| Lines::new(&knowledge.entries, lang));
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
            entry.similar.zh.iter().chain(&entry.similar.en).for_each(|line| learn(line, at));
        }
        let catalogue = Catalogue::new(&knowledge);
        Bot { knowledge, indexes, lines, exact, places, catalogue }
    }

    /// The knowledge that the bot was trained on.
    pub fn knowledge(&self) -> &Knowledge {
        &self.knowledge
    }

    /// Answers one line.
    pub fn answer(&self, turn: &Turn<'_>) -> Answer {
        self.decide(turn).answer
    }

    /// Answers one line, and returns which rule decided.
    pub(crate) fn decide(&self, turn: &Turn<'_>) -> Decision {
        let text = shorten(turn.text);
        let normal = normalise(&text);
        let lang = self.language(&normal, turn.lang_hint);
        let at_once = |answer, rule| Decision { answer, rule, ranking: None };
        if !normal.chars().any(char::is_alphanumeric) {
            return at_once(talk(Phrase::NothingSaid, lang), Rule::NothingSaid);
        }
        let need = need(&normal);
        let person = |intent: &str| Answer { intent: Some(intent.to_owned()), confidence: 1.0, ..empty(Outcome::HumanRequest, lang) };
        match need {
            Need::Danger => return at_once(person("danger"), Rule::Danger),
            Need::Person => return at_once(person("human_request"), Rule::AsksForPerson),
            Need::Perhaps | Need::None => {}
        }
        if let Some(entry) = self.letter_for_letter(&normal) {
            return at_once(self.entry(entry, lang, 1.0), Rule::WordForWord);
        }
        let line = match small_talk::read(&normal, lang) {
            small_talk::Reading::Whole(phrase) => return at_once(talk(phrase, lang), Rule::SmallTalk),
            small_talk::Reading::Then(rest) => rest,
            small_talk::Reading::No => &normal,
        };
        if let Some(entry) = self.letter_for_letter(line) {
            return at_once(self.entry(entry, lang, 1.0), Rule::WordForWord);
        }
        let found = self.look_up(line, lang, turn);
        if need == Need::Perhaps { offer_person(found, lang) } else { found }
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

    pub(crate) fn language(&self, normal: &str, hint: Lang) -> Lang {
        match detect(normal) {
            Some(Lang::En) if hint == Lang::Zh && tokens(normal).len() <= 3 && self.indexes[Lang::Zh as usize].knows_all(normal) => Lang::Zh,
            Some(lang) => lang,
            None => hint,
        }
    }

    fn letter_for_letter(&self, line: &str) -> Option<&Entry> {
        self.exact.get(&skeleton(line)).map(|&at| &self.knowledge.entries[at as usize])
    }

    fn look_up(&self, line: &str, lang: Lang, turn: &Turn<'_>) -> Decision {
        let index = &self.indexes[lang as usize];
        let subject = turn.recent.and_then(|id| self.catalogue.item(id)).or_else(|| turn.product.and_then(|id| self.catalogue.item(id)));
        let ask = self.catalogue.read(line, lang, &index.grammar);
        let catalogue = |rival| self.catalogue.answer(&ask, subject, rival, lang, &self.knowledge);
        if let Some(reply) = catalogue(Rival::NotAsked) {
            return Decision { answer: self.property(reply, lang), rule: Rule::Catalogue, ranking: None };
        }
        let ranking = if ask.is_about_a_property() {
            index.rank(&ask.without_names)
        } else if ask.mentioned.is_empty() {
            index.rank(line)
        } else {
            index.rank(line).doubted_by(&index.rank(&ask.without_names))
        };
        if ranking.is_sure()
            && let Some(&top) = ranking.order.first()
        {
            let answer = self.entry(&self.knowledge.entries[top], lang, ranking.confidence);
            return Decision { answer, rule: Rule::Sure, ranking: Some(ranking) };
        }
        let offers = ranking.is_likely();
        if let Some(reply) = catalogue(if offers { Rival::Offers } else { Rival::Nothing }) {
            return Decision { answer: self.property(reply, lang), rule: Rule::Catalogue, ranking: Some(ranking) };
        }
        if offers {
            let rule = if ranking.is_close() { Rule::Close } else { Rule::Likely };
            return Decision { answer: self.did_you_mean(&ranking, lang), rule, ranking: Some(ranking) };
        }
        let answer =
            Answer { text: say(Phrase::NoAnswer, lang).to_owned(), offer_human: true, confidence: ranking.confidence, ..empty(Outcome::NoAnswer, lang) };
        Decision { answer, rule: Rule::Unknown, ranking: Some(ranking) }
    }

    fn entry(&self, entry: &Entry, lang: Lang, confidence: f32) -> Answer {
        let related = entry.related.iter().filter_map(|id| self.places.get(id)).map(|&at| &self.knowledge.entries[at as usize]);
        let related = related.filter(|other| other.id != entry.id).take(RELATED).map(|other| option(other, lang)).collect();
        Answer {
            text: entry.answer.get(lang).to_owned(),
            source: Some(Source { id: entry.id.clone(), title: entry.question.get(lang).to_owned() }),
            related,
            offer_human: entry.action.as_deref() == Some("human"),
            intent: Some(entry.topic.clone()),
            confidence,
            ..empty(Outcome::Confident, lang)
        }
    }

    fn did_you_mean(&self, ranking: &Ranking, lang: Lang) -> Answer {
        let least = ranking.shares.first().copied().unwrap_or(0.0) * 0.1;
        let near = ranking.order.iter().zip(&ranking.shares).enumerate().take(3).filter(|(place, (_, share))| *place < 2 || **share >= least);
        let options: Vec<Opt> = near.map(|(_, (&at, _))| option(&self.knowledge.entries[at], lang)).collect();
        let topic = ranking.order.first().map(|&at| self.knowledge.entries[at].topic.clone());
        Answer { text: say(Phrase::DidYouMean, lang).to_owned(), options, intent: topic, confidence: ranking.confidence, ..empty(Outcome::DidYouMean, lang) }
    }

    fn property(&self, reply: Reply, lang: Lang) -> Answer {
        let (id, title) = self.title(reply.item, lang);
        Answer {
            text: reply.text,
            source: Some(Source { id: id.to_owned(), title: title.to_owned() }),
            offer_human: !reply.listed,
            intent: Some(if reply.listed { "attribute" } else { "attribute_unlisted" }.to_owned()),
            confidence: 1.0,
            subject: Some(id.to_owned()),
            ..empty(Outcome::Attribute, lang)
        }
    }

    fn title(&self, item: Item, lang: Lang) -> (&str, &str) {
        self.catalogue.title(item, lang, &self.knowledge)
    }

    fn suggestion(&self, entry: &Entry, lang: Lang) -> Suggestion {
        Suggestion { id: entry.id.clone(), text: entry.question.get(lang).to_owned() }
    }
}

fn option(entry: &Entry, lang: Lang) -> Opt {
    Opt { id: entry.id.clone(), text: entry.question.get(lang).to_owned() }
}

fn empty(outcome: Outcome, lang: Lang) -> Answer {
    Answer {
        outcome,
        text: String::new(),
        lang,
        source: None,
        options: Vec::new(),
        related: Vec::new(),
        offer_human: false,
        wishes_person: false,
        intent: None,
        confidence: 0.0,
        subject: None,
    }
}

fn talk(phrase: Phrase, lang: Lang) -> Answer {
    Answer {
        text: say(phrase, lang).to_owned(),
        offer_human: matches!(phrase, Phrase::Complaint | Phrase::Robot),
        intent: Some("small_talk".to_owned()),
        confidence: 1.0,
        ..empty(Outcome::SmallTalk, lang)
    }
}

/// What is said to a line that may be a wish for a person: what was found, if it is sure, and otherwise whether one is wanted.
fn offer_person(found: Decision, lang: Lang) -> Decision {
    if matches!(found.answer.outcome, Outcome::Confident | Outcome::Attribute) {
        return Decision { answer: Answer { offer_human: true, wishes_person: true, ..found.answer }, ..found };
    }
    let intent = Some("person_offered".to_owned());
    let answer = Answer { text: say(Phrase::OfferPerson, lang).to_owned(), offer_human: true, wishes_person: true, intent, ..empty(Outcome::SmallTalk, lang) };
    Decision { answer, rule: Rule::OffersPerson, ranking: found.ranking }
}

pub(crate) fn shorten(text: &str) -> String {
    let length = text.chars().count();
    if length <= HEAD_CHARS + TAIL_CHARS {
        return text.to_owned();
    }
    let head = text.chars().take(HEAD_CHARS);
    let tail = text.chars().skip(length - TAIL_CHARS);
    head.chain(std::iter::once(' ')).chain(tail).collect()
}
