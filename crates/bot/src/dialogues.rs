//! Holds conversations whose turns are known to be right or wrong with a bot: the figures that `yingda bot dialogues` prints.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::answer::{Answer, Outcome};
use crate::bot::{Bot, Turn};
use crate::replay::{asked_for_person, contains_value, ids_of};
use crate::text::{Lang, skeleton};
use crate::thread::Thread;

/// A conversation.
#[derive(Debug, Clone, Deserialize)]
pub struct Dialogue {
    /// Its id, for the report.
    pub id: String,
    /// The language of the screen.
    pub lang: Lang,
    /// The product or plan on the page.
    pub product: Option<String>,
    /// What is said, and what is right.
    pub turns: Vec<Said>,
}

/// One turn.
#[derive(Debug, Clone, Deserialize)]
pub struct Said {
    /// What the customer writes.
    pub say: String,
    /// What is right.
    pub expect: Expected,
}

/// What makes an answer right: if ids and an outcome are given, either will do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Expected {
    /// The entries, products and plans of which any is right, or all with `want_all`.
    #[serde(default)]
    pub ids: Vec<String>,
    /// What the answer must contain besides; separators within numbers do not count.
    pub value: Option<String>,
    /// `person`, `no_answer` or `clarify`.
    pub outcome: Option<Wanted>,
    /// Whether all ids are wanted.
    #[serde(default)]
    pub want_all: bool,
    /// Whether the answer must differ from the one before.
    #[serde(default)]
    pub not_same_as_previous: bool,
    /// Whether a plain courtesy will do.
    #[serde(default)]
    pub smalltalk: bool,
}

/// An outcome that is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    /// A person is called or offered.
    Person,
    /// The bot says that it has no answer, or asks back.
    NoAnswer,
    /// The bot asks back.
    Clarify,
}

/// Why dialogues cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum DialogueError {
    /// A line is not JSON of the expected shape.
    #[error("line {line}: {source}; a line is {{\"id\", \"lang\", \"turns\": [{{\"say\", \"expect\": {{…}}}}]}}")]
    Line {
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// A turn says nothing about what is right.
    #[error("line {line}, turn {turn}: `expect` says nothing")]
    NothingExpected {
        /// The line, from 1.
        line: usize,
        /// The turn, from 1.
        turn: usize,
    },
    /// An id that is expected does not exist.
    #[error("line {line}, turn {turn}: there is no entry, product or plan {id:?}")]
    NoSuchId {
        /// The line, from 1.
        line: usize,
        /// The turn, from 1.
        turn: usize,
        /// The id.
        id: String,
    },
    /// There are no dialogues.
    #[error("there are no dialogues")]
    Empty,
}

/// Shares of the turns, 0 to 1.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Shares {
    /// The number of turns.
    pub turns: usize,
    /// Right: answered rightly, offered among at most three, or of the wanted outcome.
    pub right: f64,
    /// Right without an offer of several.
    pub right_at_once: f64,
    /// Answered wrongly as if it were sure.
    pub confident_wrong: f64,
    /// Of the turns in which a person is wanted, those in which none was called or offered.
    pub persons_missed: Option<f64>,
    /// Of the turns that must differ from the one before, those that do not.
    pub repeated: Option<f64>,
}

/// What the bot did in a turn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reaction {
    /// The dialogue.
    pub id: String,
    /// The turn, from 1.
    pub turn: usize,
    /// What the customer writes.
    pub text: String,
    /// The outcome's name, such as `did_you_mean`; `handoff_offered` if a person was offered.
    pub decision: String,
    /// The sources of the answer, or what was offered, in order.
    pub ids: Vec<String>,
    /// The text of the answer.
    pub value: String,
    /// Whether it is right.
    pub right: bool,
}

#[derive(Default)]
struct Counts {
    turns: usize,
    right: usize,
    at_once: usize,
    wrong: usize,
    persons: (usize, usize),
    repeated: (usize, usize),
}

/// Reads dialogues, one JSON object a line.
///
/// # Errors
/// The first line that is not a dialogue about this knowledge.
pub fn dialogues(text: &str, bot: &Bot) -> Result<Vec<Dialogue>, DialogueError> {
    let mut all = Vec::new();
    for (line, text) in text.lines().enumerate().map(|(at, text)| (at + 1, text)).filter(|(_, text)| !text.trim().is_empty()) {
        let dialogue: Dialogue = serde_json::from_str(text).map_err(|source| DialogueError::Line { line, source })?;
        for (turn, said) in dialogue.turns.iter().enumerate().map(|(at, said)| (at + 1, said)) {
            if said.expect == Expected::default() {
                return Err(DialogueError::NothingExpected { line, turn });
            }
            if let Some(id) = said.expect.ids.iter().find(|id| !bot.places.contains_key(*id) && bot.graph.item(id).is_none()) {
                return Err(DialogueError::NoSuchId { line, turn, id: id.clone() });
            }
        }
        all.push(dialogue);
    }
    if all.is_empty() { Err(DialogueError::Empty) } else { Ok(all) }
}

/// Holds all dialogues. Returns the shares by the tag of the language and for `all`, and what was done in each turn.
pub fn run(bot: &Bot, dialogues: &[Dialogue]) -> (BTreeMap<String, Shares>, Vec<Reaction>) {
    let (mut counts, mut reactions) = (BTreeMap::<String, Counts>::new(), Vec::new());
    for dialogue in dialogues {
        let (mut thread, mut before) = (Thread::default(), String::new());
        for (turn, said) in dialogue.turns.iter().enumerate() {
            let answer = bot.answer(&Turn { text: &said.say, lang_hint: dialogue.lang, product: dialogue.product.as_deref(), thread: Some(&thread) });
            let judged = judge(&answer, &said.expect, &before);
            for of in [dialogue.lang.tag(), "all"] {
                counts.entry(of.to_owned()).or_default().note(&judged, &said.expect);
            }
            reactions.push(Reaction {
                id: dialogue.id.clone(),
                turn: turn + 1,
                text: said.say.clone(),
                decision: decision(&answer),
                ids: ids_of(&answer),
                value: answer.text.clone(),
                right: judged.right,
            });
            before.clone_from(&answer.text);
            thread = answer.thread;
        }
    }
    (counts.into_iter().map(|(of, counts)| (of, counts.shares())).collect(), reactions)
}

struct Judged {
    right: bool,
    at_once: bool,
    wrong: bool,
    person: bool,
    same: bool,
}

fn judge(answer: &Answer, expect: &Expected, before: &str) -> Judged {
    let answers = matches!(answer.outcome, Outcome::Confident | Outcome::Attribute);
    let person = asked_for_person(answer);
    let ids: BTreeSet<&str> = answer.items.iter().map(|source| source.id.as_str()).collect();
    let offered: BTreeSet<&str> = answer.options.iter().take(3).map(|option| option.id.as_str()).collect();
    let among = |ids: &BTreeSet<&str>| {
        let found = |id: &String| ids.contains(id.as_str());
        !expect.ids.is_empty() && if expect.want_all { expect.ids.iter().all(found) } else { expect.ids.iter().any(found) }
    };
    let valued = expect.value.as_deref().is_none_or(|value| contains_value(&answer.text, value));
    // that a data sheet does not list something is an answer about that item, too
    let answered = (answers || answer.outcome == Outcome::NoAnswer) && among(&ids) && valued;
    let offered = answer.outcome == Outcome::DidYouMean && among(&offered);
    let outcome = match expect.outcome {
        Some(Wanted::Person) => person,
        Some(Wanted::NoAnswer) => matches!(answer.outcome, Outcome::NoAnswer | Outcome::DidYouMean | Outcome::SmallTalk),
        Some(Wanted::Clarify) => answer.outcome == Outcome::DidYouMean,
        None => false,
    };
    let courtesy = expect.smalltalk && answer.outcome == Outcome::SmallTalk;
    let only_different = expect.ids.is_empty() && expect.outcome.is_none() && !expect.smalltalk && (expect.value.is_none() || answers && valued);
    let same = !before.is_empty() && skeleton(before) == skeleton(&answer.text);
    let differs = !expect.not_same_as_previous || !same;
    let at_once = (answered || outcome || courtesy || only_different) && differs;
    let right = at_once || offered && differs;
    Judged { right, at_once, wrong: answers && !right, person, same }
}

impl Counts {
    fn note(&mut self, judged: &Judged, expect: &Expected) {
        self.turns += 1;
        self.right += usize::from(judged.right);
        self.at_once += usize::from(judged.at_once);
        self.wrong += usize::from(judged.wrong);
        if expect.outcome == Some(Wanted::Person) && expect.ids.is_empty() {
            self.persons.0 += 1;
            self.persons.1 += usize::from(!judged.person);
        }
        if expect.not_same_as_previous {
            self.repeated.0 += 1;
            self.repeated.1 += usize::from(judged.same);
        }
    }

    fn shares(&self) -> Shares {
        let share = |part: usize| part as f64 / self.turns.max(1) as f64;
        let of = |(all, part): (usize, usize)| (all > 0).then(|| part as f64 / all as f64);
        Shares {
            turns: self.turns,
            right: share(self.right),
            right_at_once: share(self.at_once),
            confident_wrong: share(self.wrong),
            persons_missed: of(self.persons),
            repeated: of(self.repeated),
        }
    }
}

fn decision(answer: &Answer) -> String {
    if answer.intent.as_deref() == Some("person_offered") { "handoff_offered".to_owned() } else { answer.outcome.name().to_owned() }
}
