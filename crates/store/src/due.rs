//! What is due for a company at a certain time. Jobs look for what is due, so a company for which nothing is due costs nothing.

use db::{Tx, q};
use domain::{due::DueKind, id::TenantId, time::Ts};
use uuid::Uuid;

use crate::Result;

/// Something that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The company.
    pub tenant: TenantId,
    /// What it is about; the kind says what that is.
    pub subject: Uuid,
    /// When it was due.
    pub at: Ts,
}

/// Sets when something is due, instead of when it was due before, if it was.
pub async fn set(tx: &mut Tx, tenant: TenantId, kind: DueKind, subject: Uuid, at: Ts) -> Result<()> {
    q!(tx, |c| sqlx::query(
        "INSERT INTO due (tenant_id, kind, subject, due_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (tenant_id, kind, subject) DO UPDATE SET due_at = excluded.due_at"
    )
    .bind(tenant.uuid())
    .bind(kind.as_str())
    .bind(subject)
    .bind(at.0)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Notes that something was done which was due: it is due again at a time, or never. If somebody has set another time since it was found, that stays.
pub async fn settle(tx: &mut Tx, tenant: TenantId, kind: DueKind, done: Due, again: Option<Ts>) -> Result<()> {
    let Some(again) = again else {
        q!(tx, |c| sqlx::query("DELETE FROM due WHERE tenant_id = $1 AND kind = $2 AND subject = $3 AND due_at = $4")
            .bind(tenant.uuid())
            .bind(kind.as_str())
            .bind(done.subject)
            .bind(done.at.0)
            .execute(c)
            .await
            .map(drop))?;
        return Ok(());
    };
    q!(tx, |c| sqlx::query("UPDATE due SET due_at = $5 WHERE tenant_id = $1 AND kind = $2 AND subject = $3 AND due_at = $4")
        .bind(tenant.uuid())
        .bind(kind.as_str())
        .bind(done.subject)
        .bind(done.at.0)
        .bind(again.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}
