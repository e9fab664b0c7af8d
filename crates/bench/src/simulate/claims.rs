//! Routing: several nodes give out waiting conversations at once, under row locks, with the real rules; agents come, go and lose their lease, nodes die.
//!
//! In the end nobody waits while somebody is free, nobody ever had two owners, and routing never gave an agent more than fits.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::{
    conversation::{Assignee, Conversation, Event, Owner, ReopenTo, Said, State},
    id::{AgentId, ConversationId, QueueId, SiteId, TenantId, VisitorId},
    journal::Actor,
    routing::{self, Candidate},
    staff::{AgentState, UNREACHABLE_AFTER_MS},
    text::Lang,
    time::Ts,
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{Outcome, Variant};
use crate::random::Random;

/// How long things go wrong, and how long everything may settle afterwards: a lost lease takes half a minute to be noticed.
const TROUBLED_MS: i64 = 25_000;
const SETTLE_MS: i64 = 45_000;
/// Every node routes so often, and keeps leases so often.
const ROUTE_EVERY_MS: i64 = 2_000;
const LEASE_EVERY_MS: i64 = 5_000;
/// Conversations given out in one transaction.
const ROUTED_AT_ONCE: usize = 10;
/// Times a transaction that ended in a deadlock is tried.
const ATTEMPTS: u32 = 3;
const BEGINNING: Ts = Ts(1_000_000);
const QUEUE: QueueId = QueueId::new(Uuid::from_u128(70));

/// What somebody wants.
#[derive(Debug, Clone, PartialEq)]
enum Does {
    /// Give out what waits.
    Route,
    /// The customer asks for a person.
    Ask(usize),
    /// The customer leaves the queue.
    Leave(usize),
    /// An agent takes a conversation.
    Take(usize, usize),
    /// An agent hands it to a colleague.
    Transfer(usize, usize),
    /// It is settled.
    Resolve(usize),
    /// The customer writes, and it may go on with its last agent.
    Write(usize),
    /// A lost agent's conversation goes back.
    Return(usize, usize),
    /// These agents are there.
    Seen(Vec<usize>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Lock {
    Conversation(usize),
    Agent(usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Begin,
    /// The conversation is locked and read; the agent it concerns is to be locked.
    Concerned(usize),
    /// Which wait?
    List,
    /// Who is free, for the n-th of them?
    Pick(usize),
    LockConversation(usize, usize),
    LockAgent(usize, usize),
    /// The commit is on its way.
    Commit,
    Done,
}

#[derive(Debug)]
struct Transaction {
    node: usize,
    does: Does,
    step: Step,
    attempts: u32,
    list: Vec<usize>,
    locks: Vec<Lock>,
    waits_for: Option<Lock>,
    staged: BTreeMap<usize, Conversation>,
    /// The versions of the rows that it decided on.
    read: HashMap<usize, i64>,
    routed: Vec<(usize, usize)>,
    /// Planted: the conversation as it was when it was picked.
    stale: Option<Conversation>,
}

#[derive(Debug)]
enum Happening {
    Advance(usize),
    Somebody,
    Route(usize),
    Leases(usize),
    Again(Does),
}

struct World {
    now: Ts,
    random: Random,
    variant: Option<Variant>,
    conversations: Vec<Conversation>,
    agents: Vec<Candidate>,
    connected: Vec<bool>,
    locks: HashMap<Lock, usize>,
    /// Transactions that wait for a lock.
    waiting: BTreeSet<usize>,
    transactions: Vec<Transaction>,
    nodes: usize,
    troubled: bool,
    agenda: BTreeMap<(Ts, u64), Happening>,
    events: u64,
    deadlocks: u64,
    assigned: u64,
    violations: Vec<String>,
    trace: Option<Vec<String>>,
}

/// Plays one seed.
pub fn play(random: Random, variant: Option<Variant>, traced: bool) -> Outcome {
    let mut world = World {
        now: BEGINNING,
        random,
        variant,
        conversations: Vec::new(),
        agents: Vec::new(),
        connected: Vec::new(),
        locks: HashMap::new(),
        waiting: BTreeSet::new(),
        transactions: Vec::new(),
        nodes: 1,
        troubled: true,
        agenda: BTreeMap::new(),
        events: 0,
        deadlocks: 0,
        assigned: 0,
        violations: Vec::new(),
        trace: traced.then(Vec::new),
    };
    world.set_up();
    world.run();
    let ms = world.now.since(BEGINNING);
    Outcome {
        violations: world.violations,
        trace: world.trace.unwrap_or_default(),
        events: world.events,
        assigned: world.assigned,
        deadlocks: world.deadlocks,
        virtual_ms: ms,
        ..Outcome::default()
    }
}

impl World {
    fn set_up(&mut self) {
        self.nodes = 1 + self.below(3);
        for n in 0..1 + self.below(4) {
            let capacity = 1 + self.below(3) as i64;
            self.agents.push(Candidate {
                agent: agent(n),
                name: String::new(),
                number: String::new(),
                state: AgentState::Available,
                last_seen_at: Some(self.now),
                open: 0,
                capacity,
                last_assigned_at: None,
            });
            self.connected.push(true);
        }
        for c in 0..2 + self.below(8) {
            let id = |n: u128| Uuid::from_u128(n);
            let conversation = ConversationId::new(id(100 + c as u128));
            let visitor = VisitorId::new(id(500 + c as u128));
            let (tenant, site) = (TenantId::new(id(1)), SiteId::new(id(2)));
            self.conversations.push(Conversation::open(conversation, tenant, site, visitor, Lang::Zh, None, None, self.now).0);
        }
        for node in 0..self.nodes {
            let (route, lease) = (self.below(2_000), self.below(5_000));
            self.after(route as i64, Happening::Route(node));
            self.after(lease as i64, Happening::Leases(node));
        }
        self.after(1, Happening::Somebody);
    }

    fn run(&mut self) {
        let healed = BEGINNING.plus(TROUBLED_MS);
        let end = healed.plus(SETTLE_MS);
        while let Some(((at, _), what)) = self.agenda.pop_first() {
            self.troubled = at < healed;
            self.now = at;
            if at > end || !self.violations.is_empty() {
                break;
            }
            match what {
                Happening::Advance(t) => self.advance(t),
                Happening::Somebody => self.somebody(),
                Happening::Again(does) => self.begin(does),
                Happening::Route(node) => {
                    self.begin_on(node, Does::Route);
                    self.after(ROUTE_EVERY_MS, Happening::Route(node));
                }
                Happening::Leases(node) => self.leases(node),
            }
        }
        self.judge();
    }

    fn below(&mut self, n: usize) -> usize {
        self.random.below(n as u64) as usize
    }
    fn after(&mut self, ms: i64, what: Happening) {
        self.events += 1;
        self.agenda.insert((self.now.plus(ms), self.events), what);
    }
    fn tell(&mut self, what: impl FnOnce() -> String) {
        if let Some(trace) = &mut self.trace {
            trace.push(format!("{:>8} {}", self.now.since(BEGINNING), what()));
        }
    }
    fn violate(&mut self, what: String) {
        self.tell(|| format!("VIOLATION {what}"));
        self.violations.push(what);
    }

    /// Somebody does something, or something breaks.
    fn somebody(&mut self) {
        if !self.troubled {
            return;
        }
        let (c, a) = (self.below(self.conversations.len()), self.below(self.agents.len()));
        match self.below(20) {
            0..6 => self.begin(Does::Ask(c)),
            6 => self.begin(Does::Leave(c)),
            7 => self.begin(Does::Take(c, a)),
            8 => self.begin(Does::Transfer(c, a)),
            9..13 => self.begin(Does::Resolve(c)),
            13..15 => self.begin(Does::Write(c)),
            15 => {
                let state = if self.below(3) == 0 { AgentState::Break } else { AgentState::Available };
                self.tell(|| format!("agent {a} is {}", state.as_str()));
                self.agents[a].state = state;
            }
            16 => {
                self.connected[a] = !self.connected[a];
                let there = self.connected[a];
                self.tell(|| format!("agent {a} is connected: {there}"));
            }
            17 => self.kill(),
            _ => {}
        }
        // In bursts: what comes together is what collides.
        let pause = if self.below(3) > 0 { self.below(4) } else { self.below(900) };
        self.after(pause as i64, Happening::Somebody);
    }

    /// A node dies: a commit on its way is kept or not, everything else is rolled back, and people try again elsewhere.
    fn kill(&mut self) {
        let node = self.below(self.nodes);
        self.tell(|| format!("node {node} is killed"));
        for t in 0..self.transactions.len() {
            if self.transactions[t].node == node && self.transactions[t].step != Step::Done {
                if self.transactions[t].step == Step::Commit && self.below(2) == 0 {
                    self.commit(t);
                } else {
                    self.release(t);
                    let (does, later) = (self.transactions[t].does.clone(), 200 + self.below(800));
                    self.after(later as i64, Happening::Again(does));
                }
            }
        }
    }

    /// Leases are written, and conversations of agents who lost theirs go back.
    fn leases(&mut self, node: usize) {
        let there = (0..self.agents.len()).filter(|a| self.connected[*a] && a % self.nodes == node).collect();
        self.begin_on(node, Does::Seen(there));
        for c in 0..self.conversations.len() {
            let Some(a) = self.conversations[c].agent.filter(|_| self.conversations[c].state == State::Active).map(index) else { continue };
            if self.agents[a].last_seen_at.is_none_or(|seen| self.now.since(seen) > UNREACHABLE_AFTER_MS) {
                self.begin_on(node, Does::Return(c, a));
            }
        }
        self.after(LEASE_EVERY_MS, Happening::Leases(node));
    }

    fn begin(&mut self, does: Does) {
        let node = self.below(self.nodes);
        self.begin_on(node, does);
    }
    fn begin_on(&mut self, node: usize, does: Does) {
        let t = self.transactions.len();
        self.transactions.push(Transaction {
            node,
            does,
            step: Step::Begin,
            attempts: 1,
            list: Vec::new(),
            locks: Vec::new(),
            waits_for: None,
            staged: BTreeMap::new(),
            read: HashMap::new(),
            routed: Vec::new(),
            stale: None,
        });
        self.after(0, Happening::Advance(t));
    }

    /// The conversation as this transaction sees it: what is committed, and what it wrote itself.
    fn sees(&self, t: usize, c: usize) -> &Conversation {
        self.transactions[t].staged.get(&c).unwrap_or(&self.conversations[c])
    }
    fn load(&self, t: usize, c: usize) -> Conversation {
        self.sees(t, c).clone()
    }
    /// The agents with what they serve, as this transaction sees it.
    fn candidates(&self, t: usize) -> Vec<Candidate> {
        let mut all = self.agents.clone();
        for c in 0..self.conversations.len() {
            let conversation = self.sees(t, c);
            if let Some(a) = conversation.agent.filter(|_| conversation.state.owner() == Owner::Agent) {
                all[index(a)].open += 1;
            }
        }
        all
    }

    /// Gets a lock, or waits; who would wait for ever is rolled back and tried again, as the database does it.
    fn lock(&mut self, t: usize, lock: Lock) -> bool {
        match self.locks.get(&lock) {
            Some(holder) if *holder != t => {
                self.transactions[t].waits_for = Some(lock);
                self.waiting.insert(t);
                let mut at = *holder;
                while let Some(next) = self.transactions[at].waits_for.and_then(|lock| self.locks.get(&lock)) {
                    if *next == t {
                        self.deadlock(t);
                        return false;
                    }
                    at = *next;
                }
                false
            }
            Some(_) => true,
            None => {
                self.locks.insert(lock, t);
                self.transactions[t].locks.push(lock);
                self.transactions[t].waits_for = None;
                true
            }
        }
    }

    fn deadlock(&mut self, t: usize) {
        self.deadlocks += 1;
        self.tell(|| format!("transaction {t} is rolled back: deadlock"));
        let (does, attempts, node) = (self.transactions[t].does.clone(), self.transactions[t].attempts, self.transactions[t].node);
        self.release(t);
        if attempts < ATTEMPTS {
            self.begin_on(node, does);
            let again = self.transactions.len() - 1;
            self.transactions[again].attempts = attempts + 1;
        } else {
            // Its sender is told `busy`, and comes again.
            self.after(500, Happening::Again(does));
        }
    }

    /// Gives locks back and wakes who waits for them.
    fn release(&mut self, t: usize) {
        self.transactions[t].step = Step::Done;
        self.transactions[t].waits_for = None;
        self.waiting.remove(&t);
        for lock in std::mem::take(&mut self.transactions[t].locks) {
            self.locks.remove(&lock);
            for other in self.waiting.clone() {
                if self.transactions[other].waits_for == Some(lock) {
                    self.transactions[other].waits_for = None;
                    self.waiting.remove(&other);
                    let soon = self.below(2);
                    self.after(soon as i64, Happening::Advance(other));
                }
            }
        }
    }

    /// The next statement of a transaction.
    fn advance(&mut self, t: usize) {
        if self.transactions[t].waits_for.is_some() {
            return;
        }
        let next = match self.transactions[t].step {
            Step::Begin => self.first(t),
            Step::Concerned(a) => self.lock(t, Lock::Agent(a)).then(|| self.decide(t)),
            Step::List => {
                let mut waiting: Vec<usize> = (0..self.conversations.len()).filter(|c| self.sees(t, *c).state == State::Queued).collect();
                waiting.sort_by_key(|c| self.sees(t, *c).queued_at);
                waiting.truncate(ROUTED_AT_ONCE);
                self.transactions[t].list = waiting;
                Some(Step::Pick(0))
            }
            Step::Pick(n) => Some(self.pick(t, n)),
            Step::LockConversation(n, a) => {
                let c = self.transactions[t].list[n];
                let unlocked = self.variant == Some(Variant::ClaimWithoutSecondLook);
                (unlocked || self.lock(t, Lock::Conversation(c))).then_some(Step::LockAgent(n, a))
            }
            Step::LockAgent(n, a) => {
                let unlocked = self.variant == Some(Variant::ClaimWithoutSecondLook);
                (unlocked || self.lock(t, Lock::Agent(a))).then(|| self.assign(t, n, a))
            }
            Step::Commit => {
                self.commit(t);
                None
            }
            Step::Done => None,
        };
        if let Some(step) = next {
            self.transactions[t].step = step;
            let takes = if step == Step::Commit { 1 + self.below(10) } else { self.below(3) };
            self.after(takes as i64, Happening::Advance(t));
        }
    }

    /// Locks what it is about.
    fn first(&mut self, t: usize) -> Option<Step> {
        let c = match self.transactions[t].does.clone() {
            Does::Route => return Some(Step::List),
            Does::Seen(agents) => {
                for a in agents {
                    if !self.lock(t, Lock::Agent(a)) {
                        return None;
                    }
                }
                return Some(Step::Commit);
            }
            Does::Ask(c) | Does::Leave(c) | Does::Take(c, _) | Does::Transfer(c, _) | Does::Resolve(c) | Does::Write(c) | Does::Return(c, _) => c,
        };
        if !self.lock(t, Lock::Conversation(c)) {
            return None;
        }
        let conversation = self.load(t, c);
        // Who fills an agent's place looks at the agent first.
        let concerned = match &self.transactions[t].does {
            Does::Take(..) if self.variant == Some(Variant::TakeWithoutLock) => None,
            Does::Transfer(_, a) | Does::Take(_, a) => Some(*a),
            Does::Write(_) => conversation.agent.filter(|_| !conversation.state.is_open()).map(index),
            _ => None,
        };
        Some(concerned.map_or_else(|| self.decide(t), Step::Concerned))
    }

    /// Decides what the transaction is about, with everything locked that it needs.
    fn decide(&mut self, t: usize) -> Step {
        let (now, does) = (self.now, self.transactions[t].does.clone());
        let free = |a: usize| self.candidates(t).get(a).is_some_and(|candidate| candidate.is_free(now));
        let (c, event) = match does {
            Does::Ask(c) => (c, Event::RequestHuman { via: "button", of: None, queue: QUEUE, queue_name: String::new() }),
            Does::Leave(c) => (c, Event::LeaveQueue),
            Does::Take(c, a) => (c, Event::Take { by: assignee(a) }),
            Does::Transfer(c, a) if free(a) => (c, Event::TransferToAgent { to: assignee(a), from_name: String::new() }),
            Does::Resolve(c) => (c, Event::Resolve),
            Does::Write(c) => {
                let last = self.load(t, c).agent.map(index);
                let reopen = if last.is_some_and(free) { ReopenTo::Agent } else { ReopenTo::Queue };
                (c, Event::CustomerSays { said: Said { body: json!({}), facts: Map::new() }, reopen, product: None })
            }
            Does::Return(c, a) if self.load(t, c).agent == Some(agent(a)) => (c, Event::Return),
            _ => return Step::Commit,
        };
        let before = self.load(t, c);
        // What the rules refuse is refused; nothing is written.
        let Ok(transition) = before.apply(event, &Actor::system(), now) else { return Step::Commit };
        let after = transition.next;
        let moved = before.state.owner() != after.state.owner() || before.agent != after.agent;
        if let Some(a) = after.agent.filter(|_| moved && after.state.owner() == Owner::Agent).map(index)
            && !matches!(self.transactions[t].does, Does::Take(..))
        {
            self.transactions[t].routed.push((c, a));
        }
        self.stage(t, c, before.version, after);
        if moved { Step::List } else { Step::Commit }
    }

    /// Picks without a lock.
    fn pick(&mut self, t: usize, n: usize) -> Step {
        let Some(c) = self.transactions[t].list.get(n).copied() else { return Step::Commit };
        let candidates = self.candidates(t);
        let Some(a) = routing::pick(&candidates, self.now).0.map(|chosen| index(chosen.agent)) else { return Step::Commit };
        self.transactions[t].stale = Some(self.load(t, c));
        Step::LockConversation(n, a)
    }

    /// Looks again under both locks, and gives.
    fn assign(&mut self, t: usize, n: usize, a: usize) -> Step {
        let c = self.transactions[t].list[n];
        let planted = self.variant == Some(Variant::ClaimWithoutSecondLook);
        let before = if planted { self.transactions[t].stale.clone() } else { Some(self.load(t, c)) };
        let candidates = self.candidates(t);
        let still = planted || routing::pick(&candidates, self.now).0.is_some_and(|chosen| chosen.agent == agent(a));
        if still
            && let Some(before) = before
            && let Ok(transition) = before.apply(Event::Assign { to: assignee(a), trace: Value::Null }, &Actor::system(), self.now)
        {
            self.stage(t, c, before.version, transition.next);
            self.transactions[t].routed.push((c, a));
        }
        Step::Pick(n + 1)
    }

    /// Writes a row; the first write is remembered with the version it was decided on.
    fn stage(&mut self, t: usize, c: usize, version: i64, after: Conversation) {
        self.transactions[t].read.entry(c).or_insert(version);
        self.transactions[t].staged.insert(c, after);
    }

    /// Makes it so, and looks whether it may be so.
    fn commit(&mut self, t: usize) {
        if let Does::Seen(agents) = self.transactions[t].does.clone() {
            for a in agents {
                self.agents[a].last_seen_at = Some(self.now);
            }
        }
        for (c, after) in std::mem::take(&mut self.transactions[t].staged) {
            let (before, has) = (&self.conversations[c], after.agent.filter(|_| after.state.owner() == Owner::Agent));
            let had = before.agent.filter(|_| before.state.owner() == Owner::Agent);
            if self.transactions[t].read.get(&c) != Some(&before.version) {
                self.violate(format!("conversation {c} goes to {:?}, decided before {:?} had it", has.map(index), had.map(index)));
            }
            self.tell(|| format!("transaction {t}: conversation {c} is {}, agent {:?}", after.state.as_str(), has.map(index)));
            self.conversations[c] = after;
        }
        let routed = std::mem::take(&mut self.transactions[t].routed);
        let now_open = self.candidates(t);
        for (c, a) in routed {
            self.assigned += 1;
            self.agents[a].last_assigned_at = Some(self.now);
            let candidate = &now_open[a];
            if self.conversations[c].agent == Some(agent(a)) && candidate.open > candidate.capacity {
                self.violate(format!("agent {a} was given conversation {c} and has {} of {}", candidate.open, candidate.capacity));
            }
        }
        self.release(t);
    }

    /// Everything has settled.
    fn judge(&mut self) {
        let t = self.transactions.len();
        self.begin(Does::Route);
        let candidates = self.candidates(t);
        let waiting = self.conversations.iter().filter(|c| c.state == State::Queued).count();
        let free = candidates.iter().filter(|candidate| candidate.is_free(self.now)).count();
        if waiting > 0 && free > 0 && self.violations.is_empty() {
            self.violate(format!("{waiting} conversations wait while {free} agents are free"));
        }
        for c in 0..self.conversations.len() {
            let lost = self.conversations[c].agent.filter(|_| self.conversations[c].state == State::Active).map(index);
            if let Some(a) = lost.filter(|a| !candidates[*a].reachable(self.now.plus(-2 * LEASE_EVERY_MS)))
                && self.violations.is_empty()
            {
                self.violate(format!("conversation {c} is still with agent {a}, who is gone"));
            }
        }
    }
}

fn agent(n: usize) -> AgentId {
    AgentId::new(Uuid::from_u128(1 + n as u128))
}
fn index(agent: AgentId) -> usize {
    agent.uuid().as_u128() as usize - 1
}
fn assignee(n: usize) -> Assignee {
    Assignee { agent: agent(n), name: String::new(), number: String::new() }
}
