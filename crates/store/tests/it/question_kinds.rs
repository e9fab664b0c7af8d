//! Kinds of question, and what customers said who chose one.

use std::sync::Arc;

use domain::{
    conversation::Event,
    entry::body::{AskedAbout, QuestionKindRef},
    id::{QuestionKindId, SkillId},
    journal::Actor,
    question_kind::{DetailField, QuestionKind},
    routing::skill::{NeededFor, Skill},
};
use store::{Error, conversations, question_kinds, queues, routing, skills};
use testkit::{
    Company, TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};

on_every_engine!(kinds_are_kept_by_company, what_a_customer_chose_is_kept_with_the_conversation);

fn kind(db: &TestDb, name: &str) -> QuestionKind {
    let details = vec![DetailField { label: testkit::company::both("Order"), required: true }];
    QuestionKind { id: QuestionKindId::new(db.uuid()), name: testkit::company::both(name), queue: None, details, archived_at: None, updated_at: db.now() }
}

async fn kinds_are_kept_by_company(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, other) = (fixture.company.tenant, Company::create(&db, "beta").await.tenant);
    let queue = fixture.add_queue("money", true, Vec::new()).await.id;
    let refund = kind(&db, "Refund");
    let new = refund.clone();
    write!(db, |tx| question_kinds::insert(tx, tenant, &new)).unwrap();
    assert_eq!(read!(db, |tx| question_kinds::all(tx, tenant)).unwrap(), std::slice::from_ref(&refund));
    assert_eq!(read!(db, |tx| question_kinds::all(tx, other)).unwrap(), []);
    let id = refund.id;
    assert_eq!(read!(db, |tx| question_kinds::find(tx, tenant, id)).unwrap(), Some(refund.clone()));
    assert_eq!(read!(db, |tx| question_kinds::find(tx, other, id)).unwrap(), None);
    let changed = QuestionKind { queue: Some(queue), archived_at: Some(db.now()), updated_at: db.now().plus(1), ..refund.clone() };
    let (now, seen) = (changed.clone(), refund.updated_at);
    write!(db, |tx| question_kinds::update(tx, tenant, &now, seen)).unwrap();
    let late = changed.clone();
    assert!(matches!(write!(db, |tx| question_kinds::update(tx, tenant, &late, seen)), Err(Error::Stale)));
    assert_eq!(read!(db, |tx| question_kinds::find(tx, tenant, id)).unwrap(), Some(changed.clone()));
    write!(db, |tx| queues::delete(tx, tenant, queue)).unwrap();
    let freed = QuestionKind { queue: None, updated_at: changed.updated_at.plus(1), ..changed };
    assert_eq!(read!(db, |tx| question_kinds::find(tx, tenant, id)).unwrap(), Some(freed));
    let skill = Skill { id: SkillId::new(db.uuid()), name: testkit::company::both("Money"), updated_at: db.now() };
    let (of, added) = (skill.id, skill.clone());
    write!(db, |tx| skills::insert(tx, tenant, &added)).unwrap();
    write!(db, |tx| skills::set_needs(tx, tenant, of, &[(NeededFor::Question(id), 2)])).unwrap();
    assert_eq!(read!(db, |tx| skills::needs(tx, tenant)).unwrap()[0].of, NeededFor::Question(id));
    let unknown = QuestionKindId::new(db.uuid());
    assert!(matches!(write!(db, |tx| skills::set_needs(tx, tenant, of, &[(NeededFor::Question(unknown), 2)])), Err(Error::NotFound)));
}

async fn what_a_customer_chose_is_kept_with_the_conversation(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    let refund = kind(&db, "Refund");
    let new = refund.clone();
    write!(db, |tx| question_kinds::insert(tx, tenant, &new)).unwrap();
    let before = fixture.queued(fixture.visitor().await).await;
    let (conversation, question) = (before.id, QuestionKindRef { id: refund.id, name: refund.name.clone() });
    assert_eq!(read!(db, |tx| question_kinds::told_in(tx, tenant, conversation)).unwrap(), None);
    let about = AskedAbout { question: Some(question), details: Vec::new() };
    let event = Event::AskAbout { about: about.clone(), to: None };
    let told = before.apply(event, &Actor::customer(before.visitor.uuid()), db.now()).unwrap();
    let was = before.clone();
    write!(db, |tx| async move { conversations::commit(tx, &was, told, None).await.map(drop) }).unwrap();
    let body = read!(db, |tx| question_kinds::told_in(tx, tenant, conversation)).unwrap().unwrap();
    assert_eq!(serde_json::from_str::<AskedAbout>(&body).unwrap(), about);
    assert_eq!(read!(db, |tx| conversations::get(tx, tenant, conversation)).unwrap().about, Some(refund.id));
    let line = read!(db, |tx| routing::line(tx, tenant)).unwrap();
    assert_eq!((line[0].about, line[0].is_message_offered), (Some(refund.id), false));
    let waits = read!(db, |tx| conversations::get(tx, tenant, conversation)).unwrap();
    let offered = waits.apply(Event::OfferMessage { promised_by: None }, &Actor::system(), db.now()).unwrap();
    write!(db, |tx| async move { conversations::commit(tx, &waits, offered, None).await.map(drop) }).unwrap();
    assert!(read!(db, |tx| routing::line(tx, tenant)).unwrap()[0].is_message_offered);
    // Whoever was served since waits anew for that, and keeps the place.
    let waits = read!(db, |tx| conversations::get(tx, tenant, conversation)).unwrap();
    let (ada, queue) = (fixture.agent("ada").await, fixture.company.queue);
    let taken = fixture.happens(&waits, Event::Take { by: testkit::fixture::assignee(&ada) }, testkit::fixture::agent(&ada)).await;
    db.clock.advance(60_000);
    fixture.happens(&taken, Event::Return { queue, queue_name: String::new() }, Actor::system()).await;
    let again = read!(db, |tx| routing::line(tx, tenant)).unwrap()[0].clone();
    assert_eq!((again.is_message_offered, again.unserved_since), (false, db.now()));
    assert_eq!(Some(again.since), waits.queued_at);
}
