//! Which stretch of time is asked about: days of a zone's calendar or moments, checked and cut.

use domain::{
    id::TenantId,
    refusal::Code,
    time::{MINUTE, Ts},
};
use serde::Deserialize;
use service::hours;
use utoipa::{IntoParams, ToSchema};
use warehouse::{
    Compare, Grain, Split, TimeZone, Window,
    range::{self, cut, earlier},
};

use crate::{App, problem::Problem};

/// Days where nothing else is asked for.
const DAYS: i64 = 7;
/// No number is older, and no zone's table is right for long after the last.
const YEARS: std::ops::RangeInclusive<i16> = 2000..=2200;

/// A stretch of time, and what to do with it.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MetricQuery {
    /// The first day, `2026-11-14`, or the first moment in milliseconds, a whole minute.
    #[serde(default)]
    pub from: Option<String>,
    /// The last day, itself included; or the first moment after, in milliseconds, a whole minute.
    #[serde(default)]
    pub to: Option<String>,
    /// So many days up to `to`; without `to`, up to yesterday. 7 if nothing is said.
    #[serde(default)]
    pub days: Option<i64>,
    /// Into what it is cut: at most 400 days by the day, 62 by the hour, 2 by the minute.
    #[serde(default)]
    pub grain: Option<Grain>,
    /// By whose clock, an IANA name; the company's if nothing is said.
    #[serde(default)]
    pub tz: Option<String>,
    /// By what the number is split.
    #[serde(default)]
    pub split: Option<SplitName>,
    /// With what it is compared.
    #[serde(default)]
    pub compare: Option<Compare>,
    /// Indicators, with commas between; all of them if nothing is said. For `GET /metrics` only.
    #[serde(default)]
    pub keys: Option<String>,
    /// The language of a CSV's header; without it the header names the keys.
    #[serde(default)]
    pub lang: Option<domain::text::Lang>,
}

/// By what a number is split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SplitName {
    /// Not at all.
    None,
    /// The channel.
    Channel,
    /// The queue a conversation waited in first.
    Queue,
    /// The site.
    Site,
    /// The customer's language.
    Lang,
}

impl SplitName {
    /// As the warehouse knows it.
    pub const fn split(self) -> Option<Split> {
        match self {
            Self::None => None,
            Self::Channel => Some(Split::Channel),
            Self::Queue => Some(Split::Queue),
            Self::Site => Some(Split::Site),
            Self::Lang => Some(Split::Lang),
        }
    }
}

/// A stretch of time that may be asked about.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The moment of asking.
    pub now: Ts,
    /// Its clock.
    pub zone: TimeZone,
    /// All of it.
    pub window: Window,
    /// Into what it is cut.
    pub grain: Grain,
}

#[derive(Debug, Clone, Copy)]
enum Edge {
    Day(jiff::civil::Date),
    At(Ts),
}

fn wrong(field: &str, title: impl Into<String>) -> Problem {
    Problem::invalid(field, Code::InvalidValue, title)
}

fn edge(field: &str, text: &str) -> Result<Edge, Problem> {
    let bad = || wrong(field, "give a day such as 2026-11-20, or a whole minute in milliseconds since 1970");
    if let Ok(ms) = text.parse::<i64>() {
        let years = Ts(946_684_800_000)..Ts(7_258_118_400_000);
        return if ms % MINUTE == 0 && years.contains(&Ts(ms)) { Ok(Edge::At(Ts(ms))) } else { Err(bad()) };
    }
    let day: jiff::civil::Date = text.parse().map_err(|_| bad())?;
    if text.len() == "2026-11-20".len() && YEARS.contains(&day.year()) { Ok(Edge::Day(day)) } else { Err(bad()) }
}

/// The zone of that name; the company's where none is given.
async fn zone(app: &App, tenant: TenantId, name: Option<&str>) -> Result<TimeZone, Problem> {
    match name {
        Some(name) => TimeZone::get(name).map_err(|_| wrong("tz", "there is no such time zone; give an IANA name such as Asia/Shanghai")),
        None => Ok(hours::zone(app.db(), tenant).await?),
    }
}

impl MetricQuery {
    /// Checks it and puts in what was left out.
    pub async fn asked(&self, app: &App, tenant: TenantId) -> Result<Asked, Problem> {
        let zone = zone(app, tenant, self.tz.as_deref()).await?;
        let now = app.env().now();
        let grain = self.grain.unwrap_or(Grain::Day);
        let window = self.window(now, &zone)?;
        if range::days_in(window, &zone).map_err(store::Error::from)? > grain.most_days() {
            return Err(wrong("from", format!("at most {} days are told at once by this grain", grain.most_days())));
        }
        Ok(Asked { now, zone, window, grain })
    }

    fn window(&self, now: Ts, zone: &TimeZone) -> Result<Window, Problem> {
        let ours = |error: warehouse::Error| Problem::from(store::Error::from(error));
        let today = range::day_of(now, zone).map_err(ours)?;
        let start = |day| range::start_of(day, zone).map_err(ours);
        let after = |day: jiff::civil::Date| day.tomorrow().map_err(|_| wrong("to", "it lies too far ahead")).and_then(start);
        let (from, to) = (self.from.as_deref().map(|t| edge("from", t)).transpose()?, self.to.as_deref().map(|t| edge("to", t)).transpose()?);
        if from.is_some() && self.days.is_some() {
            return Err(wrong("days", "give the days or where they begin, not both"));
        }
        let end = match to {
            Some(Edge::At(at)) => at,
            Some(Edge::Day(day)) => after(day)?,
            None if from.is_some() => return Err(Problem::invalid("to", Code::MissingField, "say where it ends too")),
            None => start(today)?,
        };
        if end > after(today)? {
            return Err(wrong("to", "it lies in the future"));
        }
        let begin = match from {
            Some(Edge::At(at)) => at,
            Some(Edge::Day(day)) => start(day)?,
            None => {
                let days = self.days.unwrap_or(DAYS);
                if !(1..=Grain::Day.most_days()).contains(&days) {
                    return Err(wrong("days", format!("give 1 to {}", Grain::Day.most_days())));
                }
                let last = range::day_of(end.plus(-1), zone).map_err(ours)?;
                let first = last.checked_sub(jiff::Span::new().days(days - 1)).map_err(|_| wrong("days", "it lies too far back"))?;
                start(first)?
            }
        };
        if end <= begin {
            return Err(wrong("to", "it ends before it begins"));
        }
        // Of what is still going on there is the part up to the end of the present minute.
        let to = end.min(now.minute().plus(MINUTE));
        if to <= begin {
            return Err(wrong("from", "it lies in the future"));
        }
        Ok(Window { from: begin, to })
    }
}

impl Asked {
    /// Its pieces.
    pub fn pieces(&self) -> Result<Vec<Window>, Problem> {
        Ok(cut(self.window, self.grain, &self.zone).map_err(store::Error::from)?)
    }
    /// What it is compared with, and the pieces of that.
    pub fn compared(&self, with: Compare) -> Result<(Window, Vec<Window>), Problem> {
        let of = || {
            let days = with.days_back(range::days_in(self.window, &self.zone)?);
            let window = earlier(self.window, days, &self.zone)?;
            Ok::<_, warehouse::Error>((window, cut(window, self.grain, &self.zone)?))
        };
        Ok(of().map_err(store::Error::from)?)
    }
}
