//! Creates deliveries from the feed. The feed only says which conversations have news: the entries are read from the conversation itself, by number, so that
//! nothing is skipped or overtaken when transactions of several nodes overlap.

use std::{
    borrow::Borrow,
    collections::{BTreeMap, HashMap},
};

use crate::table::{
    webhook_deliveries::{self, Delivery, Happened},
    webhooks::Webhook,
};
use db::{
    Shard,
    feed::{Cursor, Fact},
};
use domain::{
    id::{ConversationId, TenantId},
    stream::{StreamKind, StreamName},
    time::Ts,
    webhook::{DeliveryState, EventType, WebhookState},
};
use http_kit::App;
use machines::webhook_queue;
use uuid::Uuid;

/// The name under which this follows the feed. (Nothing is created twice: each conversation knows how far it has been delivered.)
const FOLLOWER: &str = "webhooks";
/// Facts read at a time.
const FACTS: usize = 500;
/// Facts that concern no endpoint are skipped without storing the position until there are this many.
const PASSED: usize = 200;
/// Rows that one transaction may write, so that it stays short; if it still takes too long, the next one may write half as many.
const ROWS: usize = 200;
/// Transactions per run; after that, other work gets its turn.
const AT_ONE_GO: usize = 20;

/// Creates deliveries.
#[derive(Debug)]
pub(super) struct FanOut {
    /// Rows that a transaction may write at present.
    rows: usize,
}

impl Default for FanOut {
    fn default() -> Self {
        Self { rows: ROWS }
    }
}

impl FanOut {
    /// Processes part of the feed: all of it, if there is not too much.
    pub(super) async fn go(&mut self, app: &App) -> store::Result<()> {
        for _ in 0..AT_ONE_GO {
            match step(app, self.rows).await {
                Ok(more) => {
                    self.rows = (self.rows * 2).min(ROWS);
                    if !more {
                        break;
                    }
                }
                Err(store::Error::Db(db::Error::Busy)) if self.rows > 1 => self.rows /= 2,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// What endpoints may have to receive: for each company, the latest number of each conversation.
type News = BTreeMap<Uuid, BTreeMap<Uuid, i64>>;

/// Processes the next part of the feed, one that creates about this many rows; returns whether there is more.
async fn step(app: &App, rows: usize) -> store::Result<bool> {
    let generation = app.cluster().generation();
    let stored = store::entry_points::feed_position(&mut app.db().read().await?, FOLLOWER, generation).await?;
    let from = stored.unwrap_or_default();
    let facts = app.db().feed(generation, from, FACTS).await?;
    let mut listening = HashMap::<Uuid, usize>::new();
    for one in store::entry_points::webhooks(app.db()).await? {
        *listening.entry(one.tenant_id).or_default() += 1;
    }
    let (news, to) = piece(from, &facts, &listening, rows);
    let all = facts.len() < FACTS && facts.last().is_none_or(|last| to == Cursor { xid: last.xid, pos: last.pos });
    if news.is_empty() && all && facts.len() < PASSED {
        return Ok(false);
    }
    let done = app.db().writer().write(Shard::Any, move |tx| {
        Box::pin(async move {
            store::entry_points::move_feed_position(tx, FOLLOWER, generation, stored, to).await?;
            for (tenant, conversations) in news {
                tell(tx, TenantId::new(tenant), conversations).await?;
            }
            Ok(())
        })
    });
    match done.await {
        Ok(()) => Ok(!all),
        // Another node was faster.
        Err(store::Error::Stale) => Ok(false),
        Err(other) => Err(other),
    }
}

/// The first facts that create about this many rows, at least one of which concerns an endpoint: the news in them, and where they end.
fn piece<F: Borrow<Fact>>(from: Cursor, facts: &[F], listening: &HashMap<Uuid, usize>, rows: usize) -> (News, Cursor) {
    let (mut news, mut to, mut made) = (News::new(), from, 0);
    for fact in facts.iter().map(Borrow::borrow) {
        if let Some(endpoints) = listening.get(&fact.tenant_id)
            && fact.stream_kind == StreamKind::Conversation.as_str()
        {
            // One row per endpoint for the delivery, and one for how far the conversation has been processed.
            if made > 0 && made + endpoints + 1 > rows {
                break;
            }
            made += endpoints + 1;
            let seq = news.entry(fact.tenant_id).or_default().entry(fact.stream_id).or_default();
            *seq = fact.seq.max(*seq);
        }
        to = Cursor { xid: fact.xid, pos: fact.pos };
    }
    (news, to)
}

/// Creates the deliveries for one company's news.
async fn tell(tx: &mut db::Tx, tenant: TenantId, conversations: BTreeMap<Uuid, i64>) -> store::Result<()> {
    let mut webhooks = crate::table::webhooks::list(tx, tenant).await?;
    webhooks.retain(|webhook| webhook.state == WebhookState::Enabled);
    let Some(since) = webhooks.iter().map(|webhook| webhook.since).min() else { return Ok(()) };
    let (now, mut deliveries) = (tx.now(), Vec::new());
    for (conversation, up_to) in conversations {
        for happened in webhook_deliveries::news(tx, tenant, conversation, up_to, since).await? {
            deliveries.extend(webhooks.iter().filter_map(|webhook| delivery(webhook, ConversationId::new(conversation), happened, now)));
        }
        webhook_deliveries::advance_stream(tx, tenant, conversation, up_to).await?;
    }
    webhook_deliveries::insert(tx, tenant, &deliveries).await
}

/// The delivery of an entry to an endpoint, if the endpoint is to receive it.
fn delivery(webhook: &Webhook, conversation: ConversationId, happened: Happened, now: Ts) -> Option<Delivery> {
    let event = happened.kind.and_then(EventType::of).filter(|event| webhook.events.contains(event) && happened.at >= webhook.since)?;
    let stream = StreamName { kind: StreamKind::Conversation, id: conversation.uuid() };
    Some(Delivery {
        id: webhook_queue::delivery_id(webhook.id, webhook_queue::event_id(stream, happened.seq, happened.at)),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(pos: i64, tenant: u128, stream: u128, kind: StreamKind) -> Fact {
        Fact {
            xid: 1,
            pos,
            tenant_id: Uuid::from_u128(tenant),
            stream_id: Uuid::from_u128(stream),
            stream_kind: kind.as_str().to_owned(),
            seq: pos,
            kind: String::new(),
            v: 1,
            at: 0,
            actor_kind: String::new(),
            actor_id: None,
            facts: String::new(),
        }
    }

    #[test]
    fn a_piece_is_as_large_as_the_rows_it_makes_and_passes_over_what_concerns_nobody() {
        let listening = HashMap::from([(Uuid::from_u128(1), 20), (Uuid::from_u128(2), 1)]);
        let many: Vec<Fact> = (1..=100).map(|pos| fact(pos, 1, 7, StreamKind::Conversation)).collect();
        for (rows, taken) in [(200, 9), (100, 4), (21, 1), (1, 1)] {
            let (news, to) = piece(Cursor::default(), &many, &listening, rows);
            assert_eq!((to.pos, news[&Uuid::from_u128(1)][&Uuid::from_u128(7)]), (taken, taken), "{rows}");
        }
        let few: Vec<Fact> = (1..=100).map(|pos| fact(pos, 2, 7, StreamKind::Conversation)).collect();
        assert_eq!(piece(Cursor::default(), &few, &listening, 200).1.pos, 100, "one endpoint makes few rows");
        let nobodys: Vec<Fact> =
            (1..=500).map(|pos| if pos % 2 == 0 { fact(pos, 3, 7, StreamKind::Conversation) } else { fact(pos, 1, 7, StreamKind::Tenant) }).collect();
        let (news, to) = piece(Cursor::default(), &nobodys, &listening, 1);
        assert!(news.is_empty() && to.pos == 500);
    }
}
