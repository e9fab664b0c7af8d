//! Long computations can be stopped: they look, every few milliseconds, whether they are still wanted.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The computation was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the computation was stopped")]
pub struct Stopped;

/// Stops computations. Its clones stop the same ones.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    own: Arc<AtomicBool>,
    outer: Option<Arc<AtomicBool>>,
}

impl Stop {
    /// Stops less than this one: it also stops when this one does.
    pub fn within(&self) -> Stop {
        Stop { own: Arc::default(), outer: Some(self.own.clone()) }
    }

    /// Stops what looks at it.
    pub fn stop(&self) {
        self.own.store(true, Ordering::Relaxed);
    }

    /// Whether to go on.
    ///
    /// # Errors
    /// If it was stopped.
    pub fn look(&self) -> Result<(), Stopped> {
        if self.is_stopped() { Err(Stopped) } else { Ok(()) }
    }

    /// Whether it was stopped.
    pub fn is_stopped(&self) -> bool {
        self.own.load(Ordering::Relaxed) || self.outer.as_ref().is_some_and(|outer| outer.load(Ordering::Relaxed))
    }
}

/// The result of a computation that nobody stops.
pub(crate) fn to_the_end<T>(compute: impl FnOnce(&Stop) -> Result<T, Stopped>) -> T {
    match compute(&Stop::default()) {
        Ok(result) => result,
        Err(Stopped) => unreachable!("nobody has what would stop it"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_within_stops_with_what_is_around_it_and_not_the_other_way_round() {
        let all = Stop::default();
        let (one, other) = (all.within(), all.within());
        one.clone().stop();
        assert_eq!((one.look(), other.look(), all.look()), (Err(Stopped), Ok(()), Ok(())));
        all.stop();
        assert_eq!(other.look(), Err(Stopped));
    }
}
