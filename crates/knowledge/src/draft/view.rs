//! Entries of the knowledge on the wire.

use content::knowledge::{KnowledgeEntry, Phrasings};
use domain::{text::Bilingual, time::Ts};
use serde::Serialize;
use store_knowledge::knowledge_drafts::Draft;
use utoipa::ToSchema;

/// How the draft of an entry compares with what is live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DraftState {
    /// The same as what is live.
    Same,
    /// Changed from what is live.
    Changed,
    /// Not live yet.
    New,
    /// Live, but removed by the next publish.
    Removed,
}

/// How a draft compares with what is live; `None` for an entry that was removed before it ever went live.
pub fn state_of(draft: &Draft) -> Option<DraftState> {
    match (&draft.live, draft.removed) {
        (None, true) => None,
        (None, false) => Some(DraftState::New),
        (Some(_), true) => Some(DraftState::Removed),
        (Some(live), false) if draft.entry.differences(live).is_empty() => Some(DraftState::Same),
        (Some(_), false) => Some(DraftState::Changed),
    }
}

/// Whether this draft makes the next publish change something.
pub fn is_change(draft: &Draft) -> bool {
    state_of(draft).is_some_and(|state| state != DraftState::Same)
}

/// The content of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EntryTexts {
    /// The key of its category.
    pub category: String,
    /// The question as it is shown.
    pub question: Bilingual,
    /// How people ask it.
    pub similar: Phrasings,
    /// The answer as it is sent.
    pub answer: Bilingual,
    /// The ids of entries offered after it.
    pub related: Vec<String>,
    /// The key of the button under the answer; `human` offers a person.
    #[schema(required)]
    pub action: Option<String>,
}

impl From<KnowledgeEntry> for EntryTexts {
    fn from(entry: KnowledgeEntry) -> Self {
        let KnowledgeEntry { id: _, category, question, similar, answer, related, action } = entry;
        Self { category, question, similar, answer, related, action }
    }
}

/// An entry as it is written now, beside what is live.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = KnowledgeEntry)]
pub struct EntryView {
    /// The entry's id.
    pub id: String,
    /// The entry as it is written now.
    pub draft: EntryTexts,
    /// The entry as the bot uses it; `null` if it is not live.
    #[schema(required)]
    pub live: Option<EntryTexts>,
    /// How the two compare; `null` for an entry that was removed before it ever went live.
    #[schema(required)]
    pub state: Option<DraftState>,
    /// The fields in which they differ.
    pub changed: Vec<&'static str>,
    /// The field that is missing before the entry can be published.
    #[schema(required)]
    pub missing: Option<&'static str>,
    /// When it was last changed; send it back as `seen` with a change.
    pub updated_at: Ts,
    /// The name of the member who changed it last.
    #[schema(required)]
    pub updated_by: Option<String>,
}

impl From<Draft> for EntryView {
    fn from(draft: Draft) -> Self {
        let state = state_of(&draft);
        let Draft { entry, position: _, effort: _, removed: _, updated_at, updated_by, live } = draft;
        let changed = live.as_ref().map(|live| entry.differences(live)).unwrap_or_default();
        Self { id: entry.id.clone(), missing: entry.missing(), draft: entry.into(), live: live.map(EntryTexts::from), state, changed, updated_at, updated_by }
    }
}
