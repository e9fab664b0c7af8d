//! The time that one call takes, as little disturbed by other programs as can be.

use std::time::Instant;

/// How often a call is timed.
const TIMES: usize = 3;

/// What a call returns, and the shortest of its times in microseconds: on a busy machine, a single time also contains the turns of other programs.
pub(crate) fn time_of<T>(mut call: impl FnMut() -> T) -> (T, f64) {
    let mut time = || {
        let begin = Instant::now();
        let value = call();
        (value, begin.elapsed().as_nanos() as f64 / 1000.0)
    };
    let (mut value, mut best) = time();
    for _ in 1..TIMES {
        let (again, took) = time();
        (value, best) = (again, best.min(took));
    }
    (value, best)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_of_the_last_call_and_a_time_are_returned() {
        let mut calls = 0;
        let (value, took) = time_of(|| {
            calls += 1;
            calls
        });
        assert_eq!(value, TIMES);
        assert!(took >= 0.0 && took.is_finite());
    }
}
