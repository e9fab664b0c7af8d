//! The tasks that carry hints between nodes over Redis. Nothing else waits for them.
//!
//! There is a channel per company, to which a node subscribes while somebody of that company is connected to it, and a channel on which every node receives its
//! own beat: while it does, hints go both ways.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, atomic::Ordering::Relaxed},
    time::Duration,
};

use crate::{
    cluster::{
        hints::{Hint, Told},
        redis::{ANSWER_WITHIN, Redis, io_error, within},
    },
    jobs::follow_others::{self, Source},
    node::Node,
};
use domain::id::TenantId;
use futures_util::StreamExt as _;
use redis::{AsyncConnectionConfig, RedisResult};
use tokio::{
    sync::mpsc,
    time::{Instant, MissedTickBehavior, interval},
};

/// Time between beats.
const BEAT: Duration = Duration::from_millis(500);
/// A node that has not received its own beat for this long treats Redis as down.
const SILENT_AFTER: Duration = Duration::from_millis(1_500);
/// How often a node checks which companies it should subscribe to.
const LOOK: Duration = Duration::from_millis(100);
/// After this many beats the set of this node's visitors is rewritten.
const ANEW: u32 = 120;
/// Time before connecting again: initially, and at most.
const RETRY: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));
/// How many commits and frames go into one hint.
const AT_ONCE: usize = 128;
/// How many received hints may wait for this node to apply them; more are dropped.
const HEARD: usize = 1_024;

/// How a task ended; the error says why its connection was given up.
type Lost = RedisResult<()>;

/// Carries hints until the program ends.
pub fn start(node: &Node, redis: &Arc<Redis>, waiting: mpsc::Receiver<Told>) {
    let (heard, hearing) = mpsc::channel(HEARD);
    tokio::spawn(speak(node.clone(), redis.clone(), waiting));
    tokio::spawn(listen(node.clone(), redis.clone(), heard));
    tokio::spawn(tell(node.clone(), hearing));
}

/// Waits longer after each failure; starts over after a connection that lasted.
async fn patience(wait: &mut Duration, since: Instant) {
    if since.elapsed() > RETRY.1 {
        *wait = RETRY.0;
    }
    tokio::time::sleep(*wait).await;
    *wait = (*wait * 2).min(RETRY.1);
}

async fn speak(node: Node, redis: Arc<Redis>, mut waiting: mpsc::Receiver<Told>) {
    let mut wait = RETRY.0;
    loop {
        let begun = Instant::now();
        if let Err(error) = speaking(&node, &redis, &mut waiting).await {
            redis.went_down(&error);
        }
        // What is waiting is outdated by the time there is a connection again.
        while waiting.try_recv().is_ok() {
            redis.dropped.fetch_add(1, Relaxed);
        }
        patience(&mut wait, begun).await;
    }
}

async fn speaking(node: &Node, redis: &Redis, waiting: &mut mpsc::Receiver<Told>) -> Lost {
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
                    redis.all_visitors(&mut pipe, &node.hub().visitors_here());
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
        if node.cluster().nodes() == 1 {
            // There is no other node; a node that joins looks into the record first.
            told.clear();
        }
        let (count, generation) = (told.len() as u64, node.cluster().generation());
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

async fn listen(node: Node, redis: Arc<Redis>, heard: mpsc::Sender<(TenantId, Hint)>) {
    let mut wait = RETRY.0;
    loop {
        let begun = Instant::now();
        if let Err(error) = listening(&node, &redis, &heard).await {
            redis.went_down(&error);
        }
        patience(&mut wait, begun).await;
    }
}

async fn listening(node: &Node, redis: &Redis, heard: &mpsc::Sender<(TenantId, Hint)>) -> Lost {
    let (mut sink, mut messages) = within("no connection", redis.client.get_async_pubsub()).await?.split();
    within("no answer", sink.subscribe(redis.beats())).await?;
    let (mut look, mut beaten) = (interval(LOOK), Instant::now());
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // Keyed by the name of the channel.
    let mut companies: HashMap<String, TenantId> = HashMap::new();
    loop {
        tokio::select! {
            message = messages.next() => {
                let message = message.ok_or_else(|| io_error("the connection ended"))?;
                let Some((sender, sealed)) = message.get_payload_bytes().split_at_checked(16) else { continue };
                let own = sender == redis.node.as_bytes();
                match companies.get(message.get_channel_name()) {
                    None if own => {
                        beaten = Instant::now();
                        if !redis.up.swap(true, Relaxed) {
                            tracing::info!("Redis carries hints between nodes");
                        }
                    }
                    Some(tenant) if !own => {
                        if let Some(hint) = redis.seal.open(node.cluster().generation(), *tenant, sealed) {
                            // If the queue is full, the record brings the same later.
                            let _ = heard.try_send((*tenant, hint));
                        }
                    }
                    _ => {}
                }
            }
            _ = look.tick() => {
                if beaten.elapsed() > SILENT_AFTER {
                    return Err(io_error("no beat"));
                }
                let wanted: HashMap<String, TenantId> = node.hub().companies().into_iter().map(|tenant| (redis.channel(tenant), tenant)).collect();
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

/// Notifies the connections of this node of what other nodes hinted at.
async fn tell(node: Node, mut hearing: mpsc::Receiver<(TenantId, Hint)>) {
    while let Some((tenant, hint)) = hearing.recv().await {
        let heard = hint.into_parts(tenant);
        for (stream, entry) in heard.entries {
            node.hub().ring(tenant, stream, entry);
        }
        for frame in heard.lossy {
            node.hub().lossy_here(tenant, frame.stream, frame.key, &frame.frame.into(), frame.to);
        }
        if !heard.effects.is_empty() {
            node.hub().tell(heard.effects);
        }
        if let Err(error) = follow_others::tell(&node, &heard.moved, Source::Hint).await {
            tracing::debug!(error = %error, "a hint could not be followed; the record will say it again");
        }
    }
}
