//! Gives out what waits: to free agents, by the rules of its queue and the skills it asks for, or to another queue.

use std::collections::{BTreeSet, HashMap};

use db::Tx;
use domain::{
    conversation::{Assignee, Conversation, Event, State},
    entry::body::{OverflowWhy, Routing},
    id::{AgentId, ConversationId, QueueId, TenantId},
    journal::Actor,
    routing::{
        self, Candidate, LAST_AGENT_MS, REOFFER_AFTER_MS, Wanted,
        rules::QueueRules,
        skill::{Asking, Level, Need, needs_of, relax},
    },
    time::{SECOND, Ts},
};
use store::{
    Result, conversations,
    queues::Queue,
    routing::InLine,
    tenants::{self, Tenant},
};

use crate::{hours, record};

/// The maximum number of conversations given out in one transaction; the routing job continues with the rest.
const ROUTED_AT_ONCE: usize = 10;

/// Gives out what waits to free agents who serve its queue, until either runs out: first that in which somebody may be in danger, then what waits in queues of
/// higher priority, and then the longest wait.
///
/// The caller holds locks already, so this waits for no other lock: what another
/// transaction has locked is left to that one, and the routing job is the safety net.
pub async fn route(tx: &mut Tx, tenant: TenantId) -> Result<()> {
    let Some(mut floor) = Floor::read(tx, tenant).await? else { return Ok(()) };
    let mut tried = 0;
    for (waiting, ahead) in floor.turns() {
        if tried == ROUTED_AT_ONCE {
            break;
        }
        if let Some((to, why)) = floor.overflow(&waiting, ahead) {
            tried += usize::from(floor.move_on(tx, &waiting, to, why).await?);
        } else {
            tried += usize::from(floor.give(tx, &waiting).await? || floor.offer_message(tx, &waiting).await?);
        }
    }
    Ok(())
}

/// Whether routing would change anything now. It asks without any lock, so that nothing is written while nothing can be done.
pub async fn is_due(tx: &mut Tx, tenant: TenantId) -> Result<bool> {
    let Some(mut floor) = Floor::read(tx, tenant).await? else { return Ok(false) };
    let turns = floor.turns();
    let is_due = |waiting: &InLine, floor: &mut Floor| floor.is_message_due(waiting) || floor.choose(waiting, None).is_some();
    Ok(turns.iter().any(|(waiting, ahead)| floor.overflow(waiting, *ahead).is_some() || is_due(waiting, &mut floor)))
}

/// Everything that routing decides by, as it stands now.
struct Floor {
    tenant: TenantId,
    now: Ts,
    line: Vec<InLine>,
    queues: HashMap<QueueId, Queue>,
    /// The rules of a queue that no longer exists.
    usual: QueueRules,
    /// The company, if any of its queues flows over.
    company: Option<Tenant>,
    agents: Vec<Candidate>,
    /// Of queues that not everybody serves.
    members: HashMap<QueueId, BTreeSet<AgentId>>,
    needs: Vec<Need>,
    passed: Vec<(ConversationId, AgentId)>,
    /// What nobody was found for: whatever else asks for the same in the same queue is not looked at.
    in_vain: Vec<(QueueId, Vec<Level>)>,
}

impl Floor {
    /// `None` if nobody waits.
    async fn read(tx: &mut Tx, tenant: TenantId) -> Result<Option<Self>> {
        let line = store::routing::line(tx, tenant).await?;
        if line.iter().all(|waiting| waiting.is_offered) {
            return Ok(None);
        }
        let now = tx.now();
        let agents = store::routing::at_work(tx, tenant).await?;
        // While nobody can take anything, it does not matter what is asked for, or who has passed it.
        let takes_any = agents.iter().any(|agent| agent.takes_any(now));
        let queues = store::queues::all(tx, tenant).await?;
        let company = if queues.values().any(|queue| queue.rules.overflow.is_some()) { Some(tenants::get(tx, tenant).await?) } else { None };
        Ok(Some(Self {
            tenant,
            now,
            line,
            company,
            members: if !takes_any || queues.values().all(|queue| queue.everybody) {
                HashMap::new()
            } else {
                store::queues::members_at_work(tx, tenant).await?
            },
            needs: if takes_any { store::skills::needs(tx, tenant).await? } else { Vec::new() },
            passed: if takes_any { store::routing::passed_since(tx, tenant, now.plus(-REOFFER_AFTER_MS)).await? } else { Vec::new() },
            agents,
            in_vain: Vec::new(),
            usual: QueueRules::default(),
            queues,
        }))
    }

    fn rules(&self, queue: QueueId) -> &QueueRules {
        self.queues.get(&queue).map_or(&self.usual, |queue| &queue.rules)
    }

    /// Those whose turn it is, in order, each with how many wait before it in its queue.
    fn turns(&self) -> Vec<(InLine, i64)> {
        let mut ahead: HashMap<QueueId, i64> = HashMap::new();
        let mut turns = Vec::with_capacity(self.line.len());
        for waiting in &self.line {
            let before = ahead.entry(waiting.queue).or_default();
            if !waiting.is_offered {
                turns.push((waiting.clone(), *before));
            }
            *before += 1;
        }
        // A stable sort: within a priority, the order of the line stays.
        turns.sort_by_key(|(waiting, _)| (!waiting.is_urgent, -self.rules(waiting.queue).priority));
        turns
    }

    /// Where a conversation goes that has waited for too long, or behind too many, as its queue's rules say. A queue that is closed takes nothing over.
    fn overflow(&self, waiting: &InLine, ahead: i64) -> Option<(QueueId, OverflowWhy)> {
        let overflow = self.rules(waiting.queue).overflow.as_ref()?;
        let waited = self.now.since(waiting.since);
        let why = if overflow.after_s.is_some_and(|after| waited >= after * SECOND) {
            OverflowWhy::Wait
        } else if overflow.above.is_some_and(|above| ahead >= above) {
            OverflowWhy::Length
        } else {
            return None;
        };
        let to = self.queues.get(&overflow.to)?;
        let is_open = hours::by_hours(to.hours.as_ref(), self.company.as_ref()?, self.now).open;
        is_open.then_some((to.id, why))
    }

    /// What a conversation asks for now, and by how many steps that is relaxed.
    fn asks_for(&self, waiting: &InLine) -> (Vec<Level>, i64) {
        let asking = Asking { queue: waiting.queue, site: waiting.site, lang: waiting.lang, question: waiting.about };
        let needs = needs_of(&self.needs, asking);
        let steps = if needs.is_empty() { 0 } else { self.rules(waiting.queue).relaxed_steps(self.now.since(waiting.since)) };
        (relax(&needs, steps), steps)
    }

    /// Whether nobody was found for what asks for the same in the same queue.
    fn is_in_vain(&self, queue: QueueId, needs: &[Level]) -> bool {
        self.in_vain.iter().any(|(of, asked)| *of == queue && asked == needs)
    }

    /// The agent for a conversation, and why. What nobody is found for is not looked at again.
    fn choose(&mut self, waiting: &InLine, preferred: Option<AgentId>) -> Option<(Candidate, Routing)> {
        let (needs, relaxed) = self.asks_for(waiting);
        if self.is_in_vain(waiting.queue, &needs) {
            return None;
        }
        let passed: Vec<AgentId> = self.passed.iter().filter(|(of, _)| *of == waiting.id).map(|(_, agent)| *agent).collect();
        let is_for_everybody = self.queues.get(&waiting.queue).is_none_or(|queue| queue.everybody);
        let serves = |one: &&Candidate| is_for_everybody || self.members.get(&waiting.queue).is_some_and(|members| members.contains(&one.agent));
        let wanted = Wanted { preferred, passed: &passed, ..Wanted::by(self.rules(waiting.queue), &needs, relaxed) };
        let (chosen, trace) = routing::pick(self.agents.iter().filter(serves), &wanted, self.now);
        let chosen = chosen.cloned();
        // Who has passed this one may be free for the next.
        if chosen.is_none() && passed.is_empty() {
            self.in_vain.push((waiting.queue, needs));
        }
        chosen.map(|chosen| (chosen, trace))
    }

    /// Gives a conversation to a free agent, or offers it, as its queue's rules say. Returns whether it did.
    async fn give(&mut self, tx: &mut Tx, waiting: &InLine) -> Result<bool> {
        // Nothing is locked before somebody is there who can take it.
        if self.choose(waiting, None).is_none() {
            return Ok(false);
        }
        let Some(before) = self.lock(tx, waiting).await? else { return Ok(false) };
        let rules = self.rules(waiting.queue).clone();
        let since = self.now.plus(-LAST_AGENT_MS);
        let preferred = if rules.last_agent_first { store::routing::last_agent(tx, self.tenant, waiting.visitor, since).await? } else { None };
        let Some((to, trace)) = self.choose_and_lock(tx, waiting, preferred).await? else { return Ok(false) };
        let (agent, units) = (to.agent, rules.units);
        let event = match rules.accept_within_s {
            Some(seconds) => Event::Offer { to, units, until: self.now.plus(seconds * SECOND), trace },
            None => Event::Assign { to, units, trace },
        };
        let is_offer = matches!(event, Event::Offer { .. });
        // If someone has taken it since, the next in line follows.
        let Ok(transition) = before.apply(event, &Actor::system(), self.now) else { return Ok(false) };
        conversations::commit(tx, &before, transition, None).await?;
        if let Some(one) = self.agents.iter_mut().find(|one| one.agent == agent) {
            if is_offer {
                one.has_offer = true;
            } else {
                (one.open, one.units, one.last_assigned_at) = (one.open + 1, one.units + units, Some(self.now));
            }
        }
        Ok(true)
    }

    /// Whether the customer is to be offered to leave a message instead, as the queue's rules say. Whoever may be in danger is not sent away.
    fn is_message_due(&self, waiting: &InLine) -> bool {
        let unserved = self.now.since(waiting.unserved_since);
        !waiting.is_message_offered && !waiting.is_urgent && self.rules(waiting.queue).offers_message_after(unserved)
    }

    /// Offers the customer to leave a message instead, if that is due. Returns whether it did.
    async fn offer_message(&self, tx: &mut Tx, waiting: &InLine) -> Result<bool> {
        if !self.is_message_due(waiting) {
            return Ok(false);
        }
        let Some(before) = self.lock(tx, waiting).await? else { return Ok(false) };
        let promised_by = hours::of_queue(tx, self.tenant, waiting.queue).await?.promised_by;
        let Ok(transition) = before.apply(Event::OfferMessage { promised_by }, &Actor::system(), self.now) else { return Ok(false) };
        record::store(tx, &before, transition, None).await?;
        Ok(true)
    }

    /// Locks a conversation that still waits in that queue; `None` if it does not, or while another transaction has it.
    async fn lock(&self, tx: &mut Tx, waiting: &InLine) -> Result<Option<Conversation>> {
        let found = conversations::try_lock(tx, self.tenant, waiting.id).await?;
        Ok(found.filter(|before| before.state == State::Queued && before.queue == Some(waiting.queue)))
    }

    /// The same as [`Self::choose`], of agents who are locked then, so that nobody else uses their capacity.
    async fn choose_and_lock(&mut self, tx: &mut Tx, waiting: &InLine, preferred: Option<AgentId>) -> Result<Option<(Assignee, Routing)>> {
        let mut locked = None;
        loop {
            let Some((chosen, trace)) = self.choose(waiting, preferred) else { return Ok(None) };
            if locked == Some(chosen.agent) {
                return Ok(Some((Assignee { agent: chosen.agent, name: chosen.name, number: chosen.number }, trace)));
            }
            // The choice was made without the lock: it is made again with what the agent has under the lock.
            let now = store::routing::try_lock_agent(tx, self.tenant, chosen.agent).await?;
            let Some(one) = self.agents.iter_mut().find(|one| one.agent == chosen.agent) else { return Ok(None) };
            match now {
                Some(now) => (*one, locked) = (Candidate { skills: std::mem::take(&mut one.skills), ..now }, Some(chosen.agent)),
                None => one.is_occupied = true,
            }
        }
    }

    /// Moves a conversation to another queue. Returns whether it did.
    async fn move_on(&self, tx: &mut Tx, waiting: &InLine, to: QueueId, why: OverflowWhy) -> Result<bool> {
        let (Some(before), Some(queue)) = (self.lock(tx, waiting).await?, self.queues.get(&to)) else { return Ok(false) };
        let event = Event::Overflow { to, to_name: queue.name.get(before.lang).to_owned(), why };
        let Ok(transition) = before.apply(event, &Actor::system(), self.now) else { return Ok(false) };
        record::store(tx, &before, transition, None).await?;
        Ok(true)
    }
}
