//! A conversation as its customer and the desk are told of it.

use domain::{
    conversation::{Channel, State},
    entry::body::ProductRef,
    id::{AgentId, ConversationId},
    text::{Bilingual, Lang},
    time::Ts,
};
use serde::Serialize;
use utoipa::ToSchema;

/// Where a conversation stands, as far as its customer may know; staff have [`ConversationView`].
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ConversationState {
    /// Where it stands.
    #[schema(value_type = State)]
    pub state: String,
    /// Which episode.
    pub episode: i64,
    /// The agent's name, where one serves.
    #[schema(required)]
    pub agent_name: Option<String>,
    /// The agent's number.
    #[schema(required)]
    pub agent_number: Option<String>,
    /// The score given for this episode.
    #[schema(required)]
    pub score: Option<i64>,
    /// When a reply starts a new conversation instead of going on with this one.
    #[schema(required)]
    pub reopen_until: Option<Ts>,
}

/// A conversation as a row of the desk's lists.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ConversationView {
    /// Its id.
    pub id: ConversationId,
    /// Where it stands.
    #[schema(value_type = State)]
    pub state: String,
    /// Raised by each change of owner.
    pub epoch: i64,
    /// Which episode.
    pub episode: i64,
    /// Who serves it.
    #[schema(required)]
    pub agent: Option<AgentRef>,
    /// Which queue it is of.
    #[schema(required)]
    pub queue: Option<QueueRef>,
    /// Whose it is.
    pub customer: CustomerRef,
    /// The customer's language.
    pub lang: Lang,
    /// How it came in.
    #[schema(value_type = Channel)]
    pub channel: String,
    /// The number of its last entry.
    pub seq: i64,
    /// The customer's messages that no member of the staff has read.
    pub unread: i64,
    /// Since when the customer waits for an answer.
    #[schema(required)]
    pub waiting_since: Option<Ts>,
    /// Since when it waits in the queue.
    #[schema(required)]
    pub queued_at: Option<Ts>,
    /// Since when its agent has it.
    #[schema(required)]
    pub assigned_at: Option<Ts>,
    /// When it was settled.
    #[schema(required)]
    pub resolved_at: Option<Ts>,
    /// When it was opened.
    pub created_at: Ts,
    /// When something happened last.
    pub at: Ts,
    /// When somebody has to look at it at the latest.
    #[schema(required)]
    pub due_at: Option<Ts>,
    /// The last words.
    #[schema(required)]
    pub preview: Option<Preview>,
    /// What it is about.
    #[schema(required)]
    pub product: Option<ProductRef>,
    /// Why it waits, while it waits.
    #[schema(required)]
    pub wait: Option<Wait>,
    /// The outcome of its last episode, once it is resolved.
    #[schema(required)]
    pub settled: Option<Settled>,
}

/// The outcome of a conversation's last episode.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Settled {
    /// From the customer's request for a person to that person's first message, in milliseconds; null if no person was asked for, or none answered.
    #[schema(required)]
    pub first_reply_ms: Option<i64>,
    /// The customer's rating, 1 to 5.
    #[schema(required)]
    pub score: Option<i64>,
}

/// Why a conversation waits in a queue, and what the customer came with.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Wait {
    /// What brought it there.
    pub reason: WaitReason,
    /// The name of whoever handed it over.
    #[schema(required)]
    pub by: Option<String>,
    /// The question that the bot answered last, as the knowledge words it; none if it had no answer.
    #[schema(required)]
    pub topic: Option<Bilingual>,
}

/// What brings a conversation into a queue.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WaitReason {
    /// The customer pressed the button.
    Button,
    /// The customer asked for a person in a message.
    Words,
    /// A member of the staff handed it over.
    Transferred,
    /// Its agent was out of reach.
    Returned,
    /// The customer came back after the end.
    Reopened,
}

/// An agent by name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AgentRef {
    /// Who.
    pub id: AgentId,
    /// The name.
    pub name: String,
}

/// A queue by name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct QueueRef {
    /// Which.
    pub id: domain::id::QueueId,
    /// The name.
    pub name: Bilingual,
}

/// A customer by name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CustomerRef {
    /// Who.
    pub id: domain::id::VisitorId,
    /// The name, or what stands for it.
    pub name: String,
    /// The account, if the customer signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub account: Option<AccountRef>,
}

/// A customer's account, as far as whoever serves them has to know it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AccountRef {
    /// Which.
    pub id: domain::id::CustomerId,
    /// What was proved: `mobile` if there is a number, else `email`.
    #[schema(required, value_type = Option<crate::features::hall::customers::step_up::IdentifierName>)]
    pub verified: Option<String>,
    /// The number or address with all but its ends left out.
    #[schema(required)]
    pub masked: Option<String>,
}

/// The last words of a person in a conversation; not the bot's.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Preview {
    /// Whose.
    #[schema(value_type = Author)]
    pub by: String,
    /// At most 80 characters on one line.
    pub text: String,
}

/// Who writes.
#[derive(Debug, Clone, Copy, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Author {
    /// The customer.
    Customer,
    /// The bot.
    Bot,
    /// A member of the staff.
    Agent,
}
