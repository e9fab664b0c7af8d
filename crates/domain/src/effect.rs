//! What a commit made known.

use std::sync::Arc;

use crate::{
    conversation::{Conversation, Place},
    id::{AgentId, TenantId},
    journal::{Mark, StoredEntry},
    stream::StreamName,
};

/// What a commit made known to the rest of the program; handed over only after it is durable.
#[derive(Debug, Clone)]
pub enum Effect {
    /// An entry was stored.
    Entry(Arc<StoredEntry>),
    /// A conversation's row was changed, or loaded for a decision that left it as it is.
    Conversation {
        /// Its new form.
        now: Arc<Conversation>,
        /// Where it stood before, if it existed.
        was: Option<Place>,
    },
    /// Marks of a conversation rose: of the customer, and of the staff together.
    Marks {
        /// Whose.
        tenant: TenantId,
        /// Which conversation.
        stream: StreamName,
        /// The customer's.
        customer: Mark,
        /// The staff's, the furthest of them.
        staff: Mark,
    },
    /// An agent's state, name or capacity changed.
    AgentChanged(TenantId, AgentId),
}
