//! A record as a whole: its history, and what belongs to it.

use std::{collections::BTreeSet, sync::Arc};

use domain::id::{FileId, PictureId, TenantId, VisitorId};
use store::{
    entry_points::{self, Kept},
    files::{self, FileOwner, StoredFile},
    goods_pictures,
};
use testkit::{Company, TestDb, on_every_engine};
use uuid::Uuid;

use crate::fixture::{Fixture, read, write};

on_every_engine!(a_record_says_which_history_it_holds_and_up_to_where, what_lies_beside_a_record_is_listed_once_page_by_page);

async fn a_record_says_which_history_it_holds_and_up_to_where(db: Arc<TestDb>) {
    let [first, second, third] = [db.uuid(), db.uuid(), db.uuid()];
    assert_eq!(read!(db, |tx| entry_points::generation_of(tx)).unwrap(), None);
    assert!(entry_points::last_entry(&db).await.unwrap().is_none());
    entry_points::installation(&db, first, "key".to_owned()).await.unwrap();
    assert_eq!(read!(db, |tx| entry_points::generation_of(tx)).unwrap(), Some(first));
    entry_points::begin_generation(&db, second).await.unwrap();
    assert_eq!(entry_points::generation(&db).await.unwrap().0, second);
    write!(db, |tx| entry_points::change_generation(tx, third)).unwrap();
    assert_eq!(read!(db, |tx| entry_points::generation_of(tx)).unwrap(), Some(third));

    let fixture = Fixture::new(&db).await;
    let (one, other) = (fixture.visitor().await, fixture.visitor().await);
    let (one, other) = (fixture.conversation(one).await, fixture.conversation(other).await);
    for conversation in [&other, &one] {
        fixture.says(conversation, "hello").await;
        let last = entry_points::last_entry(&db).await.unwrap().unwrap();
        assert_eq!(last.entry.stream.id, conversation.id.uuid());
        let same = read!(db, |tx| entry_points::last_entry_of(tx)).unwrap().unwrap();
        assert_eq!((same.entry.stream, same.seq), (last.entry.stream, last.seq));
    }
}

async fn what_lies_beside_a_record_is_listed_once_page_by_page(db: Arc<TestDb>) {
    let tenants = [Company::create(&db, "alpha").await.tenant, Company::create(&db, "beta").await.tenant];
    let (mut uploads, mut pictures) = (BTreeSet::new(), BTreeSet::new());
    for n in 0..5 {
        let (tenant, id, picture) = (tenants[n % 2], FileId::new(db.uuid()), PictureId::new(db.uuid()));
        let owner = FileOwner::Visitor(VisitorId::new(db.uuid()));
        let (name, mime, created_at) = ("a".to_owned(), "b".to_owned(), db.now());
        let file = StoredFile { id, owner, conversation: None, is_private: false, name, mime, size: 1, dimensions: None, created_at };
        write!(db, |tx| files::insert(tx, tenant, &file)).unwrap();
        write!(db, |tx| goods_pictures::insert(tx, tenant, picture, "image/png", 1, created_at)).unwrap();
        uploads.insert((tenant, Kept::File(id)));
        pictures.insert((tenant, Kept::Picture(picture)));
    }
    for &(tenant, kept) in uploads.union(&pictures) {
        let elsewhere = if tenant == tenants[0] { tenants[1] } else { tenants[0] };
        assert!(read!(db, |tx| entry_points::is_kept(tx, tenant, kept)).unwrap());
        assert!(!read!(db, |tx| entry_points::is_kept(tx, elsewhere, kept)).unwrap());
    }
    let place = |found: &[(TenantId, Kept)]| match found.last() {
        Some((tenant, Kept::File(id))) => (*tenant, id.uuid()),
        Some((tenant, Kept::Picture(id))) => (*tenant, id.uuid()),
        None => (TenantId::new(Uuid::nil()), Uuid::nil()),
    };
    let (mut files, mut shown) = (Vec::new(), Vec::new());
    for so_many in [2, 4, 5] {
        let (found, also) = (read!(db, |tx| entry_points::kept_files(tx, place(&files), 2)), read!(db, |tx| entry_points::kept_pictures(tx, place(&shown), 2)));
        files.extend(found.unwrap());
        shown.extend(also.unwrap());
        assert_eq!((files.len(), shown.len()), (so_many, so_many));
    }
    assert_eq!((files.iter().copied().collect::<BTreeSet<_>>(), shown.iter().copied().collect::<BTreeSet<_>>()), (uploads, pictures), "each once");
}
