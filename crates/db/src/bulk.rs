//! Statements whose values are collected at run time, most of them over many rows at once, for either engine.

use sqlx::{Arguments, AssertSqlSafe, FromRow, SqlSafeStr, postgres::PgArguments, postgres::PgRow, sqlite::SqliteArguments, sqlite::SqliteRow};
use uuid::Uuid;

use crate::{Conn, Error, Result, Tx};

/// A value to bind.
#[derive(Debug, Clone)]
pub enum Value<'a> {
    /// An id.
    Uuid(Uuid),
    /// An id, or NULL.
    Id(Option<Uuid>),
    /// A number, or NULL.
    Int(Option<i64>),
    /// A text, or NULL.
    Text(Option<&'a str>),
    /// A text of its own, or NULL.
    Owned(Option<String>),
    /// Bytes, or NULL.
    Bytes(Option<&'a [u8]>),
}

impl From<&Uuid> for Value<'_> {
    fn from(value: &Uuid) -> Self {
        Self::Uuid(*value)
    }
}
impl From<&i64> for Value<'_> {
    fn from(value: &i64) -> Self {
        Self::Int(Some(*value))
    }
}
impl From<&Option<i64>> for Value<'_> {
    fn from(value: &Option<i64>) -> Self {
        Self::Int(*value)
    }
}
impl<'a> From<&'a Vec<u8>> for Value<'a> {
    fn from(value: &'a Vec<u8>) -> Self {
        Self::Bytes(Some(value))
    }
}
impl<'a> From<&'a String> for Value<'a> {
    fn from(value: &'a String) -> Self {
        Self::Text(Some(value))
    }
}
impl<'a> From<&'a Option<String>> for Value<'a> {
    fn from(value: &'a Option<String>) -> Self {
        Self::Text(value.as_deref())
    }
}

/// The most values that one statement can have on both engines.
pub const MOST_PARAMETERS: usize = 32_766;

/// A list of arguments for one engine.
trait Bind: Default {
    fn bind(&mut self, value: &Value<'_>) -> std::result::Result<(), sqlx::error::BoxDynError>;
}
macro_rules! bind {
    ($type:ty) => {
        impl Bind for $type {
            fn bind(&mut self, value: &Value<'_>) -> std::result::Result<(), sqlx::error::BoxDynError> {
                match value {
                    Value::Uuid(value) => self.add(*value),
                    Value::Id(value) => self.add(*value),
                    Value::Int(value) => self.add(*value),
                    Value::Text(value) => self.add(value.map(str::to_owned)),
                    Value::Owned(value) => self.add(value.clone()),
                    Value::Bytes(value) => self.add(value.map(<[u8]>::to_vec)),
                }
            }
        }
    };
}
bind!(SqliteArguments);
bind!(PgArguments);

fn arguments<'v, A: Bind>(values: impl IntoIterator<Item = &'v Value<'v>>) -> Result<A> {
    let mut arguments = A::default();
    for value in values {
        arguments.bind(value).map_err(|e| Error::Sql(sqlx::Error::Encode(e)))?;
    }
    Ok(arguments)
}

/// Runs `head ($1,$2),($3,$4)… tail` in as few statements as possible; returns how many rows of the table were affected.
pub async fn execute(tx: &mut Tx, head: &str, rows: &[Vec<Value<'_>>], tail: &str) -> Result<u64> {
    let mut touched = 0;
    let mut rest = rows;
    while !rest.is_empty() {
        let (chunk, later) = rest.split_at(chunk_size(rest.len()));
        rest = later;
        touched += statement(tx, head, chunk, tail).await?;
    }
    Ok(touched)
}

/// Runs it in one statement, for rows that may occur in it twice: the last row is repeated, so that few statement sizes occur. At most [`MOST_PARAMETERS`]
/// values.
pub async fn execute_at_once(tx: &mut Tx, head: &str, mut rows: Vec<Vec<Value<'_>>>, tail: &str) -> Result<u64> {
    let Some(last) = rows.last().cloned() else { return Ok(0) };
    rows.resize(rows.len().next_power_of_two(), last);
    statement(tx, head, &rows, tail).await
}

/// Runs a statement, whose parameters `$1`, `$2`, … are these values; returns how many rows of the table were affected.
pub async fn run(tx: &mut Tx, sql: String, values: &[Value<'_>]) -> Result<u64> {
    execute_sql(tx, |_| sql, values).await
}

async fn statement(tx: &mut Tx, head: &str, rows: &[Vec<Value<'_>>], tail: &str) -> Result<u64> {
    execute_sql(tx, |mark| format!("{head} {} {tail}", placeholders(rows, mark)), rows.iter().flatten()).await
}

async fn execute_sql<'v>(tx: &mut Tx, sql: impl FnOnce(Mark) -> String, values: impl IntoIterator<Item = &'v Value<'v>>) -> Result<u64> {
    let sql = |mark| AssertSqlSafe(sql(mark)).into_sql_str();
    Ok(match tx.conn() {
        Conn::Sqlite(conn) => sqlx::query_with(sql(Mark::Bare), arguments::<SqliteArguments>(values)?).execute(&mut ***conn).await?.rows_affected(),
        Conn::Postgres(conn) => sqlx::query_with(sql(Mark::Numbered), arguments::<PgArguments>(values)?).execute(&mut ***conn).await?.rows_affected(),
    })
}

/// Reads `head ($1,$2),($3,$4)… tail` in as few statements as possible.
pub async fn select<T>(tx: &mut Tx, head: &str, rows: &[Vec<Value<'_>>], tail: &str) -> Result<Vec<T>>
where
    T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
{
    let mut found = Vec::new();
    let mut rest = rows;
    while !rest.is_empty() {
        let (chunk, later) = rest.split_at(chunk_size(rest.len()));
        rest = later;
        let sql = |mark| AssertSqlSafe(format!("{head} {} {tail}", placeholders(chunk, mark))).into_sql_str();
        found.extend(match tx.conn() {
            Conn::Sqlite(conn) => sqlx::query_as_with(sql(Mark::Bare), arguments::<SqliteArguments>(chunk.iter().flatten())?).fetch_all(&mut ***conn).await?,
            Conn::Postgres(conn) => sqlx::query_as_with(sql(Mark::Numbered), arguments::<PgArguments>(chunk.iter().flatten())?).fetch_all(&mut ***conn).await?,
        });
    }
    Ok(found)
}

/// Reads these columns of the rows of a table whose `key` columns have the values of one of `keys`, which must differ from each other. Each is looked up by the index
/// of the key; SQLite would read `(a, b) IN (VALUES …)` as any of the `a` with any of the `b`.
pub async fn look_up<T>(tx: &mut Tx, columns: &str, table: &str, key: &str, keys: &[Vec<Value<'_>>]) -> Result<Vec<T>>
where
    T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
{
    let equal: Vec<String> = key.split(", ").enumerate().map(|(at, column)| format!("t.{column} = k.column{}", at + 1)).collect();
    select(tx, &format!("SELECT {columns} FROM (VALUES"), keys, &format!(") AS k CROSS JOIN {table} t WHERE {}", equal.join(" AND "))).await
}

/// The number of rows of the next statement; there are few different sizes, so that few statements are ever prepared.
fn chunk_size(left: usize) -> usize {
    let mut size = 128;
    while size > left {
        size /= 2;
    }
    size
}

/// How a placeholder is written. SQLite compares each number with all those before it, which takes long if there are thousands; on SQLite the values are in
/// order anyway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Bare,
    Numbered,
}

fn placeholders(rows: &[Vec<Value<'_>>], mark: Mark) -> String {
    let mut sql = String::new();
    let mut number = 0;
    for row in rows {
        sql.push_str(if number == 0 { "(" } else { ",(" });
        for column in 0..row.len() {
            number += 1;
            if column > 0 {
                sql.push(',');
            }
            if mark == Mark::Bare {
                sql.push('?');
            } else {
                sql.push('$');
                sql.push_str(&number.to_string());
            }
        }
        sql.push(')');
    }
    sql
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_count_on_through_the_rows() {
        let row = || vec![Value::Int(Some(1)), Value::Text(None)];
        assert_eq!(placeholders(&[row(), row()], Mark::Numbered), "($1,$2),($3,$4)");
        assert_eq!(placeholders(&[row(), row()], Mark::Bare), "(?,?),(?,?)");
    }

    #[test]
    fn chunks_cover_everything_in_few_sizes() {
        for n in 1..600_usize {
            let mut left = n;
            while left > 0 {
                assert!(chunk_size(left) <= left && chunk_size(left).is_power_of_two());
                left -= chunk_size(left);
            }
        }
    }
}
