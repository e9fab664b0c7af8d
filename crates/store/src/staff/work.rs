//! What agents do over time: a stretch ends whenever an agent's state or the number of their conversations changes.

use db::{Tx, journal, q, row};
use domain::{
    entry::{Body, Fact, body, fact},
    id::{AgentId, TenantId},
    journal::{Actor, NewEntry},
    staff::AgentState,
    stream::{StreamKind, StreamName},
    time::Ts,
};

use crate::{Result, fragments::served_states};

row! { struct StretchRow { state: String, capacity: i64, works_since: Option<i64>, open_count: i64 } }

/// Writes down the stretch that ends now, and begins the next. To be called in the transaction that changed the agent's state or conversations, after it changed
/// the agent's row, which is locked by that. `state` is the one until now; `None` if it stays the same.
pub(crate) async fn turn_to_next(tx: &mut Tx, tenant: TenantId, agent: AgentId, state: Option<AgentState>) -> Result<()> {
    let now = tx.now();
    let stretch: Option<StretchRow> =
        q!(tx, |c| sqlx::query_as("SELECT state, capacity, works_since, open_count FROM agents WHERE tenant_id = $1 AND id = $2")
            .bind(tenant.uuid())
            .bind(agent.uuid())
            .fetch_optional(c)
            .await)?;
    let Some(StretchRow { state: stored, capacity, works_since, open_count }) = stretch else { return Ok(()) };
    let sql = concat!(
        "UPDATE agents SET works_since = $3, open_count = (SELECT COUNT(*) FROM conversations c WHERE c.tenant_id = $1 AND c.agent_id = $2 AND c.state IN ",
        served_states!(),
        ") WHERE tenant_id = $1 AND id = $2"
    );
    q!(tx, |c| sqlx::query(sql).bind(tenant.uuid()).bind(agent.uuid()).bind(now.0).execute(c).await.map(drop))?;
    let state = state.or_else(|| AgentState::parse(&stored)).filter(|state| *state != AgentState::Offline);
    // Nothing is known of the time before the first change, and nothing is done while offline.
    let (Some(since), Some(state)) = (works_since, state) else { return Ok(()) };
    if since >= now.0 {
        return Ok(());
    }
    let stream = StreamName { kind: StreamKind::Agent, id: agent.uuid() };
    let fact = Fact::Worked(fact::Worked { agent, since: Ts(since), state, open: open_count, capacity });
    journal::note(tx, NewEntry::new(stream, tenant, Actor::system(), Body::Worked(body::Nothing {}), fact)).await?;
    Ok(())
}
