//! Measures how long a model of many items takes to learn and to rank: the figures that `yingda bot recommend` prints.

mod planted;

use std::time::Instant;

use recommender::{MOST_ITEMS, Model, Offer, Viewer, measure};
use serde::Serialize;

use self::planted::Planted;

/// The measured figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The items.
    pub items: usize,
    /// The visitors.
    pub visitors: usize,
    /// The interests.
    pub interests: usize,
    /// The time to learn the model, in seconds by the wall clock, on one core.
    pub train_seconds: f64,
    /// The time to learn another from a split, and to measure it, in seconds by the wall clock, on one core.
    pub measure_seconds: f64,
    /// The memory that the two matrices take while learning, in megabytes.
    pub matrix_mb: f64,
    /// The stored model, in megabytes.
    pub model_mb: f64,
    /// The mean time to rank ten items for a visitor with ten interests, in microseconds.
    pub rank_us: f64,
    /// HR@10 of the model.
    pub hr10: f64,
    /// HR@10 of popularity.
    pub hr10_popularity: f64,
}

/// Why nothing was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} items cannot be learned; give a number from 100 to {MOST_ITEMS}")]
pub struct BenchError(usize);

const RANKED: usize = 200;

/// Learns and measures a model of `items` made-up items, with twenty visitors for each.
///
/// # Errors
/// For too few or too many items.
pub fn run(items: usize) -> Result<Report, BenchError> {
    if !(100..=MOST_ITEMS).contains(&items) {
        return Err(BenchError(items));
    }
    let planted = Planted { items, visitors: items * 20, each: 10, tastes: (items / 50).max(2), own: 80, seed: 7 };
    let interests = planted.interests();
    let begin = Instant::now();
    let (model, _) = Model::train(&interests);
    let train_seconds = begin.elapsed().as_secs_f64();
    let begin = Instant::now();
    let figures = measure::figures(&interests, &model);
    let measure_seconds = begin.elapsed().as_secs_f64();
    let histories: Vec<Vec<_>> =
        interests.chunks(planted.each).take(RANKED).map(|all| all.iter().map(|interest| (interest.item.clone(), interest.weight)).collect()).collect();
    let begin = Instant::now();
    for history in &histories {
        std::hint::black_box(model.rank(Viewer { at: None, history }, 10, |_| Some(Offer::default())));
    }
    let rank_us = begin.elapsed().as_secs_f64() * 1e6 / histories.len().max(1) as f64;
    let mb = |bytes: usize| bytes as f64 / 1_000_000.0;
    Ok(Report {
        items: model.len(),
        visitors: figures.visitors,
        interests: figures.interests,
        train_seconds,
        measure_seconds,
        matrix_mb: mb(2 * 4 * items * (items + 1) / 2),
        model_mb: mb(serde_json::to_string(&model).map(|json| json.len()).unwrap_or_default()),
        rank_us,
        hr10: figures.hits.map_or(0.0, |hits| hits.model),
        hr10_popularity: figures.hits.map_or(0.0, |hits| hits.popularity),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_one_is_measured_and_no_other_than_within_the_limits() {
        let report = run(100).unwrap();
        assert_eq!((report.items, report.visitors), (100, 2_000));
        assert!(report.hr10 > report.hr10_popularity, "{report:?}");
        assert_eq!((run(99), run(MOST_ITEMS + 1)), (Err(BenchError(99)), Err(BenchError(MOST_ITEMS + 1))));
    }

    #[test]
    fn planted_tastes_are_found_much_more_often_than_by_popularity() {
        for (seed, items, visitors, tastes) in [(1, 200, 3_000, 10), (2, 60, 600, 4), (3, 400, 4_000, 8)] {
            let interests = Planted { items, visitors, each: 6, tastes, own: 80, seed }.interests();
            let (model, _) = Model::train(&interests);
            let hits = measure::figures(&interests, &model).hits.unwrap();
            assert!(hits.model >= hits.popularity * 1.5, "{seed}: {hits:?}");
            assert!(hits.asked >= 500 && hits.popularity > 0.0, "{seed}: {hits:?}");
        }
    }
}
