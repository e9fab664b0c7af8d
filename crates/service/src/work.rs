//! What agents do over time.

use db::{Db, Shard};
use domain::{staff::UNREACHABLE_AFTER_MS, time::Ts};

/// The most agents at a time.
const AT_ONCE: i64 = 500;

/// Notes what agents did with every quarter of an hour, and until their console was gone: otherwise a long time without any change would be missing until the next
/// one, and a night would count as work. Of very many agents, some follow the next time.
pub async fn note(db: &Db, now: Ts) -> store::Result<()> {
    for (tenant, agent) in store::entry_points::agents_to_note(db, now.quarter(), now.plus(-UNREACHABLE_AFTER_MS), AT_ONCE).await? {
        let write = db.writer().write_patiently(Shard::Any, move |tx| Box::pin(async move { store::staff::note_work(tx, tenant, agent).await }));
        // An agent whose work cannot be noted must not stop the others.
        if let Err(error) = write.await {
            tracing::warn!(error = %error, agent.id = %agent, "an agent's work could not be noted and will be tried again");
        }
    }
    Ok(())
}
