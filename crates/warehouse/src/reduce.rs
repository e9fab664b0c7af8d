//! The reducer: applies events to the detail rows, and derives the changes of the minutes from the rows before and after. Pure.
//!
//! Rows store first and last occurrences only, so the same events in any order, any number of times, result in the same rows. Two facts that an event reveals
//! too late require the rows of a whole episode; they are recorded ([`Reduction::recount`], [`Reduction::relabel`]) and resolved by [`crate::panel`] in the
//! same transaction.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    hash::Hash,
};

use domain::time::Ts;
use uuid::Uuid;

use crate::{
    definition::Definitions,
    event::{Event, What},
    rows::{DialogueRow, Row, SessionRow, kind, wait},
};

/// The company, the conversation, and the number of the episode or of the entry.
pub type Key = (Uuid, Uuid, i64);

/// A row as it was in the store, if it was there, and as it is now.
#[derive(Debug, Clone)]
pub struct Tracked<R> {
    /// The row before; `None` if it is new.
    pub old: Option<R>,
    /// The row after.
    pub new: R,
}

/// A batch of events that is being applied.
#[derive(Debug, Default)]
pub struct Reduction {
    sessions: HashMap<Key, Tracked<SessionRow>>,
    dialogues: HashMap<Key, Tracked<DialogueRow>>,
    /// Sessions whose first turn turned out to be a request for a person: their first turn has to be found again.
    pub recount: BTreeSet<Key>,
    /// Sessions whose beginning arrived after some of their turns: those turns need the session's language and product.
    pub relabel: BTreeSet<Key>,
}

/// The keys of the sessions, and of the turns and requests, that the events affect.
pub fn touched(events: &[Event]) -> (HashSet<Key>, HashSet<Key>) {
    let (mut sessions, mut dialogues) = (HashSet::with_capacity(events.len()), HashSet::with_capacity(events.len()));
    for event in events {
        let at = |number| (event.tenant, event.conversation, number);
        match &event.what {
            What::Answer { of, .. } => {
                dialogues.insert(at(*of));
                continue;
            }
            What::Turn { .. } => {
                dialogues.insert(at(event.seq));
            }
            What::Request { of } => {
                dialogues.insert(at(event.seq));
                dialogues.extend(of.map(at));
            }
            What::Began { .. } | What::Queued { .. } | What::WaitEnded { .. } | What::Served | What::Rated { .. } => {}
        }
        sessions.insert(at(event.episode));
    }
    (sessions, dialogues)
}

impl Reduction {
    /// Starts with the affected rows that are already in the store.
    pub fn new(sessions: impl IntoIterator<Item = SessionRow>, dialogues: impl IntoIterator<Item = DialogueRow>) -> Self {
        let mut this = Self::default();
        this.know(sessions);
        this.dialogues = dialogues.into_iter().map(|row| (key_of_dialogue(&row), Tracked { old: Some(row.clone()), new: row })).collect();
        this
    }

    /// Adds sessions found in the store.
    pub fn know(&mut self, sessions: impl IntoIterator<Item = SessionRow>) {
        self.sessions.extend(sessions.into_iter().map(|row| (key_of_session(&row), Tracked { old: Some(row.clone()), new: row })));
    }

    /// Applies one event; `day` is the company's day on which it happened.
    pub fn take(&mut self, event: &Event, day: Option<String>) {
        let key = (event.tenant, event.conversation, event.episode);
        match &event.what {
            What::Began { with, lang, channel, site, goods, queue } => {
                let late = self.sessions.contains_key(&key);
                let session = self.session(key);
                if session.created_at.is_some() {
                    return;
                }
                session.began_with = Some(with.clone());
                session.created_at = Some(event.at);
                session.day_key = day;
                session.lang.clone_from(lang);
                session.channel.clone_from(channel);
                session.site.clone_from(site);
                session.goods.clone_from(goods);
                if let Some(queue) = queue {
                    session.wait_in(queue, event.seq);
                }
                if with == "agent" {
                    session.end_wait(event.seq, None);
                }
                if late {
                    self.relabel.insert(key);
                }
            }
            What::Turn { command } => {
                if self.seen(event, day, if *command { kind::COMMAND } else { kind::TURN }) == kind::TURN {
                    let session = self.session(key);
                    session.first_turn_at = first(session.first_turn_at, event.at);
                } else {
                    self.session(key);
                }
            }
            What::Answer { of, outcome, intent } => {
                let turn = self.dialogue((event.tenant, event.conversation, *of), event.episode);
                if turn.answer_seq.is_none_or(|seq| seq < event.seq) {
                    turn.answer_seq = Some(event.seq);
                    turn.outcome = Some(outcome.clone());
                    turn.intent.clone_from(intent);
                }
            }
            What::Request { of } => {
                self.seen(event, day, kind::REQUEST);
                let session = self.session(key);
                session.first_request_at = first(session.first_request_at, event.at);
                if let Some(of) = of {
                    let words = self.dialogue((event.tenant, event.conversation, *of), event.episode);
                    let was_turn = words.kind == kind::TURN;
                    let episode = words.episode;
                    words.kind = kind::COMMAND.to_owned();
                    if was_turn {
                        self.recount.insert((event.tenant, event.conversation, episode));
                    }
                }
            }
            What::Queued { queue } => self.session(key).wait_in(queue, event.seq),
            What::WaitEnded { answered, wait_ms } => {
                let end = match answered {
                    true => wait::ANSWERED,
                    false if *wait_ms > wait::SHORT_MS => wait::ABANDONED,
                    false => wait::SHORT,
                };
                self.session(key).end_wait(event.seq, Some((event.at, end, *wait_ms)));
            }
            What::Served => self.session(key).end_wait(event.seq, None),
            What::Rated { score } => {
                let session = self.session(key);
                session.first_rated_at = first(session.first_rated_at, event.at);
                if session.rated_seq.is_none_or(|seq| seq < event.seq) {
                    session.rated_seq = Some(event.seq);
                    session.score = Some(*score);
                }
            }
        }
    }

    /// Records the customer's own entry in its row and returns the kind of the row; a command stays a command.
    fn seen(&mut self, event: &Event, day: Option<String>, is: &'static str) -> &'static str {
        let session = &self.session((event.tenant, event.conversation, event.episode));
        let (lang, goods) = (session.lang.clone(), session.goods.clone());
        let row = self.dialogue((event.tenant, event.conversation, event.seq), event.episode);
        let is = if row.kind == kind::COMMAND { kind::COMMAND } else { is };
        if row.kind != is {
            row.kind = is.to_owned();
        }
        row.episode = event.episode;
        row.at = Some(event.at);
        row.day_key = day;
        row.lang = lang;
        row.goods = goods;
        is
    }

    /// Sets the first turn of a session in [`Self::recount`], as found in the rows.
    pub fn first_turn(&mut self, key: Key, at: Option<i64>) {
        self.session(key).first_turn_at = at;
    }

    /// The sessions in [`Self::recount`] whose rows are not loaded yet.
    pub fn unknown(&self) -> HashSet<Key> {
        self.recount.iter().filter(|key| !self.sessions.contains_key(*key)).copied().collect()
    }

    /// The row of a session.
    pub fn session(&mut self, key: Key) -> &mut SessionRow {
        let (tenant_id, conversation_id, episode) = key;
        let fresh = || Tracked { old: None, new: SessionRow { tenant_id, conversation_id, episode, ..SessionRow::default() } };
        &mut self.sessions.entry(key).or_insert_with(fresh).new
    }

    fn dialogue(&mut self, key: Key, episode: i64) -> &mut DialogueRow {
        let (tenant_id, conversation_id, seq) = key;
        let fresh =
            || Tracked { old: None, new: DialogueRow { tenant_id, conversation_id, seq, episode, kind: kind::UNSEEN.to_owned(), ..DialogueRow::default() } };
        &mut self.dialogues.entry(key).or_insert_with(fresh).new
    }

    /// The sessions to write.
    pub fn changed_sessions(&self) -> Vec<&SessionRow> {
        changed(&self.sessions)
    }

    /// The turns and requests to write.
    pub fn changed_dialogues(&self) -> Vec<&DialogueRow> {
        changed(&self.dialogues)
    }

    /// The changes of the minutes, by company, minute and the definition's position among the counts. Contains no zeros.
    pub fn deltas(&self, definitions: &Definitions) -> BTreeMap<(Uuid, Ts, usize), i64> {
        let mut deltas = BTreeMap::new();
        for row in self.sessions.values() {
            contribute(definitions, row.new.tenant_id, row, &mut deltas);
        }
        for row in self.dialogues.values() {
            contribute(definitions, row.new.tenant_id, row, &mut deltas);
        }
        deltas.retain(|_, delta| *delta != 0);
        deltas
    }

    /// All rows in their current form.
    pub fn into_rows(self) -> (Vec<SessionRow>, Vec<DialogueRow>) {
        (self.sessions.into_values().map(|row| row.new).collect(), self.dialogues.into_values().map(|row| row.new).collect())
    }
}

impl SessionRow {
    /// Records a wait; the queue of the first wait is the queue of the episode.
    fn wait_in(&mut self, queue: &str, seq: i64) {
        if self.queued_seq.is_none_or(|known| seq < known) {
            self.queued_seq = Some(seq);
            self.queue = Some(queue.to_owned());
        }
    }

    /// Records the first end of a wait: when, how, after how long. `None` if an agent had the episode without a wait.
    fn end_wait(&mut self, seq: i64, ended: Option<(i64, &str, i64)>) {
        if self.wait_ended_seq.is_none_or(|known| seq < known) {
            self.wait_ended_seq = Some(seq);
            self.wait_ended_at = ended.map(|(at, ..)| at);
            self.wait_end = ended.map(|(_, end, _)| end.to_owned());
            self.wait_ms = ended.map(|(.., wait_ms)| wait_ms);
        }
    }
}

/// The key of a session's row.
pub fn key_of_session(row: &SessionRow) -> Key {
    (row.tenant_id, row.conversation_id, row.episode)
}

/// The key of a turn's or request's row.
pub fn key_of_dialogue(row: &DialogueRow) -> Key {
    (row.tenant_id, row.conversation_id, row.seq)
}

fn first(known: Option<i64>, at: i64) -> Option<i64> {
    Some(known.map_or(at, |known| known.min(at)))
}

fn changed<K: Eq + Hash, R: PartialEq>(rows: &HashMap<K, Tracked<R>>) -> Vec<&R> {
    rows.values().filter(|row| row.old.as_ref() != Some(&row.new)).map(|row| &row.new).collect()
}

fn contribute<R: Row>(definitions: &Definitions, tenant: Uuid, row: &Tracked<R>, deltas: &mut BTreeMap<(Uuid, Ts, usize), i64>) {
    for (place, count) in definitions.counts.iter().enumerate().filter(|(_, count)| count.source == R::SOURCE) {
        let (before, after) = (row.old.as_ref().and_then(|row| count.minute_of(row)), count.minute_of(&row.new));
        if before == after {
            continue;
        }
        for (minute, by) in [(before, -1), (after, 1)] {
            if let Some(minute) = minute {
                *deltas.entry((tenant, minute, place)).or_default() += by;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DEFINITIONS;

    const TENANT: Uuid = Uuid::from_u128(1);
    const MINUTE: i64 = 60_000;

    fn event(seq: i64, at: i64, what: What) -> Event {
        Event { tenant: TENANT, conversation: Uuid::from_u128(2), episode: 1, seq, at, what }
    }
    fn began() -> What {
        What::Began { with: "bot".into(), lang: Some("zh-CN".into()), channel: None, site: None, goods: Some("g-001".into()), queue: None }
    }
    fn reduce(before: Reduction, events: &[Event]) -> (Reduction, Vec<(String, i64, i64)>) {
        let (sessions, dialogues) = before.into_rows();
        let mut reduction = Reduction::new(sessions, dialogues);
        for event in events {
            reduction.take(event, None);
        }
        let deltas =
            reduction.deltas(&DEFINITIONS).into_iter().map(|((_, minute, place), by)| (DEFINITIONS.counts[place].key.clone(), minute.0 / MINUTE, by)).collect();
        (reduction, deltas)
    }
    fn told(deltas: &[(&str, i64, i64)]) -> Vec<(String, i64, i64)> {
        deltas.iter().map(|(key, minute, by)| ((*key).to_owned(), *minute, *by)).collect()
    }

    #[test]
    fn a_changed_rating_moves_within_the_minute_of_the_first() {
        let (before, deltas) = reduce(Reduction::default(), &[event(1, 0, began()), event(5, 2 * MINUTE, What::Rated { score: 5 })]);
        assert_eq!(deltas, told(&[("session_created", 0, 1), ("session_rated", 2, 1), ("rating_good", 2, 1)]));
        let (_, deltas) = reduce(before, &[event(9, 70 * MINUTE, What::Rated { score: 2 })]);
        assert_eq!(deltas, told(&[("rating_good", 2, -1), ("rating_poor", 2, 1)]));
    }

    #[test]
    fn an_episode_that_began_with_an_agent_is_no_session() {
        let began = What::Began { with: "agent".into(), lang: None, channel: None, site: None, goods: None, queue: None };
        let (_, deltas) = reduce(Reduction::default(), &[event(1, 0, began), event(2, 1, What::Rated { score: 5 }), event(3, 2, What::Request { of: None })]);
        assert_eq!(deltas, told(&[("transfer_request", 0, 1)]));
    }

    #[test]
    fn an_unanswered_turn_counts_in_its_own_minute() {
        let (before, _) = reduce(Reduction::default(), &[event(1, 0, began()), event(2, MINUTE - 1, What::Turn { command: false })]);
        let answer = What::Answer { of: 2, outcome: "no_answer".into(), intent: None };
        let (_, deltas) = reduce(before, &[event(3, MINUTE, answer)]);
        assert_eq!(deltas, told(&[("no_answer", 0, 1)]));
    }

    #[test]
    fn words_that_ask_for_a_person_are_no_turn_whether_that_is_known_at_once_or_later() {
        let request = |of| event(3, 1, What::Request { of });
        let (_, at_once) = reduce(Reduction::default(), &[event(1, 0, began()), event(2, 0, What::Turn { command: true }), request(None)]);
        let expected = told(&[("session_created", 0, 1), ("session_transferred", 0, 1), ("transfer_request", 0, 1)]);
        assert_eq!(at_once, expected);
        let (mut later, _) = reduce(Reduction::default(), &[event(1, 0, began()), event(2, 0, What::Turn { command: false }), request(Some(2))]);
        let key = (TENANT, Uuid::from_u128(2), 1);
        assert_eq!(later.recount, BTreeSet::from([key]));
        later.first_turn(key, None);
        assert_eq!(later.deltas(&DEFINITIONS).len(), expected.len());
    }

    #[test]
    fn an_episode_belongs_to_the_queue_it_waited_in_first_in_whatever_order_that_is_told() {
        let queued = |seq, queue: &str| event(seq, 9, What::Queued { queue: queue.to_owned() });
        for order in [[3, 8], [8, 3]] {
            let events = order.map(|seq| queued(seq, if seq == 3 { "sales" } else { "bills" }));
            let (after, _) = reduce(Reduction::default(), &events);
            let (sessions, _) = after.into_rows();
            assert_eq!((sessions.len(), sessions[0].queue.as_deref(), sessions[0].queued_seq), (1, Some("sales"), Some(3)));
        }
    }

    #[test]
    fn an_episode_counts_once_by_how_its_first_wait_ended() {
        let ended = |seq, answered, wait_ms| event(seq, seq * MINUTE, What::WaitEnded { answered, wait_ms });
        let counted = |events: &[Event]| reduce(Reduction::default(), events).1;
        assert_eq!(counted(&[ended(3, true, 20_000)]), told(&[("wait_ended", 3, 1), ("answered", 3, 1), ("answered_in_time", 3, 1)]));
        assert_eq!(counted(&[ended(3, true, 20_001)]), told(&[("wait_ended", 3, 1), ("answered", 3, 1)]));
        assert_eq!(counted(&[ended(3, false, 5_001)]), told(&[("wait_ended", 3, 1), ("abandoned", 3, 1)]));
        assert_eq!(counted(&[ended(3, false, 5_000)]), vec![]);
        for order in [[3, 7], [7, 3]] {
            let events = order.map(|seq| ended(seq, seq == 7, 6_000));
            assert_eq!(counted(&events), told(&[("wait_ended", 3, 1), ("abandoned", 3, 1)]));
        }
        // A customer who already had an agent has not waited for one.
        for order in [[2, 3], [3, 2]] {
            let events = order.map(|seq| if seq == 2 { event(2, 0, What::Served) } else { ended(3, true, 90_000) });
            assert_eq!(counted(&events), vec![]);
        }
    }

    #[test]
    fn an_event_that_comes_again_changes_nothing() {
        let events =
            [event(1, 0, began()), event(2, 5, What::Turn { command: false }), event(4, 9, What::Request { of: None }), event(7, 11, What::Rated { score: 3 })];
        let (before, _) = reduce(Reduction::default(), &events);
        let (after, deltas) = reduce(before, &events);
        assert_eq!((deltas, after.changed_sessions(), after.changed_dialogues()), (vec![], vec![], vec![]));
    }
}
