//! The trainings of the companies' bots on this node: one at a time for each company, however many ask.
//!
//! A training is stopped when whoever asked for it no longer waits, when a later revision of the draft is asked for, when customers need the company's live bot
//! instead, and when the program ends. The next one begins when the stopped one has ended, which takes milliseconds.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bot::stop::{Stop, Stopped};
use domain::id::TenantId;
use tokio::sync::{OwnedMutexGuard, Semaphore};

use crate::{aside, bot_error::Error};

/// The most drafts that are trained at once on a node, of whichever companies.
const DRAFTS_AT_ONCE: usize = 2;

/// What is trained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    /// The bot that customers talk to.
    Live,
    /// That of the draft, in this revision.
    Draft(i64),
}

/// The trainings of a node. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Trainings {
    all: Stop,
    drafts: Arc<Semaphore>,
    lanes: Arc<Mutex<HashMap<TenantId, Arc<Lane>>>>,
}

impl Default for Trainings {
    fn default() -> Self {
        Self { all: Stop::default(), drafts: Arc::new(Semaphore::new(DRAFTS_AT_ONCE)), lanes: Arc::default() }
    }
}

/// The trainings of one company: who has the turn, and what is wanted.
#[derive(Default)]
struct Lane {
    turn: Arc<tokio::sync::Mutex<()>>,
    now: Mutex<Now>,
}

#[derive(Default)]
struct Now {
    /// The revision of the draft that was asked for last.
    wanted: Option<i64>,
    running: Option<(Of, Stop)>,
}

impl Lane {
    fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A training that has its turn, until it has ended.
struct Turn {
    lane: Arc<Lane>,
    _turn: OwnedMutexGuard<()>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.lane.now().running = None;
    }
}

/// Stops a training when nobody waits for it any more.
struct WhileWaitedFor(Stop);

impl Drop for WhileWaitedFor {
    fn drop(&mut self) {
        self.0.stop();
    }
}

impl Trainings {
    /// The trainings of a company.
    pub(crate) fn of(&self, tenant: TenantId) -> Training {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        lanes.retain(|of, lane| *of == tenant || Arc::strong_count(lane) > 1);
        Training { all: self.clone(), lane: lanes.entry(tenant).or_default().clone() }
    }

    /// What other long computations look at: it stops when the program ends.
    pub(crate) fn until_the_end(&self) -> Stop {
        self.all.within()
    }

    /// Stops everything, now and from now on.
    pub(crate) fn end(&self) {
        self.all.stop();
    }
}

/// The trainings of one company.
pub(crate) struct Training {
    all: Trainings,
    lane: Arc<Lane>,
}

impl Training {
    /// Says which revision of the draft is wanted: the training of another one is of no use.
    pub(crate) fn want(&self, revision: i64) {
        let mut now = self.lane.now();
        now.wanted = Some(revision);
        if let Some((Of::Draft(other), stop)) = &now.running
            && *other != revision
        {
            stop.stop();
        }
    }

    /// Whether the program ends.
    pub(crate) fn is_over(&self) -> bool {
        self.all.all.is_stopped()
    }

    /// Trains when no other training of the company is running. Customers wait for the live bot, so that it stops the draft's.
    ///
    /// # Errors
    /// [`Error::Stopped`] if it was stopped, and those of `work`.
    pub(crate) async fn run<T: Send + 'static>(&self, of: Of, work: impl FnOnce(&Stop) -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
        let stop = self.all.all.within();
        let _waits = WhileWaitedFor(stop.clone());
        let place = match of {
            Of::Live => {
                if let Some((Of::Draft(_), draft)) = &self.lane.now().running {
                    draft.stop();
                }
                None
            }
            Of::Draft(_) => Some(self.all.drafts.clone().acquire_owned().await.map_err(|_| Stopped)?),
        };
        let turn = Turn { lane: self.lane.clone(), _turn: self.lane.turn.clone().lock_owned().await };
        {
            let mut now = self.lane.now();
            let is_outdated = matches!((of, now.wanted), (Of::Draft(revision), Some(wanted)) if revision != wanted);
            if is_outdated || stop.is_stopped() {
                return Err(Stopped.into());
            }
            now.running = Some((of, stop.clone()));
        }
        let work = move || {
            let _until_it_ended = (turn, place);
            work(&stop)
        };
        let done = if of == Of::Live { aside::compute_soon(work).await } else { aside::compute(work).await };
        done.ok_or(Error::Training)?
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::atomic::{AtomicUsize, Ordering},
        time::{Duration, Instant},
    };

    use uuid::Uuid;

    use super::*;

    fn company(n: u128) -> TenantId {
        TenantId::new(Uuid::from_u128(n))
    }

    /// Goes on until it is stopped, and notes how many do at the same time.
    fn endless(running: &Arc<AtomicUsize>, most: &Arc<AtomicUsize>) -> impl FnOnce(&Stop) -> Result<(), Error> + Send + 'static {
        let (running, most) = (running.clone(), most.clone());
        move |stop| {
            most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            while stop.look().is_ok() {
                std::thread::yield_now();
            }
            running.fetch_sub(1, Ordering::SeqCst);
            Err(Stopped.into())
        }
    }

    async fn until(what: impl Fn() -> bool) {
        let begun = Instant::now();
        while !what() {
            assert!(begun.elapsed() < Duration::from_secs(60));
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn whoever_no_longer_waits_stops_it_and_one_runs_at_a_time() {
        let (trainings, running, most) = (Trainings::default(), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        for revision in 0..20 {
            let (work, training) = (endless(&running, &most), trainings.of(company(1)));
            training.want(revision);
            let asked = tokio::spawn(async move { training.run(Of::Draft(revision), work).await });
            until(|| running.load(Ordering::SeqCst) == 1).await;
            asked.abort();
        }
        until(|| running.load(Ordering::SeqCst) == 0).await;
        assert_eq!(most.load(Ordering::SeqCst), 1);
        assert_eq!(trainings.of(company(1)).run(Of::Draft(19), |_| Ok(7)).await.unwrap(), 7);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_later_revision_and_the_live_bot_stop_a_draft_and_the_end_stops_all() {
        let (trainings, running, most) = (Trainings::default(), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        #[expect(clippy::async_yields_async, reason = "what was begun goes on")]
        let begin = async |of: Of| {
            let (work, training) = (endless(&running, &most), trainings.of(company(1)));
            let asked = tokio::spawn(async move { training.run(of, work).await });
            until(|| trainings.of(company(1)).lane.now().running.as_ref().is_some_and(|(now, _)| *now == of)).await;
            asked
        };
        let training = trainings.of(company(1));
        training.want(1);
        let first = begin(Of::Draft(1)).await;
        training.want(2);
        assert!(matches!(first.await.unwrap(), Err(Error::Stopped(_))));
        assert!(matches!(training.run(Of::Draft(1), |_| Ok(())).await, Err(Error::Stopped(_))), "what is outdated does not begin");
        let second = begin(Of::Draft(2)).await;
        let live = begin(Of::Live).await;
        assert!(matches!(second.await.unwrap(), Err(Error::Stopped(_))));
        training.want(3);
        assert!(!live.is_finished(), "a draft does not stop what customers wait for");
        trainings.end();
        assert!(matches!(live.await.unwrap(), Err(Error::Stopped(_))));
        assert!(matches!(training.run(Of::Live, |_| Ok(())).await, Err(Error::Stopped(_))), "nothing begins any more");
        assert_eq!(most.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn companies_do_not_wait_for_each_other() {
        let (trainings, other) = (Trainings::default(), Trainings::default());
        let waiting = trainings.of(company(1));
        let _turn = waiting.lane.turn.clone().lock_owned().await;
        assert_eq!(trainings.of(company(2)).run(Of::Live, |_| Ok(1)).await.unwrap(), 1);
        assert_eq!(other.of(company(1)).run(Of::Live, |_| Ok(2)).await.unwrap(), 2);
        assert_eq!(trainings.lanes.lock().unwrap().len(), 2);
        drop(trainings.of(company(3)));
        assert_eq!(trainings.lanes.lock().unwrap().len(), 2, "what nobody uses is forgotten");
    }
}
