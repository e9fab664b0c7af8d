//! Webhook endpoints and deliveries.

use std::sync::Arc;

use connect::table::{
    webhook_deliveries::{self, Attempt, Delivery},
    webhooks::{self, Webhook},
};
use domain::{
    entry::EntryKind,
    id::{DeliveryId, WebhookId},
    time::{DAY, HOUR, Ts},
    webhook::{DeliveryState, EventType, WebhookState},
};
use machines::webhook_queue::Verdict;
use store::{Error, entry_points};
use testkit::{
    Company, TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};
use uuid::Uuid;

on_every_engine!(
    an_endpoint_is_kept_changed_and_removed,
    leases_are_taken_kept_and_given_to_others_after_their_end,
    only_the_first_delivery_of_a_conversation_is_due,
    what_waits_behind_many_deliveries_is_neither_read_nor_written_when_they_are_tried,
    an_attempt_is_recorded_and_a_dead_letter_replayed,
    news_of_a_conversation_is_told_once,
    what_was_kept_for_long_enough_goes,
    what_is_given_up_without_an_attempt_keeps_what_was_tried_before,
    a_thousand_are_counted_and_more_are_more,
);

fn webhook(fixture: &Fixture) -> Webhook {
    let now = fixture.db.now();
    Webhook {
        id: WebhookId::new(fixture.db.uuid()),
        tenant: fixture.company.tenant,
        url: "https://a.example/".to_owned(),
        description: "a".to_owned(),
        events: vec![EventType::Rated, EventType::Opened],
        bodies: true,
        state: WebhookState::Enabled,
        secret: b"sealed".to_vec(),
        old_secret: None,
        since: now,
        created_at: now,
        updated_at: now,
    }
}

async fn added(fixture: &Fixture) -> Webhook {
    let (tenant, webhook) = (fixture.company.tenant, webhook(fixture));
    let stored = webhook.clone();
    write!(fixture.db, |tx| webhooks::insert(tx, tenant, &stored)).unwrap();
    webhook
}

async fn delivery(fixture: &Fixture, webhook: &Webhook, stream: u128, seq: i64) -> Delivery {
    let (tenant, now) = (fixture.company.tenant, fixture.db.now());
    let delivery = Delivery {
        id: DeliveryId::new(fixture.db.uuid()),
        webhook: webhook.id,
        stream: Uuid::from_u128(stream),
        seq,
        kind: "conversation.rated".to_owned(),
        state: DeliveryState::Pending,
        attempts: 0,
        attempts_before: 0,
        first_at: None,
        due_at: now,
        last_code: None,
        ended_at: None,
        created_at: now,
    };
    let stored = delivery.clone();
    write!(fixture.db, |tx| webhook_deliveries::insert(tx, tenant, std::slice::from_ref(&stored))).unwrap();
    delivery
}

async fn recorded(fixture: &Fixture, delivery: &Delivery, verdict: Verdict, number: i64) {
    let (tenant, delivery, now) = (fixture.company.tenant, delivery.clone(), fixture.db.now());
    let attempt = Attempt { number, at: now.0, duration_ms: 5, status: Some(500), code: "refused".to_owned(), excerpt: "x".to_owned() };
    write!(fixture.db, |tx| webhook_deliveries::record(tx, tenant, &delivery, verdict, Some(&attempt))).unwrap();
}

async fn due(fixture: &Fixture, webhook: &Webhook) -> Vec<i64> {
    let (tenant, id, now) = (fixture.company.tenant, webhook.id, fixture.db.now());
    let heads = read!(fixture.db, |tx| webhook_deliveries::heads(tx, tenant, id, Uuid::nil(), 10)).unwrap();
    heads.into_iter().filter(|delivery| delivery.due_at <= now).map(|delivery| delivery.seq).collect()
}

async fn an_endpoint_is_kept_changed_and_removed(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, mut one) = (fixture.company.tenant, added(&fixture).await);
    assert_eq!(read!(db, |tx| webhooks::get(tx, tenant, one.id)).unwrap(), one);
    let seen = one.updated_at;
    one.old_secret = Some((b"old".to_vec(), seen.plus(DAY)));
    (one.secret, one.url, one.updated_at) = (b"new".to_vec(), "https://b.example/".to_owned(), seen.plus(1));
    let changed = one.clone();
    write!(db, |tx| webhooks::update(tx, tenant, &changed, seen)).unwrap();
    let stale = one.clone();
    assert!(matches!(write!(db, |tx| webhooks::update(tx, tenant, &stale, seen)), Err(Error::Stale)));
    assert_eq!(read!(db, |tx| webhooks::list(tx, tenant)).unwrap(), [one.clone()]);
    let other = Company::create(&db, "beta").await.tenant;
    let foreign = one.clone();
    let (id, seen) = (one.id, one.updated_at);
    assert!(matches!(write!(db, |tx| webhooks::update(tx, other, &foreign, seen)), Err(Error::Stale)));
    assert!(matches!(write!(db, |tx| webhooks::delete(tx, other, id)), Err(Error::NotFound)));
    assert!(matches!(read!(db, |tx| webhooks::get(tx, other, id)), Err(Error::NotFound)));
    write!(db, |tx| webhooks::set_gone(tx, other, id)).unwrap();
    assert_eq!(read!(db, |tx| webhooks::get(tx, tenant, id)).unwrap().state, WebhookState::Enabled);
    write!(db, |tx| webhooks::set_gone(tx, tenant, id)).unwrap();
    assert_eq!(read!(db, |tx| webhooks::get(tx, tenant, id)).unwrap().state, WebhookState::Gone);
    assert_eq!(entry_points::webhooks_at_rest(&db).await.unwrap(), [(tenant, id, false)]);
    write!(db, |tx| webhooks::delete(tx, tenant, id)).unwrap();
    assert!(matches!(read!(db, |tx| webhooks::get(tx, tenant, id)), Err(Error::NotFound)));
    assert_eq!(entry_points::webhooks_at_rest(&db).await.unwrap(), [(tenant, id, true)]);
    write!(db, |tx| webhooks::forget(tx, tenant, id)).unwrap();
    assert_eq!(entry_points::webhooks_at_rest(&db).await.unwrap(), []);
}

async fn leases_are_taken_kept_and_given_to_others_after_their_end(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, one) = (fixture.company.tenant, added(&fixture).await);
    let (first, second, grace) = (Uuid::from_u128(1), Uuid::from_u128(2), 5_000);
    let holder = async || entry_points::webhooks(&db).await.unwrap()[0].lease_node;
    entry_points::lease_webhooks(&db, first, db.now().plus(30_000), grace).await.unwrap();
    entry_points::lease_webhooks(&db, second, db.now().plus(30_000), grace).await.unwrap();
    assert_eq!(holder().await, Some(first));
    let id = one.id;
    assert!(write!(db, |tx| webhooks::holds_lease(tx, tenant, id, first)).unwrap());
    assert!(!write!(db, |tx| webhooks::holds_lease(tx, tenant, id, second)).unwrap());
    db.clock.advance(35_000);
    entry_points::lease_webhooks(&db, second, db.now().plus(30_000), grace).await.unwrap();
    assert_eq!(holder().await, Some(first), "clocks may be apart");
    db.clock.advance(1);
    entry_points::lease_webhooks(&db, second, db.now().plus(30_000), grace).await.unwrap();
    assert_eq!(holder().await, Some(second));
    assert!(!write!(db, |tx| webhooks::holds_lease(tx, tenant, id, first)).unwrap());
}

async fn only_the_first_delivery_of_a_conversation_is_due(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let one = added(&fixture).await;
    let first = delivery(&fixture, &one, 1, 10).await;
    delivery(&fixture, &one, 1, 11).await;
    delivery(&fixture, &one, 2, 20).await;
    assert_eq!(due(&fixture, &one).await.len(), 2);
    recorded(&fixture, &first, Verdict::Retry(db.now().plus(HOUR)), 1).await;
    assert_eq!(due(&fixture, &one).await, [20], "what waits behind it waits as long");
    db.clock.advance(HOUR);
    assert_eq!(due(&fixture, &one).await.iter().filter(|seq| **seq == 10 || **seq == 20).count(), 2);
    recorded(&fixture, &first, Verdict::Delivered, 2).await;
    let mut left = due(&fixture, &one).await;
    left.sort_unstable();
    assert_eq!(left, [11, 20]);
}

async fn what_waits_behind_many_deliveries_is_neither_read_nor_written_when_they_are_tried(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, one, now) = (fixture.company.tenant, added(&fixture).await, fixture.db.now());
    let template = delivery(&fixture, &one, 1, 1).await;
    for lane in 1..=20_u128 {
        let from = if lane == 1 { 2 } else { 1 };
        let waiting = (from..=300).map(|seq| Delivery { id: DeliveryId::new(testkit::ids::uuid()), stream: Uuid::from_u128(lane), seq, ..template.clone() });
        let waiting: Vec<Delivery> = waiting.collect();
        write!(db, |tx| webhook_deliveries::insert(tx, tenant, &waiting)).unwrap();
    }
    let hook = one.id;
    let heads = async |after: Uuid, limit: i64| read!(db, |tx| webhook_deliveries::heads(tx, tenant, hook, after, limit)).unwrap();
    let all = heads(Uuid::nil(), 256).await;
    assert_eq!(all.iter().map(|head| (head.stream.as_u128(), head.seq)).collect::<Vec<_>>(), (1..=20).map(|lane| (lane, 1)).collect::<Vec<_>>());
    assert_eq!(heads(Uuid::from_u128(7), 3).await.iter().map(|head| head.stream.as_u128()).collect::<Vec<_>>(), [8, 9, 10]);
    let attempt = Attempt { number: 1, at: now.0, duration_ms: 5, status: Some(500), code: "refused".to_owned(), excerpt: "x".to_owned() };
    let failed = all.clone();
    db.writer()
        .write(db::Shard::Any, move |tx| {
            Box::pin(async move {
                for head in &failed {
                    webhook_deliveries::record(tx, tenant, head, Verdict::Retry(now.plus(HOUR)), Some(&attempt)).await?;
                }
                Ok::<_, Error>(())
            })
        })
        .await
        .unwrap();
    let again = heads(Uuid::nil(), 256).await;
    assert!(again.iter().all(|head| head.seq == 1 && head.due_at == now.plus(HOUR)), "the order holds without a word to what waits");
    let far = (Ts(i64::MAX), Uuid::max());
    let listed = read!(db, |tx| webhook_deliveries::list(tx, tenant, hook, DeliveryState::Pending, far, 10_000)).unwrap();
    assert_eq!((listed.len(), listed.iter().filter(|one| one.due_at == now).count()), (20 * 300, 20 * 299));
}

async fn an_attempt_is_recorded_and_a_dead_letter_replayed(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, one) = (fixture.company.tenant, added(&fixture).await);
    let (dead, other) = (delivery(&fixture, &one, 1, 1).await, delivery(&fixture, &one, 2, 1).await);
    recorded(&fixture, &dead, Verdict::Dead, 1).await;
    let (hook, id, live) = (one.id, dead.id, other.id);
    assert_eq!(read!(db, |tx| webhook_deliveries::counts(tx, tenant, hook)).unwrap(), (1, 1));
    let far = (Ts(i64::MAX), Uuid::max());
    let listed = read!(db, |tx| webhook_deliveries::list(tx, tenant, hook, DeliveryState::Dead, far, 10)).unwrap();
    assert_eq!((listed.len(), listed[0].id, listed[0].last_code.as_deref(), listed[0].ended_at), (1, id, Some("refused"), Some(db.now())));
    assert_eq!(read!(db, |tx| webhook_deliveries::attempts(tx, tenant, id)).unwrap()[0].status, Some(500));
    assert!(matches!(write!(db, |tx| webhook_deliveries::replay(tx, tenant, hook, live)), Err(Error::Stale)));
    let beta = Company::create(&db, "beta").await.tenant;
    assert!(matches!(write!(db, |tx| webhook_deliveries::replay(tx, beta, hook, id)), Err(Error::Stale)));
    assert_eq!(write!(db, |tx| webhook_deliveries::replay_dead(tx, beta, hook, 10)).unwrap(), 0);
    assert_eq!(write!(db, |tx| webhook_deliveries::give_up(tx, beta, hook, Ts(i64::MAX), 10)).unwrap(), 0);
    assert_eq!(write!(db, |tx| webhook_deliveries::forget(tx, beta, hook, 10)).unwrap(), 0);
    assert!(matches!(read!(db, |tx| webhook_deliveries::get(tx, beta, hook, id)), Err(Error::NotFound)));
    write!(db, |tx| webhook_deliveries::replay(tx, tenant, hook, id)).unwrap();
    let replayed = read!(db, |tx| webhook_deliveries::get(tx, tenant, hook, id)).unwrap();
    assert_eq!((replayed.state, replayed.attempts, replayed.attempts_before, replayed.first_at), (DeliveryState::Pending, 1, 1, Some(db.now())));
    recorded(&fixture, &dead, Verdict::Dead, 2).await;
    assert_eq!(write!(db, |tx| webhook_deliveries::replay_dead(tx, tenant, hook, 10)).unwrap(), 1);
    let after = db.now().plus(1);
    assert_eq!(write!(db, |tx| webhook_deliveries::give_up(tx, tenant, hook, after, 10)).unwrap(), 2);
    assert_eq!(write!(db, |tx| webhook_deliveries::forget(tx, tenant, hook, 1)).unwrap(), 1);
}

async fn news_of_a_conversation_is_told_once(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    let conversation = fixture.conversation(fixture.visitor().await).await;
    fixture.says(&conversation, "hello").await;
    let stream = conversation.id.uuid();
    let news = async |up_to: i64, since: Ts| {
        let found = read!(db, |tx| webhook_deliveries::news(tx, tenant, stream, up_to, since)).unwrap();
        found.into_iter().map(|one| (one.seq, one.kind)).collect::<Vec<_>>()
    };
    let (opened, said) = ((1, Some(EntryKind::Opened)), (2, Some(EntryKind::Message)));
    assert_eq!(news(2, Ts(0)).await, [opened, said]);
    assert_eq!(news(1, Ts(0)).await, [opened]);
    assert_eq!(news(2, db.now().plus(1)).await, []);
    for (up_to, left) in [(1, 1), (2, 0), (1, 0)] {
        write!(db, |tx| webhook_deliveries::advance_stream(tx, tenant, stream, up_to)).unwrap();
        assert_eq!(news(9, Ts(0)).await.len(), left, "told up to {up_to}");
    }
}

async fn what_was_kept_for_long_enough_goes(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let one = added(&fixture).await;
    let (delivered, dead, _waiting) = (delivery(&fixture, &one, 1, 1).await, delivery(&fixture, &one, 2, 1).await, delivery(&fixture, &one, 3, 1).await);
    recorded(&fixture, &delivered, Verdict::Delivered, 1).await;
    recorded(&fixture, &dead, Verdict::Dead, 1).await;
    for (days, gone) in [(29, 0), (1, 1), (59, 0), (1, 1), (1, 0)] {
        db.clock.advance(days * DAY);
        assert_eq!(entry_points::forget_deliveries(&db, 10).await.unwrap(), gone, "after {days} more days");
    }
    assert_eq!(due(&fixture, &one).await.len(), 1);
}

async fn what_is_given_up_without_an_attempt_keeps_what_was_tried_before(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, one) = (fixture.company.tenant, added(&fixture).await);
    let (tried, untried) = (delivery(&fixture, &one, 1, 1).await, delivery(&fixture, &one, 2, 1).await);
    recorded(&fixture, &tried, Verdict::Retry(db.now()), 1).await;
    for given_up in [tried, untried] {
        let id = given_up.id;
        write!(db, |tx| webhook_deliveries::record(tx, tenant, &given_up, Verdict::Dead, None)).unwrap();
        let found = read!(db, |tx| webhook_deliveries::get(tx, tenant, one.id, id)).unwrap();
        let attempts = read!(db, |tx| webhook_deliveries::attempts(tx, tenant, id)).unwrap().len();
        let was_tried = found.attempts == 1;
        assert_eq!((found.state, found.ended_at, attempts), (DeliveryState::Dead, Some(db.now()), usize::from(was_tried)));
        assert_eq!(found.last_code.as_deref(), was_tried.then_some("refused"));
    }
}

async fn a_thousand_are_counted_and_more_are_more(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, one) = (fixture.company.tenant, added(&fixture).await);
    let (first, hook) = (delivery(&fixture, &one, 1, 0).await, one.id);
    for (from, to, counted) in [(1, 500, 501), (501, 999, 1_000), (1_000, 1_000, 1_001), (1_001, 1_300, 1_001)] {
        let more: Vec<Delivery> = (from..=to).map(|seq| Delivery { id: DeliveryId::new(testkit::ids::uuid()), seq, ..first.clone() }).collect();
        write!(db, |tx| webhook_deliveries::insert(tx, tenant, &more)).unwrap();
        assert_eq!(read!(db, |tx| webhook_deliveries::counts(tx, tenant, hook)).unwrap(), (counted, 0));
    }
}
