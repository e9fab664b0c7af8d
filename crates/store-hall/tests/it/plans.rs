//! Plans.

use std::sync::Arc;

use content::{goods::GoodsState, plan::Plan};
use domain::{id::TenantId, text::Bilingual, time::Ts};
use store::{Document, Error};
use store_hall::{catalogue, plans, plans::KeptPlan};
use testkit::{
    Company, TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};

on_every_engine!(
    a_plan_is_kept_whole_and_changed_by_one_editor_at_a_time,
    only_live_plans_are_seen_by_customers,
    another_company_sees_and_changes_nothing_of_it,
);

fn plan(id: &str, position: i64) -> KeptPlan {
    let name = Bilingual { zh: "云享".to_owned(), en: "Cloud".to_owned() };
    let plan = Plan { id: id.to_owned(), name, monthly_fee_fen: 5900, audience: "everyone".to_owned(), ..Plan::default() };
    KeptPlan { id: id.to_owned(), position, plan, state: GoodsState::Live, updated_at: Ts(5), deleted_at: None }
}
async fn add_plan(db: &TestDb, tenant: TenantId, kept: KeptPlan) -> Result<(), Error> {
    write!(db, |tx| plans::insert(tx, tenant, &kept))
}

async fn a_plan_is_kept_whole_and_changed_by_one_editor_at_a_time(db: Arc<TestDb>) {
    let tenant = Fixture::new(&db).await.company.tenant;
    add_plan(&db, tenant, plan("cloud-59", 0)).await.unwrap();
    assert!(matches!(add_plan(&db, tenant, plan("cloud-59", 1)).await, Err(Error::Taken)));
    let changed = KeptPlan { state: GoodsState::Off, updated_at: Ts(6), deleted_at: Some(Ts(6)), ..plan("cloud-59", 0) };
    let (once, again) = (changed.clone(), changed.clone());
    write!(db, |tx| plans::update(tx, tenant, &once, Ts(5))).unwrap();
    assert!(matches!(write!(db, |tx| plans::update(tx, tenant, &again, Ts(5))), Err(Error::Stale)));
    assert_eq!(read!(db, |tx| plans::get(tx, tenant, "cloud-59")).unwrap(), changed);
    assert!(matches!(read!(db, |tx| plans::get(tx, tenant, "no\0such")), Err(Error::NotFound)));
}

async fn only_live_plans_are_seen_by_customers(db: Arc<TestDb>) {
    let tenant = Fixture::new(&db).await.company.tenant;
    let json = serde_json::to_string(&plan("brought", 0).plan).unwrap();
    write!(db, |tx| catalogue::put_plans(tx, tenant, 0, &[Document { id: "brought".to_owned(), json: json.clone() }])).unwrap();
    for (kept, at) in [
        (KeptPlan { state: GoodsState::Draft, ..plan("draft", 1) }, 1),
        (KeptPlan { state: GoodsState::Off, ..plan("off", 2) }, 2),
        (KeptPlan { deleted_at: Some(Ts(9)), ..plan("deleted", 3) }, 3),
        (plan("live", 4), 4),
    ] {
        add_plan(&db, tenant, KeptPlan { position: at, ..kept }).await.unwrap();
    }
    let seen: Vec<String> = read!(db, |tx| catalogue::plans(tx, tenant)).unwrap().into_iter().map(|plan| plan.id).collect();
    assert_eq!(seen, ["brought", "live"]);
    assert_eq!(read!(db, |tx| plans::list(tx, tenant)).unwrap().len(), 5);
}

async fn another_company_sees_and_changes_nothing_of_it(db: Arc<TestDb>) {
    let tenant = Fixture::new(&db).await.company.tenant;
    let other = Company::create(&db, "beta").await.tenant;
    add_plan(&db, tenant, plan("cloud-59", 0)).await.unwrap();
    assert!(read!(db, |tx| plans::list(tx, other)).unwrap().is_empty());
    assert!(read!(db, |tx| catalogue::plans(tx, other)).unwrap().is_empty());
    let kept = plan("cloud-59", 0);
    assert!(matches!(write!(db, |tx| plans::update(tx, other, &kept, Ts(5))), Err(Error::Stale)));
}
