//! Jobs, and the places of those who follow the feed: what one node does no other does, what belongs to one company no other sees.

use std::sync::Arc;

use db::feed::Cursor;
use domain::{
    id::TenantId,
    job::JobKind,
    time::{DAY, HOUR, SECOND, Ts},
};
use store::{
    Error, entry_points,
    jobs::{self, NewJob, TakenJob},
};
use testkit::{
    Company, TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};
use uuid::Uuid;

on_every_engine!(
    a_follower_that_passes_over_the_feed_is_told_nothing_of_it,
    the_place_in_the_feed_moves_for_one_and_starts_anew_in_another_history,
    jobs_of_a_lane_are_taken_in_order_and_each_by_one_node,
    the_jobs_of_one_company_can_be_left_for_later,
    companies_have_their_turns_one_after_the_other,
    a_job_that_fails_is_due_later_and_in_the_end_dead,
    dead_jobs_are_listed_revived_and_discarded_by_their_company_alone,
    dead_jobs_are_forgotten_after_thirty_days_and_no_others,
);

const A: Uuid = Uuid::from_u128(0xA);
const B: Uuid = Uuid::from_u128(0xB);

async fn ask_for(db: &TestDb, tenant: TenantId, number: u128, lane: u8) -> Uuid {
    let job = NewJob { id: Uuid::from_u128(number), kind: JobKind::Letter, lane: vec![lane], payload: vec![7] };
    let stored = job.clone();
    write!(db, |tx| async move { jobs::add(tx, tenant, &stored).await }).unwrap();
    job.id
}
async fn take(db: &TestDb, node: Uuid) -> Option<TakenJob> {
    entry_points::take_job(db, JobKind::Letter, node, db.now().plus(30 * SECOND), None).await.unwrap()
}
async fn lease(db: &TestDb, tenant: TenantId, id: Uuid, node: Uuid) -> bool {
    let until = db.now().plus(30 * SECOND);
    write!(db, |tx| jobs::lease(tx, tenant, id, node, until)).unwrap().is_some()
}
async fn fail(db: &TestDb, job: TakenJob, node: Uuid, is_hopeless: bool) {
    write!(db, |tx| async move { jobs::fail(tx, TenantId::new(job.tenant_id), &job, node, "not_now", is_hopeless).await }).unwrap();
}

async fn the_place_in_the_feed_moves_for_one_and_starts_anew_in_another_history(db: Arc<TestDb>) {
    let (generation, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let place = |xid, pos| Cursor { xid, pos };
    let at = async |name: &'static str, of| read!(db, |tx| entry_points::feed_position(tx, name, of)).unwrap();
    let go = async |of, from, to| write!(db, |tx| entry_points::move_feed_position(tx, "webhooks", of, from, to));
    assert_eq!(at("webhooks", generation).await, None);
    go(generation, None, place(3, 4)).await.unwrap();
    assert!(matches!(go(generation, None, place(9, 9)).await, Err(Error::Stale)));
    assert!(matches!(go(generation, Some(place(3, 3)), place(9, 9)).await, Err(Error::Stale)));
    assert_eq!((at("webhooks", generation).await, at("unanswered", generation).await, at("webhooks", other).await), (Some(place(3, 4)), None, None));
    assert!(matches!(go(other, Some(place(3, 4)), place(9, 9)).await, Err(Error::Stale)));
    go(other, None, place(1, 1)).await.unwrap();
    go(other, Some(place(1, 1)), place(1, 2)).await.unwrap();
    assert_eq!(at("webhooks", other).await, Some(place(1, 2)));
}

async fn a_follower_that_passes_over_the_feed_is_told_nothing_of_it(db: Arc<TestDb>) {
    let generation = Uuid::from_u128(1);
    let at = async |name: &'static str| read!(db, |tx| entry_points::feed_position(tx, name, generation)).unwrap();
    let pass_over = async || write!(db, |tx| entry_points::pass_over_feed(tx, "danger", generation)).unwrap();
    pass_over().await;
    assert_eq!((at("danger").await, at("unanswered").await), (Some(Cursor::default()), None), "there is nothing yet");
    let company = Fixture::new(&db).await;
    let before = company.conversation(company.visitor().await).await;
    pass_over().await;
    let end = at("danger").await.unwrap();
    assert!(end > Cursor::default() && read!(db, |tx| db::feed::after(tx, end, 9)).unwrap().is_empty());
    company.says(&before, "hello").await;
    assert!(read!(db, |tx| db::feed::end(tx)).unwrap() > end, "what comes later comes after it");
}

async fn jobs_of_a_lane_are_taken_in_order_and_each_by_one_node(db: Arc<TestDb>) {
    let tenant = Fixture::new(&db).await.company.tenant;
    let [first, second, other] = [ask_for(&db, tenant, 1, 1).await, ask_for(&db, tenant, 2, 1).await, ask_for(&db, tenant, 3, 2).await];
    let taken = take(&db, A).await.unwrap();
    assert_eq!((taken.id, &taken.payload[..], taken.attempts), (first, &[7][..], 0));
    assert_eq!(take(&db, B).await.map(|job| job.id), Some(other));
    assert!(take(&db, B).await.is_none(), "the second waits for the first");
    // Only who has it may end it.
    write!(db, |tx| jobs::finish(tx, tenant, first, B)).unwrap();
    assert!(take(&db, B).await.is_none());
    write!(db, |tx| jobs::finish(tx, tenant, first, A)).unwrap();
    assert_eq!(take(&db, A).await.map(|job| job.id), Some(second));
    entry_points::release_jobs(&db).await.unwrap();
    let stranger = Company::create(&db, "beta").await.tenant;
    assert!(!lease(&db, stranger, second, B).await, "another company's");
    assert!(lease(&db, tenant, second, B).await, "its process has ended");
    assert!(!lease(&db, tenant, second, A).await, "another node has it");
}

async fn the_jobs_of_one_company_can_be_left_for_later(db: Arc<TestDb>) {
    let (busy, other) = (Fixture::new(&db).await.company.tenant, Company::create(&db, "beta").await.tenant);
    let [first, second] = [ask_for(&db, busy, 1, 1).await, ask_for(&db, other, 2, 1).await];
    let next = async |but: Option<TenantId>| {
        let taken = entry_points::take_job(&db, JobKind::Letter, A, db.now().plus(30 * SECOND), but.map(TenantId::uuid)).await.unwrap();
        taken.map(|job| job.id)
    };
    assert_eq!(next(Some(busy)).await, Some(second));
    assert_eq!(next(Some(busy)).await, None);
    // Nothing goes out for a company that is suspended, until it goes on.
    write!(db, |tx| store::tenants::set_suspended(tx, busy, true)).unwrap();
    assert_eq!(next(None).await, None);
    write!(db, |tx| store::tenants::set_suspended(tx, busy, false)).unwrap();
    assert_eq!(next(None).await, Some(first));
}

async fn companies_have_their_turns_one_after_the_other(db: Arc<TestDb>) {
    let (busy, beta, gamma) = (Fixture::new(&db).await.company.tenant, Company::create(&db, "beta").await.tenant, Company::create(&db, "gamma").await.tenant);
    for n in 0..5 {
        ask_for(&db, busy, 10 + n, n as u8).await;
    }
    // The others come when the first has been waiting for long.
    db.clock.advance(HOUR);
    for (tenant, number) in [(beta, 20), (gamma, 30), (gamma, 31)] {
        ask_for(&db, tenant, number, number as u8).await;
    }
    let mut served = Vec::new();
    while let Some(job) = take(&db, A).await {
        served.push((TenantId::new(job.tenant_id), job.id));
    }
    let of = |tenant: TenantId| served.iter().enumerate().filter(|(_, (of, _))| *of == tenant).map(|(at, _)| at).collect::<Vec<_>>();
    assert_eq!(served.len(), 8);
    assert!(of(beta)[0] < 3 && of(gamma)[0] < 3 && of(gamma)[1] < 6, "{served:?}");
    // Those of one company are done in the order in which they were due.
    let own: Vec<Uuid> = served.iter().filter(|(tenant, _)| *tenant == busy).map(|(_, id)| *id).collect();
    assert_eq!(own, [10, 11, 12, 13, 14].map(Uuid::from_u128));
}

async fn a_job_that_fails_is_due_later_and_in_the_end_dead(db: Arc<TestDb>) {
    let tenant = Fixture::new(&db).await.company.tenant;
    let id = ask_for(&db, tenant, 1, 1).await;
    let mut tries = 0;
    for _ in 0..100 {
        match take(&db, A).await {
            Some(job) => {
                assert_eq!((job.id, job.attempts), (id, tries));
                tries += 1;
                fail(&db, job, A, false).await;
                assert!(take(&db, A).await.is_none(), "not at once");
            }
            None => db.clock.advance(HOUR),
        }
    }
    let dead = read!(db, |tx| jobs::list_dead(tx, tenant, None, 10)).unwrap();
    assert_eq!((dead.len(), dead[0].id, dead[0].attempts, dead[0].last_code.as_deref()), (1, id, tries, Some("not_now")));
    assert!(tries > 5, "{tries}");
}

async fn dead_jobs_are_listed_revived_and_discarded_by_their_company_alone(db: Arc<TestDb>) {
    let (tenant, stranger) = (Fixture::new(&db).await.company.tenant, Company::create(&db, "beta").await.tenant);
    let mut ids = Vec::new();
    for number in 1..=3 {
        ids.push(ask_for(&db, tenant, number, number as u8).await);
        let job = take(&db, A).await.unwrap();
        fail(&db, job, A, true).await;
        db.clock.advance(SECOND);
    }
    let (first, second, third) = (ids[0], ids[1], ids[2]);
    let page = read!(db, |tx| jobs::list_dead(tx, tenant, None, 2)).unwrap();
    assert_eq!(page.iter().map(|job| job.id).collect::<Vec<_>>(), [third, second]);
    let after = Some((Ts(page[1].died_at), page[1].id));
    assert_eq!(read!(db, |tx| jobs::list_dead(tx, tenant, after, 2)).unwrap().len(), 1);
    assert_eq!(read!(db, |tx| jobs::list_dead(tx, stranger, None, 2)).unwrap().len(), 0);
    assert!(matches!(write!(db, |tx| jobs::revive(tx, stranger, first)), Err(Error::NotFound)));
    assert!(matches!(write!(db, |tx| jobs::discard(tx, stranger, first)), Err(Error::NotFound)));
    write!(db, |tx| jobs::revive(tx, tenant, first)).unwrap();
    assert!(matches!(write!(db, |tx| jobs::revive(tx, tenant, first)), Err(Error::NotFound)));
    assert_eq!(take(&db, B).await.map(|job| (job.id, job.attempts)), Some((first, 0)));
    write!(db, |tx| jobs::discard(tx, tenant, second)).unwrap();
    assert_eq!(read!(db, |tx| jobs::list_dead(tx, tenant, None, 9)).unwrap().len(), 1);
}

async fn dead_jobs_are_forgotten_after_thirty_days_and_no_others(db: Arc<TestDb>) {
    let (tenant, other) = (Fixture::new(&db).await.company.tenant, Company::create(&db, "beta").await.tenant);
    for (company, number) in [(tenant, 1), (tenant, 2), (other, 3)] {
        ask_for(&db, company, number, number as u8).await;
        let job = take(&db, A).await.unwrap();
        fail(&db, job, A, true).await;
    }
    db.clock.advance(DAY);
    ask_for(&db, tenant, 4, 4).await;
    let job = take(&db, A).await.unwrap();
    fail(&db, job, A, true).await;
    let waiting = ask_for(&db, tenant, 5, 5).await;
    let forget = async |limit| entry_points::forget_dead_jobs(&db, limit).await.unwrap();
    db.clock.advance(29 * DAY - 1);
    assert_eq!(forget(10).await, 0);
    db.clock.advance(1);
    assert_eq!((forget(2).await, forget(2).await, forget(2).await), (2, 1, 0));
    let left = read!(db, |tx| jobs::list_dead(tx, tenant, None, 10)).unwrap();
    assert_eq!(left.iter().map(|job| job.id).collect::<Vec<_>>(), [Uuid::from_u128(4)]);
    assert_eq!(take(&db, A).await.map(|job| job.id), Some(waiting), "who waits is not forgotten");
}
