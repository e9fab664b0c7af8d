//! Requests that carry a key and are not to have an effect twice: what they were, and what they were answered.

use db::{Tx, q, row};
use domain::{
    id::TenantId,
    time::{DAY, MINUTE, Ts},
};
use uuid::Uuid;

use crate::Result;

/// A repeated request is answered as the first one for this long.
pub const KEEP_MS: i64 = 7 * DAY;
/// The same where the answer holds a secret that is shown once, or personal data.
pub const KEEP_BRIEFLY_MS: i64 = 10 * MINUTE;

/// Whose key it is, and for what: the same key means nothing elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestKey {
    /// Who asks.
    pub actor: Uuid,
    /// Which operation: method and path, with the names of its parts.
    pub operation: String,
    /// The key that the client chose.
    pub key: String,
}

impl RequestKey {
    /// What a kept answer is bound to when it is sealed.
    pub fn purpose(&self) -> Vec<u8> {
        [self.actor.as_bytes(), self.operation.as_bytes(), &[0], self.key.as_bytes()].concat()
    }
}

row! {
    /// A request that had its effect.
    pub struct Kept {
        /// A digest of its parameters.
        pub fingerprint: Vec<u8>,
        /// The status it was answered with; 0 while its transaction goes on.
        pub status: i64,
        /// The body it was answered with, sealed.
        pub body: Vec<u8>,
    }
}

/// The request that was made with this key, if it is not forgotten.
pub async fn find(tx: &mut Tx, tenant: TenantId, key: &RequestKey, now: Ts) -> Result<Option<Kept>> {
    let found: Option<Kept> = q!(tx, |c| {
        sqlx::query_as(
            "SELECT fingerprint, status, body FROM request_keys WHERE tenant_id = $1 AND actor_id = $2 AND operation = $3 AND key = $4 AND expires_at > $5",
        )
        .bind(tenant.uuid())
        .bind(key.actor)
        .bind(&key.operation)
        .bind(&key.key)
        .bind(now.0)
        .fetch_optional(c)
        .await
    })?;
    Ok(found)
}

/// Takes the key for the transaction this is part of and so many milliseconds after it; `false` if it is taken. Of two at once the second one waits for the first
/// one's end.
pub async fn claim(tx: &mut Tx, tenant: TenantId, key: &RequestKey, fingerprint: &[u8], keep_ms: i64) -> Result<bool> {
    let now = tx.now();
    q!(tx, |c| sqlx::query("DELETE FROM request_keys WHERE tenant_id = $1 AND actor_id = $2 AND operation = $3 AND key = $4 AND expires_at <= $5")
        .bind(tenant.uuid())
        .bind(key.actor)
        .bind(&key.operation)
        .bind(&key.key)
        .bind(now.0)
        .execute(c)
        .await
        .map(drop))?;
    let claimed = q!(tx, |c| sqlx::query(
        "INSERT INTO request_keys (tenant_id, actor_id, operation, key, fingerprint, status, body, expires_at) VALUES ($1, $2, $3, $4, $5, 0, $6, $7)
         ON CONFLICT (tenant_id, actor_id, operation, key) DO NOTHING"
    )
    .bind(tenant.uuid())
    .bind(key.actor)
    .bind(&key.operation)
    .bind(&key.key)
    .bind(fingerprint)
    .bind(&b""[..])
    .bind(now.plus(keep_ms).0)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(claimed == 1)
}

/// Notes what a claimed request is answered.
pub async fn keep(tx: &mut Tx, tenant: TenantId, key: &RequestKey, status: u16, body: &[u8]) -> Result<()> {
    q!(tx, |c| sqlx::query("UPDATE request_keys SET status = $5, body = $6 WHERE tenant_id = $1 AND actor_id = $2 AND operation = $3 AND key = $4")
        .bind(tenant.uuid())
        .bind(key.actor)
        .bind(&key.operation)
        .bind(&key.key)
        .bind(i64::from(status))
        .bind(body)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}
