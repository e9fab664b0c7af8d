//! Stores what was decided about a conversation, and carries out what follows from it.

use db::Tx;
use domain::{
    alert::Alert,
    conversation::{Consequence, Conversation, Transition},
    entry::Changed,
    journal::{Actor, Appended},
};
use store::{Result, TenantTx, conversations};
use uuid::Uuid;

use crate::{alerts, danger, leave_message, route::route};

/// Stores the result of an event that `actor` caused, with its consequences. `own` is the sender's id and digest.
pub(crate) async fn commit(tx: &mut Tx, before: &Conversation, mut decided: Transition, actor: &Actor, own: Option<(Uuid, i64)>) -> Result<Appended> {
    let (after, consequences) = (decided.next.clone(), std::mem::take(&mut decided.consequences));
    let appended = conversations::commit(tx, before, decided, own).await?;
    if let Some(queue) = after.queue.filter(|queue| after.alerted_at.is_some() && before.queue != Some(*queue)) {
        alerts::hand_on(tx, after.tenant, after.stream(), queue).await?;
    }
    for consequence in consequences {
        carry_out(tx, &after, consequence, actor, appended).await?;
    }
    Ok(appended)
}

async fn carry_out(tx: &mut Tx, after: &Conversation, consequence: Consequence, actor: &Actor, own: Appended) -> Result<()> {
    let (tenant, id) = (after.tenant, after.id);
    match consequence {
        Consequence::Commented { comment, solved } => conversations::save_comment(tx, after, comment.as_deref(), solved).await,
        Consequence::MessageLeft => leave_message::note(tx, after, own.seq).await,
        Consequence::LeftAnswered { by } => {
            store::left_messages::finish(tx, tenant, id, by, true).await?;
            TenantTx::new(tx, tenant, actor.clone()).announce(Changed::LeftMessages).await
        }
        Consequence::AlertAcknowledged { by } => alerts::acknowledge(tx, tenant, after.stream(), by, actor).await,
        Consequence::AlertDue { of } => danger::alert(tx, after, of).await.map(drop),
        Consequence::AlertedAgain { of } => {
            let queue = store::routing::queue_of(tx, after).await?;
            alerts::raise_again(tx, tenant, &Alert::danger(id, of, queue)).await
        }
        Consequence::ChangedHands => route(tx, tenant).await,
    }
}
