//! An agent's presence at the desk.

use db::Tx;
use domain::{
    id::{AgentId, TenantId},
    journal::Actor,
    staff::AgentState,
};
use store::{Result, staff::Member};

use crate::route::route;

/// Changes an agent's state. An agent who becomes available is given the conversations that have waited longest.
pub async fn set_state(tx: &mut Tx, tenant: TenantId, agent: AgentId, to: AgentState, by: Actor, reason: Option<&str>) -> Result<Member> {
    let member = store::staff::change_state(tx, tenant, agent, to, by, reason).await?;
    route(tx, tenant).await?;
    Ok(member)
}
