//! What an event leads to outside its conversation.

use crate::id::AgentId;

/// What has to happen in the same transaction as an event and is neither the row of the conversation nor an entry in its stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Consequence {
    /// What the customer said with the rating is kept with the episode.
    Commented { comment: Option<String>, solved: Option<bool> },
    /// A message was left, namely the sender's own entry: it is listed until somebody takes care of it.
    MessageLeft,
    /// A member of staff answered what was left: it is listed no longer.
    LeftAnswered { by: AgentId },
    /// A member of staff acknowledged the alert.
    AlertAcknowledged { by: AgentId },
    /// The message `of` may speak of danger, and the customer wants a person: the staff are alerted.
    AlertDue { of: i64 },
    /// The conversation has left those who acknowledged the alert to the message `of`, and nobody has replied: it waits again.
    AlertedAgain { of: i64 },
    /// Somebody else has to act from now on: there may be an agent for this conversation, or room for another.
    ChangedHands,
}
