//! When events are seen: the times at which they happened, matched with the counts that a viewer got.

use std::time::Instant;

use crate::percentile::Histogram;

/// What a viewer got: when, and how many events were counted then.
pub type Push = (Instant, u64);

/// Records for each event how long it took until a viewer got a count that includes it, and returns how many events no count included.
///
/// `happened` and `pushes` are in the order of time; counts include `before` events that happened earlier. Which events a count includes is not known, so the
/// `n`th event is seen with the first count of at least `n`: events that were counted in a different order exchange their delays, and the sum stays the same.
pub fn record(happened: &[Instant], before: u64, pushes: &[Push], delays: &mut Histogram) -> usize {
    let mut seen = 0;
    for (at, count) in pushes {
        let counted = usize::try_from(count.saturating_sub(before)).unwrap_or(usize::MAX).min(happened.len());
        for event in happened.get(seen..counted).unwrap_or_default() {
            // A count may arrive before the answer to the one who caused it.
            delays.record(at.saturating_duration_since(*event));
        }
        seen = seen.max(counted);
    }
    happened.len() - seen
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn delays(happened: &[u64], before: u64, pushes: &[(u64, u64)]) -> (usize, Histogram) {
        let begun = Instant::now();
        let at = |ms: u64| begun + Duration::from_millis(ms);
        let happened: Vec<Instant> = happened.iter().map(|ms| at(*ms)).collect();
        let pushes: Vec<Push> = pushes.iter().map(|(ms, count)| (at(*ms), *count)).collect();
        let mut histogram = Histogram::default();
        (record(&happened, before, &pushes, &mut histogram), histogram)
    }

    #[test]
    fn an_event_is_seen_with_the_first_count_that_includes_it() {
        // 100 after 0, 90 after 10; the third with the next count, 130 after 70.
        let (unseen, seen) = delays(&[0, 10, 70], 5, &[(1, 5), (100, 7), (150, 7), (200, 8)]);
        assert_eq!(unseen, 0);
        let near = |part: f64, ms: f64| (seen.ms(part) - ms).abs() <= ms / 100.0;
        assert!(near(0.3, 90.0) && near(0.5, 100.0) && near(1.0, 130.0));
    }

    #[test]
    fn what_no_count_includes_is_unseen_and_nothing_is_seen_twice() {
        assert_eq!(delays(&[0, 10, 20], 2, &[(30, 4), (40, 3), (50, 4)]).0, 1);
        assert_eq!(delays(&[0, 10], 0, &[]).0, 2);
        let (unseen, seen) = delays(&[0, 10], 0, &[(20, 1), (30, 9), (900, 10)]);
        assert_eq!((unseen, seen.ms(1.0)), (0, 20.0));
    }

    #[test]
    fn a_count_that_overtakes_the_answer_takes_no_time() {
        let (unseen, seen) = delays(&[50], 0, &[(20, 1)]);
        assert_eq!((unseen, seen.ms(1.0)), (0, 0.0));
    }
}
