//! The scale on which customers rate a conversation. Nothing else knows how long it is, or which ratings are good; the pages have its ends in
//! `web/api/src/rating.ts`.

use std::ops::RangeInclusive;

/// The worst rating.
pub const WORST: i64 = 1;
/// The best rating.
pub const BEST: i64 = 5;
/// A rating above the middle is good, and one below it is poor.
pub const MIDDLE: i64 = i64::midpoint(WORST, BEST);

/// All ratings.
pub const SCALE: RangeInclusive<i64> = WORST..=BEST;

/// Whether a rating is good.
pub const fn is_good(score: i64) -> bool {
    score > MIDDLE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_ratings_are_good_as_poor() {
        let of = |is: fn(i64) -> bool| SCALE.filter(|score| is(*score)).count();
        assert_eq!(of(is_good), of(|score| score < MIDDLE));
        assert!(is_good(BEST) && !is_good(MIDDLE) && !is_good(WORST));
    }
}
