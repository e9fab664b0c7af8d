//! Assigns waiting conversations while an agent is free: the fallback beneath every other occasion to route.

use db::Shard;
use http_kit::App;
use service::route::route;

/// Runs the job once.
pub async fn step(app: &App) -> store::Result<()> {
    for tenant in store::entry_points::companies_with_waiting(app.db()).await? {
        let mut tx = app.db().read().await?;
        let now = tx.now();
        let idle = !store::routing::candidates(&mut tx, tenant).await?.iter().any(|c| c.is_free(now));
        drop(tx);
        if idle {
            continue;
        }
        let routed: store::Result<()> = app.db().writer().write(Shard::Any, move |tx| Box::pin(async move { route(tx, tenant).await })).await;
        if let Err(error) = routed {
            tracing::warn!(error = %error, tenant.id = %tenant, "waiting conversations could not be given out");
        }
    }
    Ok(())
}
