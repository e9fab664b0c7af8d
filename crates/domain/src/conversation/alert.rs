//! Alerts of a conversation: somebody in it may be in danger, until a member of the staff says that it was seen.

use super::{Consequence, State, step::Step};
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
        self.next.alerted_at = self.was.alerted_at.or(Some(self.now));
        self.add(self.was.entry(Actor::system(), Body::Alerted(body::Alerted { of }), Fact::Alerted(self.was.in_episode())));
        Ok(())
    }

    pub fn on_acknowledge_alert(&mut self, by: AgentId) -> Result<(), Refusal> {
        if self.next.alerted_at.take().is_none() {
            return Err(Refusal::new(Code::Conflict));
        }
        self.record(Body::AlertAcknowledged(body::Nothing {}), Fact::AlertAcknowledged(self.was.in_episode()));
        self.follow_with(Consequence::AlertAcknowledged { by });
        Ok(())
    }

    /// The staff are alerted to the message of this number, if there is one.
    pub fn worry_about(&mut self, of: Option<i64>) {
        if let Some(of) = of {
            self.follow_with(Consequence::AlertDue { of });
        }
    }
}
