//! Refused sends. A refusal is final: a later copy of the send is refused too, even if the rules would accept it by then, because newer sends of the same
//! sender may already be in the stream.

use domain::{
    id::TenantId,
    opening_hours::Service,
    refusal::{Code, Refusal},
    stream::{StreamKind, StreamName},
    time::{DAY, Ts},
};
use uuid::Uuid;

use super::{head, lock};
use crate::{Result, Tx, q, row};

/// How long a refusal is remembered, in milliseconds; this is longer than any client repeats a send.
pub const KEPT_MS: i64 = 30 * DAY;
/// The most refusals remembered for one sender in one conversation; a customer has the same limit in total.
pub const MOST: i64 = 200;

/// The send that was refused.
#[derive(Debug, Clone, Copy)]
pub struct RefusedSend {
    /// The company that the stream belongs to.
    pub tenant: TenantId,
    /// The stream it was sent to.
    pub stream: Uuid,
    /// The sender's own id for it.
    pub client_id: Uuid,
    /// The visitor or the member of staff.
    pub sender: Uuid,
    /// A digest of what was sent.
    pub send_hash: i64,
    /// The stream under whose lock the sender begins new streams, if the sender chooses the ids of the streams it sends to: then all its refusals are counted
    /// together.
    pub begins_under: Option<StreamName>,
}

row! {
    struct RefusalRow { actor_id: Uuid, send_hash: i64, code: String, opens_at: Option<i64>, promised_by: Option<i64> }
}

/// The refusal that an earlier copy of a send received; `client_id_reused` if that was a different send.
pub async fn refusal_of(tx: &mut Tx, send: &RefusedSend) -> Result<Option<Refusal>> {
    let row: Option<RefusalRow> = q!(tx, |c| sqlx::query_as(
        "SELECT actor_id, send_hash, code, opens_at, promised_by FROM journal_refusals WHERE tenant_id = $1 AND stream_id = $2 AND client_id = $3"
    )
    .bind(send.tenant.uuid())
    .bind(send.stream)
    .bind(send.client_id)
    .fetch_optional(c)
    .await)?;
    Ok(row.map(|row| {
        let RefusalRow { actor_id, send_hash, code, opens_at, promised_by } = row;
        match Code::parse(&code).and_then(Refusal::remembered) {
            Some(refusal) if actor_id == send.sender && send_hash == send.send_hash => {
                let service = (code == "closed").then_some(Service { open: false, opens_at: opens_at.map(Ts), promised_by: promised_by.map(Ts) });
                Refusal { service, ..refusal }
            }
            _ => Refusal::new(Code::ClientIdReused),
        }
    }))
}

/// Remembers that a send is refused. Returns whether the refusal is final: it is not if the sender has no room left for refusals, or if another node has stored
/// the send in the meantime; then the sender has to repeat it later.
///
/// The locks under which it was decided were released with their savepoint, so they are taken again: the lock of the stream, or, before the stream exists, the
/// one under which it is begun.
pub async fn remember(tx: &mut Tx, send: &RefusedSend, refusal: &Refusal) -> Result<bool> {
    let mut exists = head(tx, send.tenant, send.stream).await?.seq > 0;
    if let (false, Some(StreamName { kind, id })) = (exists, send.begins_under) {
        lock(tx, &[(send.tenant.uuid(), id, kind)]).await?;
        exists = head(tx, send.tenant, send.stream).await?.seq > 0;
    }
    if exists {
        lock(tx, &[(send.tenant.uuid(), send.stream, StreamKind::Conversation)]).await?;
    }
    let (known, stored, filled): (i64, i64, i64) = q!(tx, |c| sqlx::query_as(
        "SELECT (SELECT COUNT(*) FROM journal_refusals WHERE tenant_id = $1 AND stream_id = $2 AND client_id = $3),
                (SELECT COUNT(*) FROM journal_entries WHERE tenant_id = $1 AND stream_id = $2 AND client_id = $3),
                (SELECT COUNT(*) FROM journal_refusals WHERE tenant_id = $1 AND actor_id = $4 AND (stream_id = $2 OR $5 = 1))"
    )
    .bind(send.tenant.uuid())
    .bind(send.stream)
    .bind(send.client_id)
    .bind(send.sender)
    .bind(i64::from(send.begins_under.is_some()))
    .fetch_one(c)
    .await)?;
    // A stream that does not exist cannot contain anything newer.
    if known > 0 || (!exists && send.begins_under.is_none()) {
        return Ok(true);
    }
    if stored > 0 || filled >= MOST {
        return Ok(false);
    }
    // An append that began before this one must not commit beside it ([`super::append_alone`]): it finds a new row.
    q!(tx, |c| sqlx::query("UPDATE journal_heads SET seq = seq WHERE tenant_id = $1 AND stream_id = $2")
        .bind(send.tenant.uuid())
        .bind(send.stream)
        .execute(c)
        .await
        .map(drop))?;
    let now = tx.now();
    q!(tx, |c| {
        sqlx::query(
        "INSERT INTO journal_refusals (tenant_id, stream_id, client_id, actor_id, send_hash, code, opens_at, promised_by, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    )
    .bind(send.tenant.uuid())
    .bind(send.stream)
    .bind(send.client_id)
    .bind(send.sender)
    .bind(send.send_hash)
    .bind(refusal.code.as_str())
    .bind(refusal.service.and_then(|service| service.opens_at).map(|at| at.0))
    .bind(refusal.service.and_then(|service| service.promised_by).map(|at| at.0))
    .bind(now.0)
    .execute(c)
    .await
    .map(drop)
    })?;
    Ok(true)
}

/// Deletes refusals, of all companies, that have been kept long enough, at most `limit`; returns how many were deleted.
pub async fn forget(tx: &mut Tx, limit: i64) -> Result<u64> {
    let before = tx.now().plus(-KEPT_MS);
    let forgotten = q!(tx, |c| {
        sqlx::query(
        "DELETE FROM journal_refusals WHERE (tenant_id, stream_id, client_id) IN (SELECT tenant_id, stream_id, client_id FROM journal_refusals WHERE at < $1 LIMIT $2)"
    )
    .bind(before.0)
    .bind(limit)
    .execute(c)
    .await
    .map(|done| done.rows_affected())
    })?;
    Ok(forgotten)
}
