//! A message to one person.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use domain::time::Ts;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// The most bytes of all attachments of a message; what mail servers accept is often hardly more.
pub const MAX_ATTACHED: usize = 10 * 1024 * 1024;

/// A message to one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The recipient: an e-mail address, or a mobile number as `+` and digits.
    pub to: String,
    /// The subject, on one line; empty for text messages.
    pub subject: String,
    /// The text.
    pub text: String,
    /// The same words as a page ([`crate::html`]), for mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// Files that mail carries. Added by [`Message::attach`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
}

/// A file that mail carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Its name, as the recipient sees it.
    pub name: String,
    /// Its media type, e.g. `application/pdf`.
    pub media_type: String,
    /// What is in it.
    #[serde(serialize_with = "to_base64", deserialize_with = "from_base64")]
    pub bytes: Vec<u8>,
}

fn to_base64<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&BASE64_STANDARD.encode(bytes))
}

fn from_base64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    BASE64_STANDARD.decode(String::deserialize(deserializer)?).map_err(D::Error::custom)
}

impl Message {
    /// A message of words alone.
    pub fn new(to: impl Into<String>, subject: impl Into<String>, text: impl Into<String>) -> Self {
        Self { to: to.into(), subject: subject.into(), text: text.into(), html: None, attachments: Vec::new() }
    }

    /// Adds a file; refused if all files together would be too large.
    pub fn attach(&mut self, attachment: Attachment) -> Result<(), Failure> {
        self.attachments.push(attachment);
        let fits = self.attachments_fit();
        if fits.is_err() {
            self.attachments.pop();
        }
        fits
    }

    /// Refuses attachments that are too large together.
    pub(crate) fn attachments_fit(&self) -> Result<(), Failure> {
        let bytes: usize = self.attachments.iter().map(|one| one.bytes.len()).sum();
        if bytes <= MAX_ATTACHED {
            return Ok(());
        }
        Err(Failure::Refused(format!("the attachments have {bytes} bytes together; at most {MAX_ATTACHED} can be sent")))
    }
}

/// What is the same at every attempt to send a message, so that a message that arrived twice can be told from two messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// Letters, digits and hyphens that no other message has.
    pub id: String,
    /// When the message was first asked for.
    pub asked_at: Ts,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn file(bytes: usize) -> Attachment {
        Attachment { name: "bill.pdf".to_owned(), media_type: "application/pdf".to_owned(), bytes: vec![0xff; bytes] }
    }

    #[test]
    fn attachments_are_taken_up_to_the_limit_and_the_one_beyond_it_is_refused_with_the_numbers() {
        let mut message = Message::new("ada@example.com", "Your bill", "It is attached.");
        message.attach(file(MAX_ATTACHED - 1)).unwrap();
        message.attach(file(1)).unwrap();
        let refused = message.attach(file(1)).unwrap_err().to_string();
        assert!(refused.contains("10485761 bytes") && refused.contains("at most 10485760"), "{refused}");
        assert_eq!(message.attachments.len(), 2, "what was refused is not kept");
    }

    #[test]
    fn a_message_survives_the_job_it_is_stored_in_and_so_do_those_of_earlier_versions() {
        let mut message = Message::new("ada@example.com", "Your bill", "It is attached.");
        message.html = Some("<p>It is attached.</p>".to_owned());
        message.attach(file(3)).unwrap();
        let json = serde_json::to_string(&message).unwrap();
        assert_eq!(serde_json::from_str::<Message>(&json).unwrap(), message);
        let earlier = r#"{"to":"ada@example.com","subject":"Code","text":"123456"}"#;
        let message: Message = serde_json::from_str(earlier).unwrap();
        assert_eq!(message, Message::new("ada@example.com", "Code", "123456"));
        assert_eq!(serde_json::to_string(&message).unwrap(), earlier);
        assert!(serde_json::from_str::<Attachment>(r#"{"name":"a","media_type":"b/c","bytes":"?"}"#).is_err());
    }
}
