//! Gives out what waits while somebody is free, and ends offers whose time is over: the fallback beneath every other occasion to route.

use db::Shard;
use http_kit::App;
use service::{
    expire,
    route::{is_due, route},
};

/// The most offers that are ended in one step; the next step continues.
const OFFERS_AT_ONCE: i64 = 200;

/// Runs the job once.
pub async fn step(app: &App) -> store::Result<()> {
    for (tenant, id) in store::entry_points::offers_over(app.db(), app.env().now(), OFFERS_AT_ONCE).await? {
        if let Err(error) = expire::look_at(app.db(), tenant, id).await {
            tracing::warn!(error = %error, conversation.id = %id, "an offer could not be ended");
        }
    }
    for tenant in store::entry_points::companies_with_waiting(app.db()).await? {
        if !is_due(&mut app.db().read_of(tenant).await?, tenant).await? {
            continue;
        }
        let routed: store::Result<()> = app.db().writer().write(Shard::Any, move |tx| Box::pin(async move { route(tx, tenant).await })).await;
        if let Err(error) = routed {
            tracing::warn!(error = %error, tenant.id = %tenant, "waiting conversations could not be given out");
        }
    }
    Ok(())
}
