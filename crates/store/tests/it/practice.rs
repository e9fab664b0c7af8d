//! Companies in which the staff of another one practise.

use std::sync::Arc;

use domain::{
    id::{AgentId, ConversationId, QueueId, SessionId, SiteId, VisitorId},
    text::Lang,
    time::Ts,
};
use store::{
    Error, entry_points,
    practice::{self, Learner},
    staff,
};
use testkit::{
    Company, TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};

on_every_engine!(somebody_practises_in_a_company_of_its_own_until_that_ends);

async fn somebody_practises_in_a_company_of_its_own_until_that_ends(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (company, ada) = (fixture.company.tenant, fixture.agent("ada").await.id);
    let practised = Company::create(&db, "practice").await;
    let place = practised.tenant;
    let twin = practised.member(&db, domain::policy::LEAST_ROLE, "twin").await.id;
    assert_eq!(entry_points::practice_of(&db, company).await.unwrap(), None);
    write!(db, |tx| practice::dedicate(tx, place, company)).unwrap();
    assert_eq!(entry_points::practice_of(&db, company).await.unwrap(), Some(place));
    assert_eq!(read!(db, |tx| practice::of_company(tx, company)).unwrap(), Some(place));
    assert_eq!(read!(db, |tx| practice::of_company(tx, place)).unwrap(), None);
    assert!(entry_points::practices(&db).await.unwrap().contains(&place));
    assert!(!entry_points::tenants(&db).await.unwrap().contains(&place), "it is no company of its own");
    let learner = Learner {
        twin,
        member: ada,
        session: SessionId::new(db.uuid()),
        queue: QueueId::new(db.uuid()),
        site: SiteId::new(db.uuid()),
        exercise: "bill".to_owned(),
        lang: Lang::En,
        visitor: VisitorId::new(db.uuid()),
        conversation: ConversationId::new(db.uuid()),
        begun_at: db.now(),
        finished_at: None,
        ended_at: None,
    };
    let (first, conversation) = (learner.clone(), learner.conversation);
    write!(db, |tx| async move { practice::insert(tx, place, &first).await }).unwrap();
    assert_eq!(read!(db, |tx| practice::of_member(tx, place, ada)).unwrap().as_ref(), Some(&learner));
    assert_eq!(read!(db, |tx| practice::of_member(tx, company, ada)).unwrap(), None);
    assert_eq!(read!(db, |tx| practice::get(tx, place, twin)).unwrap(), learner);
    assert!(matches!(read!(db, |tx| practice::get(tx, place, AgentId::new(db.uuid()))), Err(Error::NotFound)));
    let live = entry_points::live_practices(&db, 9).await.unwrap();
    assert_eq!(
        live.iter().map(|one| (one.tenant, one.company, one.twin, one.is_held)).collect::<Vec<_>>(),
        [(place, company, twin, false)],
        "no session holds it"
    );
    assert!(write!(db, |tx| practice::finish(tx, place, twin, conversation)).unwrap());
    assert!(!write!(db, |tx| practice::finish(tx, place, twin, conversation)).unwrap());
    let next = Learner { exercise: "hold".to_owned(), conversation: ConversationId::new(db.uuid()), begun_at: Ts(db.now().0 + 1), ..learner.clone() };
    let (replaced, conversation) = (next.clone(), next.conversation);
    write!(db, |tx| async move { practice::replace(tx, place, &replaced).await }).unwrap();
    assert_eq!(read!(db, |tx| practice::get(tx, place, twin)).unwrap(), next);
    assert!(!write!(db, |tx| practice::end(tx, place, twin, learner.conversation)).unwrap(), "that one was replaced");
    assert!(write!(db, |tx| practice::end(tx, place, twin, conversation)).unwrap());
    assert!(!write!(db, |tx| practice::end(tx, place, twin, conversation)).unwrap());
    assert!(entry_points::live_practices(&db, 9).await.unwrap().is_empty());
    write!(db, |tx| practice::rename(tx, place, twin, "Ada")).unwrap();
    assert_eq!(read!(db, |tx| staff::get(tx, place, twin)).unwrap().name, "Ada");
    assert!(matches!(write!(db, |tx| practice::rename(tx, company, twin, "Eve")), Err(Error::NotFound)));
    assert!(entry_points::abandoned_practices(&db).await.unwrap().is_empty(), "its company is there");
}
