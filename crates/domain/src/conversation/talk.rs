//! What the customer, the bot and the staff say.

use super::{Consequence, Conversation, ReopenTo, Said, State, step::Step};
use crate::{
    entry::{
        Body, Fact,
        body::{self, FileCard, Mention},
        fact,
    },
    id::AgentId,
    journal::{Actor, ActorKind, NewEntry, Side},
    refusal::{Code, Refusal},
    time::Ts,
};

impl Step<'_> {
    pub fn on_customer_says(&mut self, said: Said, reopen: &ReopenTo, product: Option<String>) -> Result<(), Refusal> {
        if product.is_some() {
            self.next.product = product;
        }
        self.resume();
        if self.was.state == State::Resolved {
            let reopened = self.next.reopen(reopen, self.now)?;
            self.add(reopened);
        }
        // To the owner it has from now on.
        let message = if self.was.state == State::Resolved { self.next.message(self.actor, said) } else { self.was.message(self.actor, said) };
        self.add_own(message);
        Ok(())
    }

    pub fn on_bot_says(&mut self, said: Said, epoch: i64) -> Result<(), Refusal> {
        if self.was.state != State::Bot || epoch != self.was.epoch {
            return Err(Refusal::new(Code::BotSuperseded));
        }
        self.add_own(self.was.message(self.actor, said));
        Ok(())
    }

    pub fn on_agent_says(&mut self, said: Said, agent: AgentId) -> Result<(), Refusal> {
        let is_served = matches!(self.was.state, State::Active | State::OnHold | State::Snoozed);
        if !is_served || self.was.agent != Some(agent) {
            return Err(Refusal::new(Code::NotYours));
        }
        self.reply(said, agent);
        Ok(())
    }

    pub fn on_note(&mut self, text: String, files: Vec<FileCard>, mentions: Vec<Mention>, quote_of: Option<i64>) {
        for Mention { agent, .. } in &mentions {
            if !self.next.called.contains(agent) {
                self.next.called.push(*agent);
            }
        }
        if !mentions.is_empty() {
            self.follow_with(Consequence::Mentioned { agents: mentions.iter().map(|one| one.agent).collect() });
        }
        let some = |mentions: Vec<Mention>| Some(mentions).filter(|mentions| !mentions.is_empty());
        let note = body::Note {
            text,
            files: Some(files).filter(|files| !files.is_empty()),
            mentions: some(mentions),
            quote_of,
            corrected_at: None,
            hidden_numbers: None,
        };
        self.record(Body::Note(note), Fact::Note(self.was.in_episode()));
    }

    /// The reply of the member of staff who has the conversation. It answers a left message and acknowledges an alert.
    pub fn reply(&mut self, said: Said, by: AgentId) {
        self.resume();
        self.next.paused_at = None;
        if self.was.left_at.is_some() {
            self.follow_with(Consequence::LeftAnswered { by });
        }
        if self.was.alerted_at.is_some() {
            self.follow_with(Consequence::AlertAcknowledged { by });
        }
        let message = self.next.reply(said, self.actor, self.now);
        self.add_own(message);
    }
}

impl Conversation {
    /// A message as an entry: stored by the hot lane and by [`Self::apply`].
    pub fn message(&self, actor: &Actor, said: Said) -> NewEntry {
        let Said { message, mut fact } = said;
        fact.ep = self.episode.number;
        let side = match actor.kind {
            // A product card is shown, not said: nobody has to answer it.
            ActorKind::Customer if fact.card.is_some() => None,
            ActorKind::Customer => {
                fact.to = Some(self.state.owner());
                Some(Side::Customer)
            }
            _ => Some(Side::Staff),
        };
        NewEntry { side, ..self.entry(actor.clone(), Body::Message(message), Fact::Message(fact)) }
    }

    /// An entry which records that the bot's answer to the message `of`, computed for `epoch`, came too late and was dropped.
    pub fn bot_superseded(&self, bot: Actor, of: i64, epoch: i64) -> NewEntry {
        let fact = fact::BotSuperseded { ep: self.episode.number, of, epoch };
        self.entry(bot, Body::BotSuperseded(body::BotSuperseded { of }), Fact::BotSuperseded(fact))
    }

    /// The reply of the member of staff who has the conversation: the first one is recorded with its time, and any reply answers a left message and words of
    /// danger.
    fn reply(&mut self, mut said: Said, actor: &Actor, now: Ts) -> NewEntry {
        if self.episode.first_human_reply_at.is_none() {
            self.episode.first_human_reply_at = Some(now);
            said.fact.first = true;
        }
        let waited = (self.left_at.take().is_some(), self.alerted_at.take().is_some(), self.danger_of.take().is_some());
        said.fact.settles = waited != (false, false, false);
        self.message(actor, said)
    }
}
