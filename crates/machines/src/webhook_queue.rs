//! The webhook queue: which delivery is sent to which endpoint and when, in the order of each conversation, until it is given up.
//!
//! The rows are the source of truth; this machine holds a window of them. The driver reads due rows and [adds](Input::Add) them, makes the requests it is told
//! to make ([`Output::Attempt`]), writes what it is told to write ([`Output::Record`]) and reports when that is durable ([`Input::Recorded`]). Nothing newer of
//! a conversation is sent before the older delivery is delivered or a dead letter *and that is on disk*: so after a crash a receiver may see events repeated,
//! but never out of order. An endpoint is served under a lease, by one node at a time; no attempt begins that could outlive the lease. Endpoints share only the
//! limit on the number of requests that a node makes at once, of which each company has a share and each endpoint takes its turn: a dead endpoint does not
//! delay any other.

use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

use domain::{
    id::{DeliveryId, EventId, TenantId, WebhookId},
    stream::StreamName,
    time::{HOUR, MINUTE, SECOND, Ts},
};

/// A request is given up after this long, in milliseconds.
pub const ATTEMPT_MS: i64 = 10 * SECOND;
/// A delivery is attempted until this long after it was created or replayed, in milliseconds; then it is a dead letter.
pub const PATIENCE_MS: i64 = 72 * HOUR;
/// The most concurrent requests to one endpoint, each for a different conversation.
pub const PARALLEL: usize = 8;
/// The most concurrent requests of one node, to all endpoints.
pub const AT_ONCE: usize = 128;
/// The most concurrent requests of one node to the endpoints of one company.
pub const AT_ONCE_OF_ONE: usize = 16;
/// After this many failures in a row, an endpoint gets only one request at a time, until it accepts one.
pub const FAILING_AFTER: u32 = 5;
/// The longest time for which a receiver can ask to be left alone, in milliseconds.
pub const RETRY_AFTER_MAX_MS: i64 = HOUR;
/// The wait after the first, second … failure, in milliseconds; the last one applies to all further failures.
const BACK_OFF: [i64; 9] = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR];
/// A wait is extended by up to this percentage of itself, so that deliveries that failed together are not retried together.
const JITTER_PERCENT: i64 = 20;
/// The resolution of the random part of a wait: the `jitter` of [`Input::Answered`] is below this.
pub const JITTER_PARTS: u32 = 1000;

/// The id of an event: the same for every endpoint, in the feed, and after a restart. The time distinguishes events with the same number before and after the
/// restoration of a backup.
pub fn event_id(stream: StreamName, seq: i64, at: Ts) -> EventId {
    EventId::new(Uuid::new_v5(&stream.id, format!("{seq}.{}", at.0).as_bytes()))
}

/// The id of an event's delivery to an endpoint: the same at every attempt, so that a receiver can recognise repeats.
pub fn delivery_id(endpoint: WebhookId, event: EventId) -> DeliveryId {
    DeliveryId::new(Uuid::new_v5(&endpoint.uuid(), event.uuid().as_bytes()))
}

/// A delivery that waits to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delivery {
    /// Its id.
    pub id: DeliveryId,
    /// The endpoint it is sent to.
    pub endpoint: WebhookId,
    /// The lane within which order is kept: the conversation.
    pub lane: Uuid,
    /// Its position in the lane.
    pub seq: i64,
    /// The number of attempts made so far.
    pub attempts: u32,
    /// When it was created or replayed.
    pub since: Ts,
    /// When it may next be attempted, at the earliest.
    pub due: Ts,
    /// How long after `since` it is still attempted, in milliseconds: [`PATIENCE_MS`], or 0 for a delivery that is attempted only once.
    pub patience: i64,
}

impl Delivery {
    /// From this time on, a failure makes it a dead letter.
    fn end(&self) -> Ts {
        self.since.plus(self.patience)
    }
}

/// The answer of a receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The receiver accepted the delivery.
    Taken,
    /// The receiver did not accept the delivery; it may have said how long it wants to be left alone.
    Failed {
        /// That time, in milliseconds.
        retry_after: Option<i64>,
    },
    /// The receiver wants no more deliveries.
    Gone,
}

/// Something that happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// This node may serve the endpoint of a company until this time; repeating it extends the lease.
    Leased(TenantId, WebhookId, Ts),
    /// The lease went to another node, or the endpoint was removed: everything about it is discarded.
    Lost(WebhookId),
    /// The endpoint is to be served again.
    Enabled(WebhookId),
    /// The endpoint is not to be sent anything; its deliveries keep waiting.
    Disabled(WebhookId),
    /// A waiting delivery, as read from its row, after all that wait before it in its lane; a dead letter to be retried is added in the same way. Ignored if it
    /// is already known, or its endpoint is not leased.
    Add(Delivery),
    /// A request was answered, or failed.
    Answered {
        /// The endpoint that was asked.
        endpoint: WebhookId,
        /// The delivery that was attempted.
        delivery: DeliveryId,
        /// The answer of the receiver.
        answer: Answer,
        /// A random number below [`JITTER_PARTS`].
        jitter: u32,
    },
    /// The result in [`Output::Record`] is durable.
    Recorded(WebhookId, DeliveryId),
    /// Discards a waiting delivery, and what waits behind it in its lane, to make room: they are added again when they are due.
    PutBack(WebhookId, DeliveryId),
    /// Time has passed.
    Tick,
}

/// The result of an attempt for a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The receiver accepted it.
    Delivered,
    /// It is attempted again at this time.
    Retry(Ts),
    /// It is a dead letter.
    Dead,
}

/// What the driver has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// Make the request.
    Attempt(WebhookId, DeliveryId),
    /// Store this result and report it with [`Input::Recorded`]; nothing newer of the lane is attempted before that.
    Record {
        /// The endpoint of the delivery.
        endpoint: WebhookId,
        /// The delivery that was attempted or given up.
        delivery: DeliveryId,
        /// The result.
        verdict: Verdict,
        /// The number of attempts made, including this one; 0 if it is given up without any.
        attempts: u32,
    },
    /// The receiver wants no more deliveries: record that the endpoint is disabled.
    Disable(WebhookId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Waiting,
    Asked,
    Recording(Verdict),
}

#[derive(Debug)]
struct Waiting {
    delivery: Delivery,
    phase: Phase,
}

#[derive(Debug)]
struct Endpoint {
    tenant: TenantId,
    until: Ts,
    disabled: bool,
    failures: u32,
    not_before: Ts,
    /// By lane, then by position; only the first delivery of a lane is ever attempted.
    lanes: BTreeMap<Uuid, BTreeMap<i64, Waiting>>,
}

impl Endpoint {
    fn in_flight(&self) -> usize {
        self.lanes.values().flat_map(BTreeMap::values).filter(|w| w.phase == Phase::Asked).count()
    }
    fn may_ask(&self, now: Ts) -> bool {
        let most = if self.failures >= FAILING_AFTER { 1 } else { PARALLEL };
        !self.disabled && now >= self.not_before && now.plus(ATTEMPT_MS) <= self.until && self.in_flight() < most
    }
    /// Gives up deliveries that waited behind others until their time was over, if the receiver accepts nothing: a backlog is not sent one by one only to fail.
    fn give_up(&mut self, id: WebhookId, now: Ts, outputs: &mut Vec<Output>) {
        if self.disabled || self.failures < FAILING_AFTER || now > self.until {
            return;
        }
        for over in self.heads().filter(|w| w.delivery.attempts == 0 && w.delivery.due <= now && w.delivery.patience > 0 && w.delivery.end() <= now) {
            over.phase = Phase::Recording(Verdict::Dead);
            let delivery = over.delivery.id;
            outputs.push(Output::Record { endpoint: id, delivery, verdict: Verdict::Dead, attempts: 0 });
        }
    }
    /// The first delivery of each lane in which nothing is in flight or still being recorded.
    fn heads(&mut self) -> impl Iterator<Item = &mut Waiting> {
        self.lanes.values_mut().filter(|lane| lane.values().all(|waiting| waiting.phase == Phase::Waiting)).filter_map(|lane| lane.values_mut().next())
    }
    fn next_due(&mut self, now: Ts) -> Option<&mut Waiting> {
        self.heads().filter(|w| w.delivery.due <= now).min_by_key(|w| (w.delivery.due, w.delivery.seq, w.delivery.lane))
    }
    fn find(&mut self, id: DeliveryId) -> Option<(Uuid, i64)> {
        self.lanes.iter().find_map(|(lane, waiting)| waiting.iter().find(|(_, w)| w.delivery.id == id).map(|(seq, _)| (*lane, *seq)))
    }
    fn get(&mut self, id: DeliveryId) -> Option<&mut Waiting> {
        let (lane, seq) = self.find(id)?;
        self.lanes.get_mut(&lane)?.get_mut(&seq)
    }
    fn remove(&mut self, id: DeliveryId) {
        let Some((lane, seq)) = self.find(id) else { return };
        if let Some(waiting) = self.lanes.get_mut(&lane) {
            waiting.remove(&seq);
            if waiting.is_empty() {
                self.lanes.remove(&lane);
            }
        }
    }
}

/// The endpoints served by this node.
#[derive(Debug, Default)]
pub struct WebhookQueue {
    endpoints: BTreeMap<WebhookId, Endpoint>,
    /// The endpoint that was asked last: if there is not enough room for all, the ones after it are next.
    last: Option<WebhookId>,
}

impl WebhookQueue {
    /// Processes something that happened; returns what to do.
    pub fn step(&mut self, now: Ts, input: Input) -> Vec<Output> {
        let mut outputs = Vec::new();
        match input {
            Input::Leased(tenant, id, until) => {
                let fresh = || Endpoint { tenant, until, disabled: false, failures: 0, not_before: Ts(i64::MIN), lanes: BTreeMap::new() };
                self.endpoints.entry(id).or_insert_with(fresh).until = until;
            }
            Input::Lost(id) => drop(self.endpoints.remove(&id)),
            Input::Enabled(id) => self.set_disabled(id, false),
            Input::Disabled(id) => self.set_disabled(id, true),
            Input::Add(delivery) => {
                if let Some(endpoint) = self.endpoints.get_mut(&delivery.endpoint)
                    && endpoint.find(delivery.id).is_none()
                {
                    endpoint.lanes.entry(delivery.lane).or_default().insert(delivery.seq, Waiting { delivery, phase: Phase::Waiting });
                }
            }
            Input::Answered { endpoint, delivery, answer, jitter } => self.on_answer(now, endpoint, delivery, answer, jitter, &mut outputs),
            Input::Recorded(id, delivery) => self.on_recorded(id, delivery),
            Input::PutBack(id, delivery) => self.put_back(id, delivery),
            Input::Tick => {}
        }
        for (id, endpoint) in &mut self.endpoints {
            endpoint.give_up(*id, now, &mut outputs);
        }
        self.ask(now, &mut outputs);
        outputs
    }

    /// Starts requests: one for each endpoint in turn, as long as there is room.
    fn ask(&mut self, now: Ts, outputs: &mut Vec<Output>) {
        let mut of = HashMap::<TenantId, usize>::new();
        for endpoint in self.endpoints.values() {
            *of.entry(endpoint.tenant).or_default() += endpoint.in_flight();
        }
        let mut all: usize = of.values().sum();
        let mut turns: Vec<WebhookId> = self.endpoints.iter().filter(|(_, endpoint)| endpoint.may_ask(now)).map(|(id, _)| *id).collect();
        let next = turns.partition_point(|id| self.last.is_some_and(|last| *id <= last));
        turns.rotate_left(next);
        while !turns.is_empty() && all < AT_ONCE {
            let mut again = Vec::new();
            for id in turns {
                let Some(endpoint) = self.endpoints.get_mut(&id).filter(|endpoint| endpoint.may_ask(now)) else { continue };
                let company = of.entry(endpoint.tenant).or_default();
                if all >= AT_ONCE || *company >= AT_ONCE_OF_ONE {
                    continue;
                }
                let Some(next) = endpoint.next_due(now) else { continue };
                next.phase = Phase::Asked;
                next.delivery.attempts += 1;
                outputs.push(Output::Attempt(id, next.delivery.id));
                (all, *company, self.last) = (all + 1, *company + 1, Some(id));
                again.push(id);
            }
            turns = again;
        }
    }

    /// When a waiting delivery may be attempted next, if nothing else happens.
    pub fn next_at(&mut self) -> Option<Ts> {
        let each = self.endpoints.values_mut().filter(|endpoint| !endpoint.disabled);
        each.filter_map(|endpoint| {
            let not_before = endpoint.not_before;
            endpoint.heads().map(|w| w.delivery.due.max(not_before)).min()
        })
        .min()
    }

    /// The number of deliveries of an endpoint that are held here.
    pub fn held_count(&self, id: WebhookId) -> usize {
        self.endpoints.get(&id).map_or(0, |endpoint| endpoint.lanes.values().map(BTreeMap::len).sum())
    }

    /// Whether a delivery of an endpoint is held here.
    pub fn holds(&mut self, id: WebhookId, delivery: DeliveryId) -> bool {
        self.endpoints.get_mut(&id).is_some_and(|endpoint| endpoint.find(delivery).is_some())
    }

    /// The endpoints served by this node.
    pub fn endpoints(&self) -> impl Iterator<Item = WebhookId> {
        self.endpoints.keys().copied()
    }

    fn set_disabled(&mut self, id: WebhookId, disabled: bool) {
        if let Some(endpoint) = self.endpoints.get_mut(&id) {
            endpoint.disabled = disabled;
        }
    }

    fn on_answer(&mut self, now: Ts, id: WebhookId, delivery: DeliveryId, answer: Answer, jitter: u32, outputs: &mut Vec<Output>) {
        let Some(endpoint) = self.endpoints.get_mut(&id) else { return };
        endpoint.failures = if answer == Answer::Taken { 0 } else { endpoint.failures.saturating_add(1) };
        if let Answer::Failed { retry_after: Some(ms) } = answer {
            endpoint.not_before = endpoint.not_before.max(now.plus(ms.clamp(0, RETRY_AFTER_MAX_MS)));
        }
        if answer == Answer::Gone && !endpoint.disabled {
            endpoint.disabled = true;
            outputs.push(Output::Disable(id));
        }
        let Some(asked) = endpoint.get(delivery).filter(|w| w.phase == Phase::Asked) else { return };
        let (attempts, end) = (asked.delivery.attempts, asked.delivery.end());
        let verdict = match answer {
            Answer::Taken => Verdict::Delivered,
            Answer::Failed { retry_after } if now < end => Verdict::Retry(next_try(now, attempts, retry_after, jitter).min(end)),
            Answer::Failed { .. } | Answer::Gone => Verdict::Dead,
        };
        asked.phase = Phase::Recording(verdict);
        outputs.push(Output::Record { endpoint: id, delivery, verdict, attempts });
    }

    fn put_back(&mut self, id: WebhookId, delivery: DeliveryId) {
        let Some(endpoint) = self.endpoints.get_mut(&id) else { return };
        let Some((lane, seq)) = endpoint.find(delivery) else { return };
        if let Some(waiting) = endpoint.lanes.get_mut(&lane)
            && waiting.values().all(|w| w.phase == Phase::Waiting)
        {
            drop(waiting.split_off(&seq));
            if waiting.is_empty() {
                endpoint.lanes.remove(&lane);
            }
        }
    }

    fn on_recorded(&mut self, id: WebhookId, delivery: DeliveryId) {
        let Some(endpoint) = self.endpoints.get_mut(&id) else { return };
        match endpoint.get(delivery).map(|w| w.phase) {
            Some(Phase::Recording(Verdict::Retry(at))) => {
                if let Some(waiting) = endpoint.get(delivery) {
                    waiting.phase = Phase::Waiting;
                    waiting.delivery.due = at;
                }
            }
            Some(Phase::Recording(Verdict::Delivered | Verdict::Dead)) => endpoint.remove(delivery),
            Some(Phase::Waiting | Phase::Asked) | None => {}
        }
    }
}

/// When to retry after this many attempts: with back-off and jitter, and not before the time that the receiver asked for.
fn next_try(now: Ts, attempts: u32, retry_after: Option<i64>, jitter: u32) -> Ts {
    let step = usize::try_from(attempts.saturating_sub(1)).unwrap_or(usize::MAX).min(BACK_OFF.len() - 1);
    let wait = BACK_OFF[step];
    let stretch = wait * JITTER_PERCENT / 100 * i64::from(jitter.min(JITTER_PARTS)) / i64::from(JITTER_PARTS);
    now.plus((wait + stretch).max(retry_after.unwrap_or(0).clamp(0, RETRY_AFTER_MAX_MS)))
}

#[cfg(test)]
mod tests;
