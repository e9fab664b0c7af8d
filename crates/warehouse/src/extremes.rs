//! Looks up an extreme again after a value was taken back: the next one can only be found among the rows.

use std::collections::BTreeSet;

use db::{
    Result, Tx,
    bulk::{self, Value},
    q, row,
};
use domain::{
    id::TenantId,
    time::{MINUTE, QUARTER},
};
use sqlx::{AssertSqlSafe, SqlSafeStr as _};
use uuid::Uuid;

use crate::{
    changes::{Level, TakenBack},
    definition::{DEFINITIONS, Measure},
    event::Directory,
    range,
    window::Window,
};

row! { struct Found { part: String, amount: Option<i64> } }

/// The query that finds an extreme: of which measure, by which dimension (empty for the whole). Its parameters are the company, the start and the end.
pub(crate) type Query = fn(&Measure, &str) -> String;

/// Corrects the pieces of time with what a query finds. The rows have been saved.
pub(crate) async fn look_up_again(tx: &mut Tx, taken_back: &BTreeSet<TakenBack>, directory: &Directory, query: Query) -> Result<()> {
    for (tenant, cell, level, dimension, from) in taken_back {
        let Some(measure) = DEFINITIONS.cells.get(*cell).and_then(|cell| DEFINITIONS.measures.get(cell.measure)) else { continue };
        let (table, to) = match level {
            Level::Minute => ("dws_minute", from.plus(MINUTE)),
            Level::Quarter => ("dws_quarter", from.plus(QUARTER)),
            Level::Day => {
                let zone = directory.zone(TenantId::new(*tenant));
                ("dws_day", range::start_of(range::after(range::day_of(*from, &zone)?)?, &zone)?)
            }
        };
        let dimension = (*level == Level::Day).then(|| dimension.name());
        let sql = query(measure, dimension.unwrap_or_default());
        correct(tx, *tenant, (measure, &sql), table, dimension, Window { from: *from, to }).await?;
    }
    Ok(())
}

/// Replaces the values of one cell in a piece of time with what the rows say; `dimension` is `None` for a table that only has wholes.
async fn correct(tx: &mut Tx, tenant: Uuid, (measure, sql): (&Measure, &str), table: &str, dimension: Option<&'static str>, window: Window) -> Result<()> {
    let key = vec![Value::Uuid(tenant), Value::Text(Some(&measure.key)), Value::Int(Some(window.from.0))];
    let (only, mut values) = (if dimension.is_some() { " AND dimension = $4" } else { "" }, key.clone());
    values.extend(dimension.map(|dimension| Value::Text(Some(dimension))));
    bulk::run(tx, format!("DELETE FROM {table} WHERE tenant_id = $1 AND indicator = $2 AND starts_at = $3{only}"), &values).await?;
    let found: Vec<Found> =
        q!(tx, |c| sqlx::query_as(AssertSqlSafe(sql).into_sql_str()).bind(tenant).bind(window.from.0).bind(window.to.0).fetch_all(c).await)?;
    let row = |found: &Found| -> Option<Vec<Value<'_>>> {
        let mut values = key.clone();
        values.push(Value::Int(Some(found.amount?)));
        if let Some(dimension) = dimension {
            values.extend([Value::Text(Some(dimension)), Value::Owned(Some(found.part.clone()))]);
        }
        Some(values)
    };
    let rows: Vec<_> = found.iter().filter_map(row).collect();
    let more = if dimension.is_some() { ", dimension, part" } else { "" };
    bulk::execute(tx, &format!("INSERT INTO {table} (tenant_id, indicator, starts_at, amount{more}) VALUES"), &rows, "").await.map(drop)
}
