//! The vectors of a company's texts.

use std::sync::Arc;

use store_knowledge::embeddings::{self, Stored};
use testkit::{
    Company, TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};

on_every_engine!(vectors_belong_to_a_company_and_a_model);

fn stored(hash: u8, vector: u8) -> Stored {
    (vec![hash; 32], vec![vector; 8])
}

async fn vectors_belong_to_a_company_and_a_model(db: Arc<TestDb>) {
    let ours = Fixture::new(&db).await.company.tenant;
    let theirs = Company::create(&db, "beta").await.tenant;
    let list = async |tenant, model: &'static str| {
        let mut found = read!(db, |tx| embeddings::list(tx, tenant, model)).unwrap();
        found.sort();
        found
    };
    write!(db, |tx| embeddings::put(tx, ours, "a", &[stored(1, 1), stored(2, 2)])).unwrap();
    write!(db, |tx| embeddings::put(tx, ours, "b", &[stored(1, 9)])).unwrap();
    write!(db, |tx| embeddings::put(tx, theirs, "a", &[stored(1, 7)])).unwrap();
    write!(db, |tx| embeddings::put(tx, ours, "a", &[stored(1, 3)])).unwrap();
    assert_eq!(list(ours, "a").await, [stored(1, 3), stored(2, 2)], "the later one counts");

    write!(db, |tx| embeddings::delete(tx, ours, "a", &[vec![2; 32], vec![8; 32]])).unwrap();
    assert_eq!(list(ours, "a").await, [stored(1, 3)]);
    write!(db, |tx| embeddings::delete_others(tx, ours, "b")).unwrap();
    assert_eq!((list(ours, "a").await, list(ours, "b").await), (vec![], vec![stored(1, 9)]));
    assert_eq!(list(theirs, "a").await, [stored(1, 7)], "another company's stay");
}
