//! Redis, which carries hints between nodes. It may hang, die, come back or be flushed at any moment: nothing waits for it but the tasks in this file.
//!
//! A channel per company, to which a node listens while somebody of that company is connected to it; and a channel on which every node hears its own beat:
//! as long as it does, hints go both ways.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use domain::id::TenantId;
use futures_util::StreamExt as _;
use redis::{AsyncConnectionConfig, Client, RedisResult, aio::MultiplexedConnection};
use tokio::{
    sync::mpsc,
    time::{Instant, MissedTickBehavior, interval, timeout},
};
use uuid::Uuid;

use super::hints::{Hint, Hints, Seal, Told};
use crate::{
    App,
    jobs::follow_others::{self, Source},
};

/// An answer of Redis takes no longer, or it counts as hanging.
const ANSWER_WITHIN: Duration = Duration::from_millis(200);
/// Time between beats.
const BEAT: Duration = Duration::from_millis(500);
/// Without its own beat for this long a node takes Redis for gone.
const SILENT_AFTER: Duration = Duration::from_millis(1_500);
/// How often a node looks which companies it should listen for.
const LOOK: Duration = Duration::from_millis(100);
/// Beats after which the set of this node's visitors is written anew.
const ANEW: u32 = 120;
/// Time before another try to connect: at first, and at most.
const RETRY: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));
/// Commits and frames put into one hint.
const AT_ONCE: usize = 128;
/// Hints that wait to be told to the connections of this node; more are dropped.
const HEARD: usize = 1_024;

/// The way to other nodes.
pub struct Redis {
    client: Client,
    seal: Seal,
    node: Uuid,
    up: Arc<AtomicBool>,
    dropped: Arc<AtomicU64>,
    speaker: Mutex<Option<MultiplexedConnection>>,
}

/// Hears of a connection that was given up.
type Lost = RedisResult<()>;

impl Redis {
    /// Not connected yet. An error names what is wrong with the address.
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
    /// Hints that were not carried.
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Relaxed)
    }
    /// Counts one more try under a key, in a window that began with the first: how many there are, and in how many milliseconds the window ends. `None`
    /// while Redis does not answer.
    pub(super) async fn count(&self, key: &str, within_ms: i64) -> Option<(i64, i64)> {
        let key = self.key(key);
        let mut pipe = redis::pipe();
        pipe.atomic().cmd("SET").arg(&key).arg(0).arg("PX").arg(within_ms).arg("NX").ignore().incr(&key, 1).pttl(&key);
        self.ask(pipe).await
    }
    /// Takes the last try back.
    pub(super) async fn uncount(&self, key: &str) {
        let mut pipe = redis::pipe();
        // A window that has ended meanwhile must not begin anew.
        pipe.cmd("EVAL").arg("if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('DECR', KEYS[1]) end").arg(1).arg(self.key(key)).ignore();
        let _: Option<()> = self.ask(pipe).await;
    }
    /// Forgets the tries.
    pub(super) async fn forget(&self, key: &str) {
        let mut pipe = redis::pipe();
        pipe.del(self.key(key)).ignore();
        let _: Option<()> = self.ask(pipe).await;
    }
    /// Asks something, while Redis answers.
    pub(super) async fn ask<T: redis::FromRedisValue>(&self, pipe: redis::Pipeline) -> Option<T> {
        let mut conn = if self.is_up() { self.speaker.lock().unwrap_or_else(PoisonError::into_inner).clone()? } else { return None };
        match within("no answer", pipe.query_async(&mut conn)).await {
            Ok(answer) => Some(answer),
            Err(error) => {
                // Nobody else shall wait for it.
                self.went_down(&error);
                None
            }
        }
    }

    /// This node.
    pub(super) const fn node(&self) -> Uuid {
        self.node
    }
    /// A name of this installation's own.
    pub(super) fn key(&self, rest: &str) -> String {
        format!("yingda:{}:{rest}", self.seal.name())
    }

    fn channel(&self, tenant: TenantId) -> String {
        self.key(&tenant.uuid().as_simple().to_string())
    }
    fn beats(&self) -> String {
        self.key("beat")
    }
    fn went_down(&self, why: &redis::RedisError) {
        if self.up.swap(false, Relaxed) {
            tracing::warn!(error = %why, "Redis is away: nodes hear of each other from the record until it is back");
        }
    }
}

/// Carries hints until the program ends.
pub fn start(app: &App, redis: &Arc<Redis>, waiting: mpsc::Receiver<Told>) {
    let (heard, hearing) = mpsc::channel(HEARD);
    tokio::spawn(speak(app.clone(), redis.clone(), waiting));
    tokio::spawn(listen(app.clone(), redis.clone(), heard));
    tokio::spawn(tell(app.clone(), hearing));
}

fn gone(what: &'static str) -> redis::RedisError {
    (redis::ErrorKind::Io, what).into()
}

async fn within<T>(what: &'static str, work: impl Future<Output = RedisResult<T>>) -> RedisResult<T> {
    timeout(ANSWER_WITHIN, work).await.unwrap_or_else(|_| Err(gone(what)))
}

/// Waits longer after each failure; begins anew after one that lasted.
async fn patience(wait: &mut Duration, since: Instant) {
    if since.elapsed() > RETRY.1 {
        *wait = RETRY.0;
    }
    tokio::time::sleep(*wait).await;
    *wait = (*wait * 2).min(RETRY.1);
}

async fn speak(app: App, redis: Arc<Redis>, mut waiting: mpsc::Receiver<Told>) {
    let mut wait = RETRY.0;
    loop {
        let begun = Instant::now();
        if let Err(error) = speaking(&app, &redis, &mut waiting).await {
            redis.went_down(&error);
        }
        // What waits is old news by the time there is a connection again.
        while waiting.try_recv().is_ok() {
            redis.dropped.fetch_add(1, Relaxed);
        }
        patience(&mut wait, begun).await;
    }
}

async fn speaking(app: &App, redis: &Redis, waiting: &mut mpsc::Receiver<Told>) -> Lost {
    let config = AsyncConnectionConfig::new().set_connection_timeout(Some(ANSWER_WITHIN)).set_response_timeout(Some(ANSWER_WITHIN));
    let mut conn = within("no connection", redis.client.get_multiplexed_async_connection_with_config(&config)).await?;
    *redis.speaker.lock().unwrap_or_else(PoisonError::into_inner) = Some(conn.clone());
    let mut beat = interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut told, mut beats) = (Vec::with_capacity(AT_ONCE), 0_u32);
    loop {
        let mut pipe = redis::pipe();
        tokio::select! {
            _ = beat.tick() => {
                if beats.is_multiple_of(ANEW) {
                    redis.all_visitors(&mut pipe, &app.hub().visitors_here());
                }
                beats += 1;
                redis.renew_visitors(&mut pipe);
                pipe.publish(redis.beats(), redis.node.as_bytes().as_slice()).ignore();
            }
            n = waiting.recv_many(&mut told, AT_ONCE) => {
                if n == 0 {
                    return Ok(());
                }
            }
        }
        redis.note_visitors(&mut pipe, &told);
        if app.live().cluster().nodes() == 1 {
            // Nobody else is there; a node that comes looks into the record first.
            told.clear();
        }
        let (count, generation) = (told.len() as u64, app.live().cluster().generation());
        for (tenant, hint) in Hint::of(std::mem::take(&mut told)) {
            let Some(sealed) = redis.seal.close(generation, tenant, &hint) else { continue };
            pipe.publish(redis.channel(tenant), [redis.node.as_bytes().as_slice(), &sealed].concat()).ignore();
        }
        if pipe.is_empty() {
            continue;
        }
        if let Err(error) = within("no answer", pipe.query_async::<()>(&mut conn)).await {
            redis.dropped.fetch_add(count, Relaxed);
            return Err(error);
        }
    }
}

async fn listen(app: App, redis: Arc<Redis>, heard: mpsc::Sender<(TenantId, Hint)>) {
    let mut wait = RETRY.0;
    loop {
        let begun = Instant::now();
        if let Err(error) = listening(&app, &redis, &heard).await {
            redis.went_down(&error);
        }
        patience(&mut wait, begun).await;
    }
}

async fn listening(app: &App, redis: &Redis, heard: &mpsc::Sender<(TenantId, Hint)>) -> Lost {
    let (mut sink, mut messages) = within("no connection", redis.client.get_async_pubsub()).await?.split();
    within("no answer", sink.subscribe(redis.beats())).await?;
    let (mut look, mut beaten) = (interval(LOOK), Instant::now());
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // By the name of their channel.
    let mut companies: HashMap<String, TenantId> = HashMap::new();
    loop {
        tokio::select! {
            message = messages.next() => {
                let message = message.ok_or_else(|| gone("the connection ended"))?;
                let Some((node, sealed)) = message.get_payload_bytes().split_at_checked(16) else { continue };
                let own = node == redis.node.as_bytes();
                match companies.get(message.get_channel_name()) {
                    None if own => {
                        beaten = Instant::now();
                        if !redis.up.swap(true, Relaxed) {
                            tracing::info!("Redis carries hints between nodes");
                        }
                    }
                    Some(tenant) if !own => {
                        if let Some(hint) = redis.seal.open(app.live().cluster().generation(), *tenant, sealed) {
                            // Who is too slow hears of it from the record.
                            let _ = heard.try_send((*tenant, hint));
                        }
                    }
                    _ => {}
                }
            }
            _ = look.tick() => {
                if beaten.elapsed() > SILENT_AFTER {
                    return Err(gone("no beat"));
                }
                let wanted: HashMap<String, TenantId> = app.hub().companies().into_iter().map(|tenant| (redis.channel(tenant), tenant)).collect();
                for channel in wanted.keys().filter(|channel| !companies.contains_key(*channel)) {
                    within("no answer", sink.subscribe(channel)).await?;
                }
                for channel in companies.keys().filter(|channel| !wanted.contains_key(*channel)) {
                    within("no answer", sink.unsubscribe(channel)).await?;
                }
                companies = wanted;
            }
        }
    }
}

/// Tells the connections of this node what other nodes hinted at.
async fn tell(app: App, mut hearing: mpsc::Receiver<(TenantId, Hint)>) {
    while let Some((tenant, hint)) = hearing.recv().await {
        let heard = hint.into_parts(tenant);
        for (stream, entry) in heard.entries {
            app.hub().ring(tenant, stream, entry);
        }
        for frame in heard.lossy {
            app.hub().lossy_here(tenant, frame.stream, frame.key, &frame.frame.into(), frame.to);
        }
        if !heard.effects.is_empty() {
            app.hub().tell(heard.effects);
        }
        if let Err(error) = follow_others::tell(&app, &heard.moved, Source::Hint).await {
            tracing::debug!(error = %error, "a hint could not be followed; the record will say it again");
        }
    }
}
