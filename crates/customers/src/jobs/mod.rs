//! Derives by what customers are found whom an earlier release stored, or another installation, or who were stored under another key.

use std::time::Duration;

use db::Shard;
use http_kit::{App, schedule::by_one};
use service::customers;
use store_hall::customer_terms;
use uuid::Uuid;

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
        let mut after = Uuid::nil();
        loop {
            let missing = customer_terms::missing(&mut app.db().read_of(tenant).await?, tenant, after, ROWS).await?;
            let Some(last) = missing.last() else { break };
            after = last.uuid();
            let vault = app.vault();
            let write =
                app.db().writer().write(Shard::Of(tenant.uuid()), move |tx| Box::pin(async move { customers::derive_all(tx, &vault, tenant, &missing).await }));
            write.await?;
        }
    }
    Ok(())
}
