//! How long a company keeps things, and what has become older than that.

use std::sync::Arc;

use domain::{
    erasure::ErasureKind,
    id::ErasureId,
    time::{DAY, Ts},
};
use store::entry_points;
use store_privacy::{
    Places,
    erasures::{self, Erasure},
    retention::{self, Due, Retention},
};
use testkit::{
    TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};

on_every_engine!(
    rules_are_kept_and_companies_without_one_are_left_alone,
    what_is_still_open_is_not_old,
    rules_that_were_applied_are_due_again_later_or_once_they_change,
    what_began_since_is_known_of_rules_too
);

async fn rules_are_kept_and_companies_without_one_are_left_alone(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    assert_eq!(read!(db, |tx| retention::get(tx, tenant)).unwrap(), Retention::default());
    assert_eq!(entry_points::companies_with_retention(&db, db.now()).await.unwrap(), []);
    let rules = Retention { conversations: None, files: Some(30), views: Some(7) };
    write!(db, |tx| retention::set(tx, tenant, rules)).unwrap();
    assert_eq!(read!(db, |tx| retention::get(tx, tenant)).unwrap(), rules);
    assert_eq!(entry_points::companies_with_retention(&db, db.now()).await.unwrap(), [tenant]);
    assert!(!read!(db, |tx| store_privacy::settings::four_eyes(tx, tenant)).unwrap());
    write!(db, |tx| retention::set(tx, tenant, Retention::default())).unwrap();
    assert_eq!(entry_points::companies_with_retention(&db, db.now()).await.unwrap(), []);
}

async fn what_is_still_open_is_not_old(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    let visitor = fixture.visitor().await;
    fixture.conversation(visitor).await;
    let later: Ts = db.now().plus(400 * DAY);
    assert_eq!(read!(db, |tx| retention::due_conversations(tx, tenant, later)).unwrap(), Due::default());
    assert_eq!(read!(db, |tx| retention::old_conversations(tx, tenant, later, 9)).unwrap(), []);
    assert_eq!(read!(db, |tx| retention::due_files(tx, tenant, later)).unwrap(), Due::default());
    assert_eq!(read!(db, |tx| retention::old_files(tx, tenant, later, 9)).unwrap(), []);
    assert_eq!(read!(db, |tx| retention::due_views(tx, tenant, later)).unwrap(), Due::default());
    assert!(!read!(db, |tx| retention::any_view(tx, tenant, later)).unwrap());
    assert!(write!(db, |tx| retention::delete_views(tx, tenant, later, 9)).unwrap().is_empty());
}

async fn rules_that_were_applied_are_due_again_later_or_once_they_change(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, now) = (fixture.company.tenant, db.now());
    let rules = Retention { conversations: Some(30), ..Retention::default() };
    let due = async |before: Ts| entry_points::companies_with_retention(&db, before).await.unwrap();
    write!(db, |tx| retention::set(tx, tenant, rules)).unwrap();
    write!(db, |tx| retention::note_applied(tx, tenant)).unwrap();
    assert_eq!((due(now.plus(-1)).await, due(now.plus(DAY)).await), (vec![], vec![tenant]));
    write!(db, |tx| retention::set(tx, tenant, rules)).unwrap();
    assert_eq!(due(now.plus(-1)).await, [tenant]);
}

async fn what_began_since_is_known_of_rules_too(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, now) = (fixture.company.tenant, db.now());
    let rule = Erasure::by_rule(ErasureId::new(db.uuid()), now);
    assert_eq!((rule.kind, rule.subject, rule.places.clone()), (ErasureKind::Rule, None, Places::new()));
    write!(db, |tx| async move { erasures::insert(tx, tenant, &rule).await }).unwrap();
    assert!(read!(db, |tx| erasures::began_since(tx, tenant, now)).unwrap());
    assert!(!read!(db, |tx| erasures::began_since(tx, tenant, now.plus(1))).unwrap());
}
