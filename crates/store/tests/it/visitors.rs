//! Visitors and their devices.

use std::sync::Arc;

use domain::{
    entry::body::Revoked,
    id::{AgentId, ConversationId, VisitorId},
    text::Lang,
    time::{DAY, Ts},
    visitor_block::VisitorBlock,
};
use store::{
    entry_points::{self, Device},
    visitor_blocks,
    visitor_moves::{self, Move},
    visitors::{self, Pass},
};
use testkit::{
    Company, TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};

on_every_engine!(
    a_visitor_is_known_by_device_and_token,
    tokens_and_devices_run_out,
    a_revoked_visitor_has_nothing_left,
    a_visitor_is_recognised_by_no_device_once_they_are_forgotten,
    of_many_devices_the_last_are_remembered,
    an_imported_visitor_was_seen_when_they_wrote,
    a_move_is_begun_once_and_ended_by_its_company,
    a_blocked_visitor_is_known_by_the_token,
);

fn pass() -> Pass {
    Pass { device: b"device".to_vec(), token: b"token".to_vec(), session: None, network: None }
}

async fn a_visitor_is_known_by_device_and_token(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, site, visitor) = (fixture.company.tenant, fixture.company.site, fixture.visitor().await);
    let device = |replaced_at| Device { tenant, visitor, replaced_at, session: None };
    let until = write!(db, |tx| async move { visitors::issue(tx, tenant, visitor, site, &pass()).await }).unwrap();
    assert_eq!(until, db.now().plus(visitors::TOKEN_MS));
    assert_eq!(entry_points::visitor_token(&db, b"token").await.unwrap(), Some((tenant, visitor, site, until, None)));
    assert_eq!(entry_points::visitor_token(&db, b"other").await.unwrap(), None);
    assert_eq!(read!(db, |tx| entry_points::visitor_device(tx, b"device")).unwrap(), Some(device(None)));
    let replaced_at = db.now();
    for _ in 0..2 {
        write!(db, |tx| entry_points::replace_device(tx, b"device")).unwrap();
        db.clock.advance(1_000);
        assert_eq!(read!(db, |tx| entry_points::visitor_device(tx, b"device")).unwrap(), Some(device(Some(replaced_at))));
    }
    assert_eq!(read!(db, |tx| visitors::first_seen(tx, tenant, visitor)).unwrap(), Some((replaced_at, Lang::En)));
}

async fn an_imported_visitor_was_seen_when_they_wrote(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, site, visitor) = (fixture.company.tenant, fixture.company.site, VisitorId::new(db.uuid()));
    for (seen, first) in [((50, 60), 50), ((20, 30), 20), ((70, 80), 20)] {
        let seen = (Ts(seen.0), Ts(seen.1));
        write!(db, |tx| visitors::import(tx, tenant, visitor, site, Lang::En, seen)).unwrap();
        assert_eq!(read!(db, |tx| visitors::first_seen(tx, tenant, visitor)).unwrap(), Some((Ts(first), Lang::En)));
    }
}

async fn tokens_and_devices_run_out(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, site, visitor) = (fixture.company.tenant, fixture.company.site, fixture.visitor().await);
    write!(db, |tx| async move { visitors::issue(tx, tenant, visitor, site, &pass()).await }).unwrap();
    db.clock.advance(DAY);
    assert_eq!(entry_points::visitor_token(&db, b"token").await.unwrap(), None);
    assert!(read!(db, |tx| entry_points::visitor_device(tx, b"device")).unwrap().is_some());
    db.clock.advance(89 * DAY);
    assert!(read!(db, |tx| entry_points::visitor_device(tx, b"device")).unwrap().is_none());
    entry_points::forget_expired(&db, db.now()).await.unwrap();
    write!(db, |tx| async move { visitors::issue(tx, tenant, visitor, site, &pass()).await }).unwrap();
}

async fn a_revoked_visitor_has_nothing_left(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, site, visitor) = (fixture.company.tenant, fixture.company.site, fixture.visitor().await);
    write!(db, |tx| async move { visitors::issue(tx, tenant, visitor, site, &pass()).await }).unwrap();
    db.effects();
    write!(db, |tx| visitors::revoke(tx, tenant, visitor)).unwrap();
    assert_eq!(testkit::fixture::revoked(&db), [Revoked::Visitor(visitor)]);
    assert_eq!(entry_points::visitor_token(&db, b"token").await.unwrap(), None);
    assert_eq!(read!(db, |tx| entry_points::visitor_device(tx, b"device")).unwrap(), None);
}

async fn a_visitor_is_recognised_by_no_device_once_they_are_forgotten(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, site, visitor) = (fixture.company.tenant, fixture.company.site, fixture.visitor().await);
    let other = Company::create(&db, "beta").await.tenant;
    write!(db, |tx| async move { visitors::issue(tx, tenant, visitor, site, &pass()).await }).unwrap();
    for (whose, is_known) in [(other, true), (tenant, false)] {
        write!(db, |tx| visitors::forget_devices(tx, whose, visitor)).unwrap();
        assert_eq!(entry_points::visitor_token(&db, b"token").await.unwrap().is_some(), is_known);
        assert_eq!(read!(db, |tx| entry_points::visitor_device(tx, b"device")).unwrap().is_some(), is_known);
    }
}

async fn of_many_devices_the_last_are_remembered(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, site, visitor) = (fixture.company.tenant, fixture.company.site, fixture.visitor().await);
    let other = Pass { device: b"another device".to_vec(), token: b"its token".to_vec(), session: None, network: None };
    write!(db, |tx| async move { visitors::issue(tx, tenant, visitor, site, &other).await }).unwrap();
    // One device returns again and again, with a different secret each time.
    for n in 0..200 {
        db.clock.advance(1_000);
        let pass = Pass { device: format!("secret {n}").into_bytes(), token: format!("pass {n}").into_bytes(), session: None, network: None };
        write!(db, |tx| async move {
            if n > 0 {
                entry_points::replace_device(tx, format!("secret {}", n - 1).as_bytes()).await?;
            }
            visitors::issue(tx, tenant, visitor, site, &pass).await
        })
        .unwrap();
    }
    assert!(read!(db, |tx| entry_points::visitor_device(tx, b"another device")).unwrap().is_some_and(|device| device.replaced_at.is_none()));
    let begun = db.now();
    for n in 0..101 {
        db.clock.advance(1_000);
        let pass = Pass { device: format!("device {n}").into_bytes(), token: format!("token {n}").into_bytes(), session: None, network: None };
        write!(db, |tx| async move { visitors::issue(tx, tenant, visitor, site, &pass).await }).unwrap();
    }
    assert_eq!(entry_points::visitor_token(&db, b"token 0").await.unwrap(), None);
    assert!(entry_points::visitor_token(&db, b"token 1").await.unwrap().is_some() && entry_points::visitor_token(&db, b"token 100").await.unwrap().is_some());
    assert_eq!(read!(db, |tx| entry_points::visitor_device(tx, b"device 0")).unwrap(), None);
    assert!(read!(db, |tx| entry_points::visitor_device(tx, b"device 100")).unwrap().is_some());
    assert_eq!(read!(db, |tx| visitors::issued_since(tx, tenant, visitor, begun)).unwrap(), 100);
    let lately = db.now().plus(-5_000);
    assert_eq!(read!(db, |tx| visitors::issued_since(tx, tenant, visitor, lately)).unwrap(), 5);
}

async fn a_move_is_begun_once_and_ended_by_its_company(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, site) = (fixture.company.tenant, fixture.company.site);
    let (from, into) = (fixture.visitor().await, fixture.visitor().await);
    let this = Move { tenant, from, into, site };
    for _ in 0..2 {
        write!(db, |tx| visitor_moves::begin(tx, tenant, &this)).unwrap();
    }
    assert_eq!(entry_points::visitor_moves(&db, 10).await.unwrap(), [this]);
    let other = Company::create(&db, "beta").await.tenant;
    write!(db, |tx| visitor_moves::end(tx, other, from)).unwrap();
    assert_eq!(entry_points::visitor_moves(&db, 10).await.unwrap().len(), 1);
    write!(db, |tx| visitor_moves::end(tx, tenant, from)).unwrap();
    assert!(entry_points::visitor_moves(&db, 10).await.unwrap().is_empty());
}

async fn a_blocked_visitor_is_known_by_the_token(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, site, visitor) = (fixture.company.tenant, fixture.company.site, fixture.visitor().await);
    write!(db, |tx| async move { visitors::issue(tx, tenant, visitor, site, &pass()).await }).unwrap();
    let blocked = async || entry_points::visitor_token(&db, b"token").await.unwrap().unwrap().4;
    let until = db.now().plus(60_000);
    let block = VisitorBlock {
        visitor,
        conversation: ConversationId::new(db.uuid()),
        reason: "insults".to_owned(),
        by: AgentId::new(db.uuid()),
        at: db.now(),
        until: None,
    };
    for (until, seen) in [(None, Ts(i64::MAX)), (Some(until), until)] {
        let block = VisitorBlock { until, ..block.clone() };
        let stored = block.clone();
        write!(db, |tx| visitor_blocks::put(tx, tenant, &stored)).unwrap();
        assert_eq!(blocked().await, Some(seen));
        assert_eq!(read!(db, |tx| visitor_blocks::find(tx, tenant, visitor)).unwrap(), Some(block.clone()));
        assert_eq!(read!(db, |tx| visitor_blocks::list(tx, tenant, None, 9)).unwrap(), std::slice::from_ref(&block));
        assert_eq!(read!(db, |tx| visitor_blocks::list(tx, tenant, Some((block.at, visitor)), 9)).unwrap(), []);
    }
    let into = VisitorId::new(db.uuid());
    write!(db, |tx| visitor_blocks::pass_on(tx, tenant, visitor, into)).unwrap();
    assert_eq!(blocked().await, None);
    let elsewhere = testkit::Company::create(&db, "beta").await.tenant;
    assert_eq!(write!(db, |tx| visitor_blocks::lift(tx, elsewhere, into)).unwrap(), None);
    assert_eq!(write!(db, |tx| visitor_blocks::lift(tx, tenant, into)).unwrap().map(|block| block.visitor), Some(into));
    write!(db, |tx| visitor_blocks::put(tx, tenant, &VisitorBlock { until: Some(until), ..block.clone() })).unwrap();
    db.clock.advance(60_000);
    assert_eq!(read!(db, |tx| visitor_blocks::find(tx, tenant, visitor)).unwrap(), None, "it has ended");
    assert_eq!(read!(db, |tx| visitor_blocks::list(tx, tenant, None, 9)).unwrap(), []);
}
