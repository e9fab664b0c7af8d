//! Rows of any table as values that are the same on both engines: for whoever copies tables and knows them by a list.

use sqlx::{AssertSqlSafe, Row as _, SqlSafeStr as _};
use uuid::Uuid;

use crate::{Result, Tx, bulk::Value, q};

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An id: a UUID, or 16 bytes on SQLite.
    Id,
    /// Other bytes.
    Bytes,
    /// An integer of 64 bits.
    Int,
    /// A text.
    Text,
}

/// A value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cell {
    /// NULL.
    Null,
    /// An id.
    Id(Uuid),
    /// Bytes.
    Bytes(Vec<u8>),
    /// An integer.
    Int(i64),
    /// A text.
    Text(String),
}

impl Cell {
    /// It as a value to bind; NULL takes the kind of its column.
    pub fn value(&self, kind: Kind) -> Value<'_> {
        match (self, kind) {
            (Self::Id(id), _) => Value::Uuid(*id),
            (Self::Bytes(bytes), _) => Value::Bytes(Some(bytes)),
            (Self::Int(number), _) => Value::Int(Some(*number)),
            (Self::Text(text), _) => Value::Text(Some(text)),
            (Self::Null, Kind::Id) => Value::Id(None),
            (Self::Null, Kind::Bytes) => Value::Bytes(None),
            (Self::Null, Kind::Int) => Value::Int(None),
            (Self::Null, Kind::Text) => Value::Text(None),
        }
    }
    /// The size of what it contains, in bytes.
    pub const fn size(&self) -> usize {
        match self {
            Self::Null => 1,
            Self::Id(_) => 16,
            Self::Bytes(bytes) => bytes.len(),
            Self::Int(_) => 8,
            Self::Text(text) => text.len(),
        }
    }
}

macro_rules! cells {
    ($rows:expr, $kinds:expr) => {{
        let mut found = Vec::with_capacity($rows.len());
        for row in &$rows {
            let cell = |(at, kind): (usize, &Kind)| -> sqlx::Result<Cell> {
                Ok(match kind {
                    Kind::Id => row.try_get::<Option<Uuid>, _>(at)?.map_or(Cell::Null, Cell::Id),
                    Kind::Bytes => row.try_get::<Option<Vec<u8>>, _>(at)?.map_or(Cell::Null, Cell::Bytes),
                    Kind::Int => row.try_get::<Option<i64>, _>(at)?.map_or(Cell::Null, Cell::Int),
                    Kind::Text => row.try_get::<Option<String>, _>(at)?.map_or(Cell::Null, Cell::Text),
                })
            };
            found.push($kinds.iter().enumerate().map(cell).collect::<sqlx::Result<Vec<Cell>>>()?);
        }
        found
    }};
}

/// Reads the rows of a query with the parameters `$1`, `$2`, … whose columns are of these kinds, in this order.
pub async fn read(tx: &mut Tx, sql: &str, values: &[Value<'_>], kinds: &[Kind]) -> Result<Vec<Vec<Cell>>> {
    let sql = AssertSqlSafe(sql.to_owned()).into_sql_str();
    q!(tx, |c| {
        let query = values.iter().fold(sqlx::query(sql), |query, value| match value {
            Value::Uuid(id) => query.bind(*id),
            Value::Id(id) => query.bind(*id),
            Value::Int(number) => query.bind(*number),
            Value::Text(text) => query.bind(*text),
            Value::Owned(text) => query.bind(text.as_deref()),
            Value::Bytes(bytes) => query.bind(*bytes),
        });
        let rows = query.fetch_all(c).await?;
        Ok(cells!(rows, kinds))
    })
}
