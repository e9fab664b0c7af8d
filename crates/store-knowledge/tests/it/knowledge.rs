//! The draft of the knowledge, its versions, its test set, and unanswered questions.

use std::sync::Arc;

use content::knowledge::{Expected, KnowledgeEntry, RunOf};
use domain::{
    id::{ConversationId, KnowledgeRunId, KnowledgeTestId},
    learning::Reason,
    text::{Bilingual, Lang},
    time::Ts,
};
use store::{Document, Error, entry_points};
use store_knowledge::{
    knowledge,
    knowledge_categories::{self, Category},
    knowledge_drafts::{self, Draft, NewDraft, State},
    knowledge_runs::{self, Run},
    knowledge_tests::{self, KnowledgeTest},
    knowledge_versions::{self, NewVersion},
    unanswered::{self, Noted, Settled, Wanted},
};
use testkit::{
    Company, TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};

on_every_engine!(
    documents_keep_their_order_and_are_replaced,
    a_draft_stands_beside_what_is_live,
    of_two_changes_the_second_conflicts,
    a_publish_takes_the_draft_and_a_restore_brings_back_what_was,
    gates_belong_to_a_version,
    what_was_live_before_the_first_publish_is_version_one,
    old_versions_are_forgotten,
    a_publish_of_an_older_revision_or_over_another_version_conflicts,
    entries_of_an_import_stand_in_its_order_behind_all_others,
    the_work_of_entries_is_added_up_without_those_that_are_removed,
    categories_are_kept_by_key,
    a_test_set_is_kept_in_its_order,
    runs_are_noted_and_the_last_is_found,
    questions_are_noted_once_and_settled,
    as_many_questions_as_a_request_may_name_are_settled_at_once,
    another_company_sees_and_changes_nothing_of_the_knowledge,
);

fn entry(id: &str, answer: &str) -> KnowledgeEntry {
    let both = |text: &str| Bilingual { zh: text.to_owned(), en: String::new() };
    KnowledgeEntry { id: id.to_owned(), category: "plans".to_owned(), question: both("问"), answer: both(answer), ..KnowledgeEntry::default() }
}
fn document(entry: &KnowledgeEntry) -> Document {
    Document { id: entry.id.clone(), json: serde_json::to_string(entry).unwrap() }
}

async fn add(fixture: &Fixture, id: &str, answer: &str) {
    let (tenant, new, at) = (fixture.company.tenant, NewDraft { entry: entry(id, answer), effort: 1 }, fixture.db.now());
    write!(fixture.db, |tx| async move {
        knowledge_drafts::touch(tx, tenant).await?;
        knowledge_drafts::insert(tx, tenant, &[new], None, at).await
    })
    .unwrap();
}
async fn publish(fixture: &Fixture, note: &str) -> Result<i64, Error> {
    let (tenant, version) = (fixture.company.tenant, NewVersion { note: note.to_owned(), ..NewVersion::default() });
    let seen = read!(fixture.db, |tx| knowledge_drafts::state(tx, tenant)).unwrap();
    write!(fixture.db, |tx| async move { knowledge_versions::publish(tx, tenant, seen, &version).await })
}
async fn live(fixture: &Fixture) -> Vec<String> {
    let entries = read!(fixture.db, |tx| knowledge::entries(tx, fixture.company.tenant)).unwrap();
    entries.iter().map(|document| serde_json::from_str::<KnowledgeEntry>(&document.json).unwrap().answer.zh).collect()
}

async fn documents_keep_their_order_and_are_replaced(db: Arc<TestDb>) {
    let tenant = Fixture::new(&db).await.company.tenant;
    let ids = |found: Vec<Document>| found.into_iter().map(|document| document.id).collect::<Vec<_>>();
    let documents = ["k2", "k1"].map(|id| (Document { id: id.to_owned(), json: "{}".to_owned() }, 1));
    write!(db, |tx| knowledge::put_entries(tx, tenant, 0, &documents)).unwrap();
    assert_eq!(ids(read!(db, |tx| knowledge::entries(tx, tenant)).unwrap()), ["k2", "k1"]);
    let wanted = ["k1", "gone", "k2"].map(str::to_owned);
    assert_eq!(ids(read!(db, |tx| knowledge::entries_by_id(tx, tenant, &wanted)).unwrap()), ["k1", "k2"]);
}

async fn a_draft_stands_beside_what_is_live(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada) = (fixture.company.tenant, fixture.agent("ada").await);
    let old = [(document(&entry("k1", "old")), 7)];
    write!(db, |tx| async move { knowledge::put_entries(tx, tenant, 0, &old).await }).unwrap();
    let before = read!(db, |tx| knowledge_drafts::get(tx, tenant, "k1")).unwrap();
    assert_eq!((&before.live, before.removed, &before.updated_by, before.effort), (&Some(before.entry.clone()), false, &None, 7));
    let (changed, seen) = (Draft { entry: entry("k1", "new"), updated_at: Ts(7), ..before.clone() }, before.updated_at);
    write!(db, |tx| async move { knowledge_drafts::update(tx, tenant, &changed, seen, Some(ada.id)).await }).unwrap();
    add(&fixture, "k2", "second").await;
    let all = read!(db, |tx| knowledge_drafts::list(tx, tenant)).unwrap();
    let told: Vec<_> = all.iter().map(|d| (d.entry.id.as_str(), d.entry.answer.zh.as_str(), d.live.is_some(), d.updated_by.as_deref())).collect();
    assert_eq!(told, [("k1", "new", true, Some("ada")), ("k2", "second", false, None)]);
    for (after, most, expected) in [((i64::MIN, ""), 1, &all[..1]), ((all[0].position, "k0"), 9, &all[..]), ((all[0].position, "k1"), 9, &all[1..])] {
        assert_eq!(read!(db, |tx| knowledge_drafts::list_after(tx, tenant, after, most)).unwrap(), expected, "{after:?}");
    }
    assert_eq!(live(&fixture).await, ["old"]);
    assert_eq!(read!(db, |tx| knowledge_drafts::count(tx, tenant)).unwrap(), 2);
    assert!(matches!(read!(db, |tx| knowledge_drafts::get(tx, tenant, "k\0")), Err(Error::NotFound)));
}

async fn of_two_changes_the_second_conflicts(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    add(&fixture, "k1", "one").await;
    let (again, at) = (NewDraft { entry: entry("k1", "x"), effort: 1 }, db.now());
    assert!(matches!(write!(db, |tx| async move { knowledge_drafts::insert(tx, tenant, &[again], None, at).await }), Err(Error::Taken)));
    let found = read!(db, |tx| knowledge_drafts::get(tx, tenant, "k1")).unwrap();
    let (seen, next) = (found.updated_at, Draft { entry: entry("k1", "two"), updated_at: found.updated_at.plus(1), ..found });
    let other = next.clone();
    write!(db, |tx| async move { knowledge_drafts::update(tx, tenant, &next, seen, None).await }).unwrap();
    assert!(matches!(write!(db, |tx| async move { knowledge_drafts::update(tx, tenant, &other, seen, None).await }), Err(Error::Stale)));
}

async fn a_publish_takes_the_draft_and_a_restore_brings_back_what_was(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    add(&fixture, "k1", "one").await;
    add(&fixture, "k2", "two").await;
    assert_eq!(publish(&fixture, "first").await.unwrap(), 1);
    assert_eq!(live(&fixture).await, ["one", "two"]);
    let found = read!(db, |tx| knowledge_drafts::get(tx, tenant, "k1")).unwrap();
    let (seen, gone) = (found.updated_at, Draft { removed: true, updated_at: found.updated_at.plus(1), ..found });
    write!(db, |tx| async move {
        knowledge_drafts::update(tx, tenant, &gone, seen, None).await?;
        knowledge_drafts::touch(tx, tenant).await
    })
    .unwrap();
    assert_eq!(publish(&fixture, "second").await.unwrap(), 2);
    assert_eq!(live(&fixture).await, ["two"]);
    assert!(matches!(read!(db, |tx| knowledge_drafts::get(tx, tenant, "k1")), Err(Error::NotFound)));
    let back = NewVersion::default();
    let number = write!(db, |tx| async move { knowledge_versions::restore(tx, tenant, 1, &back).await }).unwrap();
    assert_eq!((number, live(&fixture).await), (3, vec!["one".to_owned(), "two".to_owned()]));
    let again = read!(db, |tx| knowledge_drafts::get(tx, tenant, "k1")).unwrap();
    assert!(again.removed && again.live.is_some());
    let versions = read!(db, |tx| knowledge_versions::list(tx, tenant)).unwrap();
    let told: Vec<_> = versions.iter().map(|v| (v.number, v.note.as_str(), v.restores, v.entries)).collect();
    assert_eq!(told, [(3, "", Some(1), 2), (2, "second", None, 1), (1, "first", None, 2)]);
    assert_eq!(read!(db, |tx| knowledge_versions::entries(tx, tenant, 2)).unwrap(), [document(&entry("k2", "two"))]);
    let nothing = NewVersion::default();
    assert!(matches!(write!(db, |tx| async move { knowledge_versions::restore(tx, tenant, 9, &nothing).await }), Err(Error::NotFound)));
}

async fn gates_belong_to_a_version(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    assert_eq!(entry_points::unfitted_knowledge(&db).await.unwrap(), None);
    add(&fixture, "k1", "one").await;
    publish(&fixture, "").await.unwrap();
    assert_eq!(entry_points::unfitted_knowledge(&db).await.unwrap(), Some((tenant, 1)));
    assert_eq!(entry_points::unsearched_knowledge(&db).await.unwrap(), Some(tenant));
    let searched = Run { of: RunOf::Suspects, ..run(&db, 1) };
    write!(db, |tx| async move { knowledge_runs::insert(tx, tenant, &searched).await }).unwrap();
    assert_eq!(entry_points::unsearched_knowledge(&db).await.unwrap(), None);
    write!(db, |tx| knowledge_versions::put_gates(tx, tenant, 1, "one")).unwrap();
    assert_eq!(read!(db, |tx| knowledge_versions::gates(tx, tenant)).unwrap().as_deref(), Some("one"));
    add(&fixture, "k2", "two").await;
    publish(&fixture, "").await.unwrap();
    assert_eq!(read!(db, |tx| knowledge_versions::gates(tx, tenant)).unwrap(), None);
    assert_eq!(entry_points::unfitted_knowledge(&db).await.unwrap(), Some((tenant, 2)));
    let back = NewVersion::default();
    write!(db, |tx| async move { knowledge_versions::restore(tx, tenant, 1, &back).await }).unwrap();
    assert_eq!(read!(db, |tx| knowledge_versions::gates(tx, tenant)).unwrap().as_deref(), Some("one"), "of the version that came back");
    assert_eq!(entry_points::unfitted_knowledge(&db).await.unwrap(), None);
    assert!(matches!(write!(db, |tx| knowledge_versions::put_gates(tx, tenant, 9, "")), Err(Error::NotFound)));
    assert_eq!(entry_points::unembedded_knowledge(&db, "m", 9).await.unwrap(), [(tenant, 3)]);
    write!(db, |tx| knowledge_versions::put_embedded_gates(tx, tenant, 3, "with", "m")).unwrap();
    assert_eq!(read!(db, |tx| knowledge_versions::gates(tx, tenant)).unwrap().as_deref(), Some("with"));
    assert_eq!(entry_points::unembedded_knowledge(&db, "m", 9).await.unwrap(), []);
    assert_eq!(entry_points::unembedded_knowledge(&db, "another", 9).await.unwrap(), [(tenant, 3)]);
    assert!(matches!(write!(db, |tx| knowledge_versions::put_embedded_gates(tx, tenant, 9, "", "m")), Err(Error::NotFound)));
}

async fn what_was_live_before_the_first_publish_is_version_one(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    let old = [(document(&entry("k0", "old")), 7)];
    write!(db, |tx| async move { knowledge::put_entries(tx, tenant, 0, &old).await }).unwrap();
    for _ in 0..2 {
        assert_eq!(write!(db, |tx| knowledge_versions::begin(tx, tenant)).unwrap(), 1);
        assert_eq!(read!(db, |tx| knowledge_drafts::state(tx, tenant)).unwrap(), State { revision: 1, version: 1 });
    }
    add(&fixture, "k1", "new").await;
    assert_eq!(publish(&fixture, "").await.unwrap(), 2);
    assert_eq!(read!(db, |tx| knowledge_versions::entries(tx, tenant, 1)).unwrap(), [document(&entry("k0", "old"))]);
    assert_eq!(read!(db, |tx| knowledge_drafts::state(tx, tenant)).unwrap(), State { revision: 2, version: 2 });
}

async fn old_versions_are_forgotten(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    add(&fixture, "k1", "one").await;
    for number in 1..=knowledge_versions::KEPT_VERSIONS + 2 {
        assert_eq!(publish(&fixture, "").await.unwrap(), number);
    }
    let versions = read!(db, |tx| knowledge_versions::list(tx, tenant)).unwrap();
    assert_eq!((versions.len() as i64, versions.last().map(|version| version.number)), (knowledge_versions::KEPT_VERSIONS, Some(3)));
    assert_eq!(read!(db, |tx| knowledge_versions::entries(tx, tenant, 2)).unwrap(), []);
}

async fn a_publish_of_an_older_revision_or_over_another_version_conflicts(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    add(&fixture, "k1", "one").await;
    let publish_seen = async |seen: State| {
        let version = NewVersion::default();
        write!(db, |tx| async move { knowledge_versions::publish(tx, tenant, seen, &version).await })
    };
    let now = read!(db, |tx| knowledge_drafts::state(tx, tenant)).unwrap();
    assert!(matches!(publish_seen(State { revision: now.revision - 1, ..now }).await, Err(Error::Stale)));
    assert!(live(&fixture).await.is_empty());
    assert_eq!(publish_seen(now).await.unwrap(), 1);
    // What was checked against version 0 no longer matches the version in force.
    assert!(matches!(publish_seen(now).await, Err(Error::Stale)));
    assert_eq!(read!(db, |tx| knowledge_drafts::state(tx, tenant)).unwrap(), State { version: 1, ..now });
}

async fn entries_of_an_import_stand_in_its_order_behind_all_others(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, at) = (fixture.company.tenant, db.now());
    add(&fixture, "z", "first").await;
    let many: Vec<NewDraft> = (0..300).rev().map(|n| NewDraft { entry: entry(&format!("k{n:03}"), "x"), effort: n }).collect();
    let expected: Vec<String> = std::iter::once("z".to_owned()).chain(many.iter().map(|new| new.entry.id.clone())).collect();
    write!(db, |tx| async move { knowledge_drafts::insert(tx, tenant, &many, None, at).await }).unwrap();
    let all = read!(db, |tx| knowledge_drafts::list(tx, tenant)).unwrap();
    assert_eq!(all.iter().map(|draft| draft.entry.id.clone()).collect::<Vec<_>>(), expected);
    assert_eq!(all.iter().map(|draft| draft.position).collect::<Vec<_>>(), (1..=301).collect::<Vec<_>>());
    write!(db, |tx| async move { knowledge_drafts::insert(tx, tenant, &[], None, at).await }).unwrap();
    assert_eq!(read!(db, |tx| knowledge_drafts::count(tx, tenant)).unwrap(), 301);
}

async fn the_work_of_entries_is_added_up_without_those_that_are_removed(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, at) = (fixture.company.tenant, db.now());
    let heaviest = async || read!(db, |tx| knowledge_drafts::heaviest(tx, tenant)).unwrap().map(|entry| entry.id);
    assert_eq!((read!(db, |tx| knowledge_drafts::effort(tx, tenant)).unwrap(), heaviest().await), (0, None));
    let new: Vec<NewDraft> = [("a", 5), ("b", 70), ("c", 600)].map(|(id, effort)| NewDraft { entry: entry(id, "x"), effort }).to_vec();
    write!(db, |tx| async move { knowledge_drafts::insert(tx, tenant, &new, None, at).await }).unwrap();
    assert_eq!((read!(db, |tx| knowledge_drafts::effort(tx, tenant)).unwrap(), heaviest().await.as_deref()), (675, Some("c")));
    for (id, effort, removed) in [("a", 90, false), ("c", 600, true)] {
        let found = read!(db, |tx| knowledge_drafts::get(tx, tenant, id)).unwrap();
        let (seen, changed) = (found.updated_at, Draft { effort, removed, ..found });
        write!(db, |tx| async move { knowledge_drafts::update(tx, tenant, &changed, seen, None).await }).unwrap();
    }
    assert_eq!((read!(db, |tx| knowledge_drafts::effort(tx, tenant)).unwrap(), heaviest().await.as_deref()), (160, Some("a")));
}

async fn categories_are_kept_by_key(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    let plans = Category { key: "plans".into(), name: Bilingual { zh: "套餐".into(), en: "Plans".into() }, updated_at: Ts(1) };
    let (new, again) = (plans.clone(), plans.clone());
    write!(db, |tx| async move { knowledge_categories::insert(tx, tenant, &new).await }).unwrap();
    assert!(matches!(write!(db, |tx| async move { knowledge_categories::insert(tx, tenant, &again).await }), Err(Error::Taken)));
    let other = Company::create(&db, "beta").await.tenant;
    for (whose, key, there) in [(tenant, "plans", true), (tenant, "bills", false), (other, "plans", false)] {
        assert_eq!(read!(db, |tx| knowledge_categories::exists(tx, whose, key)).unwrap(), there, "{key}");
    }
    let renamed = Category { name: Bilingual { zh: "资费".into(), en: String::new() }, updated_at: Ts(2), ..plans };
    let (first, second) = (renamed.clone(), renamed.clone());
    write!(db, |tx| async move { knowledge_categories::update(tx, tenant, &first, Ts(1)).await }).unwrap();
    assert!(matches!(write!(db, |tx| async move { knowledge_categories::update(tx, tenant, &second, Ts(1)).await }), Err(Error::Stale)));
    assert_eq!(read!(db, |tx| knowledge_categories::list(tx, tenant)).unwrap(), [renamed]);
    write!(db, |tx| knowledge_categories::delete(tx, tenant, "plans")).unwrap();
    assert!(matches!(write!(db, |tx| knowledge_categories::delete(tx, tenant, "plans")), Err(Error::NotFound)));
}

async fn a_test_set_is_kept_in_its_order(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    let test = |sentence: &str, expected, at| KnowledgeTest {
        id: KnowledgeTestId::new(db.uuid()),
        sentence: sentence.to_owned(),
        lang: Lang::En,
        expected,
        created_at: Ts(at),
        updated_at: Ts(at),
    };
    let (mut one, two) = (test("one", Expected::Entry("k1".into()), 1), test("two", Expected::Human, 2));
    for new in [two.clone(), one.clone()] {
        write!(db, |tx| async move { knowledge_tests::insert(tx, tenant, &new).await }).unwrap();
    }
    let again = two.clone();
    assert!(matches!(write!(db, |tx| async move { knowledge_tests::insert(tx, tenant, &again).await }), Err(Error::Taken)));
    let seen = one.updated_at;
    (one.expected, one.updated_at) = (Expected::NoAnswer, Ts(7));
    let (changed, late) = (one.clone(), KnowledgeTest { expected: Expected::Human, ..one.clone() });
    write!(db, |tx| async move { knowledge_tests::update(tx, tenant, &changed, seen).await }).unwrap();
    assert!(matches!(write!(db, |tx| async move { knowledge_tests::update(tx, tenant, &late, seen).await }), Err(Error::Stale)));
    assert_eq!(read!(db, |tx| knowledge_tests::list(tx, tenant)).unwrap(), [one.clone(), two]);
    assert_eq!(read!(db, |tx| knowledge_tests::get(tx, tenant, one.id)).unwrap(), one);
    let (gone, seen) = (one.clone(), one.updated_at);
    write!(db, |tx| knowledge_tests::delete(tx, tenant, one.id)).unwrap();
    assert!(matches!(write!(db, |tx| async move { knowledge_tests::update(tx, tenant, &gone, seen).await }), Err(Error::Stale)));
    assert!(matches!(write!(db, |tx| knowledge_tests::delete(tx, tenant, one.id)), Err(Error::NotFound)));
    assert!(matches!(read!(db, |tx| knowledge_tests::get(tx, tenant, one.id)), Err(Error::NotFound)));
    assert_eq!(read!(db, |tx| knowledge_tests::count(tx, tenant)).unwrap(), 1);
}

fn run(db: &TestDb, at: i64) -> Run {
    let id = KnowledgeRunId::new(db.uuid());
    Run { id, of: RunOf::Tests, revision: 3, version: 1, state: "running".into(), done: 0, total: 60, result: None, created_at: Ts(at), updated_at: Ts(at) }
}

async fn runs_are_noted_and_the_last_is_found(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    assert_eq!(read!(db, |tx| knowledge_runs::latest(tx, tenant, RunOf::Tests)).unwrap(), None);
    let first = run(&db, 1);
    for at in 1..=25 {
        let new = if at == 1 { first.clone() } else { run(&db, at) };
        write!(db, |tx| async move { knowledge_runs::insert(tx, tenant, &new).await }).unwrap();
    }
    assert!(matches!(read!(db, |tx| knowledge_runs::get(tx, tenant, first.id)), Err(Error::NotFound)));
    let last = read!(db, |tx| knowledge_runs::latest(tx, tenant, RunOf::Tests)).unwrap().unwrap();
    assert_eq!(last.created_at, Ts(25));
    let over = Run { revision: 4, version: 2, total: 61, state: "done".into(), done: 61, result: Some("{}".into()), updated_at: Ts(30), ..last };
    let stored = over.clone();
    write!(db, |tx| async move { knowledge_runs::update(tx, tenant, &stored).await }).unwrap();
    assert_eq!(read!(db, |tx| knowledge_runs::get(tx, tenant, over.id)).unwrap(), over);
    // Each kind of run has a row of its own.
    assert_eq!(read!(db, |tx| knowledge_runs::latest(tx, tenant, RunOf::Suspects)).unwrap(), None);
    let search = Run { of: RunOf::Suspects, ..run(&db, 40) };
    let begun = search.clone();
    write!(db, |tx| async move { knowledge_runs::insert(tx, tenant, &begun).await }).unwrap();
    assert_eq!(read!(db, |tx| knowledge_runs::latest(tx, tenant, RunOf::Suspects)).unwrap(), Some(search));
    assert_eq!(read!(db, |tx| knowledge_runs::latest_done(tx, tenant, RunOf::Suspects)).unwrap(), None);
    assert_eq!(read!(db, |tx| knowledge_runs::latest_done(tx, tenant, RunOf::Tests)).unwrap(), Some(over));
}

fn unanswered_at(conversation: ConversationId, seq: i64, at: Ts, lang: Lang) -> Noted {
    Noted { conversation, seq, at, lang, reason: Reason::Unanswered, about: None }
}

async fn questions_are_noted_once_and_settled(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    let asked = fixture.says(&fixture.conversation(fixture.visitor().await).await, "What is this?").await;
    let head = read!(db, |tx| db::journal::head(tx, tenant, asked.id.uuid())).unwrap();
    let question = unanswered_at(asked.id, head.seq, Ts(50), Lang::En);
    for _ in 0..2 {
        let question = question.clone();
        write!(db, |tx| async move { unanswered::note(tx, tenant, &[question]).await }).unwrap();
    }
    let open = read!(db, |tx| unanswered::open(tx, tenant, Wanted::since(Ts(0)), 10)).unwrap();
    assert_eq!((open.len(), open[0].text.as_str(), &open[0].noted), (1, "What is this?", &question));
    assert_eq!(read!(db, |tx| unanswered::count(tx, tenant, Ts(0))).unwrap(), 1);
    assert_eq!(read!(db, |tx| unanswered::count(tx, tenant, Ts(51))).unwrap(), 0);
    assert_eq!(read!(db, |tx| unanswered::open(tx, tenant, Wanted::since(Ts(51)), 10)).unwrap(), []);
    let which = [(asked.id, head.seq)];
    assert_eq!(write!(db, |tx| async move { unanswered::settle(tx, tenant, &which, Settled::Answered, Some("k1")).await }).unwrap(), 1);
    assert_eq!(write!(db, |tx| async move { unanswered::settle(tx, tenant, &which, Settled::Answered, Some("k1")).await }).unwrap(), 0);
    write!(db, |tx| async move { unanswered::note(tx, tenant, &[question]).await }).unwrap();
    assert_eq!(read!(db, |tx| unanswered::count(tx, tenant, Ts(0))).unwrap(), 0);
    assert_eq!(write!(db, |tx| async move { unanswered::settle(tx, tenant, &which, Settled::Open, None).await }).unwrap(), 1);
    assert_eq!(read!(db, |tx| unanswered::count(tx, tenant, Ts(0))).unwrap(), 1);
}

async fn as_many_questions_as_a_request_may_name_are_settled_at_once(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, asked) = (fixture.company.tenant, fixture.conversation(fixture.visitor().await).await.id);
    let found: Vec<_> = (1..=2_000).map(|seq| unanswered_at(asked, seq, Ts(seq), Lang::Zh)).collect();
    let which: Vec<_> = found.iter().map(|noted| (noted.conversation, noted.seq)).collect();
    for part in found.chunks(100) {
        let part = part.to_vec();
        write!(db, |tx| async move { unanswered::note(tx, tenant, &part).await }).unwrap();
    }
    for (settled, changed) in [(Settled::Dismissed, 2_000), (Settled::Dismissed, 0), (Settled::Open, 2_000)] {
        let which = which.clone();
        let done = write!(db, |tx| async move { unanswered::settle(tx, tenant, &which, settled, None).await });
        assert_eq!(done.unwrap(), changed);
    }
    assert_eq!(write!(db, |tx| async move { unanswered::settle(tx, tenant, &[], Settled::Dismissed, None).await }).unwrap(), 0);
}

async fn another_company_sees_and_changes_nothing_of_the_knowledge(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, other) = (fixture.company.tenant, Company::create(&db, "beta").await.tenant);
    add(&fixture, "k1", "one").await;
    publish(&fixture, "").await.unwrap();
    let asked = fixture.says(&fixture.conversation(fixture.visitor().await).await, "What?").await;
    let seq = read!(db, |tx| db::journal::head(tx, tenant, asked.id.uuid())).unwrap().seq;
    let test = KnowledgeTest {
        id: KnowledgeTestId::new(db.uuid()),
        sentence: "s".into(),
        lang: Lang::En,
        expected: Expected::Human,
        created_at: Ts(1),
        updated_at: Ts(1),
    };
    let (begun, new, id) = (run(&db, 1), test.clone(), test.id);
    let going = begun.clone();
    write!(db, |tx| async move {
        knowledge_tests::insert(tx, tenant, &new).await?;
        knowledge_runs::insert(tx, tenant, &going).await?;
        unanswered::note(tx, tenant, &[unanswered_at(asked.id, seq, Ts(1), Lang::En)]).await
    })
    .unwrap();
    assert!(matches!(read!(db, |tx| knowledge_drafts::get(tx, other, "k1")), Err(Error::NotFound)));
    assert!(read!(db, |tx| knowledge::entries(tx, other)).unwrap().is_empty());
    assert!(read!(db, |tx| knowledge::entries_by_id(tx, other, &["k1".to_owned()])).unwrap().is_empty());
    assert_eq!(read!(db, |tx| knowledge_drafts::list(tx, other)).unwrap(), []);
    assert_eq!(read!(db, |tx| knowledge_drafts::state(tx, other)).unwrap(), State::default());
    assert_eq!(read!(db, |tx| knowledge_versions::list(tx, other)).unwrap(), []);
    assert_eq!(read!(db, |tx| knowledge_versions::entries(tx, other, 1)).unwrap(), []);
    assert!(matches!(write!(db, |tx| knowledge_versions::put_gates(tx, other, 1, "stolen")), Err(Error::NotFound)));
    assert!(matches!(write!(db, |tx| knowledge_versions::put_embedded_gates(tx, other, 1, "stolen", "m")), Err(Error::NotFound)));
    assert_eq!(read!(db, |tx| knowledge_versions::gates(tx, other)).unwrap(), None);
    assert_eq!(read!(db, |tx| knowledge_versions::gates(tx, tenant)).unwrap(), None);
    assert_eq!(read!(db, |tx| knowledge_tests::list(tx, other)).unwrap(), []);
    assert!(matches!(read!(db, |tx| knowledge_runs::get(tx, other, begun.id)), Err(Error::NotFound)));
    assert_eq!(read!(db, |tx| unanswered::open(tx, other, Wanted::since(Ts(0)), 10)).unwrap(), []);
    let found = read!(db, |tx| knowledge_drafts::get(tx, tenant, "k1")).unwrap();
    let (seen, stolen, back) = (found.updated_at, Draft { entry: entry("k1", "stolen"), ..found }, NewVersion::default());
    assert!(matches!(write!(db, |tx| async move { knowledge_drafts::update(tx, other, &stolen, seen, None).await }), Err(Error::Stale)));
    assert!(matches!(write!(db, |tx| async move { knowledge_versions::restore(tx, other, 1, &back).await }), Err(Error::NotFound)));
    assert!(matches!(write!(db, |tx| knowledge_tests::delete(tx, other, id)), Err(Error::NotFound)));
    assert!(matches!(write!(db, |tx| async move { knowledge_tests::update(tx, other, &test, Ts(1)).await }), Err(Error::Stale)));
    let over = Run { state: "failed".into(), ..begun };
    assert!(matches!(write!(db, |tx| async move { knowledge_runs::update(tx, other, &over).await }), Err(Error::NotFound)));
    assert_eq!(write!(db, |tx| async move { unanswered::settle(tx, other, &[(asked.id, seq)], Settled::Dismissed, None).await }).unwrap(), 0);
    assert_eq!(live(&fixture).await, ["one"]);
}
