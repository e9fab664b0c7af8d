//! What agents do over time. A stretch ends whenever an agent's state, capacity or number of conversations changes, with every quarter of an hour, and when the
//! agent's console is no longer connected.
//!
//! `agents` has the beginning of the present stretch, and the number of conversations in it with the units that they take; whoever changes an agent [`begin`]s with the agent's row, which is
//! locked by that, and ends with [`turn`].

use db::{Tx, q, row};
use domain::{
    entry::{Body, Fact, body, fact},
    id::{AgentId, InboxId, TenantId},
    journal::{Actor, NewEntry},
    staff::{AgentState, UNREACHABLE_AFTER_MS, is_reachable},
    stream::StreamName,
    time::Ts,
};
use uuid::Uuid;

use crate::{Error, Result, fragments::served_states};

row! {
    struct Row { inbox_id: Uuid, state: String, state_since: i64, capacity: i64, works_since: Option<i64>, open_count: i64, last_seen_at: Option<i64> }
}
row! { struct OpenRow { open_count: i64 } }

/// An agent in the present stretch, before anything changes.
#[derive(Debug, Clone)]
pub(crate) struct Stretch {
    pub(crate) inbox: InboxId,
    tenant: TenantId,
    agent: AgentId,
    state: AgentState,
    state_since: Ts,
    capacity: i64,
    /// `None` if nothing is known of the time until now.
    since: Option<Ts>,
    open: i64,
    last_seen_at: Option<Ts>,
}

/// Locks an agent's row, and reads the present stretch; `None` if there is no such agent.
pub(crate) async fn begin(tx: &mut Tx, tenant: TenantId, agent: AgentId) -> Result<Option<Stretch>> {
    let row: Option<Row> = q!(tx, |c| sqlx::query_as(
        "UPDATE agents SET works_since = works_since WHERE tenant_id = $1 AND id = $2
         RETURNING inbox_id, state, state_since, capacity, works_since, open_count,
           (SELECT l.last_seen_at FROM agent_leases l WHERE l.tenant_id = agents.tenant_id AND l.agent_id = agents.id) AS last_seen_at"
    )
    .bind(tenant.uuid())
    .bind(agent.uuid())
    .fetch_optional(c)
    .await)?;
    let Some(Row { inbox_id, state, state_since, capacity, works_since, open_count, last_seen_at }) = row else { return Ok(None) };
    Ok(Some(Stretch {
        inbox: InboxId::new(inbox_id),
        tenant,
        agent,
        state: AgentState::parse(&state).ok_or_else(|| Error::Db(db::Error::Corrupt("agent state".into())))?,
        state_since: Ts(state_since),
        capacity,
        since: works_since.map(Ts),
        open: open_count,
        last_seen_at: last_seen_at.map(Ts),
    }))
}

/// What ends a stretch; by default, only that time has passed.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Change {
    /// The new state, if it changes.
    pub(crate) state: Option<AgentState>,
    /// By how much the number of conversations changes.
    pub(crate) open: i64,
    /// Whether the agent was given a conversation.
    pub(crate) is_assigned: bool,
}

/// Ends a stretch after the change, which the record has already, and begins the next one. Returns the entry that tells what the agent did, if they did anything.
pub(crate) async fn turn(tx: &mut Tx, stretch: &Stretch, change: Change) -> Result<Option<NewEntry>> {
    let now = tx.now();
    let next = stretch.next_since(change.state.unwrap_or(stretch.state), now);
    let sql = concat!(
        "UPDATE agents SET works_since = $3, last_assigned_at = CASE WHEN $5 = 1 THEN $4 ELSE last_assigned_at END,
           (open_count, open_units) = (SELECT COUNT(*), COALESCE(CAST(SUM(c.units) AS BIGINT), 0) FROM conversations c WHERE c.tenant_id = $1 AND c.agent_id = $2 AND c.state IN ",
        served_states!(),
        ") WHERE tenant_id = $1 AND id = $2 RETURNING open_count"
    );
    let row: OpenRow = q!(tx, |c| sqlx::query_as(sql)
        .bind(stretch.tenant.uuid())
        .bind(stretch.agent.uuid())
        .bind(next.map(|at| at.0))
        .bind(now.0)
        .bind(i64::from(change.is_assigned))
        .fetch_one(c)
        .await)?;
    // Otherwise something has changed that nobody noticed, for instance on a node of an earlier release: nothing is known of the stretch then.
    let is_known = row.open_count == stretch.open + change.open;
    Ok(stretch.work_until(now).filter(|_| is_known).map(|worked| {
        NewEntry::new(StreamName::work(stretch.inbox.uuid(), now), stretch.tenant, Actor::system(), Body::Worked(body::Nothing {}), Fact::Worked(worked))
    }))
}

impl Stretch {
    /// What the agent did until now, or until the console was no longer connected; `None` if that is nothing.
    fn work_until(&self, now: Ts) -> Option<fact::Worked> {
        let Self { agent, state, state_since, capacity, since, open, last_seen_at, .. } = *self;
        // A node of an earlier release changes the state, and not the beginning of the stretch.
        let since = since?.max(state_since);
        let until = if is_reachable(last_seen_at, now) { now } else { last_seen_at?.plus(UNREACHABLE_AFTER_MS).min(now) };
        let did = state != AgentState::Offline && since < until;
        did.then_some(fact::Worked { agent, since, until, state, open, capacity })
    }

    /// When the next stretch begins: never before the present one, even if the clock was put back. `None` while the agent is not there.
    fn next_since(&self, state: AgentState, now: Ts) -> Option<Ts> {
        (state != AgentState::Offline && is_reachable(self.last_seen_at, now)).then(|| self.since.map_or(now, |since| since.max(now)))
    }
}
