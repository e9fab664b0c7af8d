//! A site's secrets, the pages on which it was seen, and whose sessions they sign.

use std::sync::Arc;

use domain::{
    signed_identity::Algorithm,
    time::{DAY, MINUTE},
};
use store::{Error, site_secrets, site_sightings, visitors};
use testkit::{
    TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};

on_every_engine!(a_secret_is_rotated_used_and_revoked, the_pages_seen_last_are_kept,);

async fn a_secret_is_rotated_used_and_revoked(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, site) = (fixture.company.tenant, fixture.company.site);
    let end = db.now().plus(DAY);
    write!(db, |tx| site_secrets::rotate(tx, tenant, site, "a", (Algorithm::EdDsa, b"one"), end)).unwrap();
    db.clock.advance(1);
    write!(db, |tx| site_secrets::rotate(tx, tenant, site, "b", (Algorithm::Hs256, b"two"), end)).unwrap();
    let of = |all: &[site_secrets::SiteSecret]| all.iter().map(|one| (one.kid.clone(), one.valid_until)).collect::<Vec<_>>();
    let listed = read!(db, |tx| site_secrets::list(tx, tenant, site)).unwrap();
    assert_eq!(of(&listed), [("b".to_owned(), None), ("a".to_owned(), Some(end.0))]);
    assert_eq!(read!(db, |tx| site_secrets::find(tx, tenant, site, "a")).unwrap(), Some((Algorithm::EdDsa, b"one".to_vec())));
    assert!(read!(db, |tx| site_secrets::find(tx, tenant, site, "\0")).unwrap().is_none());
    assert!(write!(db, |tx| site_secrets::hold(tx, tenant, site, "a")).unwrap() && !write!(db, |tx| site_secrets::hold(tx, tenant, site, "c")).unwrap());
    let used = async || read!(db, |tx| site_secrets::list(tx, tenant, site)).unwrap()[1].last_used_at;
    let first = db.now().0;
    db.clock.advance(1);
    write!(db, |tx| site_secrets::hold(tx, tenant, site, "a")).unwrap();
    assert_eq!(used().await, Some(first), "to the minute");
    db.clock.advance(MINUTE);
    write!(db, |tx| site_secrets::hold(tx, tenant, site, "a")).unwrap();
    assert_eq!(used().await, Some(db.now().0));
    db.clock.advance(DAY);
    assert!(read!(db, |tx| site_secrets::find(tx, tenant, site, "a")).unwrap().is_none());
    assert!(!write!(db, |tx| site_secrets::hold(tx, tenant, site, "a")).unwrap());
    let end = db.now().plus(DAY);
    write!(db, |tx| site_secrets::rotate(tx, tenant, site, "c", (Algorithm::Hs256, b"three"), end)).unwrap();
    write!(db, |tx| site_secrets::delete(tx, tenant, site, "b")).unwrap();
    assert!(matches!(write!(db, |tx| site_secrets::delete(tx, tenant, site, "b")), Err(Error::NotFound)));
    assert!(matches!(write!(db, |tx| site_secrets::delete(tx, tenant, site, "\0")), Err(Error::NotFound)));
    // What had ended was deleted with the last change.
    assert_eq!(write!(db, |tx| site_secrets::delete_all(tx, tenant, site)).unwrap(), ["c"]);
    write!(db, |tx| visitors::end_unsigned(tx, tenant, site)).unwrap();
    write!(db, |tx| visitors::end_signed_with(tx, tenant, site, "c")).unwrap();
}

async fn the_pages_seen_last_are_kept(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, site) = (fixture.company.tenant, fixture.company.site);
    for n in 0..=site_sightings::MOST {
        write!(db, |tx| async move { site_sightings::note(tx, tenant, site, &format!("https://a.example/{n}"), 1).await }).unwrap();
        db.clock.advance(1);
    }
    write!(db, |tx| site_sightings::note(tx, tenant, site, "https://a.example/1", 2)).unwrap();
    let seen = read!(db, |tx| site_sightings::list(tx, tenant, site)).unwrap();
    assert_eq!((seen.len(), seen[0].page.as_str(), seen[0].loader), (20, "https://a.example/1", 2));
    assert!(seen[0].first_at < seen[0].last_at && seen.iter().all(|one| one.page != "https://a.example/0"));
    write!(db, |tx| site_sightings::delete_all(tx, tenant, site)).unwrap();
    assert!(read!(db, |tx| site_sightings::list(tx, tenant, site)).unwrap().is_empty());
}
