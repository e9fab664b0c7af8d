//! What a company sells, as customers see it.

use std::sync::Arc;

use store::Document;
use store_hall::catalogue;
use testkit::{
    Company, TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};

on_every_engine!(documents_keep_their_order_and_are_replaced, another_company_reads_nothing);

fn documents(ids: &[&str], json: &str) -> Vec<Document> {
    ids.iter().map(|id| Document { id: (*id).to_owned(), json: json.to_owned() }).collect()
}
fn ids(documents: &[Document]) -> Vec<&str> {
    documents.iter().map(|document| document.id.as_str()).collect()
}

async fn documents_keep_their_order_and_are_replaced(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    write!(db, |tx| catalogue::put_goods(tx, tenant, 0, &documents(&["z", "a"], "{}"))).unwrap();
    write!(db, |tx| catalogue::put_goods(tx, tenant, 2, &documents(&["m"], "{}"))).unwrap();
    write!(db, |tx| catalogue::put_goods(tx, tenant, 1, &documents(&["a"], r#"{"new":1}"#))).unwrap();
    let goods = read!(db, |tx| catalogue::goods(tx, tenant)).unwrap();
    assert_eq!((ids(&goods), goods[1].json.as_str()), (vec!["z", "a", "m"], r#"{"new":1}"#));
    assert_eq!(read!(db, |tx| catalogue::product(tx, tenant, "z")).unwrap().as_deref(), Some("{}"));
    assert_eq!(read!(db, |tx| catalogue::product(tx, tenant, "nothing")).unwrap(), None);
    write!(db, |tx| catalogue::put_plans(tx, tenant, 0, &documents(&["p2", "p1"], "{}"))).unwrap();
    assert_eq!(ids(&read!(db, |tx| catalogue::plans(tx, tenant)).unwrap()), ["p2", "p1"]);
    for json in ["{}", r#"{"zh":[]}"#] {
        write!(db, |tx| catalogue::put_frame(tx, tenant, json)).unwrap();
        assert_eq!(read!(db, |tx| catalogue::frame_seen(tx, tenant)).unwrap().0.as_deref(), Some(json));
    }
}

async fn another_company_reads_nothing(db: Arc<TestDb>) {
    let tenant = Fixture::new(&db).await.company.tenant;
    let other = Company::create(&db, "beta").await.tenant;
    let one = documents(&["x"], "{}");
    write!(db, |tx| async move {
        catalogue::put_goods(tx, tenant, 0, &one).await?;
        catalogue::put_plans(tx, tenant, 0, &one).await?;
        catalogue::put_frame(tx, tenant, "{}").await
    })
    .unwrap();
    assert!(read!(db, |tx| catalogue::goods(tx, other)).unwrap().is_empty());
    assert!(read!(db, |tx| catalogue::plans(tx, other)).unwrap().is_empty());
    assert!(read!(db, |tx| catalogue::frame_seen(tx, other)).unwrap().0.is_none());
    assert!(read!(db, |tx| catalogue::product(tx, other, "x")).unwrap().is_none());
    assert!(read!(db, |tx| catalogue::product(tx, tenant, "x\0")).unwrap().is_none(), "no engine stores such an id");
}
