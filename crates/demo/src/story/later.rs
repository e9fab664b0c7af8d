//! What happens later: messages left while nobody is there, and customers who return.

use domain::{
    conversation::{BotWork, Event, ReopenTo, Said, State, Told},
    entry::body::Message,
    journal::Actor,
    refusal::Refusal,
    time::{HOUR, MINUTE, Ts},
};

use super::{Left, Stage, Step, Story};
use crate::roster::Roster;

/// An answer to a left message is promised within this time after somebody is there, in milliseconds.
const PROMISE_MS: i64 = 2 * HOUR;

/// When an answer is promised by, if somebody is there at this time.
fn promise(opens: Option<Ts>) -> Option<Ts> {
    opens.map(|at| at.plus(PROMISE_MS))
}

impl Story {
    /// The customer wants a person, and nobody is there.
    pub(super) fn find_nobody(&mut self, stage: Stage<'_>, roster: &Roster<'_>) -> Result<(), Refusal> {
        if self.chance.is_likely(0.6) {
            let opens = roster.next_staffed(stage.cast.queue, self.at);
            self.ask_in_vain(stage, opens, promise(opens))?;
        }
        if self.chance.is_likely(0.62) {
            self.wait(20, 90);
            return self.leave_message(stage, roster);
        }
        self.good_will -= 0.2;
        self.leave(stage)
    }

    /// The customer leaves a message, which is answered when somebody is there.
    pub(super) fn leave_message(&mut self, stage: Stage<'_>, roster: &Roster<'_>) -> Result<(), Refusal> {
        let (at, episode) = (self.at, self.c.episode.number);
        let queue = self.c.queue.unwrap_or(stage.cast.queue);
        let text = self.one_of(&stage.words.phrases.left);
        let said: Said = Message::LeftMessage { text, contact: None, contact_masked: None, ord: None, hidden_numbers: None }.into();
        self.happens(Event::LeaveMessage { said, told: Told::default(), contact: None }, &self.customer())?;
        let opens = roster.next_staffed(queue, at);
        // The message comes before the end of the episode.
        self.left.push(Left { episode, seq: self.head.seq - 1, queue, at, promised_by: promise(opens), done: None });
        if let Some(opens) = opens {
            self.at = opens.plus(self.chance.between(4 * MINUTE, 100 * MINUTE));
            self.next = Step::AnswerLeft;
        }
        Ok(())
    }

    /// An agent answers the message that was left, or takes care of it in some other way.
    pub(super) fn answer_left(&mut self, stage: Stage<'_>, roster: &mut Roster<'_>) -> Result<(), Refusal> {
        let queue = self.c.queue.unwrap_or(stage.cast.queue);
        let Some((agent, at)) = roster.earliest(queue, self.at, self.at.plus(PROMISE_MS)) else {
            if let Some(opens) = roster.next_staffed(queue, self.at.plus(HOUR)) {
                self.at = opens.plus(self.chance.between(MINUTE, 30 * MINUTE));
                self.next = Step::AnswerLeft;
            }
            return Ok(());
        };
        self.at = at;
        let by = roster.assignee(agent);
        let (id, actor) = (by.agent, Actor::agent(by.agent, &by.name));
        let is_answered = self.chance.is_likely(0.82);
        if let Some(left) = self.left.last_mut() {
            left.done = Some((at, id, is_answered));
        }
        if !is_answered {
            return self.happens(Event::TendLeft { waits_since: None }, &actor);
        }
        let phrases = &stage.words.phrases;
        self.earlier.push(self.c.clone());
        let said = Said::text(self.one_of(&phrases.left_answers));
        self.happens(Event::AnswerLeft { said, by }, &actor)?;
        if self.chance.is_likely(0.35) {
            self.wait(60, 900);
            let thanks = self.one_of(&phrases.thanks);
            self.say(Said::text(thanks))?;
        }
        self.wait(20, 120);
        self.happens(Event::Resolve, &actor)?;
        roster.hold(agent, at, self.at);
        self.good_will += roster.charm(agent);
        self.rate(stage, 0.3)
    }

    /// The customer returns: to the agent who served last, or to the queue, or to the bot.
    pub(super) fn return_after_the_end(&mut self, stage: Stage<'_>, roster: &mut Roster<'_>) -> Result<(), Refusal> {
        let last = self.c.agent.and_then(|agent| roster.position(agent)).filter(|agent| roster.is_free(*agent, self.at));
        let queue = self.c.queue.filter(|queue| roster.is_staffed(*queue, self.at));
        let reopen = match (last, queue) {
            (Some(agent), _) => ReopenTo::Agent(roster.assignee(agent)),
            (None, Some(_)) => ReopenTo::Queue,
            (None, None) => ReopenTo::Bot,
        };
        self.earlier.push(self.c.clone());
        self.bot = BotWork::Nothing;
        self.good_will -= 0.1;
        let said = Said::text(self.one_of(&stage.words.phrases.back));
        self.happens(Event::CustomerSays { said, reopen, product: None }, &self.customer())?;
        match (self.c.state, last, queue) {
            (State::Active, Some(agent), _) => self.serve(stage, roster, agent, true),
            (State::Queued, _, Some(queue)) => self.wait_and_be_served(stage, roster, queue, true),
            _ => self.answer_again(stage),
        }
    }
}
