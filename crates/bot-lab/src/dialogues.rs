//! Holds conversations whose turns are known to be right or wrong with a bot: the figures that `yingda bot dialogues` prints.

use std::collections::{BTreeMap, BTreeSet};

use bot::text::skeleton;
use bot::{Answer, Bot, Lang, Outcome, Thread, Turn};
use serde::{Deserialize, Serialize};

use crate::replay::{asked_for_person, contains_value, ids_of};

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
    /// Whether the line refuses what was offered before it, or answered if nothing was offered: answering with any of that is wrong, and counted.
    #[serde(default)]
    pub refuses: bool,
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
    /// The number of turns answered, as if it were sure, with what the customer had just refused.
    pub refused_given: usize,
}

/// What the bot did in a turn.
#[derive(Debug, Clone, PartialEq, Serialize)]
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
    /// The probability that the answer is right, as the bot sees it.
    pub confidence: f32,
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
    refused_given: usize,
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
            if (Expected { refuses: false, ..said.expect.clone() }) == Expected::default() {
                return Err(DialogueError::NothingExpected { line, turn });
            }
            if let Some(id) = said.expect.ids.iter().find(|id| !bot.knows_entry(id) && !bot.knows_item(id)) {
                return Err(DialogueError::NoSuchId { line, turn, id: id.clone() });
            }
        }
        all.push(dialogue);
    }
    if all.is_empty() { Err(DialogueError::Empty) } else { Ok(all) }
}

/// A conversation with whoever responds to the customer: the bot by itself, or the bot with rules about when a person is offered.
pub trait Conversation {
    /// Responds to the next line of the customer, whose screen is in `lang` and shows the product or plan `product`.
    fn respond(&mut self, line: &str, lang: Lang, product: Option<&str>) -> Response;
}

/// What the customer gets in a turn.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// The answer with the words that are said.
    pub answer: Answer,
    /// Whether a person is called, or offered in these words.
    pub has_person: bool,
}

/// A conversation with the bot by itself.
pub struct Alone<'a> {
    bot: &'a Bot,
    thread: Thread,
}

impl<'a> Alone<'a> {
    /// A conversation that begins.
    pub fn new(bot: &'a Bot) -> Self {
        Self { bot, thread: Thread::default() }
    }
}

impl Conversation for Alone<'_> {
    fn respond(&mut self, line: &str, lang: Lang, product: Option<&str>) -> Response {
        let answer = self.bot.answer(&Turn { text: line, lang_hint: lang, product, thread: Some(&self.thread) });
        self.thread = answer.thread.clone();
        Response { has_person: asked_for_person(&answer), answer }
    }
}

/// Holds all dialogues, each in a conversation that `begin` makes. Returns the shares by the tag of the language and for `all`, and what was done in each turn.
pub fn run<C: Conversation>(begin: impl Fn() -> C, dialogues: &[Dialogue]) -> (BTreeMap<String, Shares>, Vec<Reaction>) {
    let (mut counts, mut reactions) = (BTreeMap::<String, Counts>::new(), Vec::new());
    for dialogue in dialogues {
        let (mut conversation, mut before, mut shown) = (begin(), String::new(), Shown::default());
        for (turn, said) in dialogue.turns.iter().enumerate() {
            let response = conversation.respond(&said.say, dialogue.lang, dialogue.product.as_deref());
            let judged = judge(&response, &said.expect, &before, &shown);
            for of in [dialogue.lang.tag(), "all"] {
                counts.entry(of.to_owned()).or_default().note(&judged, &said.expect);
            }
            reactions.push(Reaction {
                id: dialogue.id.clone(),
                turn: turn + 1,
                text: said.say.clone(),
                decision: decision(&response),
                ids: ids_of(&response.answer),
                value: response.answer.text.clone(),
                confidence: response.answer.confidence,
                right: judged.right,
            });
            shown = Shown::of(&response.answer);
            before = response.answer.text;
        }
    }
    (counts.into_iter().map(|(of, counts)| (of, counts.shares())).collect(), reactions)
}

/// What an answer shows.
#[derive(Default)]
struct Shown {
    /// What it offers: options, or related questions.
    offered: BTreeSet<String>,
    /// Its sources.
    given: BTreeSet<String>,
}

impl Shown {
    fn of(answer: &Answer) -> Self {
        let offered = answer.options.iter().chain(&answer.related).map(|option| option.id.clone()).collect();
        Self { offered, given: answer.items.iter().map(|source| source.id.clone()).collect() }
    }

    /// Whether a line of which this is right refuses it. A line that wants no answer takes nothing of what was offered.
    fn is_refused(&self, expect: &Expected, id: &str) -> bool {
        let wants_none = expect.ids.is_empty() && expect.value.is_none() && (expect.outcome.is_some() || expect.smalltalk);
        let offered = (expect.refuses || wants_none) && self.offered.contains(id);
        offered || expect.refuses && self.offered.is_empty() && self.given.contains(id)
    }
}

struct Judged {
    right: bool,
    at_once: bool,
    wrong: bool,
    person: bool,
    same: bool,
    gives_refused: bool,
}

fn judge(response: &Response, expect: &Expected, before: &str, shown: &Shown) -> Judged {
    let (answer, person) = (&response.answer, response.has_person);
    let answers = matches!(answer.outcome, Outcome::Confident | Outcome::Attribute);
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
    let gives_refused = answers && ids.iter().any(|id| !expect.ids.iter().any(|wanted| wanted == id) && shown.is_refused(expect, id));
    let (right, at_once) = ((at_once || offered && differs) && !gives_refused, at_once && !gives_refused);
    Judged { right, at_once, wrong: answers && !right, person, same, gives_refused }
}

impl Counts {
    fn note(&mut self, judged: &Judged, expect: &Expected) {
        self.turns += 1;
        self.right += usize::from(judged.right);
        self.at_once += usize::from(judged.at_once);
        self.wrong += usize::from(judged.wrong);
        self.refused_given += usize::from(judged.gives_refused);
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
            refused_given: self.refused_given,
        }
    }
}

/// An offer beside an answer or beside choices goes by their name.
fn decision(response: &Response) -> String {
    let is_only_offer = response.has_person && matches!(response.answer.outcome, Outcome::SmallTalk | Outcome::NoAnswer);
    if is_only_offer { "handoff_offered".to_owned() } else { response.answer.outcome.name().to_owned() }
}

#[cfg(test)]
mod tests {
    use bot::{Knowledge, Opt, Source};

    use super::*;

    fn answer(outcome: Outcome, ids: &[&str], options: &[&str]) -> Response {
        let bot = Bot::train(Knowledge::default());
        let plain = bot.answer(&Turn { text: "hello", lang_hint: Lang::En, product: None, thread: None });
        let items = ids.iter().map(|id| Source { id: (*id).to_owned(), title: String::new() }).collect();
        let options = options.iter().map(|id| Opt { id: (*id).to_owned(), text: String::new() }).collect();
        Response { answer: Answer { outcome, items, options, ..plain }, has_person: false }
    }

    #[test]
    fn what_was_refused_and_is_given_is_counted_and_wrong() {
        let shown = Shown::of(&answer(Outcome::DidYouMean, &[], &["a", "b"]).answer);
        let given = |expect: &Expected, shown: &Shown| {
            let judged = judge(&answer(Outcome::Confident, &["a"], &[]), expect, "", shown);
            (judged.gives_refused, judged.right)
        };
        let wants = |ids: &[&str], refuses| Expected { ids: ids.iter().map(|id| (*id).to_owned()).collect(), refuses, ..Expected::default() };
        let no_answer = Expected { outcome: Some(Wanted::NoAnswer), ..Expected::default() };
        assert_eq!(given(&no_answer, &shown), (true, false));
        assert_eq!(given(&wants(&["c"], true), &shown), (true, false));
        assert_eq!(given(&wants(&["a"], false), &shown), (false, true), "a pick");
        assert_eq!(given(&wants(&["c"], false), &shown), (false, false), "wrong, and not refused");
        let answered = Shown::of(&answer(Outcome::Confident, &["a"], &[]).answer);
        let refuses = Expected { refuses: true, ..no_answer.clone() };
        assert_eq!((given(&refuses, &answered), given(&no_answer, &answered)), ((true, false), (false, false)));
    }
}
