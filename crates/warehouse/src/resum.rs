//! Sums a company's days again after its time zone was changed: wholes from the quarters of an hour, with which the days of every zone begin, and parts from the
//! rows. It is done in small steps between batches of facts, each of which replaces a stretch of days in one dimension; what comes after that is added to them.
//! While that goes on, days are read as quarters and rows.

use std::collections::HashSet;

use db::{
    Result, Tx,
    bulk::{self, Value},
    q,
};
use domain::{id::TenantId, time::Ts};
use jiff::tz::TimeZone;
use sqlx::{AssertSqlSafe, SqlSafeStr as _};
use uuid::Uuid;

use crate::{
    definition::{CellDefinition, DEFINITIONS, Merge, Split},
    event::Directory,
    numbers::{merge_of, names_by_merge},
    range,
    render::{self, PartRow},
    store::{self, ZoneRow},
    window::Window,
};

/// The steps: first the wholes, then each dimension.
const STEPS: usize = 1 + Split::EACH.len();

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

/// Sums a stretch of at most this many days in one dimension, if there is anything to sum; returns whether there was.
pub(crate) async fn step(tx: &mut Tx, days: usize) -> Result<bool> {
    store::hold(tx).await?;
    let Some(mut at) = store::zone_to_sum(tx).await? else { return Ok(false) };
    let zone = TimeZone::get(&at.zone).unwrap_or(TimeZone::UTC);
    let step = at.step.and_then(|step| usize::try_from(step).ok()).filter(|step| *step < STEPS);
    let next = match (step, edges(tx, at.tenant_id).await?) {
        (Some(step), Some(edges)) => stretch(tx, &at, step, edges, &zone, days).await?,
        _ => None,
    };
    at.next_at = next.map(|next| next.0);
    if next.is_none() {
        at.step = step.map(|step| step + 1).filter(|step| *step < STEPS).and_then(|step| i64::try_from(step).ok());
    }
    store::set_zones(tx, &[at]).await?;
    Ok(true)
}

/// The first and the last quarter of an hour in which anything was counted.
async fn edges(tx: &mut Tx, tenant: Uuid) -> Result<Option<(Ts, Ts)>> {
    let of = |cell: &CellDefinition| {
        let of = format!("FROM dws_quarter WHERE tenant_id = $1 AND indicator = '{}'", cell.name);
        format!("SELECT (SELECT MIN(starts_at) {of}) AS first, (SELECT MAX(starts_at) {of}) AS last")
    };
    let all = DEFINITIONS.cells.iter().map(of).collect::<Vec<_>>().join(" UNION ALL ");
    let sql = format!("SELECT MIN(first) AS first, MAX(last) AS last FROM ({all}) AS edges");
    let (first, last): (Option<i64>, Option<i64>) = q!(tx, |c| sqlx::query_as(AssertSqlSafe(sql.as_str()).into_sql_str()).bind(tenant).fetch_one(c).await)?;
    Ok(first.zip(last).map(|(first, last)| (Ts(first), Ts(last))))
}

/// Replaces a stretch of days; returns where the next stretch begins, if there is one.
async fn stretch(tx: &mut Tx, at: &ZoneRow, step: usize, (first, last): (Ts, Ts), zone: &TimeZone, most: usize) -> Result<Option<Ts>> {
    let mut day = range::day_of(at.next_at.map_or(first, Ts), zone)?;
    let mut days = Vec::with_capacity(most);
    let mut end = first;
    while days.len() < most && end <= last {
        let from = range::start_of(day, zone)?;
        day = range::after(day)?;
        end = range::start_of(day, zone)?;
        days.push(Window { from, to: end });
    }
    let next = (end <= last).then_some(end);
    let split = step.checked_sub(1).and_then(|place| Split::EACH.get(place)).copied();
    // The days of the zone of before may begin earlier and end later.
    delete(tx, at.tenant_id, split, [at.next_at.unwrap_or(i64::MIN), next.map_or(i64::MAX, |next| next.0)]).await?;
    match split {
        None => sum_wholes(tx, at.tenant_id, &days).await?,
        Some(split) => sum_parts(tx, at.tenant_id, split, &days).await?,
    }
    Ok(next)
}

/// Deletes the days that begin in a stretch of time, in one dimension.
async fn delete(tx: &mut Tx, tenant: Uuid, split: Option<Split>, [from, to]: [i64; 2]) -> Result<()> {
    // Each name is a range of the key.
    let names: Vec<_> = DEFINITIONS.cells.iter().map(|cell| format!("'{}'", cell.name)).collect();
    let sql =
        format!("DELETE FROM dws_day WHERE tenant_id = $1 AND dimension = $2 AND starts_at >= $3 AND starts_at < $4 AND indicator IN ({})", names.join(", "));
    let dimension = split.map_or("", Split::column);
    bulk::run(tx, sql, &[Value::Uuid(tenant), Value::Text(Some(dimension)), Value::Int(Some(from)), Value::Int(Some(to))]).await.map(drop)
}

async fn sum_wholes(tx: &mut Tx, tenant: Uuid, days: &[Window]) -> Result<()> {
    let rows: Vec<_> = days.iter().map(|day| vec![Value::Int(Some(day.from.0)), Value::Int(Some(day.to.0)), Value::Uuid(tenant)]).collect();
    let all: Vec<usize> = (0..DEFINITIONS.cells.len()).collect();
    for (merge, names) in names_by_merge(&all) {
        let names: Vec<_> = names.iter().map(|name| format!("'{name}'")).collect();
        let head = format!(
            "INSERT INTO dws_day (tenant_id, indicator, dimension, part, starts_at, amount)
             SELECT q.tenant_id, q.indicator, '', '', w.column1, CAST({}(q.amount) AS BIGINT) FROM (VALUES",
            merge.sql()
        );
        let tail = format!(
            ") AS w JOIN dws_quarter q ON q.tenant_id = w.column3 AND q.indicator IN ({}) AND q.starts_at >= w.column1 AND q.starts_at < w.column2
             GROUP BY q.tenant_id, q.indicator, w.column1",
            names.join(", ")
        );
        bulk::execute(tx, &head, &rows, &tail).await?;
    }
    Ok(())
}

async fn sum_parts(tx: &mut Tx, tenant: Uuid, split: Split, days: &[Window]) -> Result<()> {
    let piece =
        |(n, day): (usize, &Window)| vec![Value::Int(i64::try_from(n).ok()), Value::Int(Some(day.from.0)), Value::Int(Some(day.to.0)), Value::Uuid(tenant)];
    let pieces: Vec<_> = days.iter().enumerate().map(piece).collect();
    let all: Vec<usize> = (0..DEFINITIONS.cells.len()).collect();
    for (cells, head, tail) in render::cells_in_pieces(&DEFINITIONS, &all, Some(split)) {
        let mut rows = Vec::new();
        for PartRow { piece, part, amounts } in bulk::select::<PartRow>(tx, &head, &pieces, &tail).await? {
            let Some(day) = usize::try_from(piece).ok().and_then(|piece| days.get(piece)) else { continue };
            for (cell, amount) in cells.iter().zip(amounts) {
                // A sum of nothing is not stored.
                let amount = amount.filter(|amount| *amount != 0 || merge_of(*cell) != Merge::Add);
                if let (Some(cell), Some(amount)) = (DEFINITIONS.cells.get(*cell), amount) {
                    let key = [Value::Uuid(tenant), Value::Text(Some(&cell.name)), Value::Text(Some(split.column()))];
                    let rest = [Value::Owned(Some(part.clone())), Value::Int(Some(day.from.0)), Value::Int(Some(amount))];
                    rows.push(key.into_iter().chain(rest).collect::<Vec<_>>());
                }
            }
        }
        bulk::execute(tx, "INSERT INTO dws_day (tenant_id, indicator, dimension, part, starts_at, amount) VALUES", &rows, "").await?;
    }
    Ok(())
}
