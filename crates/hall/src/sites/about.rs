//! What the widget asks its visitor before it asks for a person.

use db::Tx;
use domain::{
    id::{QuestionKindId, TenantId},
    question_kind::DetailField,
    site::AsksAbout,
    text::Bilingual,
};
use serde::Serialize;
use utoipa::ToSchema;

/// What the widget asks before it asks for a person.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SiteAsksAbout)]
pub struct AsksAboutView {
    /// Whether the visitor may skip it.
    pub may_skip: bool,
    /// The kinds of question among which the visitor chooses, in order.
    pub questions: Vec<AskedKind>,
}

/// A kind of question that can be chosen.
#[derive(Debug, Serialize, ToSchema)]
pub struct AskedKind {
    /// The id of the kind.
    pub id: QuestionKindId,
    /// Its name.
    pub name: Bilingual,
    /// What the visitor is asked to add.
    pub details: Vec<DetailField>,
}

impl AsksAboutView {
    /// What a site asks now; `None` if it asks nothing, or if all of its kinds are archived.
    pub(super) async fn of(tx: &mut Tx, tenant: TenantId, asks: &AsksAbout) -> store::Result<Option<Self>> {
        if !asks.on {
            return Ok(None);
        }
        let mut known = store::question_kinds::all(tx, tenant).await?;
        known.retain(|kind| kind.archived_at.is_none());
        let chosen = asks.questions.iter().filter_map(|id| known.iter().find(|kind| kind.id == *id));
        let questions: Vec<AskedKind> = chosen.map(|kind| AskedKind { id: kind.id, name: kind.name.clone(), details: kind.details.clone() }).collect();
        Ok((!questions.is_empty()).then_some(Self { may_skip: asks.may_skip, questions }))
    }
}
