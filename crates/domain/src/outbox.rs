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
    id::{DeliveryId, EventId, StreamName, TenantId, WebhookId},
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
mod tests {
    use super::*;

    const FAR: Ts = Ts(i64::MAX / 2);
    const TENANT: TenantId = TenantId::new(Uuid::from_u128(1));

    fn endpoint(n: u128) -> WebhookId {
        WebhookId::new(Uuid::from_u128(n))
    }
    fn id(to: u128, lane: u128, seq: i64) -> DeliveryId {
        DeliveryId::new(Uuid::from_u128(to * 1_000_000 + lane * 1_000 + seq as u128))
    }
    fn delivery(to: u128, lane: u128, seq: i64) -> Delivery {
        let (id, endpoint, lane) = (id(to, lane, seq), endpoint(to), Uuid::from_u128(lane));
        Delivery { id, endpoint, lane, seq, attempts: 0, since: Ts(0), due: Ts(0), patience: PATIENCE_MS }
    }
    fn leased(endpoints: &[u128]) -> Outbox {
        let mut outbox = Outbox::default();
        for n in endpoints {
            assert_eq!(outbox.step(Ts(0), Input::Leased(TENANT, endpoint(*n), FAR)), []);
        }
        outbox
    }
    fn attempt(to: u128, lane: u128, seq: i64) -> Output {
        Output::Attempt(endpoint(to), id(to, lane, seq))
    }
    fn answer(outbox: &mut Outbox, now: Ts, (to, lane, seq): (u128, u128, i64), answer: Answer) -> Vec<Output> {
        outbox.step(now, Input::Answered { endpoint: endpoint(to), delivery: id(to, lane, seq), answer, jitter: 0 })
    }
    fn recorded(outbox: &mut Outbox, now: Ts, (to, lane, seq): (u128, u128, i64)) -> Vec<Output> {
        outbox.step(now, Input::Recorded(endpoint(to), id(to, lane, seq)))
    }
    fn verdict(outputs: &[Output]) -> Option<Verdict> {
        outputs.iter().find_map(|output| if let Output::Record { verdict, .. } = output { Some(*verdict) } else { None })
    }
    const FAILED: Answer = Answer::Failed { retry_after: None };

    #[test]
    fn nothing_newer_of_a_conversation_leaves_before_the_older_one_is_done_and_that_is_on_disk() {
        let mut outbox = leased(&[1]);
        assert_eq!(outbox.step(Ts(0), Input::Add(delivery(1, 7, 1))), [attempt(1, 7, 1)]);
        assert_eq!(outbox.step(Ts(0), Input::Add(delivery(1, 7, 2))), []);
        assert_eq!(verdict(&answer(&mut outbox, Ts(5), (1, 7, 1), FAILED)), Some(Verdict::Retry(Ts(5_005))));
        assert_eq!(recorded(&mut outbox, Ts(6), (1, 7, 1)), []);
        assert_eq!(outbox.next_at(), Some(Ts(5_005)));
        assert_eq!(outbox.step(Ts(5_005), Input::Tick), [attempt(1, 7, 1)]);
        let done = answer(&mut outbox, Ts(5_006), (1, 7, 1), Answer::Taken);
        assert_eq!(done, [Output::Record { endpoint: endpoint(1), delivery: id(1, 7, 1), verdict: Verdict::Delivered, attempts: 2 }]);
        assert_eq!(outbox.step(Ts(5_007), Input::Tick), []);
        assert_eq!(recorded(&mut outbox, Ts(5_008), (1, 7, 1)), [attempt(1, 7, 2)]);
    }

    #[test]
    fn conversations_go_side_by_side_up_to_a_bound() {
        let mut outbox = leased(&[1]);
        let started: Vec<Output> = (1..=20).flat_map(|lane| outbox.step(Ts(0), Input::Add(delivery(1, lane, 1)))).collect();
        assert_eq!(started, (1..=PARALLEL as u128).map(|lane| attempt(1, lane, 1)).collect::<Vec<_>>());
        answer(&mut outbox, Ts(1), (1, 3, 1), Answer::Taken);
        assert_eq!(outbox.held(endpoint(1)), 20);
        recorded(&mut outbox, Ts(1), (1, 3, 1));
        assert_eq!(outbox.held(endpoint(1)), 19);
    }

    #[test]
    fn a_delivery_is_tried_for_seventy_two_hours_and_is_then_a_dead_letter_that_lets_the_next_one_pass() {
        let mut outbox = leased(&[1]);
        let (mut now, mut tries) = (Ts(0), 1);
        outbox.step(now, Input::Add(delivery(1, 7, 1)));
        // It was made an hour later.
        outbox.step(now, Input::Add(Delivery { since: Ts(HOUR), ..delivery(1, 7, 2) }));
        loop {
            match verdict(&answer(&mut outbox, now, (1, 7, 1), FAILED)) {
                Some(Verdict::Retry(at)) => {
                    assert!(at > now && at <= Ts(PATIENCE_MS), "{at:?}");
                    assert_eq!(recorded(&mut outbox, now, (1, 7, 1)), []);
                    now = at;
                    tries += 1;
                    assert_eq!(outbox.step(now, Input::Tick), [attempt(1, 7, 1)]);
                }
                Some(Verdict::Dead) => break,
                other => panic!("{other:?}"),
            }
        }
        assert_eq!((now, tries), (Ts(PATIENCE_MS), 18));
        assert_eq!(recorded(&mut outbox, now, (1, 7, 1)), [attempt(1, 7, 2)]);
        // Replayed, it goes ahead of what waits, behind what is on its way.
        outbox.step(now, Input::Add(delivery(1, 7, 3)));
        assert_eq!(outbox.step(now, Input::Add(Delivery { since: now, ..delivery(1, 7, 1) })), []);
        answer(&mut outbox, now, (1, 7, 2), Answer::Taken);
        assert_eq!(recorded(&mut outbox, now, (1, 7, 2)), [attempt(1, 7, 1)]);
    }

    #[test]
    fn what_waited_for_seventy_two_hours_behind_another_ends_with_it() {
        let mut outbox = leased(&[1]);
        let end = Ts(PATIENCE_MS);
        for seq in 1..=4 {
            outbox.step(Ts(0), Input::Add(Delivery { since: if seq == 4 { Ts(1) } else { Ts(0) }, ..delivery(1, 7, seq) }));
        }
        for _ in 1..FAILING_AFTER {
            answer(&mut outbox, Ts(0), (1, 7, 1), FAILED);
            recorded(&mut outbox, Ts(0), (1, 7, 1));
            assert_eq!(outbox.step(Ts(PATIENCE_MS - 1), Input::Tick), [attempt(1, 7, 1)]);
        }
        assert_eq!(verdict(&answer(&mut outbox, end, (1, 7, 1), FAILED)), Some(Verdict::Dead));
        let given_up = |seq| Output::Record { endpoint: endpoint(1), delivery: id(1, 7, seq), verdict: Verdict::Dead, attempts: 0 };
        assert_eq!(recorded(&mut outbox, end, (1, 7, 1)), [given_up(2)], "nobody is asked for it");
        assert_eq!(outbox.step(end, Input::Tick), [], "once");
        assert_eq!(recorded(&mut outbox, end, (1, 7, 2)), [given_up(3)]);
        assert_eq!(recorded(&mut outbox, end, (1, 7, 3)), [attempt(1, 7, 4)], "what is younger goes on");
        // A test says nothing of an endpoint that failed before it.
        let test = Delivery { patience: 0, ..delivery(1, 8, 1) };
        assert_eq!(answer(&mut outbox, end, (1, 7, 4), Answer::Taken).len(), 1);
        assert_eq!(outbox.step(end, Input::Add(test)), [attempt(1, 8, 1)]);
    }

    #[test]
    fn what_was_down_for_days_ourselves_is_tried_before_it_is_given_up() {
        let mut outbox = leased(&[1]);
        assert_eq!(outbox.step(Ts(PATIENCE_MS * 2), Input::Add(delivery(1, 7, 1))), [attempt(1, 7, 1)]);
        assert_eq!(verdict(&answer(&mut outbox, Ts(PATIENCE_MS * 2), (1, 7, 1), Answer::Taken)), Some(Verdict::Delivered));
    }

    #[test]
    fn a_company_has_its_share_of_the_requests_and_every_endpoint_its_turn() {
        let mut outbox = Outbox::default();
        let tenant = |to: u128| TenantId::new(Uuid::from_u128(1 + (to - 1) / 20));
        let mut asked = HashMap::<TenantId, usize>::new();
        // Twenty endpoints of each of ten companies, and for each endpoint more than it may be asked at once.
        for to in 1..=200_u128 {
            outbox.step(Ts(0), Input::Leased(tenant(to), endpoint(to), FAR));
            for lane in 1..=10 {
                for output in outbox.step(Ts(0), Input::Add(delivery(to, lane, 1))) {
                    assert_eq!(output, attempt(to, lane, 1));
                    *asked.entry(tenant(to)).or_default() += 1;
                }
            }
        }
        assert!(asked.values().all(|n| *n == AT_ONCE_OF_ONE) && asked.values().sum::<usize>() == AT_ONCE, "{asked:?}");
        // Room that comes free goes around, first to those behind the one that was asked last, and then to those in front.
        let outputs = answer(&mut outbox, Ts(1), (1, 1, 1), Answer::Taken);
        let next = outputs.iter().find_map(|output| if let Output::Attempt(to, _) = output { Some(*to) } else { None });
        assert_eq!(next, Some(endpoint(161)), "the ninth company had nothing yet");
        let outputs = answer(&mut outbox, Ts(1), (1, 2, 1), Answer::Taken);
        assert!(outputs.contains(&attempt(162, 1, 1)), "{outputs:?}");
    }

    #[test]
    fn what_is_put_back_makes_room_and_takes_what_waits_behind_it_along() {
        let mut outbox = leased(&[1]);
        for seq in 1..=3 {
            outbox.step(Ts(0), Input::Add(delivery(1, 7, seq)));
        }
        assert_eq!(outbox.step(Ts(0), Input::PutBack(endpoint(1), id(1, 7, 2))), []);
        assert_eq!(outbox.held(endpoint(1)), 3, "not while it is asked about");
        answer(&mut outbox, Ts(0), (1, 7, 1), FAILED);
        recorded(&mut outbox, Ts(0), (1, 7, 1));
        assert_eq!(outbox.step(Ts(0), Input::PutBack(endpoint(1), id(1, 7, 1))), []);
        assert_eq!(outbox.held(endpoint(1)), 0);
    }

    #[test]
    fn what_has_no_patience_is_tried_once() {
        let mut outbox = leased(&[1]);
        outbox.step(Ts(0), Input::Add(Delivery { patience: 0, ..delivery(1, 7, 1) }));
        assert_eq!(verdict(&answer(&mut outbox, Ts(9), (1, 7, 1), FAILED)), Some(Verdict::Dead));
    }

    #[test]
    fn a_dead_endpoint_is_asked_one_at_a_time_and_delays_no_other() {
        let mut outbox = leased(&[1, 2]);
        let mut asked: std::collections::VecDeque<Output> = (1..=40).flat_map(|lane| outbox.step(Ts(0), Input::Add(delivery(1, lane, 1)))).collect();
        let mut most = Vec::new();
        for _ in 0..20 {
            let Some(Output::Attempt(to, one)) = asked.pop_front() else { panic!("it is asked again and again") };
            let outputs = outbox.step(Ts(10_000), Input::Answered { endpoint: to, delivery: one, answer: FAILED, jitter: 0 });
            asked.extend(outputs.into_iter().filter(|output| matches!(output, Output::Attempt(..))));
            most.push(asked.len());
        }
        assert_eq!((most[0], most[19]), (PARALLEL, 1), "{most:?}");
        for lane in 1..=4 {
            assert_eq!(outbox.step(Ts(10_000), Input::Add(delivery(2, lane, 1))), [attempt(2, lane, 1)]);
        }
    }

    #[test]
    fn a_receiver_that_asks_for_time_gets_it_within_bounds() {
        for (asked, waits) in [(60_000, 60_000), (10 * HOUR, RETRY_AFTER_MAX_MS), (-1, 5_000), (0, 5_000)] {
            let mut outbox = leased(&[1]);
            outbox.step(Ts(0), Input::Add(delivery(1, 1, 1)));
            let outputs = answer(&mut outbox, Ts(0), (1, 1, 1), Answer::Failed { retry_after: Some(asked) });
            assert_eq!(verdict(&outputs), Some(Verdict::Retry(Ts(waits))), "{asked}");
            let other = outbox.step(Ts(waits - 1), Input::Add(delivery(1, 2, 1)));
            assert_eq!(other.is_empty(), asked > 0, "the endpoint as a whole is left alone");
        }
    }

    #[test]
    fn a_receiver_that_wants_no_more_is_disabled_and_asked_again_only_when_enabled() {
        let mut outbox = leased(&[1]);
        outbox.step(Ts(0), Input::Add(delivery(1, 1, 1)));
        outbox.step(Ts(0), Input::Add(delivery(1, 1, 2)));
        let outputs = answer(&mut outbox, Ts(1), (1, 1, 1), Answer::Gone);
        assert_eq!((outputs[0], verdict(&outputs)), (Output::Disable(endpoint(1)), Some(Verdict::Dead)));
        assert_eq!(recorded(&mut outbox, Ts(1), (1, 1, 1)), []);
        assert_eq!(outbox.next_at(), None);
        assert_eq!(outbox.step(Ts(2), Input::Enabled(endpoint(1))), [attempt(1, 1, 2)]);
    }

    #[test]
    fn no_attempt_begins_that_could_outlive_the_lease() {
        let mut outbox = Outbox::default();
        outbox.step(Ts(0), Input::Leased(TENANT, endpoint(1), Ts(30_000)));
        assert_eq!(outbox.step(Ts(20_001), Input::Add(delivery(1, 1, 1))), []);
        assert_eq!(outbox.step(Ts(20_002), Input::Leased(TENANT, endpoint(1), Ts(50_000))), [attempt(1, 1, 1)]);
        outbox.step(Ts(20_003), Input::Lost(endpoint(1)));
        assert_eq!(answer(&mut outbox, Ts(20_004), (1, 1, 1), Answer::Taken), [], "what was lost is not recorded");
        assert_eq!(outbox.step(Ts(20_005), Input::Add(delivery(1, 1, 1))), [], "nothing is served without a lease");
    }

    #[test]
    fn ids_are_the_same_whenever_they_are_made_and_differ_by_endpoint_event_and_time() {
        let stream = StreamName { kind: crate::journal::StreamKind::Conversation, id: Uuid::from_u128(9) };
        let event = event_id(stream, 3, Ts(77));
        assert_eq!(event, event_id(stream, 3, Ts(77)));
        assert!(event != event_id(stream, 4, Ts(77)) && event != event_id(stream, 3, Ts(78)));
        assert_eq!(delivery_id(endpoint(1), event), delivery_id(endpoint(1), event));
        assert_ne!(delivery_id(endpoint(1), event), delivery_id(endpoint(2), event));
    }

    /// Whatever fails, crashes and restarts: a conversation's events reach the receiver in order, repeats aside, and all of them do.
    #[test]
    fn whatever_fails_and_crashes_everything_arrives_in_order() {
        for seed in 0_u64..300 {
            let mut x = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
            let mut random = |n: u64| {
                x ^= x << 13;
                x ^= x >> 7;
                x ^= x << 17;
                x % n
            };
            let mut rows: Vec<Delivery> = (1..=3).flat_map(|lane| (1..=4).map(move |seq| delivery(1, lane, seq))).collect();
            let (mut outbox, mut now) = (leased(&[1]), Ts(0));
            let (mut asked, mut to_record) = (Vec::new(), Vec::new());
            let mut received: BTreeMap<Uuid, Vec<i64>> = BTreeMap::new();
            for _ in 0..20_000 {
                if rows.is_empty() {
                    break;
                }
                let outputs = match random(12) {
                    0 => {
                        // The process dies: what was on its way or not written is forgotten.
                        (asked, to_record) = (Vec::new(), Vec::new());
                        outbox = leased(&[1]);
                        Vec::new()
                    }
                    1..=4 => {
                        // Rows are read from the front of a conversation, as many as fit.
                        let last = rows[random(rows.len() as u64) as usize];
                        let window = rows.iter().filter(|row| row.lane == last.lane && row.seq <= last.seq);
                        window.flat_map(|row| outbox.step(now, Input::Add(*row))).collect()
                    }
                    5..=7 if !asked.is_empty() => {
                        let one = asked.swap_remove(random(asked.len() as u64) as usize);
                        let taken = random(3) > 0;
                        let delivery: Delivery = *rows.iter().find(|row| row.id == one).unwrap();
                        if taken {
                            received.entry(delivery.lane).or_default().push(delivery.seq);
                        }
                        let answer = if taken { Answer::Taken } else { FAILED };
                        outbox.step(now, Input::Answered { endpoint: endpoint(1), delivery: one, answer, jitter: random(1000) as u32 })
                    }
                    8..=9 if !to_record.is_empty() => {
                        let (one, verdict) = to_record.remove(0);
                        match verdict {
                            Verdict::Retry(at) => rows.iter_mut().filter(|row| row.id == one).for_each(|row| row.due = at),
                            Verdict::Delivered | Verdict::Dead => rows.retain(|row| row.id != one),
                        }
                        outbox.step(now, Input::Recorded(endpoint(1), one))
                    }
                    _ => {
                        now = now.plus(random(60_000) as i64);
                        outbox.step(now, Input::Tick)
                    }
                };
                for output in outputs {
                    match output {
                        Output::Attempt(_, one) => asked.push(one),
                        Output::Record { delivery, verdict, .. } => to_record.push((delivery, verdict)),
                        Output::Disable(_) => panic!("nobody was gone"),
                    }
                }
            }
            assert!(rows.is_empty(), "seed {seed}: {} are left", rows.len());
            for seen in received.values_mut() {
                assert!(seen.is_sorted(), "seed {seed}: {seen:?}");
                seen.dedup();
                assert_eq!(*seen, [1, 2, 3, 4], "seed {seed}");
            }
            assert_eq!(received.len(), 3, "seed {seed}");
        }
    }
}
