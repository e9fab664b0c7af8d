//! Requests that carry a key so that they take effect only once: the requests, and the answers they got.

use db::{Tx, q, row};
use domain::{
    id::TenantId,
    time::{DAY, MINUTE, Ts},
};
use uuid::Uuid;

use crate::Result;

/// For this long, a repeated request gets the answer to the first one.
pub const KEEP_MS: i64 = 7 * DAY;
/// The same, for answers that contain a secret shown only once, or personal data.
pub const KEEP_BRIEFLY_MS: i64 = 10 * MINUTE;

/// Whose key it is and for which operation; the same key has no meaning elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestKey {
    /// The actor who makes the request.
    pub actor: Uuid,
    /// The operation: method and path, with the names of its path parameters.
    pub operation: String,
    /// The key chosen by the client.
    pub key: String,
}

impl RequestKey {
    /// The purpose a stored answer is bound to when it is sealed.
    pub fn purpose(&self) -> Vec<u8> {
        [self.actor.as_bytes(), self.operation.as_bytes(), &[0], self.key.as_bytes()].concat()
    }
}

row! {
    /// A request that took effect.
    pub struct Kept {
        /// A digest of its parameters.
        pub fingerprint: Vec<u8>,
        /// The status of the answer; 0 while its transaction is running.
        pub status: i64,
        /// The body of the answer, sealed.
        pub body: Vec<u8>,
    }
}

/// The request made with this key, if it is still stored.
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

/// Claims the key for the current transaction and `keep_ms` milliseconds after it; `false` if it is already claimed. Of two simultaneous claims, the second
/// waits until the first one's transaction ends.
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

/// Stores the answer to a claimed request.
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
