//! Kinds of question: which ones a company has, and what customers said who chose one.

use db::{Tx, q};
use domain::{
    id::{ConversationId, QuestionKindId, TenantId},
    question_kind::{MAX_QUESTION_KINDS, QuestionKind},
    time::Ts,
};

use crate::{Result, table};

/// Adds a kind of question.
pub async fn insert(tx: &mut Tx, tenant: TenantId, kind: &QuestionKind) -> Result<()> {
    table::insert(tx, tenant, kind).await
}

/// All kinds of question of a company, archived ones too, in the order in which they were added.
pub async fn all(tx: &mut Tx, tenant: TenantId) -> Result<Vec<QuestionKind>> {
    let most = i64::try_from(MAX_QUESTION_KINDS).unwrap_or(i64::MAX);
    let sql = table::select::<QuestionKind>("ORDER BY id LIMIT $2");
    table::all(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(most).fetch_all(c).await)?)
}

/// A kind of question, archived or not; `None` if there is none.
pub async fn find(tx: &mut Tx, tenant: TenantId, id: QuestionKindId) -> Result<Option<QuestionKind>> {
    let sql = table::select::<QuestionKind>("AND id = $2");
    table::any(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(id.uuid()).fetch_optional(c).await)?)
}

/// Updates a kind of question; [`crate::Error::Stale`] if it changed since it was `seen`.
pub async fn update(tx: &mut Tx, tenant: TenantId, kind: &QuestionKind, seen: Ts) -> Result<()> {
    table::update(tx, tenant, kind, seen).await
}

/// What a customer said that it is about, as the entry's body; `None` if they said nothing, or if it was erased.
pub async fn told_in(tx: &mut Tx, tenant: TenantId, conversation: ConversationId) -> Result<Option<String>> {
    let found: Option<(Option<String>,)> = q!(tx, |c| sqlx::query_as(
        "SELECT CASE WHEN body_state = 'plain' THEN body ELSE NULL END FROM journal_entries
         WHERE tenant_id = $1 AND stream_id = $2 AND kind = 'asked_about' ORDER BY seq DESC LIMIT 1"
    )
    .bind(tenant.uuid())
    .bind(conversation.uuid())
    .fetch_optional(c)
    .await)?;
    Ok(found.and_then(|(body,)| body))
}
