//! A whole record moves from SQLite to PostgreSQL.

use std::sync::Arc;

use db::{Db, feed::Cursor};
use domain::id::TenantId;
use portability::{
    holdings::tables,
    moving::Moving,
    rows::{self, Positions, Whose},
};
use store::entry_points;
use testkit::{Company, TestDb, database::on_postgres};
use uuid::Uuid;

use crate::plant::{keys, plant};

async fn go(from: &Db, to: &Db) -> Result<usize, String> {
    Moving { from, to, on_step: &|_, _| () }.run().await.map(|moved| moved.len()).map_err(|error| error.to_string())
}

#[tokio::test]
async fn a_record_moves_to_postgresql_with_every_row() {
    on_postgres(moves).await;
}

async fn moves(to: Arc<TestDb>) {
    let from = TestDb::sqlite().await;
    let tenant = TenantId::new(Uuid::from_u128(7));
    plant(&from, tenant, &keys(b"key")).await;
    Company::create(&from, "beta").await;
    assert!(go(&from, &to).await.unwrap_err().contains("never served"));
    let generation = from.uuid();
    entry_points::installation(&from, generation, "print".to_owned()).await.unwrap();

    // It ended in the middle: half of a table is there.
    let other = TestDb::sqlite().await;
    entry_points::installation(&other, other.uuid(), "other".to_owned()).await.unwrap();
    let table = tables().find(|table| table.name == "journal_entries").unwrap();
    let mut page = rows::page(&mut from.read().await.unwrap(), table, Whose::All, None).await.unwrap();
    page.truncate(2);
    let write = to.writer().write::<_, store::Error, _>(db::Shard::Any, move |tx| {
        Box::pin(async move {
            entry_points::begin_moving(tx, generation).await?;
            Ok(rows::insert(tx, table, &page, Positions::Kept).await?)
        })
    });
    write.await.unwrap();
    assert!(go(&other, &to).await.unwrap_err().contains("another record is being moved"));
    let moved = go(&from, &to).await.unwrap();
    assert_eq!(moved, tables().count() - 3);
    let mut tx = to.read().await.unwrap();
    assert_eq!(entry_points::moving(&mut tx).await.unwrap(), None);
    assert_eq!(entry_points::generation_of(&mut tx).await.unwrap(), Some(generation));
    // Who followed the feed goes on where they were, and new entries come after the old ones.
    let facts = db::feed::after(&mut tx, Cursor { xid: 0, pos: 4 }, 9).await.unwrap();
    assert_eq!(facts.iter().map(|fact| (fact.xid, fact.pos)).collect::<Vec<_>>(), []);
    assert_eq!(db::feed::last_position(&mut tx).await.unwrap(), 6);
    drop(tx);
    Company::create(&to, "gamma").await;
    assert!(go(&from, &to).await.unwrap_err().contains("not empty"));
}
