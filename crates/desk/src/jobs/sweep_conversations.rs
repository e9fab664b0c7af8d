//! Handles conversations that are due: silent ones end, resolved ones close, and messages that a crash left unanswered are answered.

use std::sync::Arc;

use domain::{
    conversation::Owner,
    entry::{Fact, fact},
    id::{ConversationId, TenantId},
    journal::{ActorKind, StoredEntry, View},
    stream::{StreamKind, StreamName},
    time::SECOND,
};
use http_kit::App;
use service::expire;

/// A bot turn this old was lost with the process that should have taken it. So, as far as anybody can tell, was one that is due only this far in the future:
/// the clock was ahead when the customer wrote, and has since been corrected.
const LOST_TURN_MS: i64 = 10 * SECOND;
/// The most entries of a conversation that are looked at for lost turns.
const MOST_ENTRIES: i64 = 200;

/// Runs the job once.
pub async fn step(app: &App) -> store::Result<()> {
    let now = app.env().now();
    for (tenant, id) in store::entry_points::due_conversations(app.db(), now, 200).await? {
        // A conversation that cannot be handled must not stop the others.
        if let Err(error) = expire::look_at(app.db(), tenant, id).await {
            tracing::warn!(error = %error, conversation.id = %id, "an overdue conversation could not be looked at");
        }
    }
    for (tenant, id, first) in store::entry_points::unanswered_by_bot(app.db(), now.plus(-LOST_TURN_MS), now.plus(LOST_TURN_MS), 100).await? {
        match lost_turns(app, tenant, id, first).await {
            Ok(lost) if lost.is_empty() => {}
            Ok(lost) => app.hub().answer_lost(lost),
            Err(error) => tracing::warn!(error = %error, conversation.id = %id, "lost bot turns could not be read"),
        }
    }
    store::entry_points::forget_expired(app.db(), now).await
}

/// The customer's messages from number `first` on that the bot has to answer, oldest first: those of the last one's episode that were written to the bot, and the
/// last one whoever it was written to, for the conversation has come to the bot since.
async fn lost_turns(app: &App, tenant: TenantId, id: ConversationId, first: i64) -> store::Result<Vec<Arc<StoredEntry>>> {
    let mut tx = app.db().read_of(tenant).await?;
    let stream = StreamName { kind: StreamKind::Conversation, id: id.uuid() };
    let entries = db::journal::page(&mut tx, tenant, stream, View::Staff, first - 1, MOST_ENTRIES).await?;
    drop(tx);
    let said = entries.into_iter().filter(|entry| entry.entry.actor.kind == ActorKind::Customer);
    let messages: Vec<_> = said.filter_map(|entry| if let Some(Fact::Message(fact)) = entry.fact() { Some((Arc::new(entry), fact)) } else { None }).collect();
    let Some((last, its)) = messages.last() else { return Ok(Vec::new()) };
    let is_lost = |(n, (message, fact)): &(usize, &(Arc<StoredEntry>, fact::Message))| {
        let is_to_bot = Arc::ptr_eq(message, last) || (fact.to == Some(Owner::Bot) && fact.ep == its.ep);
        // Of files that follow each other, the last one is answered for all.
        let is_followed = fact.file && messages.get(n + 1).is_some_and(|(_, next)| next.file);
        is_to_bot && !is_followed
    };
    Ok(messages.iter().enumerate().filter(is_lost).map(|(_, (message, _))| message.clone()).collect())
}
