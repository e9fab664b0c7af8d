//! Which days are holidays, and in which seasons and campaigns people ask more, and about what: `demo/calendar.json`.
//!
//! The holidays of 2025 and 2026 are those that were decreed, with the weekends that are worked instead. Those of 2027 are the festivals with the days around
//! them, without such weekends. A day of any other year is judged by its weekday and its season alone.

use std::collections::BTreeMap;

use domain::time::{DAY, Ts};
use jiff::{
    Timestamp, ToSpan,
    civil::{self, Date},
    tz::TimeZone,
};
use serde::Deserialize;

const CALENDAR: &str = include_str!("../../../demo/calendar.json");

/// The kind of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A day on which people work, be it a Saturday or a Sunday.
    Workday,
    /// A Saturday or a Sunday.
    Weekend,
    /// A public holiday.
    Holiday,
}

/// By how much more often people write, and about which themes.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Change {
    /// The factor for all conversations.
    pub traffic: f64,
    /// Further factors for the share of themes, by name.
    #[serde(default)]
    pub themes: BTreeMap<String, f64>,
}

#[derive(Deserialize)]
struct Holiday {
    from: Date,
    until: Date,
    #[serde(flatten)]
    change: Change,
}

/// The days before a holiday that is long.
#[derive(Deserialize)]
struct Before {
    days: i64,
    longer_than: i64,
    #[serde(flatten)]
    change: Change,
}

/// A part of every year: the first and the last day, each as month and day.
#[derive(Deserialize)]
struct Season {
    from: (i8, i8),
    until: (i8, i8),
    #[serde(flatten)]
    change: Change,
}

/// A part of every month: the first and the last day.
#[derive(Deserialize)]
struct OfMonth {
    from: i8,
    until: i8,
    #[serde(flatten)]
    change: Change,
}

/// The calendar of the demo operator.
#[derive(Deserialize)]
pub struct Calendar {
    holidays: Vec<Holiday>,
    workdays: Vec<Date>,
    before: Before,
    seasons: Vec<Season>,
    campaigns: Vec<Season>,
    months: Vec<OfMonth>,
}

impl Season {
    fn contains(&self, date: Date) -> bool {
        let day = (date.month(), date.day());
        if self.from <= self.until { (self.from..=self.until).contains(&day) } else { day >= self.from || day <= self.until }
    }
}

impl Calendar {
    /// The calendar that is part of the program.
    pub fn read() -> Result<Self, serde_json::Error> {
        serde_json::from_str(CALENDAR)
    }

    /// The kind of a day.
    pub fn kind(&self, date: Date) -> Kind {
        if self.holiday(date).is_some() {
            Kind::Holiday
        } else if weekday(date) < 5 || self.workdays.contains(&date) {
            Kind::Workday
        } else {
            Kind::Weekend
        }
    }

    /// Whether a campaign is on.
    pub fn is_campaign(&self, date: Date) -> bool {
        self.campaigns.iter().any(|campaign| campaign.contains(date))
    }

    /// Everything that changes the traffic of a day.
    pub fn changes(&self, date: Date) -> Vec<&Change> {
        let holiday = self.holiday(date).map(|holiday| &holiday.change);
        let before = self.is_before_long_holiday(date).then_some(&self.before.change);
        let seasons = self.seasons.iter().chain(&self.campaigns).filter(|season| season.contains(date)).map(|season| &season.change);
        let months = self.months.iter().filter(|part| (part.from..=part.until).contains(&date.day())).map(|part| &part.change);
        holiday.into_iter().chain(before).chain(seasons).chain(months).collect()
    }

    fn holiday(&self, date: Date) -> Option<&Holiday> {
        self.holidays.iter().find(|holiday| (holiday.from..=holiday.until).contains(&date))
    }

    fn is_before_long_holiday(&self, date: Date) -> bool {
        let is_next = |holiday: &&Holiday| (1..=self.before.days).contains(&(number(holiday.from) - number(date)));
        self.holidays.iter().find(is_next).is_some_and(|holiday| number(holiday.until) - number(holiday.from) + 1 > self.before.longer_than)
    }
}

/// The number of a day since 1970.
fn number(date: Date) -> i64 {
    civil::date(1970, 1, 1).until(date).map_or(0, |span| i64::from(span.get_days()))
}

/// The date of a day that has this number since 1970.
pub fn date(number: i64) -> Date {
    civil::date(1970, 1, 1).checked_add(number.days()).unwrap_or(Date::MAX)
}

/// The weekday: 0 is Monday.
pub fn weekday(date: Date) -> usize {
    usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or_default()
}

/// The clock of a company: how far it is ahead of UTC, in milliseconds. It is taken to be the same all year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zone(pub i64);

impl Zone {
    /// The clock of the zone with this name, as it is now; UTC if there is no such zone.
    pub fn named(name: &str, now: Ts) -> Self {
        let zone = TimeZone::get(name).unwrap_or(TimeZone::UTC);
        Self(Timestamp::from_millisecond(now.0).map_or(0, |at| i64::from(zone.to_offset(at).seconds()) * 1_000))
    }

    /// The number of the day since 1970 that contains this time.
    pub const fn day(self, at: Ts) -> i64 {
        (at.0 + self.0).div_euclid(DAY)
    }

    /// The time of day, in milliseconds.
    pub const fn time_of_day(self, at: Ts) -> i64 {
        (at.0 + self.0).rem_euclid(DAY)
    }

    /// When the day with this number begins.
    pub const fn begin(self, day: i64) -> Ts {
        Ts(day * DAY - self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_three_years_has_its_kind() {
        let calendar = Calendar::read().unwrap();
        let kind = |year, month, day| calendar.kind(civil::date(year, month, day));
        assert_eq!(kind(2026, 2, 17), Kind::Holiday, "Spring Festival");
        assert_eq!(kind(2026, 2, 14), Kind::Workday, "a Saturday that is worked for it");
        assert_eq!(kind(2026, 3, 14), Kind::Weekend);
        assert_eq!(kind(2026, 3, 16), Kind::Workday);
        assert_eq!(kind(2031, 10, 1), Kind::Workday, "nothing is known of that year");
        for year in [2025, 2026, 2027] {
            let days = (0..365).map(|n| calendar.kind(civil::date(year, 1, 1).checked_add(i64::from(n).days()).unwrap()));
            let holidays = days.filter(|kind| *kind == Kind::Holiday).count();
            assert!((22..=35).contains(&holidays), "{holidays} in {year}");
        }
        // Whoever works on a weekend does so for a holiday of the same year.
        assert!(calendar.workdays.iter().all(|day| weekday(*day) >= 5 && calendar.holiday(*day).is_none()));
    }

    #[test]
    fn seasons_come_every_year_and_across_its_end() {
        let calendar = Calendar::read().unwrap();
        for year in [2024, 2026, 2030] {
            assert!(calendar.is_campaign(civil::date(year, 11, 11)) && !calendar.is_campaign(civil::date(year, 11, 14)));
            for (month, day) in [(12, 31), (1, 2)] {
                let changes = calendar.changes(civil::date(year, month, day));
                assert!(changes.iter().any(|change| change.themes.contains_key("bills")), "{changes:?}");
            }
        }
        assert!(calendar.is_before_long_holiday(civil::date(2026, 9, 30)) && !calendar.is_before_long_holiday(civil::date(2026, 9, 24)));
    }

    #[test]
    fn a_day_begins_at_midnight_of_the_zone() {
        let zone = Zone::named("Asia/Shanghai", Ts(0));
        let day = zone.day(Ts(1_795_104_000_000));
        assert_eq!((zone.time_of_day(zone.begin(day)), zone.day(zone.begin(day)), zone.day(zone.begin(day).plus(-1))), (0, day, day - 1));
        assert_eq!(number(date(day)), day);
        assert_eq!(Zone::named("Nowhere/At_All", Ts(0)), Zone(0));
    }
}
