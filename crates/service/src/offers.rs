//! Offers to agents who no longer take conversations.

use db::Tx;
use domain::{
    conversation::Event,
    entry::body::OfferEnd,
    id::{AgentId, TenantId},
    journal::Actor,
};
use store::{Result, conversations};

use crate::record;

/// Takes back what is offered to an agent who no longer takes conversations. Conversations are locked before agents, so this comes before their state changes.
pub(crate) async fn withdraw(tx: &mut Tx, tenant: TenantId, agent: AgentId) -> Result<()> {
    let Some(id) = store::routing::offered_to(tx, tenant, agent).await? else { return Ok(()) };
    let Some(before) = conversations::lock(tx, tenant, id).await? else { return Ok(()) };
    // The agent may have accepted it, or the time may have been over, before it was locked.
    let Ok(mut transition) = before.apply(Event::EndOffer { agent, how: OfferEnd::Withdrawn }, &Actor::system(), tx.now()) else { return Ok(()) };
    transition.consequences.clear();
    record::store(tx, &before, transition, None).await.map(drop)
}
