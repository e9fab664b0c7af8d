//! Versions of the knowledge: publishing turns the draft into what the bot says, and earlier versions remain available.

use db::{Tx, q, row};
use domain::{
    id::{AgentId, TenantId},
    time::Ts,
};
use store::{Document, Error, Result};

use crate::knowledge_drafts::State;

/// The number of versions stored; older ones are deleted.
pub const KEPT_VERSIONS: i64 = 100;

/// The metadata of a publication.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewVersion {
    /// A note on what was changed.
    pub note: String,
    /// Why it was published although the check failed.
    pub reason: Option<String>,
    /// The result of the check, as JSON.
    pub checked: Option<String>,
    /// The member who published it.
    pub by: Option<AgentId>,
}

/// A version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Its number, counting from 1.
    pub number: i64,
    /// When it went live.
    pub created_at: Ts,
    /// The name of the member who published it.
    pub created_by: Option<String>,
    /// A note on what was changed.
    pub note: String,
    /// Why it was published although the check failed.
    pub reason: Option<String>,
    /// The earlier version it restored, if it did.
    pub restores: Option<i64>,
    /// The result of the check, as JSON.
    pub checked: Option<String>,
    /// The number of entries.
    pub entries: i64,
}

row! {
    struct Row {
        number: i64, created_at: i64, created_by: Option<String>, note: String, reason: Option<String>, restores: Option<i64>, checked: Option<String>, entries: i64,
    }
}

impl From<Row> for Version {
    fn from(row: Row) -> Self {
        let Row { number, created_at, created_by, note, reason, restores, checked, entries } = row;
        Self { number, created_at: Ts(created_at), created_by, note, reason, restores, checked, entries }
    }
}

/// Publishes the draft under the next number, which is returned. [`Error::Stale`] if the draft or the version in force has changed since it was `seen`.
pub async fn publish(tx: &mut Tx, tenant: TenantId, seen: State, version: &NewVersion) -> Result<i64> {
    if crate::knowledge_drafts::state(tx, tenant).await? != seen {
        return Err(Error::Stale);
    }
    let in_force = begin(tx, tenant).await?;
    let row: Option<(i64,)> = q!(tx, |c| sqlx::query_as(
        "UPDATE knowledge_state SET version = version + 1 WHERE tenant_id = $1 AND revision = $2 AND version = $3 RETURNING version"
    )
    .bind(tenant.uuid())
    .bind(seen.revision)
    .bind(in_force)
    .fetch_optional(c)
    .await)?;
    let (number,) = row.ok_or(Error::Stale)?;
    for sql in [
        "DELETE FROM knowledge WHERE tenant_id = $1",
        "INSERT INTO knowledge (tenant_id, id, position, document)
         SELECT tenant_id, id, position, document FROM knowledge_drafts WHERE tenant_id = $1 AND removed = 0",
        "DELETE FROM knowledge_drafts WHERE tenant_id = $1 AND removed = 1",
    ] {
        q!(tx, |c| sqlx::query(sql).bind(tenant.uuid()).execute(c).await.map(drop))?;
    }
    keep(tx, tenant, number, version, None).await?;
    Ok(number)
}

/// Republishes an earlier version under the next number, which is returned. The draft stays as it is.
pub async fn restore(tx: &mut Tx, tenant: TenantId, from: i64, version: &NewVersion) -> Result<i64> {
    let known: Option<(i64,)> = q!(tx, |c| sqlx::query_as("SELECT number FROM knowledge_versions WHERE tenant_id = $1 AND number = $2")
        .bind(tenant.uuid())
        .bind(from)
        .fetch_optional(c)
        .await)?;
    known.ok_or(Error::NotFound)?;
    let (number,): (i64,) = q!(tx, |c| sqlx::query_as("UPDATE knowledge_state SET version = version + 1 WHERE tenant_id = $1 RETURNING version")
        .bind(tenant.uuid())
        .fetch_one(c)
        .await)?;
    q!(tx, |c| sqlx::query("DELETE FROM knowledge WHERE tenant_id = $1").bind(tenant.uuid()).execute(c).await.map(drop))?;
    q!(tx, |c| sqlx::query(
        "INSERT INTO knowledge (tenant_id, id, position, document)
         SELECT tenant_id, id, position, document FROM knowledge_version_entries WHERE tenant_id = $1 AND number = $2"
    )
    .bind(tenant.uuid())
    .bind(from)
    .execute(c)
    .await
    .map(drop))?;
    // Entries of that version that the draft no longer contains are shown as removed again. Their effort is estimated when they come back.
    let now = tx.now();
    q!(tx, |c| sqlx::query(
        "INSERT INTO knowledge_drafts (tenant_id, id, position, document, removed, updated_at, updated_by)
         SELECT tenant_id, id, position, document, 1, CAST($2 AS BIGINT), NULL FROM knowledge WHERE tenant_id = $1 ON CONFLICT (tenant_id, id) DO NOTHING"
    )
    .bind(tenant.uuid())
    .bind(now.0)
    .execute(c)
    .await
    .map(drop))?;
    keep(tx, tenant, number, version, Some(from)).await?;
    q!(tx, |c| sqlx::query(
        "UPDATE knowledge_versions SET gates = (SELECT f.gates FROM knowledge_versions f WHERE f.tenant_id = $1 AND f.number = $3)
         WHERE tenant_id = $1 AND number = $2"
    )
    .bind(tenant.uuid())
    .bind(number)
    .bind(from)
    .execute(c)
    .await
    .map(drop))?;
    Ok(number)
}

/// The gates of the bot (`bot::gate::Gates` as JSON) that were fitted to the version in force; `None` if no version is, or none were yet.
pub async fn gates(tx: &mut Tx, tenant: TenantId) -> Result<Option<String>> {
    let row: Option<(Option<String>,)> = q!(tx, |c| sqlx::query_as(
        "SELECT v.gates FROM knowledge_versions v JOIN knowledge_state s ON s.tenant_id = v.tenant_id AND s.version = v.number WHERE v.tenant_id = $1"
    )
    .bind(tenant.uuid())
    .fetch_optional(c)
    .await)?;
    Ok(row.and_then(|(gates,)| gates))
}

/// Stores the gates that were fitted to a version. [`Error::NotFound`] if the version is no longer stored.
pub async fn put_gates(tx: &mut Tx, tenant: TenantId, number: i64, gates: &str) -> Result<()> {
    let rows = q!(tx, |c| sqlx::query("UPDATE knowledge_versions SET gates = $3 WHERE tenant_id = $1 AND number = $2")
        .bind(tenant.uuid())
        .bind(number)
        .bind(gates)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if rows == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// Stores the gates of a version, which now include what was fitted with the vectors of a model. [`Error::NotFound`] if the version is no longer stored.
pub async fn put_embedded_gates(tx: &mut Tx, tenant: TenantId, number: i64, gates: &str, model: &str) -> Result<()> {
    let rows = q!(tx, |c| sqlx::query("UPDATE knowledge_versions SET gates = $3, embedded_with = $4 WHERE tenant_id = $1 AND number = $2")
        .bind(tenant.uuid())
        .bind(number)
        .bind(gates)
        .bind(model)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if rows == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// Before the first publication, turns what the bot already says into version 1, so that there is something to go back to. Does nothing if there is a version
/// or nothing is live. Returns the number of the version in force.
pub async fn begin(tx: &mut Tx, tenant: TenantId) -> Result<i64> {
    let version = crate::knowledge_drafts::state(tx, tenant).await?.version;
    let (live,): (i64,) = q!(tx, |c| sqlx::query_as("SELECT COUNT(*) FROM knowledge WHERE tenant_id = $1").bind(tenant.uuid()).fetch_one(c).await)?;
    if version > 0 || live == 0 {
        return Ok(version);
    }
    q!(tx, |c| sqlx::query("INSERT INTO knowledge_state (tenant_id, revision, version) VALUES ($1, 1, 1) ON CONFLICT (tenant_id) DO UPDATE SET version = 1")
        .bind(tenant.uuid())
        .execute(c)
        .await
        .map(drop))?;
    keep(tx, tenant, 1, &NewVersion::default(), None).await?;
    Ok(1)
}

/// Stores what is live as a version, and deletes the oldest ones.
async fn keep(tx: &mut Tx, tenant: TenantId, number: i64, version: &NewVersion, restores: Option<i64>) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query(
        "INSERT INTO knowledge_version_entries (tenant_id, number, id, position, document)
         SELECT tenant_id, CAST($2 AS BIGINT), id, position, document FROM knowledge WHERE tenant_id = $1"
    )
    .bind(tenant.uuid())
    .bind(number)
    .execute(c)
    .await
    .map(drop))?;
    q!(tx, |c| sqlx::query(
        "INSERT INTO knowledge_versions (tenant_id, number, created_at, created_by, note, reason, restores, checked, entries)
         SELECT $1, $2, $3, $4, $5, $6, $7, $8, COUNT(*) FROM knowledge WHERE tenant_id = $1"
    )
    .bind(tenant.uuid())
    .bind(number)
    .bind(now.0)
    .bind(version.by.map(AgentId::uuid))
    .bind(&version.note)
    .bind(version.reason.as_deref())
    .bind(restores)
    .bind(version.checked.as_deref())
    .execute(c)
    .await
    .map(drop))?;
    for sql in
        ["DELETE FROM knowledge_version_entries WHERE tenant_id = $1 AND number <= $2", "DELETE FROM knowledge_versions WHERE tenant_id = $1 AND number <= $2"]
    {
        q!(tx, |c| sqlx::query(sql).bind(tenant.uuid()).bind(number - KEPT_VERSIONS).execute(c).await.map(drop))?;
    }
    Ok(())
}

/// The stored versions, newest first.
pub async fn list(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Version>> {
    let rows: Vec<Row> = q!(tx, |c| sqlx::query_as(
        "SELECT v.number, v.created_at, a.name AS created_by, v.note, v.reason, v.restores, v.checked, v.entries FROM knowledge_versions v
         LEFT JOIN agents a ON a.tenant_id = v.tenant_id AND a.id = v.created_by
         WHERE v.tenant_id = $1 ORDER BY v.number DESC"
    )
    .bind(tenant.uuid())
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(Version::from).collect())
}

/// The entries of a version in order; empty if no version with this number is stored.
pub async fn entries(tx: &mut Tx, tenant: TenantId, number: i64) -> Result<Vec<Document>> {
    let rows: Vec<(String, String)> =
        q!(tx, |c| sqlx::query_as("SELECT id, document FROM knowledge_version_entries WHERE tenant_id = $1 AND number = $2 ORDER BY position, id")
            .bind(tenant.uuid())
            .bind(number)
            .fetch_all(c)
            .await)?;
    Ok(rows.into_iter().map(|(id, json)| Document { id, json }).collect())
}
