//! The fields of a customer, checked.

use domain::{
    customer::{self, Identifier, IdentifierKind},
    refusal::Code,
    text,
};
use http_kit::problem::Problem;

/// The longest note on a customer, in bytes of UTF-8.
pub const MAX_NOTE_BYTES: usize = 8 * 1024;

/// A name; `None` if it is empty.
pub fn name(raw: &str) -> Result<Option<String>, Problem> {
    customer::name(raw).map_err(|error| Problem::invalid("name", error.code(), error.to_string()))
}

/// An address or number of this kind, normalised; `None` if it is empty.
pub fn contact(field: &str, kind: IdentifierKind, raw: &str) -> Result<Option<String>, Problem> {
    if text::is_blank(raw) {
        return Ok(None);
    }
    let wanted = match kind {
        IdentifierKind::Email => "enter an e-mail address",
        IdentifierKind::Mobile => "enter a mobile number: 11 digits in mainland China, elsewhere with + and the country code",
    };
    let parsed = Identifier::parse(raw).ok().filter(|one| one.kind() == kind);
    parsed.map(|one| Some(one.text().to_owned())).ok_or_else(|| Problem::invalid(field, Code::IdentifierInvalid, wanted))
}

/// A note; `None` if it is empty.
pub fn note(raw: &str) -> Result<Option<String>, Problem> {
    match text::check(raw, MAX_NOTE_BYTES) {
        Ok(()) => Ok(Some(raw.trim().to_owned())),
        Err(text::TextError::Empty) => Ok(None),
        Err(error) => Err(Problem::invalid("note", Code::InvalidValue, format!("{error}: at most {MAX_NOTE_BYTES} bytes of UTF-8, without U+0000"))),
    }
}
