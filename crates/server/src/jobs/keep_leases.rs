//! Agents whose consoles are connected keep their lease; those who lost it give their unanswered conversations back.

use std::{panic::AssertUnwindSafe, time::Duration};

use db::Shard;
use domain::{
    conversation::Event,
    id::{ConversationId, TenantId},
    journal::Actor,
    routing::Candidate,
    staff::UNREACHABLE_AFTER_MS,
};

use futures_util::FutureExt as _;

use super::route_waiting;
use crate::{App, realtime::perform};

/// Consoles ping every five seconds; one that was not heard of for this long has gone.
const HEARD_WITHIN_MS: i64 = 15_000;

const EVERY: Duration = Duration::from_secs(5);

/// Every five seconds, and as soon as a console comes: who is there can be given conversations at once.
pub async fn run(app: App) {
    loop {
        let stepped = AssertUnwindSafe(async {
            step(&app).await?;
            route_waiting::step(&app).await
        });
        match stepped.catch_unwind().await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(error = %error, "leases could not be kept and will be tried again"),
            Err(_) => tracing::error!("keeping leases panicked and will be tried again"),
        }
        let _ = tokio::time::timeout(EVERY, app.hub().console()).await;
    }
}

/// Once.
pub async fn step(app: &App) -> store::Result<()> {
    let now = app.env().now();
    for (tenant, agents) in app.hub().agents(now.plus(-HEARD_WITHIN_MS)) {
        app.db().writer().write(Shard::Any, move |tx| Box::pin(async move { store::routing::seen(tx, tenant, &agents, now).await })).await?;
    }
    for tenant in store::entry_points::tenants(app.db()).await? {
        let mut tx = app.db().read().await?;
        let lost: Vec<Candidate> = store::routing::candidates(&mut tx, tenant).await?.into_iter().filter(|c| c.open > 0 && is_lost(app, c)).collect();
        for agent in lost {
            for conversation in store::conversations::served_by(&mut tx, tenant, agent.agent).await? {
                if let Err(error) = give_back(app, tenant, conversation, &agent).await {
                    tracing::warn!(error = %error, conversation.id = %conversation, "a lost agent's conversation could not be given back");
                }
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
