//! What agents do with a conversation besides talking in it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::FileCard;
use crate::{
    id::{AgentId, LabelId},
    label::{Label, LabelColour},
    text::Bilingual,
    time::Ts,
};

/// The agent postponed the conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Snoozed {
    /// The time at which it comes back by itself.
    pub until: Ts,
}

/// A label, as it was when it was given or taken off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LabelRef {
    /// The id of the label.
    pub id: LabelId,
    /// Its name.
    pub name: Bilingual,
    /// Its colour.
    pub colour: LabelColour,
}

impl From<&Label> for LabelRef {
    fn from(label: &Label) -> Self {
        Self { id: label.id, name: label.name.clone(), colour: label.colour }
    }
}

/// A member of staff gave the conversation labels, or took some off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Labelled {
    /// The labels that were given.
    pub added: Vec<LabelRef>,
    /// The labels that were taken off.
    pub removed: Vec<LabelRef>,
}

/// A colleague whom a note calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Mention {
    /// The colleague's id.
    pub agent: AgentId,
    /// The colleague's name at that time.
    pub name: String,
}

/// A private note, for the staff only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Note {
    /// The text; may be empty if there are files.
    pub text: String,
    /// The cards of the files that belong to the note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub files: Option<Vec<FileCard>>,
    /// The colleagues whom the note calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub mentions: Option<Vec<Mention>>,
    /// The number of the message or note that it quotes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub quote_of: Option<i64>,
    /// When its author corrected it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub corrected_at: Option<Ts>,
    /// How many numbers are hidden in the text: of cards, of identities, and codes. The staff can reveal them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub hidden_numbers: Option<i64>,
}
