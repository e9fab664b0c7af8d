//! Has the simulated customers do what is due, wherever somebody practises.

use http_kit::App;

use super::simulated_customer;

/// How many exercises are looked at in one step, those that began first before the others: more than a company has people who practise at once.
const AT_ONCE: i64 = 500;

/// Runs the job once.
pub async fn step(app: &App) -> store::Result<()> {
    for live in store::entry_points::live_practices(app.db(), AT_ONCE).await? {
        if let Err(error) = simulated_customer::step(app, &live).await {
            tracing::warn!(error = %error, tenant.id = %live.tenant, "a simulated customer could not go on, and tries again");
        }
    }
    Ok(())
}
