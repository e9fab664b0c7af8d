//! The webhook queue: nodes that die, stall and take over from each other drive the real machine over a table of deliveries, towards receivers that fail.
//!
//! What happens in a conversation reaches every receiver at least once, under one id, and never moves backwards; a receiver that is down delays no other.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    id::{DeliveryId, TenantId, WebhookId},
    time::{HOUR, MINUTE, SECOND, Ts},
};
use machines::webhook_queue::{ATTEMPT_MS, Answer, Delivery, Input, JITTER_PARTS, Output, PATIENCE_MS, Verdict, WebhookQueue};
use uuid::Uuid;

use super::{Outcome, Variant, diary::Diary};
use crate::random::Random;

const BEGINNING: Ts = Ts(1_000_000);
/// How long nodes die and receivers fail, except for one receiver that may stay away for days.
const TROUBLED_MS: i64 = 5 * MINUTE;
/// The time by which everything must have been delivered; and the same if a receiver stays away for days.
const SETTLED_MS: i64 = 3 * HOUR;
const SETTLED_AFTER_DAYS_MS: i64 = PATIENCE_MS + 12 * HOUR;
/// How often a node looks for deliveries while much happens, and later.
const LOOK_EVERY_MS: i64 = 5 * SECOND;
const LOOK_LATER_MS: i64 = 5 * MINUTE;
/// How long much happens.
const OFTEN_MS: i64 = 15 * MINUTE;
/// How long a lease lasts.
const LEASE_MS: i64 = 30 * SECOND;
/// Deliveries of one conversation that a node reads at once.
const WINDOW: usize = 3;
/// The time within which a healthy receiver has everything, whatever others do.
const IN_TIME_MS: i64 = 2 * MINUTE;
/// One seed in this many has a receiver that stays away for days.
const FOR_DAYS: usize = 20;

/// A row of the table.
#[derive(Debug)]
struct Row {
    delivery: Delivery,
    created: Ts,
    waits: bool,
    received: bool,
    dead: bool,
}

/// A receiver of deliveries.
#[derive(Debug, Default)]
struct Receiver {
    /// Whether it never fails.
    well: bool,
    down_until: Ts,
    /// The node that holds the lease, and in which of its lives: after a restart it is a different holder, whose earlier requests may still be in transit.
    holder: Option<(usize, u64)>,
    lease_until: Ts,
    /// The last number of each conversation; below, every id that was received.
    last: BTreeMap<Uuid, i64>,
    ids: BTreeSet<DeliveryId>,
}

#[derive(Debug, Default)]
struct Node {
    up: bool,
    life: u64,
    queue: WebhookQueue,
    /// The deliveries that it has read, and that the machine knows.
    read: BTreeSet<DeliveryId>,
    /// The next time at which it plans to check its clock.
    planned: Option<Ts>,
}

#[derive(Debug)]
enum Happening {
    /// Something happens in a conversation.
    Event,
    Look(usize, u64),
    /// A request reaches its receiver: from which node in which life, to which receiver, with which delivery.
    Request(usize, u64, WebhookId, DeliveryId),
    Answer(usize, u64, WebhookId, DeliveryId, Answer),
    Record(usize, u64, WebhookId, DeliveryId, Verdict, u32),
    Due(usize, u64),
    Trouble,
    Start(usize),
}

struct World {
    diary: Diary<Happening>,
    variant: Option<Variant>,
    rows: Vec<Row>,
    receivers: Vec<Receiver>,
    nodes: Vec<Node>,
    lanes: usize,
    days: bool,
    made: i64,
    requests: u64,
}

/// Plays one seed.
pub fn play(random: Random, variant: Option<Variant>, traced: bool) -> Outcome {
    let mut world = World {
        diary: Diary::new(BEGINNING, random, traced),
        variant,
        rows: Vec::new(),
        receivers: Vec::new(),
        nodes: Vec::new(),
        lanes: 1,
        days: false,
        made: 0,
        requests: 0,
    };
    world.set_up();
    world.run();
    let (virtual_ms, events) = (world.diary.lasted_ms(), world.diary.events);
    let (trace, violations) = world.diary.close();
    Outcome { violations, trace, events, delivered: world.requests, virtual_ms, ..Outcome::default() }
}

impl World {
    fn set_up(&mut self) {
        self.lanes = 1 + self.diary.below(3);
        self.days = self.diary.below(FOR_DAYS) == 0;
        for n in 0..1 + self.diary.below(3) {
            let down_until = if self.days && n == 0 { BEGINNING.plus(PATIENCE_MS + HOUR) } else { BEGINNING };
            self.receivers.push(Receiver { well: n == 1, down_until, ..Receiver::default() });
        }
        let nodes = 1 + self.diary.below(3);
        self.nodes.extend((0..nodes).map(|_| Node::default()));
        for node in 0..self.nodes.len() {
            self.start(node);
        }
        self.diary.after(1, Happening::Event);
        self.diary.after(100, Happening::Trouble);
    }

    fn run(&mut self) {
        let end = BEGINNING.plus(if self.days { SETTLED_AFTER_DAYS_MS } else { SETTLED_MS });
        while let Some(what) = self.diary.next() {
            let done = self.made >= self.lanes as i64 * 8 && self.rows.iter().all(|row| !row.waits) && !self.is_troubled();
            if done || self.diary.now > end || !self.diary.is_clean() {
                break;
            }
            match what {
                Happening::Event => self.event(),
                Happening::Trouble => self.trouble(),
                Happening::Start(node) => self.start(node),
                Happening::Look(node, life) if self.lives(node, life) => self.look(node),
                Happening::Due(node, life) if self.lives(node, life) => self.step(node, Input::Tick),
                // A request in transit arrives, whatever became of its sender.
                Happening::Request(node, life, to, id) => self.request(node, life, to, id),
                Happening::Answer(node, life, endpoint, delivery, answer) if self.lives(node, life) => {
                    let jitter = self.diary.below(JITTER_PARTS as usize) as u32;
                    self.step(node, Input::Answered { endpoint, delivery, answer, jitter });
                }
                Happening::Record(node, life, to, id, verdict, attempts) => self.record(node, life, to, id, verdict, attempts),
                Happening::Look(..) | Happening::Due(..) | Happening::Answer(..) => {}
            }
        }
        let left = self.rows.iter().find(|row| row.waits || !(row.received || row.dead)).map(|row| (row.delivery.seq, row.delivery.endpoint));
        if let Some((seq, to)) = left.filter(|_| self.diary.is_clean()) {
            self.diary.violate(format!("{seq} never left for receiver {}", index(to)));
        }
    }

    fn is_troubled(&self) -> bool {
        self.diary.lasted_ms() < TROUBLED_MS
    }
    /// The name under which a node holds leases.
    fn me(&self, node: usize) -> (usize, u64) {
        (node, if self.variant == Some(Variant::KeepsLeasesOverRestarts) { 0 } else { self.nodes[node].life })
    }
    fn lives(&self, node: usize, life: u64) -> bool {
        self.nodes[node].up && self.nodes[node].life == life
    }

    /// Something happens in a conversation: a row is written for each receiver, in the same transaction.
    fn event(&mut self) {
        if self.made >= self.lanes as i64 * 8 {
            return;
        }
        self.made += 1;
        let (lane, seq) = (Uuid::from_u128(self.diary.below(self.lanes) as u128), self.made);
        for to in 0..self.receivers.len() {
            let id = DeliveryId::new(Uuid::from_u128((to as u128) << 32 | seq.unsigned_abs() as u128));
            let delivery = Delivery { id, endpoint: endpoint(to), lane, seq, attempts: 0, since: self.diary.now, due: self.diary.now, patience: PATIENCE_MS };
            self.rows.push(Row { delivery, created: self.diary.now, waits: true, received: false, dead: false });
        }
        let pause = if self.diary.below(2) == 0 { self.diary.below(300) } else { self.diary.below(60_000) };
        self.diary.after(pause as i64, Happening::Event);
    }

    /// A node takes the leases it can get, and reads from the front of each conversation.
    fn look(&mut self, node: usize) {
        for to in 0..self.receivers.len() {
            let (now, shared, me) = (self.diary.now, self.variant == Some(Variant::ServesWithoutLease), self.me(node));
            let receiver = &mut self.receivers[to];
            let mine = receiver.holder == Some(me) && receiver.lease_until >= now;
            if mine && now.plus(LEASE_MS / 2) < receiver.lease_until {
                // The lease still lasts.
            } else if mine || receiver.lease_until < now || shared {
                (receiver.holder, receiver.lease_until) = (Some(me), now.plus(LEASE_MS));
                self.step(node, Input::Leased(company(to), endpoint(to), now.plus(LEASE_MS)));
            } else if self.nodes[node].queue.endpoints().any(|held| held == endpoint(to)) {
                self.step(node, Input::Lost(endpoint(to)));
            }
            if self.receivers[to].holder == Some(me) {
                self.read(node, to);
            }
        }
        let (life, pause) = (self.nodes[node].life, if self.diary.lasted_ms() < OFTEN_MS { LOOK_EVERY_MS } else { LOOK_LATER_MS });
        self.diary.after(pause, Happening::Look(node, life));
    }

    fn read(&mut self, node: usize, to: usize) {
        let only_due = self.variant == Some(Variant::ReadsOnlyWhatIsDue);
        let mut window: BTreeMap<Uuid, usize> = BTreeMap::new();
        let mut found = Vec::new();
        for row in self.rows.iter().filter(|row| row.waits && row.delivery.endpoint == endpoint(to)) {
            let taken = window.entry(row.delivery.lane).or_default();
            if *taken < WINDOW && !(only_due && row.delivery.due > self.diary.now) {
                *taken += 1;
                if self.nodes[node].read.insert(row.delivery.id) {
                    found.push(row.delivery);
                }
            }
        }
        for delivery in found {
            self.step(node, Input::Add(delivery));
        }
    }

    fn step(&mut self, node: usize, input: Input) {
        if matches!(input, Input::Lost(_)) {
            self.nodes[node].read.clear();
        }
        let (now, life) = (self.diary.now, self.nodes[node].life);
        for output in self.nodes[node].queue.step(now, input) {
            match output {
                Output::Attempt(to, id) => {
                    self.requests += 1;
                    let takes = if self.diary.below(4) == 0 { self.diary.below(9_000) } else { self.diary.below(200) };
                    self.diary.after(takes as i64, Happening::Request(node, life, to, id));
                }
                Output::Record { endpoint, delivery, verdict, attempts } => {
                    if self.variant == Some(Variant::GoesOnBeforeItIsRecorded) {
                        // Planted: the next one leaves while the outcome of this one is still being written to disk.
                        self.step(node, Input::Recorded(endpoint, delivery));
                    }
                    let takes = if self.diary.below(10) == 0 { self.diary.below(3_000) } else { 1 + self.diary.below(30) };
                    self.diary.after(takes as i64, Happening::Record(node, life, endpoint, delivery, verdict, attempts));
                }
                Output::Disable(_) => self.diary.violate("a receiver is disabled that never asked for it".to_owned()),
            }
        }
        let planned = self.nodes[node].planned.filter(|at| *at > now);
        if let Some(at) = self.nodes[node].queue.next_at().filter(|at| *at > now && planned.is_none_or(|planned| *at < planned)) {
            self.nodes[node].planned = Some(at);
            self.diary.after(at.since(now), Happening::Due(node, life));
        }
    }

    /// A request reaches its receiver, which accepts it or not; the answer may be lost, and then the request times out.
    fn request(&mut self, node: usize, life: u64, to: WebhookId, id: DeliveryId) {
        let n = index(to);
        let (now, lost) = (self.diary.now, !self.receivers[n].well && self.is_troubled() && self.diary.below(8) == 0);
        let Some(row) = self.rows.iter_mut().find(|row| row.delivery.id == id) else { return };
        let (lane, seq, late) = (row.delivery.lane, row.delivery.seq, now.since(row.created));
        if now < self.receivers[n].down_until {
            let wait = if self.diary.below(2) == 0 { 20 } else { 1_000 };
            return self.diary.after(wait, Happening::Answer(node, life, to, id, Answer::Failed { retry_after: None }));
        }
        row.received = true;
        self.diary.tell(|| format!("receiver {n} gets {seq} of conversation {lane} from node {node}"));
        let receiver = &mut self.receivers[n];
        let last = receiver.last.entry(lane).or_default();
        let back = *last > seq;
        *last = seq.max(*last);
        if receiver.well && late > IN_TIME_MS && receiver.ids.insert(id) {
            self.diary.violate(format!("receiver {n} is well and gets {seq} after {late} ms"));
        } else {
            self.receivers[n].ids.insert(id);
        }
        if back {
            self.diary.violate(format!("receiver {n} gets {seq} of conversation {lane} after a newer one"));
        }
        let (answer, wait) = if lost { (Answer::Failed { retry_after: None }, ATTEMPT_MS - 9_000) } else { (Answer::Taken, 5) };
        self.diary.after(wait, Happening::Answer(node, life, to, id, answer));
    }

    /// The outcome of a delivery is written, if its node still holds the lease.
    fn record(&mut self, node: usize, life: u64, to: WebhookId, id: DeliveryId, verdict: Verdict, attempts: u32) {
        if !self.lives(node, life) {
            return;
        }
        let shared = self.variant == Some(Variant::ServesWithoutLease);
        if self.receivers[index(to)].holder != Some(self.me(node)) && !shared {
            return self.step(node, Input::Lost(to));
        }
        let now = self.diary.now;
        let Some(row) = self.rows.iter_mut().find(|row| row.delivery.id == id) else { return };
        row.delivery.attempts = attempts;
        match verdict {
            Verdict::Delivered => row.waits = false,
            Verdict::Retry(at) => row.delivery.due = at,
            Verdict::Dead => (row.waits, row.dead) = (false, true),
        }
        let (seq, age, early) = (row.delivery.seq, now.since(row.created), row.dead && now.since(row.created) < PATIENCE_MS);
        if early {
            self.diary.violate(format!("{seq} is a dead letter after {age} ms"));
        }
        self.step(node, Input::Recorded(to, id));
    }

    fn trouble(&mut self) {
        if !self.is_troubled() {
            return;
        }
        let (node, to, long) = (self.diary.below(self.nodes.len()), self.diary.below(self.receivers.len()), self.diary.below(4 * MINUTE as usize) as i64);
        match self.diary.below(3) {
            0 => {
                self.diary.tell(|| format!("node {node} is killed"));
                let life = self.nodes[node].life + 1;
                self.nodes[node] = Node { life, ..Node::default() };
                let away = 1_000 + self.diary.below(20_000);
                self.diary.after(away as i64, Happening::Start(node));
            }
            1 if !self.receivers[to].well => {
                self.diary.tell(|| format!("receiver {to} is down for {long} ms"));
                self.receivers[to].down_until = self.receivers[to].down_until.max(self.diary.now.plus(long));
            }
            _ => {}
        }
        let next = 1_000 + self.diary.below(40_000);
        self.diary.after(next as i64, Happening::Trouble);
    }

    fn start(&mut self, node: usize) {
        if !self.nodes[node].up {
            self.nodes[node].up = true;
            let (life, first) = (self.nodes[node].life, self.diary.below(LOOK_EVERY_MS as usize));
            self.diary.after(first as i64, Happening::Look(node, life));
        }
    }
}

/// Each receiver belongs to a different tenant.
fn company(n: usize) -> TenantId {
    TenantId::new(Uuid::from_u128(1 + n as u128))
}
fn endpoint(n: usize) -> WebhookId {
    WebhookId::new(Uuid::from_u128(1 + n as u128))
}
fn index(endpoint: WebhookId) -> usize {
    endpoint.uuid().as_u128() as usize - 1
}
