//! Conversations as they are shown to their customer and to the desk.

use domain::{
    contact::CustomerContact,
    contact_kind::Contact,
    conversation::{Channel, State},
    entry::body::{LabelRef, ProductRef, QuestionKindRef},
    handoff_reason::HandoffReason,
    id::{AgentId, ConversationId},
    text::{Bilingual, Lang},
    time::Ts,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The state of a conversation as its customer may know it; staff get [`ConversationView`].
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ConversationState {
    /// The state of the conversation.
    #[schema(value_type = State)]
    pub state: String,
    /// The number of the current episode.
    pub episode: i64,
    /// The name of the agent who serves it, if there is one.
    #[schema(required)]
    pub agent_name: Option<String>,
    /// The agent's number.
    #[schema(required)]
    pub agent_number: Option<String>,
    /// The score given for this episode.
    #[schema(required)]
    pub score: Option<i64>,
    /// From this time on, a reply starts a new conversation instead of continuing this one.
    #[schema(required)]
    pub reopen_until: Option<Ts>,
}

/// A conversation as a row of the desk's lists.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ConversationView {
    /// The conversation's id.
    pub id: ConversationId,
    /// The state of the conversation.
    #[schema(value_type = State)]
    pub state: String,
    /// Increased by each change of owner.
    pub epoch: i64,
    /// The number of the current episode.
    pub episode: i64,
    /// The agent who serves it.
    #[schema(required)]
    pub agent: Option<AgentRef>,
    /// The queue that it belongs to.
    #[schema(required)]
    pub queue: Option<QueueRef>,
    /// The customer.
    pub customer: CustomerRef,
    /// The customer's language.
    pub lang: Lang,
    /// The channel through which it came in.
    #[schema(value_type = Channel)]
    pub channel: String,
    /// The number of the conversation's last entry.
    pub seq: i64,
    /// The number of the customer's messages that no member of the staff has read.
    pub unread: i64,
    /// Since when the customer has been waiting for an answer.
    #[schema(required)]
    pub waiting_since: Option<Ts>,
    /// Since when it has been waiting in the queue.
    #[schema(required)]
    pub queued_at: Option<Ts>,
    /// Since when its agent has had it.
    #[schema(required)]
    pub assigned_at: Option<Ts>,
    /// To whom it is offered, while it is.
    #[schema(required)]
    pub offer: Option<OfferView>,
    /// When it was resolved.
    #[schema(required)]
    pub resolved_at: Option<Ts>,
    /// When it was opened.
    pub created_at: Ts,
    /// When something last happened in it.
    pub at: Ts,
    /// The time by which somebody has to look at it at the latest.
    #[schema(required)]
    pub due_at: Option<Ts>,
    /// Since when nobody has acknowledged that somebody in it may be in danger.
    #[schema(required)]
    pub alerted_at: Option<Ts>,
    /// Whether somebody in it may be in danger and no member of the staff has replied since, whoever has acknowledged the alert.
    pub danger: bool,
    /// What it is about: its labels, in the order in which they were given.
    pub labels: Vec<LabelRef>,
    /// The kind of question that the customer chose before a person was asked for.
    #[schema(required)]
    pub about: Option<QuestionKindRef>,
    /// Since when its agent has set it aside (`on_hold`, `snoozed`); of an active conversation, since when it waits for its agent because a snooze has ended by its
    /// time.
    #[schema(required)]
    pub paused_at: Option<Ts>,
    /// The customer's first message, shortened: staff know a conversation by it if the customer has no name. `null` until the customer has said something.
    #[schema(required)]
    pub subject: Option<String>,
    /// The last message of a person, shortened.
    #[schema(required)]
    pub preview: Option<Preview>,
    /// The product that it is about.
    #[schema(required)]
    pub product: Option<ProductRef>,
    /// Why it is waiting, while it waits.
    #[schema(required)]
    pub wait: Option<Wait>,
    /// The outcome of its last episode, once it is resolved.
    #[schema(required)]
    pub settled: Option<Settled>,
}

/// To whom a waiting conversation is offered.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Offer)]
pub struct OfferView {
    /// The agent.
    pub agent: AgentRef,
    /// Until when the agent may accept it.
    pub until: Ts,
}

/// The outcome of a conversation's last episode.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Settled {
    /// From the customer's request for a person to that person's first message, in milliseconds; null if no person was asked for, or none answered.
    #[schema(required)]
    pub first_reply_ms: Option<i64>,
    /// The customer's rating; 1 is the worst.
    #[schema(required)]
    pub score: Option<i64>,
}

/// Why a conversation waits in a queue, and what the customer came with.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Wait {
    /// What brought it into the queue.
    pub reason: WaitReason,
    /// Why a person is wanted, if the conversation comes from the bot.
    #[schema(required)]
    pub why: Option<HandoffReason>,
    /// The name of the member of staff who transferred it.
    #[schema(required)]
    pub by: Option<String>,
    /// The last question that the bot answered, as worded in the knowledge; null if the bot had no answer.
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
    /// A member of the staff transferred it.
    Transferred,
    /// Its agent could not be reached.
    Returned,
    /// The customer came back after the end.
    Reopened,
}

/// An agent and their name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AgentRef {
    /// The agent's id.
    pub id: AgentId,
    /// The agent's name.
    pub name: String,
}

/// A queue and its name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct QueueRef {
    /// The queue's id.
    pub id: domain::id::QueueId,
    /// The queue's name.
    pub name: Bilingual,
}

/// A customer and their name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CustomerRef {
    /// The visitor's id.
    pub id: domain::id::VisitorId,
    /// The customer's name, or a substitute for it.
    pub name: String,
    /// The account, if the customer signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub account: Option<AccountRef>,
}

/// A customer's account, as far as the member of staff who serves them has to know it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AccountRef {
    /// The account's id.
    pub id: domain::id::CustomerId,
    /// What was verified: `mobile` if there is a number, otherwise `email`.
    #[schema(required, value_type = Option<IdentifierName>)]
    pub verified: Option<String>,
    /// The number or address, masked except for its ends.
    #[schema(required)]
    pub masked: Option<String>,
    /// The site's own id of the customer, if the site's page has named the customer by a signed token: then the number or address is what the site says.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub subject: Option<String>,
}

/// A contact of a customer, masked: whoever may reveal it shows it for 30 seconds.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MaskedContact {
    /// Its kind, by which it is revealed.
    pub kind: Contact,
    /// Where it comes from.
    pub from: ContactSource,
    /// The number or address, masked.
    pub masked: String,
}

impl MaskedContact {
    /// What everybody of the staff sees of a contact.
    pub fn of((from, contact): (ContactSource, CustomerContact)) -> Self {
        Self { kind: contact.kind(), from, masked: contact.masked() }
    }
}

/// Where a contact of a customer comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ContactSource {
    /// The customer signs in with it, and proved that it is theirs.
    Account,
    /// The site says so by a signed token.
    Site,
    /// The customer left it with a message.
    LeftMessage,
    /// The staff noted it.
    Staff,
}

/// The last message that a person, not the bot, wrote in a conversation; shortened.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Preview {
    /// The author of the message.
    #[schema(value_type = Author)]
    pub by: String,
    /// At most 80 characters on one line.
    pub text: String,
}

/// The author of a text.
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

/// A kind of identifier, to which a code is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum IdentifierName {
    /// The e-mail address, by mail.
    Email,
    /// The mobile number, by text message.
    Mobile,
}
