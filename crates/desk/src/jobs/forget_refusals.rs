//! Deletes the records of refused sends, once no client repeats them any more.

use http_kit::App;

/// Rows per transaction.
const ROWS: i64 = 500;

/// Runs the job once.
pub async fn step(app: &App) -> db::Result<()> {
    while app.db().writer().write(db::Shard::Any, |tx| Box::pin(db::journal::forget_refusals(tx, ROWS))).await? == ROWS.unsigned_abs() {}
    Ok(())
}
