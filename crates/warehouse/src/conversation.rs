//! A conversation as far as the journal has been read: its events, and the rows that they add up to.
//!
//! [`crate::derive`] says what the rows of some events are. Nearly all events are messages and answers at the end of a conversation; for these, the rows are
//! continued instead of derived anew, so that an event costs about the same in a long conversation as in a short one. All other events, answers after an agent
//! had the episode, and whatever arrives out of order cost a derivation.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use domain::conversation::Owner;

use crate::{
    derive::{self, Rows},
    event::{Event, kind as what},
    rows::{DialogueRow, ServiceRow, SessionRow, kind},
    service::Service,
};

/// The events and rows of a conversation.
#[derive(Debug, Default)]
pub(crate) struct Conversation {
    /// Sorted by their number; each occurs once.
    events: Vec<Event>,
    rows: Rows,
    service: Option<Service>,
    /// Whether every event refers to an earlier one, if to any. Otherwise a message can be more than it says.
    is_plain: bool,
    /// The numbers of the messages whose answers somebody has judged.
    judged: BTreeSet<i64>,
}

impl Conversation {
    /// The conversation of these events, each of which occurs once.
    pub(crate) fn of(events: Vec<Event>) -> Self {
        let mut this = Self { events, ..Self::default() };
        this.derive();
        this
    }

    /// Whether the event with this number has been read.
    pub(crate) fn has(&self, seq: i64) -> bool {
        self.events.binary_search_by_key(&seq, |event| event.seq).is_ok()
    }

    /// Adds events that it does not have yet, each of which occurs once. Returns rows before and after, at least those that differ.
    pub(crate) fn add(&mut self, news: impl IntoIterator<Item = Event>) -> (Rows, Cow<'_, Rows>) {
        let mut news: Vec<Event> = news.into_iter().collect();
        news.sort_by_key(|event| event.seq);
        if self.is_continued_by(&news) {
            let mut touched = Touched::before(&self.rows);
            for event in &news {
                self.go_on(event, &mut touched);
            }
            self.events.extend(news);
            let (before, after) = touched.finish(&mut self.rows);
            return (before, Cow::Owned(after));
        }
        self.events.extend(news);
        (self.derive(), Cow::Borrowed(&self.rows))
    }

    /// The number of its events and rows.
    pub(crate) fn len(&self) -> usize {
        self.events.len() + self.rows.len()
    }

    /// Derives the rows anew, and returns those before.
    fn derive(&mut self) -> Rows {
        self.events.sort_by_key(|event| event.seq);
        self.is_plain = self.events.iter().all(|event| event.ref_seq.is_none_or(|of| of < event.seq));
        let judged = self.events.iter().filter(|event| [what::JUDGED, what::HELPED].contains(&event.kind.as_str()));
        self.judged = judged.filter_map(|event| event.ref_seq).collect();
        let (rows, service) = derive::read(&self.events);
        self.service = service;
        std::mem::replace(&mut self.rows, rows)
    }

    /// Whether these events only go on with the conversation, so that they change no row but those that [`Self::go_on`] changes.
    fn is_continued_by(&self, news: &[Event]) -> bool {
        let follows = self.events.last().zip(news.first()).is_some_and(|(last, first)| last.seq < first.seq);
        let has = |kind: &str| news.iter().any(|event| event.kind == kind);
        // A round has the topic of its episode, which an answer changes.
        self.is_plain && follows && !(has(what::REPLIED) && has(what::ANSWERED)) && news.iter().all(|event| self.is_going_on(event))
    }

    fn is_going_on(&self, event: &Event) -> bool {
        let Some(session) = session_at(&self.rows, event.episode).and_then(|at| self.rows.sessions.get(at)) else { return false };
        if session.customer.is_none() && event.customer.is_some() {
            return false;
        }
        match event.kind.as_str() {
            what::SAID => event.flag != Some(1),
            what::REPLIED => true,
            what::ANSWERED => {
                let is_unjudged = event.ref_seq.is_some_and(|of| of < event.seq && !self.judged.contains(&of));
                let target = event.ref_seq.and_then(|of| dialogue_at(&self.rows, of)).map(|at| &self.rows.dialogues[at]);
                let Rows { replies, services, .. } = &self.rows;
                let is_with_bot_alone = replies.iter().all(|row| row.episode != event.episode) && services.iter().all(|row| row.episode != event.episode);
                is_unjudged && is_with_bot_alone && target.is_none_or(|row| row.kind == kind::TURN)
            }
            _ => false,
        }
    }

    fn go_on(&mut self, event: &Event, touched: &mut Touched) {
        let Some(session) = session_at(&self.rows, event.episode) else { return };
        touched.session(&self.rows, session);
        let at = event.happened_at;
        match (event.kind.as_str(), event.how.as_deref()) {
            (what::SAID, Some(how)) if how == Owner::Bot.as_str() => {
                let its = &mut self.rows.sessions[session];
                derive::note_turn(its, at);
                let mut row = derive::dialogue(event, kind::TURN);
                derive::label_dialogue(&mut row, its);
                self.rows.dialogues.push(row);
                self.mark_poor(self.rows.dialogues.len() - 1, touched);
            }
            (what::SAID, Some(how)) if how == Owner::Agent.as_str() => self.service.iter_mut().for_each(|service| service.on_question(at)),
            (what::REPLIED, _) => {
                let its = &mut self.rows.sessions[session];
                derive::note_reply(its, at);
                let Some(service) = &mut self.service else { return };
                if let Some(mut reply) = service.on_reply(event) {
                    derive::label_reply(&mut reply, its);
                    self.rows.replies.push(reply);
                }
                touched.last_service(&self.rows);
                if let Some(row) = self.rows.services.last_mut() {
                    row.replies = service.row.replies;
                    row.agent.clone_from(&service.row.agent);
                    row.group_id.clone_from(&service.row.group_id);
                }
            }
            (what::ANSWERED, _) => {
                let turn = event.ref_seq.and_then(|of| dialogue_at(&self.rows, of));
                let is_of_episode = turn.is_some_and(|turn| self.rows.dialogues[turn].episode == event.episode);
                derive::note_answer(&mut self.rows.sessions[session], event, is_of_episode);
                if let Some(turn) = turn {
                    self.put_answer(turn, event, touched);
                }
            }
            _ => {}
        }
    }

    fn put_answer(&mut self, turn: usize, event: &Event, touched: &mut Touched) {
        touched.dialogue(&self.rows, turn);
        let row = &mut self.rows.dialogues[turn];
        let was_missed = derive::is_missed(row);
        derive::put_answer(row, event);
        let missed = i64::from(derive::is_missed(row)) - i64::from(was_missed);
        if let Some(session) = session_at(&self.rows, self.rows.dialogues[turn].episode) {
            touched.session(&self.rows, session);
            self.rows.sessions[session].missed += missed;
        }
        self.mark_poor(turn, touched);
    }

    /// Marks a turn that is new or was answered, and the one before it in its episode, if they were answered poorly.
    fn mark_poor(&mut self, at: usize, touched: &mut Touched) {
        let episode = self.rows.dialogues[at].episode;
        let score = session_at(&self.rows, episode).and_then(|session| self.rows.sessions[session].score);
        let is_of_episode = |at: &usize| self.rows.dialogues[*at].episode == episode;
        let (before, after) = ((0..at).rev().find(is_of_episode), (at + 1..self.rows.dialogues.len()).find(is_of_episode));
        for (at, after) in [(Some(at), after), (before, Some(at))] {
            let Some(at) = at else { continue };
            let poor = derive::poor_of(&self.rows.dialogues[at], after.map(|after| &self.rows.dialogues[after]), score);
            if self.rows.dialogues[at].poor != poor {
                touched.dialogue(&self.rows, at);
                self.rows.dialogues[at].poor = poor;
            }
        }
    }
}

fn session_at(rows: &Rows, episode: i64) -> Option<usize> {
    rows.sessions.binary_search_by_key(&episode, |row| row.episode).ok()
}

fn dialogue_at(rows: &Rows, seq: i64) -> Option<usize> {
    rows.dialogues.binary_search_by_key(&seq, |row| row.seq).ok()
}

/// The rows that change, as they were before, by their place. Rows are only added at the end.
#[derive(Default)]
struct Touched {
    sessions: BTreeMap<usize, SessionRow>,
    dialogues: BTreeMap<usize, DialogueRow>,
    service: Option<ServiceRow>,
    /// How many there were.
    count_of_dialogues: usize,
    count_of_replies: usize,
}

impl Touched {
    fn before(rows: &Rows) -> Self {
        Self { count_of_dialogues: rows.dialogues.len(), count_of_replies: rows.replies.len(), ..Self::default() }
    }

    fn session(&mut self, rows: &Rows, at: usize) {
        self.sessions.entry(at).or_insert_with(|| rows.sessions[at].clone());
    }

    fn dialogue(&mut self, rows: &Rows, at: usize) {
        if at < self.count_of_dialogues {
            self.dialogues.entry(at).or_insert_with(|| rows.dialogues[at].clone());
        }
    }

    fn last_service(&mut self, rows: &Rows) {
        if self.service.is_none() {
            self.service = rows.services.last().cloned();
        }
    }

    /// Completes the episodes, and returns these rows before and after, with the new ones.
    fn finish(self, rows: &mut Rows) -> (Rows, Rows) {
        let (mut before, mut after) = (Rows::default(), Rows::default());
        for (at, was) in self.sessions {
            derive::complete(&mut rows.sessions[at]);
            after.sessions.push(rows.sessions[at].clone());
            before.sessions.push(was);
        }
        after.dialogues.extend(self.dialogues.keys().map(|at| rows.dialogues[*at].clone()));
        after.dialogues.extend_from_slice(&rows.dialogues[self.count_of_dialogues..]);
        before.dialogues.extend(self.dialogues.into_values());
        after.replies.extend_from_slice(&rows.replies[self.count_of_replies..]);
        after.services.extend(self.service.as_ref().and(rows.services.last()).cloned());
        before.services.extend(self.service);
        (before, after)
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::HashMap, sync::Arc};

    use domain::time::Ts;

    use super::*;
    use crate::{
        event::Directory,
        parity::traffic::{self, Cast, Course, Random},
        rows::Row,
        store::ConversationKey,
    };

    /// The conversations of random traffic, each with its events in order.
    fn conversations(seed: u64) -> Vec<Vec<Event>> {
        let directory = Directory { companies: HashMap::new(), pseudonym: Arc::new(|_, customer| customer.to_string()) };
        let mut all: BTreeMap<ConversationKey, Vec<Event>> = BTreeMap::new();
        let course = Course { start: Ts(1_760_000_000_000), pace_ms: 20_000, burst: 0, pause_ms: 0 };
        let cast = if seed == 1 { Cast::small() } else { Cast::large() };
        for fact in traffic::facts_of(seed, 8_000, course, &[traffic::tenant(1)], cast) {
            for event in Event::read(&fact, &directory).unwrap() {
                all.entry((event.tenant_id, event.conversation_id)).or_default().push(event);
            }
        }
        all.into_values()
            .map(|mut events| {
                events.sort_by_key(|event| event.seq);
                events.dedup_by_key(|event| event.seq);
                events
            })
            .collect()
    }

    /// Replaces the rows before by those after.
    fn apply<R: Row + Clone>(known: &mut BTreeMap<i64, R>, before: &[R], after: &[R]) {
        for row in before {
            assert!(known.remove(&row.key().2).as_ref() == Some(row), "a row was not as it is said to have been");
        }
        for row in after {
            assert!(known.insert(row.key().2, row.clone()).is_none(), "a row that is said to be new was there");
        }
    }

    #[test]
    fn what_goes_on_has_the_rows_of_what_is_derived_anew() {
        let (mut continued, mut derived) = (0, 0);
        for seed in 1..=4 {
            let mut random = Random(seed);
            for events in conversations(seed) {
                let mut rest: Vec<Event> = events.clone();
                if random.below(4) == 0 && rest.len() > 3 {
                    // One event arrives late.
                    let late = rest.remove(random.below(rest.len() - 1));
                    rest.push(late);
                }
                let mut conversation = Conversation::default();
                let (mut sessions, mut dialogues, mut replies, mut services) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
                while !rest.is_empty() {
                    let some: Vec<Event> = rest.drain(..(1 + random.below(4)).min(rest.len())).collect();
                    let (before, after) = conversation.add(some);
                    *(if matches!(after, Cow::Owned(_)) { &mut continued } else { &mut derived }) += 1;
                    apply(&mut sessions, &before.sessions, &after.sessions);
                    apply(&mut dialogues, &before.dialogues, &after.dialogues);
                    apply(&mut replies, &before.replies, &after.replies);
                    apply(&mut services, &before.services, &after.services);
                    let seen: BTreeSet<i64> = conversation.events.iter().map(|event| event.seq).collect();
                    let anew = Rows::of(&events.iter().filter(|event| seen.contains(&event.seq)).cloned().collect::<Vec<_>>());
                    assert_eq!(conversation.rows, anew);
                    let told = (sessions.values().cloned().collect(), dialogues.values().cloned().collect(), replies.values().cloned().collect());
                    assert_eq!(told, (anew.sessions, anew.dialogues, anew.replies));
                    assert_eq!(services.values().cloned().collect::<Vec<_>>(), anew.services);
                }
            }
        }
        assert!(continued > 500 && derived > 500, "{continued} {derived}");
    }
}
