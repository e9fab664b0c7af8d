//! Kinds of question on the wire.

use domain::{
    id::{QuestionKindId, QueueId},
    question_kind::{DetailField, QuestionKind},
    text::Bilingual,
    time::Ts,
};
use serde::Serialize;
use utoipa::ToSchema;

/// A kind of question.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = QuestionKind)]
pub struct QuestionKindView {
    /// The id of the kind.
    pub id: QuestionKindId,
    /// Its name, which customers see; empty in a language in which it has none.
    pub name: Bilingual,
    /// The queue in which such questions wait; `null` for that of the site.
    #[schema(required)]
    pub queue: Option<QueueId>,
    /// What customers are asked to add, at most 3.
    pub details: Vec<DetailField>,
    /// Since when customers cannot choose it any more; `null` while they can.
    #[schema(required)]
    pub archived_at: Option<Ts>,
    /// When it was last changed; send it back as `seen` with a change.
    pub updated_at: Ts,
}

impl From<QuestionKind> for QuestionKindView {
    fn from(kind: QuestionKind) -> Self {
        let QuestionKind { id, name, queue, details, archived_at, updated_at } = kind;
        Self { id, name, queue, details, archived_at, updated_at }
    }
}

/// The details with their labels as they are stored.
pub(super) fn trimmed(details: Vec<DetailField>) -> Vec<DetailField> {
    details.into_iter().map(|field| DetailField { label: field.label.trimmed(), ..field }).collect()
}
