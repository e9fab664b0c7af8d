//! Agents whose consoles are connected keep their lease; those who lost it give their unanswered conversations back.

use db::Shard;
use domain::{
    conversation::Event,
    id::{ConversationId, TenantId},
    journal::Actor,
    routing::Candidate,
    staff::UNREACHABLE_AFTER_MS,
};

use crate::{App, realtime::perform};

/// Once.
pub async fn step(app: &App) -> store::Result<()> {
    let now = app.env().now();
    for (tenant, agents) in app.hub().agents() {
        app.db()
            .writer()
            .write(Shard::Any, move |tx| {
                Box::pin(async move {
                    let before = store::routing::candidates(tx, tenant).await?;
                    store::routing::seen(tx, tenant, &agents, now).await?;
                    // Somebody who was away is back: there may be people waiting.
                    if before.iter().any(|c| agents.contains(&c.agent) && !c.reachable(now)) {
                        perform::route(tx, tenant).await?;
                    }
                    Ok::<_, store::Error>(())
                })
            })
            .await?;
    }
    for tenant in store::entry_points::tenants(app.db()).await? {
        let mut tx = app.db().read().await?;
        let lost: Vec<Candidate> = store::routing::candidates(&mut tx, tenant).await?.into_iter().filter(|c| c.open > 0 && is_lost(app, c)).collect();
        for agent in lost {
            for conversation in store::conversations::served_by(&mut tx, tenant, agent.agent).await? {
                give_back(app, tenant, conversation, &agent).await?;
            }
        }
    }
    Ok(())
}

/// Unreachable since the later of the last sign of life and the start of this node.
fn is_lost(app: &App, agent: &Candidate) -> bool {
    let since = agent.last_seen_at.unwrap_or_default().max(app.live().started_at());
    app.env().now().since(since) > UNREACHABLE_AFTER_MS
}

async fn give_back(app: &App, tenant: TenantId, id: ConversationId, agent: &Candidate) -> store::Result<()> {
    let lost = agent.agent;
    app.db()
        .writer()
        .write(Shard::Of(id.uuid()), move |tx| {
            Box::pin(async move {
                let Some(before) = store::conversations::lock(tx, tenant, id).await? else { return Ok(()) };
                let head = db::journal::head(tx, tenant, id.uuid()).await?;
                // What is answered waits for the customer, not for the agent: it stays until the customer writes again.
                if before.agent != Some(lost) || head.waiting_since.is_none() && before.episode.first_human_reply_at.is_some() {
                    return Ok(());
                }
                let Ok(transition) = before.apply(Event::Return, &Actor::system(), tx.now()) else { return Ok(()) };
                store::conversations::commit(tx, &before, transition, None).await?;
                perform::route(tx, tenant).await
            })
        })
        .await
}
