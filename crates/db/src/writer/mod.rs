//! The write path: a task per shard that commits whatever queued while the last commit was on its way.
//!
//! Closures run as savepoints of one transaction; appends are data and are written in bulk between them; both in the order they came.
//! What the bulk's version guard refuses goes, in order, through its own closure in the same transaction. Answers leave after the commit.

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
use faults::panicked;
use shard::{CLOSURES, CLOSURES_ON_POSTGRES, ShardTask};

pub(crate) use checkpoint::{Checkpoints, LONG_LOG, keep_log_short};

use crate::{Error, Result, Tx, journal::RefusedSend};

/// What an append came to: its numbers, or why the rules refuse it.
pub type Outcome = std::result::Result<Appended, Refusal>;
/// Gets an append's outcome after its commit.
pub type Reply = Box<dyn FnOnce(Result<Outcome>) + Send>;
/// A boxed future, as closures for the writer return it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A closure that takes longer is rolled back while nobody else waits: when a program starts, in a command, on a machine that is busy with other things. It is
/// less than what the writer waits for a database.
const CLOSURE_LIMIT_ALONE_MS: u64 = 5_000;
/// Jobs that may wait in one shard; more are told to come back later.
const QUEUE: usize = 20_000;
/// How often [`Writer::write_patiently`] tries.
const PATIENT_TRIES: u32 = 40;

/// Which shard a write goes to: writes of one conversation keep their order.
#[derive(Debug, Clone, Copy)]
pub enum Shard {
    /// The shard of this conversation.
    Of(Uuid),
    /// Whichever.
    Any,
}

/// An error a closure may end with.
pub trait WriteError: From<Error> + Send + 'static {
    /// The database's part of it, if it has one.
    fn as_db(&self) -> Option<&Error>;
}
impl WriteError for Error {
    fn as_db(&self) -> Option<&Error> {
        Some(self)
    }
}

/// How a full path ended.
#[derive(Debug)]
pub enum Verdict {
    /// What it changed stays, whatever the sender is told.
    Keep(Outcome),
    /// Refused: whatever it changed before is undone.
    Undo(Refusal),
    /// The same, and remembered: no copy of the send will ever be accepted.
    Refuse(Refusal, RefusedSend),
}

/// The full path of an append: load, decide, store. Runs when there was no guess or the guess was wrong; may run again, so it changes nothing but rows.
pub trait Cold: Send {
    /// Runs it.
    fn run<'a>(&'a self, tx: &'a mut Tx) -> BoxFuture<'a, Result<Verdict>>;
}

/// Keeps the order of one sender in one conversation: when one of its appends is told to come back later, those already queued behind it are too.
#[derive(Debug, Default)]
pub struct Fence(AtomicU64);

impl Fence {
    /// What an append is submitted under.
    pub fn value(&self) -> u64 {
        self.0.load(SeqCst)
    }
    fn fall(&self) {
        self.0.fetch_add(1, SeqCst);
    }
}

/// An append for the hot lane.
pub struct Append {
    /// Whose order it keeps.
    pub conversation: Uuid,
    /// The entry and the head's version it was decided on; `None` goes straight to `otherwise`.
    pub hot: Option<(Written, i64)>,
    /// What to do instead where the guard refuses.
    pub otherwise: Box<dyn Cold>,
    /// The sender's fence, and its value when this was submitted.
    pub fence: Option<(Arc<Fence>, u64)>,
    /// Told after the commit.
    pub reply: Reply,
}

/// What the writer has done.
#[derive(Debug, Default)]
pub struct Stats {
    /// Commits.
    pub commits: AtomicU64,
    /// Appends that went through the hot lane.
    pub hot: AtomicU64,
    /// Appends that went through their closure.
    pub cold: AtomicU64,
    /// Closures.
    pub closures: AtomicU64,
    /// Closures of no conversation, where these have shards of their own.
    pub aside: AtomicU64,
    /// Jobs that were told to come back later.
    pub busy: AtomicU64,
    /// Closures rolled back for taking too long.
    pub overlong: AtomicU64,
    /// Batches that were run again.
    pub retries: AtomicU64,
    /// Microseconds spent in commits.
    pub commit_us: AtomicU64,
    /// Bytes of the write-ahead log after the last checkpoint.
    pub wal_bytes: AtomicU64,
    /// Milliseconds a closure may take; 0 for as long as it may where nobody else waits.
    closure_limit_ms: AtomicU64,
    /// Whether the log is to be begun anew before the next commit.
    pub(crate) log_is_long: AtomicBool,
    /// Whether the disk needs the log's room.
    pub(crate) room_is_short: AtomicBool,
    /// Whether there is no room to write the log back: what is committed to it would only need more.
    pub(crate) log_is_stuck: AtomicBool,
}

impl Stats {
    fn closure_limit(&self) -> Duration {
        let limit = self.closure_limit_ms.load(Relaxed);
        Duration::from_millis(if limit == 0 { CLOSURE_LIMIT_ALONE_MS } else { limit })
    }
}

/// Hands writes to the shards. Cheap to clone.
#[derive(Clone)]
pub struct Writer {
    shards: Arc<[mpsc::Sender<Job>]>,
    /// How many of them are for writes of no conversation, the last ones; none where there is but one.
    aside: usize,
    stats: Arc<Stats>,
}

enum Job {
    Append(Box<PendingAppend>),
    Closure(Box<dyn Closure>),
    Close(oneshot::Sender<()>),
}

impl Job {
    /// It has to come back later; one that closes the shard is kept.
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
    /// Whether something older of the same sender has to be repeated first.
    fn is_fenced(&self) -> bool {
        self.fence.as_ref().is_some_and(|(fence, value)| fence.value() != *value)
    }
    /// It has to come back later, and so has everything behind it.
    fn put_off(&mut self) {
        if let Some((fence, _)) = &self.fence {
            fence.fall();
        }
        self.answer = Some(Err(Error::Busy));
    }
    /// Tells the sender; a panic in what it told must not end the shard.
    fn finish(self, result: Result<Outcome>) {
        if matches!(result, Err(Error::Busy))
            && let Some((fence, _)) = &self.fence
        {
            fence.fall();
        }
        let reply = self.reply;
        if let Err(panic) = std::panic::catch_unwind(AssertUnwindSafe(move || reply(result))) {
            let _ = panicked(&*panic);
        }
    }
}

impl Writer {
    /// What it has done.
    pub fn stats(&self) -> Arc<Stats> {
        self.stats.clone()
    }

    /// From now on people wait for the writer: a closure that takes longer than `limit` is rolled back, and its caller told to come back later.
    pub fn limit_closures(&self, limit: Duration) {
        self.stats.closure_limit_ms.store(u64::try_from(limit.as_millis()).unwrap_or(u64::MAX).max(1), Relaxed);
    }

    /// Takes an append; its reply comes after the commit, or at once with [`Error::Busy`] if too much is waiting.
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

    /// Runs a closure in a transaction and returns after it is durable. An `Err` rolls its changes back. It may run more than once.
    pub async fn write<T, E, F>(&self, shard: Shard, work: F) -> std::result::Result<T, E>
    where
        T: Send + 'static,
        E: WriteError,
        F: for<'a> FnOnce(&'a mut Tx) -> BoxFuture<'a, std::result::Result<T, E>> + Clone + Send + 'static,
    {
        self.write_boxed(shard, Box::new(move |tx| work.clone()(tx))).await
    }

    /// The same, and again while the database is busy: a slow machine shall neither end a start nor refuse a command.
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

    /// Commits what was accepted and stops.
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

/// Starts a shard per connection; the last `aside` of them are for writes of no conversation.
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
                // Each of these has locks of its own kind: together they would meet each other's.
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
                logged: None,
            };
            tokio::spawn(task.run(receive));
            send
        })
        .collect();
    Writer { shards, aside, stats }
}
