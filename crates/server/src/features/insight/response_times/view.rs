//! Response times on the wire, and as CSV.

use domain::{response_time::ResponseTime, time::Ts};
use serde::Serialize;
use utoipa::ToSchema;
use warehouse::{
    Grain, Window,
    range::local,
    timings::{Percentiles, Timing},
};

use crate::{
    features::insight::metrics::{csv, query::Asked},
    problem::Problem,
};

/// Response times over a stretch of time.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResponseTimes {
    /// The time zone, an IANA name.
    pub time_zone: String,
    /// The length of the points.
    pub grain: Grain,
    /// The first moment in the stretch of time.
    pub from: Ts,
    /// The first moment after the stretch of time.
    pub to: Ts,
    /// The moment of the answer; what was measured within some seconds before it may be missing.
    pub as_of: Ts,
    /// One for each kind, also those of which nothing was measured.
    pub items: Vec<ResponseTimeView>,
}

/// The response times of one kind.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ResponseTimeSeries)]
pub struct ResponseTimeView {
    /// What was measured.
    pub kind: ResponseTime,
    /// What 95% of the times are to stay within, in milliseconds.
    pub target_ms: i64,
    /// Over the whole stretch of time.
    pub total: ResponseTimeValues,
    /// Point by point, oldest first.
    pub points: Vec<ResponseTimePoint>,
}

/// Response times over a piece of time.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResponseTimePoint {
    /// The first moment in the piece.
    pub from: Ts,
    /// The first moment after the piece.
    pub to: Ts,
    /// The values.
    pub values: ResponseTimeValues,
}

/// What is said about some times. A percentile is exact to its interval, and `null` if nothing was measured.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResponseTimeValues {
    /// The number of times.
    pub count: i64,
    /// What half of them did not exceed, in milliseconds.
    #[schema(required)]
    pub p50_ms: Option<f64>,
    /// What 90% of them did not exceed, in milliseconds.
    #[schema(required)]
    pub p90_ms: Option<f64>,
    /// What 95% of them did not exceed, in milliseconds.
    #[schema(required)]
    pub p95_ms: Option<f64>,
    /// What 99% of them did not exceed, in milliseconds.
    #[schema(required)]
    pub p99_ms: Option<f64>,
}

impl From<Percentiles> for ResponseTimeValues {
    fn from(Percentiles { count, p50_ms, p90_ms, p95_ms, p99_ms }: Percentiles) -> Self {
        Self { count, p50_ms, p90_ms, p95_ms, p99_ms }
    }
}

/// The view of what was asked for.
pub fn view(asked: &Asked, pieces: &[Window], timings: Vec<Timing>, now: Ts) -> ResponseTimes {
    let items = timings.into_iter().map(|Timing { kind, total, points }| {
        let points = pieces.iter().zip(points).map(|(piece, values)| ResponseTimePoint { from: piece.from, to: piece.to, values: values.into() });
        ResponseTimeView { kind, target_ms: kind.target_ms(), total: total.into(), points: points.collect() }
    });
    ResponseTimes {
        time_zone: asked.zone.iana_name().unwrap_or("UTC").to_owned(),
        grain: asked.grain,
        from: asked.window.from,
        to: asked.window.to,
        as_of: now,
        items: items.collect(),
    }
}

/// The same as a table, with a row for each point of each kind.
pub fn table(asked: &Asked, times: &ResponseTimes) -> Result<String, Problem> {
    let mut text = csv::row(["from", "to", "kind", "target_ms", "count", "p50_ms", "p90_ms", "p95_ms", "p99_ms"].into_iter());
    let told = |at| local(at, &asked.zone).map_err(|error| Problem::from(store::Error::from(error)));
    for one in &times.items {
        for ResponseTimePoint { from, to, values } in &one.points {
            let ResponseTimeValues { count, p50_ms, p90_ms, p95_ms, p99_ms } = values;
            let mut cells = vec![told(*from)?, told(*to)?, one.kind.as_str().to_owned(), one.target_ms.to_string(), count.to_string()];
            cells.extend([p50_ms, p90_ms, p95_ms, p99_ms].map(|ms| ms.map_or_else(String::new, |ms| ms.round().to_string())));
            text.push_str(&csv::row(cells.iter().map(String::as_str)));
        }
    }
    Ok(text)
}
