//! Takes back what entries say. Their numbers, their times and their facts stay.

use domain::{id::TenantId, stream::StreamName};
use uuid::Uuid;

use crate::{Result, Tx, bulk, bulk::Value, q};

/// Why words are taken back: the reason that is kept in place of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Their author took them back.
    Recalled,
    /// They were erased.
    Erased,
}

impl Why {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Recalled => "recalled",
            Self::Erased => "erased",
        }
    }
}

/// The digest of an entry whose words were taken back. Whoever sends it again, because the first answer was lost, gets its numbers: nobody can tell any more whether it
/// says the same.
pub const WITHDRAWN: i64 = 0;

/// Takes back the words of the entries of a stream with these numbers: body, what only the staff saw of it, the customer's name, and the digest of what was sent.
/// Returns how many had any.
pub async fn withdraw(tx: &mut Tx, tenant: TenantId, stream: Uuid, seqs: &[i64], why: Why) -> Result<u64> {
    if seqs.is_empty() {
        return Ok(0);
    }
    let row = |seq: &i64| vec![Value::Uuid(tenant.uuid()), Value::Uuid(stream), Value::Int(Some(*seq)), Value::Text(Some(why.as_str()))];
    let rows: Vec<_> = seqs.iter().map(row).collect();
    let head = "WITH which (tenant_id, stream_id, seq, why) AS (VALUES";
    let tail = ") UPDATE journal_entries SET body_state = 'gone', body = which.why, body_key = NULL, staff = NULL, send_hash = 0,
           actor_name = CASE WHEN actor_kind = 'customer' THEN NULL ELSE actor_name END FROM which
         WHERE journal_entries.tenant_id = which.tenant_id AND journal_entries.stream_id = which.stream_id AND journal_entries.seq = which.seq
           AND body_state <> 'gone'";
    bulk::execute_at_once(tx, head, rows, tail).await
}

/// Whether the words of an entry were taken back, by their author or by an erasure.
pub async fn is_withdrawn(tx: &mut Tx, tenant: TenantId, stream: Uuid, seq: i64) -> Result<bool> {
    let found: Option<(i64,)> =
        q!(tx, |c| sqlx::query_as("SELECT seq FROM journal_entries WHERE tenant_id = $1 AND stream_id = $2 AND seq = $3 AND body_state = 'gone'")
            .bind(tenant.uuid())
            .bind(stream)
            .bind(seq)
            .fetch_optional(c)
            .await)?;
    Ok(found.is_some())
}

/// Writes the body of an entry anew: what is sealed in it was taken back.
pub async fn set_body(tx: &mut Tx, tenant: TenantId, stream: StreamName, seq: i64, body: &str) -> Result<()> {
    q!(tx, |c| sqlx::query("UPDATE journal_entries SET body = $4 WHERE tenant_id = $1 AND stream_id = $2 AND seq = $3 AND body_state = 'plain'")
        .bind(tenant.uuid())
        .bind(stream.id)
        .bind(seq)
        .bind(body)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Gives a visitor's stream another id, under which nobody knows the visitor.
pub async fn rename_visitor(tx: &mut Tx, tenant: TenantId, from: Uuid, to: Uuid) -> Result<()> {
    for sql in [
        "UPDATE journal_entries SET stream_id = $3 WHERE tenant_id = $1 AND stream_id = $2",
        "UPDATE journal_entries SET actor_id = $3 WHERE tenant_id = $1 AND stream_id = $3 AND actor_id = $2",
        "UPDATE journal_heads SET stream_id = $3 WHERE tenant_id = $1 AND stream_id = $2",
        "DELETE FROM journal_marks WHERE tenant_id = $1 AND stream_id IN ($2, $3)",
        "DELETE FROM journal_refusals WHERE tenant_id = $1 AND stream_id IN ($2, $3)",
    ] {
        q!(tx, |c| sqlx::query(sql).bind(tenant.uuid()).bind(from).bind(to).execute(c).await.map(drop))?;
    }
    Ok(())
}
