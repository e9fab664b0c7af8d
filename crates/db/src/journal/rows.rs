//! Statements over many rows of parameters, for either engine.

use sqlx::{Arguments, postgres::PgArguments, sqlite::SqliteArguments};
use uuid::Uuid;

use crate::{Error, Result, Tx};

/// The number of rows of the largest statement.
const MOST: usize = 64;
/// Up to this many rows are put into one statement, whatever their number.
const FEW: usize = 16;

/// The number of rows of the next statement: a small batch needs one statement, and few different sizes are ever prepared.
fn chunk_size(left: usize) -> usize {
    if left <= FEW {
        return left;
    }
    let mut size = MOST;
    while size > left {
        size /= 2;
    }
    size
}

/// The rows in chunks of such sizes, in order.
pub(super) fn chunks<T>(rows: &[T]) -> impl Iterator<Item = &[T]> {
    let mut rest = rows;
    std::iter::from_fn(move || {
        let size = if rest.is_empty() { return None } else { chunk_size(rest.len()) };
        let (chunk, later) = rest.split_at(size);
        rest = later;
        Some(chunk)
    })
}

/// `($1,$2),($3,$4)…` for PostgreSQL. SQLite gets `(?,?),(?,?)…`: it would look up each `$n` as a name among all of them, at a cost that grows with the square
/// of their number. `before` rows with the same number of columns precede these in the statement.
pub(super) fn placeholders(tx: &Tx, before: usize, rows: usize, columns: usize) -> String {
    numbered_or_not(tx.is_postgres(), before, rows, columns)
}

fn numbered_or_not(numbered: bool, before: usize, rows: usize, columns: usize) -> String {
    let mut sql = String::with_capacity(rows * columns * 5);
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ",(" });
        for column in 1..=columns {
            if column > 1 {
                sql.push(',');
            }
            if numbered {
                sql.push('$');
                sql.push_str(&((before + row) * columns + column).to_string());
            } else {
                sql.push('?');
            }
        }
        sql.push(')');
    }
    sql
}

/// Arguments of either engine, bound by the same code.
pub(super) trait Bind {
    fn uuid(&mut self, value: Option<Uuid>) -> Result<()>;
    fn int(&mut self, value: Option<i64>) -> Result<()>;
    fn text(&mut self, value: Option<&str>) -> Result<()>;
}
macro_rules! bind {
    ($type:ty) => {
        impl Bind for $type {
            fn uuid(&mut self, value: Option<Uuid>) -> Result<()> {
                self.add(value).map_err(|e| Error::Sql(sqlx::Error::Encode(e)))
            }
            fn int(&mut self, value: Option<i64>) -> Result<()> {
                self.add(value).map_err(|e| Error::Sql(sqlx::Error::Encode(e)))
            }
            fn text(&mut self, value: Option<&str>) -> Result<()> {
                self.add(value.map(str::to_owned)).map_err(|e| Error::Sql(sqlx::Error::Encode(e)))
            }
        }
    };
}
bind!(SqliteArguments);
bind!(PgArguments);

/// Runs a statement with a variable number of rows of parameters on either engine.
macro_rules! many {
    ($tx:expr, $sql:expr, $bind:expr, |$query:ident, $conn:ident| $run:expr) => {
        match $tx.conn() {
            Conn::Sqlite(conn) => {
                let mut args = SqliteArguments::default();
                $bind(&mut args)?;
                let ($query, $conn) = (sqlx::query_with(AssertSqlSafe($sql).into_sql_str(), args), &mut ***conn);
                $run
            }
            Conn::Postgres(conn) => {
                let mut args = PgArguments::default();
                $bind(&mut args)?;
                let ($query, $conn) = (sqlx::query_with(AssertSqlSafe($sql).into_sql_str(), args), &mut ***conn);
                $run
            }
        }
    };
}

pub(super) use many;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_count_on_through_the_rows() {
        assert_eq!(numbered_or_not(true, 0, 2, 3), "($1,$2,$3),($4,$5,$6)");
        assert_eq!(numbered_or_not(true, 2, 1, 3), "($7,$8,$9)");
        assert_eq!(numbered_or_not(false, 0, 2, 3), "(?,?,?),(?,?,?)");
    }

    #[test]
    fn chunks_cover_everything_in_order_and_a_small_batch_is_one() {
        for n in 0..500_usize {
            let all: Vec<usize> = (0..n).collect();
            let sizes: Vec<usize> = chunks(&all).map(<[usize]>::len).collect();
            assert_eq!(chunks(&all).flatten().copied().collect::<Vec<_>>(), all);
            assert!(sizes.iter().all(|size| *size <= FEW || size.is_power_of_two()));
            assert!(n == 0 || n > FEW || sizes == [n]);
        }
    }
}
