//! What is written of the past: a few days at the first start, and a longer past by `yingda demo history`.

use db::Db;
use domain::time::{HOUR, Ts};
use jiff::civil::Date;
use store::{sites::Site, tenants::Tenant};

use crate::{
    calendar::{self, Zone},
    cast::Cast,
    error::Error,
    past::{self, Past, Progress},
    profile::Profile,
    story::Stage,
    words::Words,
};

/// How many days before today the first start writes.
pub const FIRST_DAYS: i64 = 7;
/// The seed of the first start, and the default of the command.
pub const SEED: u64 = 1;
/// The conversations of a usual working day, as the first start writes them; also the default of the command.
pub const PER_DAY: u32 = 120;
/// The most days before today that the command writes.
pub const MOST_DAYS: i64 = 1_000;
/// The most conversations of a usual working day.
pub const MOST_PER_DAY: i64 = 2_000;
/// How long before the first start it was livelier than usual, in milliseconds.
const LIVELY_MS: i64 = 2 * HOUR;

/// The past to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// How many days before today it begins.
    pub days: i64,
    /// The conversations of a usual working day.
    pub per_day: u32,
    /// Determines all random numbers.
    pub seed: u64,
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// The number of days; days that had conversations already are left out.
    pub days: usize,
    /// The number of conversations.
    pub conversations: u64,
}

/// Writes the days before the first start of a demo. Its site may not be stored yet.
pub async fn write_first(db: &Db, company: &Tenant, site: &Site) -> Result<(), Error> {
    let now = db.now();
    let zone = Zone::named(&company.time_zone, now);
    let today = zone.day(now);
    let days = (today - FIRST_DAYS..=today).collect();
    let wanted = Wanted { days: FIRST_DAYS, per_day: PER_DAY, seed: SEED };
    let past = Past { days, now, lively_since: Some(now.plus(-LIVELY_MS)), regulars: PER_DAY };
    write(db, site, zone, wanted, &past, |_| {}).await.map(drop)
}

/// Writes a longer past of a demo: those days, from so many before today until today, that have no conversation. `report` is told after each day.
pub async fn extend(db: &Db, wanted: Wanted, report: impl FnMut(Progress)) -> Result<Written, Error> {
    let tenants = store::entry_points::tenants(db).await?;
    let [tenant] = tenants[..] else { return Err(Error::NotDemo) };
    let mut tx = db.read().await?;
    let company = store::tenants::get(&mut tx, tenant).await?;
    if !company.is_demo {
        return Err(Error::NotDemo);
    }
    let site = store::entry_points::hall_site(db).await?.ok_or(Error::Unfinished)?;
    let now = db.now();
    let zone = Zone::named(&company.time_zone, now);
    let first = store::conversations::first_began(&mut tx, tenant, Ts(0), now).await?.map(|at| zone.day(at));
    if let Some(first) = first.filter(|first| *first < zone.day(company.created_at) - FIRST_DAYS) {
        return Err(Error::AlreadyThere(calendar::date(first)));
    }
    let today = zone.day(now);
    let mut days = Vec::new();
    for day in today - wanted.days..=today {
        if store::conversations::first_began(&mut tx, tenant, zone.begin(day), zone.begin(day + 1)).await?.is_none() {
            days.push(day);
        }
    }
    drop(tx);
    let (Some(&from), Some(&until)) = (days.first(), days.last()) else { return Err(Error::NothingToWrite(wanted.days)) };
    let past = Past { days, now, lively_since: None, regulars: wanted.per_day };
    let conversations = write(db, &site, zone, wanted, &past, report).await?;
    Ok(Written { from: calendar::date(from), until: calendar::date(until), days: past.days.len(), conversations })
}

async fn write(db: &Db, site: &Site, zone: Zone, wanted: Wanted, past: &Past, report: impl FnMut(Progress)) -> Result<u64, Error> {
    let words = Words::read()?;
    let profile = Profile::new(&words, zone, wanted.seed, wanted.per_day, past.now)?;
    let cast = Cast::read(&mut db.read().await?, site).await?;
    if cast.agents.is_empty() {
        return Err(Error::NoAgents);
    }
    past::write(db, Stage { cast: &cast, words: &words, profile: &profile }, past, report).await
}
