//! The outbox to the world: which delivery is sent to which endpoint when, in the order of each conversation, for as long as it makes sense.
//!
//! The rows are the truth; this machine holds a window of them. Whoever drives it reads due rows and [adds](Input::Add) them, makes the requests it is told to
//! make ([`Output::Attempt`]), writes what it is told to write ([`Output::Record`]) and says when that is durable ([`Input::Recorded`]). Of a conversation nothing
//! newer leaves before the older one is delivered or a dead letter *and that is on disk*: so what a receiver sees may repeat itself after a crash, but never goes back.
//! An endpoint is served under a lease, by one node at a time; no attempt begins that could outlive it. Endpoints share nothing but the number of requests a node makes
//! at once, of which each company has a share and each endpoint its turn: a dead one delays no other.

use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

use crate::{
    id::{DeliveryId, EventId, TenantId, WebhookId},
    stream::StreamName,
    time::{HOUR, MINUTE, SECOND, Ts},
};

/// A request that takes longer is given up.
pub const ATTEMPT_MS: i64 = 10 * SECOND;
/// A delivery is tried until this long after it was made or replayed; then it is a dead letter.
pub const PATIENCE_MS: i64 = 72 * HOUR;
/// Requests to one endpoint at once, of different conversations.
pub const PARALLEL: usize = 8;
/// Requests of one node at once, to all endpoints.
pub const AT_ONCE: usize = 128;
/// Requests of one node at once to the endpoints of one company.
pub const AT_ONCE_OF_ONE: usize = 16;
/// After so many failures in a row an endpoint is asked one request at a time, until it takes one.
pub const FAILING_AFTER: u32 = 5;
/// A receiver may ask for at most this much time.
pub const RETRY_AFTER_MAX_MS: i64 = HOUR;
/// The wait after the first, second … failure; the last one goes on.
const BACK_OFF: [i64; 9] = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR];
/// A wait is stretched by up to this share of itself, so that those who failed together do not come back together.
const JITTER_PERCENT: i64 = 20;
/// Parts that chance comes in: [`Input::Answered`]'s `jitter` is below this.
pub const JITTER_PARTS: u32 = 1000;

/// The id of an event: the same for every endpoint, in the feed, and after a restart. The time keeps apart what was said under one number before and after a
/// restored backup.
pub fn event_id(stream: StreamName, seq: i64, at: Ts) -> EventId {
    EventId::new(Uuid::new_v5(&stream.id, format!("{seq}.{}", at.0).as_bytes()))
}

/// The id of an event's delivery to an endpoint: the same at every attempt, so that a receiver knows what it has.
pub fn delivery_id(endpoint: WebhookId, event: EventId) -> DeliveryId {
    DeliveryId::new(Uuid::new_v5(&endpoint.uuid(), event.uuid().as_bytes()))
}

/// A delivery that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delivery {
    /// Its id.
    pub id: DeliveryId,
    /// Whereto.
    pub endpoint: WebhookId,
    /// What it keeps its order in: the conversation.
    pub lane: Uuid,
    /// Its place in the lane.
    pub seq: i64,
    /// Attempts made so far.
    pub attempts: u32,
    /// When it was made or replayed.
    pub since: Ts,
    /// Not before.
    pub due: Ts,
    /// How long after that time it is still tried: [`PATIENCE_MS`], or nothing for what is tried once.
    pub patience: i64,
}

impl Delivery {
    /// From then on a failure is its end.
    fn end(&self) -> Ts {
        self.since.plus(self.patience)
    }
}

/// What a receiver answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It has it.
    Taken,
    /// It has it not; it may have said for how many milliseconds it wants to be left alone.
    Failed {
        /// That time.
        retry_after: Option<i64>,
    },
    /// It wants nothing any more.
    Gone,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// This node may serve the endpoint of a company until then; once more prolongs it.
    Leased(TenantId, WebhookId, Ts),
    /// The lease went to somebody else, or the endpoint was removed: everything of it is forgotten.
    Lost(WebhookId),
    /// The endpoint is to be served again.
    Enabled(WebhookId),
    /// The endpoint is not to be asked; what waits goes on waiting.
    Disabled(WebhookId),
    /// A delivery that waits, as its row says, after all that wait before it in its lane; a dead letter that is to be tried again comes in the same way. Ignored if it
    /// is known, or its endpoint is not leased.
    Add(Delivery),
    /// A request was answered, or failed.
    Answered {
        /// Of which endpoint.
        endpoint: WebhookId,
        /// Which.
        delivery: DeliveryId,
        /// How.
        answer: Answer,
        /// Chance, below [`JITTER_PARTS`].
        jitter: u32,
    },
    /// What [`Output::Record`] said is durable.
    Recorded(WebhookId, DeliveryId),
    /// A delivery that waits is forgotten here with what waits behind it in its lane, to make room: it is added again when it is due.
    PutBack(WebhookId, DeliveryId),
    /// Time went by.
    Tick,
}

/// What becomes of a delivery after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The receiver has it.
    Delivered,
    /// It is tried again then.
    Retry(Ts),
    /// It is a dead letter.
    Dead,
}

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// Make the request.
    Attempt(WebhookId, DeliveryId),
    /// Write this down and say so; nothing newer of the lane is attempted before.
    Record {
        /// Of which endpoint.
        endpoint: WebhookId,
        /// Which.
        delivery: DeliveryId,
        /// What became of it.
        verdict: Verdict,
        /// Attempts made, this one included; 0 if it is given up without one.
        attempts: u32,
    },
    /// The receiver wants nothing any more: note that the endpoint is disabled.
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
    /// By lane, then by place; only the first of a lane is ever asked about.
    lanes: BTreeMap<Uuid, BTreeMap<i64, Waiting>>,
}

impl Endpoint {
    fn asked(&self) -> usize {
        self.lanes.values().flat_map(BTreeMap::values).filter(|w| w.phase == Phase::Asked).count()
    }
    fn may_ask(&self, now: Ts) -> bool {
        let most = if self.failures >= FAILING_AFTER { 1 } else { PARALLEL };
        !self.disabled && now >= self.not_before && now.plus(ATTEMPT_MS) <= self.until && self.asked() < most
    }
    /// Gives up what waited behind others until its time was over, where the receiver takes nothing: a backlog is not sent one by one only to fail.
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
    /// The first of each lane that nothing of its lane is ahead of, asked or not yet on disk.
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

/// The endpoints that this node serves.
#[derive(Debug, Default)]
pub struct Outbox {
    endpoints: BTreeMap<WebhookId, Endpoint>,
    /// Who was asked last: where there is not enough for all, the ones behind it are next.
    last: Option<WebhookId>,
}

impl Outbox {
    /// Takes in what happened; says what to do.
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
            Input::Answered { endpoint, delivery, answer, jitter } => self.answered(now, endpoint, delivery, answer, jitter, &mut outputs),
            Input::Recorded(id, delivery) => self.recorded(id, delivery),
            Input::PutBack(id, delivery) => self.put_back(id, delivery),
            Input::Tick => {}
        }
        for (id, endpoint) in &mut self.endpoints {
            endpoint.give_up(*id, now, &mut outputs);
        }
        self.ask(now, &mut outputs);
        outputs
    }

    /// Begins requests: one of each endpoint in turn, as long as there is room.
    fn ask(&mut self, now: Ts, outputs: &mut Vec<Output>) {
        let mut of = HashMap::<TenantId, usize>::new();
        for endpoint in self.endpoints.values() {
            *of.entry(endpoint.tenant).or_default() += endpoint.asked();
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

    /// When something that waits may be attempted next, if nothing else happens.
    pub fn next_at(&mut self) -> Option<Ts> {
        let each = self.endpoints.values_mut().filter(|endpoint| !endpoint.disabled);
        each.filter_map(|endpoint| {
            let not_before = endpoint.not_before;
            endpoint.heads().map(|w| w.delivery.due.max(not_before)).min()
        })
        .min()
    }

    /// How many deliveries of an endpoint are held here.
    pub fn held(&self, id: WebhookId) -> usize {
        self.endpoints.get(&id).map_or(0, |endpoint| endpoint.lanes.values().map(BTreeMap::len).sum())
    }

    /// Whether a delivery of an endpoint is held here.
    pub fn holds(&mut self, id: WebhookId, delivery: DeliveryId) -> bool {
        self.endpoints.get_mut(&id).is_some_and(|endpoint| endpoint.find(delivery).is_some())
    }

    /// The endpoints served.
    pub fn endpoints(&self) -> impl Iterator<Item = WebhookId> {
        self.endpoints.keys().copied()
    }

    fn set_disabled(&mut self, id: WebhookId, disabled: bool) {
        if let Some(endpoint) = self.endpoints.get_mut(&id) {
            endpoint.disabled = disabled;
        }
    }

    fn answered(&mut self, now: Ts, id: WebhookId, delivery: DeliveryId, answer: Answer, jitter: u32, outputs: &mut Vec<Output>) {
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

    fn recorded(&mut self, id: WebhookId, delivery: DeliveryId) {
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

/// When to try again after so many attempts: backed off and stretched by chance, and not before the receiver wants to hear of us.
fn next_try(now: Ts, attempts: u32, retry_after: Option<i64>, jitter: u32) -> Ts {
    let step = usize::try_from(attempts.saturating_sub(1)).unwrap_or(usize::MAX).min(BACK_OFF.len() - 1);
    let wait = BACK_OFF[step];
    let stretch = wait * JITTER_PERCENT / 100 * i64::from(jitter.min(JITTER_PARTS)) / i64::from(JITTER_PARTS);
    now.plus((wait + stretch).max(retry_after.unwrap_or(0).clamp(0, RETRY_AFTER_MAX_MS)))
}

#[cfg(test)]
mod tests;
