//! Queues for work that takes a lot of memory: it runs one at a time, off the async threads, and few may wait.

use std::{sync::Arc, time::Duration};

use domain::id::TenantId;
use platform::shares::{Share, Shares};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::problem::Problem;

/// How long to wait for a turn; after that the client is told to come back later.
const WAIT: Duration = Duration::from_secs(10);

/// Runs work one at a time. `PLACES` may run or wait at once, `OF_ONE` of them for one company.
#[derive(Debug)]
pub struct Turns<const PLACES: usize, const OF_ONE: usize> {
    running: Arc<Semaphore>,
    held: Shares<TenantId>,
}

/// A place in the queue; freed when this is dropped.
pub type Place = Share<TenantId>;

impl<const PLACES: usize, const OF_ONE: usize> Default for Turns<PLACES, OF_ONE> {
    fn default() -> Self {
        Self { running: Arc::new(Semaphore::new(1)), held: Shares::default() }
    }
}

impl<const PLACES: usize, const OF_ONE: usize> Turns<PLACES, OF_ONE> {
    /// A place for a company, to be taken before anything that takes memory is read.
    ///
    /// # Errors
    /// `busy` if no place is left, or none for this company.
    pub fn place(&self, tenant: TenantId) -> Result<Place, Problem> {
        self.held.take(tenant, |of_company, all| of_company < OF_ONE && all < PLACES).ok_or_else(Problem::busy)
    }

    /// Runs the work when its turn comes.
    ///
    /// # Errors
    /// `busy` if the turn does not come in time; an internal error if the work fails.
    pub async fn run<T: Send + 'static>(&self, place: Place, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
        let turn = self.turn().await?;
        // Both move into the task: a client that disconnects does not free anything before the work is done.
        let work = move || {
            let _until_done = (turn, place);
            work()
        };
        tokio::task::spawn_blocking(work).await.map_err(|error| Problem::internal(&error))
    }

    /// Waits for a turn, which ends when the permit is dropped.
    pub async fn turn(&self) -> Result<OwnedSemaphorePermit, Problem> {
        self.turn_within(WAIT).await
    }

    async fn turn_within(&self, wait: Duration) -> Result<OwnedSemaphorePermit, Problem> {
        let turn = tokio::time::timeout(wait, self.running.clone().acquire_owned()).await.map_err(|_| Problem::busy())?;
        turn.map_err(|error| Problem::internal(&error))
    }
}

#[cfg(test)]
mod tests {
    use domain::refusal::Code;
    use std::sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc,
    };

    use testkit::in_time;
    use uuid::Uuid;

    use super::*;

    fn company(n: u128) -> TenantId {
        TenantId::new(Uuid::from_u128(n))
    }

    #[tokio::test]
    async fn who_leaves_in_the_middle_gives_nothing_back_before_the_work_is_done() {
        let turns = Arc::new(Turns::<2, 2>::default());
        let (begun, begins) = tokio::sync::oneshot::channel();
        let (end, ends) = mpsc::channel::<()>();
        let (ours, place) = (turns.clone(), turns.place(company(1)).unwrap());
        let first = tokio::spawn(async move {
            ours.run(place, move || {
                begun.send(()).unwrap();
                let _ = ends.recv();
            })
            .await
        });
        in_time("the work begins", begins).await.unwrap();
        first.abort();
        assert!(in_time("the first one leaves", first).await.unwrap_err().is_cancelled());
        assert_eq!(turns.running.available_permits(), 0, "the work goes on");
        let waiting = turns.place(company(1)).unwrap();
        assert_eq!(turns.place(company(1)).unwrap_err().code, Code::Busy, "the place of who left is taken");
        end.send(()).unwrap();
        in_time("the next one's turn", turns.run(waiting, || ())).await.unwrap();
        assert_eq!(turns.held.keys(), 0);
    }

    #[tokio::test]
    async fn whose_turn_does_not_come_is_told_so() {
        let turns = Turns::<2, 2>::default();
        let first = turns.turn().await.unwrap();
        let waits = in_time("the refusal", turns.turn_within(Duration::from_millis(1)));
        assert_eq!(waits.await.unwrap_err().code, Code::Busy);
        drop(first);
        assert!(turns.turn_within(Duration::from_millis(1)).await.is_ok());
    }

    #[tokio::test]
    async fn so_many_wait_and_no_company_takes_all_places() {
        let turns = Turns::<3, 2>::default();
        let held = [turns.place(company(1)).unwrap(), turns.place(company(1)).unwrap()];
        assert_eq!(turns.place(company(1)).unwrap_err().code, Code::Busy);
        let other = turns.place(company(2)).unwrap();
        assert_eq!(turns.place(company(3)).unwrap_err().status, 503);
        drop(held);
        assert!(turns.place(company(3)).is_ok());
        drop(other);
        assert_eq!(turns.held.keys(), 0);
    }

    #[tokio::test]
    async fn one_is_done_after_the_other() {
        let (turns, at_it) = (Arc::new(Turns::<8, 8>::default()), Arc::new(AtomicUsize::new(0)));
        let all = (0..8).map(|_| {
            let (turns, at_it, place) = (turns.clone(), at_it.clone(), turns.place(company(1)).unwrap());
            tokio::spawn(async move {
                turns
                    .run(place, move || {
                        let others = at_it.fetch_add(1, Ordering::SeqCst);
                        std::thread::yield_now();
                        at_it.fetch_sub(1, Ordering::SeqCst);
                        others
                    })
                    .await
            })
        });
        for done in all.collect::<Vec<_>>() {
            assert_eq!(in_time("its turn", done).await.unwrap().unwrap(), 0);
        }
    }
}
