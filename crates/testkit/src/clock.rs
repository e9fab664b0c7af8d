//! A clock that only changes when a test moves it.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering::SeqCst},
};

use domain::time::{Clock, Ts};

/// 2026-11-20T10:00:00+08:00, a Friday.
pub const START: Ts = Ts(1_795_140_000_000);

/// A clock for tests. Clones show the same time.
#[derive(Debug, Clone)]
pub struct TestClock(Arc<AtomicI64>);

impl Default for TestClock {
    fn default() -> Self {
        Self(Arc::new(AtomicI64::new(START.0)))
    }
}

impl TestClock {
    /// Moves the time forward.
    pub fn advance(&self, ms: i64) {
        self.0.fetch_add(ms, SeqCst);
    }
    /// Sets the time, also backwards.
    pub fn set(&self, to: Ts) {
        self.0.store(to.0, SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Ts {
        Ts(self.0.load(SeqCst))
    }
}
