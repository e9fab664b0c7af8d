//! Serving: an agent gets a conversation, gives it to a colleague or to a queue, or hands it back to the bot, and is told what happened with it.

use super::{AGENT_IDLE_MS, Assignee, BOT_IDLE_MS, Conversation, Owner, State, Told, step::Step};
use crate::{
    entry::{
        Body, Fact,
        body::{self, AssignedHow, AssignedIn, Routing, TransferredTo},
        fact,
    },
    id::QueueId,
    journal::{Actor, NewEntry},
    refusal::{Code, Refusal},
    time::Ts,
};

impl Step<'_> {
    pub fn on_assign(&mut self, to: &Assignee, units: i64, trace: Routing) -> Result<(), Refusal> {
        if !matches!(self.was.state, State::Queued | State::Offered) {
            return Err(Refusal::new(Code::AlreadyTaken));
        }
        self.next.units = units;
        self.assign(to, AssignedHow::Routed);
        self.add(self.was.entry(Actor::system(), Body::Routing(trace), Fact::Routing(self.was.in_episode())));
        Ok(())
    }

    pub fn on_take(&mut self, by: &Assignee) -> Result<(), Refusal> {
        match self.was.state {
            State::Queued | State::Offered if self.was.is_offered_to(by.agent) => self.assign(by, AssignedHow::Accepted),
            State::Queued | State::Offered => self.assign(by, AssignedHow::Taken),
            State::Bot => self.assign(by, AssignedHow::TakenOver),
            _ => return Err(Refusal::new(Code::AlreadyTaken)),
        }
        Ok(())
    }

    pub fn on_transfer_to_agent(&mut self, to: &Assignee, from_name: String, note: Option<String>) -> Result<(), Refusal> {
        if !matches!(self.was.state, State::Active | State::OnHold | State::Snoozed) {
            return Err(Refusal::new(Code::NotActive));
        }
        if self.was.agent == Some(to.agent) {
            return Err(Refusal::new(Code::AlreadyThere));
        }
        self.note(note);
        self.add_own(self.was.transfer_entry(TransferredTo::Agent, to.name.clone(), to.agent.to_string(), from_name, self.actor));
        self.assign(to, AssignedHow::Transferred);
        Ok(())
    }

    pub fn on_transfer_to_queue(&mut self, queue: QueueId, queue_name: String, from_name: String, note: Option<String>) -> Result<(), Refusal> {
        // A conversation moved from one queue to a different one keeps its waiting time.
        let since = match self.was.state {
            State::Queued | State::Offered if self.was.queue == Some(queue) => return Err(Refusal::new(Code::AlreadyThere)),
            State::Queued | State::Offered => self.was.queued_at,
            State::Active | State::OnHold | State::Snoozed => Some(self.now),
            _ => return Err(Refusal::new(Code::NotActive)),
        };
        self.note(note);
        self.add_own(self.was.transfer_entry(TransferredTo::Queue, queue_name.clone(), queue.to_string(), from_name, self.actor));
        let queued = self.next.enqueue(queue, queue_name, since, self.now);
        self.add(queued);
        Ok(())
    }

    pub fn on_hand_back(&mut self) -> Result<(), Refusal> {
        if !matches!(self.was.state, State::Active | State::OnHold | State::Snoozed) {
            return Err(Refusal::new(Code::NotActive));
        }
        // The agent stays the one who served last, and may take it over again.
        self.next.state = State::Bot;
        self.next.queued_at = None;
        self.next.assigned_at = None;
        self.next.due_at = Some(self.now.plus(BOT_IDLE_MS));
        self.record(Body::HandedBack(body::Nothing {}), Fact::HandedBack(self.was.in_episode()));
        Ok(())
    }

    /// The staff are told what happened with the bot, before anything else in the stream. Returns the number of the message that may speak of danger.
    pub fn tell(&mut self, Told { packet, worry }: Told) -> Option<i64> {
        if let Some(packet) = packet {
            let fact = fact::Handoff { ep: self.was.episode.number, reason: packet.reason };
            self.add(self.was.entry(Actor::system(), Body::Handoff(*packet), Fact::Handoff(fact)));
        }
        worry
    }

    /// The note that goes with a transfer comes before it.
    fn note(&mut self, text: Option<String>) {
        if let Some(text) = text {
            self.on_note(text, Vec::new(), Vec::new(), None);
        }
    }

    /// The agent has it from now on.
    pub fn assign(&mut self, to: &Assignee, how: AssignedHow) {
        let assigned = self.next.assign(to, how, self.now);
        self.add(assigned);
    }
}

impl Conversation {
    fn assign(&mut self, to: &Assignee, how: AssignedHow, now: Ts) -> NewEntry {
        // A colleague takes over without any waiting time.
        let wait = if self.state.owner() == Owner::Queue { self.wait_ms(now) } else { 0 };
        self.state = State::Active;
        self.agent = Some(to.agent);
        self.assigned_at = Some(now);
        self.episode.accepted_at = self.episode.accepted_at.or(Some(now));
        self.due_at = Some(now.plus(AGENT_IDLE_MS));
        let assigned = body::Assigned { name: to.name.clone(), number: to.number.clone(), agent: Some(to.agent), how: Some(how) };
        let fact = fact::Assigned { ep: self.episode.number, agent: to.agent, how, wait_ms: wait };
        self.entry(Actor::system(), Body::Assigned(AssignedIn::Conversation(assigned)), Fact::Assigned(fact::AssignedIn::Conversation(fact)))
    }

    fn transfer_entry(&self, to_kind: TransferredTo, to_name: String, to: String, from_name: String, actor: &Actor) -> NewEntry {
        let fact = fact::Transferred { ep: self.episode.number, to: to.clone() };
        let transferred = body::Transferred { to_kind, to_name, from_name, to: Some(to), from: self.agent };
        self.entry(actor.clone(), Body::Transferred(transferred), Fact::Transferred(fact))
    }
}
