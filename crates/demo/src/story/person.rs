//! What happens once the customer wants a person: waiting, service, transfers.

use domain::{
    conversation::{Event, Said, Told},
    entry::body::AskedVia,
    id::QueueId,
    journal::Actor,
    refusal::Refusal,
    routing::rules::CHAT_UNITS,
    time::{MINUTE, SECOND, Ts},
};

use super::{Stage, Story};
use crate::roster::Roster;

/// The mean time until somebody takes a conversation although agents are free, in milliseconds.
const REACTION_MS: f64 = 7_500.0;
/// The mean time that customers wait beyond the least that everybody waits, in milliseconds.
const PATIENCE_MS: f64 = 200_000.0;
/// What a minute of waiting costs in good will.
const MINUTE_OF_WAITING: f64 = 0.06;

/// Somebody who serves a customer, since a time.
#[derive(Clone, Copy)]
struct Serving {
    agent: usize,
    since: Ts,
}

impl Story {
    /// The customer asks for a person.
    pub(super) fn ask_for_person(&mut self, stage: Stage<'_>, roster: &mut Roster<'_>) -> Result<(), Refusal> {
        let queue = stage.cast.queue;
        if !roster.is_staffed(queue, self.at) {
            return self.find_nobody(stage, roster);
        }
        let of = if self.chance.is_likely(0.35) {
            let asked = self.one_of(&stage.words.phrases.asking);
            self.say(Said::text(asked))?;
            self.at = self.at.plus(300);
            Some(self.head.seq)
        } else {
            None
        };
        let via = if of.is_some() { AskedVia::Words } else { AskedVia::Button };
        let queue_name = stage.cast.queue_name(queue).get(self.c.lang).to_owned();
        self.happens(Event::RequestHuman { via, of, queue, queue_name, reason: None, told: Told::default() }, &self.customer())?;
        self.wait_and_be_served(stage, roster, queue, false)
    }

    /// The customer waits in a queue, and is served or gives up.
    pub(super) fn wait_and_be_served(&mut self, stage: Stage<'_>, roster: &mut Roster<'_>, queue: QueueId, is_again: bool) -> Result<(), Refusal> {
        match self.wait_in_queue(stage, roster, queue)? {
            Some(agent) => self.serve(stage, roster, agent, is_again),
            None => self.give_up(stage, roster),
        }
    }

    /// The customer waits in a queue; returns the agent who takes the conversation, or `None` when the customer's patience ends.
    fn wait_in_queue(&mut self, stage: Stage<'_>, roster: &Roster<'_>, queue: QueueId) -> Result<Option<usize>, Refusal> {
        let strain = stage.profile.day_at(self.at).strain(self.at);
        let reaction = 2 * SECOND + self.chance.long_tailed(REACTION_MS * strain);
        let until = self.at.plus(10 * SECOND + self.chance.long_tailed(PATIENCE_MS));
        let Some((agent, at)) = roster.earliest(queue, self.at.plus(reaction), until) else {
            self.at = until;
            return Ok(None);
        };
        self.good_will -= (at.since(self.at) as f64 / MINUTE as f64 * MINUTE_OF_WAITING).min(0.35);
        self.at = at;
        let to = roster.assignee(agent);
        if self.chance.is_likely(0.1) {
            let actor = Actor::agent(to.agent, &to.name);
            self.happens(Event::Take { by: to }, &actor)?;
        } else {
            self.happens(Event::Assign { to, units: CHAT_UNITS, trace: roster.trace(agent, at) }, &Actor::system())?;
        }
        Ok(Some(agent))
    }

    /// The customer has waited too long.
    fn give_up(&mut self, stage: Stage<'_>, roster: &Roster<'_>) -> Result<(), Refusal> {
        self.good_will -= 0.3;
        match self.chance.choose(&[0.64, 0.2, 0.16]) {
            0 => {
                self.happens(Event::End { bot: self.bot }, &self.customer())?;
                self.rate(stage, 0.12)
            }
            1 => self.leave_message(stage, roster),
            _ => {
                self.happens(Event::LeaveQueue, &self.customer())?;
                self.leave(stage)
            }
        }
    }

    /// An agent serves the customer until the end. A customer who has returned does not begin all over.
    pub(super) fn serve(&mut self, stage: Stage<'_>, roster: &mut Roster<'_>, agent: usize, is_again: bool) -> Result<(), Refusal> {
        let (phrases, talk) = (&stage.words.phrases, self.talk(stage));
        let mut serving = Serving { agent, since: self.at };
        let greeting = self.one_of(&phrases.greetings);
        self.agent_says(stage, roster, serving, greeting)?;
        if !is_again {
            let opening = self.one_of(&talk.openings);
            self.reply(opening)?;
        }
        let rounds = 1 + self.chance.low(4) + usize::from(self.in_outage);
        let trouble = match (self.in_outage, self.theme == stage.words.disrupted) {
            (true, _) => 0.55,
            (false, true) => 0.25,
            (false, false) => 0.08,
        };
        let transfer = self.chance.is_likely(trouble).then(|| self.chance.below(rounds));
        let is_lost = self.chance.is_likely(0.006);
        for round in 0..rounds {
            if transfer == Some(round) || (is_lost && round == 0) {
                let passed = if transfer == Some(round) { self.transfer(stage, roster, serving)? } else { self.lose_agent(stage, roster, serving)? };
                let Some(next) = passed else { return self.give_up(stage, roster) };
                serving = next;
            }
            let answer = self.one_of(&talk.answers);
            self.agent_says(stage, roster, serving, answer)?;
            let reply = self.one_of(if round + 1 == rounds { &phrases.thanks } else { &talk.replies });
            self.reply(reply)?;
        }
        self.part(stage, roster, serving)
    }

    /// Agent and customer say goodbye.
    fn part(&mut self, stage: Stage<'_>, roster: &mut Roster<'_>, serving: Serving) -> Result<(), Refusal> {
        let to = roster.assignee(serving.agent);
        let actor = Actor::agent(to.agent, &to.name);
        if self.chance.is_likely(0.1) {
            let text = self.one_of(&stage.words.phrases.notes);
            self.happens(Event::Note { text, files: Vec::new(), mentions: Vec::new(), quote: None }, &actor)?;
        }
        if self.chance.is_likely(0.7) {
            let closing = self.one_of(&stage.words.phrases.closings);
            self.agent_says(stage, roster, serving, closing)?;
        }
        self.wait(5, 60);
        if self.chance.is_likely(0.84) {
            self.happens(Event::Resolve, &actor)?;
        } else {
            self.happens(Event::End { bot: self.bot }, &self.customer())?;
        }
        roster.hold(serving.agent, serving.since, self.at);
        self.good_will += 0.06 + roster.charm(serving.agent) - if self.in_outage { 0.3 } else { 0.0 };
        self.rate(stage, 0.5)?;
        self.may_return(if self.good_will < 0.7 { 0.1 } else { 0.05 });
        Ok(())
    }

    /// The agent passes the conversation on: to the specialists if it is about their matter, or to a colleague. The agent keeps it if nobody has room. `None` if
    /// the customer gives up in the other queue.
    fn transfer(&mut self, stage: Stage<'_>, roster: &mut Roster<'_>, serving: Serving) -> Result<Option<Serving>, Refusal> {
        let from = roster.assignee(serving.agent);
        let (actor, from_name) = (Actor::agent(from.agent, &from.name), from.name);
        let special = stage.cast.specialists().filter(|queue| self.theme == stage.words.special && self.c.queue != Some(*queue));
        if let Some(queue) = special.filter(|queue| roster.colleague(serving.agent, *queue, self.at).is_some()) {
            let queue_name = stage.cast.queue_name(queue).get(self.c.lang).to_owned();
            self.happens(Event::TransferToQueue { queue, queue_name, from_name, note: None }, &actor)?;
            return self.wait_for_next(stage, roster, serving, queue);
        }
        let queue = self.c.queue.unwrap_or(stage.cast.queue);
        let Some(colleague) = roster.colleague(serving.agent, queue, self.at) else { return Ok(Some(serving)) };
        self.happens(Event::TransferToAgent { to: roster.assignee(colleague), from_name, note: None }, &actor)?;
        roster.hold(serving.agent, serving.since, self.at);
        self.good_will -= 0.05;
        Ok(Some(Serving { agent: colleague, since: self.at }))
    }

    /// The agent's connection breaks off, and somebody else takes over. `None` if the customer gives up before.
    fn lose_agent(&mut self, stage: Stage<'_>, roster: &mut Roster<'_>, serving: Serving) -> Result<Option<Serving>, Refusal> {
        self.wait(30, 45);
        let queue = self.c.queue.unwrap_or(stage.cast.queue);
        self.happens(Event::Return { queue, queue_name: String::new() }, &Actor::system())?;
        self.wait_for_next(stage, roster, serving, queue)
    }

    /// The customer waits again, in this queue.
    fn wait_for_next(&mut self, stage: Stage<'_>, roster: &mut Roster<'_>, before: Serving, queue: QueueId) -> Result<Option<Serving>, Refusal> {
        roster.hold(before.agent, before.since, self.at);
        self.good_will -= 0.1;
        let next = self.wait_in_queue(stage, roster, queue)?;
        Ok(next.map(|agent| Serving { agent, since: self.at }))
    }

    /// The agent says something, after as long as it takes them at this time.
    fn agent_says(&mut self, stage: Stage<'_>, roster: &Roster<'_>, serving: Serving, text: String) -> Result<(), Refusal> {
        let tempo = roster.pace(serving.agent) * stage.profile.day_at(self.at).strain(self.at).sqrt();
        let typing = self.chance.between(5 * SECOND, 34 * SECOND);
        self.at = self.at.plus((typing as f64 * tempo) as i64);
        let to = roster.assignee(serving.agent);
        self.happens(Event::AgentSays { said: Said::text(text), agent: to.agent }, &Actor::agent(to.agent, &to.name))
    }

    /// The customer says something to the agent.
    fn reply(&mut self, text: String) -> Result<(), Refusal> {
        self.wait(8, 70);
        self.say(Said::text(text))
    }
}
