//! What analysis may know of entries: a struct for each kind, without message text and without anything personal.
//!
//! Fields are only ever added: the panel is computed from these facts, and so are the events sent to other systems. `ep` is the episode of the conversation.

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::body::{AskedVia, AssignedHow, BeganWith, EndedBy, OfferEnd, Verdict};
use crate::{
    conversation::{AnswerOutcome, Channel, Outcome, Owner},
    handoff_reason::HandoffReason,
    id::{AgentId, ConversationId, LabelId, QuestionKindId, QueueId, RatingReasonId, SiteId},
    staff::AgentState,
    text::Lang,
    time::Ts,
};

/// An empty object: nothing besides the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Nothing {}

/// The episode, and nothing besides the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InEpisode {
    /// The number of the episode.
    pub ep: i64,
}

/// Something happened to an earlier entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OfEntry {
    /// The number of the episode.
    pub ep: i64,
    /// The number of the earlier entry.
    pub of: i64,
}

/// A conversation began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Opened {
    /// The number of the episode: 1.
    pub ep: i64,
    /// The party that has the conversation first.
    pub with: BeganWith,
    /// The customer's language.
    pub lang: Lang,
    /// The channel on which the customer writes.
    pub channel: Channel,
    /// The site on which the conversation takes place.
    pub site: SiteId,
    /// The product that the customer was looking at.
    pub goods: Option<String>,
}

/// A new episode began, or the last one goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reopened {
    /// The number of the episode: 2, 3 …, or that of the episode that goes on.
    pub ep: i64,
    /// The party that has the conversation first in this episode.
    pub with: BeganWith,
    /// The customer's language.
    pub lang: Lang,
    /// The channel on which the customer writes.
    pub channel: Channel,
    /// The site on which the conversation takes place.
    pub site: SiteId,
    /// The queue in which it waits, if the episode begins there.
    pub queue: Option<QueueId>,
    /// The agent who has it, if the episode begins with one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<AgentId>,
    /// Whether an agent took the end back at once: no episode begins, and `ep` goes on as if it had not ended.
    #[serde(default, skip_serializing_if = "is_false")]
    pub undo: bool,
}

/// A message. The fields that are present depend on the sender and on the kind of message.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Message {
    /// The number of the episode.
    pub ep: i64,
    /// Of a customer: who had the conversation, and so had to answer. A product card needs no answer and does not have this field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Owner>,
    /// The knowledge entry whose suggested question was pressed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub choice: Option<String>,
    /// The product that the card shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card: Option<String>,
    /// Whether the message is a file.
    #[serde(default, skip_serializing_if = "is_false")]
    pub file: bool,
    /// Whether the message was recognised at once as a request for a person, and so does not count as a turn.
    #[serde(default, skip_serializing_if = "is_false")]
    pub command: bool,
    /// Of an agent: whether this is the first reply of a person in the episode.
    #[serde(default, skip_serializing_if = "is_false")]
    pub first: bool,
    /// Of an agent: whether it answers words of danger or a message that was left, so that these wait no longer.
    #[serde(default, skip_serializing_if = "is_false")]
    pub settles: bool,
    /// Of the bot: the number of the message that it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<i64>,
    /// Of the bot: the kind of answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<AnswerOutcome>,
    /// Of the bot, if it looked for an answer: the category of the question (`intent`), or `small_talk`, `attribute` and the like; `null` if it recognised none.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "looked_for")]
    #[schema(value_type = Option<String>)]
    pub intent: Option<Option<String>>,
    /// Of the bot, if it looked for an answer: the knowledge entry, product or plan that answers; `null` if nothing does.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "looked_for")]
    #[schema(value_type = Option<String>)]
    pub entry: Option<Option<String>>,
    /// Of the bot: the language of its text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<Lang>,
    /// Of the bot: the probability that its answer is right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f32>,
    /// Of the bot: why it offered a person with this answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<HandoffReason>,
}

/// The customer asked for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HumanRequested {
    /// The number of the episode.
    pub ep: i64,
    /// How the customer asked.
    pub via: AskedVia,
    /// The number of the message to the bot that was the request; `null` if there is none.
    pub of: Option<i64>,
    /// Why the conversation goes to a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<HandoffReason>,
}

/// What went to the person who gets the conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Handoff {
    /// The number of the episode.
    pub ep: i64,
    /// Why the conversation goes to a person.
    pub reason: HandoffReason,
}

/// A member of staff judged an answer of the bot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AnswerJudged {
    /// The number of the episode of that message.
    pub ep: i64,
    /// The number of the customer's message that was answered.
    pub of: i64,
    /// Whether the answer was right.
    pub verdict: Verdict,
}

/// The conversation waits in a queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Queued {
    /// The number of the episode.
    pub ep: i64,
    /// The id of the queue.
    pub queue: QueueId,
}

/// The customer stopped waiting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LeftQueue {
    /// The number of the episode.
    pub ep: i64,
    /// How long the customer had waited, in milliseconds.
    pub wait_ms: i64,
}

/// The facts of an `assigned` entry: in a conversation they say which agent has it, in an agent's inbox which conversation the agent has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum AssignedIn {
    /// In a conversation.
    Conversation(Assigned),
    /// In an agent's inbox.
    Inbox(About),
}

/// An agent has the conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Assigned {
    /// The number of the episode.
    pub ep: i64,
    /// The agent's id.
    pub agent: AgentId,
    /// How the conversation came to the agent.
    pub how: AssignedHow,
    /// How long the customer had waited in the queue, in milliseconds; 0 if a colleague took over.
    pub wait_ms: i64,
}

/// The conversation was offered to an agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Offered {
    /// The number of the episode.
    pub ep: i64,
    /// The agent's id.
    pub agent: AgentId,
    /// How long the customer had waited in the queue, in milliseconds.
    pub wait_ms: i64,
}

/// An offer ended without being accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OfferEnded {
    /// The number of the episode.
    pub ep: i64,
    /// The agent's id.
    pub agent: AgentId,
    /// How it ended.
    pub how: OfferEnd,
}

/// The conversation was transferred to a colleague or a queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Transferred {
    /// The number of the episode.
    pub ep: i64,
    /// The id of the colleague (`agt_…`) or the queue (`que_…`).
    pub to: String,
}

/// The agent postponed the conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Snoozed {
    /// The number of the episode.
    pub ep: i64,
    /// The time to which it is postponed.
    pub until: Ts,
}

/// A member of staff gave the conversation labels, or took some off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Labelled {
    /// The number of the episode.
    pub ep: i64,
    /// The labels that were given.
    pub added: Vec<LabelId>,
    /// The labels that were taken off.
    pub removed: Vec<LabelId>,
}

/// The episode ended; `outcome` says how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Resolved {
    /// The number of the episode that ended.
    pub ep: i64,
    /// The party that ended the episode.
    pub by: EndedBy,
    /// How the episode ended.
    pub outcome: Outcome,
    /// For `abandoned_in_queue`: how long the customer had waited, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait_ms: Option<i64>,
}

/// The customer rated the episode.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Rated {
    /// The number of the episode.
    pub ep: i64,
    /// The score; 1 is the worst.
    pub score: i64,
    /// Whether the matter is settled, if the customer said so.
    pub solved: Option<bool>,
    /// Why the customer rates so, of what the site offers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub reasons: Vec<RatingReasonId>,
}

/// The customer said whether an answer of the bot helped. The last word on an answer counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AnswerRated {
    /// The number of the episode.
    pub ep: i64,
    /// The number of the bot's message.
    pub of: i64,
    /// The number of the customer's message that it answers.
    pub question: i64,
    /// Whether it helped.
    pub helpful: bool,
    /// Whether that decides how the episode ended: it had ended, and this was the bot's last answer in it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub settles: bool,
    /// The knowledge entry, product or plan that the answer comes from.
    pub entry: Option<String>,
}

/// The customer said what it is about. The details stay in the conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AskedAbout {
    /// The number of the episode.
    pub ep: i64,
    /// The kind of question; none if the customer skipped that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<QuestionKindId>,
}

/// An answer of the bot came too late and was dropped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BotSuperseded {
    /// The number of the episode.
    pub ep: i64,
    /// The number of the message that it would have answered.
    pub of: i64,
    /// The epoch of the conversation that it was computed for.
    pub epoch: i64,
}

/// The conversation that an entry of a different stream is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct About {
    /// The id of the conversation.
    pub conversation: ConversationId,
    /// The number of its episode.
    pub ep: i64,
}

/// An agent changed their state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StateChanged {
    /// The state before.
    pub from: AgentState,
    /// The state now.
    pub to: AgentState,
}

/// What an agent did in one state and with one number of conversations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Worked {
    /// The agent's id.
    pub agent: AgentId,
    /// When that time began.
    pub since: Ts,
    /// When it ended, which is earlier than the entry if the agent's console was no longer connected.
    pub until: Ts,
    /// The agent's state during that time.
    pub state: AgentState,
    /// The number of conversations the agent had during that time.
    pub open: i64,
    /// The agent's capacity during that time.
    pub capacity: i64,
}

pub(super) const fn is_false(flag: &bool) -> bool {
    !*flag
}

/// Distinguishes `null`, which says that there is no value, from an absent field, which says that the bot did not look.
fn looked_for<'de, D: Deserializer<'de>>(field: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(field).map(Some)
}
