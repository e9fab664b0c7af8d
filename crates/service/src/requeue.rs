//! Has what belongs to a queue belong to another, because it is deleted: the conversations that wait in it or are served from it, its left messages, and every rule
//! that leads to it.

use db::{Db, Shard, Tx};
use domain::{
    conversation::{Conversation, Event},
    entry::Changed,
    id::{ConversationId, QueueId, TenantId},
    journal::Actor,
    macros::MacroAct,
    revision::Revision,
    routing::rules::overflow_circle,
};
use store::{Result, TenantTx, conversations, queues};

use crate::{record, route::route};

/// The most conversations that are moved in the transaction that deletes their queue. More of them are moved before, each in a transaction of its own.
const TOGETHER: usize = 200;

/// Moves all but the last few of many conversations, so that deleting their queue holds up nobody. What has been moved stays moved, whatever becomes of the rest.
pub async fn ahead(db: &Db, tenant: TenantId, from: QueueId, to: QueueId, by: &Actor) -> Result<()> {
    let all = queues::conversations_of(&mut db.read_of(tenant).await?, tenant, from).await?;
    for id in all.into_iter().skip(TOGETHER) {
        let by = by.clone();
        let work = db.writer().write(Shard::Of(id.uuid()), move |tx| {
            Box::pin(async move {
                let Some(before) = conversations::lock(tx, tenant, id).await? else { return Ok(()) };
                move_one(tx, &before, (from, to), &by).await
            })
        });
        work.await.map_err(|error: store::Error| error)?;
    }
    Ok(())
}

/// Moves the conversations of a queue, in the transaction that deletes it. `locked` are those that were locked before the company. Returns `false` if there is
/// another one by now, which somebody is changing at this moment: then nothing may be stored.
pub async fn all_of(tx: &mut TenantTx<'_>, from: QueueId, to: QueueId, locked: &[ConversationId]) -> Result<bool> {
    let (tenant, by) = (tx.tenant(), tx.by());
    for id in queues::conversations_of(tx, tenant, from).await? {
        // The company is locked by now: waiting for one more conversation could be a deadlock.
        let before = if locked.contains(&id) { conversations::lock(tx, tenant, id).await? } else { conversations::try_lock(tx, tenant, id).await? };
        let Some(before) = before else { return Ok(false) };
        move_one(tx, &before, (from, to), &by).await?;
    }
    route(tx, tenant).await?;
    Ok(true)
}

async fn move_one(tx: &mut Tx, before: &Conversation, (from, to): (QueueId, QueueId), by: &Actor) -> Result<()> {
    if before.queue != Some(from) {
        return Ok(());
    }
    let name = store::routing::queue_name(tx, before.tenant, to).await?;
    let event = Event::LoseQueue { to, to_name: name.get(before.lang).to_owned() };
    // One that has ended in the meantime belongs to nobody.
    let Ok(transition) = before.apply(event, by, tx.now()) else { return Ok(()) };
    record::store(tx, before, transition, None).await.map(drop)
}

/// The queues through which what waits would flow in a circle, if everything that leads to the queue `from` led to the queue `to`; `None` if there is no such
/// circle. If `to` itself overflows into `from`, it overflows into nothing then.
pub async fn find_circle(tx: &mut Tx, tenant: TenantId, from: QueueId, to: QueueId) -> Result<Option<Vec<QueueId>>> {
    let all = queues::all(tx, tenant).await?;
    let leads = |of: QueueId| all.get(&of)?.rules.overflow.as_ref().map(|overflow| if overflow.to == from { to } else { overflow.to });
    let next = |of: QueueId| leads(of).filter(|next| *next != of);
    Ok(all.keys().filter(|of| **of != from).find_map(|of| overflow_circle(*of, next)))
}

/// Has the sites, the kinds of question, the left messages, the alerts, the overflow of other queues and the macros that lead to the queue `from` lead to the queue
/// `to`. Without one, the overflow ends; kinds of question and macros are left as they are.
pub async fn rules(tx: &mut TenantTx<'_>, from: QueueId, to: Option<QueueId>) -> Result<()> {
    let (tenant, now) = (tx.tenant(), tx.now());
    for (id, mut queue) in queues::all(tx, tenant).await? {
        let Some(mut overflow) = queue.rules.overflow.take_if(|overflow| overflow.to == from) else { continue };
        let seen = queue.updated_at;
        queue.rules.overflow = to.filter(|to| *to != id).map(|to| {
            overflow.to = to;
            overflow
        });
        queue.updated_at = Revision(seen).next(now);
        queues::update(tx, tenant, &queue, seen).await?;
    }
    let Some(to) = to else { return Ok(()) };
    queues::lead_to(tx, tenant, from, to).await?;
    let has_alerts = store_desk::alerts::hand_on_all(tx, tenant, from, to).await?;
    let led = store_desk::macros::to_queue(tx, tenant, from).await?;
    let has_macros = !led.is_empty();
    let name = store::routing::queue_name(tx, tenant, to).await?;
    for mut one in led {
        let seen = one.updated_at;
        for act in &mut one.acts {
            if matches!(act, MacroAct::Transfer { queue, .. } if *queue == from) {
                *act = MacroAct::Transfer { queue: to, name: name.clone() };
            }
        }
        one.updated_at = Revision(seen).next(now);
        store_desk::macros::update(tx, tenant, &one, seen).await?;
    }
    let changed = [(Changed::Settings, true), (Changed::LeftMessages, true), (Changed::Alerts, has_alerts), (Changed::CannedReplies, has_macros)];
    for (changed, _) in changed.into_iter().filter(|(_, has)| *has) {
        tx.announce(changed).await?;
    }
    Ok(())
}
