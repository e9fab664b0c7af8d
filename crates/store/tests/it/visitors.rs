//! Visitors and their devices.

use std::sync::Arc;

use domain::{journal::Revoked, text::Lang, time::DAY};
use store::{entry_points, visitors};
use testkit::{TestDb, on_every_engine};

use crate::fixture::{Fixture, read, write};

on_every_engine!(a_visitor_is_known_by_device_and_token, tokens_and_devices_run_out, a_revoked_visitor_has_nothing_left);

async fn a_visitor_is_known_by_device_and_token(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, site, visitor) = (fixture.company.tenant, fixture.company.site, fixture.visitor().await);
    let until = write!(db, |tx| visitors::issue(tx, tenant, visitor, site, b"device".to_vec(), b"token".to_vec())).unwrap();
    assert_eq!(until, db.now().plus(visitors::TOKEN_MS));
    assert_eq!(entry_points::visitor_token(&db, b"token").await.unwrap(), Some((tenant, visitor, site, until)));
    assert_eq!(entry_points::visitor_token(&db, b"other").await.unwrap(), None);
    assert_eq!(read!(db, |tx| entry_points::visitor_device(tx, b"device")).unwrap(), Some((tenant, visitor, None)));
    let replaced_at = db.now();
    for _ in 0..2 {
        write!(db, |tx| entry_points::replace_device(tx, b"device")).unwrap();
        db.clock.advance(1_000);
        assert_eq!(read!(db, |tx| entry_points::visitor_device(tx, b"device")).unwrap(), Some((tenant, visitor, Some(replaced_at))));
    }
    assert_eq!(read!(db, |tx| visitors::first_seen(tx, tenant, visitor)).unwrap(), Some((replaced_at, Lang::En)));
}

async fn tokens_and_devices_run_out(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, site, visitor) = (fixture.company.tenant, fixture.company.site, fixture.visitor().await);
    write!(db, |tx| visitors::issue(tx, tenant, visitor, site, b"device".to_vec(), b"token".to_vec())).unwrap();
    db.clock.advance(DAY);
    assert_eq!(entry_points::visitor_token(&db, b"token").await.unwrap(), None);
    assert!(read!(db, |tx| entry_points::visitor_device(tx, b"device")).unwrap().is_some());
    db.clock.advance(89 * DAY);
    assert!(read!(db, |tx| entry_points::visitor_device(tx, b"device")).unwrap().is_none());
    entry_points::forget_expired(&db, db.now()).await.unwrap();
    write!(db, |tx| visitors::issue(tx, tenant, visitor, site, b"device".to_vec(), b"token".to_vec())).unwrap();
}

async fn a_revoked_visitor_has_nothing_left(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, site, visitor) = (fixture.company.tenant, fixture.company.site, fixture.visitor().await);
    write!(db, |tx| visitors::issue(tx, tenant, visitor, site, b"device".to_vec(), b"token".to_vec())).unwrap();
    db.effects();
    write!(db, |tx| visitors::revoke(tx, tenant, visitor)).unwrap();
    assert_eq!(crate::fixture::revoked(&db), [Revoked::Visitor(visitor)]);
    assert_eq!(entry_points::visitor_token(&db, b"token").await.unwrap(), None);
    assert_eq!(read!(db, |tx| entry_points::visitor_device(tx, b"device")).unwrap(), None);
}
