//! Routing: several nodes assign waiting conversations at once, under row locks, with the real rules; agents come, go and lose their lease, nodes die.
//!
//! Agents are given conversations or offered them; they accept, pass or miss the offer. One of two queues asks for a skill, less of it the longer somebody waits,
//! and may flow over into the other.
//!
//! In the end no customer waits while an agent is free who may get them, no conversation ever had two owners, no agent two offers, and routing never gave an agent
//! more than the capacity or what they lack the skill for.

mod transactions;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::{
    conversation::{Assignee, Channel, Conversation, Opening, State},
    entry::body::OfferEnd,
    id::{AgentId, ConversationId, QueueId, SiteId, SkillId, TenantId, VisitorId},
    routing::{
        Candidate,
        rules::{CHAT_UNITS, Overflow, QueueRules},
        skill::Level,
    },
    staff::{AgentState, UNREACHABLE_AFTER_MS},
    text::Lang,
    time::Ts,
};
use uuid::Uuid;

use super::{Outcome, Variant, diary::Diary};
use crate::random::Random;

/// How long things go wrong, and how long everything may take to settle afterwards: it takes half a minute to notice a lost lease.
const TROUBLED_MS: i64 = 15_000;
const SETTLE_MS: i64 = 45_000;
/// How long transactions that are under way may take at the end.
const FINISH_MS: i64 = 1_000;
/// How often every node routes, and how often it renews leases.
const ROUTE_EVERY_MS: i64 = 2_000;
const LEASE_EVERY_MS: i64 = 5_000;
/// Conversations assigned in one transaction.
const ROUTED_AT_ONCE: usize = 10;
/// How many times a transaction that ends in a deadlock is tried.
const ATTEMPTS: u32 = 3;
const BEGINNING: Ts = Ts(1_000_000);
/// The first is asked for; the second asks for a skill.
const QUEUES: [QueueId; 2] = [QueueId::new(Uuid::from_u128(70)), QueueId::new(Uuid::from_u128(71))];
const SKILL: SkillId = SkillId::new(Uuid::from_u128(80));
/// The level of it that the second queue asks for.
const ASKED_LEVEL: i64 = 2;

/// What a transaction is to do.
#[derive(Debug, Clone, PartialEq)]
enum Does {
    /// Assigns what waits.
    Route,
    /// The customer asks for a person.
    Ask(usize),
    /// The customer leaves the queue.
    Leave(usize),
    /// An agent takes a conversation.
    Take(usize, usize),
    /// An agent transfers a conversation to a colleague.
    Transfer(usize, usize),
    /// The conversation is settled.
    Resolve(usize),
    /// The customer writes, and the conversation may go on with its last agent.
    Write(usize),
    /// The conversation of a lost agent goes back.
    Return(usize, usize),
    /// An offer to an agent ends without being accepted.
    EndOffer(usize, usize, OfferEnd),
    /// The customer asks for a person of the queue that asks for a skill.
    AskSkilled(usize),
    /// These agents are present.
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
    /// The conversation is locked and read; the agent it concerns has to be locked.
    Concerned(usize),
    /// Lists the waiting conversations.
    List,
    /// Locks the n-th of them, if nobody else has it.
    LockConversation(usize),
    /// Picks a free agent for it, or another queue.
    Pick(usize),
    LockAgent(usize, usize),
    Next(usize),
    /// The commit is in progress.
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
    /// The versions of the rows that the decision is based on.
    read: HashMap<usize, i64>,
    routed: Vec<(usize, usize)>,
    /// Agents that another transaction had locked.
    occupied: Vec<usize>,
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
    diary: Diary<Happening>,
    variant: Option<Variant>,
    conversations: Vec<Conversation>,
    agents: Vec<Candidate>,
    /// The rules of the queues, in their order.
    rules: [QueueRules; 2],
    /// Who passed or missed what, and when.
    passed: Vec<(usize, usize, Ts)>,
    /// How many offers each agent has missed since the last one they accepted.
    misses: Vec<i64>,
    connected: Vec<bool>,
    locks: HashMap<Lock, usize>,
    /// Transactions that wait for a lock.
    waiting: BTreeSet<usize>,
    transactions: Vec<Transaction>,
    nodes: usize,
    troubled: bool,
    deadlocks: u64,
    assigned: u64,
}

/// Plays one seed.
pub fn play(random: Random, variant: Option<Variant>, traced: bool) -> Outcome {
    let mut world = World {
        diary: Diary::new(BEGINNING, random, traced),
        variant,
        conversations: Vec::new(),
        agents: Vec::new(),
        rules: [QueueRules::default(), QueueRules::default()],
        passed: Vec::new(),
        misses: Vec::new(),
        connected: Vec::new(),
        locks: HashMap::new(),
        waiting: BTreeSet::new(),
        transactions: Vec::new(),
        nodes: 1,
        troubled: true,
        deadlocks: 0,
        assigned: 0,
    };
    world.set_up();
    world.run();
    let (virtual_ms, events) = (world.diary.lasted_ms(), world.diary.events);
    let (trace, violations) = world.diary.close();
    Outcome { violations, trace, events, assigned: world.assigned, deadlocks: world.deadlocks, virtual_ms, ..Outcome::default() }
}

impl World {
    fn set_up(&mut self) {
        self.nodes = 1 + self.diary.below(3);
        // Half of the worlds offer, half of them flow over into the queue that asks for less.
        let accept_within_s = if self.diary.below(2) == 0 { Some(2 + self.diary.below(6) as i64) } else { None };
        let overflow = (self.diary.below(2) == 0).then_some(Overflow { to: QUEUES[0], after_s: Some(4), above: None });
        self.rules[0] = QueueRules { accept_within_s, ..QueueRules::default() };
        self.rules[1] = QueueRules { accept_within_s, overflow, relax_every_s: 5, ..QueueRules::default() };
        for n in 0..1 + self.diary.below(4) {
            let (capacity, level) = (1 + self.diary.below(3) as i64, self.diary.below(4) as i64);
            self.agents.push(Candidate {
                agent: agent(n),
                name: String::new(),
                number: String::new(),
                state: AgentState::Available,
                last_seen_at: Some(self.diary.now),
                open: 0,
                capacity,
                units: 0,
                unit_capacity: capacity * CHAT_UNITS,
                last_assigned_at: None,
                has_offer: false,
                skills: if level == 0 { Vec::new() } else { vec![Level { skill: SKILL, level }] },
                is_occupied: false,
            });
            self.connected.push(true);
            self.misses.push(0);
        }
        for c in 0..2 + self.diary.below(8) {
            let id = |n: u128| Uuid::from_u128(n);
            let conversation = ConversationId::new(id(100 + c as u128));
            let visitor = VisitorId::new(id(500 + c as u128));
            let (tenant, site) = (TenantId::new(id(1)), SiteId::new(id(2)));
            let opening = Opening { id: conversation, tenant, site, visitor, channel: Channel::Web, lang: Lang::Zh, product: None };
            self.conversations.push(Conversation::open(opening, self.diary.now).0);
        }
        for node in 0..self.nodes {
            let (route, lease) = (self.diary.below(2_000), self.diary.below(5_000));
            self.diary.after(route as i64, Happening::Route(node));
            self.diary.after(lease as i64, Happening::Leases(node));
        }
        self.diary.after(1, Happening::Somebody);
    }

    fn run(&mut self) {
        let healed = BEGINNING.plus(TROUBLED_MS);
        let end = healed.plus(SETTLE_MS);
        while let Some(what) = self.diary.next() {
            self.troubled = self.diary.now < healed;
            if self.diary.now > end || !self.diary.is_clean() {
                break;
            }
            match what {
                Happening::Advance(t) => self.advance(t),
                Happening::Somebody => self.somebody(),
                Happening::Again(does) => self.begin(does),
                Happening::Route(node) => {
                    self.end_offers(node);
                    self.begin_on(node, Does::Route);
                    self.diary.after(ROUTE_EVERY_MS, Happening::Route(node));
                }
                Happening::Leases(node) => self.leases(node),
            }
        }
        self.route_once_more();
        self.judge();
    }

    /// Routes once more before the judgement, when what was under way is done: an offer may have ended, or a skill been relaxed, since the nodes routed last. What is
    /// judged is the time at which that began.
    fn route_once_more(&mut self) {
        self.finish();
        let now = self.diary.now;
        self.begin(Does::Route);
        self.finish();
        self.diary.now = now;
    }

    /// Goes on with the transactions that are under way, and lets nothing else happen.
    fn finish(&mut self) {
        let until = self.diary.now.plus(FINISH_MS);
        while self.diary.is_next_by(until) {
            if let Some(Happening::Advance(t)) = self.diary.next() {
                self.advance(t);
            }
        }
    }

    /// Somebody does something, or something breaks.
    fn somebody(&mut self) {
        if !self.troubled {
            return;
        }
        let (c, a) = (self.diary.below(self.conversations.len()), self.diary.below(self.agents.len()));
        match self.diary.below(26) {
            0..6 => self.begin(Does::Ask(c)),
            20..23 => self.begin(Does::AskSkilled(c)),
            23..26 => self.answer(),
            6 => self.begin(Does::Leave(c)),
            7 => self.begin(Does::Take(c, a)),
            8 => self.begin(Does::Transfer(c, a)),
            9..13 => self.begin(Does::Resolve(c)),
            13..15 => self.begin(Does::Write(c)),
            15 => {
                let state = if self.diary.below(3) == 0 { AgentState::Break } else { AgentState::Available };
                self.diary.tell(|| format!("agent {a} is {}", state.as_str()));
                self.agents[a].state = state;
                self.misses[a] = 0;
                // Whoever goes takes no offer along.
                if state == AgentState::Break {
                    self.withdraw(a);
                }
            }
            16 => {
                self.connected[a] = !self.connected[a];
                let there = self.connected[a];
                self.diary.tell(|| format!("agent {a} is connected: {there}"));
            }
            17 => self.kill(),
            _ => {}
        }
        // In bursts: what happens together is what collides.
        let pause = if self.diary.below(3) > 0 { self.diary.below(4) } else { self.diary.below(900) };
        self.diary.after(pause as i64, Happening::Somebody);
    }

    /// An agent accepts or passes what is offered.
    fn answer(&mut self) {
        let open: Vec<(usize, usize)> = (0..self.conversations.len()).filter_map(|c| Some((c, index(self.conversations[c].offer?.agent)))).collect();
        if open.is_empty() {
            return;
        }
        let (c, a) = open[self.diary.below(open.len())];
        let passes = self.diary.below(4) == 0;
        self.begin(if passes { Does::EndOffer(c, a, OfferEnd::Passed) } else { Does::Take(c, a) });
    }

    /// Ends the offer of an agent who goes.
    fn withdraw(&mut self, a: usize) {
        for c in 0..self.conversations.len() {
            if self.conversations[c].offer.is_some_and(|offer| index(offer.agent) == a) {
                self.begin(Does::EndOffer(c, a, OfferEnd::Withdrawn));
            }
        }
    }

    /// Ends the offers whose time is over.
    fn end_offers(&mut self, node: usize) {
        for c in 0..self.conversations.len() {
            if let Some(offer) = self.conversations[c].offer.filter(|offer| offer.until <= self.diary.now) {
                self.begin_on(node, Does::EndOffer(c, index(offer.agent), OfferEnd::Missed));
            }
        }
    }

    /// A node dies: a commit in progress is kept or not, everything else is rolled back, and people try again elsewhere.
    fn kill(&mut self) {
        let node = self.diary.below(self.nodes);
        self.diary.tell(|| format!("node {node} is killed"));
        for t in 0..self.transactions.len() {
            if self.transactions[t].node == node && self.transactions[t].step != Step::Done {
                if self.transactions[t].step == Step::Commit && self.diary.below(2) == 0 {
                    self.commit(t);
                } else {
                    self.release(t);
                    let (does, later) = (self.transactions[t].does.clone(), 200 + self.diary.below(800));
                    self.diary.after(later as i64, Happening::Again(does));
                }
            }
        }
    }

    /// Leases are renewed, and conversations of agents who lost theirs go back.
    fn leases(&mut self, node: usize) {
        let there = (0..self.agents.len()).filter(|a| self.connected[*a] && a % self.nodes == node).collect();
        self.begin_on(node, Does::Seen(there));
        for c in 0..self.conversations.len() {
            let Some(a) = self.conversations[c].agent.filter(|_| self.conversations[c].state == State::Active).map(index) else { continue };
            if self.agents[a].last_seen_at.is_none_or(|seen| self.diary.now.since(seen) > UNREACHABLE_AFTER_MS) {
                self.begin_on(node, Does::Return(c, a));
            }
        }
        self.diary.after(LEASE_EVERY_MS, Happening::Leases(node));
    }

    fn begin(&mut self, does: Does) {
        let node = self.diary.below(self.nodes);
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
            occupied: Vec::new(),
            stale: None,
        });
        self.diary.after(0, Happening::Advance(t));
    }

    /// Judges the world after everything has settled.
    fn judge(&mut self) {
        let t = self.transactions.len();
        self.begin(Does::Route);
        let candidates = self.candidates(t);
        let waiting: Vec<usize> = (0..self.conversations.len()).filter(|c| self.conversations[*c].state == State::Queued).collect();
        if let Some(a) = waiting.iter().find_map(|c| self.chosen_agent(t, *c))
            && self.diary.is_clean()
        {
            self.diary.violate(format!("{} conversations wait while agent {a} is free", waiting.len()));
        }
        for c in 0..self.conversations.len() {
            let over = self.conversations[c].offer.filter(|offer| offer.until.plus(2 * ROUTE_EVERY_MS) < self.diary.now);
            if let Some(offer) = over.filter(|_| self.diary.is_clean()) {
                self.diary.violate(format!("conversation {c} is still offered to agent {}, whose time is over", index(offer.agent)));
            }
        }
        for c in 0..self.conversations.len() {
            let lost = self.conversations[c].agent.filter(|_| self.conversations[c].state == State::Active).map(index);
            if let Some(a) = lost.filter(|a| !candidates[*a].reachable(self.diary.now.plus(-2 * LEASE_EVERY_MS)))
                && self.diary.is_clean()
            {
                self.diary.violate(format!("conversation {c} is still with agent {a}, who is gone"));
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
/// The place of a queue among all.
fn place(queue: Option<QueueId>) -> usize {
    usize::from(queue == Some(QUEUES[1]))
}
fn assignee(n: usize) -> Assignee {
    Assignee { agent: agent(n), name: String::new(), number: String::new() }
}
