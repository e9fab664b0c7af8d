//! What members of the staff serve who are kept out goes back to its queues: at once for who disables them, and by a job for what slipped through.

use db::Shard;
use domain::{conversation::Event, id::TenantId, journal::Actor};

use crate::{App, realtime::perform};

/// Gives back all that members serve who are kept out, answered or not: the floor under the request that disabled them.
pub async fn left_behind(app: &App, tenant: TenantId) -> store::Result<()> {
    let left = store::people::left_behind(&mut app.db().read().await?, tenant).await?;
    for (agent, id) in left {
        let work = app.db().writer().write(Shard::Of(id.uuid()), move |tx| {
            Box::pin(async move {
                let Some(before) = store::conversations::lock(tx, tenant, id).await? else { return Ok(()) };
                if before.agent != Some(agent) {
                    return Ok(());
                }
                let Ok(transition) = before.apply(Event::Return, &Actor::system(), tx.now()) else { return Ok(()) };
                store::conversations::commit(tx, &before, transition, None).await?;
                perform::route(tx, tenant).await
            })
        });
        if let Err(error) = work.await {
            tracing::warn!(error = %error, conversation.id = %id, "a disabled member's conversation could not be given back");
        }
    }
    Ok(())
}
