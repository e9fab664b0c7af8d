//! The sample of the bot's answers that people judge.

use domain::{entry::body::Verdict, id::ConversationId, text::Lang, time::Ts};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Answers that nobody has judged yet.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnswerSample {
    /// At most forty; the intervals of confidence take turns.
    pub items: Vec<SampledAnswer>,
}

/// An answer of the bot that nobody has judged yet.
#[derive(Debug, Serialize, ToSchema)]
pub struct SampledAnswer {
    /// The conversation.
    pub conversation: ConversationId,
    /// The number of the customer's message.
    pub of: i64,
    /// When the customer asked.
    pub at: Ts,
    /// The customer's words, with anything that could identify a person hidden.
    pub question: String,
    /// The bot's words.
    pub answer: String,
    /// The language of the answer.
    pub lang: Lang,
    /// The knowledge entry, product or plan from which the bot answered.
    #[schema(required)]
    pub entry: Option<String>,
    /// The question of that entry, or the name of the product or plan.
    #[schema(required)]
    pub title: Option<String>,
}

/// What somebody thinks of an answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewJudgement {
    /// The conversation.
    pub conversation: ConversationId,
    /// The number of the customer's message that was answered.
    pub of: i64,
    /// Whether the answer is right; the last judgement counts.
    pub verdict: Verdict,
}
