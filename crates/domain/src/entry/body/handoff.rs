//! What the person who gets a conversation is told about what happened with the bot.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::AnswerSource;
use crate::{
    conversation::AnswerOutcome,
    handoff_reason::{HandoffReason, Mood},
    text::Bilingual,
};

/// What the person who gets a conversation is told about what happened with the bot; for the staff only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Handoff {
    /// Why the conversation goes to a person.
    pub reason: HandoffReason,
    /// What the customer asked and what the bot answered, in one or two sentences.
    pub summary: Bilingual,
    /// What the customer's last question was about, as far as the bot could tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub intent: Option<HandoffIntent>,
    /// The mood that the customer's last lines show.
    pub mood: Mood,
    /// What else is known.
    pub slots: Vec<HandoffSlot>,
    /// The last turns with the bot, at most 10.
    pub turns: Vec<HandoffTurn>,
}

/// What a question is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HandoffIntent {
    /// The category of the knowledge, or `attribute` and the like.
    pub topic: String,
    /// The probability that the bot's best entry was right, and 1 if a rule decided. Of `attribute`, which is read from the catalogue: 1, or less if the question was
    /// only likely meant so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub confidence: Option<f32>,
}

/// Something known about what the customer wants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HandoffSlot {
    /// What it is.
    pub name: HandoffSlotName,
    /// The id of the product, the plan or the kind of question.
    pub id: String,
    /// Its name.
    pub title: String,
}

/// The kinds of things that are known about what a customer wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HandoffSlotName {
    /// The product that the customer was looking at.
    Product,
    /// The product or plan that the bot last spoke of.
    Subject,
    /// The kind of question that the customer chose.
    Question,
}

/// A turn with the bot: the messages by their numbers, and what the bot found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HandoffTurn {
    /// The number of the customer's message.
    pub asked: i64,
    /// The number of the bot's answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub answered: Option<i64>,
    /// The kind of answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub outcome: Option<AnswerOutcome>,
    /// Where the answer came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub source: Option<AnswerSource>,
}
