//! One shard of the write path: a task with a connection, which commits whatever was queued during the last commit.

use std::{
    io,
    panic::AssertUnwindSafe,
    sync::{Arc, atomic::Ordering::Relaxed},
    time::{Duration, Instant},
};

use domain::{
    effect::Effect,
    journal::Written,
    refusal::{Code, Refusal},
    time::Clock,
};
use futures_util::FutureExt as _;
use sqlx::{Connection as _, postgres::PgConnectOptions};
use tokio::sync::{mpsc, oneshot};

use super::{
    Job, PendingAppend, Stats, Verdict, checkpoint,
    closure::{Closure, End},
    faults::{connection_lost, die_if_flush_failed, is_data, report_panic, retryable, storage_refuses},
};
use crate::{
    Conn, Error, Result, Tx,
    journal::{self, Guard, Stored},
    tx::Owned,
};

/// The most jobs in one commit.
const BATCH: usize = 2_000;
/// The most closures in one commit.
pub(super) const CLOSURES: usize = 50;
/// The same limit if shards wait for each other's row locks: the others wait for the locks that one holds.
pub(super) const CLOSURES_ON_POSTGRES: usize = 8;
/// Under traffic, commits of a shard begin this far apart: more jobs share one commit, and each commit costs the same few pages of the log, the same statements,
/// the same flush. The runtime's timer does not know shorter times.
const APART: Duration = Duration::from_millis(1);
/// The number of jobs in the last commit from which there is traffic. With fewer, the next begins at once: a lone sender waits for nothing.
const TRAFFIC: usize = 8;
/// How often a batch is retried when the engine asks for it.
const ATTEMPTS: u32 = 3;
/// A database that does not answer for this long is considered gone. Pending work may have been committed: the senders repeat it.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// The time limit for opening a new connection, and for closing one.
const CONNECT_WITHIN: Duration = Duration::from_secs(3);
/// How often a lasting failure is logged.
const LOG_EVERY: Duration = Duration::from_secs(1);

/// The task of a shard; see the module.
pub(super) struct ShardTask {
    pub(super) tx: Tx,
    /// Whether the connection is lost, or its state is unknown: then it is not used again.
    pub(super) is_broken: bool,
    pub(super) reconnect: Option<PgConnectOptions>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) on_commit: Arc<dyn Fn(Vec<Effect>) + Send + Sync>,
    pub(super) stats: Arc<Stats>,
    /// The most closures in one commit.
    pub(super) closures: usize,
    /// When the last commit began.
    pub(super) begun: Option<Instant>,
    /// The number of jobs in it.
    pub(super) last: usize,
    /// When a failed batch was last logged.
    pub(super) logged: Option<Instant>,
}

/// How a run of hot appends is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pace {
    /// In bulk, or, if it is the whole batch and a single one, together with its commit.
    AtOnce,
    /// All at once: one entry that the engine refuses makes all of them fail.
    InBulk,
    /// Each in its own savepoint.
    OneByOne,
}

impl ShardTask {
    /// Runs until the shard is closed.
    pub(super) async fn run(mut self, mut jobs: mpsc::Receiver<Job>) {
        let mut waiting = Vec::with_capacity(BATCH);
        let mut closing = Vec::new();
        loop {
            if waiting.is_empty() && jobs.recv_many(&mut waiting, BATCH).await == 0 {
                return;
            }
            let early = self.begun.map_or(Duration::ZERO, |begun| gap(self.last).saturating_sub(begun.elapsed()));
            if !early.is_zero() {
                tokio::time::sleep(early).await;
                while waiting.len() < BATCH
                    && let Ok(job) = jobs.try_recv()
                {
                    waiting.push(job);
                }
            }
            self.begun = Some(Instant::now());
            // The batch is limited to the size of one commit; the rest of the received jobs waits for the next.
            let mut rest = waiting.split_off(batch_len(&waiting, self.closures));
            let mut batch = std::mem::replace(&mut waiting, Vec::with_capacity(BATCH));
            waiting.append(&mut rest);
            batch.retain_mut(|job| match job {
                Job::Close(done) => {
                    closing.push(std::mem::replace(done, oneshot::channel().0));
                    false
                }
                _ => true,
            });
            self.last = batch.len();
            self.commit(batch).await;
            if self.stats.log_is_long.swap(false, Relaxed)
                && let Err(error) = checkpoint::begin_anew(&mut self.tx, self.stats.room_is_short.load(Relaxed)).await
            {
                die_if_flush_failed(&error);
                tracing::warn!(error = %error, "a new log could not be started");
            }
            if self.is_broken {
                // Nobody should wait for one attempt after the other: all waiting jobs are answered with `Busy` at once.
                while let Ok(job) = jobs.try_recv() {
                    waiting.push(job);
                }
                waiting.drain(..).for_each(|job| job.put_off(&mut closing));
            }
            if !closing.is_empty() && waiting.is_empty() {
                // The caller that waits for the end may open the file next. A connection over a network may be gone without notice.
                let _ = tokio::time::timeout(CONNECT_WITHIN, self.tx.close()).await;
                for done in closing {
                    // The caller who waited for the end may be gone.
                    let _ = done.send(());
                }
                return;
            }
        }
    }

    /// Commits a batch, with retries if the engine asks for them, and answers every job in it.
    async fn commit(&mut self, mut batch: Vec<Job>) {
        let (mut attempt, mut pace) = (0, Pace::AtOnce);
        let result = loop {
            attempt += 1;
            let error = match self.attempt_in_time(&mut batch, pace).await {
                Ok(effects) => break Ok(effects),
                Err(error) => error,
            };
            self.recover(&error).await;
            if pace == Pace::AtOnce {
                pace = Pace::InBulk;
            }
            if retryable(&error) && attempt < ATTEMPTS {
                self.stats.retries.fetch_add(1, Relaxed);
                if !self.is_broken && locks_of_several(&batch) {
                    // A transaction that locks the rows of several jobs may collide with another shard again and again: from here on they run one after the
                    // other.
                    for part in parts(batch) {
                        Box::pin(self.commit(part)).await;
                    }
                    return;
                }
                // Shards that collided in a deadlock must not collide again at once.
                tokio::time::sleep(Duration::from_millis(u64::from(attempt) * (3 + self.stats.commits.load(Relaxed) % 7))).await;
            } else if pace == Pace::InBulk && is_data(&error) {
                // One entry that the engine refuses must not make the others fail.
                tracing::warn!(error = %error, "a batch is run again entry by entry");
                (attempt, pace) = (0, Pace::OneByOne);
            } else {
                break Err(error);
            }
        };
        match result {
            Ok(effects) => {
                if !effects.is_empty() {
                    let told = std::panic::catch_unwind(AssertUnwindSafe(|| (self.on_commit)(effects)));
                    if let Err(panic) = told {
                        let _ = report_panic(&*panic);
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
                if self.logged.is_none_or(|at| at.elapsed() > LOG_EVERY) {
                    self.logged = Some(Instant::now());
                    tracing::error!(error = %error, "a batch could not be committed; its senders are told to come back");
                }
                for job in &batch {
                    if let Job::Append(append) = job
                        && let Some((fence, _)) = &append.fence
                    {
                        fence.fall();
                    }
                }
                batch.into_iter().for_each(|job| job.put_off(&mut Vec::new()));
            }
        }
    }

    /// An engine over a network may never answer: then the connection is given up.
    async fn attempt_in_time(&mut self, batch: &mut [Job], pace: Pace) -> Result<Vec<Effect>> {
        if self.reconnect.is_none() {
            return self.attempt(batch, pace).await;
        }
        if self.is_broken {
            self.connect().await?;
        }
        tokio::time::timeout(ANSWER_WITHIN, self.attempt(batch, pace)).await.unwrap_or(Err(Error::Silent))
    }

    async fn attempt(&mut self, batch: &mut [Job], pace: Pace) -> Result<Vec<Effect>> {
        if self.stats.log_is_stuck.load(Relaxed) {
            return Err(Error::Io(io::ErrorKind::StorageFull.into()));
        }
        let begun = Instant::now();
        self.tx.set_now(self.clock.now());
        self.tx.truncate_effects(0);
        if pace != Pace::AtOnce || !self.alone(batch).await? {
            self.transaction(batch, pace).await?;
        }
        self.stats.commits.fetch_add(1, Relaxed);
        self.stats.commit_us.fetch_add(begun.elapsed().as_micros() as u64, Relaxed);
        Ok(self.tx.take_effects())
    }

    /// Commits a batch that is a single hot append in one statement; returns whether it did. If not, nothing was changed.
    async fn alone(&mut self, batch: &mut [Job]) -> Result<bool> {
        let [Job::Append(append)] = batch else { return Ok(false) };
        let Some((entry, version)) = append.hot.as_ref().filter(|_| !append.is_fenced()) else { return Ok(false) };
        let stored = journal::append_alone(&mut self.tx, entry, *version).await.map_err(|error| match error {
            // It may have been committed. If it is run again, it is recognised by its sender's id; without one, it is not run again.
            Error::Sql(sql) if entry.client_id.is_none() && connection_lost(&sql) => Error::Busy,
            other => other,
        })?;
        let Some(appended) = stored else { return Ok(false) };
        self.stats.hot.fetch_add(1, Relaxed);
        append.answer = Some(Ok(Ok(appended)));
        Ok(true)
    }

    async fn transaction(&mut self, batch: &mut [Job], pace: Pace) -> Result<()> {
        let begin = if self.tx.is_postgres() { "BEGIN" } else { "BEGIN IMMEDIATE" };
        self.tx.control(begin).await?;
        let mut rest = batch;
        while !rest.is_empty() {
            let hot = rest.iter().take_while(|job| matches!(job, Job::Append(append) if append.hot.is_some() && !append.is_fenced())).count();
            if hot > 0 {
                let (run, later) = rest.split_at_mut(hot);
                rest = later;
                match pace {
                    Pace::AtOnce | Pace::InBulk => self.bulk(run).await?,
                    Pace::OneByOne => self.one_by_one(run).await?,
                }
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
        // If the connection is lost here, the transaction may have been committed: it is not run again; the senders repeat, and get the first numbers.
        self.tx.control("COMMIT").await.map_err(|error| match error {
            Error::Sql(sql) if connection_lost(&sql) => Error::Busy,
            other => other,
        })
    }

    /// Writes a run of hot appends at once; refused ones go through their closures afterwards, in order.
    async fn bulk(&mut self, run: &mut [Job]) -> Result<()> {
        let answers = journal::append(&mut self.tx, entries(run)).await?;
        for (job, stored) in run.iter_mut().zip(answers) {
            if let Job::Append(append) = job {
                self.settle(append, stored).await?;
            }
        }
        Ok(())
    }

    /// The same with each append on its own, so that only the one that the engine refuses fails.
    async fn one_by_one(&mut self, run: &mut [Job]) -> Result<()> {
        let wanted = entries(run);
        for (job, entry) in run.iter_mut().zip(wanted) {
            let Job::Append(append) = job else { continue };
            let kept = self.tx.effects_len();
            self.tx.control("SAVEPOINT job").await?;
            match journal::append(&mut self.tx, vec![entry]).await {
                Ok(stored) => {
                    self.tx.control("RELEASE job").await?;
                    for stored in stored {
                        self.settle(append, stored).await?;
                    }
                }
                Err(error) if is_data(&error) => {
                    tracing::warn!(error = %error, "an entry was refused by the engine");
                    self.undo(kept).await?;
                    append.answer = Some(Ok(Err(Refusal::new(Code::Unacceptable))));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Records the answer of an append, or sends it through its closure.
    async fn settle(&mut self, append: &mut PendingAppend, stored: Stored) -> Result<()> {
        match stored {
            Stored::New(a) | Stored::Known(a) => {
                self.stats.hot.fetch_add(1, Relaxed);
                append.answer = Some(Ok(Ok(a)));
            }
            Stored::Reused => append.answer = Some(Ok(Err(Refusal::new(Code::ClientIdReused)))),
            Stored::Stale => self.cold(append).await?,
        }
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
        let limited = tokio::time::timeout(self.stats.closure_limit(), AssertUnwindSafe(append.otherwise.run(&mut self.tx)).catch_unwind());
        let answer = match limited.await {
            Ok(Ok(answer)) => answer,
            Ok(Err(panic)) => Err(report_panic(&*panic)),
            Err(_) => {
                self.stats.overlong.fetch_add(1, Relaxed);
                Err(Error::Busy)
            }
        };
        match answer {
            Err(error) if retryable(&error) || storage_refuses(&error) => return Err(error),
            Ok(Verdict::Keep(outcome)) => {
                self.tx.control("RELEASE job").await?;
                append.answer = Some(Ok(outcome));
            }
            Ok(Verdict::Undo(refusal)) => {
                self.undo(kept).await?;
                append.answer = Some(Ok(Err(refusal)));
            }
            Ok(Verdict::Refuse(refusal, send)) => {
                self.undo(kept).await?;
                if journal::remember(&mut self.tx, &send, &refusal).await? {
                    append.answer = Some(Ok(Err(refusal)));
                } else {
                    append.put_off();
                }
            }
            Err(error) => {
                self.undo(kept).await?;
                if is_data(&error) {
                    append.answer = Some(Ok(Err(Refusal::new(Code::Unacceptable))));
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
        let end = match tokio::time::timeout(self.stats.closure_limit(), closure.run(&mut self.tx)).await {
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

    /// Ends a failed transaction; a lost connection is not used again. If the disk does not flush, the program exits.
    async fn recover(&mut self, error: &Error) {
        self.tx.truncate_effects(0);
        die_if_flush_failed(error);
        if self.is_broken {
            return;
        }
        self.is_broken = match error {
            Error::Silent => true,
            Error::Sql(sql) => connection_lost(sql),
            _ => false,
        };
        if !self.is_broken {
            let rolled_back = tokio::time::timeout(CONNECT_WITHIN, self.tx.control("ROLLBACK")).await;
            self.is_broken = !matches!(rolled_back, Ok(Ok(()))) && self.reconnect.is_some();
        }
    }

    /// Opens a new connection in place of a broken one.
    async fn connect(&mut self) -> Result<()> {
        let Some(options) = &self.reconnect else { return Ok(()) };
        let conn = tokio::time::timeout(CONNECT_WITHIN, sqlx::PgConnection::connect_with(options)).await.map_err(|_| Error::Silent)??;
        self.tx = Tx::new(Conn::Postgres(Box::new(Owned(conn))), self.clock.now()).counted(self.tx.counter());
        self.is_broken = false;
        Ok(())
    }
}

/// How far apart two commits begin, after one of so many jobs.
const fn gap(jobs: usize) -> Duration {
    if jobs < TRAFFIC { Duration::ZERO } else { APART }
}

/// The entries that a run of hot appends stores, with their guards.
fn entries(run: &[Job]) -> Vec<(Written, Guard)> {
    run.iter()
        .filter_map(|job| match job {
            Job::Append(append) => append.hot.as_ref().map(|(entry, version)| (entry.clone(), Guard::Is(*version))),
            _ => None,
        })
        .collect()
}

/// Whether a job decides under locks of its own: a closure, or an append without a guess.
fn is_closure(job: &Job) -> bool {
    match job {
        Job::Closure(_) => true,
        Job::Append(append) => append.hot.is_none(),
        Job::Close(_) => false,
    }
}

/// Whether a batch of several jobs contains one that locks rows in an order of its own.
fn locks_of_several(batch: &[Job]) -> bool {
    batch.len() > 1 && batch.iter().any(is_closure)
}

/// A batch split into parts, in order: each closure alone, the appends between them together.
fn parts(batch: Vec<Job>) -> Vec<Vec<Job>> {
    let mut parts: Vec<Vec<Job>> = Vec::new();
    for job in batch {
        match parts.last_mut() {
            Some(part) if !is_closure(&job) && !part.iter().any(is_closure) => part.push(job),
            _ => parts.push(vec![job]),
        }
    }
    parts
}

/// How many of the waiting jobs one commit takes; an append without a guess counts as a closure too.
fn batch_len(jobs: &[Job], most: usize) -> usize {
    let mut closures = 0;
    jobs.iter()
        .take_while(|job| {
            closures += usize::from(is_closure(job));
            closures <= most
        })
        .count()
}
