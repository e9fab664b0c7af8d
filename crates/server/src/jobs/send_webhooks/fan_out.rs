//! Deliveries out of the feed. The feed only says which conversations have news: what they are is read from the conversation itself, by number, so that nothing is skipped or
//! overtaken where transactions of several nodes overlap.

use std::collections::{BTreeMap, HashSet};

use db::{Shard, feed::Cursor};
use domain::{
    id::{ConversationId, StreamName, TenantId},
    journal::StreamKind,
    outbox,
    time::Ts,
    webhook::{DeliveryState, EventType, WebhookState},
};
use store::{
    webhook_deliveries::{self, Delivery, Happened},
    webhooks::Webhook,
};
use uuid::Uuid;

use crate::App;

/// Facts read at once.
const FACTS: i64 = 2_000;
/// Facts that concern nobody are passed over in memory until there are so many.
const PASSED: usize = 200;
/// Facts that concern somebody, in one transaction: it has to stay short.
const NEWS: usize = 50;

/// Takes the next piece of the feed in; whether there is more.
pub(super) async fn step(app: &App) -> store::Result<bool> {
    let generation = app.installation().generation;
    let mut tx = app.db().read().await?;
    let from = store::entry_points::webhook_position(&mut tx, generation).await?;
    let facts = db::feed::after(&mut tx, from, FACTS).await?;
    drop(tx);
    let listening: HashSet<Uuid> = store::entry_points::webhooks(app.db()).await?.into_iter().map(|one| one.tenant_id).collect();
    let mut news = BTreeMap::<(Uuid, Uuid), i64>::new();
    let (mut to, mut concerned) = (from, 0);
    for fact in &facts {
        if listening.contains(&fact.tenant_id) && fact.stream_kind == StreamKind::Conversation.as_str() {
            if concerned == NEWS {
                break;
            }
            concerned += 1;
            let seq = news.entry((fact.tenant_id, fact.stream_id)).or_default();
            *seq = fact.seq.max(*seq);
        }
        to = Cursor { xid: fact.xid, pos: fact.pos };
    }
    let all = facts.len() < FACTS as usize && facts.last().is_none_or(|last| to == Cursor { xid: last.xid, pos: last.pos });
    if news.is_empty() && all && facts.len() < PASSED {
        return Ok(false);
    }
    let done = app.db().writer().write(Shard::Any, move |tx| {
        Box::pin(async move {
            store::entry_points::move_webhook_position(tx, generation, from, to).await?;
            for ((tenant, stream), up_to) in news {
                tell(tx, TenantId::new(tenant), ConversationId::new(stream), up_to).await?;
            }
            Ok(())
        })
    });
    match done.await {
        Ok(()) => Ok(!all),
        // Another node was faster.
        Err(store::Error::Conflict) => Ok(false),
        Err(other) => Err(other),
    }
}

/// Makes the deliveries of one conversation's news.
async fn tell(tx: &mut db::Tx, tenant: TenantId, conversation: ConversationId, up_to: i64) -> store::Result<()> {
    let mut webhooks = store::webhooks::list(tx, tenant).await?;
    webhooks.retain(|webhook| webhook.state == WebhookState::Enabled);
    let Some(since) = webhooks.iter().map(|webhook| webhook.since).min() else { return Ok(()) };
    let now = tx.now();
    for happened in webhook_deliveries::news(tx, tenant, conversation.uuid(), up_to, since).await? {
        for webhook in &webhooks {
            if let Some(delivery) = delivery(webhook, conversation, happened, now) {
                webhook_deliveries::insert(tx, tenant, &delivery).await?;
            }
        }
    }
    webhook_deliveries::told(tx, tenant, conversation.uuid(), up_to).await
}

/// The delivery of an entry to an endpoint, if it is told of such.
fn delivery(webhook: &Webhook, conversation: ConversationId, happened: Happened, now: Ts) -> Option<Delivery> {
    let event = happened.kind.and_then(EventType::of).filter(|event| webhook.events.contains(event) && happened.at >= webhook.since)?;
    let stream = StreamName { kind: StreamKind::Conversation, id: conversation.uuid() };
    Some(Delivery {
        id: outbox::delivery_id(webhook.id, outbox::event_id(stream, happened.seq, happened.at)),
        webhook: webhook.id,
        stream: conversation.uuid(),
        seq: happened.seq,
        kind: event.as_str().to_owned(),
        state: DeliveryState::Pending,
        attempts: 0,
        attempts_before: 0,
        first_at: None,
        due_at: now,
        last_code: None,
        ended_at: None,
        created_at: now,
    })
}
