//! The audit of a company: a stream of its own, in which each entry is chained to the one before.

use db::journal;
use domain::{
    entry::{Body, Fact, body::Audited, fact},
    id::{StreamName, TenantId},
    journal::{NewEntry, StreamKind, View},
    time::Ts,
};
use uuid::Uuid;

use crate::{Error, Result, TenantTx};

/// Where an audit ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// Number of the last entry; 0 if there is none.
    pub seq: i64,
    /// When that was.
    pub at: Ts,
    /// What the next one is chained to; empty if there is none.
    pub chain: String,
}

/// The stream that holds the audit of a company.
pub fn stream(tenant: TenantId) -> StreamName {
    StreamName { kind: StreamKind::Audit, id: Uuid::new_v5(&tenant.uuid(), b"audit") }
}

/// Where the company's audit ends. Nobody else appends to it until this transaction is over.
pub async fn end(tx: &mut TenantTx<'_>) -> Result<End> {
    let (tenant, stream) = (tx.tenant(), stream(tx.tenant()));
    journal::lock(tx, &[(tenant.uuid(), stream.id, stream.kind)]).await?;
    let head = journal::head(tx, tenant, stream.id).await?;
    let last = journal::page(tx, tenant, stream, View::Staff, head.seq - 1, 1).await?.pop();
    let chain = match last.map(|entry| entry.body()) {
        None => String::new(),
        Some(Some(Body::Audited(last))) => last.chain,
        Some(_) => return Err(Error::Db(db::Error::Corrupt(format!("{stream} has an end that cannot be read")))),
    };
    Ok(End { seq: head.seq, at: head.last_at, chain })
}

/// Appends to the company's audit, as whoever acts.
pub async fn append(tx: &mut TenantTx<'_>, audited: Audited) -> Result<()> {
    let entry = NewEntry::new(stream(tx.tenant()), tx.tenant(), tx.by(), Body::Audited(audited), Fact::Audited(fact::Nothing {}));
    Ok(journal::note(tx, entry).await?)
}
