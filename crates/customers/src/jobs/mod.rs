//! Derives by what customers are found whom an earlier release stored, or another installation, or who were stored under another key.

use std::time::Duration;

use http_kit::{App, schedule::by_one};
use service::customer_terms;

/// How many customers are read in one transaction.
const ROWS: i64 = 100;
/// How often they are looked for.
const PERIOD: Duration = Duration::from_secs(300);

/// Starts the job.
pub(crate) fn start(app: &App) {
    by_one(app, PERIOD, |app| async move { step(&app).await });
}

/// Runs the job once.
///
/// # Errors
/// Those of the store; what was derived until then stays.
pub async fn step(app: &App) -> store::Result<()> {
    for tenant in store::entry_points::every_company(app.db()).await? {
        loop {
            let vault = app.vault();
            let shard = db::Shard::Of(tenant.uuid());
            let derived =
                app.db().writer().write(shard, move |tx| Box::pin(async move { customer_terms::derive_some(tx, &vault, tenant, ROWS).await })).await?;
            if derived < ROWS as usize {
                break;
            }
        }
    }
    Ok(())
}
