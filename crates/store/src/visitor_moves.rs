//! Anonymous visitors whose conversations are being moved to an account's own visitor, some at a time.

use db::{Tx, q, row};
use domain::id::{SiteId, TenantId, VisitorId};
use uuid::Uuid;

use crate::Result;

/// A move in progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// The company.
    pub tenant: TenantId,
    /// The visitor whose conversations are moved.
    pub from: VisitorId,
    /// The visitor they are moved to.
    pub into: VisitorId,
    /// The site of both visitors.
    pub site: SiteId,
}

row! {
    /// A row of `visitor_moves`.
    pub(crate) struct Row { pub(crate) tenant_id: Uuid, pub(crate) visitor_id: Uuid, pub(crate) into_id: Uuid, pub(crate) site_id: Uuid }
}

impl From<Row> for Move {
    fn from(row: Row) -> Self {
        let Row { tenant_id, visitor_id, into_id, site_id } = row;
        Self { tenant: TenantId::new(tenant_id), from: VisitorId::new(visitor_id), into: VisitorId::new(into_id), site: SiteId::new(site_id) }
    }
}

/// Records that a move is in progress; repeating it changes nothing.
pub async fn begin(tx: &mut Tx, tenant: TenantId, this: &Move) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| {
        sqlx::query(
            "INSERT INTO visitor_moves (tenant_id, visitor_id, into_id, site_id, begun_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant_id, visitor_id) DO NOTHING",
        )
        .bind(tenant.uuid())
        .bind(this.from.uuid())
        .bind(this.into.uuid())
        .bind(this.site.uuid())
        .bind(now.0)
        .execute(c)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// Records that a move is done.
pub async fn end(tx: &mut Tx, tenant: TenantId, from: VisitorId) -> Result<()> {
    q!(tx, |c| sqlx::query("DELETE FROM visitor_moves WHERE tenant_id = $1 AND visitor_id = $2")
        .bind(tenant.uuid())
        .bind(from.uuid())
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}
