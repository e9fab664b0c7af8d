//! Waiting for a person: a customer asks for one, stops waiting, or waits again because the agent is lost.

use super::{BOT_IDLE_MS, Conversation, QUEUE_LIMIT_MS, ReopenTo, State, Told, step::Step};
use crate::{
    entry::{
        Body, Fact,
        body::{self, AskedVia, ReturnReason},
        fact,
    },
    handoff_reason::HandoffReason,
    id::QueueId,
    journal::{Actor, NewEntry},
    refusal::{Code, Refusal},
    time::Ts,
};

impl Step<'_> {
    pub fn on_request_human(
        &mut self,
        (via, of): (AskedVia, Option<i64>),
        reason: Option<HandoffReason>,
        (queue, queue_name): (QueueId, String),
        told: Told,
    ) -> Result<(), Refusal> {
        match self.was.state {
            State::Bot => {}
            State::Resolved => {
                let reopened = self.next.reopen(&ReopenTo::Bot, self.now)?;
                self.add(reopened);
            }
            _ => return Err(Refusal::new(Code::AlreadyRequested)),
        }
        self.tell(told);
        let requested = self.next.human_requested(via, of, reason, self.actor, self.now);
        self.add_own(requested);
        let queued = self.next.enqueue(queue, queue_name, Some(self.now), self.now);
        self.add(queued);
        Ok(())
    }

    pub fn on_leave_queue(&mut self) -> Result<(), Refusal> {
        if !matches!(self.was.state, State::Queued | State::Offered) {
            return Err(Refusal::new(Code::NotQueued));
        }
        self.next.state = State::Bot;
        self.next.queued_at = None;
        self.next.due_at = Some(self.now.plus(BOT_IDLE_MS));
        let fact = fact::LeftQueue { ep: self.was.episode.number, wait_ms: self.was.wait_ms(self.now) };
        self.record(Body::LeftQueue(body::Nothing {}), Fact::LeftQueue(fact));
        Ok(())
    }

    pub fn on_return(&mut self, queue: QueueId) -> Result<(), Refusal> {
        if !matches!(self.was.state, State::Offered | State::Active | State::OnHold | State::Snoozed) {
            return Err(Refusal::new(Code::NotActive));
        }
        let since = self.was.queued_at.or(self.was.assigned_at);
        let returned = body::Returned { reason: ReturnReason::AgentUnreachable };
        self.record(Body::Returned(returned), Fact::Returned(self.was.in_episode()));
        let _ = self.next.enqueue(queue, String::new(), since, self.now);
        Ok(())
    }
}

impl Conversation {
    pub(super) fn wait_ms(&self, now: Ts) -> i64 {
        self.queued_at.map_or(0, |since| now.since(since))
    }

    fn human_requested(&mut self, via: AskedVia, of: Option<i64>, reason: Option<HandoffReason>, actor: &Actor, now: Ts) -> NewEntry {
        self.episode.human_requested_at = self.episode.human_requested_at.or(Some(now));
        let fact = fact::HumanRequested { ep: self.episode.number, via, of, reason };
        self.entry(actor.clone(), Body::HumanRequested(body::HumanRequested { via }), Fact::HumanRequested(fact))
    }

    pub(super) fn enqueue(&mut self, queue: QueueId, queue_name: String, since: Option<Ts>, now: Ts) -> NewEntry {
        self.state = State::Queued;
        self.queue = Some(queue);
        self.agent = None;
        self.assigned_at = None;
        self.queued_at = since;
        self.due_at = Some(now.plus(QUEUE_LIMIT_MS));
        let fact = fact::Queued { ep: self.episode.number, queue };
        self.entry(Actor::system(), Body::Queued(body::Queued { queue: queue_name }), Fact::Queued(fact))
    }
}
