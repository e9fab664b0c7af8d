//! Hears what customers write, after it was acknowledged, and alerts the staff where somebody may be in danger. The bot hears for itself before it answers.

use db::{Db, Shard, Tx, feed::Fed, journal};
use domain::{
    alert::Alert,
    conversation::{Conversation, Event, Owner},
    entry::{
        EntryKind,
        body::{AskedAbout, Message, Rated},
    },
    id::{ConversationId, TenantId},
    journal::Actor,
    rating,
    time::{DAY, Ts},
};
use store::{Result, conversations};

use crate::{about, alerts};

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
                // Whoever took it back before it was heard has raised the alert by that.
                if journal::is_withdrawn(tx, tenant, conversation.uuid(), of).await? {
                    return Ok(());
                }
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

/// Whether what a customer wrote says that somebody is in danger: a message, the comment of a rating, or a detail of what it is about.
fn is_alarming(one: &Fed) -> bool {
    one.words().is_some_and(|body| says_danger(&one.kind, body))
}

/// Whether the body of an entry of this kind, which a customer wrote, says that somebody is in danger. Of whoever was pleased, only plain words count.
pub(crate) fn says_danger(kind: &str, body: &str) -> bool {
    let words: Vec<String> = match EntryKind::parse(kind) {
        Some(EntryKind::Rated) => {
            let Ok(Rated { score, comment: Some(comment), .. }) = serde_json::from_str(body) else { return false };
            if rating::is_good(score) {
                return bot::human::is_plain_danger(&comment);
            }
            vec![comment]
        }
        Some(EntryKind::AskedAbout) => {
            let AskedAbout { details, .. } = serde_json::from_str(body).unwrap_or_default();
            details.into_iter().map(|detail| detail.text).collect()
        }
        _ => match serde_json::from_str(body) {
            Ok(Message::Text { text, .. } | Message::LeftMessage { text, .. }) => vec![text],
            _ => Vec::new(),
        },
    };
    words.iter().any(|words| bot::human::is_danger(words))
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
        None => {
            let site = store::sites::get(tx, tenant, before.site).await?;
            about::place(tx, &site, before.about).await?.0
        }
    };
    if !alerts::raise(tx, tenant, &Alert::danger(id, of, queue)).await? {
        return Ok(before.clone());
    }
    let raised = before.apply(Event::RaiseAlert { of }, &Actor::system(), tx.now())?;
    let alerted = raised.next.clone();
    conversations::commit(tx, before, raised, None).await?;
    Ok(alerted)
}
