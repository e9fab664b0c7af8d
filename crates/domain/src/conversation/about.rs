//! What the customer says that it is about, before a person is asked for or while they wait for one.

use super::{Conversation, Owner, ReopenTo, State, step::Step};
use crate::{
    entry::{Body, Fact, body::AskedAbout, fact},
    id::{QuestionKindId, QueueId},
    refusal::{Code, Refusal},
};

impl Step<'_> {
    /// The customer chooses a kind of question and gives details, or skips that: it is asked once in each episode, and said after the end it begins the next.
    /// Whoever waits already goes on waiting in the queue `to` of that kind, since the same time; an agent to whom it is offered is not asked any more.
    pub fn on_ask_about(&mut self, about: AskedAbout, to: Option<(QueueId, String)>) -> Result<(), Refusal> {
        if self.was.state == State::Resolved {
            let reopened = self.next.reopen(&ReopenTo::Bot, self.now)?;
            self.add(reopened);
        } else if self.was.about_at.is_some() {
            return Err(Refusal::new(Code::AlreadyAskedAbout));
        }
        self.next.about_at = Some(self.now);
        self.next.about = about.question.as_ref().map(|kind| kind.id);
        let fact = fact::AskedAbout { ep: self.next.episode.number, question: self.next.about };
        self.add_own(self.was.entry(self.actor.clone(), Body::AskedAbout(about), Fact::AskedAbout(fact)));
        if let Some((queue, name)) = to.filter(|(queue, _)| self.was.state.owner() == Owner::Queue && self.was.queue != Some(*queue)) {
            let queued = self.next.enqueue(queue, name, self.was.queued_at, self.now);
            self.add(queued);
        }
        Ok(())
    }
}

impl Conversation {
    /// The kind of question that the customer chose in the episode that goes on, or that begins next.
    pub fn about_now(&self) -> Option<QuestionKindId> {
        self.about.filter(|_| self.state != State::Resolved)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        conversation::{Assignee, BotWork, Event, Told, fixture::just_opened},
        entry::{
            EntryKind,
            body::{AskedVia, QuestionKindRef, Routing},
        },
        id::AgentId,
        journal::Actor,
        text::Bilingual,
        time::Ts,
    };

    const SITES: QueueId = QueueId::new(Uuid::from_u128(3));
    const KINDS: QueueId = QueueId::new(Uuid::from_u128(4));
    const KIND: QuestionKindId = QuestionKindId::new(Uuid::from_u128(5));

    fn after(c: &Conversation, event: Event, at: i64) -> (Conversation, Vec<EntryKind>) {
        let done = c.apply(event, &Actor::system(), Ts(at)).unwrap();
        let kinds = done.entries.iter().map(|entry| entry.kind()).collect();
        (done.next, kinds)
    }
    fn about() -> Event {
        let about = AskedAbout { question: Some(QuestionKindRef { id: KIND, name: Bilingual::default() }), details: Vec::new() };
        Event::AskAbout { about, to: Some((KINDS, "k".into())) }
    }
    fn queued() -> Conversation {
        let bot = just_opened();
        let asked = Event::RequestHuman { via: AskedVia::Button, of: None, queue: SITES, queue_name: "q".into(), reason: None, told: Told::default() };
        after(&bot, asked, 1_000).0
    }

    #[test]
    fn who_is_offered_to_an_agent_goes_on_waiting_in_the_queue_of_the_kind() {
        let ada = Assignee { agent: AgentId::new(Uuid::from_u128(1)), name: "周敏".into(), number: "1024".into() };
        let (offered, _) = after(&queued(), Event::Offer { to: ada, units: 3, until: Ts(32_000), trace: Routing::default() }, 2_000);
        let (moved, kinds) = after(&offered, about(), 3_000);
        assert_eq!((moved.state, moved.queue, moved.queued_at, moved.offer), (State::Queued, Some(KINDS), Some(Ts(1_000)), None));
        assert_eq!(kinds, [EntryKind::AskedAbout, EntryKind::Queued]);
        assert_eq!(moved.apply(about(), &Actor::system(), Ts(4_000)).unwrap_err(), Refusal::new(Code::AlreadyAskedAbout));
    }

    #[test]
    fn it_is_asked_again_in_the_next_episode_which_it_begins() {
        let (told, _) = after(&queued(), about(), 2_000);
        let (ended, _) = after(&told, Event::End { bot: BotWork::Nothing }, 3_000);
        assert_eq!((ended.about, ended.about_now()), (Some(KIND), None));
        let asked = Event::RequestHuman { via: AskedVia::Button, of: None, queue: SITES, queue_name: "q".into(), reason: None, told: Told::default() };
        let (again, _) = after(&ended, asked, 4_000);
        assert_eq!((again.about, again.about_at), (None, None));
        let said = ended.apply(about(), &Actor::system(), Ts(5_000)).unwrap();
        assert_eq!((said.next.state, said.next.about, said.next.episode.number), (State::Bot, Some(KIND), 2));
        assert!(matches!(&said.entries[1].fact, Fact::AskedAbout(fact) if fact.ep == 2), "{:?}", said.entries);
    }
}
