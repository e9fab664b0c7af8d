//! The opening hours of a queue: a week of intervals, exceptional days (holidays and make-up days), and the time by which a left message is answered.
//!
//! Hours are read on the wall clock of a time zone. When that clock is changed, an hour that does not exist begins when the gap ends, and an hour that exists
//! twice belongs to the interval both times. The time within which a message is answered consists of hours of service: it stands still while the queue is closed.

use std::{collections::HashMap, fmt};

use jiff::{
    Timestamp, ToSpan, Zoned,
    civil::{Date, DateTime, Time},
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
/// The default time within which a left message is answered, in hours of service.
pub const ANSWER_WITHIN_H: i64 = 2;
/// The longest promised time, in hours: a week.
pub const MAX_ANSWER_WITHIN_H: i64 = 168;
/// How many days ahead the next opening and the end of a promise are searched for: more than a year, for a shop that opens in one season.
const LOOK_AHEAD_DAYS: u16 = 400;
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
    /// A left message is answered within this many hours of service, 1 to 168: time in which the queue is closed does not count.
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
    /// The time by which a message left now is answered; `None` if there are not that many hours of service in sight.
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
        Calendar::of(self, zone).is_open(at)
    }

    /// When it opens next: the first time after `at` that is open while the time before it is not; `None` if that is not within [`LOOK_AHEAD_DAYS`], or it is
    /// open without end.
    pub fn opens_after(&self, at: Ts, zone: &TimeZone) -> Option<Ts> {
        Calendar::of(self, zone).opens_after(at)
    }

    /// Whether it is open at the given time, when it opens next, and by when a message left then is answered.
    pub fn service(&self, at: Ts, zone: &TimeZone) -> Service {
        let calendar = Calendar::of(self, zone);
        let open = calendar.is_open(at);
        let opens_at = if open { None } else { calendar.opens_after(at) };
        Service { open, opens_at, promised_by: calendar.end_of_service(at, self.answer_within_h * HOUR) }
    }
}

/// Opening hours on the clock of a zone.
struct Calendar<'a> {
    week: [Vec<Minutes>; 7],
    days: HashMap<Date, Vec<Minutes>>,
    zone: &'a TimeZone,
}

impl<'a> Calendar<'a> {
    fn of(hours: &OpeningHours, zone: &'a TimeZone) -> Self {
        let read = |intervals: &Vec<Interval>| intervals.iter().filter_map(|interval| minutes(interval).ok()).collect();
        let days = hours.days.iter().filter_map(|day| date_of(&day.date).map(|date| (date, read(&day.intervals)))).collect();
        Self { week: hours.week.days().map(|(_, intervals)| read(intervals)), days, zone }
    }

    /// The intervals of a date.
    fn on(&self, date: Date) -> &[Minutes] {
        let of_week = || self.week.get(usize::from(date.weekday().to_monday_zero_offset().unsigned_abs()));
        self.days.get(&date).or_else(of_week).map_or(&[][..], Vec::as_slice)
    }

    fn is_open(&self, at: Ts) -> bool {
        let Some(wall) = wall(at, self.zone) else { return false };
        let minute = u16::try_from(i32::from(wall.hour()) * 60 + i32::from(wall.minute())).unwrap_or_default();
        self.on(wall.date()).iter().any(|open| (open.from..open.to).contains(&minute))
    }

    /// The times after `at` at which it may open or close, in order: the ends of intervals, each time that the clock shows them, and changes of the clock.
    fn edges(&self, at: Ts) -> impl Iterator<Item = Ts> {
        let today = wall(at, self.zone).map(|wall| wall.date());
        let dates = std::iter::successors(today, |date| date.tomorrow().ok()).take(usize::from(LOOK_AHEAD_DAYS));
        let of_date = move |date: Date| {
            let ends = self.on(date).iter().flat_map(|open| [open.from, open.to]);
            let mut edges: Vec<Ts> = ends.flat_map(|minute| moments(date, minute, self.zone)).chain(self.jumps(date)).collect();
            edges.sort_unstable();
            edges.dedup();
            edges
        };
        let mut last = at;
        // An interval until midnight ends on the next date, where another one may begin.
        dates.flat_map(of_date).filter(move |edge| {
            let is_next = *edge > last;
            last = last.max(*edge);
            is_next
        })
    }

    /// The changes of the clock on a date.
    fn jumps(&self, date: Date) -> Vec<Ts> {
        let begins = |date: Date| self.zone.to_ambiguous_zoned(date.to_datetime(Time::midnight())).earlier().ok().map(|zoned| zoned.timestamp());
        let (Some(from), Some(to)) = (begins(date), date.tomorrow().ok().and_then(begins)) else { return Vec::new() };
        let all = self.zone.following(from).map(|jump| jump.timestamp()).take_while(|at| *at <= to);
        all.map(|at| Ts(at.as_millisecond())).collect()
    }

    fn opens_after(&self, at: Ts) -> Option<Ts> {
        // Midnight between two intervals is not an opening.
        self.edges(at).find(|edge| self.is_open(*edge) && !self.is_open(edge.plus(-1)))
    }

    /// When this much time of service has passed, in milliseconds.
    fn end_of_service(&self, from: Ts, ms: i64) -> Option<Ts> {
        let (mut at, mut left, mut is_open) = (from, ms, self.is_open(from));
        for edge in self.edges(from) {
            if is_open {
                let open = edge.since(at);
                if left <= open {
                    return Some(at.plus(left));
                }
                left -= open;
            }
            (at, is_open) = (edge, self.is_open(edge));
        }
        None
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
    [Some(today), today.tomorrow().ok()].into_iter().flatten().flat_map(|date| moments(date, minute, zone)).find(|moment| *moment > at)
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

/// The times at which a zone's clock shows this many minutes of a date: two if the clock is put back over it, and the end of the gap if the clock skips it.
fn moments(date: Date, minute: u16, zone: &TimeZone) -> Vec<Ts> {
    let (date, minute) = if minute == DAY_MINUTES { (date.tomorrow().ok(), 0) } else { (Some(date), minute) };
    let time = i8::try_from(minute / 60).ok().zip(i8::try_from(minute % 60).ok()).and_then(|(hour, minute)| Time::new(hour, minute, 0, 0).ok());
    let Some((date, time)) = date.zip(time) else { return Vec::new() };
    let wanted = zone.to_ambiguous_zoned(date.to_datetime(time));
    let both = [wanted.clone().earlier(), wanted.later()];
    let shown = both.into_iter().flatten().filter(|zoned| zoned.datetime() == date.to_datetime(time)).map(|zoned| zoned.timestamp());
    let mut found: Vec<Ts> = shown.map(|at| Ts(at.as_millisecond())).collect();
    if found.is_empty() {
        found.extend(end_of_gap(date.to_datetime(time), zone));
    }
    found.dedup();
    found
}

/// The end of the gap in which a time of the wall clock lies.
fn end_of_gap(time: DateTime, zone: &TimeZone) -> Option<Ts> {
    // Later than the gap by as much as the time lies within it; at the end of the gap if it is the time at which the gap begins.
    let after = zone.to_ambiguous_zoned(time).later().ok()?.timestamp();
    let jump = zone.preceding(after.checked_add(1.nanosecond()).ok()?).next()?;
    Some(Ts(jump.timestamp().as_millisecond()))
}

#[cfg(test)]
mod tests;
