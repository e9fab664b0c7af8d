//! The knowledge before it is published: the draft of every entry, beside the published entry.

use content::knowledge::KnowledgeEntry;
use db::{
    Tx,
    bulk::{self, Value},
    q, row,
};
use domain::{
    id::{AgentId, TenantId},
    time::Ts,
};
use store::{Error, Result};

/// An entry as drafted and as published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The entry as it will be published.
    pub entry: KnowledgeEntry,
    /// Its position among the entries.
    pub position: i64,
    /// How much work it is to learn; 0 if that was not noted.
    pub effort: i64,
    /// Whether the next publication removes it.
    pub removed: bool,
    /// When it was last changed; an editor sends it back.
    pub updated_at: Ts,
    /// The name of the member who last changed it.
    pub updated_by: Option<String>,
    /// The entry as it is published, if it is.
    pub live: Option<KnowledgeEntry>,
}

/// An entry to add to a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDraft {
    /// The entry.
    pub entry: KnowledgeEntry,
    /// How much work it is to learn.
    pub effort: i64,
}

/// The revision and version of a company's knowledge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct State {
    /// Increases with every change of the draft or its test set.
    pub revision: i64,
    /// The number of the version in force; 0 before the first publication.
    pub version: i64,
}

row! {
    struct Row { position: i64, document: String, effort: i64, removed: i64, updated_at: i64, updated_by: Option<String>, live: Option<String> }
}

/// Parses a stored entry.
pub(crate) fn read(json: &str) -> Result<KnowledgeEntry> {
    serde_json::from_str(json).map_err(|error| Error::Db(db::Error::Corrupt(format!("knowledge: {error}"))))
}

/// Serialises an entry for storage.
pub(crate) fn document_of(entry: &KnowledgeEntry) -> Result<String> {
    serde_json::to_string(entry).map_err(|error| Error::Db(db::Error::Corrupt(format!("knowledge: {error}"))))
}

impl TryFrom<Row> for Draft {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            entry: read(&row.document)?,
            position: row.position,
            effort: row.effort,
            removed: row.removed != 0,
            updated_at: Ts(row.updated_at),
            updated_by: row.updated_by,
            live: row.live.as_deref().map(read).transpose()?,
        })
    }
}

/// The current revision and version of the knowledge.
pub async fn state(tx: &mut Tx, tenant: TenantId) -> Result<State> {
    let row: Option<(i64, i64)> =
        q!(tx, |c| sqlx::query_as("SELECT revision, version FROM knowledge_state WHERE tenant_id = $1").bind(tenant.uuid()).fetch_optional(c).await)?;
    Ok(row.map_or_else(State::default, |(revision, version)| State { revision, version }))
}

/// Counts a change of the draft or its test set. This must come first in the transaction of a change: it locks out the company's other editors on every node,
/// so that what is read after it stays true until the end.
pub async fn touch(tx: &mut Tx, tenant: TenantId) -> Result<()> {
    q!(tx, |c| sqlx::query(
        "INSERT INTO knowledge_state (tenant_id, revision, version) VALUES ($1, 1, 0)
         ON CONFLICT (tenant_id) DO UPDATE SET revision = knowledge_state.revision + 1"
    )
    .bind(tenant.uuid())
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// All entries of the draft in order, including those that the next publication removes.
pub async fn list(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Draft>> {
    let rows: Vec<Row> = q!(tx, |c| sqlx::query_as(
        "SELECT d.position, d.document, d.effort, d.removed, d.updated_at, a.name AS updated_by, k.document AS live FROM knowledge_drafts d
         LEFT JOIN agents a ON a.tenant_id = d.tenant_id AND a.id = d.updated_by
         LEFT JOIN knowledge k ON k.tenant_id = d.tenant_id AND k.id = d.id
         WHERE d.tenant_id = $1 ORDER BY d.position, d.id"
    )
    .bind(tenant.uuid())
    .fetch_all(c)
    .await)?;
    rows.into_iter().map(Draft::try_from).collect()
}

/// At most `most` of these entries, from the one after a place on: its position and its id.
pub async fn list_after(tx: &mut Tx, tenant: TenantId, after: (i64, &str), most: i64) -> Result<Vec<Draft>> {
    let rows: Vec<Row> = q!(tx, |c| sqlx::query_as(
        "SELECT d.position, d.document, d.effort, d.removed, d.updated_at, a.name AS updated_by, k.document AS live FROM knowledge_drafts d
         LEFT JOIN agents a ON a.tenant_id = d.tenant_id AND a.id = d.updated_by
         LEFT JOIN knowledge k ON k.tenant_id = d.tenant_id AND k.id = d.id
         WHERE d.tenant_id = $1 AND (d.position > $2 OR (d.position = $2 AND d.id > $3)) ORDER BY d.position, d.id LIMIT $4"
    )
    .bind(tenant.uuid())
    .bind(after.0)
    .bind(after.1)
    .bind(most)
    .fetch_all(c)
    .await)?;
    rows.into_iter().map(Draft::try_from).collect()
}

/// An entry of the draft.
pub async fn get(tx: &mut Tx, tenant: TenantId, id: &str) -> Result<Draft> {
    if !store::can_be_stored(id) {
        return Err(Error::NotFound);
    }
    let row: Option<Row> = q!(tx, |c| sqlx::query_as(
        "SELECT d.position, d.document, d.effort, d.removed, d.updated_at, a.name AS updated_by, k.document AS live FROM knowledge_drafts d
         LEFT JOIN agents a ON a.tenant_id = d.tenant_id AND a.id = d.updated_by
         LEFT JOIN knowledge k ON k.tenant_id = d.tenant_id AND k.id = d.id
         WHERE d.tenant_id = $1 AND d.id = $2"
    )
    .bind(tenant.uuid())
    .bind(id)
    .fetch_optional(c)
    .await)?;
    row.ok_or(Error::NotFound)?.try_into()
}

/// Adds entries after all others, in this order; [`Error::Taken`] if one of their ids is in use.
pub async fn insert(tx: &mut Tx, tenant: TenantId, entries: &[NewDraft], by: Option<AgentId>, at: Ts) -> Result<()> {
    let (last,): (i64,) =
        q!(tx, |c| sqlx::query_as("SELECT COALESCE(MAX(position), 0) FROM knowledge_drafts WHERE tenant_id = $1").bind(tenant.uuid()).fetch_one(c).await)?;
    let documents = entries.iter().map(|new| document_of(&new.entry)).collect::<Result<Vec<_>>>()?;
    let mut rows = Vec::with_capacity(entries.len());
    for ((NewDraft { entry, effort }, document), position) in entries.iter().zip(&documents).zip(last + 1..) {
        let (id, document, by) = (entry.id.as_str(), document.as_str(), by.map(AgentId::uuid));
        let place = [Value::Uuid(tenant.uuid()), Value::Text(Some(id)), Value::Int(Some(position)), Value::Text(Some(document))];
        rows.push([&place[..], &[Value::Int(Some(*effort)), Value::Int(Some(0)), Value::Int(Some(at.0)), Value::Id(by)]].concat());
    }
    let head = "INSERT INTO knowledge_drafts (tenant_id, id, position, document, effort, removed, updated_at, updated_by) VALUES";
    match bulk::execute(tx, head, &rows, "").await {
        Ok(_) => Ok(()),
        // An id in use is reported as a conflict.
        Err(db::Error::Sql(error)) => Err(error.into()),
        Err(error) => Err(error.into()),
    }
}

/// Updates an entry, or marks it as removed or not removed; [`Error::Stale`] if it changed since it was `seen`.
pub async fn update(tx: &mut Tx, tenant: TenantId, draft: &Draft, seen: Ts, by: Option<AgentId>) -> Result<()> {
    let document = document_of(&draft.entry)?;
    let changed = q!(tx, |c| sqlx::query(
        "UPDATE knowledge_drafts SET document = $4, removed = $5, updated_at = $6, updated_by = $7, effort = $8
         WHERE tenant_id = $1 AND id = $2 AND updated_at = $3"
    )
    .bind(tenant.uuid())
    .bind(&draft.entry.id)
    .bind(seen.0)
    .bind(&document)
    .bind(i64::from(draft.removed))
    .bind(draft.updated_at.0)
    .bind(by.map(AgentId::uuid))
    .bind(draft.effort)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    if changed == 1 { Ok(()) } else { Err(Error::Stale) }
}

/// How much work all entries of the draft are to learn together, without those that the next publication removes.
pub async fn effort(tx: &mut Tx, tenant: TenantId) -> Result<i64> {
    let (sum,): (i64,) =
        q!(tx, |c| sqlx::query_as("SELECT CAST(COALESCE(SUM(effort), 0) AS BIGINT) FROM knowledge_drafts WHERE tenant_id = $1 AND removed = 0")
            .bind(tenant.uuid())
            .fetch_one(c)
            .await)?;
    Ok(sum)
}

/// The entry of the draft that is the most work to learn.
pub async fn heaviest(tx: &mut Tx, tenant: TenantId) -> Result<Option<KnowledgeEntry>> {
    let row: Option<(String,)> =
        q!(tx, |c| sqlx::query_as("SELECT document FROM knowledge_drafts WHERE tenant_id = $1 AND removed = 0 ORDER BY effort DESC, id LIMIT 1")
            .bind(tenant.uuid())
            .fetch_optional(c)
            .await)?;
    row.map(|(document,)| read(&document)).transpose()
}

/// The number of entries in the draft.
pub async fn count(tx: &mut Tx, tenant: TenantId) -> Result<i64> {
    let (count,): (i64,) = q!(tx, |c| sqlx::query_as("SELECT COUNT(*) FROM knowledge_drafts WHERE tenant_id = $1").bind(tenant.uuid()).fetch_one(c).await)?;
    Ok(count)
}
