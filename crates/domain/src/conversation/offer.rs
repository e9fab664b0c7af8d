//! Offers: routing asks an agent, who accepts a waiting conversation or not; and the move to another queue while nobody does.

use super::{Assignee, Consequence, Conversation, QUEUE_LIMIT_MS, State, step::Step};
use crate::{
    entry::{
        Body, Fact,
        body::{self, OfferEnd, OverflowWhy, Routing},
        fact,
    },
    id::{AgentId, QueueId},
    journal::Actor,
    refusal::{Code, Refusal},
    time::Ts,
};

/// To whom a waiting conversation is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// The agent.
    pub agent: AgentId,
    /// Until when the agent may accept it.
    pub until: Ts,
}

impl Step<'_> {
    pub fn on_offer(&mut self, to: &Assignee, units: i64, until: Ts, trace: Routing) -> Result<(), Refusal> {
        if self.was.state != State::Queued {
            return Err(Refusal::new(Code::AlreadyTaken));
        }
        self.next.state = State::Offered;
        if self.was.episode.accepted_at.is_none() {
            self.next.episode.offered_at = Some(self.now);
        }
        self.next.offer = Some(Offer { agent: to.agent, until });
        self.next.units = units;
        self.next.due_at = Some(until);
        let fact = fact::Offered { ep: self.was.episode.number, agent: to.agent, wait_ms: self.was.wait_ms(self.now) };
        let offered = body::Offered { agent: to.agent, name: to.name.clone(), until };
        self.add_own(self.was.entry(Actor::system(), Body::Offered(offered), Fact::Offered(fact)));
        self.add(self.was.entry(Actor::system(), Body::Routing(trace), Fact::Routing(self.was.in_episode())));
        Ok(())
    }

    pub fn on_end_offer(&mut self, agent: AgentId, how: OfferEnd) -> Result<(), Refusal> {
        if self.was.offer.is_none_or(|offer| offer.agent != agent) {
            return Err(Refusal::new(Code::NotOffered));
        }
        self.next.state = State::Queued;
        self.next.due_at = Some(self.was.queued_at.unwrap_or(self.now).plus(QUEUE_LIMIT_MS));
        let fact = fact::OfferEnded { ep: self.was.episode.number, agent, how };
        self.record(Body::OfferEnded(body::OfferEnded { agent, how }), Fact::OfferEnded(fact));
        self.follow_with(Consequence::OfferEnded { agent, how });
        Ok(())
    }

    pub fn on_overflow(&mut self, to: QueueId, to_name: String, why: OverflowWhy) -> Result<(), Refusal> {
        let Some(from) = self.was.queue.filter(|_| self.was.state == State::Queued) else { return Err(Refusal::new(Code::NotQueued)) };
        if from == to {
            return Err(Refusal::new(Code::AlreadyThere));
        }
        self.record(Body::Overflowed(body::Overflowed { from, to, why }), Fact::Overflowed(self.was.in_episode()));
        let queued = self.next.enqueue(to, to_name, self.was.queued_at, self.now);
        self.add(queued);
        Ok(())
    }

    /// What waits goes on waiting in the other queue, at its age; what is served or with the bot stays where it is, and so does a left message.
    pub fn on_lose_queue(&mut self, to: QueueId, to_name: String) -> Result<(), Refusal> {
        let Some(from) = self.was.queue.filter(|_| self.was.state.is_open() || self.was.left_at.is_some()) else {
            return Err(Refusal::new(Code::NotActive));
        };
        if from == to {
            return Err(Refusal::new(Code::AlreadyThere));
        }
        self.record(Body::Overflowed(body::Overflowed { from, to, why: OverflowWhy::Deleted }), Fact::Overflowed(self.was.in_episode()));
        if matches!(self.was.state, State::Queued | State::Offered) {
            let queued = self.next.enqueue(to, to_name, self.was.queued_at, self.now);
            self.add(queued);
        } else {
            self.next.queue = Some(to);
        }
        Ok(())
    }
}

impl Conversation {
    /// Whether it is offered to this agent.
    pub fn is_offered_to(&self, agent: AgentId) -> bool {
        self.offer.is_some_and(|offer| offer.agent == agent)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        conversation::{Event, Told, fixture::just_opened},
        entry::body::{AskedVia, AssignedHow, AssignedIn},
    };

    const QUEUE: QueueId = QueueId::new(Uuid::from_u128(3));
    const ADA: AgentId = AgentId::new(Uuid::from_u128(1));

    fn ada() -> Assignee {
        Assignee { agent: ADA, name: "周敏".into(), number: "1024".into() }
    }
    fn after(c: &Conversation, event: Event, at: i64) -> (Conversation, Vec<Consequence>, Vec<Body>) {
        let done = c.apply(event, &Actor::system(), Ts(at)).unwrap();
        let bodies = done.entries.iter().map(|entry| entry.body.clone()).collect();
        (done.next, done.consequences, bodies)
    }
    fn offered() -> Conversation {
        let bot = just_opened();
        let asked = Event::RequestHuman { via: AskedVia::Button, of: None, queue: QUEUE, queue_name: "q".into(), reason: None, told: Told::default() };
        let (queued, ..) = after(&bot, asked, 1_000);
        after(&queued, Event::Offer { to: ada(), units: 3, until: Ts(32_000), trace: Routing::default() }, 2_000).0
    }

    #[test]
    fn who_accepts_has_it_and_the_customer_waited_until_then() {
        let c = offered();
        assert_eq!((c.state, c.agent, c.due_at, c.units), (State::Offered, None, Some(Ts(32_000)), 3));
        let (taken, _, bodies) = after(&c, Event::Take { by: ada() }, 5_000);
        assert_eq!((taken.state, taken.agent, taken.offer), (State::Active, Some(ADA), None));
        assert_eq!((taken.episode.offered_at, taken.episode.accepted_at), (Some(Ts(2_000)), Some(Ts(5_000))));
        assert!(bodies.iter().any(|body| matches!(body, Body::Assigned(AssignedIn::Conversation(one)) if one.how == Some(AssignedHow::Accepted))));
        assert_eq!(taken.epoch, c.epoch + 1);
    }

    #[test]
    fn who_passes_gives_it_back_with_its_age() {
        let c = offered();
        let (back, consequences, _) = after(&c, Event::EndOffer { agent: ADA, how: OfferEnd::Passed }, 9_000);
        assert_eq!((back.state, back.offer, back.queued_at, back.due_at), (State::Queued, None, Some(Ts(1_000)), Some(Ts(1_000 + QUEUE_LIMIT_MS))));
        assert_eq!(consequences, [Consequence::OfferEnded { agent: ADA, how: OfferEnd::Passed }]);
        let eve = AgentId::new(Uuid::from_u128(2));
        let refused = c.apply(Event::EndOffer { agent: eve, how: OfferEnd::Passed }, &Actor::system(), Ts(9_000));
        assert_eq!(refused.unwrap_err().code, Code::NotOffered);
    }

    #[test]
    fn who_leaves_the_queue_is_offered_to_nobody_any_more() {
        let (gone, ..) = after(&offered(), Event::LeaveQueue, 3_000);
        assert_eq!((gone.state, gone.offer), (State::Bot, None));
    }

    #[test]
    fn what_loses_its_queue_waits_on_elsewhere_or_stays_with_its_agent() {
        let other = QueueId::new(Uuid::from_u128(4));
        let lost = || Event::LoseQueue { to: other, to_name: "o".into() };
        let (moved, _, bodies) = after(&offered(), lost(), 5_000);
        assert_eq!((moved.state, moved.queue, moved.queued_at, moved.offer), (State::Queued, Some(other), Some(Ts(1_000)), None));
        assert!(matches!(bodies.as_slice(), [Body::Overflowed(body::Overflowed { why: OverflowWhy::Deleted, .. }), Body::Queued(_)]));
        let (taken, ..) = after(&offered(), Event::Take { by: ada() }, 5_000);
        let (kept, consequences, _) = after(&taken, lost(), 6_000);
        assert_eq!((kept.state, kept.queue, kept.agent, kept.epoch), (State::Active, Some(other), Some(ADA), taken.epoch));
        assert_eq!((kept.version, consequences), (taken.version + 1, vec![]));
        let (with_message, ..) = after(&taken, Event::Resolve, 7_000);
        assert_eq!(with_message.apply(lost(), &Actor::system(), Ts(8_000)).unwrap_err().code, Code::NotActive);
        let left = Conversation { left_at: Some(Ts(7_000)), ..with_message };
        assert_eq!(after(&left, lost(), 8_000).0.queue, Some(other));
    }

    #[test]
    fn overflow_keeps_the_age() {
        let c = offered();
        let (queued, ..) = after(&c, Event::EndOffer { agent: ADA, how: OfferEnd::Missed }, 32_000);
        let other = QueueId::new(Uuid::from_u128(4));
        let (moved, ..) = after(&queued, Event::Overflow { to: other, to_name: "o".into(), why: OverflowWhy::Wait }, 61_000);
        assert_eq!((moved.state, moved.queue, moved.queued_at), (State::Queued, Some(other), Some(Ts(1_000))));
    }
}
