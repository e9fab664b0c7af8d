//! The lessons about the program that members have finished.

use std::collections::BTreeMap;

use db::{Tx, q, row};
use domain::{
    id::{AgentId, TenantId},
    time::Ts,
};
use store::Result;
use uuid::Uuid;

row! {
    struct FinishedRow { agent_id: Uuid, lesson: String, finished_at: i64 }
}

/// A member has finished a lesson, named as in `content::lesson`; returns whether they had not before. The first time counts: finishing it again changes nothing.
pub async fn finish(tx: &mut Tx, tenant: TenantId, agent: AgentId, lesson: &str, at: Ts) -> Result<bool> {
    let added = q!(tx, |c| sqlx::query(
        "INSERT INTO lessons_finished (tenant_id, agent_id, lesson, finished_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (tenant_id, agent_id, lesson) DO NOTHING"
    )
    .bind(tenant.uuid())
    .bind(agent.uuid())
    .bind(lesson)
    .bind(at.0)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(added > 0)
}

/// The lessons that a member has finished, each with the first time.
pub async fn of_agent(tx: &mut Tx, tenant: TenantId, agent: AgentId) -> Result<BTreeMap<String, Ts>> {
    let rows: Vec<(String, i64)> = q!(tx, |c| sqlx::query_as("SELECT lesson, finished_at FROM lessons_finished WHERE tenant_id = $1 AND agent_id = $2")
        .bind(tenant.uuid())
        .bind(agent.uuid())
        .fetch_all(c)
        .await)?;
    Ok(rows.into_iter().map(|(lesson, at)| (lesson, Ts(at))).collect())
}

/// The lessons that each member of a company has finished, each with the first time.
pub async fn of_all(tx: &mut Tx, tenant: TenantId) -> Result<BTreeMap<AgentId, BTreeMap<String, Ts>>> {
    let rows: Vec<FinishedRow> =
        q!(tx, |c| sqlx::query_as("SELECT agent_id, lesson, finished_at FROM lessons_finished WHERE tenant_id = $1").bind(tenant.uuid()).fetch_all(c).await)?;
    let mut finished: BTreeMap<AgentId, BTreeMap<String, Ts>> = BTreeMap::new();
    for row in rows {
        finished.entry(AgentId::new(row.agent_id)).or_default().insert(row.lesson, Ts(row.finished_at));
    }
    Ok(finished)
}
