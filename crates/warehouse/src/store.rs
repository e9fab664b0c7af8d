//! The statements that write the derived store, and those that read the events of conversations.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use db::{
    Error, Result, Shard, Tx,
    bulk::{self, Value},
    feed::Cursor,
    q, row,
};
use domain::{
    id::TenantId,
    time::{DAY, Ts},
};
use jiff::tz::TimeZone;
use uuid::Uuid;

use crate::{
    changes::{CellChanges, Changes, DayKey, PartNames, RowChanges, RowKey, TimeKey},
    definition::{DEFINITIONS, Merge},
    rows::{DialogueRow, Event, ReplyRow, ServiceRow, SessionRow, WorkRow},
};

/// All writes of this store go through one shard.
pub(crate) const SHARD: Shard = Shard::Of(Uuid::nil());

/// The company and the conversation.
pub type ConversationKey = (Uuid, Uuid);

row! {
    /// By which zone the days of a company are summed, and how far.
    pub(crate) struct ZoneRow {
        pub(crate) tenant_id: Uuid,
        pub(crate) zone: String,
        /// The next step while they are summed again.
        pub(crate) step: Option<i64>,
        /// Where that step goes on.
        pub(crate) next_at: Option<i64>,
    }
}

/// The parts of the statements that write many rows of one table.
struct Sql {
    insert: String,
    update: String,
    delete: String,
}

impl Sql {
    /// The first two columns and `number` are the key.
    fn of(table: &str, columns: &[&str], number: &str) -> Self {
        let all = columns.join(", ");
        let rest = columns.iter().filter(|column| !["tenant_id", "conversation_id", number].contains(column));
        let set: Vec<_> = rest.map(|column| format!("{column} = excluded.{column}")).collect();
        Self {
            insert: format!("INSERT INTO {table} ({all}) VALUES"),
            update: format!("ON CONFLICT (tenant_id, conversation_id, {number}) DO UPDATE SET {}", set.join(", ")),
            delete: format!("DELETE FROM {table} WHERE (tenant_id, conversation_id, {number}) IN (VALUES"),
        }
    }
}

static EVENTS: LazyLock<Sql> = LazyLock::new(|| Sql::of(Event::TABLE, Event::COLUMNS, Event::NUMBER));
static SESSIONS: LazyLock<Sql> = LazyLock::new(|| Sql::of(SessionRow::TABLE, SessionRow::COLUMNS, SessionRow::NUMBER));
static DIALOGUES: LazyLock<Sql> = LazyLock::new(|| Sql::of(DialogueRow::TABLE, DialogueRow::COLUMNS, DialogueRow::NUMBER));
static REPLIES: LazyLock<Sql> = LazyLock::new(|| Sql::of(ReplyRow::TABLE, ReplyRow::COLUMNS, ReplyRow::NUMBER));
static SERVICES: LazyLock<Sql> = LazyLock::new(|| Sql::of(ServiceRow::TABLE, ServiceRow::COLUMNS, ServiceRow::NUMBER));
static WORK: LazyLock<Sql> = LazyLock::new(|| Sql::of(WorkRow::TABLE, WorkRow::COLUMNS, WorkRow::NUMBER));
static LOAD: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {} FROM {} WHERE (tenant_id, conversation_id) IN (VALUES", Event::COLUMNS.join(", "), Event::TABLE));

/// How long before it was begun an edition keeps minutes, in milliseconds: facts may be that late. What is earlier is read from the rows, minute by minute.
const MINUTES_KEPT_MS: i64 = 2 * DAY;

/// Notes of which history and under which definitions an edition is, if it is new; refused if it is of others. Returns from when on it keeps minutes.
pub(crate) async fn begin(tx: &mut Tx, generation: Uuid, rules: &str) -> Result<Ts> {
    let insert = "INSERT INTO reducer (one, generation, rules, xid, pos, batches, minutes_from) VALUES (1, $1, $2, 0, 0, 0, $3) ON CONFLICT (one) DO NOTHING";
    let minutes_from = tx.now().plus(-MINUTES_KEPT_MS).quarter();
    bulk::run(tx, insert.to_owned(), &[Value::Uuid(generation), Value::Text(Some(rules)), Value::Int(Some(minutes_from.0))]).await?;
    let sql = "SELECT generation, rules, minutes_from FROM reducer WHERE one = 1";
    let of: Option<(Uuid, String, i64)> = q!(tx, |c| sqlx::query_as(sql).fetch_optional(c).await)?;
    of.filter(|(of, under, _)| *of == generation && under == rules).map(|(.., from)| Ts(from)).ok_or_else(no_cursor)
}

/// Advances the cursor, never moves it back, and returns the number of this batch. Holds a lock on the cursor until the end of the transaction.
pub(crate) async fn advance(tx: &mut Tx, to: Cursor) -> Result<i64> {
    let row: Option<(i64,)> = q!(tx, |c| sqlx::query_as(
        "UPDATE reducer SET batches = batches + 1,
           xid = CASE WHEN xid < $1 OR (xid = $1 AND pos < $2) THEN $1 ELSE xid END,
           pos = CASE WHEN xid < $1 OR (xid = $1 AND pos < $2) THEN $2 ELSE pos END
         WHERE one = 1 RETURNING batches"
    )
    .bind(to.xid)
    .bind(to.pos)
    .fetch_optional(c)
    .await)?;
    row.map(|(batch,)| batch).ok_or_else(no_cursor)
}

/// Locks the cursor until the end of the transaction, as [`advance`] does, and leaves it where it is.
pub(crate) async fn hold(tx: &mut Tx) -> Result<()> {
    bulk::run(tx, "UPDATE reducer SET batches = batches WHERE one = 1".to_owned(), &[]).await.map(drop)
}

/// How far the journal has been read.
pub(crate) async fn cursor(tx: &mut Tx) -> Result<Cursor> {
    let row: Option<(i64, i64)> = q!(tx, |c| sqlx::query_as("SELECT xid, pos FROM reducer WHERE one = 1").fetch_optional(c).await)?;
    Ok(row.map(|(xid, pos)| Cursor { xid, pos }).unwrap_or_default())
}

fn no_cursor() -> Error {
    Error::Corrupt("this edition of the panel is of another history or under other definitions".to_owned())
}

/// The events of conversations, in no order.
pub(crate) async fn events(tx: &mut Tx, keys: &HashSet<ConversationKey>) -> Result<Vec<Event>> {
    let keys: Vec<_> = keys.iter().map(|(tenant, conversation)| vec![Value::Uuid(*tenant), Value::Uuid(*conversation)]).collect();
    bulk::select(tx, &LOAD, &keys, ")").await
}

/// Stores events that are not stored yet.
pub(crate) async fn insert_events(tx: &mut Tx, events: &[&Event]) -> Result<()> {
    let mut values: Vec<_> = events.iter().map(|event| event.values()).collect();
    values.sort_by_key(|row| sort_key(row));
    bulk::execute(tx, &EVENTS.insert, &values, "").await.map(drop)
}

/// Writes everything that a batch changed.
pub(crate) async fn save(tx: &mut Tx, changes: &Changes) -> Result<()> {
    save_rows(tx, &SESSIONS, &changes.sessions, SessionRow::values).await?;
    save_rows(tx, &DIALOGUES, &changes.dialogues, DialogueRow::values).await?;
    save_rows(tx, &REPLIES, &changes.replies, ReplyRow::values).await?;
    save_rows(tx, &SERVICES, &changes.services, ServiceRow::values).await?;
    save_rows(tx, &WORK, &changes.work, WorkRow::values).await?;
    save_cells(tx, &changes.cells).await
}

async fn save_rows<R>(tx: &mut Tx, sql: &Sql, changes: &RowChanges<R>, values: fn(&R) -> Vec<Value<'_>>) -> Result<()> {
    let mut rows: Vec<_> = changes.written.iter().map(values).collect();
    rows.sort_by_key(|row| sort_key(row));
    bulk::execute(tx, &sql.insert, &rows, &sql.update).await?;
    let key = |(tenant, conversation, number): &RowKey| vec![Value::Uuid(*tenant), Value::Uuid(*conversation), Value::Int(Some(*number))];
    let deleted: Vec<_> = changes.deleted.iter().map(key).collect();
    bulk::execute(tx, &sql.delete, &deleted, ")").await.map(drop)
}

/// Rows are written in the order of their keys, so that neighbours are on the same page.
fn sort_key(row: &[Value<'_>]) -> Option<(Uuid, Uuid, i64)> {
    match row {
        [Value::Uuid(tenant), Value::Uuid(conversation), Value::Int(Some(number)), ..] => Some((*tenant, *conversation, *number)),
        _ => None,
    }
}

async fn save_cells(tx: &mut Tx, cells: &CellChanges) -> Result<()> {
    for merge in [Merge::Add, Merge::Least, Merge::Greatest] {
        for (table, times) in [("dws_minute", &cells.minutes), ("dws_quarter", &cells.quarters)] {
            let mut changed: Vec<_> = times.iter().collect();
            changed.sort_unstable();
            let rows = changed.into_iter().filter_map(|(key, by)| time_row(key, *by, merge)).collect::<Vec<_>>();
            let head = format!("INSERT INTO {table} (tenant_id, indicator, starts_at, amount) VALUES");
            bulk::execute(tx, &head, &rows, &merging(table, "tenant_id, indicator, starts_at", merge)).await?;
        }
        let mut changed: Vec<_> = cells.days.iter().collect();
        changed.sort_unstable();
        let rows = changed.into_iter().filter_map(|(key, by)| day_row(key, &cells.parts, *by, merge)).collect::<Vec<_>>();
        let head = "INSERT INTO dws_day (tenant_id, indicator, dimension, part, starts_at, amount) VALUES";
        bulk::execute(tx, head, &rows, &merging("dws_day", "tenant_id, indicator, dimension, starts_at, part", merge)).await?;
    }
    Ok(())
}

fn merging(table: &str, key: &str, merge: Merge) -> String {
    let merged = match merge {
        Merge::Add => format!("{table}.amount + excluded.amount"),
        Merge::Least => format!("CASE WHEN excluded.amount < {table}.amount THEN excluded.amount ELSE {table}.amount END"),
        Merge::Greatest => format!("CASE WHEN excluded.amount > {table}.amount THEN excluded.amount ELSE {table}.amount END"),
    };
    format!("ON CONFLICT ({key}) DO UPDATE SET amount = {merged}")
}

/// The name of a cell, if this is how its values are merged and there is anything to merge.
fn name_of(cell: usize, by: i64, merge: Merge) -> Option<&'static str> {
    let cell = DEFINITIONS.cells.get(cell)?;
    let is = DEFINITIONS.measures.get(cell.measure)?.kind.merge();
    (is == merge && (by != 0 || merge != Merge::Add)).then_some(cell.name.as_str())
}

fn time_row((tenant, cell, at): &TimeKey, by: i64, merge: Merge) -> Option<Vec<Value<'static>>> {
    Some(vec![Value::Uuid(*tenant), Value::Text(Some(name_of(*cell, by, merge)?)), Value::Int(Some(at.0)), Value::Int(Some(by))])
}

fn day_row<'p>((tenant, cell, dimension, at, part): &DayKey, parts: &'p PartNames, by: i64, merge: Merge) -> Option<Vec<Value<'p>>> {
    let name = name_of(*cell, by, merge)?;
    Some(vec![
        Value::Uuid(*tenant),
        Value::Text(Some(name)),
        Value::Text(Some(dimension.name())),
        Value::Text(Some(parts.name(*part))),
        Value::Int(Some(at.0)),
        Value::Int(Some(by)),
    ])
}

/// The zone by whose days the days of a company are summed; `None` while they are being summed again, or before anything was counted.
pub(crate) async fn days_of(tx: &mut Tx, tenant: TenantId) -> Result<Option<TimeZone>> {
    let row = zones(tx, &[tenant.uuid()]).await?.into_values().next();
    Ok(row.filter(|row| row.step.is_none()).and_then(|row| TimeZone::get(&row.zone).ok()))
}

/// By which zones the days of companies are summed, as far as there are any.
pub(crate) async fn zones(tx: &mut Tx, tenants: &[Uuid]) -> Result<HashMap<Uuid, ZoneRow>> {
    let keys: Vec<_> = tenants.iter().map(|tenant| vec![Value::Uuid(*tenant)]).collect();
    let rows: Vec<ZoneRow> = bulk::select(tx, "SELECT tenant_id, zone, step, next_at FROM dws_day_zone WHERE tenant_id IN (VALUES", &keys, ")").await?;
    Ok(rows.into_iter().map(|row| (row.tenant_id, row)).collect())
}

/// A company whose days are being summed again.
pub(crate) async fn zone_to_sum(tx: &mut Tx) -> Result<Option<ZoneRow>> {
    let sql = "SELECT tenant_id, zone, step, next_at FROM dws_day_zone WHERE step IS NOT NULL ORDER BY tenant_id LIMIT 1";
    Ok(q!(tx, |c| sqlx::query_as(sql).fetch_optional(c).await)?)
}

/// Records by which zones the days of companies are summed, and how far.
pub(crate) async fn set_zones(tx: &mut Tx, zones: &[ZoneRow]) -> Result<()> {
    let row = |row: &ZoneRow| vec![Value::Uuid(row.tenant_id), Value::Owned(Some(row.zone.clone())), Value::Int(row.step), Value::Int(row.next_at)];
    let rows: Vec<_> = zones.iter().map(row).collect();
    let tail = "ON CONFLICT (tenant_id) DO UPDATE SET zone = excluded.zone, step = excluded.step, next_at = excluded.next_at";
    bulk::execute(tx, "INSERT INTO dws_day_zone (tenant_id, zone, step, next_at) VALUES", &rows, tail).await.map(drop)
}
