//! Setting a conversation aside: its agent finds something out while the customer waits, or postpones it. Whatever either side says ends that.

use super::{AGENT_IDLE_MS, State, step::Step};
use crate::{
    entry::{Body, Fact, body, fact},
    refusal::{Code, Refusal},
    time::{DAY, Ts},
};

/// A conversation is postponed for at most this long, in milliseconds.
pub const SNOOZE_LIMIT_MS: i64 = 90 * DAY;

impl Step<'_> {
    pub fn on_hold(&mut self) -> Result<(), Refusal> {
        match self.was.state {
            State::Active | State::Snoozed => {}
            State::OnHold => return Err(Refusal::new(Code::AlreadyThere)),
            _ => return Err(Refusal::new(Code::NotActive)),
        }
        self.next.state = State::OnHold;
        self.next.paused_at = Some(self.now);
        self.next.due_at = Some(self.now.plus(AGENT_IDLE_MS));
        self.record(Body::Held(body::Nothing {}), Fact::Held(self.was.in_episode()));
        Ok(())
    }

    pub fn on_snooze(&mut self, until: Ts) -> Result<(), Refusal> {
        if !matches!(self.was.state, State::Active | State::OnHold | State::Snoozed) {
            return Err(Refusal::new(Code::NotActive));
        }
        if until <= self.now {
            return Err(Refusal::new(Code::SnoozeUntilPast));
        }
        if until > self.now.plus(SNOOZE_LIMIT_MS) {
            return Err(Refusal::new(Code::SnoozeUntilTooFar));
        }
        self.next.state = State::Snoozed;
        self.next.paused_at = Some(self.now);
        self.next.due_at = Some(until);
        let fact = fact::Snoozed { ep: self.was.episode.number, until };
        self.record(Body::Snoozed(body::Snoozed { until }), Fact::Snoozed(fact));
        Ok(())
    }

    /// Its agent goes on with it; or the time has come, and it waits for its agent from now on.
    pub fn on_wake(&mut self, is_due: bool) -> Result<(), Refusal> {
        if !matches!(self.was.state, State::OnHold | State::Snoozed) {
            return Err(Refusal::new(Code::NotPaused));
        }
        self.next.state = State::Active;
        self.next.paused_at = Some(self.now).filter(|_| is_due);
        self.next.due_at = Some(self.now.plus(AGENT_IDLE_MS));
        self.record(Body::Woken(body::Nothing {}), Fact::Woken(self.was.in_episode()));
        Ok(())
    }

    /// Somebody says something in it: it is not set aside any more.
    pub fn resume(&mut self) {
        if matches!(self.was.state, State::OnHold | State::Snoozed) {
            self.next.state = State::Active;
            self.next.due_at = Some(self.now.plus(AGENT_IDLE_MS));
            self.next.paused_at = None;
        }
    }

    /// What has left its agent is no longer set aside by them.
    pub fn keep_paused(&mut self) {
        let is_kept = match self.next.state {
            State::OnHold | State::Snoozed => true,
            State::Active => self.next.agent == self.was.agent && self.was.state.is_open(),
            _ => false,
        };
        if !is_kept {
            self.next.paused_at = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        conversation::{Assignee, Conversation, Event, ReopenTo, Said, Transition, fixture::just_opened},
        entry::EntryKind,
        id::AgentId,
        journal::Actor,
        time::HOUR,
    };

    const NOW: Ts = Ts(1_000_000);
    const AGENT: AgentId = AgentId::new(Uuid::from_u128(1));

    fn served() -> Conversation {
        let c = just_opened();
        let by = Assignee { agent: AGENT, name: "a".into(), number: "1".into() };
        let mut served = happens(&c, Event::Take { by }, NOW).next;
        served.episode.first_human_reply_at = Some(NOW);
        served
    }
    fn happens(c: &Conversation, event: Event, at: Ts) -> Transition {
        c.apply(event, &Actor::agent(AGENT, "a"), at).unwrap()
    }
    fn refused(c: &Conversation, event: Event) -> Option<Code> {
        c.apply(event, &Actor::agent(AGENT, "a"), NOW).err().map(|refusal| refusal.code)
    }
    fn customer_says() -> Event {
        Event::CustomerSays { said: Said::text("x"), reopen: ReopenTo::Queue, product: None }
    }
    fn agent_says() -> Event {
        Event::AgentSays { said: Said::text("x"), agent: AGENT }
    }

    #[test]
    fn whatever_either_side_says_ends_it() {
        let later = NOW.plus(HOUR);
        for set_aside in [Event::Hold, Event::Snooze { until: NOW.plus(30 * DAY) }] {
            let paused = happens(&served(), set_aside, NOW).next;
            assert_eq!(paused.paused_at, Some(NOW));
            for says in [customer_says(), agent_says()] {
                assert!(!paused.is_hot(&says), "the state changes with it");
                let t = happens(&paused, says, later);
                assert_eq!((t.next.state, t.next.paused_at, t.next.due_at), (State::Active, None, Some(later.plus(AGENT_IDLE_MS))));
                assert_eq!(t.entries.iter().map(|entry| entry.kind()).collect::<Vec<_>>(), [EntryKind::Message]);
            }
            let noted = happens(&paused, Event::Note { text: "n".into(), files: Vec::new(), mentions: Vec::new(), quote: None }, later).next;
            assert_eq!((noted.state, noted.paused_at, noted.due_at), (paused.state, paused.paused_at, paused.due_at));
        }
    }

    #[test]
    fn one_that_woke_by_its_time_waits_for_its_agent_until_they_speak() {
        let until = NOW.plus(HOUR);
        let snoozed = happens(&served(), Event::Snooze { until }, NOW).next;
        assert_eq!((snoozed.state, snoozed.due_at, snoozed.epoch), (State::Snoozed, Some(until), served().epoch));
        let woken = happens(&snoozed, Event::Wake { is_due: true }, until).next;
        assert_eq!((woken.state, woken.paused_at, woken.due_at), (State::Active, Some(until), Some(until.plus(AGENT_IDLE_MS))));
        // What the customer says before that changes nothing about it, and takes the short way; the reply ends it.
        assert!(woken.is_hot(&customer_says()));
        assert_eq!(happens(&woken, customer_says(), until).next.paused_at, Some(until));
        assert!(!woken.is_hot(&agent_says()));
        assert_eq!(happens(&woken, agent_says(), until).next.paused_at, None);
        // Their own act tells them nothing.
        assert_eq!(happens(&snoozed, Event::Wake { is_due: false }, NOW).next.paused_at, None);
    }

    #[test]
    fn what_leaves_the_agent_is_not_set_aside_any_more() {
        let held = happens(&served(), Event::Hold, NOW).next;
        for event in [Event::Resolve, Event::HandBack] {
            assert_eq!(happens(&held, event, NOW).next.paused_at, None);
        }
        let to = Assignee { agent: AgentId::new(Uuid::from_u128(2)), name: "b".into(), number: "2".into() };
        assert_eq!(happens(&held, Event::TransferToAgent { to, from_name: "a".into(), note: None }, NOW).next.paused_at, None);
    }

    #[test]
    fn a_time_in_the_past_or_beyond_the_limit_is_refused() {
        let snooze = |until| refused(&served(), Event::Snooze { until });
        assert_eq!(snooze(NOW), Some(Code::SnoozeUntilPast));
        assert_eq!(snooze(NOW.plus(1)), None);
        assert_eq!(snooze(NOW.plus(SNOOZE_LIMIT_MS)), None);
        assert_eq!(snooze(NOW.plus(SNOOZE_LIMIT_MS + 1)), Some(Code::SnoozeUntilTooFar));
        assert_eq!(snooze(Ts(i64::MAX)), Some(Code::SnoozeUntilTooFar));
        assert_eq!(refused(&served(), Event::Wake { is_due: false }), Some(Code::NotPaused));
        let held = happens(&served(), Event::Hold, NOW).next;
        assert_eq!(refused(&held, Event::Hold), Some(Code::AlreadyThere));
    }
}
