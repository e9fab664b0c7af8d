//! The periods over which the panel counts.

use db::{Error, Result, bulk::Value};
use domain::time::{MINUTE, QUARTER, Ts};
use jiff::{Timestamp, ToSpan, Zoned, tz::TimeZone};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The number of minutes in [`Window::last_60`].
pub const LAST: i64 = 60;

/// A period; the end is not included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Window {
    /// The first point in time within it.
    pub from: Ts,
    /// The first point in time after it.
    pub to: Ts,
}

/// A day of a company, up to now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Day {
    /// The date, e.g. `2026-11-20`.
    pub day: String,
    /// The start of the day.
    pub from: Ts,
    /// The end of the current minute.
    pub to: Ts,
}

impl Window {
    /// The minute that contains this time.
    pub const fn minute(at: Ts) -> Self {
        Self { from: at.minute(), to: at.minute().plus(MINUTE) }
    }
    /// The current minute and the 59 before it.
    pub const fn last_60(now: Ts) -> Self {
        Self { from: now.minute().plus(-(LAST - 1) * MINUTE), to: now.minute().plus(MINUTE) }
    }
    /// Whether it begins and ends with a minute.
    pub fn is_of_minutes(self) -> bool {
        self.from == self.from.minute() && self.to == self.to.minute()
    }
    /// The whole quarters of an hour within it; `None` if there are none.
    pub fn quarters(self) -> Option<Self> {
        let whole = Self { from: self.from.plus(QUARTER - 1).quarter(), to: self.to.quarter() };
        (whole.from < whole.to).then_some(whole)
    }
    /// As a row of a statement that goes through pieces of time: number, from, to, company.
    pub(crate) fn piece(self, n: usize, tenant: Uuid) -> Vec<Value<'static>> {
        vec![Value::Int(i64::try_from(n).ok()), Value::Int(Some(self.from.0)), Value::Int(Some(self.to.0)), Value::Uuid(tenant)]
    }
    /// The day this many days ago, up to the same time of day.
    pub fn days_ago(days: i64, now: Ts, zone: &TimeZone) -> Result<Self> {
        let then = to_zoned(now, zone)?.checked_sub(days.days()).map_err(bad)?;
        Ok(Self { from: midnight(&then)?, to: Ts(then.timestamp().as_millisecond()) })
    }
}

impl Day {
    /// Today, up to the end of the current minute.
    pub fn today(now: Ts, zone: &TimeZone) -> Result<Self> {
        let at = to_zoned(now, zone)?;
        Ok(Self { day: at.date().to_string(), from: midnight(&at)?, to: now.minute().plus(MINUTE) })
    }
    /// The period of the day.
    pub const fn window(&self) -> Window {
        Window { from: self.from, to: self.to }
    }
}

/// The date in a zone at the given time, e.g. `2026-11-20`.
pub fn day_key(at: Ts, zone: &TimeZone) -> Option<String> {
    to_zoned(at, zone).ok().map(|at| at.date().to_string())
}

fn to_zoned(at: Ts, zone: &TimeZone) -> Result<Zoned> {
    Ok(Timestamp::from_millisecond(at.0).map_err(bad)?.to_zoned(zone.clone()))
}

/// Every zone's days begin at the start of a minute (of UTC), since seconds of local mean time are no longer used.
fn midnight(at: &Zoned) -> Result<Ts> {
    Ok(Ts(at.start_of_day().map_err(bad)?.timestamp().as_millisecond()).minute())
}

fn bad(error: jiff::Error) -> Error {
    Error::Corrupt(format!("time: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).unwrap()
    }
    fn at(text: &str) -> Ts {
        Ts(text.parse::<Timestamp>().unwrap().as_millisecond())
    }

    #[test]
    fn a_day_begins_at_midnight_of_the_tenant() {
        let shanghai = zone("Asia/Shanghai");
        let before = Day::today(at("2026-11-19T15:59:59.999Z"), &shanghai).unwrap();
        let after = Day::today(at("2026-11-19T16:00:00Z"), &shanghai).unwrap();
        assert_eq!((before.day.as_str(), before.from, before.to), ("2026-11-19", at("2026-11-18T16:00:00Z"), at("2026-11-19T16:00:00Z")));
        assert_eq!((after.day.as_str(), after.from, after.to), ("2026-11-20", at("2026-11-19T16:00:00Z"), at("2026-11-19T16:01:00Z")));
        assert_eq!(day_key(at("2026-11-19T16:00:00Z"), &shanghai).as_deref(), Some("2026-11-20"));
    }

    #[test]
    fn the_past_is_told_by_the_clock_on_the_wall_also_when_that_was_moved() {
        let berlin = zone("Europe/Berlin");
        // On 25 October 2026 the day has 25 hours.
        let yesterday = Window::days_ago(1, at("2026-10-26T09:00:30Z"), &berlin).unwrap();
        assert_eq!(yesterday, Window { from: at("2026-10-24T22:00:00Z"), to: at("2026-10-25T09:00:30Z") });
        let last_week = Window::days_ago(7, at("2026-10-26T09:00:30Z"), &berlin).unwrap();
        assert_eq!(last_week, Window { from: at("2026-10-18T22:00:00Z"), to: at("2026-10-19T08:00:30Z") });
    }

    #[test]
    fn the_last_hour_is_sixty_minutes_with_the_present_one() {
        let window = Window::last_60(Ts(3_600_000 + 59_999));
        assert_eq!(window, Window { from: Ts(60_000), to: Ts(3_660_000) });
    }
}
