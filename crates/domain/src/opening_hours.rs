//! The opening hours of a queue: a week of intervals, exceptional days (holidays and make-up days), and the time by which a left message is answered.
//!
//! Hours are read on the wall clock of a time zone. When that clock is changed, an hour that does not exist begins when the gap ends, and an hour that exists
//! twice belongs to the interval both times.

use std::fmt;

use jiff::{
    Timestamp, ToSpan, Zoned,
    civil::{Date, Time},
    tz::TimeZone,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    line,
    time::{HOUR, Ts},
};

/// The most intervals of one day.
pub const MAX_INTERVALS: usize = 8;
/// The most exceptional days.
pub const MAX_DAYS: usize = 400;
/// The default time within which a left message is answered, in hours after the next opening.
pub const ANSWER_WITHIN_H: i64 = 2;
/// The longest promised time, in hours: a week.
pub const MAX_ANSWER_WITHIN_H: i64 = 168;
/// How many days ahead the next opening is searched for: more than a year, for a shop that opens in one season.
const LOOK_AHEAD_DAYS: i32 = 400;
/// The number of minutes in a day.
const DAY_MINUTES: u16 = 24 * 60;

/// A period within one day; the end is not included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Interval {
    /// The start, e.g. `09:00`.
    pub from: String,
    /// The end, e.g. `18:00`; `24:00` is the end of the day.
    pub to: String,
}

/// The intervals of each day of a week.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Week {
    /// The intervals on Monday.
    #[serde(default)]
    #[schema(required)]
    pub mon: Vec<Interval>,
    /// The intervals on Tuesday.
    #[serde(default)]
    #[schema(required)]
    pub tue: Vec<Interval>,
    /// The intervals on Wednesday.
    #[serde(default)]
    #[schema(required)]
    pub wed: Vec<Interval>,
    /// The intervals on Thursday.
    #[serde(default)]
    #[schema(required)]
    pub thu: Vec<Interval>,
    /// The intervals on Friday.
    #[serde(default)]
    #[schema(required)]
    pub fri: Vec<Interval>,
    /// The intervals on Saturday.
    #[serde(default)]
    #[schema(required)]
    pub sat: Vec<Interval>,
    /// The intervals on Sunday.
    #[serde(default)]
    #[schema(required)]
    pub sun: Vec<Interval>,
}

impl Week {
    /// The days with their names, Monday first.
    pub fn days(&self) -> [(&'static str, &Vec<Interval>); 7] {
        let Self { mon, tue, wed, thu, fri, sat, sun } = self;
        [("mon", mon), ("tue", tue), ("wed", wed), ("thu", thu), ("fri", fri), ("sat", sat), ("sun", sun)]
    }
}

/// A day whose hours differ from its day of the week: a holiday without intervals, or a make-up day with them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SpecialDay {
    /// The date, e.g. `2026-10-01`.
    pub date: String,
    /// The name of the day, at most 40 characters.
    #[serde(default)]
    #[schema(required)]
    pub name: String,
    /// The intervals in which it is open on that day.
    pub intervals: Vec<Interval>,
}

/// The opening hours of a queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpeningHours {
    /// The regular hours of a week.
    pub week: Week,
    /// Days with exceptional hours.
    #[serde(default)]
    #[schema(required)]
    pub days: Vec<SpecialDay>,
    /// A left message is answered within this many hours of the next opening, 1 to 168.
    #[serde(default = "answer_within")]
    #[schema(required, minimum = 1, maximum = 168)]
    pub answer_within_h: i64,
}

const fn answer_within() -> i64 {
    ANSWER_WITHIN_H
}

/// What is wrong with opening hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HoursFault {
    /// It is not a time of day.
    #[error("write a time as 09:00, and the end of a day as 24:00")]
    Time,
    /// The interval ends before it begins, or at the same time.
    #[error("the interval ends before it begins: split one that passes midnight in two, until 24:00 and from 00:00")]
    Order,
    /// Two intervals of one day overlap.
    #[error("two intervals of this day overlap: merge them into one")]
    Overlap,
    /// A day has too many intervals.
    #[error("a day can have at most {MAX_INTERVALS} intervals")]
    TooManyIntervals,
    /// It is not a date.
    #[error("write a date as 2026-10-01")]
    Date,
    /// The same date appears twice.
    #[error("this date appears twice")]
    Twice,
    /// The name is too long or deceptive: a reader could take it for a different one.
    #[error("the name of a day can have at most 40 characters on one line, none of them invisible")]
    Name,
    /// There are too many exceptional days.
    #[error("there can be at most {MAX_DAYS} exceptional days")]
    TooManyDays,
    /// The promised time is out of range.
    #[error("the time for a reply must be from 1 to {MAX_ANSWER_WITHIN_H} hours")]
    Promise,
}

/// Invalid opening hours: the field and the fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{fault}")]
pub struct HoursError {
    /// The path of the field within the hours, separated by dots: `week.mon.0.to`.
    pub field: String,
    /// What is wrong with it.
    pub fault: HoursFault,
}

/// Whether a person can be asked for now, and what is promised to somebody who leaves a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Service {
    /// Whether the queue is open.
    pub open: bool,
    /// When it opens next; `None` if it is open, or the next opening is not known.
    pub opens_at: Option<Ts>,
    /// The time by which a message left now is answered; `None` if it is closed and the next opening is not known.
    pub promised_by: Option<Ts>,
}

/// An interval in minutes since midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Minutes {
    from: u16,
    to: u16,
}

impl OpeningHours {
    /// Checks what came from outside.
    pub fn check(&self) -> Result<(), HoursError> {
        let fault = |field: String, fault| HoursError { field, fault };
        if !(1..=MAX_ANSWER_WITHIN_H).contains(&self.answer_within_h) {
            return Err(fault("answer_within_h".to_owned(), HoursFault::Promise));
        }
        for (name, intervals) in self.week.days() {
            check_day(intervals, &format!("week.{name}"))?;
        }
        if self.days.len() > MAX_DAYS {
            return Err(fault("days".to_owned(), HoursFault::TooManyDays));
        }
        for (n, day) in self.days.iter().enumerate() {
            let date = date_of(&day.date).ok_or_else(|| fault(format!("days.{n}.date"), HoursFault::Date))?;
            if self.days[..n].iter().any(|other| date_of(&other.date) == Some(date)) {
                return Err(fault(format!("days.{n}.date"), HoursFault::Twice));
            }
            if day.name.chars().count() > 40 || line::deceives(&day.name) {
                return Err(fault(format!("days.{n}.name"), HoursFault::Name));
            }
            check_day(&day.intervals, &format!("days.{n}.intervals"))?;
        }
        Ok(())
    }

    /// Whether it is open at the given time.
    pub fn is_open(&self, at: Ts, zone: &TimeZone) -> bool {
        let Some(wall) = wall(at, zone) else { return false };
        let minute = u16::try_from(i32::from(wall.hour()) * 60 + i32::from(wall.minute())).unwrap_or_default();
        self.on(wall.date()).iter().any(|open| (open.from..open.to).contains(&minute))
    }

    /// When it opens next: the first time after `at` that is open while the time before it is not; `None` if that is not within [`LOOK_AHEAD_DAYS`], or it is
    /// open without end.
    pub fn opens_after(&self, at: Ts, zone: &TimeZone) -> Option<Ts> {
        let mut date = wall(at, zone)?.date();
        for _ in 0..LOOK_AHEAD_DAYS {
            let begins = self.on(date).into_iter().filter_map(|open| moment(date, open.from, zone));
            // Midnight between two intervals is not an opening.
            if let Some(next) = begins.filter(|begin| *begin > at && !self.is_open(begin.plus(-1), zone)).min() {
                return Some(next);
            }
            date = date.checked_add(1.day()).ok()?;
        }
        None
    }

    /// Whether it is open at the given time, when it opens next, and by when a message left then is answered.
    pub fn service(&self, at: Ts, zone: &TimeZone) -> Service {
        let open = self.is_open(at, zone);
        let opens_at = if open { None } else { self.opens_after(at, zone) };
        let begins = if open { Some(at) } else { opens_at };
        Service { open, opens_at, promised_by: begins.map(|at| at.plus(self.answer_within_h * HOUR)) }
    }

    /// The intervals of a date, in order.
    fn on(&self, date: Date) -> Vec<Minutes> {
        let special = self.days.iter().find(|day| date_of(&day.date) == Some(date));
        let of_week = || self.week.days()[usize::from(date.weekday().to_monday_zero_offset().unsigned_abs())].1;
        let mut all: Vec<Minutes> = special.map_or_else(of_week, |day| &day.intervals).iter().filter_map(|interval| minutes(interval).ok()).collect();
        all.sort_unstable();
        all
    }
}

impl Service {
    /// The service of a queue that is always open.
    pub const fn always(at: Ts) -> Self {
        Self { open: true, opens_at: None, promised_by: Some(at.plus(ANSWER_WITHIN_H * HOUR)) }
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.from, self.to)
    }
}

/// A time zone by its IANA name; `None` if there is no such zone.
pub fn zone(name: &str) -> Option<TimeZone> {
    // `TimeZone::get` also accepts names that only this machine happens to know.
    TimeZone::get(name).ok().filter(|zone| zone.iana_name() == Some(name))
}

/// The next time after `at` at which a zone's clock shows this many minutes after midnight.
pub fn next_at(at: Ts, minute: u16, zone: &TimeZone) -> Option<Ts> {
    let today = wall(at, zone)?.date();
    [Some(today), today.tomorrow().ok()].into_iter().flatten().filter_map(|date| moment(date, minute, zone)).find(|moment| *moment > at)
}

fn check_day(intervals: &[Interval], field: &str) -> Result<(), HoursError> {
    let fault = |field: String, fault| HoursError { field, fault };
    if intervals.len() > MAX_INTERVALS {
        return Err(fault(field.to_owned(), HoursFault::TooManyIntervals));
    }
    let mut before: Vec<Minutes> = Vec::with_capacity(intervals.len());
    for (n, interval) in intervals.iter().enumerate() {
        let open = minutes(interval).map_err(|end| fault(format!("{field}.{n}.{end}"), HoursFault::Time))?;
        if open.from >= open.to {
            return Err(fault(format!("{field}.{n}.to"), HoursFault::Order));
        }
        if before.iter().any(|other| open.from < other.to && other.from < open.to) {
            return Err(fault(format!("{field}.{n}"), HoursFault::Overlap));
        }
        before.push(open);
    }
    Ok(())
}

/// An interval in minutes, or the name of the end that is not a time of day.
fn minutes(interval: &Interval) -> Result<Minutes, &'static str> {
    let from = minute_of(&interval.from).filter(|from| *from < DAY_MINUTES).ok_or("from")?;
    Ok(Minutes { from, to: minute_of(&interval.to).ok_or("to")? })
}

/// Parses `09:30` into minutes since midnight; accepts times up to 24:00.
fn minute_of(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let number = |part: &str| (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse::<u16>().ok()).flatten();
    let (hour, minute) = (number(hour)?, number(minute)?);
    (minute < 60 && hour * 60 + minute <= DAY_MINUTES).then_some(hour * 60 + minute)
}

fn date_of(text: &str) -> Option<Date> {
    // Only this one form: jiff accepts others too.
    (text.len() == 10).then(|| text.parse().ok()).flatten()
}

fn wall(at: Ts, zone: &TimeZone) -> Option<Zoned> {
    Some(Timestamp::from_millisecond(at.0).ok()?.to_zoned(zone.clone()))
}

/// The time at which a zone's clock shows this many minutes of a date. In a gap, it is the end of the gap; of a time that exists twice, it is the first.
fn moment(date: Date, minute: u16, zone: &TimeZone) -> Option<Ts> {
    let time = Time::new(i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?, 0, 0).ok()?;
    let stands = zone.to_ambiguous_zoned(date.to_datetime(time)).compatible().ok()?;
    if stands.datetime() == date.to_datetime(time) {
        return Some(Ts(stands.timestamp().as_millisecond()));
    }
    // The clock skipped this time: open from the jump on.
    let jump = zone.preceding(stands.timestamp()).next()?;
    Some(Ts(jump.timestamp().as_millisecond()))
}

#[cfg(test)]
mod tests;
