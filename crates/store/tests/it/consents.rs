//! What people allow to be stored about them.

use std::sync::Arc;

use domain::{
    consent::{Answer, AnsweredIn, Purpose},
    customer::IdentifierKind,
    id::{CustomerId, TenantId, VisitorId},
    text::Lang,
    time::Ts,
};
use store::consents;
use store_hall::{
    customer_visitors,
    customers::{self, Customer, StoredIdentifier},
};
use testkit::{
    Company, TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};

on_every_engine!(
    the_latest_answer_counts_and_a_refusal_outweighs_everything,
    nobody_agrees_by_silence_and_an_agreement_that_is_not_used_ends,
    an_account_has_one_answer_for_all_its_visitors,
    a_visitor_who_joins_an_account_brings_answers,
);

fn answer(purpose: Purpose, granted: bool, at: i64) -> Answer {
    Answer { purpose, granted, at: Ts(at), wording: 1, place: AnsweredIn::Widget }
}
async fn say(db: &TestDb, tenant: TenantId, visitor: VisitorId, given: Answer) {
    write!(db, |tx| async move {
        let subjects = consents::subjects_of_visitor(tx, tenant, visitor).await?;
        consents::record(tx, tenant, &subjects, &given).await
    })
    .unwrap();
}
async fn choice(db: &TestDb, tenant: TenantId, visitor: VisitorId, purpose: Purpose) -> Option<bool> {
    read!(db, |tx| consents::choice(tx, tenant, visitor, purpose)).unwrap()
}
async fn account(fixture: &Fixture, visitor: VisitorId) -> CustomerId {
    let (tenant, site, db) = (fixture.company.tenant, fixture.company.site, &fixture.db);
    let id = CustomerId::new(db.uuid());
    let customer = Customer { id, tenant, name: None, lang: Lang::En, password_hash: "x".to_owned(), created_at: db.now(), updated_at: db.now() };
    let identifier = StoredIdentifier { lookup: id.uuid().as_bytes().to_vec(), kind: IdentifierKind::Email, sealed: vec![1], verified_at: db.now() };
    write!(db, |tx| async move {
        customers::insert(tx, tenant, &customer, &identifier).await?;
        customer_visitors::bind(tx, tenant, id, site, visitor).await
    })
    .unwrap();
    id
}

async fn the_latest_answer_counts_and_a_refusal_outweighs_everything(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, visitor) = (fixture.company.tenant, fixture.visitor().await);
    assert_eq!(read!(db, |tx| consents::of_visitor(tx, tenant, visitor)).unwrap(), []);
    say(&db, tenant, visitor, answer(Purpose::Pages, true, 5)).await;
    say(&db, tenant, visitor, answer(Purpose::Pages, false, 5)).await;
    say(&db, tenant, visitor, answer(Purpose::Profile, true, 7)).await;
    let found = read!(db, |tx| consents::of_visitor(tx, tenant, visitor)).unwrap();
    assert_eq!(found, [answer(Purpose::Pages, false, 6), answer(Purpose::Profile, true, 7)], "two answers of one moment keep their order");
    let imported = fixture.visitor().await;
    for granted in [true, false] {
        write!(db, |tx| async move { consents::import(tx, tenant, imported, &answer(Purpose::Profile, granted, 3)).await }).unwrap();
    }
    assert_eq!(read!(db, |tx| consents::of_visitor(tx, tenant, imported)).unwrap(), [answer(Purpose::Profile, true, 3)]);
    let stranger = Company::create(&db, "beta").await.tenant;
    assert_eq!(read!(db, |tx| consents::of_visitor(tx, stranger, visitor)).unwrap(), []);
}

async fn nobody_agrees_by_silence_and_an_agreement_that_is_not_used_ends(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, visitor) = (fixture.company.tenant, fixture.visitor().await);
    let hold = async |purpose| write!(db, |tx| consents::hold(tx, tenant, visitor, purpose)).unwrap();
    assert!(!hold(Purpose::Pages).await);
    say(&db, tenant, visitor, answer(Purpose::Pages, true, 1)).await;
    say(&db, tenant, visitor, answer(Purpose::Profile, true, 1)).await;
    say(&db, tenant, visitor, answer(Purpose::Recommendations, false, 1)).await;
    assert!(hold(Purpose::Pages).await && !hold(Purpose::Recommendations).await);
    let lapse = async |before, portion| write!(db, |tx| consents::lapse(tx, tenant, Ts(before), portion)).unwrap();
    assert!(lapse(2, 1).await);
    assert!(!lapse(2, 1).await, "what was relied on a moment ago stays");
    assert_eq!(choice(&db, tenant, visitor, Purpose::Profile).await, None, "whoever was away for long is asked again");
    assert_eq!(choice(&db, tenant, visitor, Purpose::Pages).await, Some(true));
    assert!(!lapse(db.now().0 + 9, 9).await);
    assert_eq!(choice(&db, tenant, visitor, Purpose::Pages).await, None);
    assert_eq!(choice(&db, tenant, visitor, Purpose::Recommendations).await, Some(false), "a refusal is kept");
}

async fn an_account_has_one_answer_for_all_its_visitors(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, visitor) = (fixture.company.tenant, fixture.visitor().await);
    let customer = account(&fixture, visitor).await;
    let mut both = [customer.uuid(), visitor.uuid()];
    both.sort_unstable();
    assert_eq!(read!(db, |tx| consents::subjects_of_visitor(tx, tenant, visitor)).unwrap(), both);
    assert_eq!(read!(db, |tx| consents::subjects_of_customer(tx, tenant, customer)).unwrap(), both);
    write!(db, |tx| async move { consents::record(tx, tenant, &[customer.uuid()], &answer(Purpose::Profile, true, 3)).await }).unwrap();
    assert_eq!(choice(&db, tenant, visitor, Purpose::Profile).await, Some(true));
    assert!(write!(db, |tx| consents::hold(tx, tenant, visitor, Purpose::Profile)).unwrap());
    say(&db, tenant, visitor, answer(Purpose::Profile, false, 4)).await;
    assert_eq!(read!(db, |tx| consents::of_customer(tx, tenant, customer)).unwrap(), [answer(Purpose::Profile, false, 4)]);
    assert!(!write!(db, |tx| consents::hold(tx, tenant, visitor, Purpose::Profile)).unwrap());
}

async fn a_visitor_who_joins_an_account_brings_answers(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, own, from) = (fixture.company.tenant, fixture.visitor().await, fixture.visitor().await);
    let customer = account(&fixture, own).await;
    say(&db, tenant, from, answer(Purpose::Pages, true, 1)).await;
    say(&db, tenant, from, answer(Purpose::Profile, false, 1)).await;
    say(&db, tenant, from, answer(Purpose::Recommendations, true, 1)).await;
    say(&db, tenant, own, answer(Purpose::Profile, true, 2)).await;
    say(&db, tenant, own, answer(Purpose::Recommendations, false, 2)).await;
    write!(db, |tx| consents::join(tx, tenant, from, own)).unwrap();
    let found: Vec<(Purpose, bool)> =
        read!(db, |tx| consents::of_customer(tx, tenant, customer)).unwrap().into_iter().map(|one| (one.purpose, one.granted)).collect();
    assert_eq!(found, [(Purpose::Pages, true), (Purpose::Profile, false), (Purpose::Recommendations, false)]);
    assert_eq!(choice(&db, tenant, from, Purpose::Recommendations).await, Some(false));
}
