//! The keys of companies, and pages that were stored before there were any.

use std::sync::Arc;

use store::{
    company_keys, conversations,
    entry_points::{self, PlainPage},
};
use store_desk::lists;
use testkit::{
    Company, TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};

on_every_engine!(a_company_keeps_the_key_that_came_first, pages_that_are_not_sealed_are_found_and_sealed_where_they_are_still_the_same);

async fn a_company_keeps_the_key_that_came_first(db: Arc<TestDb>) {
    let (alpha, beta) = (Company::create(&db, "alpha").await.tenant, Company::create(&db, "beta").await.tenant);
    assert_eq!(read!(db, |tx| company_keys::find(tx, alpha)).unwrap(), None);
    assert_eq!(write!(db, |tx| company_keys::insert(tx, alpha, b"first")).unwrap(), b"first");
    assert_eq!(write!(db, |tx| company_keys::insert(tx, alpha, b"second")).unwrap(), b"first");
    assert_eq!(read!(db, |tx| company_keys::find(tx, alpha)).unwrap().as_deref(), Some(&b"first"[..]));
    assert_eq!(read!(db, |tx| company_keys::find(tx, beta)).unwrap(), None);
}

async fn pages_that_are_not_sealed_are_found_and_sealed_where_they_are_still_the_same(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    let [same, changed] = [fixture.conversation(fixture.visitor().await).await.id, fixture.conversation(fixture.visitor().await).await.id];
    assert_eq!(entry_points::plain_pages(&db).await.unwrap(), []);
    for id in [same, changed] {
        write!(db, |tx| conversations::set_page(tx, tenant, id, r#"{"title":"1"}"#)).unwrap();
    }
    let found = entry_points::plain_pages(&db).await.unwrap();
    let plain = |conversation| PlainPage { tenant, conversation, json: r#"{"title":"1"}"#.to_owned() };
    assert!(found.len() == 2 && found.contains(&plain(same)) && found.contains(&plain(changed)), "{found:?}");
    write!(db, |tx| conversations::set_page(tx, tenant, changed, "c2VhbGVk")).unwrap();
    entry_points::seal_pages(&db, found.into_iter().map(|page| (page, "bm93".to_owned())).collect()).await.unwrap();
    assert_eq!(entry_points::plain_pages(&db).await.unwrap(), []);
    let page = async |id| read!(db, |tx| lists::one(tx, tenant, id)).unwrap().unwrap().page;
    assert_eq!((page(same).await.as_deref(), page(changed).await.as_deref()), (Some("bm93"), Some("c2VhbGVk")));
}
