//! Visitors and customers.

use std::sync::Arc;

use domain::{
    id::{CustomerId, VisitorId},
    text::Lang,
};
use store::visitors::{self, Pass};
use store_hall::{
    customer_visitors,
    customers::{self, Customer, StoredIdentifier},
};
use store_privacy::people;
use testkit::{
    TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};
use uuid::Uuid;

on_every_engine!(a_customer_is_erased_with_every_visitor, what_names_nobody_is_left_alone);

async fn a_customer_is_erased_with_every_visitor(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, site, now) = (fixture.company.tenant, fixture.company.site, db.now());
    let (id, visitor, other) = (CustomerId::new(db.uuid()), fixture.visitor().await, fixture.visitor().await);
    let customer = Customer { id, tenant, name: None, lang: Lang::En, password_hash: "hash".to_owned(), created_at: now, updated_at: now };
    let kind = domain::customer::IdentifierKind::Email;
    let identifier = StoredIdentifier { lookup: b"lookup".to_vec(), kind, sealed: b"sealed".to_vec(), verified_at: now };
    let pass = Pass { device: b"device".to_vec(), token: b"token".to_vec(), session: None, network: None };
    write!(db, |tx| async move {
        customers::insert(tx, tenant, &customer, &identifier).await?;
        customer_visitors::bind(tx, tenant, id, site, visitor).await?;
        visitors::issue(tx, tenant, visitor, site, &pass).await.map(drop)
    })
    .unwrap();
    assert_eq!(read!(db, |tx| people::visitors_of(tx, tenant, id)).unwrap(), [visitor]);
    assert_eq!(read!(db, |tx| people::identifiers(tx, tenant, id)).unwrap(), [(b"lookup".to_vec(), b"sealed".to_vec())]);
    assert!(read!(db, |tx| people::is_visitor(tx, tenant, visitor)).unwrap() && read!(db, |tx| people::is_customer(tx, tenant, id)).unwrap());
    let mut both = [visitor, other];
    both.sort_unstable();
    assert_eq!(read!(db, |tx| people::visitors_after(tx, tenant, Uuid::nil(), 9)).unwrap(), both);
    write!(db, |tx| visitors::revoke(tx, tenant, visitor)).unwrap();
    let revoked = read!(db, |tx| people::revocations_after(tx, tenant, 0, 9)).unwrap();
    assert_eq!(revoked.len(), 1);
    let places = write!(db, |tx| async move { people::withdraw_revocations(tx, tenant, &[1]).await }).unwrap();
    assert_eq!(places.get("devices"), Some(&1));
    let pass = Pass { device: b"device 2".to_vec(), token: b"token 2".to_vec(), session: None, network: None };
    write!(db, |tx| async move { visitors::issue(tx, tenant, visitor, site, &pass).await.map(drop) }).unwrap();
    let successor = VisitorId::new(db.uuid());
    let places = write!(db, |tx| people::erase_visitor(tx, tenant, visitor, successor)).unwrap();
    assert_eq!((places.get("devices"), places.get("visitors")), (Some(&2), Some(&2)));
    write!(db, |tx| people::sign_out(tx, tenant, id)).unwrap();
    let places = write!(db, |tx| people::erase_customer(tx, tenant, id)).unwrap();
    assert_eq!(places.get("account"), Some(&2));
    assert!(!read!(db, |tx| people::is_visitor(tx, tenant, visitor)).unwrap() && !read!(db, |tx| people::is_customer(tx, tenant, id)).unwrap());
    assert!(write!(db, |tx| people::erase_customer(tx, tenant, id)).unwrap().is_empty(), "what is erased is erased once");
    assert_eq!(read!(db, |tx| people::visitors_after(tx, tenant, Uuid::nil(), 9)).unwrap(), [other]);
}

async fn what_names_nobody_is_left_alone(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    assert!(write!(db, |tx| people::delete_letters(tx, tenant, b"lane")).unwrap().is_empty());
    assert!(write!(db, |tx| people::delete_answers(tx, tenant)).unwrap().is_empty());
    assert_eq!(read!(db, |tx| people::audit_numbers(tx, tenant, ("cst_0", None), 0, 9)).unwrap(), [0_i64; 0]);
    assert!(read!(db, |tx| people::audit_entry(tx, tenant, 1)).unwrap().is_none());
}
