//! What is stored about people only if they agree, and the copy of what is kept.

use std::sync::Arc;

use db::{bulk::Value, cells::Cell, journal};
use domain::{id::TenantId, id::VisitorId, journal::View};
use store::conversations as open;
use store_privacy::{copies, purposes, settings, settings::Uses};
use testkit::{
    TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};
use uuid::Uuid;

on_every_engine!(
    a_withdrawal_deletes_what_nothing_else_allows,
    pages_are_deleted_from_rows_and_old_entries,
    a_company_says_what_it_stores,
    a_copy_lists_what_is_a_persons
);

async fn signal(db: &TestDb, tenant: TenantId, visitor: VisitorId, item: &'static str, looked: i64, asked: i64) {
    write!(db, |tx| async move {
        let row = vec![
            Value::Uuid(tenant.uuid()),
            Value::Uuid(visitor.uuid()),
            Value::Text(Some("product")),
            Value::Text(Some(item)),
            Value::Int(Some(5)),
            Value::Int(Some(looked)),
            Value::Int(Some(asked)),
        ];
        db::bulk::execute(tx, "INSERT INTO recommendation_signals (tenant_id, visitor_id, kind, item, at, looked, asked) VALUES", &[row], "").await?;
        store::Result::Ok(())
    })
    .unwrap();
}

async fn signals(db: &TestDb, tenant: TenantId, visitor: VisitorId) -> Vec<(String, i64, i64)> {
    let listed = "item:text looked:int asked:int";
    let rows = read!(db, |tx| copies::rows(tx, tenant, "recommendation_signals", "visitor_id", visitor.uuid(), listed)).unwrap();
    rows.into_iter()
        .map(|row| match row.as_slice() {
            [Cell::Text(item), Cell::Int(looked), Cell::Int(asked)] => (item.clone(), *looked, *asked),
            other => panic!("{other:?}"),
        })
        .collect()
}

async fn a_withdrawal_deletes_what_nothing_else_allows(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    for (keeps_asked, keeps_looked, left) in [
        (true, true, vec![("asked", 0, 2), ("both", 1, 1), ("looked", 3, 0)]),
        (true, false, vec![("asked", 0, 2), ("both", 0, 1)]),
        (false, true, vec![("both", 1, 0), ("looked", 3, 0)]),
        (false, false, vec![]),
    ] {
        let visitor = fixture.visitor().await;
        for (item, looked, asked) in [("asked", 0, 2), ("both", 1, 1), ("looked", 3, 0)] {
            signal(&db, tenant, visitor, item, looked, asked).await;
        }
        write!(db, |tx| purposes::forget_interests(tx, tenant, visitor, keeps_asked, keeps_looked)).unwrap();
        let left: Vec<(String, i64, i64)> = left.into_iter().map(|(item, looked, asked)| (item.to_owned(), looked, asked)).collect();
        assert_eq!(signals(&db, tenant, visitor).await, left);
    }
}

async fn pages_are_deleted_from_rows_and_old_entries(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, visitor, other) = (fixture.company.tenant, fixture.visitor().await, fixture.visitor().await);
    let (conversation, theirs) = (fixture.conversation(visitor).await, fixture.conversation(other).await);
    let (stream, old) = (conversation.stream(), r#"{"episode":1,"lang":"en","page":{"title":"Shop","url":"https://shop.example/old"}}"#);
    write!(db, |tx| async move {
        journal::set_body(tx, tenant, stream, 1, old).await?;
        open::set_page(tx, tenant, conversation.id, "another sealed page").await
    })
    .unwrap();
    let places = write!(db, |tx| purposes::forget_pages(tx, tenant, visitor)).unwrap();
    assert_eq!(places.get("pages"), Some(&2));
    let entries = read!(db, |tx| journal::page(tx, tenant, stream, View::Staff, 0, 9)).unwrap();
    assert!(!format!("{entries:?}").contains("shop.example"));
    let rows = async |id: Uuid| read!(db, |tx| copies::rows(tx, tenant, "conversations", "id", id, "page:text")).unwrap();
    assert_eq!(rows(conversation.id.uuid()).await, [[Cell::Null]]);
    assert!(matches!(rows(theirs.id.uuid()).await[0][0], Cell::Text(_)), "nobody else's");
    assert!(write!(db, |tx| purposes::forget_pages(tx, tenant, visitor)).unwrap().is_empty());
}

async fn a_company_says_what_it_stores(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    assert_eq!(read!(db, |tx| settings::uses(tx, tenant)).unwrap(), Uses { pages: true, profile: true });
    write!(db, |tx| settings::set_four_eyes(tx, tenant, true)).unwrap();
    let new = Uses { pages: false, profile: true };
    write!(db, |tx| settings::set_uses(tx, tenant, new)).unwrap();
    assert_eq!((read!(db, |tx| settings::uses(tx, tenant)).unwrap(), read!(db, |tx| settings::four_eyes(tx, tenant)).unwrap()), (new, true));
}

async fn a_copy_lists_what_is_a_persons(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, visitor, other) = (fixture.company.tenant, fixture.visitor().await, fixture.visitor().await);
    let conversation = fixture.conversation(visitor).await.id;
    fixture.conversation(other).await;
    let after = async |after: Uuid| read!(db, |tx| copies::conversations_after(tx, tenant, visitor, after, 9)).unwrap();
    assert_eq!((after(Uuid::nil()).await, after(conversation.uuid()).await), (vec![conversation], vec![]));
    assert_eq!(read!(db, |tx| copies::files_in(tx, tenant, conversation)).unwrap(), []);
    assert_eq!(read!(db, |tx| copies::files_unsent(tx, tenant, visitor)).unwrap(), []);
    assert_eq!(copies::columns("id:id at:int"), [("id", db::cells::Kind::Id), ("at", db::cells::Kind::Int)]);
}
