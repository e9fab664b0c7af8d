//! Attempts to sign in by way of an identity provider, which says to which of them its answer belongs.

use db::{Db, q};
use domain::{id::TenantId, time::Ts};
use uuid::Uuid;

use crate::Result;

/// An attempt to sign in by way of an identity provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignOnAttempt {
    /// The company.
    pub tenant: TenantId,
    /// The hash of the secret in the cookie of the browser that began it.
    pub browser_hash: Vec<u8>,
    /// The time until which it can be used.
    pub expires_at: Ts,
}

/// The attempt whose state has this hash, whether or not it was used.
pub async fn sign_on_attempt(db: &Db, state_hash: &[u8]) -> Result<Option<SignOnAttempt>> {
    let mut tx = db.read().await?;
    let row: Option<(Uuid, Vec<u8>, i64)> =
        q!(tx, |c| sqlx::query_as("SELECT tenant_id, browser_hash, expires_at FROM single_sign_on_attempts WHERE state_hash = $1")
            .bind(state_hash)
            .fetch_optional(c)
            .await)?;
    Ok(row.map(|(tenant, browser_hash, until)| SignOnAttempt { tenant: TenantId::new(tenant), browser_hash, expires_at: Ts(until) }))
}
