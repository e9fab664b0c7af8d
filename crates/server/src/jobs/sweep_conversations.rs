//! Looks at conversations whose time has come: silent ones end, settled ones close, and what a crash left unanswered is answered.

use db::Shard;
use domain::{
    conversation::{AGENT_IDLE_MS, BOT_IDLE_MS, Event, State},
    id::{ConversationId, TenantId},
    journal::{Actor, StreamKind, View},
    time::SECOND,
};

use super::answer_as_bot;
use crate::App;

/// A bot turn this old was lost with the process that should have taken it. So was, as far as anybody can tell, one that is to come only in as long: the clock was
/// ahead when the customer wrote, and was put right since.
const LOST_TURN_MS: i64 = 10 * SECOND;

/// Once.
pub async fn step(app: &App) -> store::Result<()> {
    let now = app.env().now();
    for (tenant, id) in store::entry_points::due_conversations(app.db(), now, 200).await? {
        // One that cannot be looked at must not stop the others.
        if let Err(error) = look_at(app, tenant, id).await {
            tracing::warn!(error = %error, conversation.id = %id, "an overdue conversation could not be looked at");
        }
    }
    for (tenant, id, seq) in store::entry_points::unanswered_by_bot(app.db(), now.plus(-LOST_TURN_MS), now.plus(LOST_TURN_MS), 100).await? {
        let mut tx = app.db().read().await?;
        let stream = domain::id::StreamName { kind: StreamKind::Conversation, id: id.uuid() };
        let entries = db::journal::page(&mut tx, tenant, stream, View::Staff, seq - 1, 1).await?;
        drop(tx);
        for entry in entries {
            if let Err(error) = answer_as_bot::answer(app, &entry).await {
                tracing::warn!(error = %error, "a lost bot turn could not be answered");
            }
        }
    }
    store::entry_points::forget_expired(app.db(), now).await
}

async fn look_at(app: &App, tenant: TenantId, id: ConversationId) -> store::Result<()> {
    app.db()
        .writer()
        .write(Shard::Of(id.uuid()), move |tx| {
            Box::pin(async move {
                let Some(before) = store::conversations::lock(tx, tenant, id).await? else { return Ok(()) };
                let now = tx.now();
                // Something happened since it was found: its time was set anew.
                if before.due_at.is_none_or(|due| due > now) {
                    return Ok(());
                }
                let head = db::journal::head(tx, tenant, id.uuid()).await?;
                let idle = match before.state {
                    State::Bot => Some(BOT_IDLE_MS),
                    State::Active | State::OnHold | State::Snoozed => Some(AGENT_IDLE_MS),
                    _ => None,
                };
                // Something was said since the time was set: look again when that has been silent for long enough.
                if let Some(idle) = idle
                    && now.since(head.last_at) < idle
                {
                    return store::conversations::put_off(tx, tenant, id, head.last_at.plus(idle)).await;
                }
                let bot = store::conversations::bot_work(tx, &before).await?;
                let transition = before.apply(Event::Expire { bot }, &Actor::system(), now)?;
                store::conversations::commit(tx, &before, transition, None).await.map(drop)
            })
        })
        .await
}
