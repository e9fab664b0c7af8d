//! A message to one person.

use serde::{Deserialize, Serialize};

/// A message to one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The recipient: an e-mail address, or a mobile number as `+` and digits.
    pub to: String,
    /// The subject, on one line; empty for text messages.
    pub subject: String,
    /// The text.
    pub text: String,
}

/// Why a message was not sent.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// It cannot be sent, however often it is tried: the address or the configuration is wrong.
    #[error("it was refused: {0}")]
    Refused(String),
    /// It was not sent, but may be sent later.
    #[error("it did not go out: {0}")]
    NotNow(String),
}

/// The text as one line of a header: characters that could end the line become spaces.
pub(crate) fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
