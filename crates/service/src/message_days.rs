//! Counts what the customers of each company write on a day, out of the journal's feed. Whether they may write more is looked up in memory, never in the record.

use std::collections::BTreeMap;

use db::{Db, Shard, feed::Fed};
use domain::{
    entry::EntryKind,
    id::TenantId,
    journal::ActorKind,
    stream::StreamKind,
    time::{DAY, Ts},
};
use store::{
    Result,
    entry_points::{Counted, count_messages, messages_counted_to},
};

/// The name of the follower that counts, as in [`crate::follow`].
pub const FOLLOWER: &str = "message_days";
/// Messages of earlier days are not counted: a record that starts a new history is read from its beginning.
const COUNTED_DAYS: i64 = 2;
/// For how many days what was counted is kept.
const KEPT_DAYS: i64 = 62;

/// Counts these entries; returns whether there was anything to count. An entry counts once, however often it comes.
///
/// # Errors
/// If the record cannot be read or written; then the same entries come again.
pub async fn count(db: &Db, fed: &[Fed]) -> Result<bool> {
    let today = day(db.now());
    let mut days: BTreeMap<(TenantId, i64), Vec<db::feed::Cursor>> = BTreeMap::new();
    for one in fed.iter().filter(|one| is_of_customer(one)) {
        let on = day(Ts(one.at));
        if on > today - COUNTED_DAYS {
            days.entry((TenantId::new(one.tenant_id), on)).or_default().push(one.cursor());
        }
    }
    if days.is_empty() {
        return Ok(false);
    }
    let write = db.writer().write(Shard::Any, move |tx| {
        let days = days.clone();
        Box::pin(async move {
            for ((tenant, day), places) in days {
                let done = messages_counted_to(tx, tenant, day).await?;
                let fresh: Vec<_> = places.into_iter().filter(|place| *place > done).collect();
                if let Some(to) = fresh.iter().max().copied() {
                    count_messages(tx, Counted { tenant, day, messages: fresh.len() as i64, to }, today - KEPT_DAYS).await?;
                }
            }
            Ok::<_, store::Error>(())
        })
    });
    write.await?;
    Ok(true)
}

/// The day (UTC), in days since the epoch.
const fn day(at: Ts) -> i64 {
    at.0.div_euclid(DAY)
}

/// Whether a customer wrote it, in a conversation.
fn is_of_customer(one: &Fed) -> bool {
    one.kind == EntryKind::Message.as_str() && one.actor_kind == ActorKind::Customer.as_str() && one.stream_kind == StreamKind::Conversation.as_str()
}
