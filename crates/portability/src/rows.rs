//! The copier: reads the rows of a table page by page, and writes them into another record.

use db::{
    Tx,
    bulk::{self, Value},
    cells::{self, Cell, Kind},
};
use domain::id::TenantId;

use crate::holdings::{Column, Table};

/// The most rows that are read or written in one go: a write must not take long, because it holds up those of people.
pub const AT_ONCE: i64 = 200;
/// The most bytes that are written in one go; a row may be larger by itself.
const BYTES_AT_ONCE: usize = 256 * 1024;

/// A row: a value for each column of [`Table::columns`].
pub type Row = Vec<Cell>;

/// Whose rows are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Those of a company.
    Company(TenantId),
    /// Everybody's.
    All,
}

/// At most [`AT_ONCE`] rows of a table in the order of its key, after the row with the key `after`.
pub async fn page(tx: &mut Tx, table: &Table, whose: Whose, after: Option<&[Cell]>) -> db::Result<Vec<Row>> {
    let (columns, key) = (table.columns().collect::<Vec<_>>(), table.key());
    let (mut wheres, mut values) = (Vec::new(), Vec::new());
    if let (Whose::Company(tenant), Some(column)) = (whose, table.company_column()) {
        values.push(Value::Uuid(tenant.uuid()));
        wheres.push(format!("{column} = ${}", values.len()));
    }
    if let Some(after) = after {
        let first = values.len() + 1;
        values.extend(after.iter().zip(&key).map(|(cell, column)| cell.value(column.kind)));
        let marks: Vec<String> = (first..=values.len()).map(|at| format!("${at}")).collect();
        wheres.push(format!("({}) > ({})", names(&key), marks.join(", ")));
    }
    values.push(Value::Int(Some(AT_ONCE)));
    let wheres = if wheres.is_empty() { String::new() } else { format!("WHERE {} ", wheres.join(" AND ")) };
    let (names, order, limit) = (names(&columns), names(&key), values.len());
    let kinds: Vec<Kind> = columns.iter().map(|column| column.kind).collect();
    cells::read(tx, &format!("SELECT {names} FROM {} {wheres}ORDER BY {order} LIMIT ${limit}", table.name), &values, &kinds).await
}

/// The key of a row, by which the next page is asked for.
pub fn key_of(table: &Table, row: &[Cell]) -> Vec<Cell> {
    let key = table.key();
    let place = |name: &str| table.columns().position(|column| column.name == name);
    key.iter().filter_map(|column| row.get(place(column.name)?).cloned()).collect()
}

/// The key of the last row of a table, in the order of its key; `None` if there is none.
pub async fn last_key(tx: &mut Tx, table: &Table) -> db::Result<Option<Vec<Cell>>> {
    let key = table.key();
    let backwards = key.iter().map(|column| format!("{} DESC", column.name)).collect::<Vec<_>>().join(", ");
    let kinds: Vec<Kind> = key.iter().map(|column| column.kind).collect();
    let sql = format!("SELECT {} FROM {} ORDER BY {backwards} LIMIT 1", names(&key), table.name);
    Ok(cells::read(tx, &sql, &[], &kinds).await?.pop())
}

/// Whether the positions of the journal's entries are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Positions {
    /// They are: the whole record is copied.
    Kept,
    /// The entries get new ones, at the end of the journal.
    New,
}

/// Inserts rows, of which there are at most [`AT_ONCE`].
pub async fn insert(tx: &mut Tx, table: &Table, rows: &[Row], positions: Positions) -> db::Result<u64> {
    let is_left_out = |column: &Column| positions == Positions::New && table.name == "journal_entries" && column.name == "pos";
    let columns: Vec<Column> = table.columns().collect();
    let inserted: Vec<Column> = columns.iter().filter(|column| !is_left_out(column)).copied().collect();
    let value = |(cell, column): (&'_ Cell, &Column)| if is_left_out(column) { None } else { Some((cell.clone(), column.kind)) };
    let cells: Vec<Vec<(Cell, Kind)>> = rows.iter().map(|row| row.iter().zip(&columns).filter_map(value).collect()).collect();
    let values: Vec<Vec<Value<'_>>> = cells.iter().map(|row| row.iter().map(|(cell, kind)| cell.value(*kind)).collect()).collect();
    bulk::execute(tx, &format!("INSERT INTO {} ({}) VALUES", table.name, names(&inserted)), &values, "").await
}

/// Rows divided into what is written in one go.
pub fn chunks(rows: Vec<Row>) -> Vec<Vec<Row>> {
    let (mut chunks, mut chunk, mut bytes) = (Vec::new(), Vec::new(), 0);
    for row in rows {
        let size: usize = row.iter().map(Cell::size).sum();
        if !chunk.is_empty() && (bytes + size > BYTES_AT_ONCE || chunk.len() >= usize::try_from(AT_ONCE).unwrap_or(usize::MAX)) {
            chunks.push(std::mem::take(&mut chunk));
            bytes = 0;
        }
        bytes += size;
        chunk.push(row);
    }
    if !chunk.is_empty() {
        chunks.push(chunk);
    }
    chunks
}

/// The number of rows of a company, or of everybody.
pub async fn count(tx: &mut Tx, table: &Table, whose: Whose) -> db::Result<i64> {
    let (wheres, values) = match (whose, table.company_column()) {
        (Whose::Company(tenant), Some(column)) => (format!(" WHERE {column} = $1"), vec![Value::Uuid(tenant.uuid())]),
        _ => (String::new(), Vec::new()),
    };
    let rows = cells::read(tx, &format!("SELECT COUNT(*) FROM {}{wheres}", table.name), &values, &[Kind::Int]).await?;
    Ok(match rows.first().map(Vec::as_slice) {
        Some([Cell::Int(count)]) => *count,
        _ => 0,
    })
}

/// Deletes some rows of a company; returns how many. There may be more until it returns 0.
pub async fn erase_some(tx: &mut Tx, table: &Table, tenant: TenantId) -> db::Result<u64> {
    let Some(column) = table.company_column() else { return Ok(0) };
    let (name, key) = (table.name, names(&table.key()));
    let sql = format!("DELETE FROM {name} WHERE ({key}) IN (SELECT {key} FROM {name} WHERE {column} = $1 LIMIT $2)");
    bulk::run(tx, sql, &[Value::Uuid(tenant.uuid()), Value::Int(Some(AT_ONCE))]).await
}

fn names(columns: &[Column]) -> String {
    columns.iter().map(|column| column.name).collect::<Vec<_>>().join(", ")
}
