//! Closures: durable before they are answered, rolled back independently, never lost between each other.

use std::{sync::Arc, time::Duration};

use db::{
    Shard,
    journal::{self, Guard},
};
use domain::{id::TenantId, stream::StreamKind};
use testkit::{TestDb, on_every_engine};
use uuid::Uuid;

use crate::appending::entry;

on_every_engine!(
    a_panic_undoes_its_own_changes_only,
    a_refusal_undoes_its_own_changes_only,
    closures_that_meet_lose_nothing,
    a_closure_takes_no_longer_than_others_can_wait
);

const TENANT: TenantId = TenantId::new(Uuid::from_u128(1));

async fn append(db: &TestDb, stream: u128, then: fn()) -> db::Result<()> {
    let new = entry(stream, 0, "x");
    db.writer()
        .write(Shard::Of(Uuid::from_u128(stream)), move |tx| {
            Box::pin(async move {
                journal::append(tx, vec![(new, Guard::Any)]).await?;
                then();
                Ok(())
            })
        })
        .await
}

async fn length(db: &TestDb, stream: u128) -> i64 {
    let mut tx = db.read().await.unwrap();
    journal::head(&mut tx, TENANT, Uuid::from_u128(stream)).await.unwrap().seq
}

async fn a_panic_undoes_its_own_changes_only(db: Arc<TestDb>) {
    let bad = append(&db, 1, || panic!("planted"));
    let good = append(&db, 2, || ());
    let (bad, good) = testkit::in_time("both", async { tokio::join!(bad, good) }).await;
    assert!(matches!(bad, Err(db::Error::Panicked)));
    good.unwrap();
    assert_eq!((length(&db, 1).await, length(&db, 2).await), (0, 1));
    let told = db.effects().len();
    assert_eq!(told, 1, "nobody is told of what was undone");
}

async fn a_refusal_undoes_its_own_changes_only(db: Arc<TestDb>) {
    let new = entry(3, 0, "x");
    let refused: db::Result<()> = db
        .writer()
        .write(Shard::Any, move |tx| {
            Box::pin(async move {
                journal::append(tx, vec![(new, Guard::Any)]).await?;
                Err(db::Error::Corrupt("planted".into()))
            })
        })
        .await;
    assert!(refused.is_err());
    assert_eq!(length(&db, 3).await, 0);
}

async fn closures_that_meet_lose_nothing(db: Arc<TestDb>) {
    append(&db, 4, || ()).await.unwrap();
    let mut all = Vec::new();
    for _ in 0..200 {
        let (db, new) = (db.clone(), entry(4, 0, "x"));
        // Any shard: the lock of the head must keep them apart.
        all.push(tokio::spawn(async move {
            db.writer()
                .write::<_, db::Error, _>(Shard::Any, move |tx| {
                    Box::pin(async move {
                        journal::lock(tx, &[(TENANT.uuid(), Uuid::from_u128(4), StreamKind::Conversation)]).await?;
                        let head = journal::head(tx, TENANT, Uuid::from_u128(4)).await?;
                        journal::append(tx, vec![(new, Guard::Becomes(head.version + 1))]).await.map(drop)
                    })
                })
                .await
        }));
    }
    for one in all {
        one.await.expect("the task").unwrap();
    }
    let mut tx = db.read().await.unwrap();
    let head = journal::head(&mut tx, TENANT, Uuid::from_u128(4)).await.unwrap();
    assert_eq!((head.seq, head.version), (201, 200));
}

async fn a_closure_takes_no_longer_than_others_can_wait(db: Arc<TestDb>) {
    let slow = async || {
        let new = entry(5, 0, "x");
        let sql = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) SELECT CAST(COUNT(*) AS BIGINT) FROM n";
        let work = db.writer().write::<_, db::Error, _>(Shard::Any, move |tx| {
            Box::pin(async move {
                journal::append(tx, vec![(new, Guard::Any)]).await?;
                let _: (i64,) = db::q!(tx, |c| sqlx::query_as(sql).fetch_one(c).await)?;
                Ok(())
            })
        });
        work.await
    };
    slow().await.expect("nobody else waits");
    db.writer().limit_closures(Duration::from_millis(1));
    assert!(matches!(slow().await, Err(db::Error::Busy)));
    assert_eq!(length(&db, 5).await, 1);
    db.writer().limit_closures(Duration::from_secs(60));
    slow().await.expect("they can wait for it");
}
