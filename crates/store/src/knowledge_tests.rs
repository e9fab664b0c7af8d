//! The test set of a company's knowledge: sentences, and what the bot is expected to do with each.

use db::{Tx, q, row};
use domain::{
    id::{KnowledgeTestId, TenantId},
    knowledge::Expected,
    text::Lang,
    time::Ts,
};
use uuid::Uuid;

use crate::{Error, Result};

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

row! {
    struct Row { id: Uuid, sentence: String, lang: String, expected: String, created_at: i64, updated_at: i64 }
}

impl TryFrom<Row> for KnowledgeTest {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        let expected = Expected::parse(&row.expected).map_err(|error| Error::Db(db::Error::Corrupt(error.to_string())))?;
        let Row { id, sentence, lang, expected: _, created_at, updated_at } = row;
        Ok(Self { id: KnowledgeTestId::new(id), sentence, lang: Lang::from_tag(&lang), expected, created_at: Ts(created_at), updated_at: Ts(updated_at) })
    }
}

/// All sentences, oldest first.
pub async fn list(tx: &mut Tx, tenant: TenantId) -> Result<Vec<KnowledgeTest>> {
    let rows: Vec<Row> = q!(tx, |c| sqlx::query_as(
        "SELECT id, sentence, lang, expected, created_at, updated_at FROM knowledge_tests WHERE tenant_id = $1 ORDER BY created_at, id"
    )
    .bind(tenant.uuid())
    .fetch_all(c)
    .await)?;
    rows.into_iter().map(KnowledgeTest::try_from).collect()
}

/// The number of sentences.
pub async fn count(tx: &mut Tx, tenant: TenantId) -> Result<i64> {
    let (count,): (i64,) = q!(tx, |c| sqlx::query_as("SELECT COUNT(*) FROM knowledge_tests WHERE tenant_id = $1").bind(tenant.uuid()).fetch_one(c).await)?;
    Ok(count)
}

/// Adds a sentence; [`Error::Taken`] if its id is in use.
pub async fn insert(tx: &mut Tx, tenant: TenantId, test: &KnowledgeTest) -> Result<()> {
    q!(tx, |c| sqlx::query(
        "INSERT INTO knowledge_tests (tenant_id, id, sentence, lang, expected, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7)"
    )
    .bind(tenant.uuid())
    .bind(test.id.uuid())
    .bind(&test.sentence)
    .bind(test.lang.tag())
    .bind(test.expected.as_str())
    .bind(test.created_at.0)
    .bind(test.updated_at.0)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Updates a sentence; [`Error::Stale`] if it changed since it was `seen` or was deleted.
pub async fn update(tx: &mut Tx, tenant: TenantId, test: &KnowledgeTest, seen: Ts) -> Result<()> {
    let changed = q!(tx, |c| sqlx::query(
        "UPDATE knowledge_tests SET sentence = $4, lang = $5, expected = $6, updated_at = $7 WHERE tenant_id = $1 AND id = $2 AND updated_at = $3"
    )
    .bind(tenant.uuid())
    .bind(test.id.uuid())
    .bind(seen.0)
    .bind(&test.sentence)
    .bind(test.lang.tag())
    .bind(test.expected.as_str())
    .bind(test.updated_at.0)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    if changed == 1 { Ok(()) } else { Err(Error::Stale) }
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
