//! The write path: a task per shard that commits whatever queued while the last commit was on its way.
//!
//! Closures run as savepoints of one transaction; appends are data and are written in bulk between them; both in the order they came.
//! What the bulk's version guard refuses goes, in order, through its own closure in the same transaction. Answers leave after the commit.

mod checkpoint;
mod closure;
mod faults;

use std::{
    future::Future,
    panic::AssertUnwindSafe,
    pin::Pin,
    sync::{
        Arc,
        atomic::{
            AtomicU64,
            Ordering::{Relaxed, SeqCst},
        },
    },
    time::{Duration, Instant},
};

use domain::{
    conversation::Refusal,
    journal::{Appended, Effect, NewEntry},
    time::Clock,
};
use futures_util::FutureExt as _;
use sqlx::{Connection, postgres::PgConnectOptions};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use closure::{Closure, End, PendingClosure};
use faults::{connection_lost, is_data, panicked, retryable};

pub(crate) use checkpoint::checkpoint_each_second;

use crate::{
    Conn, Error, Result, Tx,
    journal::{self, Guard, Stored},
    tx::Owned,
};

/// What an append came to: its numbers, or why the rules refuse it.
pub type Outcome = std::result::Result<Appended, Refusal>;
/// Gets an append's outcome after its commit.
pub type Reply = Box<dyn FnOnce(Result<Outcome>) + Send>;
/// A boxed future, as closures for the writer return it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Jobs that may wait in one shard; more are told to come back later.
const QUEUE: usize = 20_000;
/// Jobs in one commit.
const BATCH: usize = 2_000;
/// Closures in one commit.
const CLOSURES: usize = 50;
/// The same where shards wait for each other's row locks: what one holds, the others wait for.
const CLOSURES_ON_POSTGRES: usize = 8;
/// A closure that takes longer is rolled back.
const CLOSURE_LIMIT: Duration = Duration::from_millis(250);
/// Times a batch is tried again when the engine asks for it.
const ATTEMPTS: u32 = 3;

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
    pub hot: Option<(NewEntry, i64)>,
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
}

/// Hands writes to the shards. Cheap to clone.
#[derive(Clone)]
pub struct Writer {
    shards: Arc<[mpsc::Sender<Job>]>,
    stats: Arc<Stats>,
}

enum Job {
    Append(Box<PendingAppend>),
    Closure(Box<dyn Closure>),
    Close(oneshot::Sender<()>),
}

struct PendingAppend {
    hot: Option<(NewEntry, i64)>,
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
        let n = self.shards.len();
        let at = match shard {
            Shard::Of(id) => id.as_u64_pair().1 as usize % n,
            Shard::Any => self.stats.closures.load(Relaxed) as usize % n,
        };
        &self.shards[at]
    }
}

pub(crate) fn start(conns: Vec<Tx>, reconnect: Option<PgConnectOptions>, clock: Arc<dyn Clock>, on_commit: Arc<dyn Fn(Vec<Effect>) + Send + Sync>) -> Writer {
    let stats = Arc::new(Stats::default());
    let shards = conns
        .into_iter()
        .map(|tx| {
            let (send, receive) = mpsc::channel(QUEUE);
            let task = ShardTask { tx, reconnect: reconnect.clone(), clock: clock.clone(), on_commit: on_commit.clone(), stats: stats.clone() };
            tokio::spawn(task.run(receive));
            send
        })
        .collect();
    Writer { shards, stats }
}

struct ShardTask {
    tx: Tx,
    reconnect: Option<PgConnectOptions>,
    clock: Arc<dyn Clock>,
    on_commit: Arc<dyn Fn(Vec<Effect>) + Send + Sync>,
    stats: Arc<Stats>,
}

impl ShardTask {
    async fn run(mut self, mut jobs: mpsc::Receiver<Job>) {
        let mut waiting = Vec::with_capacity(BATCH);
        let mut closing = Vec::new();
        loop {
            if waiting.is_empty() && jobs.recv_many(&mut waiting, BATCH).await == 0 {
                return;
            }
            // Up to the limits of one commit; the rest of what was received waits for the next.
            let closures = if self.tx.is_postgres() { CLOSURES_ON_POSTGRES } else { CLOSURES };
            let mut rest = waiting.split_off(batch_len(&waiting, closures));
            let mut batch = std::mem::replace(&mut waiting, Vec::with_capacity(BATCH));
            waiting.append(&mut rest);
            batch.retain_mut(|job| match job {
                Job::Close(done) => {
                    closing.push(std::mem::replace(done, oneshot::channel().0));
                    false
                }
                _ => true,
            });
            self.commit(batch).await;
            if !closing.is_empty() && waiting.is_empty() {
                for done in closing {
                    // Whoever waited for the end may be gone.
                    let _ = done.send(());
                }
                return;
            }
        }
    }

    /// Commits a batch, trying again where the engine asks for it, and answers everyone in it.
    async fn commit(&mut self, mut batch: Vec<Job>) {
        let mut attempt = 0;
        let result = loop {
            attempt += 1;
            match self.attempt(&mut batch).await {
                Err(error) if attempt < ATTEMPTS && retryable(&error) => {
                    self.stats.retries.fetch_add(1, Relaxed);
                    self.recover(&error).await;
                    // Shards that met in a deadlock must not meet again at once.
                    tokio::time::sleep(Duration::from_millis(u64::from(attempt) * (3 + self.stats.commits.load(Relaxed) % 7))).await;
                }
                other => break other,
            }
        };
        match result {
            Ok(effects) => {
                if !effects.is_empty() {
                    let told = std::panic::catch_unwind(AssertUnwindSafe(|| (self.on_commit)(effects)));
                    if let Err(panic) = told {
                        let _ = panicked(&*panic);
                    }
                }
                for job in batch {
                    match job {
                        Job::Append(mut a) => {
                            let answer = a.answer.take().unwrap_or(Err(Error::Busy));
                            a.finish(answer);
                        }
                        Job::Closure(c) => c.finish(None),
                        Job::Close(_) => {}
                    }
                }
            }
            Err(error) => {
                tracing::error!(error = %error, "a batch could not be committed");
                self.recover(&error).await;
                for job in &batch {
                    if let Job::Append(append) = job
                        && let Some((fence, _)) = &append.fence
                    {
                        fence.fall();
                    }
                }
                for job in batch {
                    match job {
                        Job::Append(a) => a.finish(Err(Error::Busy)),
                        Job::Closure(c) => c.finish(Some(Error::Busy)),
                        Job::Close(_) => {}
                    }
                }
            }
        }
    }

    async fn attempt(&mut self, batch: &mut [Job]) -> Result<Vec<Effect>> {
        let begun = Instant::now();
        self.tx.set_now(self.clock.now());
        self.tx.truncate_effects(0);
        let begin = if self.tx.is_postgres() { "BEGIN" } else { "BEGIN IMMEDIATE" };
        self.tx.control(begin).await?;
        let mut rest = batch;
        while !rest.is_empty() {
            let hot = rest.iter().take_while(|job| matches!(job, Job::Append(append) if append.hot.is_some() && !append.is_fenced())).count();
            if hot > 0 {
                let (run, later) = rest.split_at_mut(hot);
                rest = later;
                self.bulk(run).await?;
                continue;
            }
            let (first, later) = rest.split_at_mut(1);
            rest = later;
            match &mut first[0] {
                Job::Append(append) => self.cold(append).await?,
                Job::Closure(closure) => self.closure(closure.as_mut()).await?,
                Job::Close(_) => {}
            }
        }
        // A connection lost here may have committed: not run again, the senders repeat and get the first numbers.
        self.tx.control("COMMIT").await.map_err(|error| match error {
            Error::Sql(sql) if connection_lost(&sql) => Error::Busy,
            other => other,
        })?;
        self.stats.commits.fetch_add(1, Relaxed);
        self.stats.commit_us.fetch_add(begun.elapsed().as_micros() as u64, Relaxed);
        Ok(self.tx.take_effects())
    }

    /// A run of hot appends in bulk; those refused go through their closures afterwards, in order.
    async fn bulk(&mut self, run: &mut [Job]) -> Result<()> {
        let entries = |jobs: &[Job]| -> Vec<(NewEntry, Guard)> {
            jobs.iter()
                .filter_map(|job| match job {
                    Job::Append(append) => append.hot.as_ref().map(|(entry, version)| (entry.clone(), Guard::Is(*version))),
                    _ => None,
                })
                .collect()
        };
        let kept = self.tx.effects_len();
        self.tx.control("SAVEPOINT job").await?;
        let answers = match journal::append(&mut self.tx, entries(run)).await {
            Ok(answers) => {
                self.tx.control("RELEASE job").await?;
                answers.into_iter().map(Some).collect()
            }
            Err(error) if retryable(&error) => return Err(error),
            Err(error) => {
                // One entry the engine refuses must not fail the others: each on its own.
                tracing::warn!(error = %error, "a bulk append is replayed entry by entry");
                self.undo(kept).await?;
                let mut answers = Vec::with_capacity(run.len());
                for one in entries(run) {
                    let kept = self.tx.effects_len();
                    self.tx.control("SAVEPOINT job").await?;
                    match journal::append(&mut self.tx, vec![one]).await {
                        Ok(one) => {
                            self.tx.control("RELEASE job").await?;
                            answers.extend(one.into_iter().map(Some));
                        }
                        Err(error) if retryable(&error) => return Err(error),
                        Err(error) => {
                            tracing::warn!(error = %error, "an entry was refused by the engine");
                            self.undo(kept).await?;
                            answers.push(is_data(&error).then_some(Stored::Unacceptable));
                        }
                    }
                }
                answers
            }
        };
        let mut hot = 0;
        for (job, answer) in run.iter_mut().zip(answers) {
            let Job::Append(append) = job else { continue };
            match answer {
                Some(Stored::New(a) | Stored::Known(a)) => {
                    hot += 1;
                    append.answer = Some(Ok(Ok(a)));
                }
                Some(Stored::Reused) => append.answer = Some(Ok(Err(Refusal::new("client_id_reused")))),
                Some(Stored::Stale) => self.cold(append).await?,
                Some(Stored::Unacceptable) => append.answer = Some(Ok(Err(Refusal::new("unacceptable")))),
                None => append.put_off(),
            }
        }
        self.stats.hot.fetch_add(hot, Relaxed);
        Ok(())
    }

    async fn cold(&mut self, append: &mut PendingAppend) -> Result<()> {
        if append.is_fenced() {
            append.answer = Some(Err(Error::Busy));
            return Ok(());
        }
        self.stats.cold.fetch_add(1, Relaxed);
        let kept = self.tx.effects_len();
        self.tx.control("SAVEPOINT job").await?;
        let limited = tokio::time::timeout(CLOSURE_LIMIT, AssertUnwindSafe(append.otherwise.run(&mut self.tx)).catch_unwind());
        let answer = match limited.await {
            Ok(Ok(answer)) => answer,
            Ok(Err(panic)) => Err(panicked(&*panic)),
            Err(_) => {
                self.stats.overlong.fetch_add(1, Relaxed);
                Err(Error::Busy)
            }
        };
        match answer {
            Err(error) if retryable(&error) => return Err(error),
            Ok(Verdict::Keep(outcome)) => {
                self.tx.control("RELEASE job").await?;
                append.answer = Some(Ok(outcome));
            }
            Ok(Verdict::Undo(refusal)) => {
                self.undo(kept).await?;
                append.answer = Some(Ok(Err(refusal)));
            }
            Err(error) => {
                self.undo(kept).await?;
                if is_data(&error) {
                    append.answer = Some(Ok(Err(Refusal::new("unacceptable"))));
                } else {
                    tracing::warn!(error = %error, "a send could not be stored");
                    append.put_off();
                }
            }
        }
        Ok(())
    }

    async fn closure(&mut self, closure: &mut dyn Closure) -> Result<()> {
        self.stats.closures.fetch_add(1, Relaxed);
        let kept = self.tx.effects_len();
        self.tx.control("SAVEPOINT job").await?;
        let end = match tokio::time::timeout(CLOSURE_LIMIT, closure.run(&mut self.tx)).await {
            Ok(end) => end,
            Err(_) => {
                self.stats.overlong.fetch_add(1, Relaxed);
                closure.fail(Error::Busy);
                End::Undo
            }
        };
        match end {
            End::Keep => self.tx.control("RELEASE job").await,
            End::Undo => self.undo(kept).await,
            End::Retry(error) => Err(error),
        }
    }

    async fn undo(&mut self, kept: usize) -> Result<()> {
        self.tx.truncate_effects(kept);
        self.tx.control("ROLLBACK TO job").await?;
        self.tx.control("RELEASE job").await
    }

    /// Ends a failed transaction; on a lost connection opens another.
    async fn recover(&mut self, error: &Error) {
        self.tx.truncate_effects(0);
        let lost = matches!(error, Error::Sql(e) if connection_lost(e));
        if (!lost && self.tx.control("ROLLBACK").await.is_ok()) || self.reconnect.is_none() {
            return;
        }
        if let Some(options) = &self.reconnect {
            match sqlx::PgConnection::connect_with(options).await {
                Ok(conn) => self.tx = Tx::new(Conn::Postgres(Box::new(Owned(conn))), self.clock.now()),
                Err(error) => tracing::error!(error = %error, "the database cannot be reached"),
            }
        }
    }
}

/// How many of the waiting jobs one commit takes; an append without a guess is a closure too.
fn batch_len(jobs: &[Job], most: usize) -> usize {
    let mut closures = 0;
    jobs.iter()
        .take_while(|job| {
            closures += usize::from(match job {
                Job::Closure(_) => true,
                Job::Append(append) => append.hot.is_none(),
                Job::Close(_) => false,
            });
            closures <= most
        })
        .count()
}
