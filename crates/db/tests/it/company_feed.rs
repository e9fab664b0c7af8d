//! The feed of one company: it contains only the company's own entries, each once, and skips none that is committed late. And the facts of its conversations in a stretch of time.

use std::sync::Arc;

use db::{
    Shard,
    feed::{self, Cursor},
    journal::{self, Guard},
};
use domain::{
    id::TenantId,
    journal::{Words, Written},
    stream::StreamName,
    time::Ts,
};
use sqlx::{Connection as _, PgConnection};
use testkit::{TestDb, eventually, on_every_engine};
use uuid::Uuid;

use crate::appending::entry;

on_every_engine!(a_company_reads_its_own_entries_page_by_page, what_commits_late_is_not_skipped, the_facts_of_a_stretch_of_time_are_shown_once);

async fn add(db: &TestDb, new: Written) {
    let added = db
        .writer()
        .write::<_, db::Error, _>(Shard::Of(new.stream.id), move |tx| Box::pin(async move { journal::append(tx, vec![(new, Guard::Any)]).await.map(drop) }));
    added.await.unwrap();
}

/// All entries of a company after a position, once there are `count` of them: transactions of other tests may hold back the end of the feed.
async fn walk(db: &TestDb, tenant: TenantId, from: Cursor, count: usize) -> (Vec<String>, Cursor) {
    eventually("the entries are certain", async || {
        let (mut seen, mut place) = (Vec::new(), from);
        loop {
            let (page, next) = read(db, tenant, place, 2).await;
            if page.is_empty() {
                return (seen.len() >= count).then_some((seen, place));
            }
            seen.extend(page);
            place = next;
        }
    })
    .await
}

async fn read(db: &TestDb, tenant: TenantId, after: Cursor, limit: i64) -> (Vec<String>, Cursor) {
    let found = feed::of_company(&mut db.read().await.unwrap(), tenant, after, limit).await.unwrap();
    let next = found.last().map_or(after, |(place, _)| *place);
    let words = found.into_iter().map(|(_, stored)| if let Words::Plain(body) = stored.entry.body { body } else { String::new() });
    (words.collect(), next)
}

async fn a_company_reads_its_own_entries_page_by_page(db: Arc<TestDb>) {
    let (own, other) = (entry(1, 0, "x").tenant, TenantId::new(Uuid::from_u128(2)));
    for n in 0..5 {
        add(&db, entry(1 + n % 2, 0, &format!("own {n}"))).await;
        add(&db, Written { tenant: other, ..entry(9, 0, "foreign") }).await;
    }
    let (seen, place) = walk(&db, own, Cursor::default(), 5).await;
    assert_eq!(seen, (0..5).map(|n| format!("own {n}")).collect::<Vec<_>>());
    assert_eq!(walk(&db, other, Cursor::default(), 5).await.0, ["foreign"; 5]);
    add(&db, entry(1, 0, "later")).await;
    assert_eq!(walk(&db, own, place, 1).await.0, ["later"]);
}

async fn what_commits_late_is_not_skipped(db: Arc<TestDb>) {
    let Some(url) = db.url() else { return };
    let own = entry(1, 0, "x").tenant;
    add(&db, entry(1, 0, "first")).await;
    let mut late = PgConnection::connect(url).await.unwrap();
    for sql in [
        "BEGIN",
        "INSERT INTO yingda.journal_entries (tenant_id, stream_id, seq, pseq, kind, v, at, actor_kind, send_hash, body_state, body, facts)
         SELECT tenant_id, stream_id, 2, 2, kind, v, at, actor_kind, send_hash, body_state, 'late', facts FROM yingda.journal_entries WHERE seq = 1",
    ] {
        sqlx::query(sql).execute(&mut late).await.unwrap();
    }
    add(&db, entry(5, 0, "overtakes")).await;
    let (seen, place) = walk(&db, own, Cursor::default(), 1).await;
    assert_eq!(seen, ["first"], "nothing past what may still commit");
    sqlx::query("COMMIT").execute(&mut late).await.unwrap();
    assert_eq!(walk(&db, own, place, 2).await.0, ["late", "overtakes"]);
}

async fn the_facts_of_a_stretch_of_time_are_shown_once(db: Arc<TestDb>) {
    let (own, other) = (entry(1, 0, "x").tenant, TenantId::new(Uuid::from_u128(2)));
    let mut begun = Vec::new();
    for n in 0..6 {
        begun.push(db.now());
        add(&db, entry(1 + n % 2, 0, "own")).await;
        add(&db, Written { tenant: other, ..entry(9, 0, "foreign") }).await;
        db.clock.advance(60_000);
    }
    let mut tx = db.read().await.unwrap();
    let mut shown = Vec::new();
    feed::in_window(&mut tx, own, [begun[1], begun[4]], |fact| shown.push((fact.at, fact.tenant_id, fact.v))).await.unwrap();
    shown.sort_unstable();
    assert_eq!(shown, begun[1..4].iter().map(|at| (at.0, own.uuid(), 1)).collect::<Vec<_>>());
    let mut all = 0;
    feed::in_window(&mut tx, own, [Ts(0), db.now()], |_| all += 1).await.unwrap();
    assert_eq!(all, 6);
    feed::in_window(&mut tx, own, [db.now(), db.now().plus(60_000)], |fact| panic!("{}", fact.at)).await.unwrap();
    drop(tx);
    // What agents do is shown, too; the feed of the company does not have it.
    let work = StreamName::work(Uuid::from_u128(7), db.now());
    let before = walk(&db, own, Cursor::default(), 6).await.1;
    add(&db, Written { stream: work, ..entry(7, 0, "work") }).await;
    let mut shown = Vec::new();
    let window = [db.now(), db.now().plus(60_000)];
    feed::in_window(&mut db.read().await.unwrap(), own, window, |fact| shown.push((fact.stream_kind.clone(), fact.stream_id))).await.unwrap();
    assert_eq!(shown, [("work".to_owned(), work.id)]);
    add(&db, entry(1, 0, "later")).await;
    assert_eq!(walk(&db, own, before, 1).await.0, ["later"]);
}
