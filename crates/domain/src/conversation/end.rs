//! The end of an episode, the beginning of the next, and the end of a conversation.

use super::{
    AGENT_IDLE_MS, Assignee, BOT_IDLE_MS, BotWork, Conversation, Episode, LEFT_MESSAGE_LIMIT_MS, Outcome, QUEUE_LIMIT_MS, REOPEN_WINDOW_MS, ReopenTo, State,
    UNDO_WINDOW_MS, step::Step,
};
use crate::{
    entry::{
        Body, Fact,
        body::{self, BeganWith, EndedBy},
        fact,
    },
    journal::{Actor, NewEntry},
    refusal::{Code, Refusal},
    time::Ts,
};

impl Step<'_> {
    pub fn on_resolve(&mut self) -> Result<(), Refusal> {
        if !matches!(self.was.state, State::Active | State::OnHold | State::Snoozed) {
            return Err(Refusal::new(Code::NotActive));
        }
        self.settle(EndedBy::Agent, Outcome::Resolved);
        Ok(())
    }

    pub fn on_reopen(&mut self, to: &Assignee, ended_by: EndedBy) -> Result<(), Refusal> {
        if self.was.state != State::Resolved {
            return Err(Refusal::new(Code::NotEnded));
        }
        let is_just_settled = self.was.is_just_settled(self.now);
        if is_just_settled && ended_by == EndedBy::Customer {
            return Err(Refusal::new(Code::EndedByCustomer));
        }
        let reopened = if is_just_settled && ended_by == EndedBy::Agent && self.was.agent == Some(to.agent) {
            self.next.take_back_end(to, self.now)
        } else {
            self.next.agent = Some(to.agent);
            self.next.reopen(&ReopenTo::Agent(to.clone()), self.now)?
        };
        self.add(NewEntry { actor: self.actor.clone(), ..reopened });
        Ok(())
    }

    pub fn on_end(&mut self, bot: BotWork) -> Result<(), Refusal> {
        let outcome = self.was.outcome_now(bot).ok_or(Refusal::new(Code::AlreadyEnded))?;
        self.settle(EndedBy::Customer, outcome);
        Ok(())
    }

    pub fn on_expire(&mut self, bot: BotWork) {
        if let Some(outcome) = self.was.outcome_now(bot) {
            return self.settle(EndedBy::System, outcome);
        }
        self.next.state = State::Closed;
        self.next.due_at = None;
        self.next.left_at = None;
        self.record(Body::Closed(body::Nothing {}), Fact::Closed(self.was.in_episode()));
    }

    fn settle(&mut self, by: EndedBy, outcome: Outcome) {
        let resolved = self.next.settle(by, outcome, self.actor, self.now);
        self.add(resolved);
    }
}

impl Conversation {
    /// The outcome of the episode if it ends now; `None` if it has ended.
    const fn outcome_now(&self, bot: BotWork) -> Option<Outcome> {
        match self.state {
            State::Bot => Some(self.outcome_with_bot(bot)),
            State::Queued | State::Offered => Some(Outcome::AbandonedInQueue),
            State::Active | State::OnHold | State::Snoozed => Some(Outcome::Resolved),
            State::Resolved | State::Closed => None,
        }
    }

    /// The outcome of an episode that ends while the bot has it: what a person has served is not the bot's work.
    const fn outcome_with_bot(&self, bot: BotWork) -> Outcome {
        if self.episode.first_human_reply_at.is_some() { Outcome::Resolved } else { bot.outcome() }
    }

    /// Until when a reply continues this conversation instead of starting a new one; `None` while it is open, or once it is closed.
    pub fn reopen_until(&self) -> Option<Ts> {
        let ended = self.resolved_at.filter(|_| self.state == State::Resolved)?;
        let left = self.left_at.max(self.alerted_at).map(|at| at.plus(LEFT_MESSAGE_LIMIT_MS));
        Some(ended.plus(REOPEN_WINDOW_MS).max(left.unwrap_or(ended)))
    }

    /// Whether an agent had it until a moment ago, so that its end can be taken back. What the customer has rated has ended for them.
    pub fn is_just_settled(&self, now: Ts) -> bool {
        // Where the bot or a queue had it last, nobody was assigned.
        let was_served = self.agent.is_some() && self.assigned_at.is_some() && self.episode.outcome == Some(Outcome::Resolved) && self.episode.score.is_none();
        was_served && self.state == State::Resolved && self.resolved_at.is_some_and(|at| now.since(at) <= UNDO_WINDOW_MS)
    }

    /// The episode goes on as if it had not ended.
    fn take_back_end(&mut self, by: &Assignee, now: Ts) -> NewEntry {
        self.state = State::Active;
        self.resolved_at = None;
        self.due_at = Some(now.plus(AGENT_IDLE_MS));
        self.episode.ended_at = None;
        self.episode.outcome = None;
        self.reopened_entry(BeganWith::Agent, Some(by), true)
    }

    pub(super) fn settle(&mut self, by: EndedBy, outcome: Outcome, actor: &Actor, now: Ts) -> NewEntry {
        self.state = State::Resolved;
        self.resolved_at = Some(now);
        self.due_at = self.reopen_until();
        self.episode.ended_at = Some(now);
        self.episode.outcome = Some(outcome);
        let wait_ms = (outcome == Outcome::AbandonedInQueue).then(|| self.wait_ms(now));
        let fact = fact::Resolved { ep: self.episode.number, by, outcome, wait_ms };
        self.entry(actor.clone(), Body::Resolved(body::Resolved { by, outcome }), Fact::Resolved(fact))
    }

    pub(super) fn reopen(&mut self, to: &ReopenTo, now: Ts) -> Result<NewEntry, Refusal> {
        if self.reopen_until().is_none_or(|until| now > until) {
            return Err(Refusal::new(Code::ConversationClosed));
        }
        let (state, with) = match (to, self.agent, self.queue) {
            (ReopenTo::Agent(_), Some(_), _) => (State::Active, BeganWith::Agent),
            (ReopenTo::Agent(_) | ReopenTo::Queue, _, Some(_)) => (State::Queued, BeganWith::Queue),
            _ => (State::Bot, BeganWith::Bot),
        };
        self.state = state;
        self.episode = Episode::begin(self.episode.number + 1, state.owner(), now);
        // What was settled after somebody had seen it is settled.
        self.danger_of = self.danger_of.filter(|_| self.alerted_at.is_some());
        self.resolved_at = None;
        self.queued_at = None;
        // The next episode may be about something else.
        (self.about, self.about_at) = (None, None);
        match state {
            State::Active => {
                self.assigned_at = Some(now);
                self.episode.accepted_at = Some(now);
                self.due_at = Some(now.plus(AGENT_IDLE_MS));
            }
            State::Queued => {
                self.agent = None;
                self.queued_at = Some(now);
                self.due_at = Some(now.plus(QUEUE_LIMIT_MS));
            }
            _ => {
                self.agent = None;
                self.due_at = Some(now.plus(BOT_IDLE_MS));
            }
        }
        // Anybody who sees the conversation from here on learns which agent has it, as with `assigned`.
        let agent = if let (ReopenTo::Agent(agent), State::Active) = (to, state) { Some(agent) } else { None };
        Ok(self.reopened_entry(with, agent, false))
    }

    /// The entry of a conversation that has just been reopened; `undo` if its episode goes on.
    fn reopened_entry(&self, with: BeganWith, agent: Option<&Assignee>, undo: bool) -> NewEntry {
        let fact = fact::Reopened {
            ep: self.episode.number,
            with,
            lang: self.lang,
            channel: self.channel,
            site: self.site,
            queue: self.queue.filter(|_| with == BeganWith::Queue),
            agent: self.agent.filter(|_| with == BeganWith::Agent),
            undo,
        };
        let reopened = body::Reopened {
            episode: self.episode.number,
            with,
            name: agent.map(|agent| agent.name.clone()),
            number: agent.map(|agent| agent.number.clone()),
            agent: agent.map(|agent| agent.agent),
            undo,
        };
        self.entry(Actor::system(), Body::Reopened(reopened), Fact::Reopened(fact))
    }
}
