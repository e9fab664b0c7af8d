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

    /// Once in each wait, which goes on until the customer chooses.
    pub fn on_offer_message(&mut self, promised_by: Option<Ts>) -> Result<(), Refusal> {
        if !matches!(self.was.state, State::Queued | State::Offered) {
            return Err(Refusal::new(Code::NotQueued));
        }
        if self.was.is_message_offered() {
            return Err(Refusal::new(Code::Conflict));
        }
        self.next.message_offered_at = Some(self.now);
        let offered = Body::MessageOffered(body::MessageOffered { promised_by });
        self.add_own(self.was.entry(Actor::system(), offered, Fact::MessageOffered(self.was.in_episode())));
        Ok(())
    }

    pub fn on_return(&mut self, queue: QueueId, queue_name: String) -> Result<(), Refusal> {
        if !matches!(self.was.state, State::Offered | State::Active | State::OnHold | State::Snoozed) {
            return Err(Refusal::new(Code::NotActive));
        }
        let since = self.was.queued_at.or(self.was.assigned_at);
        if self.was.state != State::Offered {
            self.next.returned_at = Some(self.now);
        }
        let returned = body::Returned { reason: ReturnReason::AgentUnreachable };
        self.record(Body::Returned(returned), Fact::Returned(self.was.in_episode()));
        let queued = self.next.enqueue(queue, queue_name, since, self.now);
        // In its own queue it waits as before; of another one, the customer is told.
        if self.was.queue.is_some_and(|was| was != queue) {
            self.add(queued);
        }
        Ok(())
    }
}

impl Conversation {
    /// Since when the customer has been waiting without anybody serving them: `queued_at` also counts the time before an agent who was lost.
    pub fn waits_since(&self) -> Option<Ts> {
        self.queued_at.max(self.returned_at.filter(|_| self.queued_at.is_some()))
    }

    /// Whether the customer has been offered in this wait to leave a message instead.
    pub fn is_message_offered(&self) -> bool {
        self.message_offered_at.is_some_and(|at| self.waits_since().is_none_or(|since| at >= since))
    }

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

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        conversation::{Assignee, Event, Offer, fixture::just_opened},
        entry::EntryKind,
        id::AgentId,
    };

    #[test]
    fn whoever_comes_back_from_an_agent_who_was_lost_keeps_the_place_and_waits_anew() {
        let queue = QueueId::new(Uuid::from_u128(3));
        let after = |c: &Conversation, event: Event, at: i64| c.apply(event, &Actor::system(), Ts(at)).unwrap().next;
        let bot = just_opened();
        let asked = Event::RequestHuman { via: AskedVia::Button, of: None, queue, queue_name: "q".into(), reason: None, told: Told::default() };
        let waits = after(&after(&bot, asked, 1_000), Event::OfferMessage { promised_by: None }, 2_000);
        assert_eq!((waits.waits_since(), waits.is_message_offered()), (Some(Ts(1_000)), true));
        let ada = Assignee { agent: AgentId::new(Uuid::from_u128(1)), name: "周敏".into(), number: "1024".into() };
        let served = after(&waits, Event::Take { by: ada.clone() }, 3_000);
        let back = after(&served, Event::Return { queue, queue_name: String::new() }, 9_000);
        assert_eq!((back.queued_at, back.waits_since(), back.is_message_offered()), (Some(Ts(1_000)), Some(Ts(9_000)), false));
        // Where the agent had only been asked, nobody has served the customer.
        let offered = Conversation { state: State::Offered, offer: Some(Offer { agent: ada.agent, until: Ts(4_000) }), ..waits };
        let back = after(&offered, Event::Return { queue, queue_name: String::new() }, 9_000);
        assert_eq!((back.waits_since(), back.is_message_offered()), (Some(Ts(1_000)), true));
    }

    #[test]
    fn who_comes_back_to_another_queue_is_told_which_and_keeps_the_age() {
        let (queue, other) = (QueueId::new(Uuid::from_u128(3)), QueueId::new(Uuid::from_u128(4)));
        let served = Conversation {
            state: State::Active,
            queue: Some(queue),
            agent: Some(AgentId::new(Uuid::from_u128(1))),
            queued_at: Some(Ts(1_000)),
            ..just_opened()
        };
        let kinds_in = |to| {
            let done = served.apply(Event::Return { queue: to, queue_name: "q".into() }, &Actor::system(), Ts(9_000)).unwrap();
            assert_eq!((done.next.queue, done.next.queued_at), (Some(to), Some(Ts(1_000))));
            done.entries.iter().map(|entry| entry.kind()).collect::<Vec<_>>()
        };
        assert_eq!(kinds_in(queue), [EntryKind::Returned]);
        assert_eq!(kinds_in(other), [EntryKind::Returned, EntryKind::Queued]);
    }
}
