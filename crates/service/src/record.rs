//! Stores what was decided about a conversation, without what follows from it.

use db::Tx;
use domain::{
    conversation::{Conversation, Transition},
    journal::Appended,
};
use store::{Result, conversations};
use uuid::Uuid;

use crate::alerts;

/// Stores the result of an event whose consequences the caller carries out; alerts go with its conversation to another queue.
pub(crate) async fn store(tx: &mut Tx, before: &Conversation, decided: Transition, own: Option<(Uuid, i64)>) -> Result<Appended> {
    // What waited in no queue and was never alerted about has no alert that could go along.
    let may_have_alerts = before.queue.is_some() || before.alerted_at.is_some();
    let queue = decided.next.queue.filter(|_| may_have_alerts);
    let appended = conversations::commit(tx, before, decided, own).await?;
    if let Some(queue) = queue.filter(|queue| before.queue != Some(*queue)) {
        alerts::hand_on(tx, before.tenant, before.stream(), queue).await?;
    }
    Ok(appended)
}
