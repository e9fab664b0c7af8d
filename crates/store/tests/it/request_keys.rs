//! Requests that must take effect only once.

use std::sync::Arc;

use domain::time::{DAY, HOUR, Ts};
use store::{
    Error, entry_points,
    request_keys::{self, RequestKey},
};
use testkit::{
    Company, TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};

on_every_engine!(a_key_is_claimed_once_and_forgotten_after_a_week, however_much_ran_out_all_of_it_is_forgotten);

async fn a_key_is_claimed_once_and_forgotten_after_a_week(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, actor) = (fixture.company.tenant, fixture.agent("ada").await.id);
    let key = RequestKey { actor: actor.uuid(), operation: "POST /x".to_owned(), key: "k".to_owned() };
    let claim = async |tenant| {
        let key = key.clone();
        write!(db, |tx| request_keys::claim(tx, tenant, &key, b"f", request_keys::KEEP_MS)).unwrap()
    };
    assert!(claim(tenant).await);
    let kept = key.clone();
    write!(db, |tx| request_keys::keep(tx, tenant, &kept, 201, b"sealed")).unwrap();
    assert!(!claim(tenant).await);
    let found = read!(db, |tx| request_keys::find(tx, tenant, &key, db.now())).unwrap().unwrap();
    assert_eq!((found.status, found.fingerprint.as_slice(), found.body.as_slice()), (201, &b"f"[..], &b"sealed"[..]));
    let beta = Company::create(&db, "beta").await.tenant;
    assert!(read!(db, |tx| request_keys::find(tx, beta, &key, db.now())).unwrap().is_none());
    db.clock.advance(7 * DAY);
    assert!(read!(db, |tx| request_keys::find(tx, tenant, &key, db.now())).unwrap().is_none());
    assert!(claim(tenant).await, "one that is forgotten is free");
    db.clock.advance(7 * DAY);
    entry_points::forget_expired(&db, db.now()).await.unwrap();
    assert!(claim(beta).await);
}

async fn however_much_ran_out_all_of_it_is_forgotten(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, site, actor) = (fixture.company.tenant, fixture.company.site, fixture.agent("ada").await.id);
    let key = move |n: usize| RequestKey { actor: actor.uuid(), operation: "POST /x".to_owned(), key: n.to_string() };
    for some in 0..60 {
        // The last hundred of each visitor are stored.
        let visitor = fixture.visitor().await;
        let all: Vec<usize> = (some * 20..some * 20 + 20).collect();
        write!(db, |tx| async move {
            for n in all {
                let keep = if n == 0 { DAY } else { HOUR };
                request_keys::claim(tx, tenant, &key(n), b"f", keep).await?;
                let secret = |what: &str| format!("{what} {n}").into_bytes();
                let pass = store::visitors::Pass { device: secret("device"), token: secret("token"), session: None, network: None };
                store::visitors::issue(tx, tenant, visitor, site, &pass).await?;
            }
            Ok::<_, Error>(())
        })
        .unwrap();
    }
    db.clock.advance(HOUR);
    entry_points::forget_expired(&db, db.now()).await.unwrap();
    // A key that is still valid cannot be claimed a second time; the others are free.
    let mut free = 0;
    for n in 0..1_200 {
        let key = key(n);
        free += usize::from(read!(db, |tx| request_keys::find(tx, tenant, &key, Ts(0))).unwrap().is_none());
    }
    assert_eq!(free, 1_199);
    db.clock.advance(90 * DAY);
    entry_points::forget_expired(&db, db.now()).await.unwrap();
    // The same tokens and secrets could not be issued while they were stored.
    let visitor = fixture.visitor().await;
    for n in [0, 600, 1_199] {
        let secret = |what: &str| format!("{what} {n}").into_bytes();
        let pass = store::visitors::Pass { device: secret("device"), token: secret("token"), session: None, network: None };
        write!(db, |tx| async move { store::visitors::issue(tx, tenant, visitor, site, &pass).await }).unwrap();
    }
}
