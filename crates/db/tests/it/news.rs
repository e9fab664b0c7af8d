//! Every look finds what other nodes committed, exactly once, however commits overlap.

use std::{collections::BTreeSet, sync::Arc};

use db::{
    Shard,
    journal::{self, Guard},
    news::{self, News, Seen},
};
use domain::{
    id::TenantId,
    journal::{Mark, Side},
    stream::{StreamKind, StreamName},
};
use sqlx::{Connection as _, PgConnection};
use testkit::{TestDb, database};
use uuid::Uuid;

use crate::appending::entry;

async fn look(db: &TestDb, seen: Option<&Seen>) -> News {
    news::since(&mut db.read().await.unwrap(), seen).await.unwrap().expect("PostgreSQL has news")
}
fn streams(news: &News) -> BTreeSet<(u128, i64, i64)> {
    news.moved.iter().map(|m| (m.stream.id.as_u128(), m.first, m.seq)).collect()
}
async fn append(db: &TestDb, stream: u128) {
    let one = entry(stream, 0, "{}");
    db.writer()
        .write::<_, db::Error, _>(Shard::Any, move |tx| Box::pin(async move { journal::append(tx, vec![(one, Guard::Becomes(3))]).await.map(drop) }))
        .await
        .unwrap();
}
/// A transaction of another program that has written an entry to this stream and not committed it.
async fn held_back(db: &TestDb, stream: u128) -> PgConnection {
    let mut other = PgConnection::connect(db.url().expect("a URL")).await.unwrap();
    for sql in ["SET search_path = yingda", "BEGIN"] {
        sqlx::query(sql).execute(&mut other).await.unwrap();
    }
    let tenant = entry(stream, 0, "").tenant.uuid();
    for sql in [
        "INSERT INTO journal_heads (tenant_id, stream_id, kind, seq, pseq, version, last_at, from_customer, from_staff) VALUES ($1, $2, 'conversation', 1, 1, 9, 0, 0, 0)",
        "INSERT INTO journal_entries (tenant_id, stream_id, seq, pseq, kind, v, at, actor_kind, send_hash, body_state, facts)
         VALUES ($1, $2, 1, 1, 'opened', 1, 0, 'system', 0, 'plain', '{}')",
    ] {
        sqlx::query(sql).bind(tenant).bind(Uuid::from_u128(stream)).execute(&mut other).await.unwrap();
    }
    other
}

#[tokio::test]
async fn a_look_finds_what_was_committed_since_the_last_and_nothing_twice() {
    database::on_postgres(|db: Arc<TestDb>| async move {
        append(&db, 1).await;
        let first = look(&db, None).await;
        assert!(first.moved.is_empty() && first.marked.is_empty() && first.home.split('/').count() == 3);
        append(&db, 1).await;
        append(&db, 1).await;
        append(&db, 2).await;
        let second = look(&db, Some(&first.seen)).await;
        assert_eq!(streams(&second), BTreeSet::from([(1, 2, 3), (2, 1, 1)]));
        let one = second.moved.iter().find(|m| m.stream.id == Uuid::from_u128(1)).unwrap();
        assert_eq!((one.pseq, one.version, one.said, one.changed, one.stream.kind), (3, 3, true, false, StreamKind::Conversation));
        assert!(look(&db, Some(&second.seen)).await.moved.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_late_commit_is_found_and_an_open_one_keeps_nothing_back() {
    database::on_postgres(|db: Arc<TestDb>| async move {
        let begun = look(&db, None).await;
        let mut other = held_back(&db, 7).await;
        append(&db, 1).await;
        let during = look(&db, Some(&begun.seen)).await;
        assert_eq!(streams(&during), BTreeSet::from([(1, 1, 1)]));
        append(&db, 2).await;
        let still = look(&db, Some(&during.seen)).await;
        assert_eq!(streams(&still), BTreeSet::from([(2, 1, 1)]));
        sqlx::query("COMMIT").execute(&mut other).await.unwrap();
        append(&db, 3).await;
        let after = look(&db, Some(&still.seen)).await;
        assert_eq!(streams(&after), BTreeSet::from([(3, 1, 1), (7, 1, 1)]));
        assert!(after.moved.iter().all(|m| m.changed == (m.stream.id == Uuid::from_u128(7))), "only one of them is more than words");
        assert!(look(&db, Some(&after.seen)).await.moved.is_empty());
    })
    .await;
}

#[tokio::test]
async fn marks_that_rose_are_found_whole() {
    database::on_postgres(|db: Arc<TestDb>| async move {
        let tenant: TenantId = entry(1, 0, "").tenant;
        let stream = StreamName { kind: StreamKind::Conversation, id: Uuid::from_u128(1) };
        let raise = async |side: Side, read: i64| {
            let mark = Mark { received: read, read };
            let member = Uuid::from_u128(5);
            db.writer()
                .write::<_, db::Error, _>(Shard::Any, move |tx| Box::pin(async move { journal::raise_mark(tx, tenant, stream, side, member, mark).await }))
                .await
                .unwrap();
        };
        raise(Side::Customer, 1).await;
        let begun = look(&db, None).await;
        raise(Side::Staff, 2).await;
        let second = look(&db, Some(&begun.seen)).await;
        let marks = |news: &News| news.marked.iter().map(|m| (m.stream.id, m.customer.read, m.staff.read)).collect::<Vec<_>>();
        assert_eq!(marks(&second), [(stream.id, 1, 2)]);
        raise(Side::Customer, 4).await;
        let third = look(&db, Some(&second.seen)).await;
        assert_eq!(marks(&third), [(stream.id, 4, 2)]);
        assert!(look(&db, Some(&third.seen)).await.marked.is_empty());
    })
    .await;
}

#[tokio::test]
async fn there_are_no_others_on_sqlite() {
    database::on_sqlite(|db: Arc<TestDb>| async move {
        assert!(news::since(&mut db.read().await.unwrap(), None).await.unwrap().is_none());
    })
    .await;
}
