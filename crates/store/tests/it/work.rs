//! What agents do over time.

use std::sync::Arc;

use domain::{
    entry::{Fact, fact::Worked},
    id::AgentId,
    journal::{Actor, View},
    staff::{AgentState, UNREACHABLE_AFTER_MS},
    stream::StreamName,
    time::{HOUR, MINUTE, Ts},
};
use store::{
    entry_points,
    staff::{self, Member, roster},
};
use testkit::{
    TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};

on_every_engine!(
    a_stretch_ends_with_every_change,
    who_is_gone_does_not_work,
    a_clock_that_is_put_back_invents_no_work,
    nothing_is_known_of_what_nobody_noticed,
    conversations_that_are_given_at_once_are_all_counted,
);

/// The console of an agent is connected.
async fn seen(db: &TestDb, fixture: &Fixture, agent: AgentId) {
    entry_points::agents_seen(db, vec![(fixture.company.tenant, agent)], db.now()).await.unwrap();
}

async fn is_in(db: &TestDb, fixture: &Fixture, agent: AgentId, state: AgentState) {
    let tenant = fixture.company.tenant;
    write!(db, |tx| staff::change_state(tx, tenant, agent, state, Actor::agent(agent, "ada"), None)).unwrap();
}

/// Whose work has to be noted now.
async fn due(db: &TestDb) -> Vec<AgentId> {
    let (quarter, gone) = (db.now().quarter(), db.now().plus(-UNREACHABLE_AFTER_MS));
    entry_points::agents_to_note(db, quarter, gone, 10).await.unwrap().into_iter().map(|(_, agent)| agent).collect()
}

async fn note(db: &TestDb, fixture: &Fixture, agent: AgentId) {
    let tenant = fixture.company.tenant;
    write!(db, |tx| staff::note_work(tx, tenant, agent)).unwrap();
}

/// What an agent did today, in minutes since `begin`: from when until when, in which state, with how many conversations, out of how many.
async fn worked(db: &TestDb, fixture: &Fixture, agent: &Member, begin: Ts) -> Vec<(i64, i64, AgentState, i64, i64)> {
    let (tenant, stream) = (fixture.company.tenant, StreamName::work(agent.inbox.uuid(), begin));
    let entries = read!(db, |tx| db::journal::page(tx, tenant, stream, View::Staff, 0, 50)).unwrap();
    let told = |fact: Option<Fact>| {
        let Some(Fact::Worked(Worked { agent: of, since, until, state, open, capacity })) = fact else { panic!("{fact:?}") };
        assert_eq!(of, agent.id);
        (since.since(begin) / MINUTE, until.since(begin) / MINUTE, state, open, capacity)
    };
    entries.iter().map(|entry| told(entry.fact())).collect()
}

async fn a_stretch_ends_with_every_change(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (ada, bob, begin) = (fixture.agent("ada").await, fixture.agent("bob").await, db.now());
    let go_on = async |minutes: i64| {
        db.clock.advance(minutes * MINUTE);
        seen(&db, &fixture, ada.id).await;
        seen(&db, &fixture, bob.id).await;
    };
    go_on(0).await;
    is_in(&db, &fixture, ada.id, AgentState::Available).await;
    go_on(4).await;
    let visitor = fixture.visitor().await;
    let conversation = fixture.served(visitor, &ada).await;
    go_on(3).await;
    let (tenant, mut person) = (fixture.company.tenant, read!(db, |tx| roster::get(tx, fixture.company.tenant, ada.id)).unwrap());
    let update_seen = person.updated_at;
    (person.capacity, person.updated_at) = (ada.capacity + 2, db.now());
    write!(db, |tx| roster::update(tx, tenant, &person, update_seen)).unwrap();
    go_on(2).await;
    is_in(&db, &fixture, ada.id, AgentState::Break).await;
    go_on(5).await;
    let to = domain::conversation::Assignee { agent: bob.id, name: "bob".into(), number: "2".into() };
    let transfer = domain::conversation::Event::TransferToAgent { to, from_name: "ada".into(), note: None };
    fixture.happens(&conversation, transfer, Actor::agent(ada.id, "ada")).await;
    go_on(1).await;
    is_in(&db, &fixture, ada.id, AgentState::Offline).await;
    let slots = ada.capacity;
    assert_eq!(
        worked(&db, &fixture, &ada, begin).await,
        [
            (0, 4, AgentState::Available, 0, slots),
            (4, 7, AgentState::Available, 1, slots),
            (7, 9, AgentState::Available, 1, slots + 2),
            (9, 14, AgentState::Break, 1, slots + 2),
            (14, 15, AgentState::Break, 0, slots + 2),
        ]
    );
    assert_eq!(worked(&db, &fixture, &bob, begin).await, [], "bob is offline");
}

async fn who_is_gone_does_not_work(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (ada, begin) = (fixture.agent("ada").await, db.now());
    is_in(&db, &fixture, ada.id, AgentState::Available).await;
    assert_eq!(due(&db).await, [], "the console was never there");
    seen(&db, &fixture, ada.id).await;
    assert_eq!(due(&db).await, [ada.id], "the stretch begins");
    note(&db, &fixture, ada.id).await;
    assert_eq!(due(&db).await, []);
    db.clock.advance(20 * MINUTE);
    seen(&db, &fixture, ada.id).await;
    assert_eq!(due(&db).await, [ada.id], "a quarter of an hour is over");
    note(&db, &fixture, ada.id).await;
    assert_eq!(due(&db).await, []);
    db.clock.advance(8 * HOUR);
    assert_eq!(due(&db).await, [ada.id], "the console is gone");
    note(&db, &fixture, ada.id).await;
    assert_eq!(due(&db).await, []);
    seen(&db, &fixture, ada.id).await;
    note(&db, &fixture, ada.id).await;
    db.clock.advance(MINUTE);
    seen(&db, &fixture, ada.id).await;
    is_in(&db, &fixture, ada.id, AgentState::Offline).await;
    let slots = ada.capacity;
    let night = 20 + 8 * 60;
    let did = [(0, 20), (20, 20), (night, night + 1)].map(|(from, to)| (from, to, AgentState::Available, 0, slots));
    assert_eq!(worked(&db, &fixture, &ada, begin).await, did, "half a minute after the console was seen last, and not the night");
}

async fn a_clock_that_is_put_back_invents_no_work(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (ada, begin) = (fixture.agent("ada").await, db.now());
    seen(&db, &fixture, ada.id).await;
    is_in(&db, &fixture, ada.id, AgentState::Available).await;
    // It was a quarter of an hour ahead.
    for minutes in [20, -15, 5, 5, 10] {
        db.clock.advance(minutes * MINUTE);
        seen(&db, &fixture, ada.id).await;
        note(&db, &fixture, ada.id).await;
    }
    let slots = ada.capacity;
    assert_eq!(worked(&db, &fixture, &ada, begin).await, [(0, 20, AgentState::Available, 0, slots), (20, 25, AgentState::Available, 0, slots)]);
}

async fn nothing_is_known_of_what_nobody_noticed(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (ada, begin) = (fixture.agent("ada").await, db.now());
    seen(&db, &fixture, ada.id).await;
    is_in(&db, &fixture, ada.id, AgentState::Available).await;
    let visitor = fixture.visitor().await;
    fixture.served(visitor, &ada).await;
    // As a node of an earlier release would do it.
    let (tenant, id) = (fixture.company.tenant, ada.id.uuid());
    let unnoticed = "UPDATE agents SET open_count = 0 WHERE tenant_id = $1 AND id = $2";
    write!(db, |tx| async move { Ok::<_, store::Error>(db::q!(tx, |c| sqlx::query(unnoticed).bind(tenant.uuid()).bind(id).execute(c).await.map(drop))?) })
        .unwrap();
    for _ in 0..2 {
        db.clock.advance(MINUTE);
        seen(&db, &fixture, ada.id).await;
        note(&db, &fixture, ada.id).await;
    }
    assert_eq!(worked(&db, &fixture, &ada, begin).await, [(1, 2, AgentState::Available, 1, ada.capacity)]);
}

async fn conversations_that_are_given_at_once_are_all_counted(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (ada, begin) = (fixture.agent("ada").await, db.now());
    seen(&db, &fixture, ada.id).await;
    is_in(&db, &fixture, ada.id, AgentState::Available).await;
    let visitors = [fixture.visitor().await, fixture.visitor().await, fixture.visitor().await];
    let [first, second, third] = visitors.map(|visitor| fixture.served(visitor, &ada));
    tokio::join!(first, second, third);
    db.clock.advance(MINUTE);
    seen(&db, &fixture, ada.id).await;
    note(&db, &fixture, ada.id).await;
    let did = worked(&db, &fixture, &ada, begin).await;
    assert_eq!(did.last(), Some(&(0, 1, AgentState::Available, 3, ada.capacity)), "{did:?}");
}
