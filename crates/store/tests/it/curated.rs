//! What curators write beside the knowledge: synonyms, plans, and what is added to the catalogue for the bot.

use std::sync::Arc;

use domain::{
    goods::GoodsState,
    graph::{Addition, GraphItem, GraphUnit, Relation, RelationKind},
    id::{SynonymsId, TenantId},
    knowledge::Phrasings,
    plan::Plan,
    synonyms::Synonyms,
    text::{Bilingual, Lang},
    time::Ts,
};
use store::{Document, Error, catalogue, graph, plans, plans::KeptPlan, synonyms};
use testkit::{
    Company, TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};

on_every_engine!(
    groups_of_words_keep_their_order_and_are_changed_by_one_editor_at_a_time,
    a_plan_is_kept_whole_and_changed_by_one_editor_at_a_time,
    only_live_plans_are_seen_by_customers,
    what_is_added_to_an_item_is_changed_by_one_editor_at_a_time,
    another_company_sees_and_changes_nothing_of_it,
);

fn group(db: &TestDb, position: i64, words: &[&str]) -> Synonyms {
    let words = words.iter().map(|word| (*word).to_owned()).collect();
    Synonyms { id: SynonymsId::new(db.uuid()), lang: Lang::Zh, words, position, updated_at: Ts(5) }
}
fn plan(id: &str, position: i64) -> KeptPlan {
    let name = Bilingual { zh: "云享".to_owned(), en: "Cloud".to_owned() };
    let plan = Plan { id: id.to_owned(), name, monthly_fee_fen: 5900, audience: "everyone".to_owned(), ..Plan::default() };
    KeptPlan { id: id.to_owned(), position, plan, state: GoodsState::Live, updated_at: Ts(5), deleted_at: None }
}
fn addition() -> Addition {
    Addition {
        aliases: Phrasings { zh: vec!["皇帝版".to_owned()], en: Vec::new() },
        relations: vec![Relation { kind: RelationKind::UpgradeOf, to: "g-002".to_owned() }],
        faqs: vec!["kb-1".to_owned()],
    }
}
async fn add_plan(db: &TestDb, tenant: TenantId, kept: KeptPlan) -> Result<(), Error> {
    write!(db, |tx| plans::insert(tx, tenant, &kept))
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
    add_plan(&db, tenant, plan("cloud-59", 0)).await.unwrap();
    let (all, one, its) = (vec![words.clone()], item.clone(), unit.clone());
    write!(db, |tx| async move {
        synonyms::insert(tx, tenant, &all).await?;
        graph::put_item(tx, tenant, &one, Ts(0)).await?;
        graph::put_unit(tx, tenant, &its, Ts(0)).await
    })
    .unwrap();
    assert!(read!(db, |tx| synonyms::list(tx, other)).unwrap().is_empty());
    assert!(matches!(read!(db, |tx| synonyms::get(tx, other, words.id)), Err(Error::NotFound)));
    assert!(read!(db, |tx| plans::list(tx, other)).unwrap().is_empty());
    assert!(read!(db, |tx| catalogue::plans(tx, other)).unwrap().is_empty());
    assert!(read!(db, |tx| graph::items(tx, other)).unwrap().is_empty());
    assert!(read!(db, |tx| graph::units(tx, other)).unwrap().is_empty());
    let id = words.id;
    assert!(matches!(write!(db, |tx| synonyms::update(tx, other, &words, Ts(5))), Err(Error::Stale)));
    assert!(matches!(write!(db, |tx| synonyms::delete(tx, other, id)), Err(Error::NotFound)));
    let kept = plan("cloud-59", 0);
    assert!(matches!(write!(db, |tx| plans::update(tx, other, &kept, Ts(5))), Err(Error::Stale)));
    assert!(matches!(write!(db, |tx| graph::put_item(tx, other, &item, Ts(5))), Err(Error::Stale)));
}
