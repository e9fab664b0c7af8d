//! The work that goes on beside requests.

use std::time::Duration;

use tokio::sync::watch;

/// How long the end waits for work that is not ended where it waits.
const END_WITHIN: Duration = Duration::from_secs(1);

/// Runs work until the record is closed: what went on longer would only find that it is.
#[derive(Debug)]
pub struct Background {
    ending: watch::Sender<()>,
}

/// Tells work that it should end; the end waits until this is dropped.
#[derive(Debug)]
pub struct Ending(watch::Receiver<()>);

impl Ending {
    /// Returns as soon as the end has begun.
    pub async fn begins(&mut self) {
        let _ = self.0.changed().await;
    }
}

impl Default for Background {
    fn default() -> Self {
        Self { ending: watch::Sender::new(()) }
    }
}

impl Background {
    /// Begins work that goes on until it is done; the end drops it where it waits, as a killed process would.
    pub fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let mut ending = self.ending();
        tokio::spawn(async move {
            tokio::select! {
                () = work => {}
                () = ending.begins() => {}
            }
        });
    }

    /// For work that brings what it is doing to an end by itself.
    pub fn ending(&self) -> Ending {
        Ending(self.ending.subscribe())
    }

    /// Ends all work, and returns when none is left, or after a second.
    pub async fn end(&self) {
        self.ending.send_replace(());
        if tokio::time::timeout(END_WITHIN, self.ending.closed()).await.is_err() {
            tracing::warn!("work went on when the record was closed");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[tokio::test]
    async fn the_end_drops_what_waits_and_awaits_what_ends_by_itself() {
        let (background, held) = (Background::default(), Arc::new(()));
        for _ in 0..3 {
            let held = held.clone();
            background.spawn(async move {
                std::future::pending::<()>().await;
                drop(held);
            });
        }
        let (mut ending, last) = (background.ending(), held.clone());
        tokio::spawn(async move {
            ending.begins().await;
            tokio::task::yield_now().await;
            drop((last, ending));
        });
        assert_eq!(Arc::strong_count(&held), 5);
        background.end().await;
        assert_eq!(Arc::strong_count(&held), 1);
    }
}
