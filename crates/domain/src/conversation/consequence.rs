//! What an event leads to outside its conversation.

use crate::{
    entry::{Body, body::OfferEnd},
    id::{AgentId, LabelId},
};

/// What has to happen in the same transaction as an event and is neither the row of the conversation nor an entry in its stream.
#[derive(Debug, Clone, PartialEq)]
pub enum Consequence {
    /// What the customer said with the rating is kept with the episode.
    Commented { comment: Option<String>, solved: Option<bool> },
    /// A message was left, namely the sender's own entry: it is listed until somebody takes care of it. `contact` is kept with it, sealed.
    MessageLeft { contact: Option<Vec<u8>> },
    /// A member of staff answered what was left: it is listed no longer.
    LeftAnswered { by: AgentId },
    /// A member of staff acknowledged the alert.
    AlertAcknowledged { by: AgentId },
    /// The message `of` may speak of danger, and the customer wants a person: the staff are alerted.
    AlertDue { of: i64 },
    /// The conversation has left those who acknowledged the alert to the message `of`, and nobody has replied: it waits again.
    AlertedAgain { of: i64 },
    /// The agent did not accept what was offered: it is not offered to them again for a while, whoever misses several is not at the desk, and somebody else may
    /// be found.
    OfferEnded { agent: AgentId, how: OfferEnd },
    /// The conversation has these labels from now on, and those no longer.
    Labelled { added: Vec<LabelId>, removed: Vec<LabelId>, by: AgentId },
    /// A note, namely the sender's own entry, calls these colleagues.
    Mentioned { agents: Vec<AgentId> },
    /// The note `of` calls these colleagues no longer; whom it calls still is to read what it says now.
    MentionsChanged { of: i64, gone: Vec<AgentId> },
    /// These words were taken back by their author: they are gone wherever they are.
    Recalled { of: i64 },
    /// An entry says this from now on, as its author corrected it.
    Corrected { of: i64, now: Box<Body> },
    /// Somebody else has to act from now on: there may be an agent for this conversation, or room for another.
    ChangedHands,
}
