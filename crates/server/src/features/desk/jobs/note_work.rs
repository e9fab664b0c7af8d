//! Notes what agents do with every quarter of an hour, and when their console is gone: otherwise a long time without any change would be missing until the next
//! one, and a night would count as work.

use db::Shard;
use domain::{
    staff::UNREACHABLE_AFTER_MS,
    time::{MINUTE, Ts},
};
use http_kit::App;

/// A quarter of an hour.
const QUARTER: i64 = 15 * MINUTE;
/// The most agents in one step; the others follow with the next.
const AT_ONCE: i64 = 500;

/// Runs the job once.
pub async fn step(app: &App) -> store::Result<()> {
    let now = app.env().now();
    let quarter = Ts(now.0 - now.0.rem_euclid(QUARTER));
    for (tenant, agent) in store::entry_points::agents_to_note(app.db(), quarter, now.plus(-UNREACHABLE_AFTER_MS), AT_ONCE).await? {
        let note = app.db().writer().write_patiently(Shard::Any, move |tx| Box::pin(async move { store::staff::note_work(tx, tenant, agent).await }));
        // An agent whose work cannot be noted must not stop the others.
        if let Err(error) = note.await {
            tracing::warn!(error = %error, agent.id = %agent, "an agent's work could not be noted and will be tried again");
        }
    }
    Ok(())
}
