//! What was said in conversations, and what was learned from it.

use std::sync::Arc;

use db::journal;
use domain::{
    conversation::Event,
    entry::{
        EntryKind,
        body::{AskedAbout, Detail},
    },
    erasure::has_words,
    id::{ConversationId, FileId, VisitorId},
    journal::{Actor, View, Words},
    stream::StreamKind,
    time::Ts,
};
use store::conversations as all;
use store_privacy::{conversations, learned};
use testkit::{
    TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};

on_every_engine!(a_conversation_that_is_hidden_is_not_there_until_it_is_erased, words_are_taken_back_and_facts_stay, what_was_not_learned_is_not_forgotten);

async fn a_conversation_that_is_hidden_is_not_there_until_it_is_erased(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, visitor) = (fixture.company.tenant, fixture.visitor().await);
    let conversation = fixture.conversation(visitor).await;
    let (id, successor) = (conversation.id, VisitorId::new(db.uuid()));
    assert_eq!(read!(db, |tx| conversations::open_of(tx, tenant, visitor)).unwrap(), [id]);
    assert_eq!(read!(db, |tx| conversations::episode_of(tx, tenant, id)).unwrap(), (1, conversation.version));
    write!(db, |tx| conversations::hide(tx, tenant, id)).unwrap();
    assert_eq!(read!(db, |tx| all::find(tx, tenant, id)).unwrap(), None);
    assert_eq!(read!(db, |tx| conversations::some_of(tx, tenant, visitor, 9)).unwrap(), [id]);
    let places = write!(db, |tx| conversations::erase_beside(tx, tenant, id, Some(successor))).unwrap();
    assert_eq!(places.into_iter().collect::<Vec<_>>(), [("pages".to_owned(), 1)]);
    let shown = read!(db, |tx| all::find(tx, tenant, id)).unwrap().unwrap();
    assert_eq!((shown.visitor, shown.version), (successor, conversation.version + 2));
    assert_eq!(read!(db, |tx| conversations::visitor_of(tx, tenant, id)).unwrap(), Some(successor));
    write!(db, |tx| conversations::hide_all(tx, tenant, successor)).unwrap();
    assert_eq!(read!(db, |tx| all::find(tx, tenant, id)).unwrap(), None);
    assert_eq!(read!(db, |tx| conversations::visitor_of(tx, tenant, ConversationId::new(db.uuid()))).unwrap(), None);
}

async fn words_are_taken_back_and_facts_stay(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, visitor) = (fixture.company.tenant, fixture.visitor().await);
    let opened = fixture.conversation(visitor).await;
    let detail = Detail { label: testkit::company::both("Phone"), text: "13912345678".into() };
    let about = AskedAbout { question: None, details: vec![detail] };
    let told = fixture.happens(&opened, Event::AskAbout { about, to: None }, Actor::customer(visitor.uuid())).await;
    let conversation = fixture.says(&told, "my number is 13912345678").await;
    let (id, until) = (conversation.id, db.now());
    let said = read!(db, |tx| conversations::entries_after(tx, tenant, id, 0, 99)).unwrap();
    let words: Vec<i64> = said.iter().filter(|entry| entry.has_words()).map(|entry| entry.seq).collect();
    assert!(words.len() >= 3 && said.iter().all(|entry| entry.noted.is_none() && entry.taught.is_none()));
    assert!(read!(db, |tx| conversations::still_has_words(tx, tenant, id, None, until)).unwrap());
    assert!(!read!(db, |tx| conversations::still_has_words(tx, tenant, id, Some(99), until)).unwrap());
    assert_eq!(read!(db, |tx| conversations::handoffs_after(tx, tenant, id, 0)).unwrap(), [0_i64; 0]);
    assert_eq!(read!(db, |tx| conversations::corrections_of(tx, tenant, id, 2)).unwrap(), [0_i64; 0]);
    assert_eq!(read!(db, |tx| conversations::messages_before(tx, tenant, id, (4, Ts(0)), 9)).unwrap().iter().map(|said| said.seq).collect::<Vec<_>>(), [3]);
    assert!(read!(db, |tx| conversations::messages_before(tx, tenant, id, (4, Ts(i64::MAX)), 9)).unwrap().is_empty(), "none is so late");
    let stream = conversation.stream();
    let page = async |db: &Arc<TestDb>| journal::page(&mut db.read().await.unwrap(), tenant, stream, View::Staff, 0, 99).await.unwrap();
    let facts =
        |entries: &[domain::journal::StoredEntry]| entries.iter().map(|entry| (entry.seq, entry.kind.clone(), entry.entry.facts.clone())).collect::<Vec<_>>();
    let before = facts(&page(&db).await);
    assert_eq!(stream.kind, StreamKind::Conversation);
    let all = words.clone();
    assert_eq!(write!(db, |tx| async move { Ok(journal::withdraw(tx, tenant, id.uuid(), &words, journal::Why::Erased).await?) }).unwrap(), all.len() as u64);
    assert_eq!(write!(db, |tx| async move { Ok(journal::withdraw(tx, tenant, id.uuid(), &all, journal::Why::Recalled).await?) }).unwrap(), 0);
    assert!(journal::is_withdrawn(&mut db.read().await.unwrap(), tenant, id.uuid(), 2).await.unwrap());
    let after = page(&db).await;
    assert_eq!(facts(&after), before);
    assert!(after.iter().any(|entry| matches!(&entry.entry.body, Words::Gone(why) if why == "erased")));
    assert!(!format!("{after:?}").contains("13912345678"));
    assert!(!read!(db, |tx| conversations::still_has_words(tx, tenant, id, None, until)).unwrap());
    assert!(write!(db, |tx| conversations::erase_message(tx, tenant, id, 2)).unwrap().is_empty());
    assert_eq!(read!(db, |tx| conversations::files(tx, tenant, id, 9)).unwrap(), []);
    assert_eq!(read!(db, |tx| conversations::files_of_visitor(tx, tenant, visitor, 9)).unwrap(), []);
    let none = FileId::new(db.uuid());
    assert!(write!(db, |tx| async move { conversations::delete_files(tx, tenant, &[none]).await }).unwrap().is_empty());
}

async fn what_was_not_learned_is_not_forgotten(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    assert!(write!(db, |tx| learned::forget_phrasing(tx, tenant, "kb-1", "how much")).unwrap().is_empty());
    assert!(write!(db, |tx| learned::forget_sentence(tx, tenant, "how much")).unwrap().is_empty());
    assert!(write!(db, |tx| learned::delete_results(tx, tenant)).unwrap().is_empty());
}

#[test]
fn the_statements_name_every_kind_with_words_and_no_other() {
    let mut named: Vec<&str> = store_privacy::KINDS_WITH_WORDS.split('\'').skip(1).step_by(2).collect();
    let mut kinds: Vec<&str> = EntryKind::EACH.iter().filter(|kind| has_words(**kind)).map(|kind| kind.as_str()).collect();
    named.sort_unstable();
    kinds.sort_unstable();
    assert_eq!(named, kinds);
}
