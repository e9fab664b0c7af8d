//! Why agents are in their states, and the states that they were in.

use db::{Tx, q, row};
use domain::id::{AgentId, TenantId};
use uuid::Uuid;

use crate::Result;

row! {
    /// The present state of an agent, beside what it is.
    #[derive(Debug, PartialEq, Eq)]
    pub struct StateNote {
        /// The agent.
        pub id: Uuid,
        /// Since when.
        pub state_since: i64,
        /// Why, in the words of who set it.
        pub state_reason: Option<String>,
        /// The name of who set it, if that was not the agent.
        pub state_by: Option<String>,
    }
}

/// Since when and why agents are in their states: of all of a company who were not removed, or of one.
pub async fn notes(tx: &mut Tx, tenant: TenantId, only: Option<AgentId>) -> Result<Vec<StateNote>> {
    Ok(q!(tx, |c| sqlx::query_as(
        "SELECT id, state_since, state_reason, state_by FROM agents
         WHERE tenant_id = $1 AND removed_at IS NULL AND ($2 IS NULL OR id = $2) ORDER BY id"
    )
    .bind(tenant.uuid())
    .bind(only.map(AgentId::uuid))
    .fetch_all(c)
    .await)?)
}

row! {
    /// A change of an agent's state.
    #[derive(Debug, PartialEq, Eq)]
    pub struct StateChangeRow {
        /// Its number in the agent's stream.
        pub seq: i64,
        /// When.
        pub at: i64,
        /// Its body as JSON; empty if the words were erased.
        pub body: Option<String>,
        /// Its facts as JSON.
        pub facts: String,
        /// Who caused it.
        pub actor_id: Option<Uuid>,
        /// That member's name.
        pub actor_name: Option<String>,
    }
}

/// The changes of an agent's state before the entry `before` of their stream, latest first.
pub async fn changes(tx: &mut Tx, tenant: TenantId, agent: AgentId, before: i64, limit: i64) -> Result<Vec<StateChangeRow>> {
    Ok(q!(tx, |c| sqlx::query_as(
        "SELECT seq, at, CASE WHEN body_state = 'plain' THEN body ELSE NULL END AS body, facts, actor_id, actor_name FROM journal_entries
         WHERE tenant_id = $1 AND stream_id = $2 AND kind = 'state_changed' AND seq < $3 ORDER BY seq DESC LIMIT $4"
    )
    .bind(tenant.uuid())
    .bind(agent.uuid())
    .bind(before)
    .bind(limit)
    .fetch_all(c)
    .await)?)
}
