//! Several nodes on one PostgreSQL: nothing is skipped, nothing is lost, nobody waits for ever.

use std::sync::Arc;

use db::{
    Db, Shard, Tx,
    feed::{self, Cursor},
    journal::{self, Guard},
    q,
};
use domain::{id::TenantId, stream::StreamKind};
use testkit::{TestDb, database::on_postgres, in_time};
use uuid::Uuid;

use crate::appending::entry;

const TENANT: TenantId = TenantId::new(Uuid::from_u128(1));
const NODES: usize = 3;

/// Runs a statement on a connection outside the writers: a transaction that somebody else holds open.
async fn execute(tx: &mut Tx, sql: &'static str) {
    q!(tx, |c| sqlx::query(sql).execute(c).await.map(drop)).unwrap();
}

async fn append(db: &Db, stream: u128, body: &str) {
    let new = entry(stream, 0, body);
    db.writer()
        .write::<_, db::Error, _>(Shard::Of(Uuid::from_u128(stream)), move |tx| {
            Box::pin(async move { journal::append(tx, vec![(new, Guard::Any)]).await.map(drop) })
        })
        .await
        .unwrap();
}

/// What the feed returns after a cursor: streams and their numbers, in the order of the feed.
async fn fed(db: &Db, after: Cursor) -> Vec<(u128, i64)> {
    let mut tx = db.read().await.unwrap();
    feed::after(&mut tx, after, 10_000).await.unwrap().iter().map(|fact| (fact.stream_id.as_u128(), fact.seq)).collect()
}

/// Waits until the feed returns exactly this. The horizon is that of the whole server: transactions of other tests hold it back too.
async fn feeds(db: &Db, after: Cursor, expected: &[(u128, i64)]) {
    testkit::eventually(&format!("the feed brings {expected:?}"), || async { (fed(db, after).await == expected).then_some(()) }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_feed_waits_for_a_late_commit_and_chat_does_not() {
    on_postgres(|db| async move {
        append(&db, 1, "before").await;
        let mut late = db.read().await.unwrap();
        execute(&mut late, "BEGIN").await;
        journal::append(&mut late, vec![(entry(2, 0, "late"), Guard::Any)]).await.unwrap();
        in_time("a commit beside it", append(&db, 3, "after")).await;
        let mut tx = db.read().await.unwrap();
        assert_eq!(journal::head(&mut tx, TENANT, Uuid::from_u128(3)).await.unwrap().seq, 1, "who reads the conversation has it");
        feeds(&db, Cursor::default(), &[(1, 1)]).await;
        db.clock.advance(1_500);
        let mut tx = db.read().await.unwrap();
        assert_eq!(feed::horizon_lag_ms(&mut tx).await.unwrap(), Some(1_500));
        execute(&mut late, "COMMIT").await;
        feeds(&db, Cursor::default(), &[(1, 1), (2, 1), (3, 1)]).await;
        assert_eq!(feed::horizon_lag_ms(&mut tx).await.unwrap(), None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_of_somebody_else_holds_the_feed_back_and_the_lag_shows_it() {
    on_postgres(|db| async move {
        let mut elsewhere = db.read().await.unwrap();
        execute(&mut elsewhere, "BEGIN").await;
        execute(&mut elsewhere, "CREATE TEMPORARY TABLE elsewhere (n BIGINT)").await;
        for n in 0..5 {
            in_time("chat goes on", append(&db, 1, &n.to_string())).await;
        }
        db.clock.advance(700);
        let mut tx = db.read().await.unwrap();
        assert_eq!((fed(&db, Cursor::default()).await.len(), feed::horizon_lag_ms(&mut tx).await.unwrap()), (0, Some(700)));
        execute(&mut elsewhere, "ROLLBACK").await;
        feeds(&db, Cursor::default(), &[1, 2, 3, 4, 5].map(|seq| (1, seq))).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_append_to_the_same_conversations_neither_deadlock_nor_leave_gaps() {
    on_postgres(|db| async move {
        const STREAMS: u128 = 8;
        const EACH: u128 = 60;
        let others = [db.another_node().await, db.another_node().await];
        let nodes = [(**db).clone(), others[0].clone(), others[1].clone()];
        let appending = nodes.iter().enumerate().flat_map(|(node, db)| {
            (0..EACH).map(move |n| async move {
                // Several streams in one transaction, in a different order at each node.
                let streams = [n, n * 5 + node as u128, n * 3 + 1].map(|s| 1 + s % STREAMS);
                let batch: Vec<_> = streams.into_iter().map(|stream| (entry(stream, 0, "x"), Guard::Any)).collect();
                db.writer().write::<_, db::Error, _>(Shard::Any, move |tx| Box::pin(async move { journal::append(tx, batch).await.map(drop) })).await
            })
        });
        let done = in_time("every append", futures_util::future::join_all(appending)).await;
        let stored = done.iter().filter(|result| result.is_ok()).count();
        assert!(done.iter().all(|result| matches!(result, Ok(()) | Err(db::Error::Busy))), "{done:?}");
        let whole = || async { Some(fed(&db, Cursor::default()).await).filter(|all| all.len() == 3 * stored) };
        let all = testkit::eventually("everything stored is fed", whole).await;
        for stream in 1..=STREAMS {
            let mut numbers: Vec<i64> = all.iter().filter(|(s, _)| *s == stream).map(|(_, seq)| *seq).collect();
            numbers.sort_unstable();
            assert!(numbers.iter().copied().eq(1..=numbers.len() as i64), "{numbers:?}");
        }
        assert!(stored > NODES * EACH as usize / 2, "most get through: {stored}");
        for node in others {
            node.close().await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn closures_of_two_nodes_lose_no_update() {
    on_postgres(|db| async move {
        append(&db, 1, "first").await;
        let other = db.another_node().await;
        let raise = |db: Db| async move {
            db.writer()
                .write::<_, db::Error, _>(Shard::Of(Uuid::from_u128(1)), |tx| {
                    Box::pin(async move {
                        journal::lock(tx, &[(TENANT.uuid(), Uuid::from_u128(1), StreamKind::Conversation)]).await?;
                        let version = journal::head(tx, TENANT, Uuid::from_u128(1)).await?.version;
                        journal::append(tx, vec![(entry(1, 0, "x"), Guard::Becomes(version + 1))]).await.map(drop)
                    })
                })
                .await
        };
        let both = (0..100).map(|n| raise(if n % 2 == 0 { (**db).clone() } else { other.clone() }));
        let done = in_time("every closure", futures_util::future::join_all(both)).await;
        let kept = done.iter().filter(|result| result.is_ok()).count() as i64;
        let mut tx = db.read().await.unwrap();
        let head = journal::head(&mut tx, TENANT, Uuid::from_u128(1)).await.unwrap();
        assert_eq!((head.version, head.seq), (kept, 1 + kept));
        assert!(kept >= 50, "{kept}");
        other.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_was_moved_is_fed_in_its_old_order() {
    on_postgres(|db: Arc<TestDb>| async move {
        for (stream, body) in [(1, "a"), (2, "b"), (1, "c")] {
            append(&db, stream, body).await;
        }
        feeds(&db, Cursor::default(), &[(1, 1), (2, 1), (1, 2)]).await;
        let mut tx = db.read().await.unwrap();
        // As after a restore into a PostgreSQL server that has counted fewer transactions.
        execute(&mut tx, "UPDATE journal_entries SET xid = (xid::text::bigint + 1000000000)::text::xid8").await;
        assert_eq!(fed(&db, Cursor::default()).await, [], "all of it lies beyond the horizon");
        db.writer().write::<_, db::Error, _>(Shard::Any, |tx| Box::pin(feed::renumber(tx))).await.unwrap();
        append(&db, 2, "d").await;
        feeds(&db, Cursor::default(), &[(1, 1), (2, 1), (1, 2), (2, 2)]).await;
    })
    .await;
}
