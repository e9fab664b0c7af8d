//! Response times over time, as they are read over HTTP.

use domain::{response_time::ResponseTime, time::Ts};
use serde::Serialize;
use utoipa::ToSchema;
use warehouse::{Grain, timings::Percentiles};

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
