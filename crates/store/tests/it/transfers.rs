//! Companies on their way are not seen.

use std::{collections::HashMap, sync::Arc};

use domain::{due::DueKind, id::TenantId, time::Ts};
use store::{
    Error, due,
    entry_points::{self, LivingNode, Way},
};
use testkit::{
    Company, TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};
use uuid::Uuid;

/// The node that does it.
const NODE: Uuid = Uuid::from_u128(1);

on_every_engine!(a_company_on_its_way_is_not_seen, what_a_node_that_is_gone_was_doing_is_taken_over, a_record_that_is_being_moved_says_from_where);

async fn a_company_on_its_way_is_not_seen(db: Arc<TestDb>) {
    let (fixture, other) = (Fixture::new(&db).await, Company::create(&db, "beta").await.tenant);
    let (tenant, site) = (fixture.company.tenant, fixture.company.site);
    let key = read!(db, |tx| store::sites::get(tx, tenant, site)).unwrap().key;
    let slug = read!(db, |tx| store::tenants::get(tx, tenant)).unwrap().slug;
    fixture.queued(fixture.visitor().await).await;
    write!(db, |tx| due::set(tx, tenant, DueKind::DayChecks, tenant.uuid(), Ts(1))).unwrap();
    let seen = async || {
        let due = entry_points::due(&db, DueKind::DayChecks, Ts(1), 9).await.unwrap();
        [
            entry_points::tenants(&db).await.unwrap().contains(&tenant),
            entry_points::company(&db, Some(&slug)).await.unwrap().is_some(),
            entry_points::site_by_key(&db, &key).await.unwrap().is_some(),
            entry_points::companies_with_waiting(&db).await.unwrap().contains(&tenant),
            due.iter().any(|due| due.tenant == tenant),
        ]
    };
    assert_eq!(seen().await, [true; 5]);
    write!(db, |tx| entry_points::begin_transfer(tx, tenant, Way::Arriving, "alpha", NODE)).unwrap();
    assert_eq!(seen().await, [false; 5]);
    assert!(matches!(write!(db, |tx| entry_points::begin_transfer(tx, tenant, Way::Leaving, "alpha", NODE)), Err(Error::Taken)));
    let [transfer] = &entry_points::transfers(&db).await.unwrap()[..] else { panic!("one is on its way") };
    assert_eq!((transfer.tenant, transfer.way, transfer.slug.as_str(), transfer.node), (tenant, Way::Arriving, "alpha", NODE));
    write!(db, |tx| entry_points::turn_back(tx, tenant, Uuid::nil())).unwrap();
    assert_eq!(entry_points::transfers(&db).await.unwrap()[0].way, Way::Arriving, "it arrives by the doing of another node");
    write!(db, |tx| entry_points::turn_back(tx, tenant, NODE)).unwrap();
    assert_eq!(entry_points::transfers(&db).await.unwrap()[0].way, Way::Leaving);

    assert!(read!(db, |tx| entry_points::is_slug_taken(tx, "beta")).unwrap() && !read!(db, |tx| entry_points::is_slug_taken(tx, "delta")).unwrap());
    assert!(read!(db, |tx| entry_points::has_root(tx)).unwrap());
    let keys = ["no such key".to_owned(), key.clone()];
    assert_eq!(read!(db, |tx| entry_points::taken_site_key(tx, &keys)).unwrap(), Some(key.clone()));
    assert!(matches!(write!(db, |tx| entry_points::rename_company(tx, tenant, "beta")), Err(Error::Taken)));
    write!(db, |tx| entry_points::rename_company(tx, tenant, "gamma")).unwrap();
    assert_eq!(read!(db, |tx| entry_points::slug_of(tx, tenant)).unwrap().as_deref(), Some("gamma"));
    assert_eq!(read!(db, |tx| entry_points::slug_of(tx, TenantId::new(Uuid::nil()))).unwrap(), None);
    assert!(entry_points::tenants(&db).await.unwrap().contains(&other));
    assert_eq!(read!(db, |tx| entry_points::arrived_at(tx, tenant)).unwrap(), None, "it did not come by an import");
    assert!(matches!(write!(db, |tx| entry_points::end_transfer(tx, tenant, Uuid::nil())), Err(Error::Stale)));
    write!(db, |tx| entry_points::end_transfer(tx, tenant, NODE)).unwrap();
    assert_eq!(entry_points::company(&db, Some("gamma")).await.unwrap(), Some(tenant));
}

async fn what_a_node_that_is_gone_was_doing_is_taken_over(db: Arc<TestDb>) {
    let (tenant, now) = (Company::create(&db, "beta").await.tenant, db.now());
    let (another, gone_before) = (Uuid::from_u128(2), now.plus(-5_000));
    let stranded = async |node: Uuid, gone_before: Ts| entry_points::stranded_transfers(&db, node, gone_before).await.unwrap().len();
    entry_points::beat(&db, LivingNode { id: NODE, started_at: now }, &HashMap::new(), now, gone_before).await.unwrap();
    write!(db, |tx| entry_points::begin_transfer(tx, tenant, Way::Leaving, "beta", NODE)).unwrap();
    assert_eq!((stranded(another, gone_before).await, stranded(NODE, gone_before).await), (0, 1), "whoever does it is there");
    assert!(!write!(db, |tx| entry_points::take_transfer(tx, tenant, another, gone_before)).unwrap());
    write!(db, |tx| entry_points::hold_transfer(tx, tenant, NODE)).unwrap();
    // It was not seen any more for a while.
    let later = now.plus(1);
    assert_eq!(stranded(another, later).await, 1);
    assert!(write!(db, |tx| entry_points::take_transfer(tx, tenant, another, later)).unwrap());
    assert!(matches!(write!(db, |tx| entry_points::hold_transfer(tx, tenant, NODE)), Err(Error::Stale)));
    write!(db, |tx| entry_points::hold_transfer(tx, tenant, another)).unwrap();
    // A node that left is gone at once, and so is one that never was.
    entry_points::leave(&db, NODE).await.unwrap();
    assert_eq!(stranded(NODE, gone_before).await, 1);
}

async fn a_record_that_is_being_moved_says_from_where(db: Arc<TestDb>) {
    let from = db.uuid();
    assert_eq!(read!(db, |tx| entry_points::moving(tx)).unwrap(), None);
    write!(db, |tx| entry_points::begin_moving(tx, from)).unwrap();
    assert_eq!(read!(db, |tx| entry_points::moving(tx)).unwrap(), Some(from));
    write!(db, |tx| entry_points::end_moving(tx)).unwrap();
    assert_eq!(read!(db, |tx| entry_points::moving(tx)).unwrap(), None);
}
