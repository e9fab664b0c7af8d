//! Hears what customers write, after it was acknowledged, and alerts the staff where somebody may be in danger. The bot hears for itself before it answers.

use db::{Db, Shard, Tx, feed::Fed};
use domain::{
    alert::Alert,
    conversation::{Conversation, Event, Owner},
    entry::{
        EntryKind,
        body::{Message, Rated},
    },
    id::{ConversationId, TenantId},
    journal::Actor,
    rating,
    time::{DAY, Ts},
};
use store::{Result, conversations};

use crate::alerts;

/// The name of the follower that hears, as in [`crate::follow`].
pub const FOLLOWER: &str = "danger";
/// Older messages are not heard, in milliseconds: a record that starts a new history is read from its beginning.
const HEARD_WITHIN_MS: i64 = DAY;

/// Hears these entries; returns whether anything was alarming.
///
/// # Errors
/// If the record cannot be read or written; then the same entries may be heard again, and no alert is raised twice.
pub async fn hear(db: &Db, fed: Vec<Fed>) -> Result<bool> {
    let since = db.now().plus(-HEARD_WITHIN_MS);
    let said = move || fed.into_iter().filter(move |one| Ts(one.at) >= since && is_alarming(one)).collect::<Vec<_>>();
    // A full batch takes ten milliseconds of a core.
    let alarming = tokio::task::spawn_blocking(said).await.map_err(|_| db::Error::Panicked)?;
    for one in &alarming {
        let (tenant, conversation, of) = (TenantId::new(one.tenant_id), ConversationId::new(one.stream_id), one.seq);
        let write = db.writer().write(Shard::Of(one.stream_id), move |tx| {
            Box::pin(async move {
                let Some(before) = conversations::lock(tx, tenant, conversation).await? else { return Ok(()) };
                alert(tx, &before, of).await.map(drop)
            })
        });
        match write.await {
            // A conversation that takes no alert must not keep the others from being heard.
            Err(store::Error::Refused(refusal)) => tracing::warn!(code = refusal.code.as_str(), "an alert could not be raised"),
            done => done?,
        }
    }
    Ok(!alarming.is_empty())
}

/// Whether what a customer wrote says that somebody is in danger: a message, or the comment of a rating. Of whoever was pleased, only plain words count.
fn is_alarming(one: &Fed) -> bool {
    let Some(body) = one.words() else { return false };
    if EntryKind::parse(&one.kind) == Some(EntryKind::Rated) {
        let Ok(Rated { score, comment: Some(comment), .. }) = serde_json::from_str(body) else { return false };
        return if rating::is_good(score) { bot::human::is_plain_danger(&comment) } else { bot::human::is_danger(&comment) };
    }
    match serde_json::from_str(body) {
        Ok(Message::Text { text, .. } | Message::LeftMessage { text, .. }) => bot::human::is_danger(&text),
        _ => false,
    }
}

/// Alerts the staff to a message that says that somebody may be in danger, unless an alert of this conversation is waiting already. Returns the conversation after
/// that.
pub(crate) async fn alert(tx: &mut Tx, before: &Conversation, of: i64) -> Result<Conversation> {
    let Conversation { tenant, id, .. } = *before;
    if before.alerted_at.is_some() {
        return Ok(before.clone());
    }
    let queue = match before.queue.filter(|_| matches!(before.state.owner(), Owner::Queue | Owner::Agent)) {
        Some(queue) => queue,
        None => store::routing::queue_of_site(tx, tenant, before.site).await?,
    };
    if !alerts::raise(tx, tenant, &Alert::danger(id, of, queue)).await? {
        return Ok(before.clone());
    }
    let raised = before.apply(Event::RaiseAlert { of }, &Actor::system(), tx.now())?;
    let alerted = raised.next.clone();
    conversations::commit(tx, before, raised, None).await?;
    Ok(alerted)
}
