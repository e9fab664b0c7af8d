//! What analysis may know of entries: a struct for each kind, without words and without anything personal.
//!
//! Only ever added to: the panel is made of these, and so is what the world outside is told. `ep` is the episode of the conversation.

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::body::{AskedVia, AssignedHow, BeganWith, EndedBy};
use crate::{
    conversation::{AnswerOutcome, Channel, Outcome, Owner},
    id::{AgentId, ConversationId, QueueId, SiteId},
    staff::AgentState,
    text::Lang,
};

/// Nothing besides the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Nothing {}

/// Nothing besides the kind and the episode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InEpisode {
    /// The episode.
    pub ep: i64,
}

/// A conversation began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Opened {
    /// The episode: 1.
    pub ep: i64,
    /// Who has it first.
    pub with: BeganWith,
    /// The customer's language.
    pub lang: Lang,
    /// On which channel.
    pub channel: Channel,
    /// On which site.
    pub site: SiteId,
    /// The product looked at.
    pub goods: Option<String>,
}

/// A new episode began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reopened {
    /// The episode: 2, 3 …
    pub ep: i64,
    /// Who has it first.
    pub with: BeganWith,
    /// The customer's language.
    pub lang: Lang,
    /// On which channel.
    pub channel: Channel,
    /// On which site.
    pub site: SiteId,
    /// The queue it waits in, if it begins there.
    pub queue: Option<QueueId>,
}

/// Somebody said something. Which fields there are depends on who, and on what.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Message {
    /// The episode.
    pub ep: i64,
    /// Of a customer: who had the conversation, and so had to answer. A product card waits for no answer and has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Owner>,
    /// The knowledge entry whose suggested question was pressed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub choice: Option<String>,
    /// The product whose card it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card: Option<String>,
    /// Whether it is a file.
    #[serde(default, skip_serializing_if = "is_false")]
    pub file: bool,
    /// Whether it was known at once to be a request for a person, and is no turn.
    #[serde(default, skip_serializing_if = "is_false")]
    pub command: bool,
    /// Of an agent: whether it is the first reply of a person in the episode.
    #[serde(default, skip_serializing_if = "is_false")]
    pub first: bool,
    /// Of the bot: the number of the message it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<i64>,
    /// Of the bot: what came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<AnswerOutcome>,
    /// Of the bot, where it looked for an answer: what it took the question for, if it took it for something.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "looked_for")]
    #[schema(value_type = Option<String>)]
    pub intent: Option<Option<String>>,
    /// Of the bot, where it looked for an answer: the entry, product or plan that answers, if one does.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "looked_for")]
    #[schema(value_type = Option<String>)]
    pub entry: Option<Option<String>>,
    /// Of the bot: the language of its words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<Lang>,
    /// Of the bot: the probability that its answer is right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f32>,
}

/// The customer asked for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HumanRequested {
    /// The episode.
    pub ep: i64,
    /// How.
    pub via: AskedVia,
    /// The number of the words to the bot that were the request.
    pub of: Option<i64>,
}

/// The conversation waits in a queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Queued {
    /// The episode.
    pub ep: i64,
    /// Which queue.
    pub queue: QueueId,
}

/// The customer stopped waiting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LeftQueue {
    /// The episode.
    pub ep: i64,
    /// How long they had waited, in milliseconds.
    pub wait_ms: i64,
}

/// An entry of the kind `assigned`: in a conversation it says who has it, in an agent's inbox which conversation they have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum AssignedIn {
    /// In the conversation.
    Conversation(Assigned),
    /// In the inbox.
    Inbox(About),
}

/// An agent has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Assigned {
    /// The episode.
    pub ep: i64,
    /// Who.
    pub agent: AgentId,
    /// How it came.
    pub how: AssignedHow,
    /// How long the customer had waited in the queue, in milliseconds; 0 where a colleague took over.
    pub wait_ms: i64,
}

/// Handed over to a colleague or a queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Transferred {
    /// The episode.
    pub ep: i64,
    /// `agt_…` or `que_…`.
    pub to: String,
}

/// The matter is settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Resolved {
    /// The episode that ended.
    pub ep: i64,
    /// Who ended it.
    pub by: EndedBy,
    /// How.
    pub outcome: Outcome,
    /// Of `abandoned_in_queue`: how long the customer had waited, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait_ms: Option<i64>,
}

/// The customer rated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Rated {
    /// The episode.
    pub ep: i64,
    /// 1 to 5.
    pub score: i64,
    /// Whether the matter is settled, if the customer said so.
    pub solved: Option<bool>,
}

/// A bot answer came too late and was dropped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BotSuperseded {
    /// The episode.
    pub ep: i64,
    /// The number of the message it would have answered.
    pub of: i64,
    /// The epoch of the conversation it was computed for.
    pub epoch: i64,
}

/// Which conversation an entry beside it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct About {
    /// Which.
    pub conversation: ConversationId,
    /// Its episode.
    pub ep: i64,
}

/// An agent changed state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StateChanged {
    /// Before.
    pub from: AgentState,
    /// Now.
    pub to: AgentState,
}

const fn is_false(flag: &bool) -> bool {
    !*flag
}

/// Tells `null`, which says that there is none, from an absent field, which says that nobody looked.
fn looked_for<'de, D: Deserializer<'de>>(field: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(field).map(Some)
}
