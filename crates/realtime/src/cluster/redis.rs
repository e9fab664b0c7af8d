//! The connection to Redis. It may hang, die, come back or be flushed at any moment: a query waits only for a moment.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use domain::id::TenantId;
use redis::{Client, RedisResult, aio::MultiplexedConnection};
use tokio::{sync::mpsc, time::timeout};
use uuid::Uuid;

use crate::cluster::hints::{Hints, Seal, Told};

/// If an answer of Redis takes longer, Redis counts as hanging.
pub(super) const ANSWER_WITHIN: Duration = Duration::from_millis(200);

/// The connection to other nodes.
pub struct Redis {
    pub(super) client: Client,
    pub(super) seal: Seal,
    pub(super) node: Uuid,
    pub(super) up: Arc<AtomicBool>,
    pub(super) dropped: Arc<AtomicU64>,
    pub(super) speaker: Mutex<Option<MultiplexedConnection>>,
}

impl Redis {
    /// Prepares a connection without opening it. An error names what is wrong with the URL.
    pub fn new(url: &str, secret: &[u8], node: Uuid) -> Result<(Arc<Self>, Hints, mpsc::Receiver<Told>), String> {
        let client = Client::open(url).map_err(|error| error.to_string())?;
        let seal = Seal::new(secret).ok_or("no key")?;
        let (up, dropped) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let (hints, waiting) = Hints::new(up.clone(), dropped.clone());
        Ok((Arc::new(Self { client, seal, node, up, dropped, speaker: Mutex::default() }), hints, waiting))
    }
    /// Whether hints go through.
    pub fn is_up(&self) -> bool {
        self.up.load(Relaxed)
    }
    /// The number of hints that were not carried.
    pub fn dropped_count(&self) -> u64 {
        self.dropped.load(Relaxed)
    }
    /// Counts one more try under a key, in a window that began with the first try. Returns the number of tries, and in how many milliseconds the window ends;
    /// `None` while Redis does not answer.
    pub async fn count(&self, key: &str, within_ms: i64) -> Option<(i64, i64)> {
        let key = self.key(key);
        let mut pipe = redis::pipe();
        pipe.atomic().cmd("SET").arg(&key).arg(0).arg("PX").arg(within_ms).arg("NX").ignore().incr(&key, 1).pttl(&key);
        self.ask(pipe).await
    }
    /// Takes the last try back.
    pub async fn uncount(&self, key: &str) {
        let mut pipe = redis::pipe();
        // A window that has ended in the meantime must not start again.
        pipe.cmd("EVAL").arg("if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('DECR', KEYS[1]) end").arg(1).arg(self.key(key)).ignore();
        let _: Option<()> = self.ask(pipe).await;
    }
    /// Forgets the tries of a key.
    pub async fn forget(&self, key: &str) {
        let mut pipe = redis::pipe();
        pipe.del(self.key(key)).ignore();
        let _: Option<()> = self.ask(pipe).await;
    }
    /// Sends a query if Redis is up; `None` if it is down or does not answer.
    pub(super) async fn ask<T: redis::FromRedisValue>(&self, pipe: redis::Pipeline) -> Option<T> {
        let mut conn = if self.is_up() { self.speaker.lock().unwrap_or_else(PoisonError::into_inner).clone()? } else { return None };
        match within("no answer", pipe.query_async(&mut conn)).await {
            Ok(answer) => Some(answer),
            Err(error) => {
                // No other query should have to wait for it.
                self.went_down(&error);
                None
            }
        }
    }

    /// The id of this node.
    pub(super) const fn node(&self) -> Uuid {
        self.node
    }
    /// A Redis key in this installation's own namespace.
    pub(super) fn key(&self, rest: &str) -> String {
        format!("yingda:{}:{rest}", self.seal.name())
    }

    pub(super) fn channel(&self, tenant: TenantId) -> String {
        self.key(&tenant.uuid().as_simple().to_string())
    }
    pub(super) fn beats(&self) -> String {
        self.key("beat")
    }
    pub(super) fn went_down(&self, why: &redis::RedisError) {
        if self.up.swap(false, Relaxed) {
            tracing::warn!(error = %why, "Redis is away: nodes hear of each other from the record until it is back");
        }
    }
}

pub(super) fn io_error(what: &'static str) -> redis::RedisError {
    (redis::ErrorKind::Io, what).into()
}

pub(super) async fn within<T>(what: &'static str, work: impl Future<Output = RedisResult<T>>) -> RedisResult<T> {
    timeout(ANSWER_WITHIN, work).await.unwrap_or_else(|_| Err(io_error(what)))
}
