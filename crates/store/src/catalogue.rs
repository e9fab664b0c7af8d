//! What a company sells: JSON documents that are read whole and never filtered on.

use db::{Tx, q};
use domain::{
    id::TenantId,
    journal::{Actor, EntryKind},
};

use crate::{Document, Result};

/// Stores the catalogue's frame: currency, categories, names of tags, replacing the one before.
pub async fn put_frame(tx: &mut Tx, tenant: TenantId, json: &str) -> Result<()> {
    q!(tx, |c| sqlx::query("INSERT INTO catalogues (tenant_id, document) VALUES ($1, $2) ON CONFLICT (tenant_id) DO UPDATE SET document = excluded.document")
        .bind(tenant.uuid())
        .bind(json)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// The catalogue's frame: currency, categories, names of tags, if there is one.
pub async fn frame(tx: &mut Tx, tenant: TenantId) -> Result<Option<String>> {
    let row: Option<(String,)> =
        q!(tx, |c| sqlx::query_as("SELECT document FROM catalogues WHERE tenant_id = $1").bind(tenant.uuid()).fetch_optional(c).await)?;
    Ok(row.map(|(json,)| json))
}

/// Stores goods, in this order from `first` on; what has the same id is replaced.
pub async fn put_goods(tx: &mut Tx, tenant: TenantId, first: i64, documents: &[Document]) -> Result<()> {
    for (position, document) in (first..).zip(documents) {
        q!(tx, |c| sqlx::query(
            "INSERT INTO goods (tenant_id, id, position, document) VALUES ($1, $2, $3, $4)
             ON CONFLICT (tenant_id, id) DO UPDATE SET position = excluded.position, document = excluded.document"
        )
        .bind(tenant.uuid())
        .bind(&document.id)
        .bind(position)
        .bind(&document.json)
        .execute(c)
        .await
        .map(drop))?;
    }
    Ok(())
}

/// All goods, in their order.
pub async fn goods(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Document>> {
    let rows: Vec<(String, String)> =
        q!(tx, |c| sqlx::query_as("SELECT id, document FROM goods WHERE tenant_id = $1 ORDER BY position, id").bind(tenant.uuid()).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id, json)| Document { id, json }).collect())
}

/// Stores plans, in this order from `first` on; what has the same id is replaced.
pub async fn put_plans(tx: &mut Tx, tenant: TenantId, first: i64, documents: &[Document]) -> Result<()> {
    for (position, document) in (first..).zip(documents) {
        q!(tx, |c| sqlx::query(
            "INSERT INTO plans (tenant_id, id, position, document) VALUES ($1, $2, $3, $4)
             ON CONFLICT (tenant_id, id) DO UPDATE SET position = excluded.position, document = excluded.document"
        )
        .bind(tenant.uuid())
        .bind(&document.id)
        .bind(position)
        .bind(&document.json)
        .execute(c)
        .await
        .map(drop))?;
    }
    Ok(())
}

/// All plans, in their order.
pub async fn plans(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Document>> {
    let rows: Vec<(String, String)> =
        q!(tx, |c| sqlx::query_as("SELECT id, document FROM plans WHERE tenant_id = $1 ORDER BY position, id").bind(tenant.uuid()).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id, json)| Document { id, json }).collect())
}

/// Tells those who watch that goods or plans changed.
pub async fn announce(tx: &mut Tx, tenant: TenantId, actor: Actor) -> Result<()> {
    crate::tell_company(tx, tenant, EntryKind::CatalogueChanged, actor).await
}

/// One of the goods, as its document, if there is such a one.
pub async fn product(tx: &mut Tx, tenant: TenantId, id: &str) -> Result<Option<String>> {
    if !crate::can_be_stored(id) {
        return Ok(None);
    }
    let row: Option<(String,)> =
        q!(tx, |c| sqlx::query_as("SELECT document FROM goods WHERE tenant_id = $1 AND id = $2").bind(tenant.uuid()).bind(id).fetch_optional(c).await)?;
    Ok(row.map(|(json,)| json))
}
