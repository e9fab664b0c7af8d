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
use domain::{id::TenantId, time::Ts};
use jiff::tz::TimeZone;
use uuid::Uuid;

use crate::{
    changes::{Changes, RowChanges, RowKey},
    rows::{DialogueRow, Event, ReplyRow, ServiceRow, SessionRow, WorkRow},
    sums,
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
        /// The days that begin before are packed.
        pub(crate) packed_to: i64,
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
static COLUMNS: LazyLock<String> = LazyLock::new(|| Event::COLUMNS.join(", "));

/// Notes of which history and under which definitions an edition is, if it is new; refused if it is of others.
pub(crate) async fn begin(tx: &mut Tx, generation: Uuid, rules: &str) -> Result<()> {
    let insert = "INSERT INTO reducer (one, generation, rules, xid, pos, batches) VALUES (1, $1, $2, 0, 0, 0) ON CONFLICT (one) DO NOTHING";
    bulk::run(tx, insert.to_owned(), &[Value::Uuid(generation), Value::Text(Some(rules))]).await?;
    let sql = "SELECT generation, rules FROM reducer WHERE one = 1";
    let of: Option<(Uuid, String)> = q!(tx, |c| sqlx::query_as(sql).fetch_optional(c).await)?;
    of.filter(|(of, under)| *of == generation && under == rules).map(drop).ok_or_else(no_cursor)
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
    bulk::look_up(tx, &COLUMNS, Event::TABLE, "tenant_id, conversation_id", &keys).await
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
    sums::merge(tx, changes.cells.rows()).await
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

/// The zone by whose days the days of a company are summed; `None` while they are being summed again, or before anything was counted.
pub(crate) async fn days_of(tx: &mut Tx, tenant: TenantId) -> Result<Option<TimeZone>> {
    let row = zones(tx, &[tenant.uuid()]).await?.into_values().next();
    Ok(row.filter(|row| row.step.is_none()).and_then(|row| TimeZone::get(&row.zone).ok()))
}

/// By which zones the days of companies are summed, as far as there are any.
pub(crate) async fn zones(tx: &mut Tx, tenants: &[Uuid]) -> Result<HashMap<Uuid, ZoneRow>> {
    let keys: Vec<_> = tenants.iter().map(|tenant| vec![Value::Uuid(*tenant)]).collect();
    let rows: Vec<ZoneRow> =
        bulk::select(tx, "SELECT tenant_id, zone, step, next_at, packed_to FROM dws_day_zone WHERE tenant_id IN (VALUES", &keys, ")").await?;
    Ok(rows.into_iter().map(|row| (row.tenant_id, row)).collect())
}

/// A company whose days are being summed again.
pub(crate) async fn zone_to_sum(tx: &mut Tx) -> Result<Option<ZoneRow>> {
    let sql = "SELECT tenant_id, zone, step, next_at, packed_to FROM dws_day_zone WHERE step IS NOT NULL ORDER BY tenant_id LIMIT 1";
    Ok(q!(tx, |c| sqlx::query_as(sql).fetch_optional(c).await)?)
}

/// The company whose days have waited longest to be packed up to this time.
pub(crate) async fn zone_to_pack(tx: &mut Tx, before: Ts) -> Result<Option<ZoneRow>> {
    let sql = "SELECT tenant_id, zone, step, next_at, packed_to FROM dws_day_zone WHERE step IS NULL AND packed_to < $1 ORDER BY packed_to LIMIT 1";
    Ok(q!(tx, |c| sqlx::query_as(sql).bind(before.0).fetch_optional(c).await)?)
}

/// Notes that the days of a company from this time on may not be packed.
pub(crate) async fn note_unpacked(tx: &mut Tx, tenant: Uuid, from: Ts) -> Result<()> {
    let sql = "UPDATE dws_day_zone SET packed_to = $2 WHERE tenant_id = $1 AND packed_to > $2";
    bulk::run(tx, sql.to_owned(), &[Value::Uuid(tenant), Value::Int(Some(from.0))]).await.map(drop)
}

/// Records by which zones the days of companies are summed, and how far.
pub(crate) async fn set_zones(tx: &mut Tx, zones: &[ZoneRow]) -> Result<()> {
    let row = |row: &ZoneRow| {
        let zone = Value::Owned(Some(row.zone.clone()));
        vec![Value::Uuid(row.tenant_id), zone, Value::Int(row.step), Value::Int(row.next_at), Value::Int(Some(row.packed_to))]
    };
    let rows: Vec<_> = zones.iter().map(row).collect();
    let tail = "ON CONFLICT (tenant_id) DO UPDATE SET zone = excluded.zone, step = excluded.step, next_at = excluded.next_at, packed_to = excluded.packed_to";
    bulk::execute(tx, "INSERT INTO dws_day_zone (tenant_id, zone, step, next_at, packed_to) VALUES", &rows, tail).await.map(drop)
}
