//! What the bot says.

use serde::Serialize;

use crate::text::Lang;

/// What kind of answer was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// An entry of the knowledge answers it.
    Confident,
    /// Two or three entries may be meant; `options` names them.
    DidYouMean,
    /// Nothing answers it, and the text says so. To be recorded and learned from.
    NoAnswer,
    /// Greeting, thanks, goodbye, a question about the bot.
    SmallTalk,
    /// A property from the catalogue; or, with intent `attribute_unlisted`, the word that the data sheet does not list it.
    Attribute,
    /// The customer asks for a person. The text is empty: the caller hands over.
    HumanRequest,
}

impl Outcome {
    /// The name on the wire, such as `did_you_mean`.
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

/// Where an answer comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// Id of the entry, product or plan.
    pub id: String,
    /// Its question or name in the answer's language.
    pub title: String,
}

/// A question the customer can press.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Opt {
    /// Id of the entry.
    pub id: String,
    /// The question in the answer's language.
    pub text: String,
}

/// What the bot says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// What kind of answer it is.
    pub outcome: Outcome,
    /// The words; empty for [`Outcome::HumanRequest`].
    pub text: String,
    /// Language of the words.
    pub lang: Lang,
    /// Where they come from.
    pub source: Option<Source>,
    /// Two or three entries for [`Outcome::DidYouMean`], empty otherwise.
    pub options: Vec<Opt>,
    /// Up to three questions worth asking next.
    pub related: Vec<Opt>,
    /// Whether a button to a person belongs under it.
    pub offer_human: bool,
    /// Topic of the entry, or `small_talk`, `attribute`, `attribute_unlisted`, `human_request`.
    pub intent: Option<String>,
    /// Probability that the answer is right; for [`Outcome::DidYouMean`] and [`Outcome::NoAnswer`] that of the best entry.
    /// Calibrated on left-out wordings, which are harder than real lines: real ones come out right more often.
    pub confidence: f32,
    /// Id of the product or plan spoken of; hand it back in [`crate::Turn::recent`].
    pub subject: Option<String>,
}
