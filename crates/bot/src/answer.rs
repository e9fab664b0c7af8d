//! The answers of the bot.

use serde::Serialize;

use crate::intent;
use crate::text::Lang;
use crate::thread::{Showing, Thread};

/// The kind of answer that was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// An entry of the knowledge answers the question.
    Confident,
    /// Two or three entries, products or plans may be meant, and `options` names them; or the bot asks back to help choose.
    DidYouMean,
    /// Nothing answers the question, and the text says so; with the intent `attribute_unlisted`, a data sheet does not list what is asked for. The question should be
    /// recorded and learned from.
    NoAnswer,
    /// A greeting, thanks, a goodbye, a question about the bot, or the offer of a person.
    SmallTalk,
    /// An answer from goods and plans.
    Attribute,
    /// The customer asks for a person, or somebody is in danger. The text is empty: the caller passes the customer on.
    HumanRequest,
}

impl Outcome {
    /// The name in the API, such as `did_you_mean`.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Confident => "confident",
            Outcome::DidYouMean => "did_you_mean",
            Outcome::NoAnswer => "no_answer",
            Outcome::SmallTalk => "small_talk",
            Outcome::Attribute => "attribute",
            Outcome::HumanRequest => "human_request",
        }
    }
}

/// The source of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// The id of the entry, product or plan.
    pub id: String,
    /// The question of the entry, or the name of the product or plan, in the language of the answer.
    pub title: String,
}

/// A question that the customer can press.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Opt {
    /// The id of the entry, product or plan.
    pub id: String,
    /// The question or the name in the language of the answer.
    pub text: String,
}

/// An answer of the bot.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// The kind of answer.
    pub outcome: Outcome,
    /// The text; empty for [`Outcome::HumanRequest`].
    pub text: String,
    /// The language of the text.
    pub lang: Lang,
    /// Where the answer comes from, or the first of its sources; `None` if it has none.
    pub source: Option<Source>,
    /// All its sources, in the order in which the text names them: entries, products and plans.
    pub items: Vec<Source>,
    /// Two or three entries, products or plans for [`Outcome::DidYouMean`], empty otherwise.
    pub options: Vec<Opt>,
    /// Up to three questions worth asking next.
    pub related: Vec<Opt>,
    /// Whether a button to ask for a person should be shown under it.
    pub offer_human: bool,
    /// Whether the line may be a wish for a person.
    pub wishes_person: bool,
    /// Whether the line may say that somebody is in danger; it is then taken for a wish for a person, too.
    pub may_be_danger: bool,
    /// The topic of the entry, or one of [`crate::intent`].
    pub intent: Option<String>,
    /// The probability that the answer is right; for [`Outcome::DidYouMean`] and [`Outcome::NoAnswer`], that of the best entry. It is calibrated on left-out
    /// wordings, which are harder than real lines: answers to real lines are right more often.
    pub confidence: f32,
    /// What to pass with the customer's next line, in [`crate::Turn::thread`].
    #[serde(skip)]
    pub thread: Thread,
}

impl Answer {
    /// Whether the bot's own words offer a person.
    pub fn offers_person(&self) -> bool {
        matches!(self.intent.as_deref(), Some(intent::PERSON_OFFERED | intent::HELP_OFFERED))
    }

    /// Whether a person is offered because somebody may be in danger: where help can be had is for the caller to say.
    pub fn offers_help(&self) -> bool {
        self.outcome == Outcome::SmallTalk && self.intent.as_deref() == Some(intent::HELP_OFFERED)
    }

    /// Notes in the thread what this answer shows to choose from.
    pub(crate) fn note_shown(&self, thread: &mut Thread) {
        let ids_of = |options: &[Opt]| Some(options.iter().map(|option| option.id.clone()).collect());
        let (ids, showing) = match self.outcome {
            _ if !self.options.is_empty() => (ids_of(&self.options), Showing::Asked),
            Outcome::Confident => (ids_of(&self.related), Showing::Beside),
            _ if !self.related.is_empty() => (ids_of(&self.related), Showing::Beside),
            Outcome::Attribute if self.items.len() > 1 => (Some(self.items.iter().map(|item| item.id.clone()).collect()), Showing::Listed),
            Outcome::SmallTalk if thread.showing != Showing::Nothing && !self.offers_person() => (None, Showing::Before),
            _ => (Some(Vec::new()), Showing::Nothing),
        };
        thread.note_shown(ids, showing);
    }

    /// The answer to a question that the customer pressed, with what to remember after it.
    #[must_use]
    pub fn after_pressing(mut self, thread: &Thread, line: &str) -> Self {
        let mut thread = thread.clone();
        if let Some(source) = self.source.as_ref().filter(|_| self.outcome == Outcome::Confident) {
            thread.note_entry(&source.id, line);
        }
        let is_of_shown = self.source.as_ref().is_some_and(|source| thread.shown.contains(&source.id));
        thread.passed = if is_of_shown { std::mem::take(&mut thread.shown) } else { Vec::new() };
        self.note_shown(&mut thread);
        thread.note_said(&self.text);
        thread.choice = None;
        thread.in_vain = 0;
        self.thread = thread;
        self
    }
}
