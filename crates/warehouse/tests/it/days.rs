//! Days of companies: they are checked, counted again, and what the feed could not count is noted.

use std::{collections::HashSet, sync::Arc};

use db::{
    Shard,
    bulk::{self, Value},
    q,
};
use domain::{
    id::{AgentId, TenantId},
    time::{Clock, DAY, MINUTE, Ts},
};
use parity::{World, traffic};
use sqlx::{AssertSqlSafe, SqlSafeStr as _};
use uuid::Uuid;
use warehouse::{
    CompanyDay, DEFINITIONS, Fact, Panel, Place, TimeZone, Verified,
    day::Journal,
    range::LATE_MS,
    refused::Reason,
    runs::{RunKind, RunState, SETTLE_MS},
    sums::Level,
    tally::Tally,
};

use crate::common::{HISTORY, at, dump_of_any_zone, on_each_engine, open, open_db, open_editions, pack};

/// The companies of [`World`], each with its zone.
fn companies() -> [(TenantId, TimeZone); 3] {
    [(11, "Asia/Shanghai"), (12, "Europe/Berlin"), (13, "America/New_York")].map(|(n, zone)| (traffic::tenant(n), TimeZone::get(zone).unwrap()))
}

/// The days that the traffic touches.
fn days(tenant: TenantId, zone: &TimeZone) -> Vec<CompanyDay> {
    (0..15).map(|back| CompanyDay::before(tenant, at("2026-11-06T12:00:00Z"), back, zone).unwrap()).collect()
}

/// The day of a company with the most events.
async fn busiest(panel: &Panel, tenant: TenantId, zone: &TimeZone) -> CompanyDay {
    let mut all = Vec::new();
    for day in days(tenant, zone) {
        all.push((verify(panel, &day).await.events, day));
    }
    all.into_iter().max_by_key(|(events, _)| *events).unwrap().1
}

async fn verify(panel: &Panel, day: &CompanyDay) -> Verified {
    panel.verify(day).await.unwrap().unwrap()
}

async fn recount(panel: &Panel, day: &CompanyDay) -> i64 {
    let mut recount = panel.recount(day).await.unwrap().unwrap();
    while recount.step().await.unwrap() {}
    assert_eq!(recount.progress().0, recount.progress().1);
    recount.changes()
}

/// Writes into the first edition behind everybody's back; `$1` is the company, `$2` and `$3` are the start and the end of the day.
async fn plant(place: &Place, day: &CompanyDay, statements: &[&str]) {
    let db = open_db(place, 1).await;
    for sql in statements {
        let (sql, tenant, window) = ((*sql).to_owned(), day.tenant.uuid(), day.window);
        let write = db.writer().write::<_, db::Error, _>(Shard::Any, move |tx| {
            Box::pin(async move { bulk::run(tx, sql, &[Value::Uuid(tenant), Value::Int(Some(window.from.0)), Value::Int(Some(window.to.0))]).await })
        });
        assert!(write.await.unwrap() > 0, "something was planted");
    }
    db.close().await;
}

/// Changes, in the same way, what a cell amounts to: of a level, in the wholes that begin on the day.
async fn plant_amounts(place: &Place, day: &CompanyDay, level: Level, key: &str, change: fn(i64) -> Option<i64>) {
    let (db, cell) = (open_db(place, 1).await, DEFINITIONS.cells_at(key).next().unwrap());
    let (tenant, window, table) = (day.tenant.uuid(), day.window, level.table());
    let write = db.writer().write::<_, db::Error, _>(Shard::Any, move |tx| {
        Box::pin(async move {
            let sql = format!("SELECT starts_at, amounts FROM {table} WHERE tenant_id = $1 AND dimension = '' AND starts_at >= $2 AND starts_at < $3");
            let sql = AssertSqlSafe(sql).into_sql_str();
            let rows: Vec<(i64, Vec<u8>)> = q!(tx, |c| sqlx::query_as(sql).bind(tenant).bind(window.from.0).bind(window.to.0).fetch_all(c).await)?;
            let mut planted = 0;
            for (at, amounts) in rows {
                let mut tally = Tally::unpack(&amounts)?;
                let Some(amount) = tally.get(cell) else { continue };
                tally.set(cell, change(amount));
                let update = format!("UPDATE {table} SET amounts = $1 WHERE tenant_id = $2 AND dimension = '' AND starts_at = $3");
                planted += bulk::run(tx, update, &[Value::Bytes(Some(&tally.pack())), Value::Uuid(tenant), Value::Int(Some(at))]).await?;
            }
            Ok(planted)
        })
    });
    assert!(write.await.unwrap() > 0, "something was planted");
    db.close().await;
}

/// Plants 77 answers in a part.
async fn plant_part(place: &Place, day: &CompanyDay, dimension: &'static str, part: &'static str) {
    let (db, tenant, from) = (open_db(place, 1).await, day.tenant.uuid(), day.window.from.0);
    let write = db.writer().write::<_, db::Error, _>(Shard::Any, move |tx| {
        Box::pin(async move {
            let amounts = DEFINITIONS.cells_at("answered").map(|cell| (cell, 77)).collect::<Tally>().pack();
            let sql = "INSERT INTO dws_day (tenant_id, dimension, starts_at, part, amounts) VALUES ($1, $2, $3, $4, $5)";
            let key = [Value::Uuid(tenant), Value::Text(Some(dimension)), Value::Int(Some(from)), Value::Text(Some(part))];
            bulk::run(tx, sql.to_owned(), &[&key[..], &[Value::Bytes(Some(&amounts))]].concat()).await
        })
    });
    assert_eq!(write.await.unwrap(), 1);
    db.close().await;
}

#[tokio::test]
async fn every_day_is_stored_as_its_events_say() {
    on_each_engine(|place| async move {
        let (world, panel) = (World::new(20_261_123, 4_000).unwrap(), open(&place).await);
        panel.apply(traffic::copies(&world.facts), &world.directory).await.unwrap();
        let mut all = Verified::default();
        for (tenant, zone) in companies() {
            for day in days(tenant, &zone) {
                let (mut journal, mut known) = (Journal::default(), HashSet::new());
                let of_day = |fact: &&Fact| fact.tenant_id == tenant.uuid() && (day.window.from.0..day.window.to.0).contains(&fact.at);
                world.facts.iter().filter(of_day).filter(|fact| known.insert((fact.stream_id, fact.seq))).for_each(|fact| journal.take(fact));
                let verified = verify(&panel, &day).await.beside(journal, &day);
                assert_eq!((verified.mismatches, &verified.examples), (0, &vec![]), "{}", day.date);
                assert_eq!(verified.events, verified.facts);
                all.events += verified.events;
                all.rows += verified.rows;
                all.amounts += verified.amounts;
            }
        }
        assert!(all.events > 2_000 && all.rows > 500 && all.amounts > 8_000, "{all:?}");
        panel.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_is_found_and_counting_the_day_again_mends_it() {
    on_each_engine(|place| async move {
        let (world, panel) = (World::new(7, 3_000).unwrap(), open(&place).await);
        panel.apply(traffic::copies(&world.facts), &world.directory).await.unwrap();
        let (tenant, zone) = companies()[1].clone();
        let day = busiest(&panel, tenant, &zone).await;
        panel.close().await;
        let right = dump_of_any_zone(&place).await;
        plant_amounts(&place, &day, Level::Day, "dialogue", |amount| Some(amount + 3)).await;
        plant_amounts(&place, &day, Level::Quarter, "session_created", |_| None).await;
        plant_amounts(&place, &day, Level::Minute, "session_used", |amount| Some(amount + 1)).await;
        plant_part(&place, &day, "queue", "que_none").await;
        plant(
            &place,
            &day,
            &[
                "DELETE FROM dwd_dialogue WHERE tenant_id = $1 AND happened_at >= $2 AND happened_at < $3",
                "UPDATE dwd_session SET turns = turns + 1 WHERE tenant_id = $1 AND created_at >= $2 AND created_at < $3",
            ],
        )
        .await;
        let panel = open(&place).await;
        let found = verify(&panel, &day).await;
        assert!(found.mismatches > 6 && found.examples.len() as i64 == found.mismatches.min(20), "{found:?}");
        let other = CompanyDay::before(tenant, day.window.to, 3, &zone).unwrap();
        let (changed, of_other) = (recount(&panel, &day).await, recount(&panel, &other).await);
        assert_eq!((changed, of_other), (found.mismatches, 0), "the other is a day on which nothing is wrong");
        assert_eq!(verify(&panel, &day).await.examples, vec![]);
        assert_eq!(recount(&panel, &day).await, 0, "the same again changes nothing");
        panel.close().await;
        assert_eq!(dump_of_any_zone(&place).await, right);
    })
    .await;
}

#[tokio::test]
async fn a_packed_day_that_cannot_be_read_is_found_and_mended() {
    on_each_engine(|place| async move {
        let (world, panel) = (World::new(7, 3_000).unwrap(), open(&place).await);
        panel.apply(traffic::copies(&world.facts), &world.directory).await.unwrap();
        pack(&panel, at("2026-11-07T12:00:00Z")).await;
        panel.close().await;
        let right = dump_of_any_zone(&place).await;
        let (tenant, zone) = companies()[1].clone();
        let day = days(tenant, &zone).into_iter().rev().nth(3).unwrap();
        // A packed queue's name is cut off; beside what is packed there are rows, of a queue that does not exist and of a channel that does.
        let broken = if matches!(place, Place::File(_)) { "x'0541'" } else { r"'\x0541'" };
        let sql = format!("UPDATE dws_day_packed SET parts = {broken} WHERE tenant_id = $1 AND dimension = 'queue' AND starts_at >= $2 AND starts_at < $3");
        plant(&place, &day, &[&sql]).await;
        plant_part(&place, &day, "queue", "que_none").await;
        plant_part(&place, &day, "channel", "web").await;
        let panel = open(&place).await;
        let found = verify(&panel, &day).await;
        assert!(found.mismatches > 2 && found.examples.iter().all(|one| one.table == "dws_day"), "{found:?}");
        assert_eq!(recount(&panel, &day).await, found.mismatches);
        assert_eq!(verify(&panel, &day).await.examples, vec![]);
        panel.close().await;
        assert_eq!(dump_of_any_zone(&place).await, right);
    })
    .await;
}

#[tokio::test]
async fn each_kind_of_mismatch_is_told_with_what_is_stored_and_what_was_counted() {
    on_each_engine(|place| async move {
        let (world, panel) = (World::new(9, 2_000).unwrap(), open(&place).await);
        panel.apply(traffic::copies(&world.facts), &world.directory).await.unwrap();
        let (tenant, zone) = companies()[0].clone();
        let day = busiest(&panel, tenant, &zone).await;
        panel.close().await;
        plant_part(&place, &day, "queue", "que_none").await;
        let absent = "DELETE FROM dwd_dialogue WHERE tenant_id = $1 AND happened_at = (SELECT MIN(happened_at) FROM dwd_dialogue WHERE tenant_id = $1 AND happened_at >= $2 AND happened_at < $3)";
        plant(&place, &day, &[absent]).await;
        let panel = open(&place).await;
        let examples = verify(&panel, &day).await.examples;
        let cell = examples.iter().find(|one| one.table == "dws_day").unwrap();
        assert_eq!((cell.indicator.as_str(), cell.dimension.as_str(), cell.part.as_str()), ("answered", "queue", "que_none"));
        assert_eq!((cell.stored, cell.counted, cell.starts_at), (Some(77), None, day.window.from));
        let row = examples.iter().find(|one| one.table == "dwd_dialogue").unwrap();
        assert_eq!((row.indicator.as_str(), row.stored, row.counted), ("", None, Some(1)));
        assert!(row.part.starts_with("cnv_"), "{row:?}");
        panel.close().await;
    })
    .await;
}

/// A clock that stands still at a moment.
struct At(Ts);
impl Clock for At {
    fn now(&self) -> Ts {
        self.0
    }
}

#[tokio::test]
async fn facts_that_cannot_be_counted_are_noted_once_and_stop_nothing() {
    on_each_engine(|place| async move {
        let world = World::new(5, 400).unwrap();
        let now = Ts(world.facts.iter().map(|fact| fact.at).max().unwrap());
        let panel = Panel::open(&place, 1, HISTORY, Arc::new(At(now))).await.unwrap();
        let (tenant, _) = companies()[0].clone();
        let ours = |fact: &&Fact| fact.tenant_id == tenant.uuid();
        let mut next = world.facts.len() as i64;
        let mut like = |kind: &str, change: &dyn Fn(&mut Fact)| {
            let mut fact = traffic::copy(world.facts.iter().filter(ours).find(|fact| fact.kind == kind).unwrap());
            next += 1;
            (fact.pos, fact.seq) = (next, 10_000 + next);
            change(&mut fact);
            fact
        };
        let mut facts = traffic::copies(&world.facts);
        facts.push(like("opened", &|fact| fact.kind = "of_a_later_release".to_owned()));
        facts.push(like("opened", &|fact| fact.facts = "{".to_owned()));
        facts.push(like("opened", &|fact| fact.facts = "{}".to_owned()));
        facts.push(like("opened", &|fact| (fact.facts, fact.v) = ("{}".to_owned(), 99)));
        facts.push(like("queued", &|fact| fact.at = now.0 + DAY));
        for _ in 0..2 {
            panel.apply(traffic::copies(&facts), &world.directory).await.unwrap();
        }
        let noted = panel.refused_facts(tenant).await.unwrap();
        let told: HashSet<_> = noted.iter().map(|one| (one.reason, one.kind.as_str(), one.count)).collect();
        let expected = [
            (Reason::Malformed, "opened", 2),
            (Reason::UnknownVersion, "opened", 1),
            (Reason::UnknownKind, "of_a_later_release", 1),
            (Reason::Future, "queued", 1),
        ];
        assert_eq!(told, HashSet::from(expected));
        let (other, _) = companies()[1].clone();
        assert_eq!(panel.refused_facts(other).await.unwrap(), vec![]);
        assert_eq!(panel.cursor().await.unwrap().pos, next, "it goes on");
        panel.close().await;
    })
    .await;
}

#[tokio::test]
async fn checks_are_due_when_a_day_has_settled_and_when_it_is_final() {
    on_each_engine(|place| async move {
        let (world, editions) = (World::new(3, 600).unwrap(), open_editions(&place).await);
        let (tenant, zone) = companies()[0].clone();
        let day = CompanyDay::parse(tenant, "2026-10-27", &zone).unwrap();
        assert!(editions.due_checks(tenant, day.window.to.plus(DAY), &zone).await.unwrap().is_empty(), "nothing was counted");
        editions.current().apply(traffic::copies(&world.facts), &world.directory).await.unwrap();
        let due = async |now: Ts| editions.due_checks(tenant, now, &zone).await.unwrap().into_iter().map(|(day, at)| (day.date, at)).collect::<Vec<_>>();
        let of_day = async |now: Ts| due(now).await.into_iter().filter(|(date, _)| *date == day.date).map(|(_, at)| at).collect::<Vec<_>>();
        let (settled, is_final) = (day.window.to.plus(SETTLE_MS), day.window.to.plus(LATE_MS));
        assert_eq!((of_day(settled.plus(-1)).await, of_day(settled).await), (vec![], vec![settled]));
        assert_eq!((of_day(is_final.plus(-1)).await, of_day(is_final).await), (vec![], vec![is_final]));
        let run = warehouse::runs::Run::check(&day, settled, settled, 1);
        editions.note_run(&run.clone().ended(settled, None)).await.unwrap();
        assert_eq!((of_day(settled.plus(MINUTE)).await, of_day(settled.plus(10 * MINUTE)).await), (vec![], vec![settled]), "a failure is tried again");
        let verified = editions.current().verify(&day).await.unwrap().unwrap();
        editions.note_run(&run.ended(settled.plus(10), Some(verified.clone()))).await.unwrap();
        assert_eq!(of_day(settled.plus(DAY / 2)).await, vec![]);
        let noted = editions.runs(tenant, &day.date).await.unwrap();
        assert_eq!((noted.len(), noted[0].kind, noted[0].state, &noted[0].verified), (1, RunKind::Verify, RunState::Fine, &verified));
        editions.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_day_is_asked_for_once_until_that_has_ended() {
    on_each_engine(|place| async move {
        let (world, editions) = (World::new(4, 600).unwrap(), open_editions(&place).await);
        editions.current().apply(traffic::copies(&world.facts), &world.directory).await.unwrap();
        let ((tenant, zone), (stranger, _)) = (companies()[0].clone(), companies()[1].clone());
        let (day, ann, bob) = (CompanyDay::parse(tenant, "2026-10-27", &zone).unwrap(), agent(1), agent(2));
        let now = day.window.to.plus(DAY);
        let first = editions.ask_recount(&day, ann, now).await.unwrap();
        assert_eq!((first.state, first.asked_by), (RunState::Waiting, Some(ann)));
        assert_eq!(editions.ask_recount(&day, bob, now.plus(1)).await.unwrap(), first);
        let mut open = editions.open_runs().await.unwrap();
        assert_eq!(open, std::slice::from_ref(&first));
        let mut run = open.remove(0);
        assert_eq!(editions.recount(&mut run, &day, now.plus(2)).await.unwrap(), Some(0));
        let running = editions.runs(tenant, &day.date).await.unwrap().remove(0);
        assert_eq!((running.state, running.progress.0, running.begun_at), (RunState::Running, running.progress.1, Some(now.plus(2))));
        editions.note_run(&run.ended(now.plus(3), Some(Verified::default()))).await.unwrap();
        assert!(editions.open_runs().await.unwrap().is_empty());
        let second = editions.ask_recount(&day, bob, now.plus(4)).await.unwrap();
        assert_eq!((second.asked_by, editions.runs(tenant, &day.date).await.unwrap().len()), (Some(bob), 2));
        assert!(editions.runs(stranger, &day.date).await.unwrap().is_empty());
        editions.close().await;
    })
    .await;
}

fn agent(n: u128) -> AgentId {
    AgentId::new(Uuid::from_u128(n))
}
