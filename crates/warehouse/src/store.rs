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
use domain::id::TenantId;
use jiff::tz::TimeZone;
use uuid::Uuid;

use crate::{
    changes::{CellChanges, Changes, MinuteKey, PartKey, RowChanges, RowKey},
    definition::{DEFINITIONS, Merge},
    rows::{DialogueRow, Event, ReplyRow, ServiceRow, SessionRow},
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
static LOAD: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {} FROM {} WHERE (tenant_id, conversation_id) IN (VALUES", Event::COLUMNS.join(", "), Event::TABLE));

/// The tables, each with its key, to be emptied one slice at a time.
pub(crate) const TABLES: [(&str, &str); 9] = [
    (Event::TABLE, "tenant_id, conversation_id, seq"),
    (SessionRow::TABLE, "tenant_id, conversation_id, episode"),
    (DialogueRow::TABLE, "tenant_id, conversation_id, seq"),
    (ReplyRow::TABLE, "tenant_id, conversation_id, seq"),
    (ServiceRow::TABLE, "tenant_id, conversation_id, seq"),
    ("dws_minute", "tenant_id, indicator, starts_at"),
    ("dws_quarter", "tenant_id, indicator, dimension, starts_at, part"),
    ("dws_day", "tenant_id, indicator, dimension, starts_at, part"),
    ("dws_day_zone", "tenant_id"),
];

/// Deletes a slice of a table, of all companies; returns the number of rows deleted, and `None` if another node has begun to empty the store since, or has put
/// it into use.
pub(crate) async fn delete_slice(tx: &mut Tx, emptying: i64, (table, key): (&str, &str), limit: i64) -> Result<Option<u64>> {
    let hold = "UPDATE reducer SET batches = batches WHERE one = 1 AND rules = '' AND batches = $1";
    if bulk::run(tx, hold.to_owned(), &[Value::Int(Some(emptying))]).await? == 0 {
        return Ok(None);
    }
    bulk::run(tx, format!("DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} LIMIT $1)"), &[Value::Int(Some(limit))]).await.map(Some)
}

/// Sets the cursor to the start and takes the store out of use; returns the number of this emptying. `None` if the store is already in use under the rules
/// `but_for` and the same generation: another node was faster.
pub(crate) async fn empty(tx: &mut Tx, generation: Uuid, but_for: Option<&str>) -> Result<Option<i64>> {
    let emptying: Option<(i64,)> = q!(tx, |c| sqlx::query_as(
        "INSERT INTO reducer (one, generation, rules, xid, pos, batches) VALUES (1, $1, '', 0, 0, 0)
         ON CONFLICT (one) DO UPDATE SET generation = excluded.generation, rules = excluded.rules, xid = 0, pos = 0, batches = reducer.batches + 1
           WHERE reducer.generation <> excluded.generation OR reducer.rules <> $2
         RETURNING batches"
    )
    .bind(generation)
    .bind(but_for.unwrap_or("-").to_owned())
    .fetch_optional(c)
    .await)?;
    Ok(emptying.map(|(batch,)| batch))
}

/// Puts the emptied store into use, unless another node has started to empty it in the meantime.
pub(crate) async fn begin(tx: &mut Tx, emptying: i64, rules: &str) -> Result<()> {
    q!(tx, |c| sqlx::query("UPDATE reducer SET rules = $2, batches = batches + 1 WHERE one = 1 AND rules = '' AND batches = $1")
        .bind(emptying)
        .bind(rules.to_owned())
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Advances the cursor, never moves it back, and returns the number of this batch. Holds a lock on the cursor until the end of the transaction. Refuses while
/// the store is being emptied, if it was created under different definitions, or if it has not come as far as `from`: then it was emptied since.
pub(crate) async fn advance(tx: &mut Tx, from: Cursor, to: Cursor, rules: &str) -> Result<i64> {
    let row: Option<(i64,)> = q!(tx, |c| sqlx::query_as(
        "UPDATE reducer SET batches = batches + 1,
           xid = CASE WHEN xid < $1 OR (xid = $1 AND pos < $2) THEN $1 ELSE xid END,
           pos = CASE WHEN xid < $1 OR (xid = $1 AND pos < $2) THEN $2 ELSE pos END
         WHERE one = 1 AND rules = $3 AND (xid > $4 OR (xid = $4 AND pos >= $5)) RETURNING batches"
    )
    .bind(to.xid)
    .bind(to.pos)
    .bind(rules.to_owned())
    .bind(from.xid)
    .bind(from.pos)
    .fetch_optional(c)
    .await)?;
    row.map(|(batch,)| batch).ok_or_else(no_cursor)
}

/// Locks the cursor until the end of the transaction, as [`advance`] does, and leaves it where it is.
pub(crate) async fn hold(tx: &mut Tx, rules: &str) -> Result<()> {
    let sql = "UPDATE reducer SET batches = batches WHERE one = 1 AND rules = $1 RETURNING batches";
    let row: Option<(i64,)> = q!(tx, |c| sqlx::query_as(sql).bind(rules.to_owned()).fetch_optional(c).await)?;
    row.map(drop).ok_or_else(no_cursor)
}

fn no_cursor() -> Error {
    Error::Corrupt("the panel has no cursor: it is being rebuilt".to_owned())
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
        let minutes = cells.minutes.iter().filter_map(|(key, by)| minute_row(key, *by, merge)).collect::<Vec<_>>();
        let head = "INSERT INTO dws_minute (tenant_id, indicator, starts_at, amount) VALUES";
        bulk::execute(tx, head, &minutes, &merging("dws_minute", "tenant_id, indicator, starts_at", merge)).await?;
        for (table, parts) in [("dws_quarter", &cells.quarters), ("dws_day", &cells.days)] {
            let rows = parts.iter().filter_map(|(key, by)| part_row(key, *by, merge)).collect::<Vec<_>>();
            let head = format!("INSERT INTO {table} (tenant_id, indicator, dimension, part, starts_at, amount) VALUES");
            bulk::execute(tx, &head, &rows, &merging(table, "tenant_id, indicator, dimension, starts_at, part", merge)).await?;
        }
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

fn minute_row((tenant, cell, at): &MinuteKey, by: i64, merge: Merge) -> Option<Vec<Value<'static>>> {
    Some(vec![Value::Uuid(*tenant), Value::Text(Some(name_of(*cell, by, merge)?)), Value::Int(Some(at.0)), Value::Int(Some(by))])
}

fn part_row<'a>((tenant, cell, dimension, part, at): &'a PartKey, by: i64, merge: Merge) -> Option<Vec<Value<'a>>> {
    let name = name_of(*cell, by, merge)?;
    Some(vec![
        Value::Uuid(*tenant),
        Value::Text(Some(name)),
        Value::Text(Some(dimension)),
        Value::Text(Some(part)),
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
