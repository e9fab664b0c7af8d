//! Returns conversations to their queues: unanswered ones of agents who became unreachable, and all that disabled members of the staff were serving.

use db::{Db, Shard, Tx};
use domain::{
    conversation::{Conversation, Event, State},
    id::{AgentId, ConversationId, QueueId, TenantId},
    journal::Actor,
    routing::Candidate,
    staff::UNREACHABLE_AFTER_MS,
    stream::StreamKind,
    time::Ts,
};
use store::{Result, conversations};

use crate::consequence;

/// Returns everything that disabled members serve, answered or not. This is the safety net for the request that disabled them.
pub async fn of_disabled(db: &Db, tenant: TenantId) -> Result<()> {
    let left = store::staff::roster::left_behind(&mut db.read_of(tenant).await?, tenant).await?;
    for (agent, id) in left {
        let work = db.writer().write(Shard::Of(id.uuid()), move |tx| {
            Box::pin(async move {
                let Some(before) = conversations::lock(tx, tenant, id).await? else { return Ok(()) };
                if before.agent != Some(agent) {
                    return Ok(());
                }
                give_back(tx, &before, None).await
            })
        });
        if let Err(error) = work.await {
            let error: store::Error = error;
            tracing::warn!(error = %error, conversation.id = %id, "a disabled member's conversation could not be given back");
        }
    }
    Ok(())
}

/// Locks conversations that are about to be returned: before anything else, because they come first in the order of locks.
pub async fn lock(tx: &mut Tx, tenant: TenantId, conversations: &[ConversationId]) -> Result<()> {
    let heads: Vec<_> = conversations.iter().map(|id| (tenant.uuid(), id.uuid(), StreamKind::Conversation)).collect();
    if heads.is_empty() { Ok(()) } else { Ok(db::journal::lock(tx, &heads).await?) }
}

/// Returns everything that a member serves, answered or not, in the transaction that removes or disables them: to one queue, or each to its own. `locked` are
/// those that [`lock`] locked. Returns `false` if the member was given another one since, which somebody is changing just now: then nothing may be stored.
pub async fn all_of(tx: &mut Tx, tenant: TenantId, agent: AgentId, to: Option<QueueId>, locked: &[ConversationId]) -> Result<bool> {
    for id in conversations::served_by(tx, tenant, agent).await? {
        // The company and the member are locked by now: waiting for one more conversation could be a deadlock.
        let before = if locked.contains(&id) { conversations::lock(tx, tenant, id).await? } else { conversations::try_lock(tx, tenant, id).await? };
        let Some(before) = before else { return Ok(false) };
        if before.agent == Some(agent) {
            give_back(tx, &before, to).await?;
        }
    }
    Ok(true)
}

/// Returns the conversations that wait for a company's unreachable agents. Nobody counts as unreachable
/// before `serving_since`, the time since which there has been a node to receive signs of life.
pub async fn of_lost(db: &Db, tenant: TenantId, serving_since: Ts) -> Result<()> {
    let mut tx = db.read_of(tenant).await?;
    let now = tx.now();
    let candidates = store::routing::with_programs(&mut tx, tenant).await?;
    for agent in candidates.into_iter().filter(|agent| agent.open > 0 && is_lost(agent, serving_since, now)) {
        for conversation in conversations::served_by(&mut tx, tenant, agent.agent).await? {
            if let Err(error) = give_back_of(db, tenant, conversation, agent.agent, serving_since).await {
                tracing::warn!(error = %error, conversation.id = %conversation, "a lost agent's conversation could not be given back");
            }
        }
    }
    Ok(())
}

/// Whether the agent has been unreachable for too long, counted from the later of the last sign of life and the time a node began serving.
fn is_lost(agent: &Candidate, serving_since: Ts, now: Ts) -> bool {
    now.since(agent.last_seen_at.unwrap_or_default().max(serving_since)) > UNREACHABLE_AFTER_MS
}

async fn give_back_of(db: &Db, tenant: TenantId, id: ConversationId, lost: AgentId, serving_since: Ts) -> Result<()> {
    db.writer()
        .write(Shard::Of(id.uuid()), move |tx| {
            Box::pin(async move {
                let Some(before) = conversations::lock(tx, tenant, id).await? else { return Ok(()) };
                let head = db::journal::head(tx, tenant, id.uuid()).await?;
                // If it is answered, it waits for the customer and not for the agent, so it stays until the customer writes again; a postponed one, until its time.
                let waits = (head.waiting_since.is_some() || before.episode.first_human_reply_at.is_none() || before.paused_at.is_some())
                    && before.state != State::Snoozed;
                if before.agent != Some(lost) || !waits {
                    return Ok(());
                }
                // The agent may have reconnected since, to a different node.
                let now = tx.now();
                let agent = store::routing::lock_agent(tx, tenant, lost).await?;
                if agent.is_some_and(|agent| !is_lost(&agent, serving_since, now)) {
                    return Ok(());
                }
                give_back(tx, &before, None).await
            })
        })
        .await
}

/// Returns it to a queue, which is its own if none is named, where a free agent may get it, if its state allows that.
async fn give_back(tx: &mut Tx, before: &Conversation, to: Option<QueueId>) -> Result<()> {
    let (queue, queue_name) = match to {
        Some(queue) => (queue, store::routing::queue_name(tx, before.tenant, queue).await?.get(before.lang).to_owned()),
        None => (store::routing::queue_of(tx, before).await?, String::new()),
    };
    let Ok(transition) = before.apply(Event::Return { queue, queue_name }, &Actor::system(), tx.now()) else { return Ok(()) };
    consequence::commit(tx, before, transition, &Actor::system(), None).await.map(drop)
}
