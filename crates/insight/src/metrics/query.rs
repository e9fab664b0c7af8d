//! Reads the stretch of time that a request asks about, as calendar days of a time zone or as moments; checks it and cuts it into pieces.

use std::sync::Arc;

use domain::{
    dimension::Dimension,
    id::TenantId,
    refusal::Code,
    time::{MINUTE, Ts},
};
use http_kit::{
    App,
    edge::{Edge, edge, wrong},
    problem::Problem,
};
use serde::{Deserialize, Deserializer, de::IntoDeserializer};
use serde_json::json;
use service::hours;
use utoipa::{
    IntoParams, PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};
use warehouse::{
    Compare, Grain, Panel, TimeZone, Window,
    range::{self, cut, earlier},
};

use crate::panel::counted_until;

/// The number of days by default.
const DAYS: i64 = 7;

/// A stretch of time, and how to present it.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MetricQuery {
    /// The first day, such as `2026-11-14`, or the first moment in milliseconds, a whole minute.
    #[serde(default)]
    pub from: Option<String>,
    /// The last day, inclusive, or the first moment after the end in milliseconds, a whole minute.
    #[serde(default)]
    pub to: Option<String>,
    /// The number of days up to `to`, or up to yesterday if `to` is omitted; 7 by default.
    #[serde(default)]
    pub days: Option<i64>,
    /// The length of the points: at most 400 days by day, 62 by hour, 2 by minute.
    #[serde(default)]
    pub grain: Option<Grain>,
    /// The time zone, an IANA name; the company's by default.
    #[serde(default)]
    pub tz: Option<String>,
    /// How to split the number.
    #[serde(default)]
    pub split: Option<SplitName>,
    /// What to compare it with.
    #[serde(default)]
    pub compare: Option<Compare>,
    /// The keys of the indicators, separated by commas; all of them by default. For `GET /metrics` only.
    #[serde(default)]
    pub keys: Option<String>,
    /// The language of a CSV's header; if omitted, the header contains the keys.
    #[serde(default)]
    pub lang: Option<domain::text::Lang>,
}

/// How a number is split, if it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SplitName(pub Option<Dimension>);

/// The name for not splitting it.
const NOT_SPLIT: &str = "none";

impl<'de> Deserialize<'de> for SplitName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        if name == NOT_SPLIT { Ok(Self(None)) } else { Dimension::deserialize(name.into_deserializer()).map(|by| Self(Some(by))) }
    }
}

impl PartialSchema for SplitName {
    fn schema() -> RefOr<Schema> {
        let names = std::iter::once(json!(NOT_SPLIT)).chain(Dimension::EACH.map(|by| json!(by)));
        ObjectBuilder::new().schema_type(Type::String).description(Some("How a number is split; `none` if it is not.")).enum_values(Some(names)).into()
    }
}
impl ToSchema for SplitName {}

/// A stretch of time that has been checked.
#[derive(Clone)]
pub struct Asked {
    /// The edition from which everything is read.
    pub panel: Arc<Panel>,
    /// The moment up to which everything has been counted: that of the request, or earlier.
    pub as_of: Ts,
    /// The time zone.
    pub zone: TimeZone,
    /// The whole stretch of time.
    pub window: Window,
    /// The length of its pieces.
    pub grain: Grain,
}

/// The time zone of this name, or the company's if none is given.
async fn zone(app: &App, tenant: TenantId, name: Option<&str>) -> Result<TimeZone, Problem> {
    match name {
        Some(name) => TimeZone::get(name).map_err(|_| wrong("tz", "there is no such time zone; give an IANA name such as Asia/Shanghai")),
        None => Ok(hours::zone(app.db(), tenant).await?),
    }
}

impl MetricQuery {
    /// Checks the query and fills in defaults.
    pub async fn complete(&self, app: &App, tenant: TenantId) -> Result<Asked, Problem> {
        let zone = zone(app, tenant, self.tz.as_deref()).await?;
        let now = app.env().now();
        let grain = self.grain.unwrap_or(Grain::Day);
        let window = self.window(now, &zone)?;
        if range::days_in(window, &zone).map_err(store::Error::from)? > grain.most_days() {
            return Err(wrong("from", format!("at most {} days can be requested at this grain", grain.most_days())));
        }
        let panel = app.panel();
        let as_of = counted_until(&panel, app.db()).await?.min(now);
        Ok(Asked { panel, as_of, zone, window, grain })
    }

    fn window(&self, now: Ts, zone: &TimeZone) -> Result<Window, Problem> {
        let ours = |error: warehouse::Error| Problem::from(store::Error::from(error));
        let today = range::day_of(now, zone).map_err(ours)?;
        let start = |day| range::start_of(day, zone).map_err(ours);
        let after = |day: jiff::civil::Date| day.tomorrow().map_err(|_| wrong("to", "it is too far in the future")).and_then(start);
        let (from, to) = (self.from.as_deref().map(|t| edge("from", t)).transpose()?, self.to.as_deref().map(|t| edge("to", t)).transpose()?);
        if from.is_some() && self.days.is_some() {
            return Err(wrong("days", "give either `days` or `from`, not both"));
        }
        let end = match to {
            Some(Edge::At(at)) => at,
            Some(Edge::Day(day)) => after(day)?,
            None if from.is_some() => return Err(Problem::invalid("to", Code::MissingField, "give the end as well")),
            None => start(today)?,
        };
        if end > after(today)? {
            return Err(wrong("to", "it is in the future"));
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
                let first = last.checked_sub(jiff::Span::new().days(days - 1)).map_err(|_| wrong("days", "it is too far in the past"))?;
                start(first)?
            }
        };
        if end <= begin {
            return Err(wrong("to", "it ends before it begins"));
        }
        // Of a stretch that has not ended, only the part up to the end of the current minute is used.
        let to = end.min(now.minute().plus(MINUTE));
        if to <= begin {
            return Err(wrong("from", "it is in the future"));
        }
        Ok(Window { from: begin, to })
    }
}

impl Asked {
    /// The pieces of the stretch of time.
    pub fn pieces(&self) -> Result<Vec<Window>, Problem> {
        Ok(cut(self.window, self.grain, &self.zone).map_err(store::Error::from)?)
    }
    /// The stretch it is compared with, and its pieces.
    pub fn comparison(&self, with: Compare) -> Result<(Window, Vec<Window>), Problem> {
        let of = || {
            let days = with.days_back(range::days_in(self.window, &self.zone)?);
            let window = earlier(self.window, days, &self.zone)?;
            Ok::<_, warehouse::Error>((window, cut(window, self.grain, &self.zone)?))
        };
        Ok(of().map_err(store::Error::from)?)
    }
}
