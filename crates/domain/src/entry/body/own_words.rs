//! What readers are told of words that their author took back or corrected.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The author took a message back. Readers keep nothing of it: it has no body from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Recalled {
    /// The number of the message, as the customer counts the entries.
    pub entry: i64,
    /// The number of the message among all entries. For the staff only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub of: Option<i64>,
}

/// The author took a note back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NoteRecalled {
    /// The number of the note.
    pub of: i64,
}

/// The author corrected a message, which says this from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Corrected {
    /// The number of the message, as the customer counts the entries.
    pub entry: i64,
    /// What it says now.
    pub text: String,
    /// How many numbers are hidden in the text: of cards, of identities, and codes. The staff can reveal them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub hidden_numbers: Option<i64>,
    /// The number of the message among all entries. For the staff only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub of: Option<i64>,
    /// What it said before. For the staff only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub before: Option<String>,
}

/// The author corrected a note, which says this from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NoteCorrected {
    /// The number of the note.
    pub of: i64,
    /// What it says now.
    pub text: String,
    /// How many numbers are hidden in the text: of cards, of identities, and codes. The staff can reveal them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub hidden_numbers: Option<i64>,
    /// What it said before.
    pub before: String,
}
