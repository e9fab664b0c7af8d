//! Sums a company's days again after its time zone was changed: wholes from the quarters of an hour, with which the days of every zone begin, and parts from the
//! rows. It is done in small steps between batches of facts, each of which replaces a stretch of days in one dimension; what comes after that is added to them.
//! While that goes on, days are read as quarters and rows.

use std::collections::{BTreeMap, HashSet};

use db::{Result, Tx};
use domain::{dimension::Dimension, id::TenantId, time::Ts};
use jiff::tz::TimeZone;
use uuid::Uuid;

use crate::{
    event::Directory,
    range,
    store::{self, ZoneRow},
    sums::{self, Level, Only, every_dimension},
    tally::Tally,
    window::Window,
};

/// The steps: first the wholes, then each dimension.
const STEPS: usize = 1 + Dimension::EACH.len();

/// Makes the days of the companies to which events belong those of the directory's zones. The caller holds the lock on the cursor.
pub(crate) async fn follow(tx: &mut Tx, tenants: HashSet<Uuid>, directory: &Directory) -> Result<()> {
    let tenants: Vec<Uuid> = tenants.into_iter().collect();
    let known = store::zones(tx, &tenants).await?;
    let moved = tenants.into_iter().filter_map(|tenant_id| {
        let zone = directory.zone(TenantId::new(tenant_id)).iana_name().unwrap_or("UTC").to_owned();
        let before = known.get(&tenant_id);
        // The days of a company that is new are right from the first one on.
        before.is_none_or(|before| before.zone != zone).then(|| ZoneRow { tenant_id, zone, step: before.map(|_| 0), next_at: None, packed_to: i64::MIN })
    });
    store::set_zones(tx, &moved.collect::<Vec<_>>()).await
}

/// Sums a stretch of at most this many days in one dimension, if there is anything to sum; returns whether there was.
pub(crate) async fn step(tx: &mut Tx, days: usize) -> Result<bool> {
    store::hold(tx).await?;
    let Some(mut at) = store::zone_to_sum(tx).await? else { return Ok(false) };
    let zone = TimeZone::get(&at.zone).unwrap_or(TimeZone::UTC);
    let step = at.step.and_then(|step| usize::try_from(step).ok()).filter(|step| *step < STEPS);
    let next = match (step, sums::edges(tx, at.tenant_id).await?) {
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
    let dimension = every_dimension().nth(step).flatten();
    // The days of the zone of before may begin earlier and end later.
    let replaced = Window { from: Ts(at.next_at.unwrap_or(i64::MIN)), to: next.unwrap_or(Ts(i64::MAX)) };
    sums::delete(tx, (at.tenant_id, Level::Day, dimension), replaced).await?;
    match dimension {
        None => sum_wholes(tx, at.tenant_id, &days).await?,
        dimension => {
            let parts = sums::of_details(tx, (at.tenant_id, dimension), &days).await?;
            let rows = parts.iter().map(|((from, part), tally)| ((at.tenant_id, dimension, *from, part.as_str()), tally)).collect();
            sums::write(tx, Level::Day, &rows).await?;
        }
    }
    Ok(next)
}

async fn sum_wholes(tx: &mut Tx, tenant: Uuid, days: &[Window]) -> Result<()> {
    let mut rows: BTreeMap<_, Tally> = BTreeMap::new();
    for quarter in sums::within(tx, (tenant, Level::Quarter, None), days, Only::All).await? {
        let Some(day) = days.get(quarter.piece) else { continue };
        rows.entry((tenant, None, day.from, "")).or_default().merge(&Tally::unpack(quarter.whole())?);
    }
    sums::write(tx, Level::Day, &rows).await
}
