//! What an agent who does not accept an offer is asked next.

use db::Tx;
use domain::{
    entry::body::OfferEnd,
    id::{AgentId, ConversationId, TenantId},
    journal::Actor,
    routing::{MISSES_UNTIL_BREAK, REOFFER_AFTER_MS},
    staff::{AgentState, MISSED_OFFERS},
};
use store::Result;

/// What an offer that was not accepted leads to: somebody else is asked for a while, and an agent who misses one after the other is on a break.
pub(crate) async fn note(tx: &mut Tx, tenant: TenantId, conversation: ConversationId, agent: AgentId, how: OfferEnd) -> Result<()> {
    if how == OfferEnd::Withdrawn {
        return Ok(());
    }
    let forget_until = tx.now().plus(-2 * REOFFER_AFTER_MS);
    store::routing::note_passed(tx, tenant, conversation, agent, forget_until).await?;
    if how == OfferEnd::Passed {
        // Whoever passes is there.
        return store::routing::forget_missed(tx, tenant, agent).await;
    }
    if store::routing::count_missed(tx, tenant, agent).await? >= MISSES_UNTIL_BREAK {
        store::routing::forget_missed(tx, tenant, agent).await?;
        store::staff::change_state(tx, tenant, agent, AgentState::Break, Actor::system(), Some(MISSED_OFFERS)).await?;
    }
    Ok(())
}
