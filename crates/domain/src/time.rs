//! Time as the product measures it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A point in time, in milliseconds since 1970-01-01T00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema, Default)]
#[serde(transparent)]
pub struct Ts(pub i64);

/// One second in milliseconds.
pub const SECOND: i64 = 1_000;
/// One minute in milliseconds.
pub const MINUTE: i64 = 60 * SECOND;
/// A quarter of an hour in milliseconds: the days and hours of every zone begin at the start of one.
pub const QUARTER: i64 = 15 * MINUTE;
/// One hour in milliseconds.
pub const HOUR: i64 = 60 * MINUTE;
/// One day in milliseconds.
pub const DAY: i64 = 24 * HOUR;

impl Ts {
    /// This time plus `ms` milliseconds.
    pub const fn plus(self, ms: i64) -> Self {
        Self(self.0 + ms)
    }
    /// Milliseconds from `earlier` to this time; never negative.
    pub const fn since(self, earlier: Self) -> i64 {
        let ms = self.0 - earlier.0;
        if ms < 0 { 0 } else { ms }
    }
    /// The start of the minute that contains this time.
    pub const fn minute(self) -> Self {
        Self(self.0 - self.0.rem_euclid(MINUTE))
    }
    /// The start of the quarter of an hour that contains this time.
    pub const fn quarter(self) -> Self {
        Self(self.0 - self.0.rem_euclid(QUARTER))
    }
}

/// A source of the current time. The program has one real clock; tests set their own.
pub trait Clock: Send + Sync {
    /// The current time.
    fn now(&self) -> Ts;
    /// Moves the clock by this many milliseconds: nodes that share one record go by the database's time. The clocks of tests ignore this.
    fn correct(&self, _by: i64) {}
    /// By how many milliseconds the clock was moved in total.
    fn corrected_by(&self) -> i64 {
        0
    }
}
