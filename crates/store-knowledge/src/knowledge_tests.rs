//! The test set of a company's knowledge: sentences, and what the bot is expected to do with each.

use content::knowledge::Expected;
use db::{Tx, q};
use domain::{
    id::{KnowledgeTestId, TenantId},
    text::Lang,
    time::Ts,
};
use store::{Error, Result, table};

/// A sentence of the test set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnowledgeTest {
    /// The id.
    pub id: KnowledgeTestId,
    /// Something a customer might say.
    pub sentence: String,
    /// The language of the customer's interface.
    pub lang: Lang,
    /// What the bot is expected to do.
    pub expected: Expected,
    /// When it was added.
    pub created_at: Ts,
    /// When it was last changed; an editor sends it back.
    pub updated_at: Ts,
}

table! {
    KnowledgeTest in "knowledge_tests" {
        key { id: KnowledgeTestId [id] }
        fixed { created_at: Ts [created_at] }
        changing { sentence: String [sentence], lang: Lang [lang], expected: Expected [expected], updated_at: Ts [updated_at] }
    }
}

/// All sentences, oldest first.
pub async fn list(tx: &mut Tx, tenant: TenantId) -> Result<Vec<KnowledgeTest>> {
    let sql = table::select::<KnowledgeTest>("ORDER BY created_at, id");
    table::all(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).fetch_all(c).await)?)
}

/// A sentence; [`Error::NotFound`] if there is none with this id.
pub async fn get(tx: &mut Tx, tenant: TenantId, id: KnowledgeTestId) -> Result<KnowledgeTest> {
    table::one(q!(tx, |c| sqlx::query_as(table::select::<KnowledgeTest>("AND id = $2")).bind(tenant.uuid()).bind(id.uuid()).fetch_optional(c).await)?)
}

/// The number of sentences.
pub async fn count(tx: &mut Tx, tenant: TenantId) -> Result<i64> {
    let (count,): (i64,) = q!(tx, |c| sqlx::query_as("SELECT COUNT(*) FROM knowledge_tests WHERE tenant_id = $1").bind(tenant.uuid()).fetch_one(c).await)?;
    Ok(count)
}

/// Adds a sentence; [`Error::Taken`] if its id is in use.
pub async fn insert(tx: &mut Tx, tenant: TenantId, test: &KnowledgeTest) -> Result<()> {
    table::insert(tx, tenant, test).await
}

/// Updates a sentence; [`Error::Stale`] if it changed since it was `seen` or was deleted.
pub async fn update(tx: &mut Tx, tenant: TenantId, test: &KnowledgeTest, seen: Ts) -> Result<()> {
    table::update(tx, tenant, test, seen).await
}

/// Deletes a sentence.
pub async fn delete(tx: &mut Tx, tenant: TenantId, id: KnowledgeTestId) -> Result<()> {
    let removed = q!(tx, |c| sqlx::query("DELETE FROM knowledge_tests WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if removed == 1 { Ok(()) } else { Err(Error::NotFound) }
}
