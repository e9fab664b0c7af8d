//! What somebody may still do about words that were said: take their own back, correct them, and quote anybody's.

use super::{Consequence, Event, Intervention, Quote, Spoken, step::Step};
use crate::{
    entry::{
        Body, Fact,
        body::{self, Mention},
        fact,
    },
    id::AgentId,
    refusal::{Code, Refusal},
    time::{DAY, MINUTE},
};

/// Within this time after a message, its author may take it back, in milliseconds.
pub const RECALL_WINDOW_MS: i64 = 2 * MINUTE;
/// Within this time after a message, its author may correct it, in milliseconds.
pub const CORRECTION_WINDOW_MS: i64 = DAY;

/// A message can be corrected so often: whoever reads it reads what it said before, too.
pub const MOST_CORRECTIONS: usize = 20;

impl Event {
    /// The same event, whose words quote others. An event that says nothing is refused.
    ///
    /// # Errors
    /// The code of the refusal.
    pub fn quoting(mut self, of: Quote) -> Result<Self, Code> {
        match &mut self {
            Self::Note { quote, .. } => *quote = Some(of.seq),
            Self::CustomerSays { said, .. }
            | Self::AgentSays { said, .. }
            | Self::AnswerLeft { said, .. }
            | Self::Intervene(Intervention::Say { said, .. }) => {
                let body::Message::Text { quote, quote_of, .. } = &mut said.message else { return Err(Code::NotPermitted) };
                (*quote, *quote_of) = (of.pseq, Some(of.seq));
            }
            _ => return Err(Code::NotPermitted),
        }
        Ok(self)
    }
}

impl Step<'_> {
    /// The author takes words back: nobody reads them from now on. What they did when they were said stays done, so a reply for which somebody no longer waits with words
    /// of danger, or with a message that was left, cannot be taken back.
    pub fn on_recall(&mut self, of: &Spoken) -> Result<(), Refusal> {
        of.check_own(self.actor, self.was, self.now, (RECALL_WINDOW_MS, Code::RecallTooLate)).map_err(Refusal::new)?;
        if of.settles {
            return Err(Refusal::new(Code::ReplySettles));
        }
        self.call_no_longer(of, of.calls());
        self.follow_with(Consequence::Recalled { of: of.seq });
        let fact = fact::OfEntry { ep: self.was.episode.number, of: of.seq };
        match of.pseq {
            Some(entry) => self.record(Body::Recalled(body::Recalled { entry, of: Some(of.seq) }), Fact::Recalled(fact)),
            None => self.record(Body::NoteRecalled(body::NoteRecalled { of: of.seq }), Fact::NoteRecalled(fact)),
        }
        Ok(())
    }

    /// A note that is taken back or corrected calls these colleagues no longer.
    fn call_no_longer(&mut self, of: &Spoken, gone: Vec<AgentId>) {
        if of.calls().is_empty() {
            return;
        }
        self.next.called.retain(|agent| !gone.contains(agent) || of.called_elsewhere.contains(agent));
        self.follow_with(Consequence::MentionsChanged { of: of.seq, gone });
    }

    /// The author says with other words what a message or a note said. Everybody reads the new ones from now on, and the staff also what it said before.
    pub fn on_correct(&mut self, of: &Spoken, new: String) -> Result<(), Refusal> {
        let window = (CORRECTION_WINDOW_MS, Code::CorrectionTooLate);
        let mut now = of.check_own(self.actor, self.was, self.now, window).map_err(Refusal::new)?.clone();
        let mut gone = Vec::new();
        let (words, corrected_at, hidden_numbers) = match &mut now {
            Body::Message(body::Message::Text { text, corrected_at, hidden_numbers, .. }) => (text, corrected_at, hidden_numbers),
            Body::Note(body::Note { text, corrected_at, mentions, hidden_numbers, .. }) => {
                gone = keep_named(mentions, text, &new);
                (text, corrected_at, hidden_numbers)
            }
            _ => return Err(Refusal::new(Code::NotCorrectable)),
        };
        if *words == new {
            return Err(Refusal::new(Code::Conflict));
        }
        if of.corrections >= MOST_CORRECTIONS {
            return Err(Refusal::new(Code::TooManyCorrections));
        }
        let before = std::mem::replace(words, new.clone());
        (*corrected_at, *hidden_numbers) = (Some(self.now), None);
        self.call_no_longer(of, gone);
        self.follow_with(Consequence::Corrected { of: of.seq, now: Box::new(now) });
        let fact = fact::OfEntry { ep: self.was.episode.number, of: of.seq };
        match of.pseq {
            Some(entry) => {
                let corrected = body::Corrected { entry, text: new, hidden_numbers: None, of: Some(of.seq), before: Some(before) };
                self.record(Body::Corrected(corrected), Fact::Corrected(fact));
            }
            None => self.record(Body::NoteCorrected(body::NoteCorrected { of: of.seq, text: new, hidden_numbers: None, before }), Fact::NoteCorrected(fact)),
        }
        Ok(())
    }
}

/// Leaves those mentions of a note whose names its text does not lose; returns whom it calls no longer. A correction calls nobody: that is for a new note.
fn keep_named(mentions: &mut Option<Vec<Mention>>, before: &str, now: &str) -> Vec<AgentId> {
    let is_lost = |one: &Mention| {
        let name = format!("@{}", one.name);
        before.contains(&name) && !now.contains(&name)
    };
    let (lost, kept): (Vec<_>, Vec<_>) = mentions.take().unwrap_or_default().into_iter().partition(is_lost);
    *mentions = Some(kept).filter(|kept| !kept.is_empty());
    lost.into_iter().map(|one| one.agent).collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        conversation::{Conversation, Episode, Owner, ReopenTo, Said, State, fixture::just_opened},
        entry::EntryKind,
        id::AgentId,
        journal::Actor,
        time::Ts,
    };

    const AGENT: AgentId = AgentId::new(Uuid::from_u128(1));
    const SAID: Ts = Ts(1_000_000);

    fn served() -> Conversation {
        Conversation { state: State::Active, agent: Some(AGENT), ..just_opened() }
    }
    fn ada() -> Actor {
        Actor::agent(AGENT, "Ada")
    }
    fn text(words: &str) -> Body {
        Body::Message(Said::text(words).message)
    }
    fn spoken(by: &Actor, body: Option<Body>) -> Spoken {
        Spoken { seq: 7, pseq: Some(5), by: by.kind, author: by.id, at: SAID, ep: 1, settles: false, body, called_elsewhere: Vec::new(), corrections: 0 }
    }
    fn note() -> Spoken {
        let body = body::Note { text: "n".into(), files: None, mentions: None, quote_of: None, corrected_at: None, hidden_numbers: None };
        Spoken { pseq: None, ..spoken(&ada(), Some(Body::Note(body))) }
    }
    fn refused(c: &Conversation, event: Event, by: &Actor, after: i64) -> Option<Code> {
        c.apply(event, by, SAID.plus(after)).err().map(|refusal| refusal.code)
    }

    #[test]
    fn only_the_author_takes_words_back_and_only_for_two_minutes() {
        let own = || spoken(&ada(), Some(text("a")));
        let recall = |of: Spoken, by: &Actor, after| refused(&served(), Event::Recall { of }, by, after);
        assert_eq!(recall(own(), &ada(), RECALL_WINDOW_MS), None);
        assert_eq!(recall(own(), &ada(), RECALL_WINDOW_MS + 1), Some(Code::RecallTooLate));
        assert_eq!(recall(own(), &Actor::agent(AgentId::new(Uuid::from_u128(2)), "Eve"), 0), Some(Code::NotOwnWords));
        assert_eq!(recall(own(), &Actor::customer(AGENT.uuid()), 0), Some(Code::NotOwnWords), "the same id on the other side is somebody else");
        assert_eq!(recall(spoken(&Actor::bot("bot"), Some(text("a"))), &Actor::bot("bot"), 0), Some(Code::NotOwnWords));
        assert_eq!(recall(spoken(&ada(), None), &ada(), 0), Some(Code::WordsGone));
        let ended = Conversation { state: State::Resolved, ..served() };
        assert_eq!(refused(&ended, Event::Recall { of: own() }, &ada(), 0), Some(Code::AlreadyEnded));
        let again = Conversation { episode: Episode::begin(2, Owner::Agent, SAID), ..served() };
        assert_eq!(refused(&again, Event::Recall { of: own() }, &ada(), 0), Some(Code::AlreadyEnded), "it was said in an episode that has ended");
        assert_eq!(refused(&again, Event::Correct { of: own(), text: "b".into() }, &ada(), 0), Some(Code::AlreadyEnded));
        let closed = Conversation { state: State::Closed, ..served() };
        assert_eq!(refused(&closed, Event::Recall { of: own() }, &ada(), 0), Some(Code::ConversationClosed));
    }

    #[test]
    fn the_customer_is_told_of_a_message_that_is_taken_back_and_never_of_a_note() {
        let kinds = |of| served().apply(Event::Recall { of }, &ada(), SAID).unwrap().entries.iter().map(|entry| entry.kind()).collect::<Vec<_>>();
        assert_eq!(kinds(spoken(&ada(), Some(text("a")))), [EntryKind::Recalled]);
        assert_eq!(kinds(note()), [EntryKind::NoteRecalled]);
        let corrected = served().apply(Event::Correct { of: note(), text: "m".into() }, &ada(), SAID).unwrap();
        assert_eq!(corrected.entries[0].kind(), EntryKind::NoteCorrected);
    }

    #[test]
    fn a_correction_keeps_what_was_said_first_for_the_staff() {
        let correct =
            |text: &str, after| served().apply(Event::Correct { of: spoken(&ada(), Some(self::text("a"))), text: text.into() }, &ada(), SAID.plus(after));
        let done = correct("b", CORRECTION_WINDOW_MS).unwrap();
        let (words, staff) = done.entries[0].body.to_json_parts();
        assert_eq!((words.as_str(), staff.as_deref()), (r#"{"entry":5,"text":"b"}"#, Some(r#"{"before":"a","of":7}"#)));
        let Consequence::Corrected { of: 7, now } = &done.consequences[0] else { panic!("{done:?}") };
        assert!(matches!(&**now, Body::Message(body::Message::Text { text, corrected_at: Some(_), .. }) if text == "b"));
        assert_eq!(correct("a", 0).unwrap_err().code, Code::Conflict);
        assert_eq!(correct("b", CORRECTION_WINDOW_MS + 1).unwrap_err().code, Code::CorrectionTooLate);
        let often = spoken(&ada(), Some(self::text("a"))).known(Vec::new(), MOST_CORRECTIONS);
        assert_eq!(refused(&served(), Event::Correct { of: often, text: "b".into() }, &ada(), 0), Some(Code::TooManyCorrections));
        let choice = body::Message::Choice { text: "a".into(), answer: "kb".into(), ord: None };
        let of = spoken(&ada(), Some(Body::Message(choice)));
        assert_eq!(refused(&served(), Event::Correct { of, text: "b".into() }, &ada(), 0), Some(Code::NotCorrectable));
    }

    #[test]
    fn the_reply_to_words_of_danger_or_to_a_left_message_is_not_taken_back() {
        let waiting = [
            Conversation { danger_of: Some(2), ..served() },
            Conversation { alerted_at: Some(SAID), ..served() },
            Conversation { left_at: Some(SAID), ..served() },
            served(),
        ];
        let said = waiting.map(|c| c.apply(Event::AgentSays { said: Said::text("."), agent: AGENT }, &ada(), SAID).unwrap());
        let settles = said.map(|done| {
            let own = done.entries.iter().find(|entry| entry.kind() == EntryKind::Message).unwrap();
            matches!(&own.fact, Fact::Message(fact) if fact.settles)
        });
        assert_eq!(settles, [true, true, true, false]);
        let of = Spoken { settles: true, ..spoken(&ada(), Some(text("."))) };
        assert_eq!(refused(&served(), Event::Recall { of: of.clone() }, &ada(), 0), Some(Code::ReplySettles));
        assert_eq!(refused(&served(), Event::Correct { of, text: "I am here".into() }, &ada(), 0), None);
    }

    #[test]
    fn a_note_that_is_taken_back_or_corrected_calls_nobody_whom_it_does_not_name() {
        let [bob, eve] = [2, 3].map(|id| AgentId::new(Uuid::from_u128(id)));
        let mention = |agent, name: &str| Mention { agent, name: name.into() };
        let words = body::Note {
            text: "@Bob @Eve look".into(),
            files: None,
            mentions: Some(vec![mention(bob, "Bob"), mention(eve, "Eve")]),
            quote_of: None,
            corrected_at: None,
            hidden_numbers: None,
        };
        let of = Spoken { pseq: None, ..spoken(&ada(), Some(Body::Note(words))) };
        let c = Conversation { called: vec![bob, eve], ..served() };
        let after = |event| c.apply(event, &ada(), SAID).unwrap();
        assert_eq!(after(Event::Recall { of: of.clone() }).next.called, []);
        assert_eq!(after(Event::Recall { of: of.clone().known(vec![eve], 0) }).next.called, [eve], "another note calls her");
        let corrected = after(Event::Correct { of: of.clone(), text: "@Eve look".into() });
        assert_eq!(corrected.next.called, [eve]);
        assert!(corrected.consequences.contains(&Consequence::MentionsChanged { of: 7, gone: vec![bob] }));
        let Some(Consequence::Corrected { now, .. }) = corrected.consequences.last() else { panic!("{corrected:?}") };
        assert!(matches!(&**now, Body::Note(body::Note { mentions: Some(left), .. }) if *left == [mention(eve, "Eve")]));
    }

    #[test]
    fn a_note_is_quoted_by_notes_alone() {
        assert_eq!(note().quote(true), Err(Code::QuoteStaffOnly));
        let quote = note().quote(false).unwrap();
        assert_eq!(quote, Quote { seq: 7, pseq: None });
        assert!(spoken(&ada(), None).quote(true).is_ok(), "it may have been taken back while somebody was answering it");
        let said = Event::CustomerSays { said: Said::text("x"), reopen: ReopenTo::Bot, product: None };
        let said = said.quoting(spoken(&ada(), Some(text("a"))).quote(true).unwrap()).unwrap();
        let done = served().apply(said, &Actor::customer(Uuid::from_u128(6)), SAID).unwrap();
        let (words, staff) = done.entries[0].body.to_json_parts();
        assert_eq!((words.as_str(), staff.as_deref()), (r#"{"quote":5,"text":"x","type":"text"}"#, Some(r#"{"quote_of":7}"#)));
        assert_eq!(Event::Resolve.quoting(quote).unwrap_err(), Code::NotPermitted);
    }
}
