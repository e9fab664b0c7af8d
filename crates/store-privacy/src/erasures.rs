//! What was erased, and what is to be.

use db::{Tx, q, row};
use domain::{
    erasure::{Erased, ErasureKind, ErasureReason, ErasureState},
    id::{AgentId, ErasureId, TenantId},
    time::Ts,
};
use store::{Error, Result};
use uuid::Uuid;

use crate::Places;

/// An erasure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// Its id.
    pub id: ErasureId,
    /// Its kind.
    pub kind: ErasureKind,
    /// What is erased; `None` once it leads to nobody any more.
    pub subject: Option<Erased>,
    /// The keyed digest of a visitor's id, by which the visitor is known again if a backup brings them back.
    pub mark: Option<String>,
    /// Why.
    pub reason: ErasureReason,
    /// How far it is.
    pub state: ErasureState,
    /// The member who asked for it; `None` if it was the customer, the terminal or the program.
    pub asked_by: Option<AgentId>,
    /// Who asked for it: a member's name, or `customer`, `terminal`, `system`.
    pub asked_name: String,
    /// When it was asked for.
    pub asked_at: Ts,
    /// The name of the second person, if there is one.
    pub decided_name: Option<String>,
    /// When they decided.
    pub decided_at: Option<Ts>,
    /// When it was done.
    pub done_at: Option<Ts>,
    /// What was erased so far.
    pub places: Places,
    /// The signature of the proof.
    pub signature: Option<String>,
    /// What still leads to the person while it is being done.
    pub traces: Option<String>,
}

impl Erasure {
    /// One that begins at once, asked for by a member or by somebody else with this name.
    pub fn new(id: ErasureId, subject: Erased, reason: ErasureReason, (asked_by, asked_name): (Option<AgentId>, &str), at: Ts) -> Self {
        let begun = Self { asked_by, asked_name: asked_name.to_owned(), ..Self::by_rule(id, at) };
        Self { kind: subject.kind(), subject: Some(subject), reason, ..begun }
    }

    /// One of what the company does not keep any longer; it begins at once.
    pub fn by_rule(id: ErasureId, at: Ts) -> Self {
        Self {
            id,
            kind: ErasureKind::Rule,
            subject: None,
            mark: None,
            reason: ErasureReason::Retention,
            state: ErasureState::Running,
            asked_by: None,
            asked_name: "system".to_owned(),
            asked_at: at,
            decided_name: None,
            decided_at: None,
            done_at: None,
            places: Places::new(),
            signature: None,
            traces: None,
        }
    }
}

row! {
    struct Row {
        id: Uuid, kind: String, subject: Option<Uuid>, seq: Option<i64>, mark: Option<String>, reason: String, state: String, asked_by: Option<Uuid>, asked_name: String, asked_at: i64,
        decided_name: Option<String>, decided_at: Option<i64>, done_at: Option<i64>, places: String, signature: Option<String>, traces: Option<String>,
    }
}

impl TryFrom<Row> for Erasure {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        let Row { id, kind, subject, seq, mark, reason, state, asked_by, asked_name, asked_at, decided_name, decided_at, done_at, places, signature, traces } =
            row;
        let corrupt = |what: &str| Error::Db(db::Error::Corrupt(format!("erasure {what}")));
        let kind = ErasureKind::parse(&kind).ok_or_else(|| corrupt("kind"))?;
        Ok(Self {
            id: ErasureId::new(id),
            kind,
            subject: subject.and_then(|id| Erased::of(kind, id, seq)),
            mark,
            reason: ErasureReason::parse(&reason).ok_or_else(|| corrupt("reason"))?,
            state: ErasureState::parse(&state).ok_or_else(|| corrupt("state"))?,
            asked_by: asked_by.map(AgentId::new),
            asked_name,
            asked_at: Ts(asked_at),
            decided_name,
            decided_at: decided_at.map(Ts),
            done_at: done_at.map(Ts),
            places: serde_json::from_str(&places).map_err(|_| corrupt("places"))?,
            signature,
            traces,
        })
    }
}

macro_rules! rows {
    ($($rest:tt)+) => {
        concat!(
            "SELECT id, kind, subject, seq, mark, reason, state, asked_by, asked_name, asked_at, decided_name, decided_at, done_at, places, signature, traces
             FROM erasures WHERE tenant_id = $1 ",
            $($rest)+
        )
    };
}

/// Stores an erasure.
pub async fn insert(tx: &mut Tx, tenant: TenantId, new: &Erasure) -> Result<()> {
    q!(tx, |c| sqlx::query(
        "INSERT INTO erasures (tenant_id, id, kind, subject, seq, reason, state, asked_by, asked_name, asked_at, places, traces, mark)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '{}', $11, $12)"
    )
    .bind(tenant.uuid())
    .bind(new.id.uuid())
    .bind(new.kind.as_str())
    .bind(new.subject.map(Erased::uuid))
    .bind(new.subject.and_then(Erased::seq))
    .bind(new.reason.as_str())
    .bind(new.state.as_str())
    .bind(new.asked_by.map(AgentId::uuid))
    .bind(&new.asked_name)
    .bind(new.asked_at.0)
    .bind(new.traces.as_deref())
    .bind(new.mark.as_deref())
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// An erasure; [`Error::NotFound`] if there is none.
pub async fn get(tx: &mut Tx, tenant: TenantId, id: ErasureId) -> Result<Erasure> {
    let row: Option<Row> = q!(tx, |c| sqlx::query_as(rows!("AND id = $2")).bind(tenant.uuid()).bind(id.uuid()).fetch_optional(c).await)?;
    row.ok_or(Error::NotFound)?.try_into()
}

/// The erasure of the same thing that waits or is being done, if there is one.
pub async fn open_of(tx: &mut Tx, tenant: TenantId, subject: Erased) -> Result<Option<Erasure>> {
    let row: Option<Row> = q!(tx, |c| sqlx::query_as(rows!(
        "AND kind = $2 AND subject = $3 AND COALESCE(seq, 0) = $4 AND state IN ('waiting', 'running') ORDER BY asked_at LIMIT 1"
    ))
    .bind(tenant.uuid())
    .bind(subject.kind().as_str())
    .bind(subject.uuid())
    .bind(subject.seq().unwrap_or(0))
    .fetch_optional(c)
    .await)?;
    row.map(Erasure::try_from).transpose()
}

/// The erasures of a company, most recently asked for first, after a place in that order.
pub async fn list(tx: &mut Tx, tenant: TenantId, after: Option<(Ts, Uuid)>, limit: i64) -> Result<Vec<Erasure>> {
    let (at, id) = after.unwrap_or((Ts(i64::MAX), Uuid::max()));
    let rows: Vec<Row> = q!(tx, |c| sqlx::query_as(rows!("AND (asked_at, id) < ($2, $3) ORDER BY asked_at DESC, id DESC LIMIT $4"))
        .bind(tenant.uuid())
        .bind(at.0)
        .bind(id)
        .bind(limit)
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(Erasure::try_from).collect()
}

/// Whether the erasing of something began at a time or later.
pub async fn began_since(tx: &mut Tx, tenant: TenantId, since: Ts) -> Result<bool> {
    let found: Option<(Uuid,)> = q!(tx, |c| sqlx::query_as(
        "SELECT id FROM erasures WHERE tenant_id = $1 AND state IN ('running', 'done') AND COALESCE(decided_at, asked_at) >= $2 LIMIT 1"
    )
    .bind(tenant.uuid())
    .bind(since.0)
    .fetch_optional(c)
    .await)?;
    Ok(found.is_some())
}

/// Decides about an erasure that waits; [`Error::Stale`] if somebody else has decided.
pub async fn decide(tx: &mut Tx, tenant: TenantId, id: ErasureId, state: ErasureState, by: AgentId, name: &str) -> Result<()> {
    let now = tx.now();
    let changed = q!(tx, |c| sqlx::query(
        "UPDATE erasures SET state = $3, decided_by = $4, decided_name = $5, decided_at = $6 WHERE tenant_id = $1 AND id = $2 AND state = 'waiting'"
    )
    .bind(tenant.uuid())
    .bind(id.uuid())
    .bind(state.as_str())
    .bind(by.uuid())
    .bind(name)
    .bind(now.0)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    if changed == 1 { Ok(()) } else { Err(Error::Stale) }
}

/// Keeps what leads to the person until it is done.
pub async fn set_traces(tx: &mut Tx, tenant: TenantId, id: ErasureId, traces: &str) -> Result<()> {
    q!(tx, |c| sqlx::query("UPDATE erasures SET traces = $3 WHERE tenant_id = $1 AND id = $2 AND state = 'running'")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .bind(traces)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Adds to what was erased. One that is done stays as its proof says.
pub async fn add_places(tx: &mut Tx, tenant: TenantId, id: ErasureId, more: Places) -> Result<()> {
    if more.is_empty() {
        return Ok(());
    }
    let Erasure { mut places, .. } = get(tx, tenant, id).await?;
    crate::add(&mut places, more);
    let json = serde_json::to_string(&places).unwrap_or_default();
    q!(tx, |c| sqlx::query("UPDATE erasures SET places = $3 WHERE tenant_id = $1 AND id = $2 AND state = 'running'")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .bind(json)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Notes that an erasure is done, with the signature of its proof. What leads to a person is deleted; of a visitor, that is the id itself.
pub async fn finish(tx: &mut Tx, tenant: TenantId, id: ErasureId, at: Ts, signature: &str) -> Result<()> {
    q!(tx, |c| sqlx::query(
        "UPDATE erasures SET state = 'done', done_at = $3, signature = $4, traces = NULL, subject = CASE WHEN kind = 'visitor' THEN NULL ELSE subject END
         WHERE tenant_id = $1 AND id = $2 AND state = 'running'"
    )
    .bind(tenant.uuid())
    .bind(id.uuid())
    .bind(at.0)
    .bind(signature)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}
