//! What was erased, and what is to be; and how a company erases.

use std::sync::Arc;

use domain::{
    erasure::{Erased, ErasureReason, ErasureState},
    id::{AgentId, ConversationId, ErasureId, VisitorId},
};
use store::{Error, entry_points};
use store_privacy::{
    Places, add, count,
    erasures::{self, Erasure},
    settings,
};
use testkit::{
    TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};

on_every_engine!(an_erasure_is_asked_for_decided_and_done, a_company_says_whether_a_second_person_confirms);

async fn an_erasure_is_asked_for_decided_and_done(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, now) = (fixture.company.tenant, db.now());
    let subject = Erased::Message(ConversationId::new(db.uuid()), 7);
    let (id, ada, eve) = (ErasureId::new(db.uuid()), AgentId::new(db.uuid()), AgentId::new(db.uuid()));
    let new =
        Erasure { state: ErasureState::Waiting, traces: Some("{}".to_owned()), ..Erasure::new(id, subject, ErasureReason::Asked, (Some(ada), "ada"), now) };
    let stored = new.clone();
    write!(db, |tx| async move { erasures::insert(tx, tenant, &stored).await }).unwrap();
    assert_eq!(read!(db, |tx| erasures::get(tx, tenant, id)).unwrap(), new);
    assert_eq!(read!(db, |tx| erasures::open_of(tx, tenant, subject)).unwrap(), Some(new.clone()));
    assert_eq!(read!(db, |tx| erasures::list(tx, tenant, None, 9)).unwrap(), [new]);
    assert_eq!(read!(db, |tx| erasures::list(tx, tenant, Some((now, id.uuid())), 9)).unwrap(), []);
    assert_eq!(entry_points::running_erasures(&db).await.unwrap(), []);
    write!(db, |tx| erasures::decide(tx, tenant, id, ErasureState::Running, eve, "eve")).unwrap();
    let again = write!(db, |tx| erasures::decide(tx, tenant, id, ErasureState::Declined, eve, "eve"));
    assert!(matches!(again, Err(Error::Stale)));
    assert_eq!(entry_points::running_erasures(&db).await.unwrap(), [(tenant, id)]);
    let mut places = Places::new();
    count(&mut places, "messages", 2);
    count(&mut places, "files", 0);
    let more = places.clone();
    write!(db, |tx| async move {
        erasures::set_traces(tx, tenant, id, "{\"seed\":1}").await?;
        erasures::add_places(tx, tenant, id, more.clone()).await?;
        erasures::add_places(tx, tenant, id, more).await
    })
    .unwrap();
    let same = places.clone();
    add(&mut places, same);
    write!(db, |tx| erasures::finish(tx, tenant, id, now, "signed")).unwrap();
    let done = read!(db, |tx| erasures::get(tx, tenant, id)).unwrap();
    assert_eq!((done.state, done.places, done.traces, done.signature.as_deref()), (ErasureState::Done, places, None, Some("signed")));
    assert_eq!((done.subject, done.decided_name.as_deref()), (Some(subject), Some("eve")));
    assert_eq!(read!(db, |tx| erasures::open_of(tx, tenant, subject)).unwrap(), None);
    let visitor = Erased::Visitor(VisitorId::new(db.uuid()));
    let other = Erasure { mark: Some("digest".to_owned()), ..Erasure::new(ErasureId::new(db.uuid()), visitor, ErasureReason::Law, (None, "terminal"), now) };
    let id = other.id;
    write!(db, |tx| async move {
        erasures::insert(tx, tenant, &other).await?;
        erasures::finish(tx, tenant, id, now, "signed").await
    })
    .unwrap();
    let done = read!(db, |tx| erasures::get(tx, tenant, id)).unwrap();
    assert_eq!((done.subject, done.mark.as_deref()), (None, Some("digest")), "a visitor's id leads to a pseudonym");
}

async fn a_company_says_whether_a_second_person_confirms(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    assert!(!read!(db, |tx| settings::four_eyes(tx, tenant)).unwrap());
    for on in [true, false, true] {
        write!(db, |tx| settings::set_four_eyes(tx, tenant, on)).unwrap();
        assert_eq!(read!(db, |tx| settings::four_eyes(tx, tenant)).unwrap(), on);
    }
}
