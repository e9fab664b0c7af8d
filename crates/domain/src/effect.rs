//! The effects of a commit on the rest of the program.

use std::sync::Arc;

use crate::{
    conversation::{Conversation, Place},
    id::{AgentId, TenantId},
    journal::{Mark, StoredEntry},
    stream::StreamName,
};

/// What a commit makes known to the rest of the program; delivered only after the commit is durable.
#[derive(Debug, Clone)]
pub enum Effect {
    /// An entry was stored.
    Entry(Arc<StoredEntry>),
    /// A conversation's row was changed, or was loaded for a decision that left it unchanged.
    Conversation {
        /// The conversation after the commit.
        now: Arc<Conversation>,
        /// The place of the conversation before the commit; `None` if it is new.
        was: Option<Place>,
    },
    /// The read or received marks of a conversation advanced: those of the customer, and those of the staff together.
    Marks {
        /// The company of the conversation.
        tenant: TenantId,
        /// The stream of the conversation.
        stream: StreamName,
        /// The customer's mark.
        customer: Mark,
        /// The furthest mark of the staff.
        staff: Mark,
    },
    /// An agent's state, name or capacity changed.
    AgentChanged(TenantId, AgentId),
}
