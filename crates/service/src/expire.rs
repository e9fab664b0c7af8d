//! What time does: offers end, postponed conversations come back, those in which nobody writes any more end, and resolved ones close.

use db::{Db, Shard};
use domain::{
    conversation::{AGENT_IDLE_MS, BOT_IDLE_MS, Event, State},
    entry::body::OfferEnd,
    id::{ConversationId, TenantId},
    journal::Actor,
};
use store::{Result, conversations};

use crate::consequence;

/// Looks at a conversation that is due: its offer ends, it comes back, or it ends, or its due time is moved because something was written since.
pub async fn look_at(db: &Db, tenant: TenantId, id: ConversationId) -> Result<()> {
    db.writer()
        .write(Shard::Of(id.uuid()), move |tx| {
            Box::pin(async move {
                let Some(before) = conversations::lock(tx, tenant, id).await? else { return Ok(()) };
                let now = tx.now();
                // It was handled since it was found, and its due time was reset.
                if before.due_at.is_none_or(|due| due > now) {
                    return Ok(());
                }
                if let Some(offer) = before.offer {
                    let ended = before.apply(Event::EndOffer { agent: offer.agent, how: OfferEnd::Missed }, &Actor::system(), now)?;
                    return consequence::commit(tx, &before, ended, &Actor::system(), None).await.map(drop);
                }
                if before.state == State::Snoozed {
                    let transition = before.apply(Event::Wake { is_due: true }, &Actor::system(), now)?;
                    return conversations::commit(tx, &before, transition, None).await.map(drop);
                }
                let head = db::journal::head(tx, tenant, id.uuid()).await?;
                let idle = match before.state {
                    State::Bot => Some(BOT_IDLE_MS),
                    State::Active | State::OnHold => Some(AGENT_IDLE_MS),
                    _ => None,
                };
                // Something was written since the due time was set: check again once the conversation has been silent for long enough.
                if let Some(idle) = idle
                    && now.since(head.last_at) < idle
                {
                    return conversations::put_off(tx, tenant, id, head.last_at.plus(idle)).await;
                }
                let bot = conversations::bot_work(tx, &before).await?;
                let transition = before.apply(Event::Expire { bot }, &Actor::system(), now)?;
                conversations::commit(tx, &before, transition, None).await.map(drop)
            })
        })
        .await
}
