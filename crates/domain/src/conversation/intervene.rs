//! What supervisors do in a conversation that one of their agents serves: they listen, whisper to the agent, join, or take it over.

use super::{Assignee, Intervention, State, step::Step};
use crate::{
    entry::{
        Body, Fact,
        body::{self, AssignedHow},
    },
    id::AgentId,
    refusal::{Code, Refusal},
};

impl Step<'_> {
    pub fn on_intervene(&mut self, how: Intervention) -> Result<(), Refusal> {
        if !matches!(self.was.state, State::Active | State::OnHold | State::Snoozed) {
            return Err(Refusal::new(Code::NotActive));
        }
        match how {
            Intervention::Listen => self.record(Body::Listened(body::Nothing {}), Fact::Listened(self.was.in_episode())),
            Intervention::Whisper { text } => self.record(Body::Whispered(body::Whispered { text }), Fact::Whispered(self.was.in_episode())),
            Intervention::Join { by } => self.on_join(&by)?,
            Intervention::Leave => self.record(Body::Left(body::Nothing {}), Fact::Left(self.was.in_episode())),
            Intervention::Say { said, by } => self.reply(said, by),
            Intervention::TakeOver { by, from, from_name, why } => self.on_take_over(&by, from, from_name, why)?,
        }
        Ok(())
    }

    fn on_join(&mut self, by: &Assignee) -> Result<(), Refusal> {
        if self.was.agent == Some(by.agent) {
            return Err(Refusal::new(Code::AlreadyThere));
        }
        let joined = body::Joined { name: by.name.clone(), number: by.number.clone() };
        self.record(Body::Joined(joined), Fact::Joined(self.was.in_episode()));
        Ok(())
    }

    /// Of two supervisors who take it over at once, the second is refused: the agent whom they saw does not have it any more.
    fn on_take_over(&mut self, by: &Assignee, from: AgentId, from_name: String, why: Option<String>) -> Result<(), Refusal> {
        match self.was.agent {
            Some(agent) if agent == by.agent => return Err(Refusal::new(Code::AlreadyThere)),
            Some(agent) if agent == from => {}
            _ => return Err(Refusal::new(Code::AlreadyTaken)),
        }
        let taken = body::TakenFrom { from, from_name, why };
        self.record(Body::TakenFrom(taken), Fact::TakenFrom(self.was.in_episode()));
        self.assign(by, AssignedHow::TakenFrom);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        conversation::{Conversation, Event, Said, fixture::just_opened},
        entry::EntryKind,
        journal::Actor,
        time::Ts,
    };

    fn assignee(n: u128) -> Assignee {
        Assignee { agent: AgentId::new(Uuid::from_u128(n)), name: format!("a{n}"), number: n.to_string() }
    }

    fn served_by(n: u128) -> Conversation {
        Conversation { state: State::Active, agent: Some(assignee(n).agent), ..just_opened() }
    }

    fn take_over(c: &Conversation, by: u128, from: u128) -> Result<Conversation, Refusal> {
        let how = Intervention::TakeOver { by: assignee(by), from: assignee(from).agent, from_name: "a1".into(), why: Some("late".into()) };
        c.apply(Event::Intervene(how), &Actor::agent(assignee(by).agent, "x"), Ts(5)).map(|done| done.next)
    }

    #[test]
    fn of_two_supervisors_the_second_comes_too_late() {
        let before = served_by(1);
        let after = take_over(&before, 2, 1).unwrap();
        assert_eq!((after.agent, after.epoch), (Some(assignee(2).agent), before.epoch + 1));
        assert_eq!(take_over(&after, 3, 1).unwrap_err(), Refusal::new(Code::AlreadyTaken));
        assert_eq!(take_over(&after, 2, 1).unwrap_err(), Refusal::new(Code::AlreadyThere));
    }

    #[test]
    fn who_joins_says_things_and_the_agent_stays_the_agent() {
        let before = served_by(1);
        let actor = Actor::agent(assignee(2).agent, "x");
        let joined = before.apply(Event::Intervene(Intervention::Join { by: assignee(2) }), &actor, Ts(5)).unwrap();
        let said = Event::Intervene(Intervention::Say { said: Said::text("hello"), by: assignee(2).agent });
        let said = joined.next.apply(said, &actor, Ts(6)).unwrap();
        assert_eq!((said.next.agent, said.next.epoch, said.entries[0].kind()), (before.agent, before.epoch, EntryKind::Message));
        assert_eq!(said.next.episode.first_human_reply_at, Some(Ts(6)), "the customer has an answer, whoever gave it");
        // Whatever either side says, it is not set aside any more.
        let held = Conversation { state: State::OnHold, paused_at: Some(Ts(5)), ..joined.next };
        let goes_on = held.apply(Event::Intervene(Intervention::Say { said: Said::text("hello"), by: assignee(2).agent }), &actor, Ts(7)).unwrap().next;
        assert_eq!((goes_on.state, goes_on.paused_at), (State::Active, None));
        let own = Event::Intervene(Intervention::Join { by: assignee(1) });
        assert_eq!(before.apply(own, &actor, Ts(5)).unwrap_err(), Refusal::new(Code::AlreadyThere));
    }
}
