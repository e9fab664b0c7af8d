//! Bodies and facts as they are stored: JSON objects with sorted keys, so that equal content gives equal bytes. Fields that only the staff may read are stored
//! separately.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Body, EntryKind, Fact};

impl EntryKind {
    /// The fields of a body that only the staff may read: they are written all together or not at all, and a field without a value is `null`.
    pub(super) const fn for_staff(self) -> &'static [&'static str] {
        match self {
            Self::Assigned => &["agent", "how"],
            Self::Transferred => &["to", "from"],
            Self::Reopened => &["agent"],
            Self::Erased | Self::Recalled => &["of"],
            Self::Corrected => &["of", "before"],
            Self::Message => &["quote_of"],
            _ => &[],
        }
    }
}

impl Body {
    /// The part that everybody in the stream may read, and the part that only the staff may read.
    pub fn to_json_parts(&self) -> (String, Option<String>) {
        let mut words = self.value();
        let fields = self.kind().for_staff();
        let staff = match (fields.first(), words.as_object_mut()) {
            (Some(first), Some(words)) if words.contains_key(*first) => {
                let taken = fields.iter().map(|field| ((*field).to_owned(), words.remove(*field).unwrap_or_default()));
                Some(Value::Object(taken.collect()).to_string())
            }
            _ => None,
        };
        (words.to_string(), staff)
    }
}

impl Body {
    /// Says that so many numbers are hidden in its words, if it is one of those whose words the staff can reveal.
    pub fn hide_numbers(&mut self, numbers: i64) {
        use super::body::{Corrected, Message, Note, NoteCorrected};
        let (Self::Message(Message::Text { hidden_numbers, .. } | Message::LeftMessage { hidden_numbers, .. })
        | Self::Note(Note { hidden_numbers, .. })
        | Self::Corrected(Corrected { hidden_numbers, .. })
        | Self::NoteCorrected(NoteCorrected { hidden_numbers, .. })) = self
        else {
            return;
        };
        *hidden_numbers = Some(numbers);
    }
}

impl Fact {
    /// The facts in their stored form.
    pub fn to_json(&self) -> String {
        self.value().to_string()
    }
}

/// A form as JSON. The types declared in this module contain nothing that JSON cannot express, such as keys that are not strings.
pub(super) fn value(form: &impl Serialize) -> Value {
    serde_json::to_value(form).unwrap_or_default()
}

/// The public and the staff-only fields of a body, as one object.
pub(super) fn whole(words: &str, staff: Option<&str>) -> serde_json::Result<Value> {
    let mut whole: Value = serde_json::from_str(words)?;
    if let (Some(staff), Some(whole)) = (staff, whole.as_object_mut()) {
        whole.extend(serde_json::from_str::<Map<String, Value>>(staff)?);
    }
    Ok(whole)
}
