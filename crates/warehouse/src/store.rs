//! The statements that write the derived store.

use std::{
    collections::{BTreeMap, HashSet},
    sync::LazyLock,
};

use db::{
    Error, Result, Tx,
    bulk::{self, Value},
    feed::Cursor,
    q,
};
use domain::time::Ts;
use uuid::Uuid;

use crate::{
    definition::DEFINITIONS,
    reduce::Key,
    rows::{DialogueRow, SessionRow},
    window::quarter,
};

/// The parts of the statements that read and write many rows of one table.
struct Sql {
    load: String,
    insert: String,
    update: String,
}

impl Sql {
    /// The first two columns and `number` are the key.
    fn of(table: &str, columns: &[&str], number: &str) -> Self {
        let all = columns.join(", ");
        let rest = columns.iter().filter(|column| !["tenant_id", "conversation_id", number].contains(column));
        let set: Vec<_> = rest.map(|column| format!("{column} = excluded.{column}")).collect();
        Self {
            load: format!("SELECT {all} FROM {table} WHERE (tenant_id, conversation_id, {number}) IN (VALUES"),
            insert: format!("INSERT INTO {table} ({all}) VALUES"),
            update: format!("ON CONFLICT (tenant_id, conversation_id, {number}) DO UPDATE SET {}", set.join(", ")),
        }
    }
}

static SESSIONS: LazyLock<Sql> = LazyLock::new(|| Sql::of(SessionRow::TABLE, SessionRow::COLUMNS, "episode"));
static DIALOGUES: LazyLock<Sql> = LazyLock::new(|| Sql::of(DialogueRow::TABLE, DialogueRow::COLUMNS, "seq"));

/// Statements that empty the tables, one slice at a time.
pub(crate) const DELETES: [&str; 4] = [
    "DELETE FROM dwd_dialogue WHERE (tenant_id, conversation_id, seq) IN (SELECT tenant_id, conversation_id, seq FROM dwd_dialogue LIMIT $1)",
    "DELETE FROM dwd_session WHERE (tenant_id, conversation_id, episode) IN (SELECT tenant_id, conversation_id, episode FROM dwd_session LIMIT $1)",
    "DELETE FROM dws_minute WHERE (tenant_id, indicator, minute) IN (SELECT tenant_id, indicator, minute FROM dws_minute LIMIT $1)",
    "DELETE FROM dws_quarter WHERE (tenant_id, indicator, quarter) IN (SELECT tenant_id, indicator, quarter FROM dws_quarter LIMIT $1)",
];

/// Deletes a slice of a table, of all companies; returns the number of rows deleted.
pub(crate) async fn delete(tx: &mut Tx, sql: &'static str, limit: i64) -> Result<u64> {
    Ok(q!(tx, |c| sqlx::query(sql).bind(limit).execute(c).await.map(|done| done.rows_affected()))?)
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
/// the store is being emptied, or if it was created under different definitions.
pub(crate) async fn advance(tx: &mut Tx, to: Cursor, rules: &str) -> Result<i64> {
    let row: Option<(i64,)> = q!(tx, |c| sqlx::query_as(
        "UPDATE reducer SET batches = batches + 1,
           xid = CASE WHEN xid < $1 OR (xid = $1 AND pos < $2) THEN $1 ELSE xid END,
           pos = CASE WHEN xid < $1 OR (xid = $1 AND pos < $2) THEN $2 ELSE pos END
         WHERE one = 1 AND rules = $3 RETURNING batches"
    )
    .bind(to.xid)
    .bind(to.pos)
    .bind(rules.to_owned())
    .fetch_optional(c)
    .await)?;
    row.map(|(batch,)| batch).ok_or_else(|| Error::Corrupt("the panel has no cursor: it is being rebuilt".to_owned()))
}

/// The rows of sessions.
pub(crate) async fn sessions(tx: &mut Tx, keys: &HashSet<Key>) -> Result<Vec<SessionRow>> {
    bulk::select(tx, &SESSIONS.load, &key_values(keys), ")").await
}

/// The rows of turns and requests.
pub(crate) async fn dialogues(tx: &mut Tx, keys: &HashSet<Key>) -> Result<Vec<DialogueRow>> {
    bulk::select(tx, &DIALOGUES.load, &key_values(keys), ")").await
}

fn key_values(keys: &HashSet<Key>) -> Vec<Vec<Value<'static>>> {
    keys.iter().map(|(tenant, conversation, number)| vec![Value::Uuid(*tenant), Value::Uuid(*conversation), Value::Int(Some(*number))]).collect()
}

/// Writes sessions.
pub(crate) async fn save_sessions(tx: &mut Tx, rows: &[&SessionRow]) -> Result<()> {
    let mut values: Vec<_> = rows.iter().map(|row| row.values()).collect();
    values.sort_by_key(|row| sort_key(row));
    bulk::execute(tx, &SESSIONS.insert, &values, &SESSIONS.update).await.map(drop)
}

/// Writes turns and requests.
pub(crate) async fn save_dialogues(tx: &mut Tx, rows: &[&DialogueRow]) -> Result<()> {
    let mut values: Vec<_> = rows.iter().map(|row| row.values()).collect();
    values.sort_by_key(|row| sort_key(row));
    bulk::execute(tx, &DIALOGUES.insert, &values, &DIALOGUES.update).await.map(drop)
}

/// Rows are written in the order of their keys, so that neighbours are on the same page.
fn sort_key(row: &[Value<'_>]) -> Option<(Uuid, Uuid, i64)> {
    match row {
        [Value::Uuid(tenant), Value::Uuid(conversation), Value::Int(Some(number)), ..] => Some((*tenant, *conversation, *number)),
        _ => None,
    }
}

/// The time of the first turn of an episode, according to its rows.
pub(crate) async fn first_turn(tx: &mut Tx, (tenant, conversation, episode): Key) -> Result<Option<i64>> {
    let (at,): (Option<i64>,) =
        q!(tx, |c| sqlx::query_as("SELECT MIN(at) FROM dwd_dialogue WHERE tenant_id = $1 AND conversation_id = $2 AND episode = $3 AND kind = 'turn'")
            .bind(tenant)
            .bind(conversation)
            .bind(episode)
            .fetch_one(c)
            .await)?;
    Ok(at)
}

/// Sets the language and product of an episode on its turns and requests.
pub(crate) async fn relabel(tx: &mut Tx, session: &SessionRow) -> Result<()> {
    q!(tx, |c| sqlx::query("UPDATE dwd_dialogue SET lang = $4, goods = $5 WHERE tenant_id = $1 AND conversation_id = $2 AND episode = $3 AND at IS NOT NULL")
        .bind(session.tenant_id)
        .bind(session.conversation_id)
        .bind(session.episode)
        .bind(session.lang.clone())
        .bind(session.goods.clone())
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Adds to the minutes, and to the quarters of an hour that contain them.
pub(crate) async fn add_minutes(tx: &mut Tx, deltas: &BTreeMap<(Uuid, Ts, usize), i64>) -> Result<()> {
    let mut quarters = BTreeMap::new();
    for ((tenant, minute, place), by) in deltas {
        *quarters.entry((*tenant, quarter(*minute), *place)).or_default() += by;
    }
    quarters.retain(|_, by| *by != 0);
    bulk::execute(
        tx,
        "INSERT INTO dws_minute (tenant_id, indicator, minute, value) VALUES",
        &rolled(deltas),
        "ON CONFLICT (tenant_id, indicator, minute) DO UPDATE SET value = dws_minute.value + excluded.value",
    )
    .await?;
    bulk::execute(
        tx,
        "INSERT INTO dws_quarter (tenant_id, indicator, quarter, value) VALUES",
        &rolled(&quarters),
        "ON CONFLICT (tenant_id, indicator, quarter) DO UPDATE SET value = dws_quarter.value + excluded.value",
    )
    .await
    .map(drop)
}

fn rolled(deltas: &BTreeMap<(Uuid, Ts, usize), i64>) -> Vec<Vec<Value<'_>>> {
    let row = |((tenant, at, place), by): (&(Uuid, Ts, usize), &i64)| {
        let key = &DEFINITIONS.counts.get(*place)?.key;
        Some(vec![Value::Uuid(*tenant), Value::Text(Some(key)), Value::Int(Some(at.0)), Value::Int(Some(*by))])
    };
    deltas.iter().filter_map(row).collect()
}
