//! What a company sells, as customers see it: JSON documents that are read whole and never filtered on. What staff do with goods is in [`crate::goods`].

use db::{Tx, q};
use domain::{
    id::{PictureId, TenantId},
    time::Ts,
};
use serde::Deserialize;
use store::{Document, Error, Result};

/// The parts of a product's document that are also stored in columns.
#[derive(Deserialize)]
struct Filed {
    #[serde(default)]
    category: String,
    #[serde(default)]
    picture: Option<PictureId>,
}

/// Stores the catalogue's frame (currency, categories, tag names), replacing the previous one.
pub async fn put_frame(tx: &mut Tx, tenant: TenantId, json: &str) -> Result<()> {
    q!(tx, |c| sqlx::query("INSERT INTO catalogues (tenant_id, document) VALUES ($1, $2) ON CONFLICT (tenant_id) DO UPDATE SET document = excluded.document")
        .bind(tenant.uuid())
        .bind(json)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// The catalogue's frame, if there is one, and when it was last changed.
pub async fn frame_seen(tx: &mut Tx, tenant: TenantId) -> Result<(Option<String>, Ts)> {
    let row: Option<(String, i64)> =
        q!(tx, |c| sqlx::query_as("SELECT document, updated_at FROM catalogues WHERE tenant_id = $1").bind(tenant.uuid()).fetch_optional(c).await)?;
    Ok(row.map_or((None, Ts(0)), |(json, at)| (Some(json), Ts(at))))
}

/// Updates the frame; [`Error::Stale`] if it changed since it was `seen`.
pub async fn change_frame(tx: &mut Tx, tenant: TenantId, json: &str, seen: Ts, at: Ts) -> Result<()> {
    let changed = q!(tx, |c| sqlx::query(
        "INSERT INTO catalogues (tenant_id, document, updated_at) VALUES ($1, $2, $3)
         ON CONFLICT (tenant_id) DO UPDATE SET document = excluded.document, updated_at = excluded.updated_at WHERE catalogues.updated_at = $4"
    )
    .bind(tenant.uuid())
    .bind(json)
    .bind(at.0)
    .bind(seen.0)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    if changed == 1 { Ok(()) } else { Err(Error::Stale) }
}

/// Stores goods for public sale, at consecutive positions from `first` on, replacing those with the same id.
pub async fn put_goods(tx: &mut Tx, tenant: TenantId, first: i64, documents: &[Document]) -> Result<()> {
    let now = tx.now();
    for (position, document) in (first..).zip(documents) {
        let Filed { category, picture } = serde_json::from_str(&document.json).map_err(|error| Error::Db(db::Error::Corrupt(error.to_string())))?;
        q!(tx, |c| sqlx::query(
            "INSERT INTO goods (tenant_id, id, position, document, category, picture_id, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (tenant_id, id) DO UPDATE SET position = excluded.position, document = excluded.document, category = excluded.category,
               picture_id = excluded.picture_id, updated_at = excluded.updated_at"
        )
        .bind(tenant.uuid())
        .bind(&document.id)
        .bind(position)
        .bind(&document.json)
        .bind(&category)
        .bind(picture.map(PictureId::uuid))
        .bind(now.0)
        .execute(c)
        .await
        .map(drop))?;
    }
    crate::goods_numbers::reach(tx, tenant, documents.iter().map(|document| document.id.as_str())).await
}

/// The goods on public sale, in display order.
pub async fn goods(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Document>> {
    let rows: Vec<(String, String)> =
        q!(tx, |c| sqlx::query_as("SELECT id, document FROM goods WHERE tenant_id = $1 AND state = 'live' AND deleted_at IS NULL ORDER BY position, id")
            .bind(tenant.uuid())
            .fetch_all(c)
            .await)?;
    Ok(rows.into_iter().map(|(id, json)| Document { id, json }).collect())
}

/// Stores plans, at consecutive positions from `first` on, replacing those with the same id.
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

/// The plans on public sale, in display order.
pub async fn plans(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Document>> {
    let rows: Vec<(String, String)> =
        q!(tx, |c| sqlx::query_as("SELECT id, document FROM plans WHERE tenant_id = $1 AND state = 'live' AND deleted_at IS NULL ORDER BY position, id")
            .bind(tenant.uuid())
            .fetch_all(c)
            .await)?;
    Ok(rows.into_iter().map(|(id, json)| Document { id, json }).collect())
}

/// The document of a product on public sale, if there is one with this id.
pub async fn product(tx: &mut Tx, tenant: TenantId, id: &str) -> Result<Option<String>> {
    if !store::can_be_stored(id) {
        return Ok(None);
    }
    let row: Option<(String,)> =
        q!(tx, |c| sqlx::query_as("SELECT document FROM goods WHERE tenant_id = $1 AND id = $2 AND state = 'live' AND deleted_at IS NULL")
            .bind(tenant.uuid())
            .bind(id)
            .fetch_optional(c)
            .await)?;
    Ok(row.map(|(json,)| json))
}

/// The document of a product whatever its state: the product a conversation is about stays known while it is stored.
pub async fn product_of_old(tx: &mut Tx, tenant: TenantId, id: &str) -> Result<Option<String>> {
    if !store::can_be_stored(id) {
        return Ok(None);
    }
    let row: Option<(String,)> =
        q!(tx, |c| sqlx::query_as("SELECT document FROM goods WHERE tenant_id = $1 AND id = $2").bind(tenant.uuid()).bind(id).fetch_optional(c).await)?;
    Ok(row.map(|(json,)| json))
}
