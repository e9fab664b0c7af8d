//! What the hot lane stores, refuses and remembers.

use std::sync::{Arc, Mutex};

use db::{
    Append, Shard, Tx, feed,
    journal::{self, Guard, RefusedSend},
    q,
    writer::{BoxFuture, Cold, Outcome, Verdict},
};
use domain::{
    entry::EntryKind,
    id::TenantId,
    journal::{Actor, Appended, Side, View, Words, Written},
    refusal::{Code, Refusal},
    stream::{StreamKind, StreamName},
};
use testkit::{TestDb, database, eventually, on_every_engine};
use uuid::Uuid;

on_every_engine!(
    entries_are_numbered_without_gaps_and_a_repeat_gets_the_first_number,
    a_refused_entry_and_all_behind_it_go_through_their_closures_in_order,
    one_entry_the_engine_refuses_does_not_fail_the_others,
    a_send_that_was_refused_is_not_accepted_by_the_hot_lane_later,
    refusals_are_bounded_and_forgotten_after_thirty_days,
    the_feed_brings_every_entry_once_in_commit_order,
    text_is_kept_byte_for_byte,
    a_page_gives_every_field_as_it_was_stored,
);

pub const TENANT: TenantId = TenantId::new(Uuid::from_u128(1));
/// The stream under whose lock the sender of the entries begins new streams.
const VISITOR: StreamName = StreamName { kind: StreamKind::Visitor, id: Uuid::from_u128(7) };

pub fn entry(stream: u128, client_id: u128, body: &str) -> Written {
    Written {
        stream: StreamName { kind: StreamKind::Conversation, id: Uuid::from_u128(stream) },
        tenant: TENANT,
        kind: EntryKind::Message,
        v: 1,
        actor: Actor::customer(Uuid::from_u128(7)),
        client_id: (client_id != 0).then(|| Uuid::from_u128(client_id)),
        send_hash: body.len() as i64,
        side: Some(Side::Customer),
        is_answer: false,
        body: Words::Plain(body.to_owned()),
        staff: None,
        facts: "{}".into(),
    }
}

pub async fn begin(db: &TestDb, stream: u128, version: i64) {
    let first = entry(stream, 0, "first");
    db.writer()
        .write::<_, db::Error, _>(Shard::Any, move |tx| Box::pin(async move { journal::append(tx, vec![(first, Guard::Becomes(version))]).await.map(drop) }))
        .await
        .unwrap();
}

/// A full path that stores the entry whatever the version is.
pub struct Store(pub Written);

impl Cold for Store {
    fn run<'a>(&'a self, tx: &'a mut Tx) -> BoxFuture<'a, db::Result<Verdict>> {
        Box::pin(async move {
            let head = journal::head(tx, TENANT, self.0.stream.id).await?;
            let stored = journal::append(tx, vec![(self.0.clone(), Guard::Becomes(head.version))]).await?;
            Ok(match stored[0] {
                journal::Stored::New(a) | journal::Stored::Known(a) => Verdict::Keep(Ok(a)),
                _ => Verdict::Undo(Refusal::new(Code::Unacceptable)),
            })
        })
    }
}

/// The send of an entry, in the form in which refusals identify it.
pub fn send_of(entry: &Written) -> RefusedSend {
    RefusedSend {
        tenant: TENANT,
        stream: entry.stream.id,
        client_id: entry.client_id.unwrap(),
        sender: entry.actor.id.unwrap(),
        send_hash: entry.send_hash,
        begins_under: None,
    }
}

/// A full path that refuses, and only repeats that refusal once it has refused.
pub struct Refuse(pub Written, pub Code);

impl Cold for Refuse {
    fn run<'a>(&'a self, tx: &'a mut Tx) -> BoxFuture<'a, db::Result<Verdict>> {
        Box::pin(async move {
            let send = send_of(&self.0);
            let refusal = journal::refusal_of(tx, &send).await?.unwrap_or(Refusal::new(self.1));
            Ok(Verdict::Refuse(refusal, send))
        })
    }
}

/// A full path that must not be taken.
pub struct Never;

impl Cold for Never {
    fn run<'a>(&'a self, _: &'a mut Tx) -> BoxFuture<'a, db::Result<Verdict>> {
        Box::pin(async { Ok(Verdict::Undo(Refusal::new(Code::AlreadyTaken))) })
    }
}

type Answers = Arc<Mutex<Vec<Option<db::Result<Outcome>>>>>;

/// Appends all entries at once and waits for every answer, in the order of the entries.
pub async fn append_all(db: &TestDb, appends: Vec<(Written, i64, Box<dyn Cold>)>) -> Vec<Result<Appended, String>> {
    let n = appends.len();
    let answers: Answers = Arc::new(Mutex::new((0..n).map(|_| None).collect()));
    for (i, (entry, version, otherwise)) in appends.into_iter().enumerate() {
        let told = answers.clone();
        let conversation = entry.stream.id;
        db.writer().append(Append {
            conversation,
            hot: Some((entry, version)),
            otherwise,
            fence: None,
            reply: Box::new(move |a| told.lock().unwrap()[i] = Some(a)),
        });
    }
    eventually("all answers", || async { answers.lock().unwrap().iter().all(Option::is_some).then_some(()) }).await;
    let all = std::mem::take(&mut *answers.lock().unwrap());
    all.into_iter()
        .map(|a| match a.unwrap() {
            Ok(Ok(appended)) => Ok(appended),
            Ok(Err(refusal)) => Err(refusal.code.as_str().to_owned()),
            Err(error) => Err(error.to_string()),
        })
        .collect()
}

pub async fn bodies(db: &TestDb, stream: u128) -> Vec<(i64, String)> {
    let mut tx = db.read().await.unwrap();
    let name = StreamName { kind: StreamKind::Conversation, id: Uuid::from_u128(stream) };
    let page = journal::page(&mut tx, TENANT, name, View::Staff, 0, 1000).await.unwrap();
    page.into_iter()
        .map(|e| match e.entry.body {
            Words::Plain(text) => (e.seq, text),
            other => (e.seq, format!("{other:?}")),
        })
        .collect()
}

async fn entries_are_numbered_without_gaps_and_a_repeat_gets_the_first_number(db: Arc<TestDb>) {
    begin(&db, 10, 4).await;
    let hot = |client_id, body: &str| (entry(10, client_id, body), 4, Box::new(Never) as Box<dyn Cold>);
    let answers = append_all(&db, vec![hot(1, "a"), hot(2, "bb"), hot(1, "a"), hot(3, "ccc"), hot(2, "other words")]).await;
    let seqs: Vec<Option<i64>> = answers.iter().map(|a| a.as_ref().ok().map(|a| a.seq)).collect();
    assert_eq!(seqs, [Some(2), Some(3), Some(2), Some(4), None]);
    assert_eq!(answers[4], Err("client_id_reused".into()));
    // The same again in a later commit.
    let later = append_all(&db, vec![hot(3, "ccc"), hot(4, "dddd")]).await;
    assert_eq!(later.iter().map(|a| a.as_ref().unwrap().seq).collect::<Vec<_>>(), [4, 5]);
    let stored: Vec<String> = bodies(&db, 10).await.into_iter().map(|(_, text)| text).collect();
    assert_eq!(stored, ["first", "a", "bb", "ccc", "dddd"]);
}

async fn a_refused_entry_and_all_behind_it_go_through_their_closures_in_order(db: Arc<TestDb>) {
    begin(&db, 20, 4).await;
    let hot = |client_id, body: &str, version| {
        let entry = entry(20, client_id, body);
        (entry.clone(), version, Box::new(Store(entry)) as Box<dyn Cold>)
    };
    // The second was decided on an older version; the third, decided on the right one, must not overtake it.
    let answers = append_all(&db, vec![hot(1, "1", 4), hot(2, "2", 3), hot(3, "3", 4), hot(4, "4", 4)]).await;
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    let order: Vec<String> = bodies(&db, 20).await.into_iter().map(|(_, text)| text).collect();
    assert_eq!(order, ["first", "1", "2", "3", "4"]);
}

async fn a_send_that_was_refused_is_not_accepted_by_the_hot_lane_later(db: Arc<TestDb>) {
    begin(&db, 30, 4).await;
    let sends = |client_id, body: &str, version, why| {
        let entry = entry(30, client_id, body);
        (entry.clone(), version, Box::new(Refuse(entry, why)) as Box<dyn Cold>)
    };
    let stores = |client_id, body: &str| {
        let entry = entry(30, client_id, body);
        (entry.clone(), 4, Box::new(Store(entry)) as Box<dyn Cold>)
    };
    assert_eq!(append_all(&db, vec![sends(1, "a", 3, Code::NotYours)]).await, [Err("not_yours".into())]);
    // The state now is one in which it would be accepted: a newer send is accepted, a copy of the old one is not, nor is a different send under its id.
    let answers = append_all(&db, vec![stores(2, "bb"), sends(1, "a", 4, Code::AlreadyTaken), stores(3, "cc"), sends(1, "other", 4, Code::AlreadyTaken)]).await;
    assert_eq!((&answers[1], &answers[3]), (&Err("not_yours".into()), &Err("client_id_reused".into())));
    let stored: Vec<String> = bodies(&db, 30).await.into_iter().map(|(_, text)| text).collect();
    assert_eq!(stored, ["first", "bb", "cc"]);
}

async fn refusals_are_bounded_and_forgotten_after_thirty_days(db: Arc<TestDb>) {
    begin(&db, 40, 4).await;
    begin(&db, 41, 4).await;
    let remember = async |stream: u128, client_id: u128, makes_streams: bool| {
        let send = RefusedSend { begins_under: makes_streams.then_some(VISITOR), ..send_of(&entry(stream, client_id, "a")) };
        db.writer()
            .write::<_, db::Error, _>(Shard::Any, move |tx| Box::pin(async move { journal::remember(tx, &send, &Refusal::new(Code::NotYours)).await }))
            .await
            .unwrap()
    };
    for n in 1..=journal::MOST_REFUSALS.unsigned_abs() {
        assert!(remember(40, n.into(), false).await);
    }
    assert!(!remember(40, 9_999, false).await, "what does not fit is not final");
    assert!(remember(40, 1, false).await, "what is remembered stays final");
    assert!(remember(41, 9_999, false).await, "another conversation has room of its own");
    assert!(!remember(42, 9_998, true).await, "but not for who makes conversations up");
    assert!(remember(43, 9_997, false).await, "where there is no stream nothing is kept");
    let forget = async || db.writer().write::<_, db::Error, _>(Shard::Any, |tx| Box::pin(journal::forget_refusals(tx, 150))).await.unwrap();
    assert_eq!(forget().await, 0);
    db.clock.advance(journal::REFUSALS_KEPT_MS + 1);
    assert_eq!([forget().await, forget().await, forget().await], [150, 51, 0]);
}

/// A full path that refuses a send which would begin a stream.
struct RefuseToBegin(Written);

impl Cold for RefuseToBegin {
    fn run<'a>(&'a self, _: &'a mut Tx) -> BoxFuture<'a, db::Result<Verdict>> {
        let send = RefusedSend { begins_under: Some(VISITOR), ..send_of(&self.0) };
        Box::pin(async move { Ok(Verdict::Refuse(Refusal::new(Code::NotYours), send)) })
    }
}

#[tokio::test]
async fn a_first_send_that_another_node_is_storing_is_not_refused_beside_it() {
    database::on_postgres(|db: Arc<TestDb>| async move {
        let first = entry(50, 1, "a");
        // The other node has begun the stream, under the visitor's lock as required, and has not committed.
        let other = db.another_node().await;
        let mut storing = other.maintain().await.unwrap().expect("a transaction");
        journal::lock(&mut storing, &[(TENANT.uuid(), VISITOR.id, VISITOR.kind)]).await.unwrap();
        journal::append(&mut storing, vec![(first.clone(), Guard::Becomes(1))]).await.unwrap();
        let answer: Arc<Mutex<Option<db::Result<Outcome>>>> = Arc::default();
        let told = answer.clone();
        db.writer().append(Append {
            conversation: first.stream.id,
            hot: None,
            otherwise: Box::new(RefuseToBegin(first.clone())),
            fence: None,
            reply: Box::new(move |outcome| *told.lock().unwrap() = Some(outcome)),
        });
        let waiting = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        let looking = sqlx::PgPool::connect(db.url().expect("a URL")).await.unwrap();
        eventually("the refusal waits, or was told", async || {
            let (waiting,): (i64,) = sqlx::query_as(waiting).fetch_one(&looking).await.unwrap();
            (waiting > 0 || answer.lock().unwrap().is_some()).then_some(())
        })
        .await;
        assert!(answer.lock().unwrap().is_none(), "it was refused while it was stored");
        storing.commit().await.unwrap();
        let told = eventually("an answer", async || answer.lock().unwrap().take()).await;
        assert!(matches!(told, Err(db::Error::Busy)), "{told:?}");
        let refused = journal::refusal_of(&mut db.read().await.unwrap(), &send_of(&first)).await.unwrap();
        assert!(refused.is_none() && bodies(&db, 50).await.len() == 1);
        looking.close().await;
        other.close().await;
    })
    .await;
}

async fn one_entry_the_engine_refuses_does_not_fail_the_others(db: Arc<TestDb>) {
    begin(&db, 30, 1).await;
    let sqlite = "CREATE TRIGGER refuse BEFORE INSERT ON journal_entries WHEN NEW.body = 'bad' BEGIN SELECT RAISE(ABORT, 'refused'); END";
    let postgres = "ALTER TABLE journal_entries ADD CONSTRAINT refuse CHECK (body <> 'bad')";
    let sql = if db.engine() == "sqlite" { sqlite } else { postgres };
    db.writer()
        .write::<_, db::Error, _>(Shard::Any, move |tx| Box::pin(async move { Ok(q!(tx, |c| sqlx::query(sql).execute(c).await.map(drop))?) }))
        .await
        .unwrap();
    let hot = |client_id, body: &str| (entry(30, client_id, body), 1, Box::new(Never) as Box<dyn Cold>);
    let answers = append_all(&db, vec![hot(1, "good"), hot(2, "bad"), hot(3, "fine")]).await;
    assert_eq!(answers[1], Err("unacceptable".into()));
    assert_eq!(bodies(&db, 30).await, [(1, "first".into()), (2, "good".into()), (3, "fine".into())]);
}

async fn the_feed_brings_every_entry_once_in_commit_order(db: Arc<TestDb>) {
    for stream in [40, 41, 42] {
        begin(&db, stream, 1).await;
    }
    let hot = |stream, client_id| (entry(stream, client_id, "x"), 1, Box::new(Never) as Box<dyn Cold>);
    append_all(&db, (1..=90).map(|n| hot(40 + n % 3, n)).collect()).await;
    // On PostgreSQL the feed waits for transactions of other tests in the same cluster: it is read until everything has arrived.
    let (mut cursor, mut seen) = (feed::Cursor::default(), Vec::new());
    testkit::in_time("the whole feed", async {
        while seen.len() < 93 {
            let mut tx = db.read().await.unwrap();
            let page = feed::after(&mut tx, cursor, 7).await.unwrap();
            if let Some(last) = page.last() {
                cursor = feed::Cursor { xid: last.xid, pos: last.pos };
            }
            seen.extend(page.into_iter().map(|f| (f.stream_id, f.seq)));
        }
    })
    .await;
    for stream in [40, 41, 42_u128] {
        let seqs: Vec<i64> = seen.iter().filter(|(id, _)| *id == Uuid::from_u128(stream)).map(|(_, seq)| *seq).collect();
        assert!(seqs.iter().copied().eq(1..=31), "{seqs:?}");
    }
}

async fn text_is_kept_byte_for_byte(db: Arc<TestDb>) {
    begin(&db, 50, 1).await;
    let texts =
        ["\u{1F600}\u{200d}\u{2764}", "a\r\n\tb\u{7f}", "'; DROP TABLE x; --", "\u{feff}\u{e000}\u{10ffff}", "ﬁ e\u{301} é", "\"\\\u{1}\u{2028}\\u0041"];
    let appends = texts.iter().enumerate().map(|(i, text)| (entry(50, i as u128 + 1, text), 1, Box::new(Never) as Box<dyn Cold>)).collect();
    append_all(&db, appends).await;
    let stored: Vec<String> = bodies(&db, 50).await.into_iter().skip(1).map(|(_, text)| text).collect();
    assert_eq!(stored, texts);
}

async fn a_page_gives_every_field_as_it_was_stored(db: Arc<TestDb>) {
    let nobody = Written { kind: EntryKind::Routing, actor: Actor::system(), client_id: None, send_hash: i64::MIN, side: None, ..entry(60, 0, "") };
    let sealed = Words::Sealed { key: Uuid::from_u128(9), data: "\"x\\y\"".into() };
    let said =
        Written { send_hash: i64::MAX, body: sealed, staff: Some("\"staff\"".into()), facts: r#"{"a":"\u0001 \\ ’"}"#.into(), ..entry(60, 0xABCD, "") };
    let all = [nobody, said];
    let entries = all.clone().map(|entry| (entry, Guard::Any)).to_vec();
    db.writer().write::<_, db::Error, _>(Shard::Any, move |tx| Box::pin(async move { journal::append(tx, entries).await.map(drop) })).await.unwrap();
    let mut tx = db.read().await.unwrap();
    let page = journal::page(&mut tx, TENANT, all[0].stream, View::Staff, 0, 10).await.unwrap();
    let stored: Vec<&Written> = page.iter().map(|stored| &stored.entry).collect();
    assert_eq!(format!("{stored:?}"), format!("{all:?}"));
    assert_eq!(page.iter().map(|stored| (stored.seq, stored.kind.as_str())).collect::<Vec<_>>(), [(1, "routing"), (2, "message")]);
    let customers = journal::page(&mut tx, TENANT, all[0].stream, View::Customer, 0, 10).await.unwrap();
    assert_eq!(format!("{customers:?}"), format!("{:?}", &page[1..]), "what customers see is numbered on its own");
    assert_eq!(journal::page(&mut tx, TENANT, all[0].stream, View::Customer, 1, 10).await.unwrap().len(), 0);
}
