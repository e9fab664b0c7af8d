//! Codes and links that prove someone's identity: sent once, valid for minutes, usable once.

use db::{Tx, q, row};
use domain::{
    customer::{CODE_MS, CODE_TRIES},
    id::{CustomerId, TenantId},
    time::Ts,
};
use store::Result;
use uuid::Uuid;

/// The purpose of a code or link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To prove an address or number when registering.
    Register,
    /// To choose a new password.
    Recover,
    /// To confirm one's identity again before a sensitive action.
    StepUp,
    /// To prove a new address or number.
    Change,
}

impl Purpose {
    /// The stored form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Recover => "recover",
            Self::StepUp => "step_up",
            Self::Change => "change",
        }
    }
}

/// A code or link that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCode {
    /// The hash of the handle it is found by: a secret returned to the requester, or contained in the link.
    pub handle_hash: Vec<u8>,
    /// The purpose.
    pub purpose: Purpose,
    /// The customer it belongs to, if there is one.
    pub customer: Option<CustomerId>,
    /// The hash of the digits; `None` for a link, which has none.
    pub code_hash: Option<Vec<u8>>,
    /// The action to take once it is verified, sealed.
    pub payload: Option<Vec<u8>>,
}

/// The result of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tried {
    /// It is right, and now used up.
    Right {
        /// The customer it belongs to, if any.
        customer: Option<CustomerId>,
        /// The action to take, sealed.
        payload: Option<Vec<u8>>,
    },
    /// The digits are wrong.
    Wrong {
        /// The number of attempts left.
        left: i64,
    },
    /// It was used before, or there were too many wrong attempts.
    Spent,
    /// It has expired.
    Expired,
    /// There is no such code or link.
    Unknown,
}

row! {
    struct Row { customer_id: Option<Uuid>, code_hash: Option<Vec<u8>>, payload: Option<Vec<u8>>, tries: i64 }
}

/// Stores a code or link. Returns when it expires.
pub async fn insert(tx: &mut Tx, tenant: TenantId, code: &NewCode) -> Result<Ts> {
    let now = tx.now();
    let until = now.plus(CODE_MS);
    q!(tx, |c| {
        sqlx::query(
            "INSERT INTO customer_codes (handle_hash, tenant_id, purpose, customer_id, code_hash, payload, tries, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8)",
        )
        .bind(&code.handle_hash[..])
        .bind(tenant.uuid())
        .bind(code.purpose.as_str())
        .bind(code.customer.map(CustomerId::uuid))
        .bind(code.code_hash.clone())
        .bind(code.payload.clone())
        .bind(now.0)
        .bind(until.0)
        .execute(c)
        .await
        .map(drop)
    })?;
    Ok(until)
}

/// Tries a code or link. `code_hashes` are the hashes the typed digits may have, empty for a link.
/// Every attempt counts; of several simultaneous right ones exactly one is [`Tried::Right`].
pub async fn attempt(tx: &mut Tx, tenant: TenantId, purpose: Purpose, handle_hash: &[u8], code_hashes: &[Vec<u8>]) -> Result<Tried> {
    let now = tx.now();
    // The row stays locked until the commit, so attempts run one after the other.
    let found: Option<Row> = q!(tx, |c| {
        sqlx::query_as(
        "UPDATE customer_codes SET tries = tries + 1 WHERE tenant_id = $1 AND handle_hash = $2 AND purpose = $3 AND spent_at IS NULL AND expires_at > $4 AND tries < $5
         RETURNING customer_id, code_hash, payload, tries"
    )
    .bind(tenant.uuid())
    .bind(handle_hash)
    .bind(purpose.as_str())
    .bind(now.0)
    .bind(CODE_TRIES)
    .fetch_optional(c)
    .await
    })?;
    let Some(Row { customer_id, code_hash: wanted, payload, tries }) = found else { return why_not(tx, tenant, purpose, handle_hash).await };
    let is_right = wanted.map_or(code_hashes.is_empty(), |wanted| code_hashes.contains(&wanted));
    if !is_right {
        return Ok(Tried::Wrong { left: CODE_TRIES - tries });
    }
    q!(tx, |c| sqlx::query("UPDATE customer_codes SET spent_at = $3 WHERE tenant_id = $1 AND handle_hash = $2")
        .bind(tenant.uuid())
        .bind(handle_hash)
        .bind(now.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(Tried::Right { customer: customer_id.map(CustomerId::new), payload })
}

/// Why a code or link cannot be used; `None` while it can be tried. This does not count as an attempt.
pub async fn refusal(tx: &mut Tx, tenant: TenantId, purpose: Purpose, handle_hash: &[u8]) -> Result<Option<Tried>> {
    let now = tx.now();
    let standing: Option<(i64,)> = q!(tx, |c| {
        sqlx::query_as(
            "SELECT tries FROM customer_codes WHERE tenant_id = $1 AND handle_hash = $2 AND purpose = $3 AND spent_at IS NULL AND expires_at > $4 AND tries < $5",
        )
        .bind(tenant.uuid())
        .bind(handle_hash)
        .bind(purpose.as_str())
        .bind(now.0)
        .bind(CODE_TRIES)
        .fetch_optional(c)
        .await
    })?;
    if standing.is_some() { Ok(None) } else { why_not(tx, tenant, purpose, handle_hash).await.map(Some) }
}

async fn why_not(tx: &mut Tx, tenant: TenantId, purpose: Purpose, handle_hash: &[u8]) -> Result<Tried> {
    let now = tx.now();
    let row: Option<(i64, Option<i64>, i64)> =
        q!(tx, |c| sqlx::query_as("SELECT expires_at, spent_at, tries FROM customer_codes WHERE tenant_id = $1 AND handle_hash = $2 AND purpose = $3")
            .bind(tenant.uuid())
            .bind(handle_hash)
            .bind(purpose.as_str())
            .fetch_optional(c)
            .await)?;
    Ok(match row {
        None => Tried::Unknown,
        Some((until, None, tries)) if until <= now.0 && tries < CODE_TRIES => Tried::Expired,
        Some(_) => Tried::Spent,
    })
}

/// Whether digits that were sent to a customer can still be typed.
pub async fn is_awaited(tx: &mut Tx, tenant: TenantId, customer: CustomerId) -> Result<bool> {
    let now = tx.now();
    let found: Option<(i64,)> = q!(tx, |c| {
        sqlx::query_as(
            "SELECT tries FROM customer_codes WHERE tenant_id = $1 AND code_hash IS NOT NULL AND spent_at IS NULL AND expires_at > $2 AND tries < $3
               AND customer_id = $4 LIMIT 1",
        )
        .bind(tenant.uuid())
        .bind(now.0)
        .bind(CODE_TRIES)
        .bind(customer.uuid())
        .fetch_optional(c)
        .await
    })?;
    Ok(found.is_some())
}

/// Invalidates everything that was sent to a customer, because the password has changed.
pub async fn spend_all(tx: &mut Tx, tenant: TenantId, customer: CustomerId) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query("UPDATE customer_codes SET spent_at = $3 WHERE tenant_id = $1 AND customer_id = $2 AND spent_at IS NULL")
        .bind(tenant.uuid())
        .bind(customer.uuid())
        .bind(now.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}
