//! What is due, and which companies there is something to do for: one query finds it, however many companies there are.

use std::sync::Arc;

use domain::{due::DueKind::DayChecks, time::Ts};
use store::{
    due::{self, Due},
    entry_points,
    staff::roster,
};
use testkit::{
    Company, TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};

on_every_engine!(what_is_due_is_done_once_unless_it_is_set_again, companies_with_something_to_do_are_found);

async fn what_is_due_is_done_once_unless_it_is_set_again(db: Arc<TestDb>) {
    let (alpha, beta) = (Company::create(&db, "alpha").await.tenant, Company::create(&db, "beta").await.tenant);
    let due = async |now: Ts| entry_points::due(&db, DayChecks, now, 10).await.unwrap();
    let set = async |tenant, subject, at| write!(db, |tx| due::set(tx, tenant, DayChecks, subject, at)).unwrap();
    let settle = async |tenant, done, again| write!(db, |tx| due::settle(tx, tenant, DayChecks, done, again)).unwrap();
    set(alpha, alpha.uuid(), Ts(20)).await;
    set(beta, beta.uuid(), Ts(10)).await;
    let of = |tenant: domain::id::TenantId, at| Due { tenant, subject: tenant.uuid(), at: Ts(at) };
    assert_eq!((due(Ts(9)).await, due(Ts(20)).await), (vec![], vec![of(beta, 10), of(alpha, 20)]));
    settle(alpha, of(beta, 10), None).await;
    assert_eq!(due(Ts(10)).await, [of(beta, 10)], "another company's");
    settle(beta, of(beta, 10), Some(Ts(30))).await;
    set(alpha, alpha.uuid(), Ts(15)).await;
    settle(alpha, of(alpha, 20), None).await;
    assert_eq!(due(Ts(30)).await, [of(alpha, 15), of(beta, 30)], "it was set again before it was done");
    settle(alpha, of(alpha, 15), None).await;
    assert_eq!((due(Ts(30)).await, entry_points::due(&db, DayChecks, Ts(30), 0).await.unwrap()), (vec![of(beta, 30)], vec![]));
}

async fn companies_with_something_to_do_are_found(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    Company::create(&db, "beta").await;
    let (tenant, ada) = (fixture.company.tenant, fixture.agent("ada").await);
    let waiting = async || entry_points::companies_with_waiting(&db).await.unwrap();
    let lost = async |before| entry_points::companies_with_lost_agents(&db, before).await.unwrap();
    let (now, later) = (db.now(), db.now().plus(1));
    let open = async || entry_points::companies_with_open_waits(&db).await.unwrap();
    assert_eq!((waiting().await, lost(later).await, open().await), (vec![], vec![], vec![]));
    fixture.queued(fixture.visitor().await).await;
    assert_eq!((waiting().await, open().await), (vec![tenant], vec![tenant]));
    fixture.served(fixture.visitor().await, &ada).await;
    assert_eq!(lost(now).await, [tenant], "she was never seen");
    entry_points::agents_seen(&db, vec![(tenant, ada.id)], now).await.unwrap();
    assert_eq!((lost(now).await, lost(later).await), (vec![], vec![tenant]));
    let mut person = read!(db, |tx| roster::get(tx, tenant, ada.id)).unwrap();
    let seen = person.updated_at;
    (person.disabled_at, person.updated_at) = (Some(now), Ts(seen.0 + 1));
    write!(db, |tx| roster::update(tx, tenant, &person, seen)).unwrap();
    assert_eq!(lost(now).await, [tenant]);
}
