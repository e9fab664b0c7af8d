//! A letter as the payload of the job that sends it.

use domain::time::Ts;
use serde::{Deserialize, Serialize};

use crate::message::Message;

/// A letter that waits to be sent.
#[derive(Serialize, Deserialize)]
pub struct Posted {
    /// How it is sent: an [`domain::customer::IdentifierKind`].
    pub kind: String,
    /// What is sent to whom.
    pub message: Message,
    /// After this time it would be of no use to the recipient.
    pub until: Option<Ts>,
    /// Whether it is sent at all. What is done for an account is also done for a missing one, so that the time it takes reveals nothing.
    pub is_sent: bool,
}
