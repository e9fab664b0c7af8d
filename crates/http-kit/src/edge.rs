//! The beginning or end of a stretch of time, as requests give it: a calendar day, or a moment.

use domain::{
    refusal::Code,
    time::{MINUTE, Ts},
};

use crate::problem::Problem;

/// The years that may be asked about: no number is older, and no time zone's table is right for long after the last.
const YEARS: std::ops::RangeInclusive<i16> = 2000..=2200;

/// Where a stretch of time begins or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// A calendar day.
    Day(jiff::civil::Date),
    /// A moment.
    At(Ts),
}

/// The refusal of a field whose value is not accepted.
pub fn wrong(field: &str, title: impl Into<String>) -> Problem {
    Problem::invalid(field, Code::InvalidValue, title)
}

/// Reads the edge in a field of a query.
///
/// # Errors
/// If it is neither a day nor a whole minute, or out of the years that may be asked about.
pub fn edge(field: &str, text: &str) -> Result<Edge, Problem> {
    let bad = || wrong(field, "give a day such as 2026-11-20, or a whole minute in milliseconds since 1970");
    if let Ok(ms) = text.parse::<i64>() {
        let years = Ts(946_684_800_000)..Ts(7_258_118_400_000);
        return if ms % MINUTE == 0 && years.contains(&Ts(ms)) { Ok(Edge::At(Ts(ms))) } else { Err(bad()) };
    }
    let day: jiff::civil::Date = text.parse().map_err(|_| bad())?;
    if text.len() == "2026-11-20".len() && YEARS.contains(&day.year()) { Ok(Edge::Day(day)) } else { Err(bad()) }
}
