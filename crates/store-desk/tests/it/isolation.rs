//! A different company can neither see nor change anything, even with the right ids.

use std::sync::Arc;

use domain::{
    canned_reply::{CannedReply, Shortcode},
    id::{CannedReplyId, FileId},
    time::Ts,
};
use store::Error;
use store_desk::{
    canned_replies,
    files::{self, FileOwner, StoredFile},
    lists,
};
use testkit::{
    Company, TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};
use uuid::Uuid;

on_every_engine!(another_company_reads_nothing, another_company_changes_nothing);

/// A canned reply and a file of the company.
async fn content(fixture: &Fixture) -> (CannedReply, StoredFile) {
    let (db, tenant, member) = (&fixture.db, fixture.company.tenant, fixture.agent("eve").await);
    let reply = CannedReply {
        id: CannedReplyId::new(db.uuid()),
        tenant,
        shortcode: Shortcode::parse("hi").unwrap(),
        title: "Hi".to_owned(),
        body: testkit::company::both("hi"),
        updated_at: db.now(),
    };
    let file = StoredFile {
        id: FileId::new(db.uuid()),
        owner: FileOwner::Agent(member.id),
        conversation: None,
        is_private: false,
        name: "a".to_owned(),
        mime: "b".to_owned(),
        size: 1,
        dimensions: None,
        created_at: db.now(),
    };
    let (stored, kept) = (reply.clone(), file.clone());
    write!(db, |tx| async move {
        canned_replies::insert(tx, tenant, &stored).await?;
        files::insert(tx, tenant, &kept).await
    })
    .unwrap();
    (reply, file)
}

async fn another_company_reads_nothing(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (other, ada) = (Company::create(&db, "beta").await.tenant, fixture.agent("ada").await);
    let (reply, file) = content(&fixture).await;
    let conversation = fixture.served(fixture.visitor().await, &ada).await;
    fixture.queued(fixture.visitor().await).await;
    fixture.resolved(fixture.visitor().await, &ada).await;
    let (agent, visitor, cnv, far) = (ada.id, conversation.visitor, conversation.id, (Ts(i64::MAX), Uuid::max()));
    assert!(matches!(read!(db, |tx| canned_replies::get(tx, other, reply.id)), Err(Error::NotFound)));
    assert!(read!(db, |tx| canned_replies::list(tx, other, None, 10)).unwrap().is_empty());
    assert!(matches!(read!(db, |tx| files::get(tx, other, file.id)), Err(Error::NotFound)));
    assert!(read!(db, |tx| lists::one(tx, other, cnv)).unwrap().is_none());
    assert!(read!(db, |tx| lists::mine(tx, other, agent)).unwrap().is_empty());
    assert!(read!(db, |tx| lists::queue(tx, other)).unwrap().is_empty());
    assert!(read!(db, |tx| lists::active(tx, other, Uuid::nil(), 10)).unwrap().is_empty());
    assert!(read!(db, |tx| lists::with_bot(tx, other, Uuid::nil(), 10)).unwrap().is_empty());
    assert!(read!(db, |tx| lists::resolved_since(tx, other, agent, Ts(0), far, 10)).unwrap().is_empty());
    assert!(read!(db, |tx| lists::of_visitor(tx, other, visitor)).unwrap().is_empty());
    assert!(read!(db, |tx| lists::episodes(tx, other, cnv)).unwrap().is_empty());
    assert!(read!(db, |tx| lists::today(tx, other, agent, Ts(0))).unwrap().0.resolved == 0);
    assert!(read!(db, |tx| lists::now(tx, other)).unwrap().active == 0);
}

async fn another_company_changes_nothing(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, other) = (fixture.company.tenant, Company::create(&db, "beta").await.tenant);
    let (kept, stored) = content(&fixture).await;
    let cnv = fixture.conversation(fixture.visitor().await).await.id;
    let (id, seen, reply, file) = (kept.id, kept.updated_at, kept.clone(), stored.id);
    assert!(matches!(write!(db, |tx| canned_replies::update(tx, other, &reply, seen)), Err(Error::Stale)));
    assert!(matches!(write!(db, |tx| canned_replies::delete(tx, other, id)), Err(Error::NotFound)));
    assert!(matches!(write!(db, |tx| files::attach(tx, other, file, cnv)), Err(Error::Stale)));
    assert_eq!(read!(db, |tx| canned_replies::get(tx, tenant, id)).unwrap(), kept);
    assert_eq!(read!(db, |tx| files::get(tx, tenant, file)).unwrap(), stored);
}
