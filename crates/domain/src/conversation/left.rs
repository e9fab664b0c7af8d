//! Messages that are left for later, and what becomes of them.

use super::{Assignee, Consequence, Conversation, LEFT_MESSAGE_LIMIT_MS, Outcome, REOPEN_WINDOW_MS, ReopenTo, Said, State, Told, step::Step};
use crate::{
    entry::{
        Body, Fact,
        body::{self, AssignedHow, EndedBy},
    },
    refusal::{Code, Refusal},
    time::Ts,
};

impl Step<'_> {
    /// What the staff are told comes first in the stream, then the message, then the end. Nobody has the conversation any more, so the message is not a question
    /// to the bot.
    pub fn on_leave_message(&mut self, said: Said, told: Told, contact: Option<Vec<u8>>) -> Result<(), Refusal> {
        match self.was.state {
            State::Bot | State::Queued | State::Offered => {}
            State::Resolved => {
                let reopened = self.next.reopen(&ReopenTo::Bot, self.now)?;
                self.add(reopened);
            }
            _ => return Err(Refusal::new(Code::AlreadyServed)),
        }
        let worry = self.tell(told);
        self.next.left_at = Some(self.now);
        let resolved = self.next.settle(EndedBy::Customer, Outcome::LeftMessage, self.actor, self.now);
        self.add_own(self.next.message(self.actor, said));
        self.add(resolved);
        self.follow_with(Consequence::MessageLeft { contact });
        self.worry_about(worry);
        Ok(())
    }

    pub fn on_answer_left(&mut self, said: Said, by: &Assignee) -> Result<(), Refusal> {
        match self.was.state {
            State::Bot | State::Queued | State::Offered => {}
            State::Resolved => {
                self.next.agent = Some(by.agent);
                let reopened = self.next.reopen(&ReopenTo::Agent(by.clone()), self.now)?;
                self.add(reopened);
            }
            _ => return Err(Refusal::new(Code::NotYours)),
        }
        self.assign(by, self.was.how_answered());
        self.reply(said, by.agent);
        Ok(())
    }

    pub fn on_tend_left(&mut self, waits_since: Option<Ts>) {
        self.next.left_at = waits_since;
        if self.was.state == State::Resolved {
            self.next.due_at = Some(waits_since.map_or_else(|| self.now.plus(REOPEN_WINDOW_MS), |since| since.plus(LEFT_MESSAGE_LIMIT_MS)));
        }
        let body = Body::LeftMessageHandled(body::LeftMessageHandled { handled: waits_since.is_none() });
        self.record(body, Fact::LeftMessageHandled(self.was.in_episode()));
    }
}

impl Conversation {
    /// How an agent gets the conversation by writing in it: to answer what was left, or because of an alert.
    const fn how_answered(&self) -> AssignedHow {
        if self.left_at.is_some() { AssignedHow::LeftMessage } else { AssignedHow::TakenOver }
    }
}
