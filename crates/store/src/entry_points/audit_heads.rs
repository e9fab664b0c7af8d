//! The signed ends of all companies' audit logs.

use db::{Db, q, row};
use domain::{id::TenantId, time::Ts};
use uuid::Uuid;

use crate::{Result, audit::SignedHead};

row! {
    struct HeadRow { tenant_id: Uuid, seq: i64, chain: String, at: i64, signature: String }
}

/// The end that was signed last of each company's audit log.
pub async fn audit_heads(db: &Db) -> Result<Vec<(TenantId, SignedHead)>> {
    let mut tx = db.read().await?;
    let rows: Vec<HeadRow> = q!(tx, |c| sqlx::query_as("SELECT tenant_id, seq, chain, at, signature FROM audit_heads").fetch_all(c).await)?;
    let head = |HeadRow { tenant_id, seq, chain, at, signature }| (TenantId::new(tenant_id), SignedHead { seq, chain, at: Ts(at), signature });
    Ok(rows.into_iter().map(head).collect())
}
