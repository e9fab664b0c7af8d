//! Waits for things that happen by themselves: by checking again and again until a deadline, never by sleeping and hoping.

use std::{fmt::Debug, future::Future, time::Duration};

/// How long a test waits on a quiet machine before it gives up. Long, because it only costs time if something is broken.
const DEADLINE: Duration = Duration::from_secs(60);

/// How many times slower this machine is than a quiet one, as measured by `scripts/calibrate.mjs`: `SLOWNESS`, or 1 if it was not measured.
#[expect(clippy::disallowed_methods, reason = "the one place where tests learn of the machine")]
pub fn slowness() -> f64 {
    let measured = std::env::var("SLOWNESS").ok().and_then(|text| text.parse::<f64>().ok());
    measured.filter(|slowness| (1.0..=1000.0).contains(slowness)).unwrap_or(1.0)
}

/// Unwrapping in the test kit itself.
pub trait Must<T> {
    /// The value; otherwise the test ends.
    fn must(self, what: &str) -> T;
}

impl<T, E: Debug> Must<T> for Result<T, E> {
    #[track_caller]
    fn must(self, what: &str) -> T {
        match self {
            Ok(value) => value,
            Err(error) => panic!("{what}: {error:?}"),
        }
    }
}

impl<T> Must<T> for Option<T> {
    #[track_caller]
    fn must(self, what: &str) -> T {
        match self {
            Some(value) => value,
            None => panic!("{what}: nothing"),
        }
    }
}

/// Waits for a future; ends the test if it takes too long.
pub async fn in_time<T>(what: &str, future: impl Future<Output = T>) -> T {
    tokio::time::timeout(DEADLINE.mul_f64(slowness()), future).await.must(what)
}

/// Checks again and again until there is a value; ends the test if it takes too long.
pub async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, mut look: impl FnMut() -> F) -> T {
    in_time(what, async {
        let mut tick = tokio::time::interval(Duration::from_millis(5));
        loop {
            tick.tick().await;
            if let Some(found) = look().await {
                return found;
            }
        }
    })
    .await
}
