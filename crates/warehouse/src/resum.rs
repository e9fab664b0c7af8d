//! Sums a company's days again after its time zone was changed: from the quarters of an hour, with which the days of every zone begin. It is done in small
//! steps between batches of facts, each of which replaces the days of one cell in one dimension; what comes after that is added to them. While that goes on, days
//! are read as quarters.

use std::collections::HashSet;

use db::{
    Result, Tx,
    bulk::{self, Value},
    q, row,
};
use domain::{id::TenantId, time::Ts};
use jiff::tz::TimeZone;
use uuid::Uuid;

use crate::{
    definition::{CellDefinition, DEFINITIONS, Split},
    event::Directory,
    range,
    store::{self, ZoneRow},
};

/// How many days are summed in one step.
const DAYS: usize = 16;
/// How many cells in which nothing was counted are passed over in one step.
const EMPTY: usize = 64;

row! { struct Edges { first: Option<i64>, last: Option<i64> } }

/// Makes the days of the companies to which events belong those of the directory's zones. The caller holds the lock on the cursor.
pub(crate) async fn follow(tx: &mut Tx, tenants: HashSet<Uuid>, directory: &Directory) -> Result<()> {
    let tenants: Vec<Uuid> = tenants.into_iter().collect();
    let known = store::zones(tx, &tenants).await?;
    let moved = tenants.into_iter().filter_map(|tenant_id| {
        let zone = directory.zone(TenantId::new(tenant_id)).iana_name().unwrap_or("UTC").to_owned();
        let before = known.get(&tenant_id);
        // The days of a company that is new are right from the first one on.
        before.is_none_or(|before| before.zone != zone).then(|| ZoneRow { tenant_id, zone, step: before.map(|_| 0), next_at: None })
    });
    store::set_zones(tx, &moved.collect::<Vec<_>>()).await
}

/// Takes one step, if there is anything to sum; returns whether there was.
pub(crate) async fn step(tx: &mut Tx) -> Result<bool> {
    store::hold(tx, DEFINITIONS.fingerprint()).await?;
    let Some(mut at) = store::zone_to_sum(tx).await? else { return Ok(false) };
    let zone = TimeZone::get(&at.zone).unwrap_or(TimeZone::UTC);
    for _ in 0..EMPTY {
        let Some((cell, dimension)) = at.step.and_then(place) else {
            at.step = None;
            break;
        };
        if let Edges { first: Some(first), last: Some(last) } = edges(tx, at.tenant_id, cell, dimension).await? {
            at.next_at = sum(tx, &at, (cell, dimension), (Ts(first), Ts(last)), &zone).await?.map(|next| next.0);
            at.step = at.step.map(|step| if at.next_at.is_some() { step } else { step + 1 });
            break;
        }
        // What is left of the days of the zone of before.
        delete(tx, &at, (cell, dimension), [i64::MIN, i64::MAX]).await?;
        at.step = at.step.map(|step| step + 1);
    }
    store::set_zones(tx, &[at]).await?;
    Ok(true)
}

/// The cell and the dimension of a step; `None` after the last one.
fn place(step: i64) -> Option<(&'static CellDefinition, &'static str)> {
    let (step, dimensions) = (usize::try_from(step).ok()?, 1 + Split::EACH.len());
    let dimension = (step % dimensions).checked_sub(1).and_then(|n| Split::EACH.get(n)).map_or("", |split| split.column());
    Some((DEFINITIONS.cells.get(step / dimensions)?, dimension))
}

/// The first and the last quarter of an hour of a cell.
async fn edges(tx: &mut Tx, tenant: Uuid, cell: &CellDefinition, dimension: &str) -> Result<Edges> {
    let of = "FROM dws_quarter WHERE tenant_id = $1 AND indicator = $2 AND dimension = $3";
    let sql = format!("SELECT (SELECT MIN(starts_at) {of}) AS first, (SELECT MAX(starts_at) {of}) AS last");
    let row = q!(tx, |c| sqlx::query_as(sqlx::AssertSqlSafe(sql.as_str())).bind(tenant).bind(&cell.name).bind(dimension).fetch_one(c).await)?;
    Ok(row)
}

/// Replaces a stretch of days; returns where the next stretch begins, if there is one.
async fn sum(tx: &mut Tx, at: &ZoneRow, (cell, dimension): (&CellDefinition, &str), (first, last): (Ts, Ts), zone: &TimeZone) -> Result<Option<Ts>> {
    let mut day = range::day_of(at.next_at.map_or(first, Ts), zone)?;
    let mut days = Vec::with_capacity(DAYS);
    let mut end = first;
    while days.len() < DAYS && end <= last {
        let from = range::start_of(day, zone)?;
        day = range::after(day)?;
        end = range::start_of(day, zone)?;
        days.push(vec![Value::Int(Some(from.0)), Value::Int(Some(end.0)), Value::Uuid(at.tenant_id)]);
    }
    let next = (end <= last).then_some(end);
    // The days of the zone of before may begin earlier and end later.
    delete(tx, at, (cell, dimension), [at.next_at.unwrap_or(i64::MIN), next.map_or(i64::MAX, |next| next.0)]).await?;
    let Some(function) = DEFINITIONS.measures.get(cell.measure).map(|measure| measure.kind.merge().sql()) else { return Ok(next) };
    let head = format!(
        "INSERT INTO dws_day (tenant_id, indicator, dimension, part, starts_at, amount)
         SELECT q.tenant_id, q.indicator, q.dimension, q.part, w.column1, CAST({function}(q.amount) AS BIGINT) FROM (VALUES"
    );
    let tail = format!(
        ") AS w JOIN dws_quarter q ON q.tenant_id = w.column3 AND q.indicator = '{}' AND q.dimension = '{dimension}' AND q.starts_at >= w.column1 AND q.starts_at < w.column2
         GROUP BY q.tenant_id, q.indicator, q.dimension, q.part, w.column1",
        cell.name
    );
    bulk::execute(tx, &head, &days, &tail).await?;
    Ok(next)
}

/// Deletes the days of a cell that begin in a stretch of time.
async fn delete(tx: &mut Tx, at: &ZoneRow, (cell, dimension): (&CellDefinition, &str), stretch: [i64; 2]) -> Result<()> {
    let key = [Value::Uuid(at.tenant_id), Value::Text(Some(&cell.name)), Value::Text(Some(dimension))];
    let values: Vec<_> = key.into_iter().chain(stretch.map(|edge| Value::Int(Some(edge)))).collect();
    let sql = "DELETE FROM dws_day WHERE tenant_id = $1 AND indicator = $2 AND dimension = $3 AND starts_at >= $4 AND starts_at < $5";
    bulk::run(tx, sql.to_owned(), &values).await.map(drop)
}
