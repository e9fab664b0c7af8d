//! Tables whose columns are declared once. [`table!`] derives from the declaration how a record is read, added and updated; all other statements are written out
//! where they are used.

use db::{
    Tx,
    bulk::{self, Value},
};
use domain::{
    id::{Id, Kind, TenantId},
    text::{Bilingual, Lang},
    time::Ts,
};
use sqlx::{AssertSqlSafe, FromRow, Row, postgres::PgRow, sqlite::SqliteRow};
use uuid::Uuid;

use crate::{AT_ONCE, Error, Result};

/// A row of either engine. Each value is `None` if it is NULL.
pub trait Cells {
    /// An id.
    fn uuid(&self, column: &str) -> sqlx::Result<Option<Uuid>>;
    /// A number.
    fn int(&self, column: &str) -> sqlx::Result<Option<i64>>;
    /// A text.
    fn text(&self, column: &str) -> sqlx::Result<Option<String>>;
    /// Bytes.
    fn bytes(&self, column: &str) -> sqlx::Result<Option<Vec<u8>>>;
}

macro_rules! cells {
    ($row:ty) => {
        impl Cells for $row {
            fn uuid(&self, column: &str) -> sqlx::Result<Option<Uuid>> {
                self.try_get(column)
            }
            fn int(&self, column: &str) -> sqlx::Result<Option<i64>> {
                self.try_get(column)
            }
            fn text(&self, column: &str) -> sqlx::Result<Option<String>> {
                self.try_get(column)
            }
            fn bytes(&self, column: &str) -> sqlx::Result<Option<Vec<u8>>> {
                self.try_get(column)
            }
        }
        impl<'r, T: Table> FromRow<'r, $row> for Read<T> {
            fn from_row(row: &'r $row) -> sqlx::Result<Self> {
                Ok(Self(T::read(row)))
            }
        }
        impl<'r, T: Table, M: FromRow<'r, $row>> FromRow<'r, $row> for With<T, M> {
            fn from_row(row: &'r $row) -> sqlx::Result<Self> {
                Ok(Self(T::read(row), M::from_row(row)?))
            }
        }
    };
}
cells!(SqliteRow);
cells!(PgRow);

/// A value that is stored in one column or in several.
pub trait Column: Sized {
    /// Reads the value from its columns; `None` if it is NULL.
    fn read(cells: &dyn Cells, columns: &[&str]) -> Result<Option<Self>>;
    /// Appends what is stored in each of its columns: NULL for `None`.
    fn write<'a>(value: Option<&'a Self>, into: &mut Vec<Value<'a>>) -> Result<()>;
}

/// The error for a stored value of unknown form.
pub fn corrupt(columns: &[&str], what: impl std::fmt::Display) -> Error {
    Error::Db(db::Error::Corrupt(format!("{}: {what}", columns.join(", "))))
}

/// A type that one kind of cell stores.
macro_rules! column {
    ($type:ty, $cell:ident, |$read:ident| $from:expr, |$write:ident| $value:expr) => {
        impl Column for $type {
            fn read(cells: &dyn Cells, columns: &[&str]) -> Result<Option<Self>> {
                Ok(cells.$cell(columns[0])?.map(|$read| $from))
            }
            fn write<'a>($write: Option<&'a Self>, into: &mut Vec<Value<'a>>) -> Result<()> {
                into.push($value);
                Ok(())
            }
        }
    };
}
column!(Uuid, uuid, |id| id, |id| Value::Id(id.copied()));
column!(i64, int, |number| number, |number| Value::Int(number.copied()));
column!(bool, int, |number| number != 0, |is| Value::Int(is.map(|is| i64::from(*is))));
column!(Ts, int, |ms| Ts(ms), |at| Value::Int(at.map(|at| at.0)));
column!(String, text, |text| text, |text| Value::Text(text.map(String::as_str)));
column!(Vec<u8>, bytes, |bytes| bytes, |bytes| Value::Bytes(bytes.map(Vec::as_slice)));
column!(Lang, text, |tag| Lang::from_tag(&tag), |lang| Value::Text(lang.map(|lang| lang.tag())));

impl<K: Kind> Column for Id<K> {
    fn read(cells: &dyn Cells, columns: &[&str]) -> Result<Option<Self>> {
        Ok(cells.uuid(columns[0])?.map(Self::new))
    }
    fn write<'a>(value: Option<&'a Self>, into: &mut Vec<Value<'a>>) -> Result<()> {
        into.push(Value::Id(value.map(|id| id.uuid())));
        Ok(())
    }
}

impl<T: Column> Column for Option<T> {
    fn read(cells: &dyn Cells, columns: &[&str]) -> Result<Option<Self>> {
        Ok(Some(T::read(cells, columns)?))
    }
    fn write<'a>(value: Option<&'a Self>, into: &mut Vec<Value<'a>>) -> Result<()> {
        T::write(value.and_then(Option::as_ref), into)
    }
}

/// Two values that are known together or not at all.
impl<A: Column, B: Column> Column for (A, B) {
    fn read(cells: &dyn Cells, columns: &[&str]) -> Result<Option<Self>> {
        let (first, second) = columns.split_at(1);
        Ok(A::read(cells, first)?.zip(B::read(cells, second)?))
    }
    fn write<'a>(value: Option<&'a Self>, into: &mut Vec<Value<'a>>) -> Result<()> {
        A::write(value.map(|(a, _)| a), into)?;
        B::write(value.map(|(_, b)| b), into)
    }
}

impl Column for Bilingual {
    fn read(cells: &dyn Cells, columns: &[&str]) -> Result<Option<Self>> {
        Ok(<(String, String)>::read(cells, columns)?.map(|(zh, en)| Self { zh, en }))
    }
    fn write<'a>(value: Option<&'a Self>, into: &mut Vec<Value<'a>>) -> Result<()> {
        into.push(Value::Text(value.map(|name| name.zh.as_str())));
        into.push(Value::Text(value.map(|name| name.en.as_str())));
        Ok(())
    }
}

/// Stores types as texts of their own: `as_str` gives the text, `parse` reads it.
macro_rules! text_columns {
    ($($type:ty),+ $(,)?) => {$(
        impl $crate::table::Column for $type {
            fn read(cells: &dyn $crate::table::Cells, columns: &[&str]) -> $crate::Result<Option<Self>> {
                let Some(text) = cells.text(columns[0])? else { return Ok(None) };
                <$type>::parse(&text).map(Some).ok_or_else(|| $crate::table::corrupt(columns, text))
            }
            fn write<'a>(value: Option<&'a Self>, into: &mut Vec<db::bulk::Value<'a>>) -> $crate::Result<()> {
                into.push(db::bulk::Value::Text(value.map(|value| value.as_str())));
                Ok(())
            }
        }
    )+};
}
pub(crate) use text_columns;

/// Like [`text_columns`], for types whose `parse` says what is wrong.
macro_rules! parsed_columns {
    ($($type:ty),+ $(,)?) => {$(
        impl $crate::table::Column for $type {
            fn read(cells: &dyn $crate::table::Cells, columns: &[&str]) -> $crate::Result<Option<Self>> {
                let Some(text) = cells.text(columns[0])? else { return Ok(None) };
                <$type>::parse(&text).map(Some).map_err(|error| $crate::table::corrupt(columns, error))
            }
            fn write<'a>(value: Option<&'a Self>, into: &mut Vec<db::bulk::Value<'a>>) -> $crate::Result<()> {
                into.push(db::bulk::Value::Text(value.map(|value| value.as_str())));
                Ok(())
            }
        }
    )+};
}
pub(crate) use parsed_columns;

/// Stores types as JSON.
macro_rules! json_columns {
    ($($type:ty),+ $(,)?) => {$(
        impl $crate::table::Column for $type {
            fn read(cells: &dyn $crate::table::Cells, columns: &[&str]) -> $crate::Result<Option<Self>> {
                let Some(json) = cells.text(columns[0])? else { return Ok(None) };
                serde_json::from_str(&json).map(Some).map_err(|error| $crate::table::corrupt(columns, error))
            }
            fn write<'a>(value: Option<&'a Self>, into: &mut Vec<db::bulk::Value<'a>>) -> $crate::Result<()> {
                let json = value.map(serde_json::to_string).transpose();
                into.push(db::bulk::Value::Owned(json.map_err(|error| db::Error::Corrupt(error.to_string()))?));
                Ok(())
            }
        }
    )+};
}
pub(crate) use json_columns;

/// A record that is one row of a table.
pub trait Table: Sized {
    /// The name of the table.
    const NAME: &'static str;
    /// The column with the company.
    const TENANT: &'static str;
    /// The columns it is found by in its company.
    const KEY: &'static [&'static str];
    /// The columns that are written once, when it is added.
    const FIXED: &'static [&'static str];
    /// The columns that an editor changes.
    const CHANGING: &'static [&'static str];
    /// Reads a record from a row.
    fn read(cells: &dyn Cells) -> Result<Self>;
    /// Appends the values of [`Self::KEY`].
    fn push_key<'a>(&'a self, into: &mut Vec<Value<'a>>) -> Result<()>;
    /// Appends the values of [`Self::FIXED`].
    fn push_fixed<'a>(&'a self, into: &mut Vec<Value<'a>>) -> Result<()>;
    /// Appends the values of [`Self::CHANGING`].
    fn push_changing<'a>(&'a self, into: &mut Vec<Value<'a>>) -> Result<()>;
}

/// Declares the table of a record: each of its fields with its type and the columns that store it. `of` names the field for its company, if it has one.
#[macro_export]
macro_rules! table {
    (@tenant) => { "tenant_id" };
    (@tenant $column:ident) => { stringify!($column) };
    (
        $name:ident in $table:literal $(of $tenant:ident [$tcolumn:ident])? {
            $(key { $($key:ident : $ktype:ty [$($kcolumn:ident),+]),* $(,)? })?
            $(fixed { $($fixed:ident : $ftype:ty [$($fcolumn:ident),+]),* $(,)? })?
            $(changing { $($changing:ident : $ctype:ty [$($ccolumn:ident),+]),* $(,)? })?
        }
    ) => {
        impl $crate::table::Table for $name {
            const NAME: &'static str = $table;
            const TENANT: &'static str = $crate::table!(@tenant $($tcolumn)?);
            const KEY: &'static [&'static str] = &[$($($(stringify!($kcolumn)),+),*)?];
            const FIXED: &'static [&'static str] = &[$($($(stringify!($fcolumn)),+),*)?];
            const CHANGING: &'static [&'static str] = &[$($($(stringify!($ccolumn)),+),*)?];
            fn read(cells: &dyn $crate::table::Cells) -> $crate::Result<Self> {
                use $crate::table::read_required;
                Ok(Self {
                    $($tenant: read_required(cells, &[stringify!($tcolumn)])?,)?
                    $($($key: read_required::<$ktype>(cells, &[$(stringify!($kcolumn)),+])?,)*)?
                    $($($fixed: read_required::<$ftype>(cells, &[$(stringify!($fcolumn)),+])?,)*)?
                    $($($changing: read_required::<$ctype>(cells, &[$(stringify!($ccolumn)),+])?,)*)?
                })
            }
            fn push_key<'a>(&'a self, into: &mut Vec<db::bulk::Value<'a>>) -> $crate::Result<()> {
                _ = &into;
                $($($crate::table::Column::write(Some(&self.$key), into)?;)*)?
                Ok(())
            }
            fn push_fixed<'a>(&'a self, into: &mut Vec<db::bulk::Value<'a>>) -> $crate::Result<()> {
                _ = &into;
                $($($crate::table::Column::write(Some(&self.$fixed), into)?;)*)?
                Ok(())
            }
            fn push_changing<'a>(&'a self, into: &mut Vec<db::bulk::Value<'a>>) -> $crate::Result<()> {
                _ = &into;
                $($($crate::table::Column::write(Some(&self.$changing), into)?;)*)?
                Ok(())
            }
        }
    };
}

/// Reads a value that cannot be NULL.
pub fn read_required<T: Column>(cells: &dyn Cells, columns: &[&str]) -> Result<T> {
    T::read(cells, columns)?.ok_or_else(|| corrupt(columns, "NULL"))
}

/// A row that was read as a record, or why it could not be.
pub struct Read<T>(Result<T>);

/// A row that was read as a record and, beside it, further columns.
pub struct With<T, M>(pub Result<T>, pub M);

/// The record of a row, which exists.
pub fn one<T>(row: Option<Read<T>>) -> Result<T> {
    row.ok_or(Error::NotFound)?.0
}

/// The record of a row, if it exists.
pub fn any<T>(row: Option<Read<T>>) -> Result<Option<T>> {
    row.map(|row| row.0).transpose()
}

/// The records of all rows.
pub fn all<T>(rows: Vec<Read<T>>) -> Result<Vec<T>> {
    rows.into_iter().map(|row| row.0).collect()
}

/// The statement that reads records of the company `$1`. `rest` says which, and in which order; it calls the table `t`.
pub fn select<T: Table>(rest: &'static str) -> AssertSqlSafe<String> {
    select_with::<T>("", "", rest)
}

/// Like [`select`], also over tables that are `joined`; reads `more` columns beside each record.
pub fn select_with<T: Table>(more: &'static str, joined: &'static str, rest: &'static str) -> AssertSqlSafe<String> {
    AssertSqlSafe(format!("{} WHERE t.{} = $1 {rest}", selection::<T>(more, joined), T::TENANT))
}

/// Like [`select_with`], of any company: only for look-ups that find out which company it is.
pub fn select_any<T: Table>(more: &'static str, joined: &'static str, rest: &'static str) -> AssertSqlSafe<String> {
    AssertSqlSafe(format!("{} {rest}", selection::<T>(more, joined)))
}

fn selection<T: Table>(more: &str, joined: &str) -> String {
    let comma = if more.is_empty() { "" } else { ", " };
    format!("SELECT {}{comma}{more} FROM {} t {joined}", columns::<T>(), T::NAME)
}

/// The columns of a record in a table that the statement calls `t`.
pub fn columns<T: Table>() -> String {
    new_columns::<T>().map(|column| format!("t.{column}")).collect::<Vec<_>>().join(", ")
}

/// Adds a record; [`Error::Taken`] if a record with its key, or with anything else that must be unique, exists.
pub async fn insert<T: Table>(tx: &mut Tx, tenant: TenantId, record: &T) -> Result<()> {
    insert_with(tx, tenant, record, &[]).await
}

/// Like [`insert`]; fills in columns that are not read with the record.
pub async fn insert_with<T: Table>(tx: &mut Tx, tenant: TenantId, record: &T, more: &[(&'static str, Value<'_>)]) -> Result<()> {
    let columns: Vec<&str> = new_columns::<T>().chain(more.iter().map(|(column, _)| *column)).collect();
    let mut values = values(tenant, record)?;
    values.extend(more.iter().map(|(_, value)| value.clone()));
    bulk::execute(tx, &format!("INSERT INTO {} ({}) VALUES", T::NAME, columns.join(", ")), &[values], "").await.map_err(taken_error)?;
    Ok(())
}

/// Adds many records.
pub async fn insert_all<T: Table>(tx: &mut Tx, tenant: TenantId, records: &[T]) -> Result<()> {
    bulk::execute(tx, &insertion::<T>(), &rows(tenant, records)?, "").await.map_err(taken_error)?;
    Ok(())
}

/// Adds many records; those with the key of one that exists are left out.
pub async fn insert_new<T: Table>(tx: &mut Tx, tenant: TenantId, records: &[T]) -> Result<()> {
    for some in records.chunks(AT_ONCE) {
        bulk::execute_at_once(tx, &insertion::<T>(), rows(tenant, some)?, "ON CONFLICT DO NOTHING").await?;
    }
    Ok(())
}

fn insertion<T: Table>() -> String {
    format!("INSERT INTO {} ({}) VALUES", T::NAME, new_columns::<T>().collect::<Vec<_>>().join(", "))
}

fn rows<T: Table>(tenant: TenantId, records: &[T]) -> Result<Vec<Vec<Value<'_>>>> {
    records.iter().map(|record| values(tenant, record)).collect()
}

/// The columns of a new record, in the order of [`values`].
fn new_columns<T: Table>() -> impl Iterator<Item = &'static str> {
    [T::TENANT].into_iter().chain(T::KEY.iter().chain(T::FIXED).chain(T::CHANGING).copied())
}

fn values<T: Table>(tenant: TenantId, record: &T) -> Result<Vec<Value<'_>>> {
    let mut values = vec![Value::Uuid(tenant.uuid())];
    record.push_key(&mut values)?;
    record.push_fixed(&mut values)?;
    record.push_changing(&mut values)?;
    Ok(values)
}

/// Updates what an editor may change of a record; [`Error::Stale`] if it changed since it was `seen`, or was deleted. The table has a column `updated_at`.
pub async fn update<T: Table>(tx: &mut Tx, tenant: TenantId, record: &T, seen: Ts) -> Result<()> {
    update_if(tx, tenant, record, seen, "").await
}

/// Like [`update`]; [`Error::Stale`] also if the `condition`, e.g. `AND state <> 'removed'`, does not hold.
pub async fn update_if<T: Table>(tx: &mut Tx, tenant: TenantId, record: &T, seen: Ts, condition: &'static str) -> Result<()> {
    if set(tx, tenant, record, Some(seen), condition).await? == 1 { Ok(()) } else { Err(Error::Stale) }
}

/// Updates a record that has only one writer; [`Error::NotFound`] if it was deleted.
pub async fn replace<T: Table>(tx: &mut Tx, tenant: TenantId, record: &T) -> Result<()> {
    if set(tx, tenant, record, None, "").await? == 1 { Ok(()) } else { Err(Error::NotFound) }
}

async fn set<T: Table>(tx: &mut Tx, tenant: TenantId, record: &T, seen: Option<Ts>, condition: &str) -> Result<u64> {
    let mut values = Vec::new();
    record.push_changing(&mut values)?;
    let set = equations(T::CHANGING.iter().copied(), 1).join(", ");
    let version = seen.map(|_| "updated_at");
    let found_by = equations([T::TENANT].into_iter().chain(T::KEY.iter().copied()).chain(version), values.len() + 1).join(" AND ");
    values.push(Value::Uuid(tenant.uuid()));
    record.push_key(&mut values)?;
    values.extend(seen.map(|seen| Value::Int(Some(seen.0))));
    bulk::run(tx, format!("UPDATE {} SET {set} WHERE {found_by} {condition}", T::NAME), &values).await.map_err(taken_error)
}

/// `name = $4` and so on, for parameters that begin with number `first`.
fn equations(columns: impl Iterator<Item = &'static str>, first: usize) -> Vec<String> {
    columns.zip(first..).map(|(column, n)| format!("{column} = ${n}")).collect()
}

/// Tells a value that must be unique from other errors of the database.
pub fn taken_error(error: db::Error) -> Error {
    match error {
        db::Error::Sql(error) => error.into(),
        error => error.into(),
    }
}
