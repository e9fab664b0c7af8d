//! Periods as people ask for them: days, hours or minutes by the clock of a zone, also where that clock is changed.

use db::{Error, Result};
use domain::time::{DAY, HOUR, MINUTE, Ts};
use jiff::{Timestamp, ToSpan, Unit, Zoned, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::window::Window;

/// Facts later than this, in milliseconds, are not expected: an outcome, a changed rating, or a customer who comes back. A period that ended at least this long ago is final.
pub const LATE_MS: i64 = 3 * DAY;

/// The size of the pieces into which a period is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Grain {
    /// The pieces are minutes.
    Minute,
    /// The pieces are hours of the zone's clock.
    Hour,
    /// The pieces are days of the zone's calendar.
    Day,
}

impl Grain {
    /// The longest period that can be cut in this way, in days.
    pub const fn most_days(self) -> i64 {
        match self {
            Self::Minute => 2,
            Self::Hour => 62,
            Self::Day => 400,
        }
    }
}

/// The period that a period is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Compare {
    /// The same number of days, directly before it.
    Previous,
    /// The same weekdays, as few whole weeks before as possible.
    Weekday,
}

impl Compare {
    /// How many days lie between the start of a period of `days` days and the start of the period it is compared with.
    pub const fn days_back(self, days: i64) -> i64 {
        match self {
            Self::Previous => days,
            Self::Weekday => (days + 6) / 7 * 7,
        }
    }
}

/// The start of a day in a zone.
pub fn start_of(day: Date, zone: &TimeZone) -> Result<Ts> {
    Ok(Ts(day.to_zoned(zone.clone()).and_then(|at| at.start_of_day()).map_err(bad)?.timestamp().as_millisecond()).minute())
}

/// The day after a day.
pub fn after(day: Date) -> Result<Date> {
    day.tomorrow().map_err(bad)
}

/// The day in a zone on which a point in time lies.
pub fn day_of(at: Ts, zone: &TimeZone) -> Result<Date> {
    Ok(to_zoned(at, zone)?.date())
}

/// The number of days of a zone's calendar that a window touches.
pub fn days_in(window: Window, zone: &TimeZone) -> Result<i64> {
    let (first, last) = (day_of(window.from, zone)?, day_of(window.to.plus(-1), zone)?);
    Ok(i64::from((last - first).get_days()) + 1)
}

/// A window moved back by a number of days on the wall clock; the time of day stays the same.
pub fn earlier(window: Window, days: i64, zone: &TimeZone) -> Result<Window> {
    let back = |at: Ts| -> Result<Ts> {
        let then = to_zoned(at, zone)?.checked_sub(days.days()).map_err(bad)?;
        Ok(Ts(then.timestamp().as_millisecond()).minute())
    };
    Ok(Window { from: back(window.from)?, to: back(window.to)? })
}

/// A window cut at the boundaries of the zone's days, hours or minutes. The first and the last piece may be shorter than the others.
pub fn cut(window: Window, grain: Grain, zone: &TimeZone) -> Result<Vec<Window>> {
    let mut pieces = Vec::new();
    let mut from = window.from;
    while from < window.to {
        let to = next(from, grain, zone)?.max(from.plus(MINUTE)).min(window.to);
        pieces.push(Window { from, to });
        from = to;
    }
    Ok(pieces)
}

/// The start of the piece after the one that contains `at`.
fn next(at: Ts, grain: Grain, zone: &TimeZone) -> Result<Ts> {
    match grain {
        Grain::Minute => Ok(at.minute().plus(MINUTE)),
        Grain::Hour => {
            // Hours on the wall clock follow each other in hours of real time, also through the hour that occurs twice.
            let hour = |at: Ts| Ok::<_, Error>(at.plus(-i64::from(to_zoned(at, zone)?.minute()) * MINUTE).minute());
            let after = hour(hour(at)?.plus(HOUR))?;
            Ok(if after > at { after } else { at.plus(HOUR) })
        }
        Grain::Day => start_of(day_of(at, zone)?.tomorrow().map_err(bad)?, zone),
    }
}

/// A point in time as the zone's clock shows it, with its offset from UTC: `2026-11-20T00:00+08:00`.
pub fn local(at: Ts, zone: &TimeZone) -> Result<String> {
    let at = to_zoned(at, zone)?.round(Unit::Minute).map_err(bad)?;
    Ok(at.strftime("%Y-%m-%dT%H:%M%:z").to_string())
}

fn to_zoned(at: Ts, zone: &TimeZone) -> Result<Zoned> {
    Ok(Timestamp::from_millisecond(at.0).map_err(bad)?.to_zoned(zone.clone()))
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
    fn days(first: &str, last: &str, zone: &TimeZone) -> Window {
        let last: Date = last.parse().unwrap();
        Window { from: start_of(first.parse().unwrap(), zone).unwrap(), to: start_of(last.tomorrow().unwrap(), zone).unwrap() }
    }
    fn hours(pieces: &[Window]) -> Vec<i64> {
        pieces.iter().map(|piece| piece.to.since(piece.from) / HOUR).collect()
    }

    #[test]
    fn a_day_is_as_long_as_the_clock_makes_it() {
        let berlin = zone("Europe/Berlin");
        let autumn = days("2026-10-24", "2026-10-26", &berlin);
        assert_eq!(hours(&cut(autumn, Grain::Day, &berlin).unwrap()), [24, 25, 24]);
        let spring = days("2026-03-28", "2026-03-30", &berlin);
        assert_eq!(hours(&cut(spring, Grain::Day, &berlin).unwrap()), [24, 23, 24]);
        assert_eq!((days_in(autumn, &berlin).unwrap(), days_in(spring, &berlin).unwrap()), (3, 3));
        assert_eq!(cut(autumn, Grain::Hour, &berlin).unwrap().len(), 73);
        assert_eq!(cut(spring, Grain::Hour, &berlin).unwrap().len(), 71);
    }

    #[test]
    fn hours_and_days_begin_where_the_zones_clock_says_also_off_the_full_hour() {
        for name in ["Asia/Kathmandu", "Asia/Kolkata", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Chatham"] {
            let zone = zone(name);
            let year = days("2026-01-01", "2026-12-31", &zone);
            let pieces = cut(year, Grain::Day, &zone).unwrap();
            assert_eq!(pieces.len(), 365, "{name}");
            for piece in cut(days("2026-04-01", "2026-04-30", &zone), Grain::Hour, &zone).unwrap().iter().chain(&pieces) {
                assert_eq!(piece.from.0 % (15 * MINUTE), 0, "{name}");
                assert!(local(piece.from, &zone).unwrap().contains(":00") || name == "Australia/Lord_Howe", "{name}");
            }
        }
    }

    #[test]
    fn the_day_without_midnight_begins_when_it_begins() {
        // In Beirut the clock went from midnight to one o'clock on 29 March 2026.
        let beirut = zone("Asia/Beirut");
        let pieces = cut(days("2026-03-28", "2026-03-30", &beirut), Grain::Day, &beirut).unwrap();
        assert_eq!(hours(&pieces), [24, 23, 24]);
        assert_eq!(local(pieces[1].from, &beirut).unwrap(), "2026-03-29T01:00+03:00");
    }

    #[test]
    fn pieces_lie_end_to_end_and_fill_the_window() {
        let shanghai = zone("Asia/Shanghai");
        let window = Window { from: at("2026-11-18T09:17:00Z"), to: at("2026-11-20T02:05:00Z") };
        for grain in [Grain::Minute, Grain::Hour, Grain::Day] {
            let pieces = cut(window, grain, &shanghai).unwrap();
            assert_eq!((pieces[0].from, pieces[pieces.len() - 1].to), (window.from, window.to));
            assert!(pieces.windows(2).all(|two| two[0].to == two[1].from && two[0].from < two[0].to));
        }
        assert!(cut(Window { from: window.to, to: window.from }, Grain::Day, &shanghai).unwrap().is_empty());
    }

    #[test]
    fn the_same_weekdays_are_whole_weeks_before() {
        let of = |days| (Compare::Previous.days_back(days), Compare::Weekday.days_back(days));
        assert_eq!([of(1), of(7), of(8), of(30)], [(1, 7), (7, 7), (8, 14), (30, 35)]);
        let berlin = zone("Europe/Berlin");
        let before = earlier(days("2026-10-26", "2026-10-26", &berlin), 7, &berlin).unwrap();
        assert_eq!(before, days("2026-10-19", "2026-10-19", &berlin));
    }
}
