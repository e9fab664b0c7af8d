//! What curators write beside the knowledge: synonyms, and what is added to the catalogue for the bot.

use std::sync::Arc;

use content::{
    graph::{Addition, GraphItem, GraphUnit, Relation, RelationKind},
    knowledge::Phrasings,
    synonyms::Synonyms,
};
use domain::{id::SynonymsId, text::Lang, time::Ts};
use store::Error;
use store_knowledge::{graph, synonyms};
use testkit::{
    Company, TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};

on_every_engine!(
    groups_of_words_keep_their_order_and_are_changed_by_one_editor_at_a_time,
    what_is_added_to_an_item_is_changed_by_one_editor_at_a_time,
    another_company_sees_and_changes_nothing_of_it,
);

fn group(db: &TestDb, position: i64, words: &[&str]) -> Synonyms {
    let words = words.iter().map(|word| (*word).to_owned()).collect();
    Synonyms { id: SynonymsId::new(db.uuid()), lang: Lang::Zh, words, position, updated_at: Ts(5) }
}
fn addition() -> Addition {
    Addition {
        aliases: Phrasings { zh: vec!["皇帝版".to_owned()], en: Vec::new() },
        relations: vec![Relation { kind: RelationKind::UpgradeOf, to: "g-002".to_owned() }],
        faqs: vec!["kb-1".to_owned()],
    }
}
async fn groups_of_words_keep_their_order_and_are_changed_by_one_editor_at_a_time(db: Arc<TestDb>) {
    let tenant = Fixture::new(&db).await.company.tenant;
    let (first, second) = (group(&db, 0, &["话费", "余额"]), group(&db, 1, &["套餐", "资费"]));
    let all = vec![second.clone(), first.clone()];
    write!(db, |tx| synonyms::insert(tx, tenant, &all)).unwrap();
    assert_eq!(read!(db, |tx| synonyms::list(tx, tenant)).unwrap(), [first.clone(), second.clone()]);
    let changed = Synonyms { words: vec!["话费".to_owned(), "钱".to_owned()], updated_at: Ts(6), ..first.clone() };
    let (once, again) = (changed.clone(), changed.clone());
    write!(db, |tx| synonyms::update(tx, tenant, &once, Ts(5))).unwrap();
    assert!(matches!(write!(db, |tx| synonyms::update(tx, tenant, &again, Ts(5))), Err(Error::Stale)));
    assert_eq!(read!(db, |tx| synonyms::get(tx, tenant, changed.id)).unwrap(), changed);
    write!(db, |tx| synonyms::delete(tx, tenant, first.id)).unwrap();
    assert!(matches!(write!(db, |tx| synonyms::delete(tx, tenant, first.id)), Err(Error::NotFound)));
    assert_eq!(read!(db, |tx| synonyms::list(tx, tenant)).unwrap(), [second]);
}

async fn what_is_added_to_an_item_is_changed_by_one_editor_at_a_time(db: Arc<TestDb>) {
    let tenant = Fixture::new(&db).await.company.tenant;
    let first = GraphItem { id: "g-001".to_owned(), addition: addition(), updated_at: Ts(5) };
    let (once, again) = (first.clone(), first.clone());
    write!(db, |tx| graph::put_item(tx, tenant, &once, Ts(0))).unwrap();
    assert!(matches!(write!(db, |tx| graph::put_item(tx, tenant, &again, Ts(0))), Err(Error::Stale)));
    assert_eq!(read!(db, |tx| graph::items(tx, tenant)).unwrap(), [first]);
    let second = GraphItem { id: "g-001".to_owned(), addition: Addition::default(), updated_at: Ts(6) };
    let (once, again) = (second.clone(), second.clone());
    write!(db, |tx| graph::put_item(tx, tenant, &once, Ts(5))).unwrap();
    assert!(matches!(write!(db, |tx| graph::put_item(tx, tenant, &again, Ts(5))), Err(Error::Stale)));
    assert_eq!(read!(db, |tx| graph::items(tx, tenant)).unwrap(), [second]);
    let unit = GraphUnit { id: "weight_g".to_owned(), unit: "g".to_owned(), updated_at: Ts(5) };
    let (once, again) = (unit.clone(), unit.clone());
    write!(db, |tx| graph::put_unit(tx, tenant, &once, Ts(0))).unwrap();
    assert!(matches!(write!(db, |tx| graph::put_unit(tx, tenant, &again, Ts(0))), Err(Error::Stale)));
    assert_eq!(read!(db, |tx| graph::units(tx, tenant)).unwrap(), [unit]);
}

async fn another_company_sees_and_changes_nothing_of_it(db: Arc<TestDb>) {
    let tenant = Fixture::new(&db).await.company.tenant;
    let other = Company::create(&db, "beta").await.tenant;
    let (words, item) = (group(&db, 0, &["话费", "余额"]), GraphItem { id: "g-001".to_owned(), addition: addition(), updated_at: Ts(5) });
    let unit = GraphUnit { id: "weight_g".to_owned(), unit: "g".to_owned(), updated_at: Ts(5) };
    let (all, one, its) = (vec![words.clone()], item.clone(), unit.clone());
    write!(db, |tx| async move {
        synonyms::insert(tx, tenant, &all).await?;
        graph::put_item(tx, tenant, &one, Ts(0)).await?;
        graph::put_unit(tx, tenant, &its, Ts(0)).await
    })
    .unwrap();
    assert!(read!(db, |tx| synonyms::list(tx, other)).unwrap().is_empty());
    assert!(matches!(read!(db, |tx| synonyms::get(tx, other, words.id)), Err(Error::NotFound)));
    assert!(read!(db, |tx| graph::items(tx, other)).unwrap().is_empty());
    assert!(read!(db, |tx| graph::units(tx, other)).unwrap().is_empty());
    let id = words.id;
    assert!(matches!(write!(db, |tx| synonyms::update(tx, other, &words, Ts(5))), Err(Error::Stale)));
    assert!(matches!(write!(db, |tx| synonyms::delete(tx, other, id)), Err(Error::NotFound)));
    assert!(matches!(write!(db, |tx| graph::put_item(tx, other, &item, Ts(5))), Err(Error::Stale)));
}
