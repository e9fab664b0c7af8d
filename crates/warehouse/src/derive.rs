//! What the events of a conversation add up to: its episodes, turns, rounds and services. Pure: the same events, in whatever order and however often they
//! arrived, result in the same rows, because they are sorted by their number and each is looked at once.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    conversation::{AnswerOutcome, Outcome, Owner},
    entry::body::{AssignedHow, Verdict},
    rating,
};

use crate::{
    event::{Event, SETTLES, kind as what},
    rows::{DialogueRow, ReplyRow, ServiceRow, SessionRow, WorkRow, back, band, helped, kind, poor, result, served, service_end, wait},
    service::Service,
};

/// The rows of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rows {
    /// Its episodes.
    pub sessions: Vec<SessionRow>,
    /// Its turns and requests.
    pub dialogues: Vec<DialogueRow>,
    /// Its rounds.
    pub replies: Vec<ReplyRow>,
    /// Its services.
    pub services: Vec<ServiceRow>,
    /// The work that these events are.
    pub work: Vec<WorkRow>,
}

impl Rows {
    /// The rows of a conversation with these events, which are sorted by their number; each occurs once. Each kind is sorted by its number.
    pub fn of(events: &[Event]) -> Self {
        read(events).0
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        let Self { sessions, dialogues, replies, services, work } = self;
        sessions.len() + dialogues.len() + replies.len() + services.len() + work.len()
    }
}

/// The rows of a conversation with these events, and the service that has not ended yet.
pub(crate) fn read(events: &[Event]) -> (Rows, Option<Service>) {
    let mut reading = Reading::new(events);
    for event in events {
        reading.take(event);
    }
    reading.finish()
}

/// The rows while the events are read.
#[derive(Default)]
struct Reading<'e> {
    /// Messages that were a request for a person, as only the request says.
    commands: BTreeSet<i64>,
    /// The first and the last answer to each turn.
    answers: BTreeMap<i64, (&'e Event, &'e Event)>,
    /// The last judgement of the answer to each turn.
    verdicts: BTreeMap<i64, &'e Event>,
    /// What the customer said last of the answer to each turn.
    helped: BTreeMap<i64, &'static str>,
    /// The last time that an agent took its end back, by episode: the ends before that were none.
    resumed: BTreeMap<i64, i64>,
    /// When the customer came back with another conversation, by episode.
    back: BTreeMap<i64, i64>,
    customer: Option<&'e String>,
    /// By episode.
    sessions: BTreeMap<i64, SessionRow>,
    /// The turns so far, by episode and number.
    turns: BTreeSet<(i64, i64)>,
    /// Episodes whose first wait is over, or in which there was none.
    waited: BTreeSet<i64>,
    rows: Rows,
    /// The queue that was entered last.
    queue: Option<&'e String>,
    service: Option<Service>,
}

impl<'e> Reading<'e> {
    fn new(events: &'e [Event]) -> Self {
        let mut this = Self::default();
        for event in events {
            this.customer = this.customer.or(event.customer.as_ref());
            match (event.kind.as_str(), event.ref_seq) {
                (what::REQUESTED, Some(of)) => {
                    this.commands.insert(of);
                }
                (what::ANSWERED, Some(of)) => this.answers.entry(of).or_insert((event, event)).1 = event,
                (what::JUDGED, Some(of)) => {
                    this.verdicts.insert(of, event);
                }
                (what::HELPED, Some(of)) => {
                    this.helped.insert(of, if event.flag == Some(1) { helped::YES } else { helped::NO });
                }
                (what::RESUMED, _) => {
                    this.resumed.insert(event.episode, event.seq);
                }
                (what::BACK, _) => {
                    this.back.entry(event.episode).or_insert(event.happened_at);
                }
                _ => {}
            }
        }
        this
    }

    fn session(&mut self, event: &Event) -> &mut SessionRow {
        self.sessions.entry(event.episode).or_insert_with(|| SessionRow {
            tenant_id: event.tenant_id,
            conversation_id: event.conversation_id,
            episode: event.episode,
            ..SessionRow::default()
        })
    }

    fn take(&mut self, event: &'e Event) {
        let at = event.happened_at;
        match event.kind.as_str() {
            what::BEGAN => self.begin(event),
            what::SAID => self.on_message(event),
            what::ANSWERED => {
                let is_of_turn = event.ref_seq.is_some_and(|of| self.turns.contains(&(event.episode, of)));
                note_answer(self.session(event), event, is_of_turn);
            }
            what::REPLIED => self.on_reply(event),
            what::WORKED => self.rows.work.push(work(event)),
            what::REQUESTED => {
                let session = self.session(event);
                session.requests += 1;
                session.first_request_at = session.first_request_at.or(Some(at));
                self.dialogue(event, kind::REQUEST);
            }
            what::QUEUED => {
                self.enter_queue(event);
                self.end_service(event, service_end::QUEUED);
            }
            what::LEFT => self.end_wait(event),
            what::ASSIGNED if event.how.as_deref() == Some(AssignedHow::LeftMessage.as_str()) => {
                // The agent answers what was left earlier: no service ends, and nobody waits for these words.
                self.service = None;
                self.end_wait(event);
                self.begin_service(event, None);
            }
            what::ASSIGNED => {
                self.end_service(event, service_end::TRANSFERRED);
                self.end_wait(event);
                self.begin_service(event, Some(at));
            }
            what::RETURNED => self.end_service(event, service_end::RETURNED),
            what::HANDED_BACK => self.end_service(event, service_end::HANDED_BACK),
            what::RESOLVED if self.resumed.get(&event.episode).is_some_and(|resumed| event.seq < *resumed) => {
                self.session(event);
            }
            what::RESOLVED => {
                self.end_service(event, service_end::RESOLVED);
                if event.ms.is_some() {
                    self.end_wait(event);
                }
                let session = self.session(event);
                session.ended_at = Some(at);
                session.outcome.clone_from(&event.outcome);
            }
            what::HELPED if event.how.as_deref() == Some(SETTLES) => {
                let Some(session) = self.sessions.get_mut(&event.episode) else { return };
                session.outcome = session.outcome.take().map(|outcome| outcome_after(outcome, |outcome| outcome.settled(event.flag == Some(1))));
            }
            what::RATED => {
                let session = self.session(event);
                session.first_rated_at = session.first_rated_at.or(Some(at));
                session.score = event.score;
                let (score, solved) = (event.score.unwrap_or_default(), event.flag.map(|solved| solved == 1));
                session.outcome = session.outcome.take().map(|outcome| outcome_after(outcome, |outcome| outcome.rated(score, solved)));
            }
            _ => {}
        }
    }

    fn begin(&mut self, event: &'e Event) {
        let session = self.session(event);
        session.began_with.clone_from(&event.how);
        session.created_at = Some(event.happened_at);
        session.day_key.clone_from(&event.day_key);
        session.lang.clone_from(&event.lang);
        session.channel.clone_from(&event.channel);
        session.site.clone_from(&event.site);
        session.goods.clone_from(&event.goods);
        session.category.clone_from(&event.category);
        self.queue = None;
        if event.queue.is_some() {
            self.enter_queue(event);
        }
        if event.how.as_deref() == Some(Owner::Agent.as_str()) {
            self.waited.insert(event.episode);
            self.end_service(event, service_end::RESOLVED);
            // The customer has not said anything in this episode yet.
            self.begin_service(event, None);
        }
    }

    fn enter_queue(&mut self, event: &'e Event) {
        self.queue = event.queue.as_ref();
        let session = self.session(event);
        if session.queue.is_none() {
            session.queue.clone_from(&event.queue);
        }
    }

    /// Only the first end of a wait counts, and none if an agent had the episode before.
    fn end_wait(&mut self, event: &Event) {
        if !self.waited.insert(event.episode) {
            return;
        }
        let Some(ms) = event.ms else { return };
        let end = match event.kind.as_str() {
            what::ASSIGNED => wait::ANSWERED,
            _ if ms > wait::SHORT_MS => wait::ABANDONED,
            _ => wait::SHORT,
        };
        let session = self.session(event);
        session.wait_ended_at = Some(event.happened_at);
        session.wait_end = Some(end.to_owned());
        session.wait_ms = Some(ms);
    }

    fn on_message(&mut self, event: &Event) {
        let at = event.happened_at;
        match event.how.as_deref() {
            Some("bot") => {
                if event.flag == Some(1) || self.commands.contains(&event.seq) {
                    self.dialogue(event, kind::COMMAND);
                    self.session(event);
                    return;
                }
                note_turn(self.session(event), at);
                self.turns.insert((event.episode, event.seq));
                self.dialogue(event, kind::TURN);
                let missed = self.rows.dialogues.last().is_some_and(is_missed);
                self.session(event).missed += i64::from(missed);
            }
            Some("agent") => {
                if let Some(service) = &mut self.service {
                    service.on_question(at);
                }
            }
            _ => {}
        }
    }

    fn on_reply(&mut self, event: &Event) {
        note_reply(self.session(event), event.happened_at);
        let reply = self.service.as_mut().and_then(|service| service.on_reply(event));
        self.rows.replies.extend(reply);
    }

    /// An agent gets the conversation; the customer waits for a reply from then on, unless there is nothing to reply to.
    fn begin_service(&mut self, event: &Event, waits_since: Option<i64>) {
        let queue = self.queue.cloned();
        let session = self.session(event);
        if session.agent.is_none() {
            session.agent.clone_from(&event.agent);
            session.group_id.clone_from(&event.group_id);
            session.department.clone_from(&event.department);
        }
        let row = ServiceRow {
            tenant_id: event.tenant_id,
            conversation_id: event.conversation_id,
            seq: event.seq,
            episode: event.episode,
            began_at: event.happened_at,
            day_key: event.day_key.clone(),
            queue: queue.or_else(|| session.queue.clone()),
            agent: event.agent.clone(),
            group_id: event.group_id.clone(),
            department: event.department.clone(),
            how: Some(if event.kind == what::BEGAN { "reopened".to_owned() } else { event.how.clone().unwrap_or_default() }),
            ..ServiceRow::default()
        };
        self.service = Some(Service::begin(row, waits_since));
    }

    fn end_service(&mut self, event: &Event, end: &str) {
        self.rows.services.extend(self.service.take().map(|service| service.end(event.happened_at, end)));
    }

    fn dialogue(&mut self, event: &Event, kind: &str) {
        let mut row = dialogue(event, kind);
        if let Some((first, last)) = self.answers.get(&event.seq).filter(|_| kind != kind::REQUEST) {
            row.answer_ms = Some(first.happened_at - row.happened_at);
            put_answer(&mut row, last);
            if row.bot_result.as_deref() == Some(result::ANSWERED) {
                row.verdict = self.verdicts.get(&event.seq).and_then(|judged| judged.outcome.clone());
                row.helped = self.helped.get(&event.seq).map(|said| (*said).to_owned());
            }
        }
        self.rows.dialogues.push(row);
    }

    fn finish(mut self) -> (Rows, Option<Service>) {
        self.rows.services.extend(self.service.as_ref().map(|service| service.row.clone()));
        for session in self.sessions.values_mut() {
            session.customer = self.customer.cloned();
            complete(session);
        }
        self.note_returns();
        self.find_poor_answers();
        self.label();
        self.rows.sessions = self.sessions.into_values().collect();
        (self.rows, self.service)
    }

    /// Whether the customer came back after each episode that ended: with the next one, or with another conversation.
    fn note_returns(&mut self) {
        let began: BTreeMap<i64, i64> = self.sessions.values().filter_map(|session| Some((session.episode, session.created_at?))).collect();
        for session in self.sessions.values_mut() {
            let Some(ended) = session.ended_at else { continue };
            let returns = [began.get(&(session.episode + 1)), self.back.get(&session.episode)];
            let after = returns.into_iter().flatten().map(|at| at - ended).filter(|ms| *ms >= 0).min();
            let word = match after {
                Some(..=back::DAY_MS) => back::WITHIN_A_DAY,
                Some(..=back::THREE_DAYS_MS) => back::WITHIN_THREE_DAYS,
                _ => back::NO,
            };
            session.came_back = Some(word.to_owned());
        }
    }

    /// Which answers are taken to be poor, from what came after them in their episode.
    fn find_poor_answers(&mut self) {
        let mut next: BTreeMap<i64, usize> = BTreeMap::new();
        for at in (0..self.rows.dialogues.len()).rev() {
            let row = &self.rows.dialogues[at];
            let after = next.insert(row.episode, at).map(|next| &self.rows.dialogues[next]);
            let score = self.sessions.get(&row.episode).and_then(|session| session.score);
            self.rows.dialogues[at].poor = poor_of(row, after, score);
        }
    }

    /// Everything in an episode has what is known of the episode.
    fn label(&mut self) {
        for row in &mut self.rows.dialogues {
            self.sessions.get(&row.episode).into_iter().for_each(|session| label_dialogue(row, session));
        }
        for row in &mut self.rows.replies {
            self.sessions.get(&row.episode).into_iter().for_each(|session| label_reply(row, session));
        }
        for row in &mut self.rows.services {
            self.sessions.get(&row.episode).into_iter().for_each(|session| label_service(row, session));
        }
    }
}

/// A turn with the bot in an episode.
pub(crate) fn note_turn(session: &mut SessionRow, at: i64) {
    session.turns += 1;
    session.first_turn_at = session.first_turn_at.or(Some(at));
}

/// An answer of the bot in an episode, perhaps to a turn of the episode.
pub(crate) fn note_answer(session: &mut SessionRow, answer: &Event, is_of_turn: bool) {
    session.topic = answer.topic.clone().or(session.topic.take());
    session.entry = answer.entry.clone().or(session.entry.take());
    session.first_answer_at = session.first_answer_at.or(is_of_turn.then_some(answer.happened_at));
}

/// A message of an agent in an episode.
pub(crate) fn note_reply(session: &mut SessionRow, at: i64) {
    session.first_reply_at = session.first_reply_at.or(Some(at));
}

/// Whether the bot had no answer to a turn.
pub(crate) fn is_missed(row: &DialogueRow) -> bool {
    row.outcome.as_deref() == Some(AnswerOutcome::NoAnswer.as_str())
}

/// What follows from the times of an episode, and who served.
pub(crate) fn complete(session: &mut SessionRow) {
    session.first_answer_ms = session.first_answer_at.zip(session.first_turn_at).map(|(answer, turn)| answer - turn).filter(|ms| *ms >= 0);
    // A customer who comes back to a queue wants a person from the beginning.
    let from_the_beginning = session.created_at.filter(|_| session.began_with.as_deref() == Some(Owner::Queue.as_str()));
    let asked = session.first_request_at.into_iter().chain(from_the_beginning).min();
    session.first_reply_ms = session.first_reply_at.zip(asked).map(|(reply, asked)| reply - asked).filter(|ms| *ms >= 0);
    session.served_by = Some(if session.agent.is_some() { served::PERSON } else { served::BOT }.to_owned());
}

/// The row of a turn or a request that has not been answered.
pub(crate) fn dialogue(event: &Event, kind: &str) -> DialogueRow {
    DialogueRow {
        tenant_id: event.tenant_id,
        conversation_id: event.conversation_id,
        seq: event.seq,
        episode: event.episode,
        kind: kind.to_owned(),
        happened_at: event.happened_at,
        day_key: event.day_key.clone(),
        asked_via: event.how.clone().filter(|_| kind == kind::REQUEST),
        reason: event.outcome.clone().filter(|_| kind == kind::REQUEST),
        ..DialogueRow::default()
    }
}

/// Puts the next answer to a turn into its row: the first says how long it took, the last what the bot made of the turn.
pub(crate) fn put_answer(row: &mut DialogueRow, answer: &Event) {
    row.answer_ms = row.answer_ms.or(Some(answer.happened_at - row.happened_at));
    row.topic.clone_from(&answer.topic);
    row.outcome.clone_from(&answer.outcome);
    if row.kind != kind::TURN {
        return;
    }
    let result = answer.outcome.as_deref().map(result_of);
    let answer = Some(answer).filter(|_| result == Some(result::ANSWERED));
    row.bot_result = result.map(str::to_owned);
    row.confidence = answer.and_then(|answer| answer.confidence);
    row.band = row.confidence.map(|confidence| band(confidence).to_owned());
    row.entry = answer.and_then(|answer| answer.entry.clone());
}

/// Why an answer is taken to be poor, given what came next in its episode and how the episode was rated.
pub(crate) fn poor_of(row: &DialogueRow, after: Option<&DialogueRow>, score: Option<i64>) -> Option<String> {
    if row.bot_result.as_deref() != Some(result::ANSWERED) {
        return None;
    }
    let reason = match after {
        _ if row.verdict.as_deref() == Some(Verdict::Wrong.as_str()) => poor::JUDGED_WRONG,
        _ if row.helped.as_deref() == Some(helped::NO) => poor::UNHELPFUL,
        Some(after) if after.kind != kind::TURN => poor::ASKED_PERSON,
        Some(after) if row.entry.is_some() && after.entry == row.entry => poor::REPEATED,
        None if score.is_some_and(|score| score < rating::MIDDLE) => poor::RATED_POOR,
        _ => return None,
    };
    Some(reason.to_owned())
}

macro_rules! copy {
    ($row:ident, $session:ident, $($field:ident),*) => { $($row.$field.clone_from(&$session.$field);)* };
}

/// Gives a turn or request what is known of its episode.
pub(crate) fn label_dialogue(row: &mut DialogueRow, session: &SessionRow) {
    copy!(row, session, queue, agent, group_id, department, channel, site, lang, goods, category);
}

/// Gives a round what is known of its episode.
pub(crate) fn label_reply(row: &mut ReplyRow, session: &SessionRow) {
    copy!(row, session, channel, site, lang, goods, category, topic, entry);
}

/// Gives a service what is known of its episode.
fn label_service(row: &mut ServiceRow, session: &SessionRow) {
    copy!(row, session, channel, site, lang, goods, category, topic, entry);
}

/// The row of a piece of work.
pub(crate) fn work(event: &Event) -> WorkRow {
    let (ms, contacts, slots) = (event.ms.unwrap_or_default(), event.contacts.unwrap_or_default(), event.slots.unwrap_or_default());
    WorkRow {
        tenant_id: event.tenant_id,
        conversation_id: event.conversation_id,
        piece: event.seq,
        episode: event.episode,
        began_at: event.since.unwrap_or_default(),
        day_key: event.day_key.clone(),
        agent: event.agent.clone(),
        group_id: event.group_id.clone(),
        department: event.department.clone(),
        agent_state: event.how.clone(),
        contacts,
        work_ms: ms,
        contact_ms: contacts * ms,
        slot_ms: slots * ms,
        ..WorkRow::default()
    }
}

/// What became of a turn, by the outcome of the bot's last answer.
fn result_of(outcome: &str) -> &'static str {
    match AnswerOutcome::parse(outcome) {
        Some(AnswerOutcome::Confident | AnswerOutcome::Attribute) => result::ANSWERED,
        Some(AnswerOutcome::DidYouMean) => result::OFFERED,
        Some(AnswerOutcome::NoAnswer) => result::MISSED,
        Some(AnswerOutcome::SmallTalk | AnswerOutcome::Closed | AnswerOutcome::Danger) | None => result::OTHER,
    }
}

/// The outcome of an episode after the customer has said something about it.
fn outcome_after(outcome: String, said: impl Fn(Outcome) -> Outcome) -> String {
    Outcome::parse(&outcome).map_or(outcome, |known| said(known).as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn event(seq: i64, at: i64, kind: &str) -> Event {
        Event {
            tenant_id: Uuid::from_u128(1),
            conversation_id: Uuid::from_u128(2),
            episode: 1,
            seq,
            happened_at: at,
            kind: kind.to_owned(),
            ..Event::default()
        }
    }
    fn began(with: &str) -> Event {
        Event { how: Some(with.to_owned()), goods: Some("g-001".into()), lang: Some("zh-CN".into()), ..event(1, 0, what::BEGAN) }
    }
    fn said(seq: i64, at: i64, to: &str) -> Event {
        Event { how: Some(to.to_owned()), ..event(seq, at, what::SAID) }
    }
    fn assigned(seq: i64, at: i64, how: &str, ms: Option<i64>) -> Event {
        Event { agent: Some(format!("agt_{seq}")), how: Some(how.to_owned()), ms, ..event(seq, at, what::ASSIGNED) }
    }
    fn queued(seq: i64, at: i64, queue: &str) -> Event {
        Event { queue: Some(queue.to_owned()), ..event(seq, at, what::QUEUED) }
    }

    #[test]
    fn a_turn_has_its_answer_and_what_is_known_of_its_episode() {
        let answer = |seq, at, outcome: &str| Event {
            ref_seq: Some(2),
            outcome: Some(outcome.to_owned()),
            topic: Some(format!("kb-00{seq}")),
            ..event(seq, at, what::ANSWERED)
        };
        let rows = Rows::of(&[began("bot"), said(2, 100, "bot"), answer(3, 350, "did_you_mean"), answer(4, 900, "no_answer")]);
        let turn = &rows.dialogues[0];
        assert_eq!((turn.kind.as_str(), turn.outcome.as_deref(), turn.topic.as_deref()), ("turn", Some("no_answer"), Some("kb-004")));
        assert_eq!((turn.answer_ms, turn.goods.as_deref(), turn.lang.as_deref()), (Some(250), Some("g-001"), Some("zh-CN")));
        let session = &rows.sessions[0];
        assert_eq!((session.turns, session.missed, session.first_turn_at, session.first_answer_ms), (1, 1, Some(100), Some(250)));
    }

    #[test]
    fn a_service_ends_when_the_bot_gets_the_conversation_back_and_what_follows_are_turns() {
        let reply = Event { agent: Some("agt_5".into()), ..event(6, 900, what::REPLIED) };
        let back = event(7, 1_000, what::HANDED_BACK);
        let rows = Rows::of(&[
            began("bot"),
            said(2, 100, "bot"),
            event(3, 200, what::REQUESTED),
            queued(4, 200, "que_1"),
            assigned(5, 500, "routed", Some(300)),
            reply,
            back,
            said(8, 1_500, "bot"),
            assigned(9, 2_000, "taken_over", None),
        ]);
        let [first, second] = rows.services.as_slice() else { panic!("{:?}", rows.services) };
        assert_eq!((first.service_end.as_deref(), first.handle_ms, first.replies), (Some("handed_back"), Some(500), 1));
        assert_eq!((second.how.as_deref(), second.ended_at), (Some("taken_over"), None));
        let session = &rows.sessions[0];
        assert_eq!((session.turns, session.requests, session.wait_ms), (2, 1, Some(300)), "who takes over from the bot ends no wait");
    }

    #[test]
    fn work_is_a_row_of_its_own_and_belongs_to_no_episode() {
        let piece = Event {
            episode: 0,
            since: Some(400),
            ms: Some(600),
            contacts: Some(2),
            slots: Some(5),
            agent: Some("agt_1".into()),
            ..event(3, 1_000, what::WORKED)
        };
        let Rows { sessions, work, .. } = Rows::of(&[piece]);
        let row = &work[0];
        assert_eq!((sessions.len(), work.len(), row.piece, row.began_at), (0, 1, 3, 400));
        assert_eq!((row.work_ms, row.contact_ms, row.slot_ms, row.agent.as_deref()), (600, 1_200, 3_000, Some("agt_1")));
    }

    #[test]
    fn words_that_ask_for_a_person_are_no_turn_whether_that_is_known_at_once_or_later() {
        let command = Event { flag: Some(1), ..said(2, 5, "bot") };
        let request = |of| Event { ref_seq: of, ..event(3, 6, what::REQUESTED) };
        for events in [[began("bot"), command, request(None)], [began("bot"), said(2, 5, "bot"), request(Some(2))]] {
            let rows = Rows::of(&events);
            assert_eq!(rows.dialogues.iter().map(|row| row.kind.as_str()).collect::<Vec<_>>(), ["command", "request"]);
            let session = &rows.sessions[0];
            assert_eq!((session.turns, session.first_turn_at, session.requests, session.first_request_at), (0, None, 1, Some(6)));
        }
    }

    #[test]
    fn the_last_rating_counts_in_the_minute_of_the_first_and_decides_how_the_bots_work_ended() {
        let rate = |seq, at, score, flag| Event { score: Some(score), flag, ..event(seq, at, what::RATED) };
        let ended = Event { outcome: Some("bot_resolved_assumed".into()), ..event(5, 50, what::RESOLVED) };
        let rows = Rows::of(&[began("bot"), ended.clone(), rate(6, 60, 5, None), rate(9, 90, 2, Some(0))]);
        let session = &rows.sessions[0];
        assert_eq!((session.first_rated_at, session.score, session.outcome.as_deref()), (Some(60), Some(2), Some("bot_unanswered")));
        assert_eq!(Rows::of(&[began("bot"), ended, rate(6, 60, 5, None)]).sessions[0].outcome.as_deref(), Some("bot_resolved_confirmed"));
    }

    #[test]
    fn an_episode_counts_once_by_how_its_first_wait_ended() {
        let wait_of = |events: &[Event]| {
            let session = Rows::of(events).sessions.remove(0);
            (session.wait_end, session.wait_ms, session.wait_ended_at)
        };
        let left = |seq, ms| Event { ms: Some(ms), ..event(seq, seq * 10, what::LEFT) };
        assert_eq!(wait_of(&[queued(2, 0, "a"), assigned(3, 30, "routed", Some(20_000))]), (Some("answered".into()), Some(20_000), Some(30)));
        assert_eq!(
            wait_of(&[queued(2, 0, "a"), left(3, 5_001), queued(4, 40, "a"), assigned(5, 50, "taken", Some(9))]),
            (Some("abandoned".into()), Some(5_001), Some(30))
        );
        assert_eq!(wait_of(&[queued(2, 0, "a"), left(3, 5_000)]), (Some("short".into()), Some(5_000), Some(30)));
        // A customer who already had an agent has not waited for one.
        assert_eq!(wait_of(&[assigned(2, 0, "transferred", None), queued(3, 5, "a"), assigned(4, 30, "routed", Some(25))]), (None, None, None));
        let back = Event { agent: Some("agt_1".into()), ..began("agent") };
        assert_eq!(wait_of(&[back, queued(3, 5, "a"), assigned(4, 30, "routed", Some(25))]), (None, None, None));
    }

    #[test]
    fn an_episode_belongs_to_the_queue_it_waited_in_first_and_a_service_to_the_one_it_came_from() {
        let rows =
            Rows::of(&[began("bot"), queued(2, 1, "sales"), assigned(3, 2, "routed", Some(1)), queued(4, 3, "bills"), assigned(5, 4, "routed", Some(1))]);
        assert_eq!(rows.sessions[0].queue.as_deref(), Some("sales"));
        let of = |n: usize| (rows.services[n].queue.as_deref(), rows.services[n].agent.as_deref(), rows.services[n].service_end.as_deref());
        assert_eq!((of(0), of(1)), ((Some("sales"), Some("agt_3"), Some("queued")), (Some("bills"), Some("agt_5"), None)));
    }

    #[test]
    fn an_agent_who_answers_a_left_message_begins_one_service_and_nobody_waits_for_the_answer() {
        let back = Event { agent: Some("agt_2".into()), ..began("agent") };
        let answer = |seq| Event { agent: Some("agt_2".into()), ..event(seq, 0, what::REPLIED) };
        let ended = Event { outcome: Some("resolved".into()), ..event(6, 60_000, what::RESOLVED) };
        let rows =
            Rows::of(&[back, assigned(2, 0, "left_message", None), answer(3), said(4, 5_000, "agent"), Event { happened_at: 9_000, ..answer(5) }, ended]);
        assert_eq!(rows.services.iter().map(|row| (row.seq, row.handle_ms, row.replies)).collect::<Vec<_>>(), [(2, Some(60_000), 2)]);
        assert_eq!(rows.replies.iter().map(|row| (row.seq, row.reply_ms)).collect::<Vec<_>>(), [(5, 4_000)]);
    }

    #[test]
    fn an_end_that_was_taken_back_was_none() {
        let reply = |seq, at| Event { agent: Some("agt_3".into()), ..event(seq, at, what::REPLIED) };
        let ended = |seq, at| Event { outcome: Some("resolved".into()), ..event(seq, at, what::RESOLVED) };
        let rated = |seq, at| Event { score: Some(5), ..event(seq, at, what::RATED) };
        let served = || vec![began("bot"), event(2, 1_000, what::REQUESTED), assigned(3, 5_000, "routed", Some(4_000)), reply(4, 12_000)];
        let resumed = |seq, at| event(seq, at, what::RESUMED);
        let slips = [ended(5, 20_000), resumed(6, 23_000), said(7, 40_000, "agent"), ended(8, 41_000), resumed(9, 42_000)];
        let rows = Rows::of(&served().into_iter().chain(slips).chain([reply(10, 50_000), ended(11, 60_000), rated(12, 70_000)]).collect::<Vec<_>>());
        assert_eq!(rows.sessions.len(), 1);
        let session = &rows.sessions[0];
        assert_eq!(
            (session.ended_at, session.outcome.as_deref(), session.score, session.came_back.as_deref()),
            (Some(60_000), Some("resolved"), Some(5), Some("no"))
        );
        assert_eq!(rows.services.iter().map(|row| (row.seq, row.handle_ms, row.replies)).collect::<Vec<_>>(), [(3, Some(55_000), 2)]);
        assert_eq!(rows.replies.iter().map(|row| (row.seq, row.reply_ms)).collect::<Vec<_>>(), [(4, 7_000), (10, 10_000)]);
        let open = Rows::of(&served().into_iter().chain([ended(5, 20_000), resumed(6, 23_000)]).collect::<Vec<_>>());
        assert_eq!((open.sessions[0].ended_at, &open.sessions[0].outcome, open.services[0].ended_at), (None, &None, None));
    }

    #[test]
    fn a_round_runs_from_the_first_unanswered_message_and_a_service_from_one_agent_to_the_next() {
        let reply = |seq, at| Event { agent: Some("agt_3".into()), ..event(seq, at, what::REPLIED) };
        let asked = event(2, 1_000, what::REQUESTED);
        let ended = Event { outcome: Some("resolved".into()), ..event(12, 900_000, what::RESOLVED) };
        let rows = Rows::of(&[
            began("bot"),
            asked,
            assigned(3, 5_000, "routed", Some(4_000)),
            reply(4, 12_000),
            reply(5, 13_000),
            said(6, 20_000, "agent"),
            said(7, 25_000, "agent"),
            reply(8, 32_000),
            // A pause of more than five minutes is not part of the talk.
            said(9, 500_000, "agent"),
            reply(10, 503_000),
            assigned(11, 600_000, "transferred", None),
            ended,
        ]);
        assert_eq!(rows.replies.iter().map(|row| (row.seq, row.reply_ms)).collect::<Vec<_>>(), [(4, 7_000), (8, 12_000), (10, 3_000)]);
        assert_eq!((rows.sessions[0].first_reply_at, rows.sessions[0].first_reply_ms), (Some(12_000), Some(11_000)));
        let [first, second] = &rows.services[..] else { panic!("two agents had it: {:?}", rows.services) };
        assert_eq!((first.handle_ms, first.talk_ms, first.replies, first.service_end.as_deref()), (Some(595_000), Some(23_000), 4, Some("transferred")));
        assert_eq!((second.handle_ms, second.talk_ms, second.replies, second.service_end.as_deref()), (Some(300_000), Some(0), 0, Some("resolved")));
    }
}
