//! Announcements to the staff.

use std::sync::Arc;

use domain::{announcement::Announcement, id::AnnouncementId};
use store::{Error, announcements};
use testkit::{
    Company, TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};

on_every_engine!(an_announcement_is_read_once_and_withdrawn_with_its_readers);

async fn an_announcement_is_read_once_and_withdrawn_with_its_readers(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada) = (fixture.company.tenant, fixture.agent("ada").await.id);
    let other = Company::create(&db, "beta").await.tenant;
    let id = AnnouncementId::new(db.uuid());
    let one = Announcement { id, title: "Tariffs".into(), text: "See page 3.".into(), group: None, by: ada, at: db.now() };
    let added = one.clone();
    write!(db, |tx| async move { announcements::insert(tx, tenant, &added).await }).unwrap();
    assert_eq!(read!(db, |tx| announcements::all(tx, tenant)).unwrap(), std::slice::from_ref(&one));
    assert_eq!(read!(db, |tx| announcements::get(tx, tenant, id)).unwrap(), one);
    assert!(matches!(read!(db, |tx| announcements::get(tx, other, id)), Err(Error::NotFound)));
    assert_eq!(read!(db, |tx| announcements::count(tx, tenant)).unwrap(), 1);
    for _ in 0..2 {
        write!(db, |tx| async move { announcements::read(tx, tenant, id, ada).await }).unwrap();
        db.clock.advance(1_000);
    }
    assert_eq!(read!(db, |tx| announcements::readings_of(tx, tenant, ada)).unwrap(), [(id, one.at)]);
    assert!(read!(db, |tx| announcements::readings_of(tx, other, ada)).unwrap().is_empty());
    assert!(read!(db, |tx| announcements::readings(tx, tenant)).unwrap().contains_key(&(id, ada)));
    assert!(matches!(write!(db, |tx| async move { announcements::delete(tx, other, id).await }), Err(Error::NotFound)));
    write!(db, |tx| async move { announcements::delete(tx, tenant, id).await }).unwrap();
    assert!(read!(db, |tx| announcements::readings(tx, tenant)).unwrap().is_empty());
    assert!(read!(db, |tx| announcements::all(tx, tenant)).unwrap().is_empty());
}
