//! An agent's presence at the desk.

use db::Tx;
use domain::{
    id::{AgentId, TenantId},
    journal::Actor,
    staff::AgentState,
};
use store::{Result, staff::Member};

use crate::{offers, route::route};

/// Changes an agent's state. An agent who becomes available is given the conversations that have waited longest; what is offered to one who no longer is
/// goes to somebody else.
pub async fn set_state(tx: &mut Tx, tenant: TenantId, agent: AgentId, to: AgentState, by: Actor, reason: Option<&str>) -> Result<Member> {
    if to == AgentState::Available {
        store::routing::forget_missed(tx, tenant, agent).await?;
    } else {
        offers::withdraw(tx, tenant, agent).await?;
    }
    let member = store::staff::change_state(tx, tenant, agent, to, by, reason).await?;
    route(tx, tenant).await?;
    Ok(member)
}
