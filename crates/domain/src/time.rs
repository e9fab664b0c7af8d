//! Time as the product counts it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A moment: milliseconds since 1970-01-01T00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema, Default)]
#[serde(transparent)]
pub struct Ts(pub i64);

/// One second in milliseconds.
pub const SECOND: i64 = 1_000;
/// One minute in milliseconds.
pub const MINUTE: i64 = 60 * SECOND;
/// One hour in milliseconds.
pub const HOUR: i64 = 60 * MINUTE;
/// One day in milliseconds.
pub const DAY: i64 = 24 * HOUR;

impl Ts {
    /// This moment moved by milliseconds.
    pub const fn plus(self, ms: i64) -> Self {
        Self(self.0 + ms)
    }
    /// Milliseconds from `earlier` to this moment; never negative.
    pub const fn since(self, earlier: Self) -> i64 {
        let ms = self.0 - earlier.0;
        if ms < 0 { 0 } else { ms }
    }
    /// The start of the minute this moment lies in.
    pub const fn minute(self) -> Self {
        Self(self.0 - self.0.rem_euclid(MINUTE))
    }
}

/// Tells the time. The program has one real clock; tests move their own.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Ts;
    /// Moves the clock by so many milliseconds: nodes of one record go by the database's time. The clocks of tests stay where they are.
    fn correct(&self, _by: i64) {}
    /// By how much it was moved in all.
    fn corrected_by(&self) -> i64 {
        0
    }
}
