//! A conversation as far as the journal has been read: what its next events are read against.
//!
//! [`crate::derive`] says what the rows of some events are. Nearly all events are messages and answers at the end of a conversation; for these, the rows are
//! continued instead of derived anew, so that an event costs about the same in a long conversation as in a short one. The end of a conversation is enough for
//! that, and no more is kept of a long one. All other events, answers after an agent had the episode, and whatever arrives out of order cost a derivation from
//! all events.

use std::collections::{BTreeMap, BTreeSet};

use domain::conversation::Owner;

use crate::{
    derive::{self, Rows},
    event::{Event, kind as what},
    rows::{DialogueRow, ServiceRow, SessionRow, kind},
    service::Service,
};

/// The most events of a conversation that are kept: a short one is derived anew without being read again.
const FEW_EVENTS: usize = 32;
/// How many turns are kept at the end of a longer one: an answer usually belongs to one of them.
const TURNS: usize = 16;
/// How many are kept at most while earlier ones wait for their answers, as they do if the bot is behind.
const MOST_TURNS: usize = 256;

/// The end of a conversation, or all of a short one.
#[derive(Debug, Default)]
pub(crate) struct Conversation {
    /// The number of its last event; 0 if there is none.
    last: i64,
    /// All its events, sorted by their number, if they are few.
    events: Option<Vec<Event>>,
    /// Its rows, or the last of each kind.
    rows: Rows,
    /// Whether turns before those in `rows` were left out.
    is_cut: bool,
    service: Option<Service>,
    /// Whether every event refers to an earlier one, if to any. Otherwise a message can be more than it says.
    is_plain: bool,
    /// The numbers of the messages whose answers somebody has judged.
    judged: BTreeSet<i64>,
}

/// What events change: rows before and after, at least those that differ.
pub(crate) type Change = (Rows, Rows);

impl Conversation {
    /// The conversation of these events, each of which occurs once, with all its rows.
    pub(crate) fn of(mut events: Vec<Event>) -> Self {
        events.sort_by_key(|event| event.seq);
        let judged = events.iter().filter(|event| [what::JUDGED, what::HELPED].contains(&event.kind.as_str()));
        let judged = judged.filter_map(|event| event.ref_seq).collect();
        let is_plain = events.iter().all(|event| event.ref_seq.is_none_or(|of| of < event.seq));
        let (rows, service) = derive::read(&events);
        Self { last: events.last().map_or(0, |event| event.seq), events: Some(events), rows, is_cut: false, service, is_plain, judged }
    }

    /// Adds events that only go on with it, each of which occurs once; `None`, and nothing is added, if they do more.
    pub(crate) fn go_on_with(&mut self, news: &[&Event]) -> Option<Change> {
        let mut news = news.to_vec();
        news.sort_by_key(|event| event.seq);
        if !self.is_continued_by(&news) {
            return None;
        }
        let mut touched = Touched::before(&self.rows);
        for event in &news {
            self.go_on(event, &mut touched);
        }
        self.last = news.last().map_or(self.last, |event| event.seq);
        if let Some(events) = &mut self.events {
            events.extend(news.into_iter().cloned());
        }
        Some(touched.finish(&mut self.rows))
    }

    /// Adds events that it does not have yet, each of which occurs once, by deriving all of it anew. `None` if there are none, or if its own were not kept.
    pub(crate) fn derive_with(&mut self, news: &[&Event]) -> Option<Change> {
        if news.is_empty() {
            return None;
        }
        let mut all = self.events.take()?;
        all.extend(news.iter().copied().cloned());
        let before = std::mem::replace(self, Self::of(all)).rows;
        Some((before, self.rows.clone()))
    }

    /// Whether all its events are known.
    pub(crate) const fn is_whole(&self) -> bool {
        self.events.is_some()
    }

    /// Whether the event with this number has been read, if all its events are known.
    pub(crate) fn has(&self, seq: i64) -> bool {
        self.events.as_ref().is_some_and(|events| events.binary_search_by_key(&seq, |event| event.seq).is_ok())
    }

    /// Leaves out what [`Self::go_on_with`] does not need, unless it is short.
    pub(crate) fn shorten(&mut self) {
        if self.events.as_ref().is_some_and(|events| events.len() <= FEW_EVENTS) {
            return;
        }
        fn keep_last<T>(rows: &mut Vec<T>, most: usize) -> bool {
            let cut = rows.len() > most;
            rows.drain(..rows.len().saturating_sub(most));
            cut
        }
        self.events = None;
        let Rows { sessions, dialogues, replies, services, work } = &mut self.rows;
        keep_last(sessions, 1);
        keep_last(replies, 1);
        keep_last(services, 1);
        work.clear();
        if dialogues.len() > 2 * TURNS {
            let waiting = dialogues.iter().position(|row| row.kind == kind::TURN && row.outcome.is_none());
            // With its neighbour.
            let needed = waiting.map_or(TURNS, |at| (dialogues.len() - at + 1).max(TURNS));
            self.is_cut |= keep_last(dialogues, if needed > MOST_TURNS { TURNS } else { needed });
        }
    }

    /// The number of its events and rows in memory, at least 1.
    pub(crate) fn len(&self) -> usize {
        (self.events.as_ref().map_or(0, Vec::len) + self.rows.len()).max(1)
    }

    /// Whether these events only go on with the conversation, so that they change no row but those that [`Self::go_on`] changes.
    fn is_continued_by(&self, news: &[&Event]) -> bool {
        let follows = self.last > 0 && news.first().is_some_and(|first| self.last < first.seq);
        let has = |kind: &str| news.iter().any(|event| event.kind == kind);
        // A round has the topic of its episode, which an answer changes.
        self.is_plain && follows && !(has(what::REPLIED) && has(what::ANSWERED)) && news.iter().all(|event| self.is_going_on(event))
    }

    fn is_going_on(&self, event: &Event) -> bool {
        // Each piece of work is a row of its own.
        if event.kind == what::WORKED {
            return true;
        }
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
                // The first of the turns that are kept may have neighbours that are not.
                let is_kept = !self.is_cut || event.ref_seq.zip(self.rows.dialogues.first()).is_some_and(|(of, first)| of > first.seq);
                let Rows { replies, services, .. } = &self.rows;
                let is_with_bot_alone = replies.iter().all(|row| row.episode != event.episode) && services.iter().all(|row| row.episode != event.episode);
                is_kept && is_unjudged && is_with_bot_alone && target.is_none_or(|row| row.kind == kind::TURN && session_at(&self.rows, row.episode).is_some())
            }
            _ => false,
        }
    }

    fn go_on(&mut self, event: &Event, touched: &mut Touched) {
        if event.kind == what::WORKED {
            self.rows.work.push(derive::work(event));
            return;
        }
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
                    row.department.clone_from(&service.row.department);
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
    count_of_work: usize,
}

impl Touched {
    fn before(rows: &Rows) -> Self {
        Self { count_of_dialogues: rows.dialogues.len(), count_of_replies: rows.replies.len(), count_of_work: rows.work.len(), ..Self::default() }
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
        after.work.extend_from_slice(&rows.work[self.count_of_work..]);
        after.services.extend(self.service.as_ref().and(rows.services.last()).cloned());
        before.services.extend(self.service);
        (before, after)
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::HashMap, sync::Arc};

    use domain::time::Ts;
    use parity::traffic::{self, Cast, Course, Random};

    use super::*;
    use crate::{event::Directory, rows::Row, store::ConversationKey};

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

    #[test]
    fn answers_go_on_with_a_conversation_in_which_the_bot_is_behind() {
        let said = |seq| Event { seq, kind: what::SAID.to_owned(), episode: 1, how: Some("bot".to_owned()), ..Event::default() };
        let answered =
            |seq, of| Event { seq, kind: what::ANSWERED.to_owned(), episode: 1, ref_seq: Some(of), outcome: Some("confident".to_owned()), ..Event::default() };
        let began = Event { seq: 1, kind: what::BEGAN.to_owned(), episode: 1, how: Some("bot".to_owned()), ..Event::default() };
        for (behind, goes_on) in [(1, true), (200, true), (400, false)] {
            let mut conversation = Conversation::of(vec![began.clone()]);
            let (mut seq, mut asked) = (1, Vec::new());
            for _ in 0..behind {
                seq += 1;
                asked.push(seq);
                assert!(conversation.go_on_with(&[&said(seq)]).is_some());
                conversation.shorten();
            }
            let answers = asked.iter().all(|of| {
                seq += 1;
                let goes_on = conversation.go_on_with(&[&answered(seq, *of)]).is_some();
                conversation.shorten();
                goes_on
            });
            assert_eq!((answers, conversation.rows.dialogues.len() <= MOST_TURNS), (goes_on, true), "{behind}");
        }
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
                let mut seen = BTreeSet::new();
                let (mut sessions, mut dialogues, mut replies, mut services, mut work) = Default::default();
                while !rest.is_empty() {
                    let some: Vec<Event> = rest.drain(..(1 + random.below(4)).min(rest.len())).collect();
                    seen.extend(some.iter().map(|event| event.seq));
                    let news: Vec<&Event> = some.iter().collect();
                    let known = || events.iter().filter(|event| seen.contains(&event.seq)).cloned().collect::<Vec<_>>();
                    let (before, after) = match conversation.go_on_with(&news) {
                        Some(change) => {
                            continued += 1;
                            change
                        }
                        None => {
                            derived += 1;
                            if !conversation.is_whole() {
                                let earlier = known().into_iter().filter(|event| some.iter().all(|new| new.seq != event.seq)).collect();
                                conversation = Conversation::of(earlier);
                            }
                            conversation.derive_with(&news).unwrap()
                        }
                    };
                    if random.below(2) == 0 {
                        conversation.events = None;
                    }
                    conversation.shorten();
                    apply(&mut sessions, &before.sessions, &after.sessions);
                    apply(&mut dialogues, &before.dialogues, &after.dialogues);
                    apply(&mut replies, &before.replies, &after.replies);
                    apply(&mut services, &before.services, &after.services);
                    apply(&mut work, &before.work, &after.work);
                    let anew = Rows::of(&known());
                    assert!(anew.dialogues.ends_with(&conversation.rows.dialogues));
                    let told = (sessions.values().cloned().collect(), dialogues.values().cloned().collect(), replies.values().cloned().collect());
                    assert_eq!(told, (anew.sessions, anew.dialogues, anew.replies));
                    assert_eq!(services.values().cloned().collect::<Vec<_>>(), anew.services);
                    assert_eq!(work.values().cloned().collect::<Vec<_>>(), anew.work);
                }
            }
        }
        assert!(continued > 500 && derived > 500, "{continued} {derived}");
    }
}
