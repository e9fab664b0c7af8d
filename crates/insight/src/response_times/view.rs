//! Response times on the wire, and as CSV.

use domain::time::Ts;
use http_kit::problem::Problem;
use warehouse::{Window, range::local, timings::Timing};
use wire::response_times::{ResponseTimePoint, ResponseTimeValues, ResponseTimeView, ResponseTimes};

use crate::metrics::{csv, query::Asked};

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
