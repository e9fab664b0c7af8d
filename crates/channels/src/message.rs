//! What is sent to one person.

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// To whom: an e-mail address, or a number as `+` and digits.
    pub to: String,
    /// What it is about, on one line; text messages have none.
    pub subject: String,
    /// The words.
    pub text: String,
}

/// Why a message did not go out.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// It will not go out however often it is tried: the address or the set-up is wrong.
    #[error("it was refused: {0}")]
    Refused(String),
    /// It may go out later.
    #[error("it did not go out: {0}")]
    NotNow(String),
}

/// A line of a head: what could end it becomes a space.
pub(crate) fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
