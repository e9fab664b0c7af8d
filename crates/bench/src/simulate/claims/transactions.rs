//! Transactions, statement by statement: they lock rows, read what is committed, wait for each other, and commit or are rolled back.

use domain::{
    conversation::{Conversation, Event, Owner, ReopenTo, Said, State, Told},
    entry::body::{AskedVia, OfferEnd, OverflowWhy, Routing},
    journal::Actor,
    routing::{
        self, Candidate, MISSES_UNTIL_BREAK, REOFFER_AFTER_MS, Wanted,
        skill::{Level, has_all, relax},
    },
    staff::AgentState,
    time::SECOND,
};

use super::{ASKED_LEVEL, ATTEMPTS, Does, Happening, Lock, QUEUES, ROUTED_AT_ONCE, SKILL, Step, World, agent, assignee, index, place};
use crate::simulate::Variant;

impl World {
    /// The conversation as this transaction sees it: what is committed, and what it has written itself.
    pub(super) fn sees(&self, t: usize, c: usize) -> &Conversation {
        self.transactions[t].staged.get(&c).unwrap_or(&self.conversations[c])
    }
    fn load(&self, t: usize, c: usize) -> Conversation {
        self.sees(t, c).clone()
    }
    /// The agents and the number of their open conversations, as this transaction sees them.
    pub(super) fn candidates(&self, t: usize) -> Vec<Candidate> {
        let mut all = self.agents.clone();
        for c in 0..self.conversations.len() {
            let conversation = self.sees(t, c);
            if let Some(a) = conversation.agent.filter(|_| conversation.state.owner() == Owner::Agent) {
                all[index(a)].open += 1;
                all[index(a)].units += conversation.units;
            }
            if let Some(offer) = conversation.offer.filter(|_| self.variant != Some(Variant::ForgetsOffers)) {
                all[index(offer.agent)].has_offer = true;
            }
        }
        all
    }

    /// Takes a lock, or waits; a transaction that would wait forever is rolled back and tried again, as the database does it.
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

    /// Takes a lock if no other transaction has it.
    fn try_lock(&mut self, t: usize, lock: Lock) -> bool {
        self.locks.get(&lock).is_none_or(|holder| *holder == t) && self.lock(t, lock)
    }

    fn deadlock(&mut self, t: usize) {
        self.deadlocks += 1;
        self.diary.tell(|| format!("transaction {t} is rolled back: deadlock"));
        let (does, attempts, node) = (self.transactions[t].does.clone(), self.transactions[t].attempts, self.transactions[t].node);
        self.release(t);
        if attempts < ATTEMPTS {
            self.begin_on(node, does);
            let again = self.transactions.len() - 1;
            self.transactions[again].attempts = attempts + 1;
        } else {
            // The sender is answered with `busy`, and comes again.
            self.diary.after(500, Happening::Again(does));
        }
    }

    /// Releases the locks and wakes the transactions that wait for them.
    pub(super) fn release(&mut self, t: usize) {
        self.transactions[t].step = Step::Done;
        self.transactions[t].waits_for = None;
        self.waiting.remove(&t);
        for lock in std::mem::take(&mut self.transactions[t].locks) {
            self.locks.remove(&lock);
            for other in self.waiting.clone() {
                if self.transactions[other].waits_for == Some(lock) {
                    self.transactions[other].waits_for = None;
                    self.waiting.remove(&other);
                    let soon = self.diary.below(2);
                    self.diary.after(soon as i64, Happening::Advance(other));
                }
            }
        }
    }

    /// Runs the next statement of a transaction.
    pub(super) fn advance(&mut self, t: usize) {
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
                let is_idle = waiting.is_empty();
                self.transactions[t].list = waiting;
                Some(if is_idle { Step::Commit } else { Step::LockConversation(0) })
            }
            Step::Pick(n) => Some(self.pick(t, n)),
            Step::LockConversation(n) => {
                let c = self.transactions[t].list[n];
                let unlocked = self.variant == Some(Variant::ClaimWithoutSecondLook);
                // A conversation that another transaction has locked is left to that one.
                Some(if unlocked || self.try_lock(t, Lock::Conversation(c)) { Step::Pick(n) } else { Step::Next(n) })
            }
            Step::LockAgent(n, a) => Some(self.lock_agent(t, n, a)),
            Step::Next(n) => Some(if n + 1 < self.transactions[t].list.len() { Step::LockConversation(n + 1) } else { Step::Commit }),
            Step::Commit => {
                self.commit(t);
                None
            }
            Step::Done => None,
        };
        if let Some(step) = next {
            self.transactions[t].step = step;
            let takes = if step == Step::Commit { 1 + self.diary.below(10) } else { self.diary.below(3) };
            self.diary.after(takes as i64, Happening::Advance(t));
        }
    }

    /// Locks the row that the transaction is about.
    fn first(&mut self, t: usize) -> Option<Step> {
        let c = match self.transactions[t].does.clone() {
            Does::Route => return Some(Step::List),
            // Leases have a table of their own, which nothing else locks.
            Does::Seen(_) => return Some(Step::Commit),
            Does::Ask(c) | Does::AskSkilled(c) | Does::Leave(c) | Does::Resolve(c) | Does::Write(c) => c,
            Does::Take(c, _) | Does::Transfer(c, _) | Does::Return(c, _) | Does::EndOffer(c, ..) => c,
        };
        if !self.lock(t, Lock::Conversation(c)) {
            return None;
        }
        let conversation = self.load(t, c);
        // A transaction that fills an agent's capacity locks the agent first.
        let concerned = match &self.transactions[t].does {
            Does::Take(..) if self.variant == Some(Variant::TakeWithoutLock) => None,
            Does::Transfer(_, a) | Does::Take(_, a) => Some(*a),
            Does::Write(_) => conversation.agent.filter(|_| !conversation.state.is_open()).map(index),
            _ => None,
        };
        Some(concerned.map_or_else(|| self.decide(t), Step::Concerned))
    }

    /// Makes the decision, with everything locked that it needs.
    fn decide(&mut self, t: usize) -> Step {
        let (now, does) = (self.diary.now, self.transactions[t].does.clone());
        let free = |a: usize| self.candidates(t).get(a).is_some_and(|candidate| candidate.is_free(now));
        let (c, event) = match does {
            Does::Ask(c) => (c, request(0)),
            Does::AskSkilled(c) => (c, request(1)),
            Does::EndOffer(c, a, how) => (c, Event::EndOffer { agent: agent(a), how }),
            Does::Leave(c) => (c, Event::LeaveQueue),
            Does::Take(c, a) => (c, Event::Take { by: assignee(a) }),
            Does::Transfer(c, a) if free(a) => (c, Event::TransferToAgent { to: assignee(a), from_name: String::new(), note: None }),
            Does::Resolve(c) => (c, Event::Resolve),
            Does::Write(c) => {
                let last = self.load(t, c).agent.map(index).filter(|last| free(*last));
                let reopen = last.map_or(ReopenTo::Queue, |last| ReopenTo::Agent(assignee(last)));
                (c, Event::CustomerSays { said: Said::text(""), reopen, product: None })
            }
            Does::Return(c, a) if self.load(t, c).agent == Some(agent(a)) => {
                (c, Event::Return { queue: self.load(t, c).queue.unwrap_or(QUEUES[0]), queue_name: String::new() })
            }
            _ => return Step::Commit,
        };
        let before = self.load(t, c);
        // What the rules refuse is not written.
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

    /// Moves the conversation on if its queue flows over, and otherwise picks an agent without the agent's lock.
    fn pick(&mut self, t: usize, n: usize) -> Step {
        let Some(c) = self.transactions[t].list.get(n).copied() else { return Step::Commit };
        let before = self.load(t, c);
        if let Some(overflow) = self.rules[place(before.queue)].overflow.clone()
            && overflow.after_s.is_some_and(|after| self.waited_ms(&before) >= after * SECOND)
        {
            let event = Event::Overflow { to: overflow.to, to_name: String::new(), why: OverflowWhy::Wait };
            if let Ok(transition) = before.apply(event, &Actor::system(), self.diary.now) {
                self.stage(t, c, before.version, transition.next);
            }
            return Step::Next(n);
        }
        let Some(a) = self.chosen_agent(t, c) else { return Step::Next(n) };
        self.transactions[t].stale = Some(before);
        Step::LockAgent(n, a)
    }

    fn waited_ms(&self, conversation: &Conversation) -> i64 {
        conversation.queued_at.map_or(0, |since| self.diary.now.since(since))
    }

    /// What a conversation asks for now, and by how many steps that is relaxed.
    fn asks_for(&self, conversation: &Conversation) -> (Vec<Level>, i64) {
        if place(conversation.queue) == 0 {
            return (Vec::new(), 0);
        }
        let steps = self.rules[1].relaxed_steps(self.waited_ms(conversation));
        (relax(&[Level { skill: SKILL, level: ASKED_LEVEL }], steps), steps)
    }

    /// The agent for a conversation, as this transaction sees everything.
    pub(super) fn chosen_agent(&self, t: usize, c: usize) -> Option<usize> {
        let mut candidates = self.candidates(t);
        for a in &self.transactions[t].occupied {
            candidates[*a].is_occupied = true;
        }
        let (conversation, now) = (self.sees(t, c), self.diary.now);
        let (needs, relaxed) = self.asks_for(conversation);
        let lately = self.passed.iter().filter(|(of, _, at)| *of == c && now.since(*at) <= REOFFER_AFTER_MS);
        let passed: Vec<_> = lately.map(|(_, a, _)| agent(*a)).collect();
        let wanted = Wanted { passed: &passed, ..Wanted::by(&self.rules[place(conversation.queue)], &needs, relaxed) };
        routing::pick(&candidates, &wanted, now).0.map(|chosen| index(chosen.agent))
    }

    /// Locks the agent if no other transaction has, picks again, and assigns or offers.
    fn lock_agent(&mut self, t: usize, n: usize, a: usize) -> Step {
        let c = self.transactions[t].list[n];
        let planted = self.variant == Some(Variant::ClaimWithoutSecondLook);
        if !planted {
            if !self.try_lock(t, Lock::Agent(a)) {
                self.transactions[t].occupied.push(a);
                return Step::Pick(n);
            }
            match self.chosen_agent(t, c) {
                Some(still) if still == a => {}
                Some(other) => return Step::LockAgent(n, other),
                None => return Step::Next(n),
            }
        }
        let before = if planted { self.transactions[t].stale.clone() } else { Some(self.load(t, c)) };
        if let Some(before) = before {
            let rules = &self.rules[place(before.queue)];
            let (to, units, trace) = (assignee(a), rules.units, Routing::default());
            let event = match rules.accept_within_s {
                Some(seconds) => Event::Offer { to, units, until: self.diary.now.plus(seconds * SECOND), trace },
                None => Event::Assign { to, units, trace },
            };
            let needs = self.asks_for(&before).0;
            if let Ok(transition) = before.apply(event, &Actor::system(), self.diary.now) {
                if !has_all(&self.agents[a].skills, &needs) {
                    self.diary.violate(format!("conversation {c} goes to agent {a}, who lacks the skill"));
                }
                self.stage(t, c, before.version, transition.next);
                self.transactions[t].routed.push((c, a));
            }
        }
        Step::Next(n)
    }

    /// Writes a row; for its first write, the version that the decision is based on is remembered.
    fn stage(&mut self, t: usize, c: usize, version: i64, after: Conversation) {
        self.transactions[t].read.entry(c).or_insert(version);
        self.transactions[t].staged.insert(c, after);
    }

    /// Commits, and checks whether this was allowed.
    pub(super) fn commit(&mut self, t: usize) {
        if let Does::Seen(agents) = self.transactions[t].does.clone() {
            for a in agents {
                self.agents[a].last_seen_at = Some(self.diary.now);
            }
        }
        self.remember(t);
        for (c, after) in std::mem::take(&mut self.transactions[t].staged) {
            let (before, has) = (&self.conversations[c], after.agent.filter(|_| after.state.owner() == Owner::Agent));
            let had = before.agent.filter(|_| before.state.owner() == Owner::Agent);
            if self.transactions[t].read.get(&c) != Some(&before.version) {
                self.diary.violate(format!("conversation {c} goes to {:?}, decided before {:?} had it", has.map(index), had.map(index)));
            }
            self.diary.tell(|| format!("transaction {t}: conversation {c} is {}, agent {:?}", after.state.as_str(), has.map(index)));
            self.conversations[c] = after;
        }
        let routed = std::mem::take(&mut self.transactions[t].routed);
        let now_open = self.candidates(t);
        for (c, a) in routed {
            self.assigned += 1;
            if self.conversations[c].offer.is_none() {
                self.agents[a].last_assigned_at = Some(self.diary.now);
            }
            let offers = self.conversations.iter().filter(|one| one.offer.is_some_and(|offer| index(offer.agent) == a)).count();
            if offers > 1 {
                self.diary.violate(format!("agent {a} has {offers} offers"));
            }
            let candidate = &now_open[a];
            if self.conversations[c].agent == Some(agent(a)) && candidate.open > candidate.capacity {
                self.diary.violate(format!("agent {a} was given conversation {c} and has {} of {}", candidate.open, candidate.capacity));
            }
        }
        self.release(t);
    }

    /// Remembers how an offer ended: who missed too many in a row is on a break.
    fn remember(&mut self, t: usize) {
        match self.transactions[t].does {
            Does::Take(c, a) if self.transactions[t].staged.contains_key(&c) => self.misses[a] = 0,
            Does::EndOffer(c, a, how) if self.transactions[t].staged.contains_key(&c) => {
                self.passed.push((c, a, self.diary.now));
                if how == OfferEnd::Missed {
                    self.misses[a] += 1;
                    if self.misses[a] >= MISSES_UNTIL_BREAK {
                        (self.agents[a].state, self.misses[a]) = (AgentState::Break, 0);
                        self.diary.tell(|| format!("agent {a} missed {MISSES_UNTIL_BREAK} offers and is on a break"));
                    }
                }
            }
            _ => {}
        }
    }
}

/// A request for a person of one of the queues.
fn request(queue: usize) -> Event {
    Event::RequestHuman { via: AskedVia::Button, of: None, queue: QUEUES[queue], queue_name: String::new(), reason: None, told: Told::default() }
}
