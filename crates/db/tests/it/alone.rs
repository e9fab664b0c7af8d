//! A single append is committed in one statement, if nothing is in its way; whatever is, it is stored, repeated or refused as if it had been one of many.

use std::sync::{Arc, Mutex};

use db::{
    Append, Db, Shard,
    journal::{self, Guard},
    q,
    writer::{Cold, Outcome},
};
use domain::{
    effect::Effect,
    journal::{Appended, Written},
    refusal::{Code, Refusal},
};
use testkit::{TestDb, database::on_postgres, eventually, in_time, on_every_engine};
use uuid::Uuid;

use crate::appending::{Never, Refuse, Store, TENANT, append_all, begin, bodies, entry, send_of};

on_every_engine!(
    a_lone_append_is_one_statement_and_its_numbers_go_on_from_the_others,
    a_repeat_on_its_own_gets_the_first_number,
    what_has_no_id_is_stored_each_time,
    a_lone_send_that_was_refused_stays_refused,
    a_lone_append_that_was_decided_on_another_version_goes_through_its_closure,
    what_was_rolled_back_is_not_built_upon,
    a_lone_entry_the_engine_refuses_leaves_nothing_behind,
);

/// Appends one entry, decided on version 4, with nothing else in its commit.
async fn send(db: &TestDb, stream: u128, client_id: u128, body: &str) -> Result<Appended, String> {
    append_all(db, vec![(entry(stream, client_id, body), 4, Box::new(Never))]).await.remove(0)
}

/// The same through its closure, or as `otherwise` says.
async fn send_or(db: &TestDb, entry: Written, version: i64, otherwise: impl Cold + 'static) -> Result<Appended, String> {
    append_all(db, vec![(entry, version, Box::new(otherwise))]).await.remove(0)
}

/// Adds an entry in a closure that sets the version.
async fn decide(db: &Db, new: Written, version: i64, keep: bool) {
    let done = db
        .writer()
        .write(Shard::Of(new.stream.id), move |tx| {
            Box::pin(async move {
                journal::append(tx, vec![(new, Guard::Becomes(version))]).await?;
                if keep { Ok(()) } else { Err(db::Error::Corrupt("planted".into())) }
            })
        })
        .await;
    assert_eq!(done.is_ok(), keep, "{done:?}");
}

/// The number of statements that something takes.
async fn statements<T>(db: &Db, work: impl Future<Output = T>) -> (u64, T) {
    let before = db.statements();
    let done = work.await;
    (db.statements() - before, done)
}

async fn a_lone_append_is_one_statement_and_its_numbers_go_on_from_the_others(db: Arc<TestDb>) {
    begin(&db, 1, 4).await;
    db.effects();
    // The head may have been saved by another connection: then it is read first.
    assert_eq!(send(&db, 1, 1, "a").await.unwrap().seq, 2);
    let (number, sent) = statements(&db, send(&db, 1, 2, "b")).await;
    assert_eq!((number, sent.unwrap().seq), (1, 3));
    let hot = |client_id, body: &str| (entry(1, client_id, body), 4, Box::new(Never) as Box<dyn Cold>);
    let both = append_all(&db, vec![hot(3, "c"), hot(4, "d"), hot(5, "e")]).await;
    assert_eq!(both.iter().map(|sent| sent.as_ref().unwrap().seq).collect::<Vec<_>>(), [4, 5, 6]);
    decide(&db, entry(1, 0, "f"), 4, true).await;
    let (number, sent) = statements(&db, send(&db, 1, 6, "g")).await;
    assert_eq!((number, sent.unwrap().seq), (1, 8));
    let stored = bodies(&db, 1).await;
    assert_eq!(stored, ["first", "a", "b", "c", "d", "e", "f", "g"].into_iter().zip(1..).map(|(text, seq)| (seq, text.to_owned())).collect::<Vec<_>>());
    let told: Vec<i64> = db.effects().iter().filter_map(|effect| if let Effect::Entry(stored) = effect { Some(stored.seq) } else { None }).collect();
    assert_eq!(told, [2, 3, 4, 5, 6, 7, 8]);
    let head = journal::head(&mut db.read().await.unwrap(), TENANT, Uuid::from_u128(1)).await.unwrap();
    assert_eq!((head.seq, head.pseq, head.from_customer, head.version), (8, 8, 8, 4));
}

async fn a_repeat_on_its_own_gets_the_first_number(db: Arc<TestDb>) {
    begin(&db, 2, 4).await;
    let first = send(&db, 2, 1, "a").await.unwrap();
    assert_eq!(send(&db, 2, 2, "b").await.unwrap().seq, 3);
    assert_eq!(send(&db, 2, 1, "a").await.unwrap(), first);
    assert_eq!(send(&db, 2, 1, "other words").await, Err("client_id_reused".into()));
    assert_eq!(send(&db, 2, 3, "c").await.unwrap().seq, 4);
}

async fn what_has_no_id_is_stored_each_time(db: Arc<TestDb>) {
    begin(&db, 3, 4).await;
    for seq in 2..5 {
        assert_eq!(send(&db, 3, 0, "a").await.unwrap().seq, seq);
    }
}

async fn a_lone_send_that_was_refused_stays_refused(db: Arc<TestDb>) {
    begin(&db, 4, 4).await;
    assert_eq!(send(&db, 4, 1, "a").await.unwrap().seq, 2);
    let refused = entry(4, 2, "b");
    assert_eq!(send_or(&db, refused.clone(), 3, Refuse(refused.clone(), Code::NotYours)).await, Err("not_yours".into()));
    assert_eq!(send_or(&db, refused.clone(), 4, Refuse(refused, Code::AlreadyTaken)).await, Err("not_yours".into()));
    assert_eq!(send(&db, 4, 3, "c").await.unwrap().seq, 3);
}

async fn a_lone_append_that_was_decided_on_another_version_goes_through_its_closure(db: Arc<TestDb>) {
    begin(&db, 5, 4).await;
    assert_eq!(send(&db, 5, 1, "a").await.unwrap().seq, 2);
    decide(&db, entry(5, 0, "b"), 5, true).await;
    assert_eq!(send(&db, 5, 2, "c").await, Err("already_taken".into()), "the closure was asked");
    let late = entry(5, 3, "d");
    assert_eq!(send_or(&db, late.clone(), 4, Store(late)).await.unwrap().seq, 4);
    assert_eq!(send_or(&db, entry(5, 4, "e"), 5, Never).await.unwrap().seq, 5);
}

async fn what_was_rolled_back_is_not_built_upon(db: Arc<TestDb>) {
    begin(&db, 6, 4).await;
    assert_eq!(send(&db, 6, 1, "a").await.unwrap().seq, 2);
    decide(&db, entry(6, 0, "undone"), 4, false).await;
    assert_eq!(send(&db, 6, 2, "b").await.unwrap().seq, 3);
    assert_eq!(bodies(&db, 6).await.len(), 3);
}

async fn a_lone_entry_the_engine_refuses_leaves_nothing_behind(db: Arc<TestDb>) {
    begin(&db, 7, 4).await;
    let sqlite = "CREATE TRIGGER refuse BEFORE INSERT ON journal_entries WHEN NEW.body = 'bad' BEGIN SELECT RAISE(ABORT, 'refused'); END";
    let postgres = "ALTER TABLE journal_entries ADD CONSTRAINT refuse CHECK (body <> 'bad')";
    let sql = if db.engine() == "sqlite" { sqlite } else { postgres };
    db.writer()
        .write::<_, db::Error, _>(Shard::Any, move |tx| Box::pin(async move { Ok(q!(tx, |c| sqlx::query(sql).execute(c).await.map(drop))?) }))
        .await
        .unwrap();
    assert_eq!(send(&db, 7, 1, "good").await.unwrap().seq, 2);
    assert_eq!(send(&db, 7, 2, "bad").await, Err("unacceptable".into()));
    assert_eq!(send(&db, 7, 3, "fine").await.unwrap().seq, 3);
    assert_eq!(bodies(&db, 7).await, [(1, "first".into()), (2, "good".into()), (3, "fine".into())]);
}

#[tokio::test]
async fn another_node_may_write_in_between() {
    on_postgres(|db: Arc<TestDb>| async move {
        begin(&db, 8, 4).await;
        assert_eq!(send(&db, 8, 1, "a").await.unwrap().seq, 2);
        let other = db.another_node().await;
        decide(&other, entry(8, 2, "b"), 4, true).await;
        let (number, sent) = statements(&db, send(&db, 8, 3, "c")).await;
        assert_eq!((number, sent.unwrap().seq), (3, 4), "it is tried, the head is read, and it is tried again");
        assert_eq!(send(&db, 8, 2, "b").await.unwrap().seq, 3, "what the other node stored is known");
        decide(&other, entry(8, 0, "d"), 5, true).await;
        assert_eq!(send(&db, 8, 4, "e").await, Err("already_taken".into()));
        other.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_append_one_by_one_leave_no_gap() {
    on_postgres(|db: Arc<TestDb>| async move {
        const EACH: usize = 60;
        begin(&db, 9, 4).await;
        let others = [db.another_node().await, db.another_node().await];
        let senders = [(**db).clone(), others[0].clone(), others[1].clone()].into_iter().enumerate().map(|(sender, node)| async move {
            let mut numbers = Vec::new();
            for n in 0..EACH {
                let entry = entry(9, (sender * EACH + n + 1) as u128, "x");
                let (told, answer) = tokio::sync::oneshot::channel();
                let otherwise = Box::new(Store(entry.clone()));
                let reply = Box::new(move |outcome| drop(told.send(outcome)));
                node.writer().append(Append { conversation: entry.stream.id, hot: Some((entry, 4)), otherwise, fence: None, reply });
                numbers.push(answer.await.unwrap().unwrap().unwrap().seq);
            }
            numbers
        });
        let mut numbers = in_time("every append", futures_util::future::join_all(senders)).await.concat();
        numbers.sort_unstable();
        assert!(numbers.iter().copied().eq(2..=1 + 3 * EACH as i64), "{numbers:?}");
        assert!(bodies(&db, 9).await.into_iter().map(|(seq, _)| seq).eq(1..=1 + 3 * EACH as i64));
        for node in others {
            node.close().await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_send_that_another_node_is_refusing_is_not_stored_beside_it() {
    on_postgres(|db: Arc<TestDb>| async move {
        begin(&db, 10, 4).await;
        assert_eq!(send(&db, 10, 1, "a").await.unwrap().seq, 2);
        let refused = entry(10, 2, "b");
        let other = db.another_node().await;
        let mut refusing = other.maintain().await.unwrap().expect("a transaction");
        assert!(journal::remember(&mut refusing, &send_of(&refused), &Refusal::new(Code::NotYours)).await.unwrap());
        let answer: Arc<Mutex<Option<db::Result<Outcome>>>> = Arc::default();
        let told = answer.clone();
        db.writer().append(Append {
            conversation: refused.stream.id,
            hot: Some((refused.clone(), 4)),
            otherwise: Box::new(Refuse(refused, Code::AlreadyTaken)),
            fence: None,
            reply: Box::new(move |outcome| *told.lock().unwrap() = Some(outcome)),
        });
        let waiting = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        let looking = sqlx::PgPool::connect(db.url().expect("a URL")).await.unwrap();
        eventually("the append waits, or was answered", async || {
            let (waiting,): (i64,) = sqlx::query_as(waiting).fetch_one(&looking).await.unwrap();
            (waiting > 0 || answer.lock().unwrap().is_some()).then_some(())
        })
        .await;
        refusing.commit().await.unwrap();
        let told = eventually("an answer", async || answer.lock().unwrap().take()).await;
        assert!(matches!(told, Ok(Err(Refusal { code: Code::NotYours, .. }))), "{told:?}");
        assert_eq!(bodies(&db, 10).await.len(), 2);
        looking.close().await;
        other.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_lone_append_is_repeated_on_a_new_connection_if_its_own_was_lost() {
    on_postgres(|db: Arc<TestDb>| async move {
        begin(&db, 11, 4).await;
        assert_eq!(send(&db, 11, 1, "a").await.unwrap().seq, 2);
        let looking = sqlx::PgPool::connect(db.url().expect("a URL")).await.unwrap();
        let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
        let ended = || async { sqlx::query(end).fetch_all(&looking).await.unwrap() };
        ended().await;
        assert_eq!(send(&db, 11, 2, "b").await.unwrap().seq, 3);
        ended().await;
        assert!(send(&db, 11, 0, "c").await.is_err(), "without an id it could be stored twice");
        assert_eq!(send(&db, 11, 3, "d").await.unwrap().seq, 4);
        looking.close().await;
    })
    .await;
}
