//! Counters of this process, for its metrics.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering::Relaxed};

use domain::{effect::Effect, time::Ts};

/// Requests answered, by the first digit of the status.
#[derive(Debug, Default)]
pub struct Counters {
    by_class: [AtomicU64; 6],
}

impl Counters {
    /// Counts an answer.
    pub fn count_answer(&self, status: u16) {
        self.by_class[usize::from(status / 100).min(5)].fetch_add(1, Relaxed);
    }
    /// The number of answers with a status of this class: 2 for 200 to 299.
    pub fn of_class(&self, class: usize) -> u64 {
        self.by_class.get(class).map_or(0, |count| count.load(Relaxed))
    }
}

/// Entry times further ahead of the clock than this are logged, in milliseconds; the clocks of nodes differ by less.
const AHEAD_MS: i64 = 10_000;

/// Compares the times of entries with the clock. Time never runs backwards within a stream: after a clock that ran ahead has been corrected, new entries of the
/// streams written in the meantime keep the time of the last one until the clock has caught up.
#[derive(Debug, Default)]
pub struct Stamps {
    newest: AtomicI64,
    is_told: AtomicBool,
}

impl Stamps {
    /// Checks the times of what was committed; warns once when they are ahead.
    pub fn observe(&self, effects: &[Effect], now: Ts) {
        let newest = effects.iter().filter_map(|effect| if let Effect::Entry(entry) = effect { Some(entry.at.0) } else { None }).max();
        let Some(newest) = newest else { return };
        self.newest.fetch_max(newest, Relaxed);
        let ahead_ms = self.ahead(now);
        let is_ahead = ahead_ms > AHEAD_MS;
        if self.is_told.swap(is_ahead, Relaxed) != is_ahead && is_ahead {
            tracing::warn!(ahead_ms, "the clock was put back: entries are stamped with the time of the last one until it has caught up");
        }
    }
    /// By how many milliseconds the newest entry time seen is ahead of the clock; 0 if it is not ahead.
    pub fn ahead(&self, now: Ts) -> i64 {
        self.newest.load(Relaxed).saturating_sub(now.0).max(0)
    }
}
