//! Alerts of a conversation: somebody in it may be in danger. The alert waits until a member of the staff says that it was seen; the danger, until one has replied.

use super::{Consequence, Owner, State, step::Step};
use crate::{
    entry::{Body, Fact, body},
    id::AgentId,
    journal::Actor,
    refusal::{Code, Refusal},
};

impl Step<'_> {
    pub fn on_raise_alert(&mut self, of: i64) -> Result<(), Refusal> {
        // What was said right before the end, or left as a message, alarms all the same.
        if self.was.state == State::Closed {
            return Err(Refusal::new(Code::AlreadyEnded));
        }
        self.alert(of);
        Ok(())
    }

    fn alert(&mut self, of: i64) {
        self.next.alerted_at = self.was.alerted_at.or(Some(self.now));
        self.next.danger_of = self.was.danger_of.filter(|_| self.was.alerted_at.is_some()).or(Some(of));
        self.add(self.was.entry(Actor::system(), Body::Alerted(body::Alerted { of }), Fact::Alerted(self.was.in_episode())));
    }

    pub fn on_acknowledge_alert(&mut self, by: AgentId) -> Result<(), Refusal> {
        if self.next.alerted_at.take().is_none() {
            return Err(Refusal::new(Code::Conflict));
        }
        self.record(Body::AlertAcknowledged(body::Nothing {}), Fact::AlertAcknowledged(self.was.in_episode()));
        self.follow_with(Consequence::AlertAcknowledged { by });
        Ok(())
    }

    /// Where somebody may be in danger and nobody has replied, the conversation does not leave the agent, or change the queue, in silence: those who have seen the
    /// alert do not have it any more.
    pub fn keep_danger_heard(&mut self) {
        let (was, next) = (self.was, &self.next);
        let Some(of) = next.danger_of.filter(|_| next.alerted_at.is_none()) else { return };
        let is_elsewhere = next.state.owner() != was.state.owner() || next.queue != was.queue;
        if is_elsewhere && matches!(next.state.owner(), Owner::Queue | Owner::Bot) {
            self.alert(of);
            self.follow_with(Consequence::AlertedAgain { of });
        }
    }

    /// The staff are alerted to the message of this number, if there is one.
    pub fn worry_about(&mut self, of: Option<i64>) {
        if let Some(of) = of {
            self.follow_with(Consequence::AlertDue { of });
        }
    }
}
