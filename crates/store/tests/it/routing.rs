//! The data that routing decisions are based on.

use std::sync::Arc;

use domain::{
    conversation::{Event, State},
    entry::body::{OfferEnd, Routing},
    id::{AgentId, QueueId, SkillId},
    journal::Actor,
    routing::{
        rules::QueueRules,
        skill::{Level, NeededFor, Skill},
    },
    staff::AgentState,
    text::Lang,
    time::Ts,
};
use store::{Error, conversations, entry_points, queues, routing, skills, staff};
use testkit::{
    TestDb,
    fixture::{Fixture, assignee, read, write},
    on_every_engine,
};

on_every_engine!(
    agents_come_with_what_they_serve,
    who_is_at_home_is_not_read_and_skills_come_with_who_is_at_work,
    an_offer_is_an_agents_until_it_ends,
    what_asks_for_skills_is_kept_with_them,
    queues_come_with_who_waits,
    services_are_remembered,
    what_a_skill_or_a_member_leaves_is_counted_and_asked_for_instead
);

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
    let own = candidates.iter().find(|candidate| candidate.agent == ada.id).cloned();
    assert_eq!(write!(db, |tx| routing::lock_agent(tx, tenant, ada.id)).unwrap(), own);
    assert_eq!(write!(db, |tx| routing::try_lock_agent(tx, tenant, ada.id)).unwrap(), own);
    assert_eq!((row(ada.id).units, row(ada.id).unit_capacity, row(eve.id).units), (2, 10, 0));
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

async fn services_are_remembered(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada, since) = (fixture.company.tenant, fixture.agent("ada").await, db.now());
    let services = async |since: Ts| read!(db, |tx| routing::recent_services(tx, tenant, since)).unwrap();
    for wait in [5_000, 2_000] {
        let conversation = fixture.queued(fixture.visitor().await).await;
        db.clock.advance(wait - 1_000);
        let (to, until) = (assignee(&ada), db.now().plus(30_000));
        let offer = Event::Offer { to: to.clone(), units: 1, until, trace: Routing::default() };
        let offered = fixture.happens(&conversation, offer, Actor::system()).await;
        db.clock.advance(1_000);
        fixture.happens(&offered, Event::Take { by: to }, testkit::fixture::agent(&ada)).await;
    }
    let ended = fixture.resolved(fixture.visitor().await, &ada).await;
    assert_eq!(ended.state, State::Resolved);
    let before = services(since).await;
    assert_eq!(
        before.iter().map(|one| (one.wait_ms, one.accepted_after_ms, one.has_ended)).collect::<Vec<_>>()[1..],
        [(Some(2_000), Some(1_000), false), (Some(5_000), Some(1_000), false)]
    );
    assert_eq!((before[0].accepted_after_ms, before[0].has_ended), (None, true));
    db.clock.advance(8_000);
    let after = services(since).await;
    assert_eq!([0, 1, 2].map(|n: usize| after[n].held_ms - before[n].held_ms), [0, 8_000, 8_000]);
    assert_eq!(services(Ts(db.now().0 + 1)).await, []);
}

async fn who_is_at_home_is_not_read_and_skills_come_with_who_is_at_work(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada, eve) = (fixture.company.tenant, fixture.agent("ada").await, fixture.agent("eve").await);
    let bills = fixture.add_queue("账单", false, vec![ada.id, eve.id]).await.id;
    let english = Skill { id: SkillId::new(db.uuid()), name: testkit::company::both("English"), updated_at: db.now() };
    let (skill, of) = (english.id, vec![(ada.id, 3), (eve.id, 1)]);
    write!(db, |tx| skills::insert(tx, tenant, &english)).unwrap();
    write!(db, |tx| skills::set_holders(tx, tenant, skill, &of)).unwrap();
    let id = ada.id;
    write!(db, |tx| staff::change_state(tx, tenant, id, AgentState::Available, Actor::system(), None)).unwrap();
    let at_work = read!(db, |tx| routing::at_work(tx, tenant)).unwrap();
    assert_eq!(at_work.iter().map(|one| (one.agent, one.skills.clone())).collect::<Vec<_>>(), [(ada.id, vec![Level { skill, level: 3 }])]);
    let members = read!(db, |tx| queues::members_at_work(tx, tenant)).unwrap();
    assert_eq!(members.into_iter().collect::<Vec<_>>(), [(bills, [ada.id].into())]);
    assert_eq!(read!(db, |tx| queues::all(tx, tenant)).unwrap()[&bills].rules, QueueRules::default());
}

async fn an_offer_is_an_agents_until_it_ends(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada) = (fixture.company.tenant, fixture.agent("ada").await);
    let queued = fixture.queued(fixture.visitor().await).await;
    let until = db.now().plus(30_000);
    let event = Event::Offer { to: assignee(&ada), units: 3, until, trace: Routing::default() };
    let offered = fixture.happens(&queued, event, Actor::system()).await;
    let (id, conversation) = (ada.id, offered.id);
    assert_eq!(read!(db, |tx| conversations::get(tx, tenant, conversation)).unwrap(), offered);
    assert_eq!(read!(db, |tx| routing::offered_to(tx, tenant, id)).unwrap(), Some(conversation));
    assert!(read!(db, |tx| routing::agent(tx, tenant, id)).unwrap().unwrap().has_offer);
    assert!(read!(db, |tx| routing::line(tx, tenant)).unwrap()[0].is_offered, "the customer still waits");
    assert!(entry_points::offers_over(&db, until.plus(-1), 10).await.unwrap().is_empty());
    assert_eq!(entry_points::offers_over(&db, until, 10).await.unwrap(), [(tenant, conversation)]);
    fixture.happens(&offered, Event::EndOffer { agent: ada.id, how: OfferEnd::Missed }, Actor::system()).await;
    assert_eq!(read!(db, |tx| routing::offered_to(tx, tenant, id)).unwrap(), None);
    let (now, never) = (db.now(), Ts(0));
    write!(db, |tx| routing::note_passed(tx, tenant, conversation, id, never)).unwrap();
    assert_eq!(read!(db, |tx| routing::passed_since(tx, tenant, Ts(now.0 - 1))).unwrap(), [(conversation, ada.id)]);
    assert!(read!(db, |tx| routing::passed_since(tx, tenant, now)).unwrap().is_empty());
    for missed in [1, 2] {
        assert_eq!(write!(db, |tx| routing::count_missed(tx, tenant, id)).unwrap(), missed);
    }
    write!(db, |tx| routing::forget_missed(tx, tenant, id)).unwrap();
    assert_eq!(write!(db, |tx| routing::count_missed(tx, tenant, id)).unwrap(), 1);
}

async fn what_asks_for_skills_is_kept_with_them(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, queue, site, ada) = (fixture.company.tenant, fixture.company.queue, fixture.company.site, fixture.agent("ada").await.id);
    let add = async |name: &str| {
        let skill = Skill { id: SkillId::new(db.uuid()), name: testkit::company::both(name), updated_at: db.now() };
        let new = skill.clone();
        write!(db, |tx| skills::insert(tx, tenant, &new)).unwrap();
        skill
    };
    let (english, bills) = (add("English").await, add("Bills").await);
    let (one, other) = (english.id, bills.id);
    let needs = vec![(NeededFor::Language(Lang::En), 2), (NeededFor::Site(site), 4)];
    write!(db, |tx| skills::set_needs(tx, tenant, one, &needs)).unwrap();
    write!(db, |tx| skills::set_needs(tx, tenant, other, &[(NeededFor::Queue(queue), 1)])).unwrap();
    write!(db, |tx| skills::set_holders(tx, tenant, one, &[(ada, 3)])).unwrap();
    let used = read!(db, |tx| skills::list(tx, tenant)).unwrap();
    let uses: Vec<_> = used.iter().map(|(skill, of)| (skill.id, of.members, of.best, of.needed)).collect();
    assert_eq!(uses, [(one, 1, 3, 4), (other, 0, 0, 1)]);
    assert_eq!(read!(db, |tx| skills::needs(tx, tenant)).unwrap().len(), 3);
    assert_eq!(read!(db, |tx| skills::holders(tx, tenant)).unwrap()[&one], [(ada, 3)]);
    let nobody = AgentId::new(db.uuid());
    assert!(matches!(write!(db, |tx| skills::set_holders(tx, tenant, one, &[(nobody, 1)])), Err(Error::NotFound)));
    let taken = testkit::company::both("Bills");
    assert!(read!(db, |tx| skills::is_taken(tx, tenant, &taken, one)).unwrap());
    let (seen, changed) = (english.updated_at, Skill { name: testkit::company::both("Englisch"), ..english.clone() });
    let renamed = changed.clone();
    write!(db, |tx| skills::update(tx, tenant, &renamed, seen)).unwrap();
    assert_eq!(read!(db, |tx| skills::get(tx, tenant, one)).unwrap().name, changed.name);
    write!(db, |tx| skills::delete(tx, tenant, one)).unwrap();
    assert!(matches!(write!(db, |tx| skills::delete(tx, tenant, one)), Err(Error::NotFound)));
    assert_eq!(read!(db, |tx| skills::needs(tx, tenant)).unwrap().len(), 1);
    let ben = fixture.agent("ben").await;
    let visitor = fixture.visitor().await;
    fixture.resolved(visitor, &ben).await;
    assert_eq!(read!(db, |tx| routing::last_agent(tx, tenant, visitor, Ts(0))).unwrap(), Some(ben.id));
    assert_eq!(read!(db, |tx| routing::last_agent(tx, tenant, visitor, Ts(i64::MAX / 2))).unwrap(), None);
}

async fn what_a_skill_or_a_member_leaves_is_counted_and_asked_for_instead(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, queue, ada) = (fixture.company.tenant, fixture.company.queue, fixture.agent("ada").await);
    let [from, to] = ["Bills", "Money"].map(|name| Skill { id: SkillId::new(db.uuid()), name: testkit::company::both(name), updated_at: db.now() });
    for new in [from.clone(), to.clone()] {
        write!(db, |tx| skills::insert(tx, tenant, &new)).unwrap();
    }
    let (old, new) = (from.id, to.id);
    write!(db, |tx| skills::set_needs(tx, tenant, old, &[(NeededFor::Queue(queue), 3), (NeededFor::Language(Lang::En), 1)])).unwrap();
    write!(db, |tx| skills::set_needs(tx, tenant, new, &[(NeededFor::Language(Lang::En), 2)])).unwrap();
    write!(db, |tx| skills::ask_instead(tx, tenant, old, new)).unwrap();
    assert_eq!(read!(db, |tx| skills::needs(tx, tenant)).unwrap().len(), 4, "what asked for one asks for the other, too");
    fixture.served(fixture.visitor().await, &ada).await;
    let work = read!(db, |tx| staff::removal::work_of(tx, tenant, ada.id)).unwrap();
    assert_eq!((work.active, work.on_hold, work.snoozed, work.left_messages), (1, 0, 0, 0));
}
