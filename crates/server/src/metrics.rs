//! What the process counts about itself.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Requests answered, by the first digit of their status.
#[derive(Debug, Default)]
pub struct Counters {
    by_class: [AtomicU64; 6],
}

impl Counters {
    /// Counts an answer.
    pub fn answered(&self, status: u16) {
        self.by_class[usize::from(status / 100).min(5)].fetch_add(1, Relaxed);
    }
    /// Answers with statuses of this class: 2 for 200 to 299.
    pub fn of_class(&self, class: usize) -> u64 {
        self.by_class.get(class).map_or(0, |count| count.load(Relaxed))
    }
}
