//! Contacts of customers, as whoever reads them may see them. This is the only place that decides what is masked, and how.
//!
//! What a customer signs in with, and what a site says of them, is masked for everybody. What a customer wrote in order to be reached is masked in the journal, and
//! thereby for everybody who reads entries; in the list of left messages it is masked for members whose role hides its kind. All of it is shown in the clear by a
//! permission of its own, which the audit notes.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    contact_kind::{Contact, HiddenContacts},
    customer::{Identifier, IdentifierKind},
    masking::HIDDEN,
};

/// Text with so many digits that is not an identifier holds a number.
const NUMBER_DIGITS: usize = 7;

/// A contact of a customer. It cannot be sent as it is, and `Debug` shows it masked: staff get it by [`Self::seen_with`], or in the clear by [`Self::clear_text`].
#[derive(Clone, PartialEq, Eq)]
pub struct CustomerContact {
    text: String,
    /// What it is; `None` if it is not one address or number by itself.
    is: Option<Identifier>,
}

impl fmt::Debug for CustomerContact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

/// A contact as one reader may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenContact {
    /// The text, or its masked form.
    pub text: String,
    /// The kind by which the text can be revealed; `None` if it is not masked.
    pub masked: Option<Contact>,
}

impl CustomerContact {
    /// Where a customer wrote that they can be reached.
    pub fn written(text: String) -> Self {
        Self { is: Identifier::parse(&text).ok(), text }
    }

    /// The form that tells who it is to somebody who knows, and to nobody else.
    pub fn masked(&self) -> String {
        self.is.as_ref().map_or_else(|| HIDDEN.to_owned(), Identifier::masked)
    }

    /// The kind by which it is revealed. What is no address or number by itself goes by what it most likely holds.
    pub fn kind(&self) -> Contact {
        match &self.is {
            Some(identifier) => kind_of(identifier),
            None if self.text.contains(['@', '＠']) => Contact::Email,
            None if self.text.chars().filter(|c| c.is_numeric()).count() >= NUMBER_DIGITS => Contact::Phone,
            None => Contact::Address,
        }
    }

    /// Whether a role that hides these kinds hides it. What is no address or number by itself may hold any of them.
    pub fn is_hidden_by(&self, hidden: HiddenContacts) -> bool {
        self.is.as_ref().map_or(!hidden.is_empty(), |identifier| hidden.contains(kind_of(identifier)))
    }

    /// What a member of the staff sees of it whose role hides these kinds.
    pub fn seen_with(self, hidden: HiddenContacts) -> SeenContact {
        if self.is_hidden_by(hidden) { SeenContact { text: self.masked(), masked: Some(self.kind()) } } else { SeenContact { text: self.text, masked: None } }
    }

    /// The text in the clear. Only for who holds [`crate::policy::Permission::RevealContacts`], and with a line in the audit.
    pub fn clear_text(self) -> String {
        self.text
    }
}

impl From<Identifier> for CustomerContact {
    fn from(identifier: Identifier) -> Self {
        Self { text: identifier.text().to_owned(), is: Some(identifier) }
    }
}

const fn kind_of(identifier: &Identifier) -> Contact {
    match identifier.kind() {
        IdentifierKind::Email => Contact::Email,
        IdentifierKind::Mobile => Contact::Phone,
    }
}

/// A text that names a customer, such as a name or a site's own id of them: masked if it is an address or number of a hidden kind.
pub fn seen_name(name: String, hidden: HiddenContacts) -> String {
    match Identifier::parse(&name) {
        Ok(identifier) if hidden.contains(kind_of(&identifier)) => identifier.masked(),
        _ => name,
    }
}

/// A body that holds a contact.
#[derive(Serialize, Deserialize)]
struct HoldsContact {
    contact: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact_masked: Option<Contact>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// The body of a message, as JSON, for a member of the staff whose role hides these kinds; `None` if nothing in it can be hidden. Only messages that were left in
/// earlier releases have a contact that is not masked for everybody.
pub fn seen_body(body: &str, hidden: HiddenContacts) -> Option<String> {
    if hidden.is_empty() || !may_hold_contact(body) {
        return None;
    }
    let HoldsContact { contact, contact_masked, rest } = serde_json::from_str(body).ok()?;
    if contact_masked.is_some() {
        return None;
    }
    let SeenContact { text, masked } = CustomerContact::written(contact).seen_with(hidden);
    serde_json::to_string(&HoldsContact { contact: text, contact_masked: masked, rest }).ok()
}

/// Whether the JSON of a message may hold a contact; looks at the text only, so that it costs little where there is none.
pub fn may_hold_contact(json: &str) -> bool {
    json.contains(r#""contact""#)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::body::Message;

    fn hiding(kinds: &[Contact]) -> HiddenContacts {
        kinds.iter().copied().collect()
    }

    #[test]
    fn a_role_masks_the_kinds_that_it_hides() {
        let (phone, email, address) = (hiding(&[Contact::Phone]), hiding(&[Contact::Email]), hiding(&[Contact::Address]));
        for (text, hidden, seen, masked) in [
            ("138 0013 8000", phone, "138****8000", Some(Contact::Phone)),
            ("138 0013 8000", email, "138 0013 8000", None),
            ("Li.Lei@Example.com", email, "l***@example.com", Some(Contact::Email)),
            ("Li.Lei@Example.com", phone, "Li.Lei@Example.com", None),
            ("12 Elm Street", address, "•••", Some(Contact::Address)),
            // What cannot be told apart may be what is hidden.
            ("微信 lily_88", phone, "•••", Some(Contact::Address)),
            ("0551-6288 8888 转 3", email, "•••", Some(Contact::Phone)),
            ("li@example.com or 13800138000", phone, "•••", Some(Contact::Email)),
            ("微信 lily_88", HiddenContacts::NONE, "微信 lily_88", None),
        ] {
            let contact = CustomerContact::written(text.to_owned());
            assert_eq!(contact.clone().seen_with(hidden), SeenContact { text: seen.to_owned(), masked }, "{text}");
            assert_eq!(contact.clear_text(), text);
        }
    }

    #[test]
    fn nothing_prints_a_contact_by_accident() {
        let contact = CustomerContact::from(Identifier::parse("13800138000").unwrap());
        assert_eq!((format!("{contact:?}"), contact.masked().as_str()), ("138****8000".to_owned(), "138****8000"));
    }

    #[test]
    fn a_name_that_is_a_number_is_masked_like_one() {
        let seen = |name: &str| seen_name(name.to_owned(), hiding(&[Contact::Phone]));
        assert_eq!([seen("13800138000"), seen("李雷"), seen("u-4711"), seen("li@example.com")], ["138****8000", "李雷", "u-4711", "li@example.com"]);
    }

    #[test]
    fn the_body_of_a_left_message_says_what_is_masked_in_it() {
        let left = r#"{"type":"left_message","text":"call me","contact":"13800138000"}"#;
        let seen: Value = serde_json::from_str(&seen_body(left, hiding(&[Contact::Phone])).unwrap()).unwrap();
        let Message::LeftMessage { text, contact, contact_masked, ord: None, hidden_numbers: None } = serde_json::from_value(seen).unwrap() else {
            panic!("another message")
        };
        assert_eq!((text.as_str(), contact.as_deref(), contact_masked), ("call me", Some("138****8000"), Some(Contact::Phone)));
        assert_eq!(seen_body(left, HiddenContacts::NONE), None);
        let masked = r#"{"type":"left_message","text":"x","contact":"138****8000","contact_masked":"phone"}"#;
        for other in [r#"{"type":"text","text":"13800138000"}"#, r#"{"type":"left_message","text":"x","contact":null}"#, masked, "null"] {
            assert_eq!(seen_body(other, hiding(Contact::EACH)), None);
        }
    }
}
