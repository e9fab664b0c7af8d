//! The data that routing decisions are based on.

use std::sync::Arc;

use domain::{id::QueueId, staff::AgentState, time::Ts};
use store::{Error, entry_points, routing};
use testkit::{
    TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};

on_every_engine!(agents_come_with_what_they_serve, queues_come_with_who_waits, waits_are_remembered, service_times_are_averaged);

async fn agents_come_with_what_they_serve(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada, eve) = (fixture.company.tenant, fixture.agent("ada").await, fixture.agent("eve").await);
    fixture.served(fixture.visitor().await, &ada).await;
    fixture.resolved(fixture.visitor().await, &ada).await;
    let now = db.now();
    entry_points::agents_seen(&db, vec![(tenant, ada.id)], now).await.unwrap();
    let candidates = read!(db, |tx| routing::candidates(tx, tenant)).unwrap();
    let row = |id| candidates.iter().find(|candidate| candidate.agent == id).unwrap();
    assert_eq!((row(ada.id).open, row(ada.id).last_seen_at, row(ada.id).last_assigned_at), (1, Some(now), Some(now)));
    assert_eq!((row(eve.id).open, row(eve.id).last_seen_at, row(eve.id).last_assigned_at), (0, None, None));
    assert_eq!((row(eve.id).capacity, row(eve.id).state), (5, AgentState::Offline));
    assert_eq!(write!(db, |tx| routing::lock_agent(tx, tenant, ada.id)).unwrap(), candidates);
    assert_eq!(write!(db, |tx| routing::try_lock_agent(tx, tenant, ada.id)).unwrap(), Some(candidates));
}

async fn queues_come_with_who_waits(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, queue, site) = (fixture.company.tenant, fixture.company.queue, fixture.company.site);
    let queued = fixture.queued(fixture.visitor().await).await;
    let with_bot = fixture.conversation(fixture.visitor().await).await;
    for conversation in [queued, with_bot] {
        assert_eq!(read!(db, |tx| routing::queue_of(tx, &conversation)).unwrap(), queue, "its own, or that of its site");
    }
    let queues = read!(db, |tx| routing::queues(tx, tenant)).unwrap();
    assert_eq!(queues, [(queue, testkit::company::both("General"), 1)]);
    assert_eq!(read!(db, |tx| routing::queue_of_site(tx, tenant, site)).unwrap(), queue);
    assert_eq!(read!(db, |tx| routing::queue_name(tx, tenant, queue)).unwrap(), testkit::company::both("General"));
    let nothing = QueueId::new(db.uuid());
    assert!(matches!(read!(db, |tx| routing::queue_name(tx, tenant, nothing)), Err(Error::NotFound)));
}

async fn waits_are_remembered(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada, since) = (fixture.company.tenant, fixture.agent("ada").await, db.now());
    for wait in [5_000, 2_000] {
        let conversation = fixture.queued(fixture.visitor().await).await;
        db.clock.advance(wait);
        let event = domain::conversation::Event::Take { by: testkit::fixture::assignee(&ada) };
        fixture.happens(&conversation, event, testkit::fixture::agent(&ada)).await;
    }
    assert_eq!(read!(db, |tx| routing::recent_waits(tx, tenant, since)).unwrap(), [2_000, 5_000]);
    assert_eq!(read!(db, |tx| routing::recent_waits(tx, tenant, Ts(db.now().0 + 1))).unwrap(), Vec::<i64>::new());
}

async fn service_times_are_averaged(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada, since) = (fixture.company.tenant, fixture.agent("ada").await, db.now());
    fixture.resolved(fixture.visitor().await, &ada).await;
    fixture.served(fixture.visitor().await, &ada).await;
    let before = read!(db, |tx| routing::mean_served(tx, tenant, since)).unwrap();
    db.clock.advance(8_000);
    let after = read!(db, |tx| routing::mean_served(tx, tenant, since)).unwrap();
    assert_eq!(after.unwrap() - before.unwrap(), 4_000, "only one of both is served still");
    assert_eq!(read!(db, |tx| routing::mean_served(tx, tenant, Ts(db.now().0 + 1))).unwrap(), None);
}
