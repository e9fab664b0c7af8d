//! Deletes webhook deliveries whose retention has ended and endpoints that were removed; gives up deliveries that wait for an endpoint that stays disabled.

use http_kit::App;
use machines::webhook_queue::PATIENCE_MS;

/// Rows per transaction.
const ROWS: i64 = 500;

/// Runs the job once.
pub async fn step(app: &App) -> store::Result<()> {
    while store::entry_points::forget_deliveries(app.db(), ROWS).await? == ROWS.unsigned_abs() {}
    for (tenant, webhook, removed) in store::entry_points::webhooks_at_rest(app.db()).await? {
        let before = app.env().now().plus(-PATIENCE_MS);
        loop {
            let rows = app
                .db()
                .writer()
                .write(db::Shard::Any, move |tx| {
                    Box::pin(async move {
                        if !removed {
                            return crate::table::webhook_deliveries::give_up(tx, tenant, webhook, before, ROWS).await;
                        }
                        let rows = crate::table::webhook_deliveries::forget(tx, tenant, webhook, ROWS).await?;
                        if rows == 0 {
                            crate::table::webhooks::forget(tx, tenant, webhook).await?;
                        }
                        Ok::<_, store::Error>(rows)
                    })
                })
                .await?;
            if rows == 0 {
                break;
            }
        }
    }
    Ok(())
}
