//! The connection to Redis. It may hang, die, come back or be flushed at any moment: a query waits only for a moment.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use domain::{id::TenantId, time::Ts};
use redis::{Client, RedisResult, aio::MultiplexedConnection};
use tokio::{sync::mpsc, time::timeout};
use uuid::Uuid;

use crate::cluster::hints::{Hints, Seal, Told, Tries};

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
    /// Tells the other nodes which tries this one counts under a key and until when, and returns what they told; `None` while Redis does not answer. Only what nodes told
    /// counts: whoever else can write to Redis can hide tries, which each node goes on counting by itself, and can make up none.
    pub async fn share_tries(&self, key: &str, own: &[Tries], within_ms: i64, now: Ts) -> Option<Vec<Tries>> {
        let name = self.seal.name_of_tries(key);
        let (at, written) = (self.tries_at(&name), self.seal.write_tries(&name, self.node, own));
        let mut pipe = redis::pipe();
        pipe.hset(&at, self.node.as_bytes().as_slice(), written).ignore().pexpire(&at, within_ms).ignore().hgetall(&at);
        let (told,): (HashMap<Vec<u8>, Vec<u8>>,) = self.ask(pipe).await?;
        let read = |(node, written): (Vec<u8>, Vec<u8>)| {
            let node = Uuid::from_slice(&node).ok().filter(|node| *node != self.node)?;
            self.seal.read_tries(&name, node, std::str::from_utf8(&written).ok()?)
        };
        Some(told.into_iter().filter_map(read).flatten().filter(|tries| tries.until > now).collect())
    }
    /// Takes back what this node told of a key. Its next try tells the rest.
    pub async fn withdraw_tries(&self, key: &str) {
        let mut pipe = redis::pipe();
        pipe.hdel(self.tries_at(&self.seal.name_of_tries(key)), self.node.as_bytes().as_slice()).ignore();
        let _: Option<()> = self.ask(pipe).await;
    }
    /// Forgets what all nodes told of a key.
    pub async fn forget_tries(&self, key: &str) {
        let mut pipe = redis::pipe();
        pipe.del(self.tries_at(&self.seal.name_of_tries(key))).ignore();
        let _: Option<()> = self.ask(pipe).await;
    }
    fn tries_at(&self, name: &str) -> String {
        self.key(&format!("tries:{name}"))
    }
    /// Sends a query if Redis is up; `None` if it is down or does not answer.
    pub(super) async fn ask<T: redis::FromRedisValue>(&self, pipe: redis::Pipeline) -> Option<T> {
        let mut conn = if self.is_up() { self.speaker.lock().unwrap_or_else(PoisonError::into_inner).clone()? } else { return None };
        match within("no answer", pipe.query_async(&mut conn)).await {
            Ok(answer) => Some(answer),
            Err(error) => {
                // No other query should have to wait for it. An answer that is an error, about a key that somebody else wrote, says nothing of the others.
                if error.is_io_error() || error.is_unrecoverable_error() {
                    self.went_down(&error);
                }
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
