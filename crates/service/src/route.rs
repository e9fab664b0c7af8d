//! Assigns waiting conversations to free agents.

use db::Tx;
use domain::{
    conversation::{Assignee, Event},
    entry::body::Routing,
    id::{AgentId, QueueId, TenantId},
    journal::Actor,
    routing,
};
use store::{Result, conversations};

/// The maximum number of conversations assigned in one transaction; the routing job continues with the rest.
const ROUTED_AT_ONCE: usize = 10;

/// Assigns waiting conversations to free agents who serve their queue, until either runs out: those first in which somebody may be in danger,
/// and then the longest wait.
///
/// The caller holds locks already, so this waits for no other lock: what another
/// transaction has locked is left to that one, and the routing job is the safety net.
pub async fn route(tx: &mut Tx, tenant: TenantId) -> Result<()> {
    let now = tx.now();
    let waiting = conversations::waiting(tx, tenant).await?;
    // Queues that have no free agent. The conversations waiting in them do not hold up the others.
    let (mut exhausted, mut occupied, mut tried) = (Vec::<QueueId>::new(), Vec::new(), 0);
    for (id, queue, _) in waiting {
        if tried == ROUTED_AT_ONCE || exhausted.contains(&queue) {
            continue;
        }
        let Some(before) = conversations::try_lock(tx, tenant, id).await? else { continue };
        let Some((to, trace)) = pick_and_lock(tx, tenant, queue, &mut occupied).await? else {
            exhausted.push(queue);
            continue;
        };
        tried += 1;
        // If someone has taken it since, continue with the next in line.
        if let Ok(transition) = before.apply(Event::Assign { to, trace }, &Actor::system(), now) {
            conversations::commit(tx, &before, transition, None).await?;
        }
    }
    Ok(())
}

/// A free agent who serves the queue, locked, and why this one was chosen; `None`
/// if there is none. Agents locked by other transactions are added to `occupied`.
async fn pick_and_lock(tx: &mut Tx, tenant: TenantId, queue: QueueId, occupied: &mut Vec<AgentId>) -> Result<Option<(Assignee, Routing)>> {
    let now = tx.now();
    let candidates = store::routing::candidates(tx, tenant).await?;
    let mut candidates = store::routing::serving(tx, tenant, queue, candidates).await?;
    let mut locked = None;
    loop {
        candidates.iter_mut().for_each(|candidate| candidate.is_occupied = occupied.contains(&candidate.agent));
        let (chosen, trace) = routing::pick(&candidates, now);
        let Some(chosen) = chosen.cloned() else { return Ok(None) };
        if locked == Some(chosen.agent) {
            return Ok(Some((Assignee { agent: chosen.agent, name: chosen.name, number: chosen.number }, trace)));
        }
        // The choice was made without the lock: check it again under the lock.
        match store::routing::try_lock_agent(tx, tenant, chosen.agent).await? {
            Some(again) => (candidates, locked) = (store::routing::serving(tx, tenant, queue, again).await?, Some(chosen.agent)),
            None => occupied.push(chosen.agent),
        }
    }
}
