//! Customers whom a site names by a token.

use std::sync::Arc;

use domain::{
    entry::body::Revoked,
    id::{CustomerId, CustomerSessionId, SiteId},
    text::Lang,
    time::{DAY, MINUTE},
};
use store::{
    entry_points,
    visitors::{self, Pass},
};
use store_hall::{
    customer_sessions::{self, SignedSession},
    customer_visitors,
    customers::{self, Customer},
    signed_customers::{self, Said},
};
use testkit::{
    TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};

on_every_engine!(a_customer_is_one_however_often_named, a_token_is_used_once, what_a_secret_signed_ends_with_it,);

fn said(words: &str) -> Said {
    Said { lookup: b"u-1".to_vec(), sealed: words.as_bytes().to_vec() }
}

async fn a_customer_is_one_however_often_named(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, site, now) = (fixture.company.tenant, fixture.company.site, db.now());
    let (first, second) = (CustomerId::new(db.uuid()), CustomerId::new(db.uuid()));
    assert_eq!(read!(db, |tx| signed_customers::find(tx, tenant, site, b"u-1")).unwrap(), None);
    let reserve = async |id| write!(db, |tx| async move { signed_customers::reserve(tx, tenant, site, id, &said("one")).await }).unwrap();
    assert_eq!((reserve(first).await, reserve(second).await), (first, first));
    let new = Customer { id: first, tenant, name: None, lang: Lang::En, password_hash: String::new(), created_at: now, updated_at: now };
    write!(db, |tx| async move { customers::insert_signed(tx, tenant, &new).await }).unwrap();
    for name in [Some(&b"Ada"[..]), None] {
        write!(db, |tx| async move {
            signed_customers::say(tx, tenant, site, &said("two")).await?;
            signed_customers::call(tx, tenant, first, name, Lang::Zh).await
        })
        .unwrap();
    }
    let known = read!(db, |tx| customers::get(tx, tenant, first)).unwrap();
    assert_eq!((known.name.as_deref(), known.lang), (Some(&b"Ada"[..]), Lang::Zh));
    assert_eq!(read!(db, |tx| signed_customers::find(tx, tenant, site, b"u-1")).unwrap(), Some(first));
    assert_eq!(read!(db, |tx| signed_customers::said_of(tx, tenant, first)).unwrap(), Some(b"two".to_vec()));
    assert_eq!(read!(db, |tx| signed_customers::said_of(tx, tenant, second)).unwrap(), None);
}

async fn a_token_is_used_once(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, site, end) = (fixture.company.tenant, fixture.company.site, db.now().plus(MINUTE));
    let spend = async || write!(db, |tx| signed_customers::spend(tx, tenant, site, b"token", end)).unwrap();
    assert!(spend().await && !spend().await);
    db.clock.advance(MINUTE);
    entry_points::forget_expired(&db, db.now()).await.unwrap();
    assert!(spend().await, "an expired one is refused for that");
}

async fn what_a_secret_signed_ends_with_it(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, site, ada) = (fixture.company.tenant, fixture.company.site, CustomerId::new(db.uuid()));
    let (visitor, anonymous) = (fixture.visitor().await, fixture.visitor().await);
    write!(db, |tx| customer_visitors::bind(tx, tenant, ada, site, visitor)).unwrap();
    let session = CustomerSessionId::new(db.uuid());
    let signed = SignedSession { id: session, token_hash: b"hidden".to_vec(), site, kid: "k1".to_owned() };
    write!(db, |tx| async move { customer_sessions::insert_signed(tx, tenant, ada, &signed).await }).unwrap();
    let elsewhere = SiteId::new(db.uuid());
    for (of, at, is) in [(session, site, true), (session, elsewhere, false), (CustomerSessionId::new(db.uuid()), site, false)] {
        assert_eq!(read!(db, |tx| customer_sessions::is_signed(tx, tenant, of, at)).unwrap(), is);
    }
    for (of, session, name) in [(visitor, Some(session), "a"), (anonymous, None, "b")] {
        let pass = Pass { device: format!("device {name}").into_bytes(), token: format!("token {name}").into_bytes(), session, network: None };
        write!(db, |tx| async move { visitors::issue(tx, tenant, of, site, &pass).await }).unwrap();
    }
    let lives = async |token: &'static [u8]| entry_points::visitor_token(&db, token).await.unwrap().is_some();
    db.effects();
    write!(db, |tx| visitors::end_unsigned(tx, tenant, site)).unwrap();
    assert_eq!(testkit::fixture::revoked(&db), [Revoked::SomeOf(anonymous)]);
    assert!(lives(b"token a").await && !lives(b"token b").await);
    assert!(read!(db, |tx| entry_points::visitor_device(tx, b"device b")).unwrap().is_some(), "what was said on it can still join a customer");
    write!(db, |tx| visitors::end_signed_with(tx, tenant, site, "k2")).unwrap();
    write!(db, |tx| visitors::end_signed_with(tx, tenant, elsewhere, "k1")).unwrap();
    assert!(lives(b"token a").await);
    write!(db, |tx| visitors::end_signed_with(tx, tenant, site, "k1")).unwrap();
    assert_eq!(testkit::fixture::revoked(&db), [Revoked::SomeOf(visitor)]);
    assert!(!lives(b"token a").await && read!(db, |tx| entry_points::visitor_device(tx, b"device a")).unwrap().is_none());
    // It ends by itself, too.
    let later = SignedSession { id: CustomerSessionId::new(db.uuid()), token_hash: b"later".to_vec(), site, kid: "k3".to_owned() };
    let id = later.id;
    write!(db, |tx| async move { customer_sessions::insert_signed(tx, tenant, ada, &later).await }).unwrap();
    assert!(read!(db, |tx| customer_sessions::lives(tx, tenant, id)).unwrap());
    db.clock.advance(DAY);
    assert!(!read!(db, |tx| customer_sessions::lives(tx, tenant, id)).unwrap());
}
