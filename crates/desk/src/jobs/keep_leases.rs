//! Renews the leases of agents whose consoles are connected; agents who lose their lease return their unanswered conversations.
//!
//! Each node renews the leases of its own agents, in one statement. Lost agents are determined from the record, so any node may do it: the closure checks again
//! under the locks. One node does it, and another takes over when that one is gone.

use std::time::Duration;

use domain::{
    id::{AgentId, TenantId},
    staff::UNREACHABLE_AFTER_MS,
};
use http_kit::{App, schedule::in_time};
use service::give_back;
use tokio::sync::Notify;

use super::route_waiting;

/// Consoles ping every five seconds; one that has been silent for this long is gone.
const HEARD_WITHIN_MS: i64 = 15_000;

const EVERY: Duration = Duration::from_secs(5);
const WHAT: &str = "keeping leases";

/// Runs every five seconds, and as soon as a console connects, because its agent can be assigned conversations at once.
///
/// Renewing does not wait for the work that is done for one company after the other: an installation must not lose its agents while many others are lost.
pub async fn run(app: App) {
    let came = Notify::new();
    tokio::join!(renewing(&app, &came), looking_after(&app, &came));
}

async fn renewing(app: &App, came: &Notify) {
    loop {
        in_time(WHAT, renew(app)).await;
        came.notify_one();
        let _ = tokio::time::timeout(EVERY, app.hub().console()).await;
    }
}

async fn looking_after(app: &App, came: &Notify) {
    loop {
        came.notified().await;
        let looked = async {
            if app.cluster().leads() {
                give_back_left(app).await?;
            }
            // An agent who has just connected can be assigned something at once, by the node they are connected to.
            route_waiting::step(app).await
        };
        in_time(WHAT, looked).await;
    }
}

/// Runs the whole job once.
pub async fn step(app: &App) -> store::Result<()> {
    renew(app).await?;
    give_back_left(app).await
}

/// Records that the agents connected to this node are present.
pub async fn renew(app: &App) -> store::Result<()> {
    let now = app.env().now();
    let agents = app.hub().agents(now.plus(-HEARD_WITHIN_MS));
    let agents: Vec<(TenantId, AgentId)> = agents.into_iter().flat_map(|(tenant, agents)| agents.into_iter().map(move |agent| (tenant, agent))).collect();
    store::entry_points::agents_seen(app.db(), agents, now).await
}

/// Returns what lost agents and disabled ones serve.
async fn give_back_left(app: &App) -> store::Result<()> {
    let since = app.cluster().serving_since();
    for tenant in store::entry_points::companies_with_lost_agents(app.db(), app.env().now().plus(-UNREACHABLE_AFTER_MS)).await? {
        give_back::of_lost(app.db(), tenant, since).await?;
        give_back::of_disabled(app.db(), tenant).await?;
    }
    Ok(())
}
