//! Alerts of any kind about any subject: what waits, who sees it, and what an older record keeps of them.

use std::sync::Arc;

use db::{Config, Db, Engine, Shard, SqliteFiles, migrations::Migrations, q};
use domain::{
    alert::{Alert, AlertKind, AlertLevel},
    conversation::Event,
    id::TenantId,
    journal::Actor,
    stream::{StreamKind, StreamName},
    time::MINUTE,
};
use store::{conversations, schema::MIGRATIONS};
use store_desk::alerts::{self, Place};
use testkit::{
    Company, TestClock, TestDb,
    database::fresh_postgres,
    fixture::{Fixture, read, write},
    on_every_engine,
};
use uuid::Uuid;

on_every_engine!(
    an_alert_waits_for_whoever_serves_its_queue_until_it_is_acknowledged,
    one_alert_of_a_kind_waits_about_a_subject_and_an_entry_raises_it_once,
    an_alert_need_not_be_about_a_conversation,
    another_company_sees_and_acknowledges_nothing,
);

async fn an_alert_waits_for_whoever_serves_its_queue_until_it_is_acknowledged(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada, eve) = (fixture.company.tenant, fixture.agent("ada").await, fixture.agent("eve").await);
    let mine = fixture.add_queue("Mine", false, vec![ada.id]).await.id;
    let before = fixture.says(&fixture.conversation(fixture.visitor().await).await, "help me").await;
    let raised = fixture.happens(&before, Event::RaiseAlert { of: 2 }, Actor::system()).await;
    let alert = Alert::danger(raised.id, 2, mine);
    assert!(write!(db, |tx| alerts::insert(tx, tenant, &alert)).unwrap());
    assert_eq!(read!(db, |tx| conversations::get(tx, tenant, raised.id)).unwrap().alerted_at, Some(db.now()));
    for (of, seen) in [(None, 1), (Some(ada.id), 1), (Some(eve.id), 0)] {
        let rows = read!(db, |tx| alerts::waiting(tx, tenant, of, 10)).unwrap();
        assert_eq!(rows.len(), seen, "{of:?}");
    }
    let row = read!(db, |tx| alerts::waiting(tx, tenant, None, 10)).unwrap().remove(0);
    assert_eq!((row.kind.as_str(), row.level.as_str(), row.subject_kind.as_str(), row.subject_id), ("danger", "urgent", "conversation", raised.id.uuid()));
    assert_eq!((row.seq, row.state.as_deref(), row.raised_at, row.due_at, row.done_at), (2, Some("bot"), db.now().0, None, None));
    assert!(row.body.unwrap().contains("help me"));
    let by_whom = eve.id;
    write!(db, |tx| alerts::finish(tx, tenant, alert.subject, by_whom)).unwrap();
    assert!(read!(db, |tx| alerts::waiting(tx, tenant, None, 10)).unwrap().is_empty());
    let done = read!(db, |tx| alerts::list_done(tx, tenant, Some(by_whom), None, 10)).unwrap();
    assert_eq!((done.len(), done[0].done_by.as_deref()), (1, Some("eve")), "who acknowledged it still finds it");
    let after = Some(Place { at: db.now(), subject: raised.id.uuid(), seq: 2, kind: "danger".into() });
    assert!(read!(db, |tx| alerts::list_done(tx, tenant, None, after, 10)).unwrap().is_empty());
    let nowhere = Some(Place { at: db.now(), subject: raised.id.uuid(), seq: 2, kind: "\0".into() });
    assert!(read!(db, |tx| alerts::list_done(tx, tenant, None, nowhere, 10)).unwrap().is_empty());
}

async fn one_alert_of_a_kind_waits_about_a_subject_and_an_entry_raises_it_once(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, queue, ada) = (fixture.company.tenant, fixture.company.queue, fixture.agent("ada").await.id);
    let id = fixture.says(&fixture.conversation(fixture.visitor().await).await, "help me").await.id;
    let raise = async |of| {
        let alert = Alert::danger(id, of, queue);
        write!(db, |tx| alerts::insert(tx, tenant, &alert)).unwrap()
    };
    assert_eq!([raise(2).await, raise(2).await, raise(3).await], [true, false, false], "one waits already");
    write!(db, |tx| alerts::finish(tx, tenant, Alert::danger(id, 2, queue).subject, ada)).unwrap();
    assert_eq!([raise(2).await, raise(3).await], [false, true], "what was acknowledged is not raised by the same entry again");
    assert_eq!(read!(db, |tx| alerts::waiting(tx, tenant, None, 10)).unwrap().into_iter().map(|row| row.seq).collect::<Vec<_>>(), [3]);
}

async fn an_alert_need_not_be_about_a_conversation(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, queue, ada) = (fixture.company.tenant, fixture.company.queue, fixture.agent("ada").await.id);
    let subject = StreamName { kind: StreamKind::Queue, id: queue.uuid() };
    let due_at = db.now().plus(MINUTE);
    let alert = Alert { kind: AlertKind::Danger, subject, seq: 1, level: AlertLevel::Warning, queue: None, due_at: Some(due_at) };
    assert!(write!(db, |tx| alerts::insert(tx, tenant, &alert)).unwrap());
    assert!(read!(db, |tx| alerts::waiting(tx, tenant, Some(ada), 10)).unwrap().is_empty(), "without a queue, managers alone see it");
    let row = read!(db, |tx| alerts::waiting(tx, tenant, None, 10)).unwrap().remove(0);
    assert_eq!((row.subject_kind.as_str(), row.subject_id, row.level.as_str(), row.due_at), ("queue", queue.uuid(), "warning", Some(due_at.0)));
    assert_eq!((row.visitor_id, row.lang, row.state, row.body, row.queue_id), (None, None, None, None, None));
    write!(db, |tx| alerts::finish(tx, tenant, subject, ada)).unwrap();
    assert_eq!(read!(db, |tx| alerts::list_done(tx, tenant, Some(ada), None, 10)).unwrap().len(), 1);
}

async fn another_company_sees_and_acknowledges_nothing(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, queue, eve) = (fixture.company.tenant, fixture.company.queue, fixture.agent("eve").await.id);
    let theirs = Company::create(&db, "beta").await.tenant;
    let id = fixture.conversation(fixture.visitor().await).await.id;
    let alert = Alert::danger(id, 1, queue);
    assert!(write!(db, |tx| alerts::insert(tx, tenant, &alert)).unwrap());
    assert!(read!(db, |tx| alerts::waiting(tx, theirs, None, 10)).unwrap().is_empty());
    write!(db, |tx| alerts::finish(tx, theirs, alert.subject, eve)).unwrap();
    assert_eq!(read!(db, |tx| alerts::waiting(tx, tenant, None, 10)).unwrap().len(), 1);
    assert!(read!(db, |tx| alerts::list_done(tx, theirs, None, None, 10)).unwrap().is_empty());
}

/// How many steps there were before alerts could be of any kind.
const BEFORE: usize = 39;
const OLD: Migrations = Migrations { sqlite: MIGRATIONS.sqlite.split_at(BEFORE).0, postgres: MIGRATIONS.postgres.split_at(BEFORE).0 };

async fn open(engine: &Engine, migrations: Migrations) -> Db {
    Db::open(Config { engine: engine.clone(), migrations, clock: Arc::new(TestClock::default()), on_commit: Arc::new(|_| ()) }).await.unwrap()
}

/// What waited and what was acknowledged before is there; of several that waited in one conversation, the first.
async fn what_was_raised_before_stays(engine: Engine) {
    let id = |n: u128| Uuid::from_u128(n);
    let (tenant, conversation, other, queue, agent) = (id(1), id(2), id(3), id(4), id(5));
    let old = open(&engine, OLD).await;
    let rows =
        [(conversation, 2, 100, None), (conversation, 5, 200, Some(300)), (conversation, 7, 400, None), (conversation, 9, 500, None), (other, 1, 600, None)];
    let filled: store::Result<()> = old
        .writer()
        .write(Shard::Any, move |tx| {
            Box::pin(async move {
                for (conversation, seq, raised_at, done_at) in rows {
                    q!(tx, |c| sqlx::query(
                        "INSERT INTO alerts (tenant_id, conversation_id, seq, queue_id, raised_at, done_at, done_by) VALUES ($1, $2, $3, $4, $5, $6, $7)"
                    )
                    .bind(tenant)
                    .bind(conversation)
                    .bind(seq)
                    .bind(queue)
                    .bind(raised_at)
                    .bind(done_at)
                    .bind(done_at.map(|_: i64| agent))
                    .execute(c)
                    .await
                    .map(drop))?;
                }
                Ok(())
            })
        })
        .await;
    filled.unwrap();
    old.close().await;
    let new = open(&engine, MIGRATIONS).await;
    let tenant = TenantId::new(tenant);
    let waiting = read!(new, |tx| alerts::waiting(tx, tenant, None, 10)).unwrap();
    let of = |rows: &[alerts::AlertRow]| rows.iter().map(|row| (row.subject_id, row.seq, row.raised_at)).collect::<Vec<_>>();
    assert_eq!(of(&waiting), [(conversation, 2, 100), (other, 1, 600)]);
    let known = waiting
        .iter()
        .all(|row| (row.kind.as_str(), row.level.as_str(), row.subject_kind.as_str(), row.queue_id) == ("danger", "urgent", "conversation", Some(queue)));
    assert!(known, "{:?}", of(&waiting));
    let done = read!(new, |tx| alerts::list_done(tx, tenant, None, None, 10)).unwrap();
    assert_eq!((of(&done), done[0].done_at), (vec![(conversation, 5, 200)], Some(300)));
    new.close().await;
}

#[tokio::test]
async fn what_was_raised_before_stays_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    what_was_raised_before_stays(Engine::Sqlite(SqliteFiles { path: folder.path().join("yingda.db"), durable: true })).await;
}

#[tokio::test]
async fn what_was_raised_before_stays_on_postgres() {
    let Some(database) = fresh_postgres().await else { return };
    what_was_raised_before_stays(Engine::Postgres { url: database.url().to_owned(), schema: db::Schema::Record("yingda") }).await;
    database.drop_it().await;
}
