//! Canned replies, files.

use std::sync::Arc;

use domain::{
    canned_reply::{CannedReply, Shortcode},
    id::{AgentId, CannedReplyId, ConversationId, FileId, VisitorId},
    text::Bilingual,
    time::Ts,
};
use store::Error;
use store_desk::{
    canned_replies,
    files::{self, FileOwner, StoredFile},
};
use testkit::{
    TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};

on_every_engine!(
    shortcode_is_unique_per_company,
    page_walk_sees_each_reply_once,
    stale_update_conflicts,
    a_removed_reply_is_gone,
    a_file_is_kept_and_attached_to_one_conversation,
    a_note_s_file_is_private_until_it_is_sent,
    a_file_that_was_taken_back_is_nobody_s,
    files_have_a_limit_and_those_nobody_sends_go,
);

fn reply(fixture: &Fixture, shortcode: &str) -> CannedReply {
    CannedReply {
        id: CannedReplyId::new(fixture.db.uuid()),
        tenant: fixture.company.tenant,
        shortcode: Shortcode::parse(shortcode).unwrap(),
        title: "Title".to_owned(),
        body: Bilingual { zh: "你好".to_owned(), en: String::new() },
        updated_at: fixture.db.now(),
    }
}
async fn add(fixture: &Fixture, shortcode: &str) -> Result<CannedReply, Error> {
    let new = reply(fixture, shortcode);
    let stored = new.clone();
    write!(fixture.db, |tx| canned_replies::insert(tx, stored.tenant, &stored)).map(|()| new)
}

async fn shortcode_is_unique_per_company(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let hi = add(&fixture, "hi").await.unwrap();
    assert!(matches!(add(&fixture, "hi").await, Err(Error::Taken)));
    assert_eq!(read!(db, |tx| canned_replies::get(tx, hi.tenant, hi.id)).unwrap(), hi);
    let beta = Fixture { db: db.clone(), company: testkit::Company::create(&db, "beta").await };
    add(&beta, "hi").await.unwrap();
}

async fn page_walk_sees_each_reply_once(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    for shortcode in ["b", "a", "d", "c", "a-b", "a_b"] {
        add(&fixture, shortcode).await.unwrap();
    }
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = read!(db, |tx| canned_replies::list(tx, fixture.company.tenant, after.as_deref(), 2)).unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.shortcode.as_str().to_owned());
        seen.extend(page.iter().map(|reply| reply.shortcode.as_str().to_owned()));
    }
    assert_eq!(seen, ["a", "a-b", "a_b", "b", "c", "d"]);
    assert!(read!(db, |tx| canned_replies::list(tx, fixture.company.tenant, Some("a\0"), 10)).unwrap().is_empty(), "no engine stores it");
}

async fn stale_update_conflicts(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let mut hi = add(&fixture, "hi").await.unwrap();
    let seen = hi.updated_at;
    hi.updated_at = Ts(seen.0 + 1);
    hi.body.en = "Hello".to_owned();
    let (first, second) = (hi.clone(), hi.clone());
    write!(db, |tx| canned_replies::update(tx, first.tenant, &first, seen)).unwrap();
    assert!(matches!(write!(db, |tx| canned_replies::update(tx, second.tenant, &second, seen)), Err(Error::Stale)));
    assert_eq!(read!(db, |tx| canned_replies::get(tx, hi.tenant, hi.id)).unwrap(), hi);
}

async fn a_removed_reply_is_gone(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let hi = add(&fixture, "hi").await.unwrap();
    let (tenant, id) = (hi.tenant, hi.id);
    write!(db, |tx| canned_replies::delete(tx, tenant, id)).unwrap();
    assert!(matches!(read!(db, |tx| canned_replies::get(tx, tenant, id)), Err(Error::NotFound)));
    assert!(matches!(write!(db, |tx| canned_replies::delete(tx, tenant, id)), Err(Error::NotFound)));
}

async fn a_file_is_kept_and_attached_to_one_conversation(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    let uuid = || db.uuid();
    for owner in [FileOwner::Visitor(VisitorId::new(uuid())), FileOwner::Agent(AgentId::new(uuid()))] {
        let file = StoredFile {
            id: FileId::new(uuid()),
            owner,
            conversation: None,
            is_private: false,
            name: "照片.png".to_owned(),
            mime: "image/png".to_owned(),
            size: 20 * 1024 * 1024,
            dimensions: Some((640, 480)),
            created_at: db.now(),
        };
        let (stored, id) = (file.clone(), file.id);
        write!(db, |tx| files::insert(tx, tenant, &stored)).unwrap();
        assert_eq!(read!(db, |tx| files::get(tx, tenant, id)).unwrap(), file);
        let (one, two) = (ConversationId::new(uuid()), ConversationId::new(uuid()));
        for _ in 0..2 {
            write!(db, |tx| files::attach(tx, tenant, id, one)).unwrap();
        }
        assert!(matches!(write!(db, |tx| files::attach(tx, tenant, id, two)), Err(Error::Stale)));
        let kept = read!(db, |tx| files::get(tx, tenant, id)).unwrap();
        assert_eq!((kept.conversation, kept.is_private), (Some(one), false));
        // A file the customer has seen does not become private when a note refers to it.
        write!(db, |tx| files::attach_to_note(tx, tenant, id, one)).unwrap();
        assert!(!read!(db, |tx| files::get(tx, tenant, id)).unwrap().is_private);
        assert!(matches!(write!(db, |tx| files::attach_to_note(tx, tenant, id, two)), Err(Error::Stale)));
    }
}

/// A file that an agent has uploaded.
fn bill(db: &TestDb, id: FileId) -> StoredFile {
    StoredFile {
        id,
        owner: FileOwner::Agent(AgentId::new(db.uuid())),
        conversation: None,
        is_private: false,
        name: "bill.pdf".to_owned(),
        mime: "application/pdf".to_owned(),
        size: 9,
        dimensions: None,
        created_at: db.now(),
    }
}

async fn a_note_s_file_is_private_until_it_is_sent(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    let (id, conversation) = (FileId::new(db.uuid()), ConversationId::new(db.uuid()));
    let file = bill(&db, id);
    write!(db, |tx| files::insert(tx, tenant, &file)).unwrap();
    for _ in 0..2 {
        write!(db, |tx| files::attach_to_note(tx, tenant, id, conversation)).unwrap();
        let kept = read!(db, |tx| files::get(tx, tenant, id)).unwrap();
        assert_eq!((kept.conversation, kept.is_private), (Some(conversation), true));
    }
    write!(db, |tx| files::attach(tx, tenant, id, conversation)).unwrap();
    assert!(!read!(db, |tx| files::get(tx, tenant, id)).unwrap().is_private);
}

async fn a_file_that_was_taken_back_is_nobody_s(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    let (id, conversation) = (FileId::new(db.uuid()), ConversationId::new(db.uuid()));
    let file = bill(&db, id);
    write!(db, |tx| files::insert(tx, tenant, &file)).unwrap();
    write!(db, |tx| files::attach(tx, tenant, id, conversation)).unwrap();
    write!(db, |tx| files::hide(tx, tenant, id)).unwrap();
    let hidden = read!(db, |tx| files::get(tx, tenant, id)).unwrap();
    assert_eq!((hidden.conversation, hidden.is_private), (Some(conversation), true));
    write!(db, |tx| files::recall(tx, tenant, id)).unwrap();
    assert!(matches!(read!(db, |tx| files::get(tx, tenant, id)), Err(Error::NotFound)));
    let later = db.now().plus(1);
    assert!(write!(db, |tx| files::forget_unsent(tx, tenant, id, later)).unwrap(), "it is deleted with what was never sent");
}

async fn files_have_a_limit_and_those_nobody_sends_go(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, other) = (fixture.company.tenant, testkit::Company::create(&db, "beta").await.tenant);
    let file = |size: i64| StoredFile {
        id: FileId::new(db.uuid()),
        owner: FileOwner::Visitor(VisitorId::new(db.uuid())),
        conversation: None,
        is_private: false,
        name: "a".to_owned(),
        mime: "b".to_owned(),
        size,
        dimensions: None,
        created_at: db.now(),
    };
    let (one, two, three) = (file(6), file(4), file(1));
    let (first, second, third) = (one.clone(), two.clone(), three.clone());
    write!(db, |tx| files::insert_within(tx, tenant, &first, 10)).unwrap();
    write!(db, |tx| files::insert_within(tx, tenant, &second, 10)).unwrap();
    let refused = write!(db, |tx| files::insert_within(tx, tenant, &third, 10));
    assert!(matches!(refused, Err(Error::Refused(refusal)) if refusal.code == files::FULL));
    let bytes = async |tenant| read!(db, |tx| files::bytes(tx, tenant)).unwrap();
    assert_eq!((bytes(tenant).await, bytes(other).await), (10, 0));
    assert!(matches!(read!(db, |tx| files::get(tx, tenant, three.id)), Err(Error::NotFound)));

    let (kept, left, conversation) = (one.id, two.id, ConversationId::new(db.uuid()));
    write!(db, |tx| files::attach(tx, tenant, kept, conversation)).unwrap();
    assert_eq!(store::entry_points::unsent_files(&db, db.now(), 10).await.unwrap(), []);
    let later = Ts(db.now().0 + 1);
    assert_eq!(store::entry_points::unsent_files(&db, later, 10).await.unwrap(), [(tenant, left)]);
    for (tenant, id, gone) in [(other, left, false), (tenant, kept, false), (tenant, left, true), (tenant, left, false)] {
        assert_eq!(write!(db, |tx| files::forget_unsent(tx, tenant, id, later)).unwrap(), gone);
    }
    assert_eq!(bytes(tenant).await, 6);
}
