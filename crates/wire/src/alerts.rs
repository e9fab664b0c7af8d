//! Alerts as the staff see them.

use domain::{
    alert::{AlertKind, AlertLevel},
    conversation::State as ConversationState,
    id::{ConversationId, QueueId},
    stream::StreamName,
    text::Lang,
    time::Ts,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::conversation::CustomerRef;

/// What the staff have to know soon, until somebody acknowledges it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Alert)]
pub struct AlertView {
    /// The kind of alert. Kinds are added; one that is unknown is shown by its level.
    #[schema(value_type = AlertKind)]
    pub kind: String,
    /// How urgent it is.
    #[schema(value_type = AlertLevel)]
    pub level: String,
    /// What it is about: the name of a stream.
    pub subject: StreamName,
    /// The conversation, if it is about one; `customer`, `lang` and `state` are `null` otherwise.
    #[schema(required)]
    pub conversation: Option<ConversationId>,
    /// The number of the entry that raised it, such as a message of the conversation.
    pub seq: i64,
    /// The customer who writes in it.
    #[schema(required)]
    pub customer: Option<CustomerRef>,
    /// The customer's language.
    #[schema(required)]
    pub lang: Option<Lang>,
    /// The state of the conversation now.
    #[schema(required, value_type = Option<ConversationState>)]
    pub state: Option<String>,
    /// The name of the member of staff who serves it, or served it last.
    #[schema(required)]
    pub agent: Option<String>,
    /// The beginning of the message, or of the comment of a rating; empty if it was removed, or if neither raised it.
    pub text: String,
    /// The queue whose members see it besides the managers: for a message, that of the site on which it was written.
    #[schema(required)]
    pub queue: Option<QueueId>,
    /// When it was raised.
    pub raised_at: Ts,
    /// When somebody has to have seen to it; `null` if as soon as possible.
    #[schema(required)]
    pub due_at: Option<Ts>,
    /// When it was acknowledged.
    #[schema(required)]
    pub done_at: Option<Ts>,
    /// The name of the member of staff who acknowledged it.
    #[schema(required)]
    pub done_by: Option<String>,
    /// A mark that all alerts from one network have in common; `null` where networks cannot be distinguished, and for customers with an account.
    #[schema(required)]
    pub network: Option<String>,
    /// How many more alerts from that network wait and are not listed, because this one stands for them.
    pub others: i64,
    /// Of a sign of attack: the address, or the network of an IPv6 address, from which it came.
    #[schema(required)]
    pub address: Option<String>,
    /// Of a sign of attack: how often it was done until it was noticed.
    #[schema(required)]
    pub times: Option<i64>,
    /// The one of these that has waited longest; `null` if this one stands for no others.
    #[schema(required)]
    pub oldest: Option<OldestAlert>,
}

/// The alert that has waited longest of those from one network.
#[derive(Debug, Serialize, ToSchema)]
pub struct OldestAlert {
    /// The conversation.
    pub conversation: ConversationId,
    /// The customer who writes in it.
    pub customer: CustomerRef,
    /// The customer's language.
    pub lang: Lang,
    /// The state of the conversation now.
    #[schema(value_type = ConversationState)]
    pub state: String,
    /// The beginning of the message, or of the comment of a rating; empty if it was removed.
    pub text: String,
    /// When it was raised.
    pub raised_at: Ts,
}
