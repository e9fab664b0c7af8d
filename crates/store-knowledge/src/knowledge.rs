//! What a company's bot knows: JSON documents that are read whole and never filtered on.

use db::{Tx, q};
use domain::id::TenantId;
use store::{Document, Result};

/// Stores knowledge entries, both published and as drafts, at consecutive positions
/// from `first` on, replacing those with the same id; each with how much work it is to learn. For content that needs no editor.
pub async fn put_entries(tx: &mut Tx, tenant: TenantId, first: i64, entries: &[(Document, i64)]) -> Result<()> {
    for (position, (document, effort)) in (first..).zip(entries) {
        q!(tx, |c| sqlx::query(
            "INSERT INTO knowledge (tenant_id, id, position, document) VALUES ($1, $2, $3, $4)
             ON CONFLICT (tenant_id, id) DO UPDATE SET position = excluded.position, document = excluded.document"
        )
        .bind(tenant.uuid())
        .bind(&document.id)
        .bind(position)
        .bind(&document.json)
        .execute(c)
        .await
        .map(drop))?;
        q!(tx, |c| sqlx::query(
            "INSERT INTO knowledge_drafts (tenant_id, id, position, document, effort, removed, updated_at) VALUES ($1, $2, $3, $4, $5, 0, 0)
             ON CONFLICT (tenant_id, id) DO UPDATE SET position = excluded.position, document = excluded.document, effort = excluded.effort, removed = 0"
        )
        .bind(tenant.uuid())
        .bind(&document.id)
        .bind(position)
        .bind(&document.json)
        .bind(effort)
        .execute(c)
        .await
        .map(drop))?;
    }
    Ok(())
}

/// All knowledge entries, in order.
pub async fn entries(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Document>> {
    let rows: Vec<(String, String)> =
        q!(tx, |c| sqlx::query_as("SELECT id, document FROM knowledge WHERE tenant_id = $1 ORDER BY position, id").bind(tenant.uuid()).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id, json)| Document { id, json }).collect())
}

/// The entries with these ids, in the order requested; unknown ids are skipped.
pub async fn entries_by_id(tx: &mut Tx, tenant: TenantId, ids: &[String]) -> Result<Vec<Document>> {
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let row: Option<(String,)> =
            q!(tx, |c| sqlx::query_as("SELECT document FROM knowledge WHERE tenant_id = $1 AND id = $2").bind(tenant.uuid()).bind(id).fetch_optional(c).await)?;
        found.extend(row.map(|(json,)| Document { id: id.clone(), json }));
    }
    Ok(found)
}
