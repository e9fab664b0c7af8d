//! The lessons that members have finished.

use std::{collections::BTreeMap, sync::Arc};

use domain::time::Ts;
use store::staff::{removal, roster};
use store_desk::lessons;
use testkit::{
    Company, TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};

on_every_engine!(a_lesson_is_finished_once_by_each_member_and_forgotten_with_them);

async fn a_lesson_is_finished_once_by_each_member_and_forgotten_with_them(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada, eve) = (fixture.company.tenant, fixture.agent("ada").await.id, fixture.agent("eve").await.id);
    let other = Company::create(&db, "beta").await.tenant;
    for (agent, lesson, at, is_new) in
        [(ada, "tour:agent", 5, true), (ada, "tour:agent", 9, false), (ada, "practice:refund", 7, true), (eve, "tour:agent", 8, true)]
    {
        assert_eq!(write!(db, |tx| async move { lessons::finish(tx, tenant, agent, lesson, Ts(at)).await }).unwrap(), is_new);
    }
    let of_ada = BTreeMap::from([("practice:refund".to_owned(), Ts(7)), ("tour:agent".to_owned(), Ts(5))]);
    let of_eve = BTreeMap::from([("tour:agent".to_owned(), Ts(8))]);
    assert_eq!(read!(db, |tx| lessons::of_agent(tx, tenant, ada)).unwrap(), of_ada);
    assert_eq!(read!(db, |tx| lessons::of_all(tx, tenant)).unwrap(), BTreeMap::from([(ada, of_ada), (eve, of_eve.clone())]));
    assert!(read!(db, |tx| lessons::of_agent(tx, other, ada)).unwrap().is_empty());
    assert!(read!(db, |tx| lessons::of_all(tx, other)).unwrap().is_empty());
    let person = read!(db, |tx| roster::get(tx, tenant, ada)).unwrap();
    write!(db, |tx| removal::remove(tx, tenant, &person, person.updated_at, "Tara")).unwrap();
    assert_eq!(read!(db, |tx| lessons::of_all(tx, tenant)).unwrap(), BTreeMap::from([(eve, of_eve)]));
}
