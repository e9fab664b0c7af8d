//! Deletes jobs that were given up 30 days ago: what they were to send is personal, and nobody has asked for it since.

use http_kit::App;

/// Rows per transaction.
const ROWS: i64 = 500;

/// Runs the job once.
pub async fn step(app: &App) -> store::Result<()> {
    while store::entry_points::forget_dead_jobs(app.db(), ROWS).await? == ROWS.unsigned_abs() {}
    Ok(())
}
