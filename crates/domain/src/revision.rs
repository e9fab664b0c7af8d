//! The time of a record's last change, which also identifies its current state.

use crate::time::Ts;

/// The `updated_at` of a record that may only be changed by somebody who has seen its current state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Revision(pub Ts);

impl Revision {
    /// The revision that follows this one: now, or one millisecond later if the clock has not advanced.
    pub fn next(self, now: Ts) -> Ts {
        Ts(now.0.max(self.0.0.saturating_add(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_one_is_another_even_where_the_clock_stands_still_or_goes_back() {
        assert_eq!(Revision(Ts(5)).next(Ts(9)), Ts(9));
        assert_eq!(Revision(Ts(5)).next(Ts(5)), Ts(6));
        assert_eq!(Revision(Ts(5)).next(Ts(1)), Ts(6));
    }
}
