//! The audit log of a company: a stream of its own in which each entry is chained to the previous one, the signature of its end, and what it is searched by.

use db::{Tx, journal, q, row};
use domain::{
    entry::{Body, EntryKind, Fact, body::Audited, fact},
    id::TenantId,
    journal::{Actor, ActorKind, NewEntry, View},
    stream::StreamName,
    time::Ts,
};
use uuid::Uuid;

use crate::{Result, TenantTx, access};

/// The end of an audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// The number of the last entry; 0 if there is none.
    pub seq: i64,
    /// The time of the last entry.
    pub at: Ts,
    /// The value the next entry is chained to; empty if there is none.
    pub chain: String,
    /// The end that was signed last; `None` before the first signature.
    pub signed: Option<SignedHead>,
    /// Whether the last entry can be read, and the log contains the end that was signed last.
    pub is_whole: bool,
}

/// An end of an audit log, as it was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedHead {
    /// The number of the last entry.
    pub seq: i64,
    /// Its chain.
    pub chain: String,
    /// When it was signed.
    pub at: Ts,
    /// The signature: a keyed digest.
    pub signature: String,
}

/// An entry that is ready to be appended, and the signature of the log that ends with it.
#[derive(Debug, Clone)]
pub struct Chained {
    /// The entry.
    pub entry: Audited,
    /// When the end is signed: the time of the entry.
    pub at: Ts,
    /// The signature.
    pub signature: String,
}

row! {
    struct HeadRow { seq: i64, chain: String, at: i64, signature: String }
}

impl From<HeadRow> for SignedHead {
    fn from(HeadRow { seq, chain, at, signature }: HeadRow) -> Self {
        Self { seq, chain, at: Ts(at), signature }
    }
}

impl TenantTx<'_> {
    /// Appends to the company's audit log, on behalf of the acting member, the entry `chained`
    /// builds from the current end. No other transaction can append until this one is over.
    pub async fn audit(&mut self, chained: impl FnOnce(&Self, &End) -> Chained) -> Result<()> {
        let tenant = self.tenant();
        let stream = stream_of(self, tenant).await?;
        journal::lock(self, &[(tenant.uuid(), stream.id, stream.kind)]).await?;
        let end = end_of(self, tenant, stream).await?;
        let Chained { entry, at, signature } = chained(self, &end);
        let (seq, by) = (end.seq + 1, self.by());
        index(self, tenant, seq, at, by.id, &entry).await?;
        sign(self, tenant, &SignedHead { seq, chain: entry.chain.clone(), at, signature }).await?;
        let entry = NewEntry::new(stream, tenant, by, Body::Audited(entry), Fact::Audited(fact::Nothing {}));
        Ok(journal::note(self, entry).await?)
    }
}

/// The stream of a company's audit log.
pub async fn stream_of(tx: &mut Tx, tenant: TenantId) -> Result<StreamName> {
    Ok(StreamName::audit(access::stream(tx, tenant).await?.id))
}

/// The end of an audit log. Whoever appends to it holds the stream's lock.
pub async fn end_of(tx: &mut Tx, tenant: TenantId, stream: StreamName) -> Result<End> {
    let head = journal::head(tx, tenant, stream.id).await?;
    let (last, signed) = (chain_at(tx, tenant, stream, head.seq).await?, signed_head(tx, tenant).await?);
    let is_whole = match &signed {
        _ if last.is_none() => false,
        None => true,
        Some(signed) if signed.seq == head.seq => last.as_ref() == Some(&signed.chain),
        Some(signed) if signed.seq < head.seq => chain_at(tx, tenant, stream, signed.seq).await?.as_ref() == Some(&signed.chain),
        Some(_) => false,
    };
    Ok(End { seq: head.seq, at: head.last_at, chain: last.unwrap_or_default(), signed, is_whole })
}

/// The chain of an entry of an audit log: empty for 0, `None` if there is no such entry or it cannot be read.
pub async fn chain_at(tx: &mut Tx, tenant: TenantId, stream: StreamName, seq: i64) -> Result<Option<String>> {
    if seq == 0 {
        return Ok(Some(String::new()));
    }
    let found = journal::page(tx, tenant, stream, View::Staff, seq - 1, 1).await?.pop().filter(|entry| entry.seq == seq);
    Ok(match found.and_then(|entry| entry.body()) {
        Some(Body::Audited(entry)) => Some(entry.chain),
        _ => None,
    })
}

/// The end that was signed last.
pub async fn signed_head(tx: &mut Tx, tenant: TenantId) -> Result<Option<SignedHead>> {
    let row: Option<HeadRow> =
        q!(tx, |c| sqlx::query_as("SELECT seq, chain, at, signature FROM audit_heads WHERE tenant_id = $1").bind(tenant.uuid()).fetch_optional(c).await)?;
    Ok(row.map(SignedHead::from))
}

/// Keeps the signature of an end in place of the former one.
pub async fn sign(tx: &mut Tx, tenant: TenantId, head: &SignedHead) -> Result<()> {
    q!(tx, |c| sqlx::query(
        "INSERT INTO audit_heads (tenant_id, seq, chain, at, signature) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (tenant_id) DO UPDATE SET seq = excluded.seq, chain = excluded.chain, at = excluded.at, signature = excluded.signature"
    )
    .bind(tenant.uuid())
    .bind(head.seq)
    .bind(&head.chain)
    .bind(head.at.0)
    .bind(&head.signature)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

async fn index(tx: &mut Tx, tenant: TenantId, seq: i64, at: Ts, actor: Option<Uuid>, entry: &Audited) -> Result<()> {
    // What was cut from the end left its row here, which is of no use to the search.
    q!(tx, |c| sqlx::query(
        "INSERT INTO audit_index (tenant_id, seq, at, actor_id, operation, object) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (tenant_id, seq) DO UPDATE SET at = excluded.at, actor_id = excluded.actor_id, operation = excluded.operation, object = excluded.object"
    )
    .bind(tenant.uuid())
    .bind(seq)
    .bind(at.0)
    .bind(actor)
    .bind(&entry.operation)
    .bind(entry.object())
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

row! {
    /// What an entry is searched by.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Indexed {
        /// The number of the entry.
        pub seq: i64,
        /// Its time, in milliseconds since 1970.
        pub at: i64,
        /// Who did it.
        pub actor_id: Option<Uuid>,
        /// What was done.
        pub operation: String,
        /// What it was done to.
        pub object: Option<String>,
    }
}

/// What the entries after a number are searched by, at most `limit`; rows of entries that are missing are left out.
pub async fn index_after(tx: &mut Tx, tenant: TenantId, after: i64, limit: i64) -> Result<Vec<Indexed>> {
    let stream = stream_of(tx, tenant).await?;
    Ok(q!(tx, |c| sqlx::query_as(
        "SELECT i.seq, i.at, i.actor_id, i.operation, i.object
         FROM audit_index i JOIN journal_entries e ON e.tenant_id = i.tenant_id AND e.stream_id = $2 AND e.seq = i.seq
         WHERE i.tenant_id = $1 AND i.seq > $3 ORDER BY i.seq LIMIT $4"
    )
    .bind(tenant.uuid())
    .bind(stream.id)
    .bind(after)
    .bind(limit)
    .fetch_all(c)
    .await)?)
}

/// What is looked for in an audit log.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// Who did it.
    pub person: Option<Uuid>,
    /// What it was done to.
    pub object: Option<String>,
    /// What was done.
    pub operation: Option<String>,
    /// From this time on.
    pub from: Option<Ts>,
    /// Before this time.
    pub to: Option<Ts>,
}

/// An entry of an audit log.
#[derive(Debug, Clone)]
pub struct Found {
    /// Its number.
    pub seq: i64,
    /// When it was done.
    pub at: Ts,
    /// Who did it.
    pub by: Actor,
    /// What was done; `None` if the entry cannot be read.
    pub entry: Option<Audited>,
}

row! {
    struct FoundRow { seq: i64, at: i64, actor_kind: String, actor_id: Option<Uuid>, actor_name: Option<String>, body: Option<String> }
}

impl From<FoundRow> for Found {
    fn from(FoundRow { seq, at, actor_kind, actor_id, actor_name, body }: FoundRow) -> Self {
        let entry = body.and_then(|body| match Body::read(EntryKind::Audited, &body, None) {
            Ok(Body::Audited(entry)) => Some(entry),
            _ => None,
        });
        let kind = ActorKind::parse(&actor_kind).unwrap_or(ActorKind::System);
        Self { seq, at: Ts(at), by: Actor { kind, id: actor_id, name: actor_name }, entry }
    }
}

/// The statement of a search with this condition.
macro_rules! search_sql {
    ($wanted:literal) => {
        concat!(
            "SELECT e.seq, e.at, e.actor_kind, e.actor_id, e.actor_name, e.body
             FROM audit_index i JOIN journal_entries e ON e.tenant_id = i.tenant_id AND e.stream_id = $2 AND e.seq = i.seq
             WHERE i.tenant_id = $1 AND i.seq < $3 AND i.at >= $4 AND i.at < $5 AND ",
            $wanted,
            " ORDER BY i.seq DESC LIMIT $9"
        )
    };
}

/// The entries that fit, before a number, the newest first, at most `limit`.
pub async fn search(tx: &mut Tx, tenant: TenantId, wanted: &Search, before: i64, limit: i64) -> Result<Vec<Found>> {
    let stream = stream_of(tx, tenant).await?;
    let Search { person, object, operation, from, to } = wanted;
    // What is looked for is in an index of its own, which an alternative to it (`$6 IS NULL OR …`) would keep the engine from using.
    let sql = match wanted {
        Search { object: Some(_), .. } => search_sql!("($6 IS NULL OR i.actor_id = $6) AND i.object = $7 AND ($8 IS NULL OR i.operation = $8)"),
        Search { person: Some(_), .. } => search_sql!("i.actor_id = $6 AND ($7 IS NULL OR i.object = $7) AND ($8 IS NULL OR i.operation = $8)"),
        Search { operation: Some(_), .. } => search_sql!("($6 IS NULL OR i.actor_id = $6) AND ($7 IS NULL OR i.object = $7) AND i.operation = $8"),
        _ => search_sql!("($6 IS NULL OR i.actor_id = $6) AND ($7 IS NULL OR i.object = $7) AND ($8 IS NULL OR i.operation = $8)"),
    };
    let rows: Vec<FoundRow> = q!(tx, |c| sqlx::query_as(sql)
        .bind(tenant.uuid())
        .bind(stream.id)
        .bind(before)
        .bind(from.map_or(i64::MIN, |from| from.0))
        .bind(to.map_or(i64::MAX, |to| to.0))
        .bind(*person)
        .bind(object.as_deref())
        .bind(operation.as_deref())
        .bind(limit)
        .fetch_all(c)
        .await)?;
    Ok(rows.into_iter().map(Found::from).collect())
}

/// The people who occur in an audit log, each with the name they had last.
pub async fn people(tx: &mut Tx, tenant: TenantId) -> Result<Vec<(Uuid, String)>> {
    let stream = stream_of(tx, tenant).await?;
    Ok(q!(tx, |c| {
        sqlx::query_as(
        "SELECT e.actor_id, e.actor_name FROM (SELECT actor_id, MAX(seq) AS seq FROM audit_index WHERE tenant_id = $1 AND actor_id IS NOT NULL GROUP BY actor_id) l
         JOIN journal_entries e ON e.tenant_id = $1 AND e.stream_id = $2 AND e.seq = l.seq
         WHERE e.actor_id IS NOT NULL AND e.actor_name IS NOT NULL ORDER BY e.actor_name, e.actor_id"
    )
    .bind(tenant.uuid())
    .bind(stream.id)
    .fetch_all(c)
    .await
    })?)
}

/// The operations that occur in an audit log.
pub async fn operations(tx: &mut Tx, tenant: TenantId) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = q!(tx, |c| sqlx::query_as("SELECT DISTINCT operation FROM audit_index WHERE tenant_id = $1 ORDER BY operation")
        .bind(tenant.uuid())
        .fetch_all(c)
        .await)?;
    Ok(rows.into_iter().map(|(operation,)| operation).collect())
}
