//! The write path: one task per shard, which commits whatever was queued during the last commit.
//!
//! Closures run as savepoints of one transaction; appends are data and are written in bulk between them; both in the order in which they arrived. Appends that
//! the bulk's version guard refuses go, in order, through their own closures in the same transaction. A batch that is a single append is committed in one
//! statement if nothing is in its way, and otherwise like any other. Answers are sent after the commit.

mod checkpoint;
mod closure;
mod faults;
mod shard;

use std::{
    future::Future,
    panic::AssertUnwindSafe,
    pin::Pin,
    sync::{
        Arc,
        atomic::{
            AtomicBool, AtomicU64,
            Ordering::{Relaxed, SeqCst},
        },
    },
    time::Duration,
};

use domain::{
    effect::Effect,
    journal::{Appended, Written},
    refusal::Refusal,
    time::Clock,
};
use sqlx::postgres::PgConnectOptions;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use closure::{Closure, PendingClosure, Work};
pub(crate) use faults::is_away;
use faults::report_panic;
use shard::{CLOSURES, CLOSURES_ON_POSTGRES, ShardTask};

pub(crate) use checkpoint::{Checkpoints, LONG_LOG, keep_log_short};

use crate::{Error, Result, Tx, journal::RefusedSend};

/// The result of an append: its numbers, or why the rules refuse it.
pub type Outcome = std::result::Result<Appended, Refusal>;
/// Receives the outcome of an append after its commit.
pub type Reply = Box<dyn FnOnce(Result<Outcome>) + Send>;
/// A boxed future, as returned by closures for the writer.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A closure that takes longer is rolled back while nobody else waits: when a program starts, in a command, on a machine that is busy with other things. This
/// is shorter than the time that the writer waits for a database.
const CLOSURE_LIMIT_ALONE_MS: u64 = 5_000;
/// The most jobs that may wait in one shard; further jobs are answered with [`Error::Busy`].
const QUEUE: usize = 20_000;
/// How often [`Writer::write_patiently`] tries.
const PATIENT_TRIES: u32 = 40;

/// The shard that a write goes to: writes of one conversation keep their order.
#[derive(Debug, Clone, Copy)]
pub enum Shard {
    /// The shard of this conversation.
    Of(Uuid),
    /// Any shard.
    Any,
}

/// An error that a closure may return.
pub trait WriteError: From<Error> + Send + 'static {
    /// The database error in it, if there is one.
    fn as_db(&self) -> Option<&Error>;
}
impl WriteError for Error {
    fn as_db(&self) -> Option<&Error> {
        Some(self)
    }
}

/// The result of a full path.
#[derive(Debug)]
pub enum Verdict {
    /// Its changes are kept, whatever the sender is answered.
    Keep(Outcome),
    /// Refused: its changes are undone.
    Undo(Refusal),
    /// Refused and undone as well, and remembered: no copy of the send will ever be accepted.
    Refuse(Refusal, RefusedSend),
}

/// The full path of an append: load, decide, store. It runs if there was no guess or the guess was wrong; it may run several times, so it changes nothing but
/// rows.
pub trait Cold: Send {
    /// Runs the full path.
    fn run<'a>(&'a self, tx: &'a mut Tx) -> BoxFuture<'a, Result<Verdict>>;
}

/// Keeps the order of one sender in one conversation: when one of its appends is answered with `Busy`, those already queued behind it are too.
#[derive(Debug, Default)]
pub struct Fence(AtomicU64);

impl Fence {
    /// The value under which an append is submitted.
    pub fn value(&self) -> u64 {
        self.0.load(SeqCst)
    }
    fn fall(&self) {
        self.0.fetch_add(1, SeqCst);
    }
}

/// An append for the hot lane.
pub struct Append {
    /// The conversation whose order it keeps.
    pub conversation: Uuid,
    /// The entry, and the version of the head that it was decided on; `None` goes straight to `otherwise`.
    pub hot: Option<(Written, i64)>,
    /// The path to take if the guard refuses.
    pub otherwise: Box<dyn Cold>,
    /// The sender's fence, and its value when this was submitted.
    pub fence: Option<(Arc<Fence>, u64)>,
    /// Called after the commit.
    pub reply: Reply,
}

/// Counters of the writer's work.
#[derive(Debug, Default)]
pub struct Stats {
    /// The number of commits.
    pub commits: AtomicU64,
    /// The number of appends that went through the hot lane.
    pub hot: AtomicU64,
    /// The number of appends that went through their closure.
    pub cold: AtomicU64,
    /// The number of closures.
    pub closures: AtomicU64,
    /// The number of closures that belong to no conversation, if these have shards of their own.
    pub aside: AtomicU64,
    /// The number of jobs that were answered with `Busy`.
    pub busy: AtomicU64,
    /// The number of closures that were rolled back for taking too long.
    pub overlong: AtomicU64,
    /// The number of batches that were run again.
    pub retries: AtomicU64,
    /// The microseconds spent in commits.
    pub commit_us: AtomicU64,
    /// The number of bytes in the write-ahead log after the last checkpoint.
    pub wal_bytes: AtomicU64,
    /// The number of milliseconds that a closure may take; 0 for the limit that applies while nobody else waits.
    closure_limit_ms: AtomicU64,
    /// Whether the log should be restarted after the next commit.
    pub(crate) log_is_long: AtomicBool,
    /// Whether the disk needs the space of the log.
    pub(crate) room_is_short: AtomicBool,
    /// Whether there is no space to write the log back: further commits to it would only need more.
    pub(crate) log_is_stuck: AtomicBool,
}

impl Stats {
    fn closure_limit(&self) -> Duration {
        let limit = self.closure_limit_ms.load(Relaxed);
        Duration::from_millis(if limit == 0 { CLOSURE_LIMIT_ALONE_MS } else { limit })
    }
}

/// Distributes writes to the shards. Cheap to clone.
#[derive(Clone)]
pub struct Writer {
    shards: Arc<[mpsc::Sender<Job>]>,
    /// How many of the shards, at the end of the list, are for writes that belong to no conversation; 0 if there is only one shard.
    aside: usize,
    stats: Arc<Stats>,
}

enum Job {
    Append(Box<PendingAppend>),
    Closure(Box<dyn Closure>),
    Close(oneshot::Sender<()>),
}

impl Job {
    /// Answers the job with `Busy`; a job that closes the shard is kept.
    fn put_off(self, closing: &mut Vec<oneshot::Sender<()>>) {
        match self {
            Self::Append(append) => append.finish(Err(Error::Busy)),
            Self::Closure(closure) => closure.finish(Some(Error::Busy)),
            Self::Close(done) => closing.push(done),
        }
    }
}

struct PendingAppend {
    hot: Option<(Written, i64)>,
    otherwise: Box<dyn Cold>,
    fence: Option<(Arc<Fence>, u64)>,
    reply: Reply,
    answer: Option<Result<Outcome>>,
}

impl PendingAppend {
    /// Whether an older append of the same sender has to be repeated first.
    fn is_fenced(&self) -> bool {
        self.fence.as_ref().is_some_and(|(fence, value)| fence.value() != *value)
    }
    /// Answers this append with `Busy`, and thereby everything behind it.
    fn put_off(&mut self) {
        if let Some((fence, _)) = &self.fence {
            fence.fall();
        }
        self.answer = Some(Err(Error::Busy));
    }
    /// Answers the sender; a panic in the reply must not end the shard.
    fn finish(self, result: Result<Outcome>) {
        if matches!(result, Err(Error::Busy))
            && let Some((fence, _)) = &self.fence
        {
            fence.fall();
        }
        let reply = self.reply;
        if let Err(panic) = std::panic::catch_unwind(AssertUnwindSafe(move || reply(result))) {
            let _ = report_panic(&*panic);
        }
    }
}

impl Writer {
    /// Counters of the writer's work.
    pub fn stats(&self) -> Arc<Stats> {
        self.stats.clone()
    }

    /// From now on, people wait for the writer: a closure that takes longer than `limit` is rolled back, and its caller gets [`Error::Busy`].
    pub fn limit_closures(&self, limit: Duration) {
        self.stats.closure_limit_ms.store(u64::try_from(limit.as_millis()).unwrap_or(u64::MAX).max(1), Relaxed);
    }

    /// Accepts an append; the reply is sent after the commit, or at once with [`Error::Busy`] if too much is waiting.
    pub fn append(&self, append: Append) {
        let Append { conversation, hot, otherwise, fence, reply } = append;
        let job = Job::Append(Box::new(PendingAppend { hot, otherwise, fence, reply, answer: None }));
        if let Err(mpsc::error::TrySendError::Full(Job::Append(job)) | mpsc::error::TrySendError::Closed(Job::Append(job))) =
            self.shard(Shard::Of(conversation)).try_send(job)
        {
            self.stats.busy.fetch_add(1, Relaxed);
            job.finish(Err(Error::Busy));
        }
    }

    /// Runs a closure in a transaction and returns after it is durable. An `Err` rolls its changes back. The closure may run more than once.
    pub async fn write<T, E, F>(&self, shard: Shard, work: F) -> std::result::Result<T, E>
    where
        T: Send + 'static,
        E: WriteError,
        F: for<'a> FnOnce(&'a mut Tx) -> BoxFuture<'a, std::result::Result<T, E>> + Clone + Send + 'static,
    {
        self.write_boxed(shard, Box::new(move |tx| work.clone()(tx))).await
    }

    /// The same, but retried while the database is busy: a slow machine must neither abort a start nor make a command fail.
    pub async fn write_patiently<T, E, F>(&self, shard: Shard, work: F) -> std::result::Result<T, E>
    where
        T: Send + 'static,
        E: WriteError,
        F: for<'a> FnOnce(&'a mut Tx) -> BoxFuture<'a, std::result::Result<T, E>> + Clone + Send + 'static,
    {
        for _ in 1..PATIENT_TRIES {
            match self.write(shard, work.clone()).await {
                Err(error) if matches!(error.as_db(), Some(Error::Busy)) => {}
                done => return done,
            }
        }
        self.write(shard, work).await
    }

    async fn write_boxed<T: Send + 'static, E: WriteError>(&self, shard: Shard, work: Work<T, E>) -> std::result::Result<T, E> {
        let (reply, answer) = oneshot::channel();
        let job = Job::Closure(Box::new(PendingClosure { work, reply: Some(reply), answer: None }));
        if self.shard(shard).send(job).await.is_err() {
            return Err(Error::Busy.into());
        }
        answer.await.unwrap_or_else(|_| Err(Error::Busy.into()))
    }

    /// Commits the accepted jobs and stops.
    pub async fn close(&self) {
        for shard in self.shards.iter() {
            let (done, wait) = oneshot::channel();
            if shard.send(Job::Close(done)).await.is_ok() {
                let _ = wait.await;
            }
        }
    }

    fn shard(&self, shard: Shard) -> &mpsc::Sender<Job> {
        let (all, chat) = (self.shards.len(), self.shards.len() - self.aside);
        let at = match shard {
            Shard::Of(id) => id.as_u64_pair().1 as usize % chat,
            Shard::Any if self.aside == 0 => 0,
            Shard::Any => chat + self.stats.aside.fetch_add(1, Relaxed) as usize % (all - chat),
        };
        &self.shards[at]
    }
}

/// Starts one shard per connection; the last `aside` of them are for writes that belong to no conversation.
pub(crate) fn start(
    conns: Vec<Tx>,
    aside: usize,
    reconnect: Option<PgConnectOptions>,
    clock: Arc<dyn Clock>,
    on_commit: Arc<dyn Fn(Vec<Effect>) + Send + Sync>,
) -> Writer {
    let stats = Arc::new(Stats::default());
    let chat = conns.len() - aside;
    let shards = conns
        .into_iter()
        .enumerate()
        .map(|(n, tx)| {
            let (send, receive) = mpsc::channel(QUEUE);
            let closures = match n {
                // Each of these closures takes locks of its own kind: two in one transaction could collide with those of other shards.
                _ if n >= chat => 1,
                _ if tx.is_postgres() => CLOSURES_ON_POSTGRES,
                _ => CLOSURES,
            };
            let task = ShardTask {
                tx,
                is_broken: false,
                reconnect: reconnect.clone(),
                clock: clock.clone(),
                on_commit: on_commit.clone(),
                stats: stats.clone(),
                closures,
                begun: None,
                last: 0,
                logged: None,
            };
            tokio::spawn(task.run(receive));
            send
        })
        .collect();
    Writer { shards, aside, stats }
}
