//! Why something is refused, and which refusals are final for a send.

use crate::{id::ConversationId, opening_hours::Service};

/// Refusals that the state of the record decides, so that a copy of the same send might be judged otherwise later. `use` is not among them: it leads to another
/// conversation.
const REMEMBERED: [&str; 18] = [
    "conversation_closed",
    "already_requested",
    "closed",
    "already_served",
    "too_many_left",
    "not_queued",
    "already_taken",
    "at_capacity",
    "not_yours",
    "not_active",
    "already_there",
    "already_ended",
    "not_ended",
    "not_permitted",
    "not_found",
    "product_unknown",
    "transfer_target_unknown",
    "transfer_target_not_free",
];

/// Why an event is refused; `code` is what the client gets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}")]
pub struct Refusal {
    /// An append-only snake_case name.
    pub code: &'static str,
    /// For `use`: the conversation to use instead.
    pub conversation: Option<ConversationId>,
    /// For `closed`: when it opens, and by when a message left now is answered.
    pub service: Option<Service>,
}

impl Refusal {
    /// A refusal by name.
    pub const fn new(code: &'static str) -> Self {
        Self { code, conversation: None, service: None }
    }
    /// The refusal of this name, if a send is refused with it by what the record holds: then it stays refused, whatever changes afterwards.
    pub fn remembered(code: &str) -> Option<Self> {
        REMEMBERED.iter().find(|known| **known == code).map(|code| Self::new(code))
    }
    /// The customer has another conversation open.
    pub const fn use_instead(conversation: ConversationId) -> Self {
        Self { conversation: Some(conversation), ..Self::new("use") }
    }
    /// Nobody is there.
    pub const fn closed(service: Service) -> Self {
        Self { service: Some(service), ..Self::new("closed") }
    }
}
