//! SQLite's log: however long people talk without a pause, it does not grow for ever.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering::Relaxed},
};

use db::{
    Shard,
    journal::{self, Guard},
};
use testkit::TestDb;

use crate::appending::entry;

/// The size of the text of one write, in bytes, and how many writers run at once, so that a write is always in progress.
const WORDS: usize = 100_000;
const WRITERS: u128 = 4;
/// How much shorter a restarted log is than before, at least, in bytes: more than the writes in progress while the length is read.
const SHORTER: u64 = 4 << 20;
/// A log that was not restarted by the time this much was written never will be, in bytes.
const GIVEN_UP_AT: u64 = 2 << 30;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_is_begun_anew_under_traffic_that_never_pauses() {
    let db = Arc::new(TestDb::sqlite().await);
    let (written, longest) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let writers = (1..=WRITERS).map(|stream| {
        let (db, written, longest) = (db.clone(), written.clone(), longest.clone());
        tokio::spawn(async move {
            // A file that became shorter was restarted; one that only grows never was.
            loop {
                let now = db.log_bytes();
                if now + SHORTER < longest.fetch_max(now, Relaxed) {
                    break;
                }
                let new = entry(stream, 0, &format!(r#"{{"text":"{}"}}"#, "x".repeat(WORDS)));
                let write = db
                    .writer()
                    .write::<_, db::Error, _>(Shard::Any, move |tx| Box::pin(async move { journal::append(tx, vec![(new, Guard::Any)]).await.map(drop) }));
                write.await.unwrap();
                let all = written.fetch_add(WORDS as u64, Relaxed);
                assert!(all < GIVEN_UP_AT, "{all} bytes were written, and the log has {}", db.log_bytes());
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        testkit::in_time("a log that is begun anew", writer).await.unwrap();
    }
    for stream in 1..=WRITERS {
        let mut tx = db.read().await.unwrap();
        let head = journal::head(&mut tx, domain::id::TenantId::new(uuid::Uuid::from_u128(1)), uuid::Uuid::from_u128(stream)).await.unwrap();
        assert!(head.seq > 0, "stream {stream} has nothing");
    }
}

#[tokio::test]
async fn a_database_that_is_closed_is_one_file() {
    // Repeated, because which connection ends last is a matter of luck.
    for stream in 1..=20 {
        let db = TestDb::sqlite().await;
        let new = entry(stream, 0, "{}");
        db.writer()
            .write::<_, db::Error, _>(Shard::Any, move |tx| Box::pin(async move { journal::append(tx, vec![(new, Guard::Any)]).await.map(drop) }))
            .await
            .unwrap();
        assert!(db.path().with_extension("db-wal").exists());
        db.close().await;
        let names: Vec<_> = std::fs::read_dir(db.path().parent().unwrap()).unwrap().map(|file| file.unwrap().file_name()).collect();
        assert_eq!(names, ["yingda.db"]);
    }
}
