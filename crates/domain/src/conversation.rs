//! The conversation: its states, the events allowed in each, and the result of every event.
//!
//! `apply` is the only definition of what each event does in each state; each event has a function in the file of its area, and a state that the function does not
//! name is refused. The bot can no longer speak once the owner has
//! changed: each change raises `epoch`, and each answer of the bot carries the epoch it was computed for.

mod about;
mod alert;
mod consequence;
mod end;
mod event;
#[cfg(test)]
mod fixture;
mod intervene;
mod judge;
mod judgement;
mod labels;
mod left;
mod offer;
mod own_words;
mod pause;
mod serve;
mod spoken;
mod state;
mod step;
mod talk;
mod wait;

use crate::{
    entry::{
        Body, Fact,
        body::{self, BeganWith},
        fact,
    },
    id::{AgentId, ConversationId, QuestionKindId, QueueId, SiteId, TenantId, VisitorId},
    journal::{Actor, NewEntry},
    refusal::{Code, Refusal},
    routing::rules::CHAT_UNITS,
    stream::{StreamKind, StreamName},
    text::Lang,
    time::{DAY, HOUR, MINUTE, SECOND, Ts},
};

pub use consequence::Consequence;
pub use event::{Asked, Asker, Assignee, Event, Intervention, Opening, ReopenTo, Said, Told, TransferTo, Transition, contact_line};
pub use judgement::GivenAnswer;
pub use offer::Offer;
pub use own_words::{CORRECTION_WINDOW_MS, MOST_CORRECTIONS, RECALL_WINDOW_MS};
pub use pause::SNOOZE_LIMIT_MS;
pub use spoken::{Quote, Spoken};
pub use state::{AnswerOutcome, BotWork, Channel, Episode, Outcome, Owner, Place, State};

use step::Step;

/// A conversation as decisions see it. `version` is stored in the stream's head row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    /// The id, chosen by the client; also the id of the stream.
    pub id: ConversationId,
    /// The company it belongs to.
    pub tenant: TenantId,
    /// The site it takes place on.
    pub site: SiteId,
    /// The visitor who wrote it.
    pub visitor: VisitorId,
    /// The channel it came in on.
    pub channel: Channel,
    /// Its current state.
    pub state: State,
    /// Raised by each change of owner.
    pub epoch: i64,
    /// Raised by each change of this row.
    pub version: i64,
    /// The current episode.
    pub episode: Episode,
    /// The queue it waits in, or was served from.
    pub queue: Option<QueueId>,
    /// The agent who serves it, or served it last.
    pub agent: Option<AgentId>,
    /// The customer's language.
    pub lang: Lang,
    /// The product being asked about.
    pub product: Option<String>,
    /// When it was opened.
    pub created_at: Ts,
    /// Since when it has been waiting; kept when its agent is lost.
    pub queued_at: Option<Ts>,
    /// Since when the current agent has had it.
    pub assigned_at: Option<Ts>,
    /// To whom it is offered, while it is.
    pub offer: Option<Offer>,
    /// The units that it takes of whoever serves it.
    pub units: i64,
    /// When it was settled.
    pub resolved_at: Option<Ts>,
    /// When it has to be looked at, at the latest; every open conversation has such a time.
    pub due_at: Option<Ts>,
    /// Since when a message left for later has been waiting in it.
    pub left_at: Option<Ts>,
    /// Since when nobody has acknowledged that somebody in it may be in danger.
    pub alerted_at: Option<Ts>,
    /// The message that says that somebody may be in danger, as long as no member of the staff has replied since: acknowledging the alert answers nobody.
    pub danger_of: Option<i64>,
    /// Since when its agent has set it aside: on hold, or snoozed. Once a snooze has ended by its time, since when it waits for its agent.
    pub paused_at: Option<Ts>,
    /// The colleagues whom notes in it have called: they may read it while it is open.
    pub called: Vec<AgentId>,
    /// The kind of question that the customer chose in this episode; `None` if they chose none.
    pub about: Option<QuestionKindId>,
    /// When the customer said what it is about, or skipped that; `None` while they may still be asked in this episode.
    pub about_at: Option<Ts>,
    /// When the customer was last offered to leave a message instead of waiting on.
    pub message_offered_at: Option<Ts>,
    /// When it last came back to its queue because its agent was lost.
    pub returned_at: Option<Ts>,
}

/// A reply within this time after the end continues the conversation, in milliseconds.
pub const REOPEN_WINDOW_MS: i64 = DAY;
/// An agent who ended a conversation by mistake and takes that back within this time goes on with the same episode, in milliseconds. Pages offer it for less.
pub const UNDO_WINDOW_MS: i64 = 30 * SECOND;
/// A customer who comes back within this time after the end was not served for good, in milliseconds.
pub const RETURN_WINDOW_MS: i64 = 3 * DAY;
/// A conversation with the bot ends after this much silence, in milliseconds.
pub const BOT_IDLE_MS: i64 = 30 * MINUTE;
/// A conversation with an agent is looked at after this much silence, in milliseconds.
pub const AGENT_IDLE_MS: i64 = 12 * HOUR;
/// A conversation that has waited in a queue for this long is given up, in milliseconds.
pub const QUEUE_LIMIT_MS: i64 = DAY;

/// A conversation waits this long for the answer to a left message, in milliseconds.
pub const LEFT_MESSAGE_LIMIT_MS: i64 = 30 * DAY;

impl Conversation {
    /// A conversation that begins now with the bot, and its first entry.
    pub fn open(opening: Opening, now: Ts) -> (Self, NewEntry) {
        let Opening { id, tenant, site, visitor, channel, lang, product } = opening;
        let this = Self {
            id,
            tenant,
            site,
            visitor,
            channel,
            state: State::Bot,
            epoch: 1,
            version: 1,
            episode: Episode::begin(1, Owner::Bot, now),
            queue: None,
            agent: None,
            lang,
            product: product.clone(),
            created_at: now,
            queued_at: None,
            assigned_at: None,
            offer: None,
            units: CHAT_UNITS,
            resolved_at: None,
            due_at: Some(now.plus(BOT_IDLE_MS)),
            left_at: None,
            alerted_at: None,
            danger_of: None,
            paused_at: None,
            called: Vec::new(),
            about: None,
            about_at: None,
            message_offered_at: None,
            returned_at: None,
        };
        let opened = body::Opened { episode: 1, lang, product: product.clone(), page: None };
        let fact = fact::Opened { ep: 1, with: BeganWith::Bot, lang, channel, site, goods: product };
        let entry = this.entry(Actor::customer(visitor.uuid()), Body::Opened(opened), Fact::Opened(fact));
        (this, entry)
    }

    /// The name of its stream.
    pub const fn stream(&self) -> StreamName {
        StreamName { kind: StreamKind::Conversation, id: self.id.uuid() }
    }

    /// Its place in the lists of the desk.
    pub const fn place(&self) -> Place {
        Place { state: self.state, queue: self.queue, agent: self.agent, is_left: self.left_at.is_some(), is_alerted: self.alerted_at.is_some() }
    }

    /// Whether this event changes only counters and times, so that it can be written in bulk under the version's guard.
    pub fn is_hot(&self, event: &Event) -> bool {
        match event {
            Event::CustomerSays { product, .. } => product.is_none() && matches!(self.state, State::Bot | State::Queued | State::Active),
            Event::BotSays { epoch, .. } => self.state == State::Bot && *epoch == self.epoch,
            Event::AgentSays { agent, .. } => {
                self.state == State::Active
                    && self.agent == Some(*agent)
                    && self.episode.first_human_reply_at.is_some()
                    && self.left_at.is_none()
                    && self.alerted_at.is_none()
                    && self.danger_of.is_none()
                    && self.paused_at.is_none()
            }
            Event::Note { mentions, .. } => mentions.is_empty() && self.state != State::Closed,
            _ => false,
        }
    }

    /// Decides an event. `actor` causes it; their permission has already been checked ([`crate::policy`]).
    pub fn apply(&self, event: Event, actor: &Actor, now: Ts) -> Result<Transition, Refusal> {
        if self.state == State::Closed && !matches!(event, Event::AcknowledgeAlert { .. }) {
            return Err(Refusal::new(Code::ConversationClosed));
        }
        let is_hot = self.is_hot(&event);
        let mut step = Step::begin(self, actor, now);
        match event {
            Event::CustomerSays { said, reopen, product } => step.on_customer_says(said, &reopen, product)?,
            Event::BotSays { said, epoch } => step.on_bot_says(said, epoch)?,
            Event::AgentSays { said, agent } => step.on_agent_says(said, agent)?,
            Event::Note { text, files, mentions, quote } => step.on_note(text, files, mentions, quote),
            Event::Recall { of } => step.on_recall(&of)?,
            Event::Correct { of, text } => step.on_correct(&of, text)?,
            Event::RequestHuman { via, of, queue, queue_name, reason, told } => step.on_request_human((via, of), reason, (queue, queue_name), told)?,
            Event::OfferMessage { promised_by } => step.on_offer_message(promised_by)?,
            Event::AskAbout { about, to } => step.on_ask_about(about, to)?,
            Event::LeaveQueue => step.on_leave_queue()?,
            Event::Return { queue, queue_name } => step.on_return(queue, queue_name)?,
            Event::Assign { to, units, trace } => step.on_assign(&to, units, trace)?,
            Event::Offer { to, units, until, trace } => step.on_offer(&to, units, until, trace)?,
            Event::EndOffer { agent, how } => step.on_end_offer(agent, how)?,
            Event::Overflow { to, to_name, why } => step.on_overflow(to, to_name, why)?,
            Event::LoseQueue { to, to_name } => step.on_lose_queue(to, to_name)?,
            Event::Take { by } => step.on_take(&by)?,
            Event::TransferToAgent { to, from_name, note } => step.on_transfer_to_agent(&to, from_name, note)?,
            Event::TransferToQueue { queue, queue_name, from_name, note } => step.on_transfer_to_queue(queue, queue_name, from_name, note)?,
            Event::HandBack => step.on_hand_back()?,
            Event::LeaveMessage { said, told, contact } => step.on_leave_message(said, told, contact)?,
            Event::AnswerLeft { said, by } => step.on_answer_left(said, &by)?,
            Event::TendLeft { waits_since } => step.on_tend_left(waits_since),
            Event::RaiseAlert { of } => step.on_raise_alert(of)?,
            Event::AcknowledgeAlert { by } => step.on_acknowledge_alert(by)?,
            Event::Label { before, now, by } => step.on_label(before, now, by)?,
            Event::Hold => step.on_hold()?,
            Event::Snooze { until } => step.on_snooze(until)?,
            Event::Wake { is_due } => step.on_wake(is_due)?,
            Event::Resolve => step.on_resolve()?,
            Event::Reopen { to, ended_by } => step.on_reopen(&to, ended_by)?,
            Event::End { bot } => step.on_end(bot)?,
            Event::Expire { bot } => step.on_expire(bot),
            Event::JudgeAnswer { answer, helpful } => step.on_judge_answer(answer, helpful)?,
            Event::Rate { score, comment, solved, reasons } => step.on_rate(score, comment, solved, reasons)?,
            Event::Intervene(how) => step.on_intervene(how)?,
        }
        step.keep_danger_heard();
        step.keep_paused();
        Ok(step.end(is_hot))
    }

    /// An entry of this conversation.
    pub fn entry(&self, actor: Actor, body: Body, fact: Fact) -> NewEntry {
        NewEntry::new(self.stream(), self.tenant, actor, body, fact)
    }

    pub(super) const fn in_episode(&self) -> fact::InEpisode {
        fact::InEpisode { ep: self.episode.number }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        conversation::AnswerOutcome,
        entry::{
            EntryKind,
            body::{AskedVia, AssignedHow, EndedBy, OfferEnd, OverflowWhy, Routing},
        },
        handoff,
        handoff_reason::HandoffReason,
    };

    const NOW: Ts = Ts(1_000_000);
    const AGENT: AgentId = AgentId::new(Uuid::from_u128(1));
    const OTHER: AgentId = AgentId::new(Uuid::from_u128(2));
    const QUEUE: QueueId = QueueId::new(Uuid::from_u128(3));
    const ELSEWHERE: QueueId = QueueId::new(Uuid::from_u128(4));

    fn assignee(agent: AgentId) -> Assignee {
        Assignee { agent, name: "周敏".into(), number: "1024".into() }
    }
    fn said() -> Said {
        Said::text("x")
    }
    fn given() -> GivenAnswer {
        GivenAnswer {
            ord: 1,
            seq: 3,
            question: 2,
            episode: 1,
            outcome: Some(AnswerOutcome::Confident),
            entry: Some("kb-1".into()),
            is_last: true,
            judged: Vec::new(),
        }
    }
    fn in_state(state: State) -> Conversation {
        let id = |n| Uuid::from_u128(n);
        let (mut c, _) = Conversation::open(
            Opening {
                id: ConversationId::new(id(9)),
                tenant: TenantId::new(id(8)),
                site: SiteId::new(id(7)),
                visitor: VisitorId::new(id(6)),
                channel: Channel::Web,
                lang: Lang::Zh,
                product: None,
            },
            Ts(0),
        );
        c.state = state;
        if state != State::Bot {
            c.queue = Some(QUEUE);
            c.queued_at = Some(Ts(500));
        }
        if state == State::Offered {
            c.offer = Some(Offer { agent: AGENT, until: Ts(1_030_000) });
        }
        if matches!(state, State::Active | State::OnHold | State::Snoozed | State::Resolved) {
            c.agent = Some(AGENT);
            c.assigned_at = Some(Ts(600));
        }
        if state == State::Resolved {
            c.resolved_at = Some(Ts(900_000));
        }
        c
    }
    fn events() -> Vec<(&'static str, Event)> {
        vec![
            ("customer_says", Event::CustomerSays { said: said(), reopen: ReopenTo::Queue, product: None }),
            ("bot_says", Event::BotSays { said: said(), epoch: 1 }),
            (
                "request_human",
                Event::RequestHuman { via: AskedVia::Button, of: None, queue: QUEUE, queue_name: "q".into(), reason: None, told: Told::default() },
            ),
            ("ask_about", Event::AskAbout { about: body::AskedAbout::default(), to: None }),
            ("offer_message", Event::OfferMessage { promised_by: None }),
            ("leave_queue", Event::LeaveQueue),
            ("assign", Event::Assign { to: assignee(AGENT), units: 2, trace: Routing::default() }),
            ("take", Event::Take { by: assignee(AGENT) }),
            ("agent_says", Event::AgentSays { said: said(), agent: AGENT }),
            ("note", Event::Note { text: "n".into(), files: Vec::new(), mentions: Vec::new(), quote: None }),
            ("transfer_to_agent", Event::TransferToAgent { to: assignee(OTHER), from_name: "a".into(), note: None }),
            ("transfer_to_queue", Event::TransferToQueue { queue: ELSEWHERE, queue_name: "q".into(), from_name: "a".into(), note: None }),
            ("return", Event::Return { queue: QUEUE, queue_name: String::new() }),
            ("resolve", Event::Resolve),
            ("end", Event::End { bot: BotWork::Answered }),
            ("expire", Event::Expire { bot: BotWork::Answered }),
            ("rate", Event::Rate { score: 5, comment: None, solved: None, reasons: vec![] }),
            ("leave_message", Event::LeaveMessage { said: said(), told: Told::default(), contact: None }),
            ("answer_left", Event::AnswerLeft { said: said(), by: assignee(OTHER) }),
            ("tend_left", Event::TendLeft { waits_since: None }),
            ("judge_answer", Event::JudgeAnswer { answer: given(), helpful: true }),
            ("hand_back", Event::HandBack),
            ("raise_alert", Event::RaiseAlert { of: 2 }),
            ("acknowledge", Event::AcknowledgeAlert { by: AGENT }),
            ("reopen", Event::Reopen { to: assignee(AGENT), ended_by: EndedBy::Agent }),
            ("offer", Event::Offer { to: assignee(AGENT), units: 2, until: Ts(1_030_000), trace: Routing::default() }),
            ("end_offer", Event::EndOffer { agent: AGENT, how: OfferEnd::Passed }),
            ("overflow", Event::Overflow { to: ELSEWHERE, to_name: "q".into(), why: OverflowWhy::Wait }),
            ("whisper", Event::Intervene(Intervention::Whisper { text: "w".into() })),
            ("take_from", Event::Intervene(Intervention::TakeOver { by: assignee(OTHER), from: AGENT, from_name: "a".into(), why: None })),
            ("hold", Event::Hold),
            ("snooze", Event::Snooze { until: NOW.plus(HOUR) }),
            ("wake", Event::Wake { is_due: false }),
            ("lose_queue", Event::LoseQueue { to: ELSEWHERE, to_name: "q".into() }),
        ]
    }

    /// The complete table: the state after each event in the order of [`events`], or `-` if it is refused.
    const TABLE: [(State, &str); 8] = [
        (State::Bot, "bot bot queued bot - - - active - bot - - - - resolved resolved - resolved active bot bot - bot - - - - - - - - - - -"),
        (
            State::Queued,
            "queued - - queued queued bot active active - queued - queued - - resolved resolved - resolved active queued queued - queued - - offered - queued - - - - - queued",
        ),
        (
            State::Offered,
            "offered - - offered offered bot active active - offered - queued queued - resolved resolved - resolved active offered offered - offered - - - queued - - - - - - queued",
        ),
        (
            State::Active,
            "active - - active - - - - active active active queued queued resolved resolved resolved - - - active active bot active - - - - - active active on_hold snoozed - active",
        ),
        (
            State::OnHold,
            "active - - on_hold - - - - active on_hold active queued queued resolved resolved resolved - - - on_hold on_hold bot on_hold - - - - - on_hold active - snoozed active on_hold",
        ),
        (
            State::Snoozed,
            "active - - snoozed - - - - active snoozed active queued queued resolved resolved resolved - - - snoozed snoozed bot snoozed - - - - - snoozed active on_hold snoozed active snoozed",
        ),
        (
            State::Resolved,
            "queued - queued bot - - - - - resolved - - - - - closed resolved resolved active resolved resolved - resolved - active - - - - - - - - -",
        ),
        (State::Closed, "- - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - -"),
    ];

    #[test]
    fn every_pair_of_state_and_event_is_decided_as_the_table_says() {
        for (state, row) in TABLE {
            for ((name, event), expected) in events().into_iter().zip(row.split(' ')) {
                let c = in_state(state);
                let got = c.apply(event, &Actor::system(), NOW).map_or("-".to_owned(), |t| t.next.state.as_str().to_owned());
                assert_eq!(got, expected, "{} x {name}", state.as_str());
            }
        }
    }

    #[test]
    fn who_is_moved_to_another_queue_keeps_the_place_of_their_wait() {
        let waits = in_state(State::Queued);
        let to = |queue| Event::TransferToQueue { queue, queue_name: "q".into(), from_name: "a".into(), note: None };
        let moved = waits.apply(to(ELSEWHERE), &Actor::system(), NOW).unwrap();
        assert_eq!((moved.next.queue, moved.next.queued_at, moved.next.epoch), (Some(ELSEWHERE), waits.queued_at, waits.epoch));
        assert_eq!(moved.entries.iter().map(|entry| entry.kind()).collect::<Vec<_>>(), [EntryKind::Transferred, EntryKind::Queued]);
        assert_eq!(waits.apply(to(QUEUE), &Actor::system(), NOW).unwrap_err(), Refusal::new(Code::AlreadyThere));
        let back = in_state(State::Active).apply(to(QUEUE), &Actor::system(), NOW).unwrap();
        assert_eq!(back.next.queued_at, Some(NOW), "who comes back from an agent waits anew");
    }

    #[test]
    fn an_episode_is_resolved_by_the_bot_only_where_its_last_answer_was_one() {
        for (outcomes, work, expected) in [
            (&[AnswerOutcome::Confident][..], BotWork::Answered, Outcome::BotResolvedAssumed),
            (&[AnswerOutcome::SmallTalk, AnswerOutcome::Attribute, AnswerOutcome::NoAnswer], BotWork::Answered, Outcome::BotResolvedAssumed),
            (&[AnswerOutcome::NoAnswer, AnswerOutcome::NoAnswer, AnswerOutcome::Confident], BotWork::Missed, Outcome::BotUnanswered),
            (&[AnswerOutcome::SmallTalk, AnswerOutcome::NoAnswer], BotWork::Missed, Outcome::BotUnanswered),
            (&[AnswerOutcome::DidYouMean], BotWork::Missed, Outcome::BotUnanswered),
            (&[AnswerOutcome::Closed, AnswerOutcome::Confident], BotWork::Missed, Outcome::BotUnanswered),
            (&[AnswerOutcome::SmallTalk], BotWork::Nothing, Outcome::Dropped),
            (&[], BotWork::Nothing, Outcome::Dropped),
        ] {
            let bot = BotWork::of(outcomes.iter().map(|outcome| (*outcome, None)));
            assert_eq!(bot, work, "{outcomes:?}");
            for event in [Event::End { bot }, Event::Expire { bot }] {
                let ended = in_state(State::Bot).apply(event, &Actor::system(), NOW).unwrap().next;
                assert_eq!(ended.episode.outcome, Some(expected), "{outcomes:?}");
            }
        }
        let ended = in_state(State::Queued).apply(Event::End { bot: BotWork::Missed }, &Actor::system(), NOW).unwrap().next;
        assert_eq!(ended.episode.outcome, Some(Outcome::AbandonedInQueue));
    }

    #[test]
    fn what_the_customer_says_of_the_last_answer_tells_how_the_episode_ended() {
        use AnswerOutcome::{Confident, NoAnswer, SmallTalk};
        for (answers, work) in [
            (&[(Confident, Some(true)), (NoAnswer, None)][..], BotWork::Helped),
            (&[(SmallTalk, None), (Confident, Some(true))], BotWork::Helped),
            (&[(Confident, Some(false))], BotWork::Missed),
            (&[(Confident, None), (Confident, Some(true))], BotWork::Answered),
            (&[(NoAnswer, None), (Confident, Some(true))], BotWork::Missed),
        ] {
            assert_eq!(BotWork::of(answers.iter().copied()), work, "{answers:?}");
        }
        let ended = in_state(State::Bot).apply(Event::End { bot: BotWork::Helped }, &Actor::system(), NOW).unwrap().next;
        assert_eq!(ended.episode.outcome, Some(Outcome::BotResolvedConfirmed));
        let judged = |is_last, helpful| {
            let answer = GivenAnswer { is_last, ..given() };
            ended.apply(Event::JudgeAnswer { answer, helpful }, &Actor::customer(Uuid::nil()), NOW).unwrap().next.episode.outcome
        };
        assert_eq!((judged(true, false), judged(true, true)), (Some(Outcome::BotUnanswered), Some(Outcome::BotResolvedConfirmed)));
        assert_eq!(judged(false, false), Some(Outcome::BotResolvedConfirmed), "an earlier answer does not tell how it ended");
    }

    #[test]
    fn a_judgement_says_which_answer_it_is_about_and_changes_nothing_else() {
        let c = in_state(State::Active);
        let judged = c.apply(Event::JudgeAnswer { answer: given(), helpful: false }, &Actor::customer(Uuid::nil()), NOW).unwrap();
        assert_eq!(Conversation { version: c.version, ..judged.next }, c);
        assert_eq!(judged.entries[0].body.to_json_parts(), (r#"{"answer":1,"helpful":false}"#.to_owned(), None));
        assert_eq!(judged.entries[0].fact.to_json(), r#"{"entry":"kb-1","ep":1,"helpful":false,"of":3,"question":2}"#);
        let earlier = GivenAnswer { episode: 0, ..given() };
        let refused = c.apply(Event::JudgeAnswer { answer: earlier, helpful: false }, &Actor::customer(Uuid::nil()), NOW);
        assert_eq!(refused.unwrap_err(), Refusal::new(Code::NotAnAnswer));
    }

    #[test]
    fn the_customers_word_decides_whether_the_bot_helped() {
        let rated = |bot, score, solved| {
            let ended = in_state(State::Bot).apply(Event::End { bot }, &Actor::system(), NOW).unwrap().next;
            ended.apply(Event::Rate { score, comment: None, solved, reasons: vec![] }, &Actor::system(), NOW).unwrap().next.episode.outcome.unwrap()
        };
        assert_eq!(rated(BotWork::Answered, 2, Some(true)), Outcome::BotResolvedConfirmed);
        assert_eq!(rated(BotWork::Answered, 5, Some(false)), Outcome::BotUnanswered);
        assert_eq!(rated(BotWork::Answered, 4, None), Outcome::BotResolvedConfirmed);
        assert_eq!(rated(BotWork::Answered, 3, None), Outcome::BotResolvedAssumed);
        assert_eq!(rated(BotWork::Missed, 5, None), Outcome::BotUnanswered);
        assert_eq!(rated(BotWork::Missed, 5, Some(true)), Outcome::BotResolvedConfirmed);
        assert_eq!(rated(BotWork::Nothing, 5, Some(true)), Outcome::Dropped);
        assert_eq!(Outcome::Resolved.rated(5, Some(false)), Outcome::Resolved);
    }

    #[test]
    fn every_change_of_owner_raises_the_epoch_and_every_cold_event_the_version() {
        for &state in State::EACH {
            for (name, event) in events() {
                let c = in_state(state);
                let hot = c.is_hot(&event);
                let Ok(t) = c.apply(event, &Actor::system(), NOW) else { continue };
                let changed = t.next.state.owner() != c.state.owner() || t.next.agent != c.agent;
                assert_eq!(t.next.epoch - c.epoch, i64::from(changed), "{} x {name}", state.as_str());
                assert_eq!(t.next.version - c.version, i64::from(!hot), "{} x {name}", state.as_str());
                if hot {
                    assert_eq!(Conversation { version: c.version, ..t.next }, c, "a hot event changes nothing: {} x {name}", state.as_str());
                }
            }
        }
    }

    #[test]
    fn every_open_conversation_has_a_time_at_which_somebody_looks() {
        for &state in State::EACH {
            for (name, event) in events() {
                let Ok(t) = in_state(state).apply(event, &Actor::system(), NOW) else { continue };
                assert_eq!(t.next.due_at.is_none(), t.next.state == State::Closed, "{} x {name}", state.as_str());
            }
        }
    }

    #[test]
    fn a_bot_answer_for_an_older_epoch_is_refused() {
        let mut c = in_state(State::Bot);
        c.epoch = 3;
        let refused = c.apply(Event::BotSays { said: said(), epoch: 1 }, &Actor::bot("b"), NOW);
        assert_eq!(refused.err(), Some(Refusal::new(Code::BotSuperseded)));
    }

    #[test]
    fn the_first_human_reply_is_stamped_once_and_is_not_hot() {
        let c = in_state(State::Active);
        let reply = || Event::AgentSays { said: said(), agent: AGENT };
        assert!(!c.is_hot(&reply()));
        let after = c.apply(reply(), &Actor::system(), NOW).unwrap().next;
        assert_eq!(after.episode.first_human_reply_at, Some(NOW));
        assert!(after.is_hot(&reply()));
    }

    #[test]
    fn who_has_a_conversation_that_goes_on_is_named() {
        let reopened = |reopen| {
            in_state(State::Resolved).apply(Event::CustomerSays { said: said(), reopen, product: None }, &Actor::system(), NOW).unwrap().entries[0].clone()
        };
        let entry = reopened(ReopenTo::Agent(assignee(AGENT)));
        let (words, staff) = entry.body.to_json_parts();
        assert_eq!(words, r#"{"episode":2,"name":"周敏","number":"1024","with":"agent"}"#);
        assert_eq!(staff, Some(format!(r#"{{"agent":"{AGENT}"}}"#)));
        for to in [ReopenTo::Queue, ReopenTo::Bot] {
            let (words, staff) = reopened(to).body.to_json_parts();
            assert!(!words.contains("name") && staff.is_none(), "{words}");
        }
    }

    #[test]
    fn a_reply_after_the_window_needs_a_new_conversation() {
        let c = in_state(State::Resolved);
        let late = Ts(900_000 + REOPEN_WINDOW_MS + 1);
        let refused = c.apply(Event::CustomerSays { said: said(), reopen: ReopenTo::Bot, product: None }, &Actor::system(), late);
        assert_eq!(refused.err(), Some(Refusal::new(Code::ConversationClosed)));
    }

    #[test]
    fn an_end_that_is_taken_back_at_once_was_none_and_later_another_episode_begins() {
        let mut served = in_state(State::Active);
        (served.episode.accepted_at, served.episode.first_human_reply_at) = (Some(Ts(600)), Some(Ts(700)));
        let ended = served.apply(Event::Resolve, &Actor::agent(AGENT, "a"), NOW).unwrap().next;
        let reopen = |agent, ended_by| Event::Reopen { to: assignee(agent), ended_by };
        let reopened = |agent, after| ended.apply(reopen(agent, EndedBy::Agent), &Actor::agent(agent, "a"), NOW.plus(after));
        for (agent, after, expected) in [
            (AGENT, 3_000, Some((1, true))),
            (AGENT, UNDO_WINDOW_MS, Some((1, true))),
            (AGENT, UNDO_WINDOW_MS + 1, Some((2, false))),
            (AGENT, REOPEN_WINDOW_MS, Some((2, false))),
            (AGENT, REOPEN_WINDOW_MS + 1, None),
            // A manager who has it from then on continues nobody's episode.
            (OTHER, 3_000, Some((2, false))),
        ] {
            let got = reopened(agent, after);
            let Some((number, undo)) = expected else {
                assert_eq!(got.unwrap_err(), Refusal::new(Code::ConversationClosed));
                continue;
            };
            let Transition { next, entries, .. } = got.unwrap();
            assert_eq!((next.state, next.agent, next.resolved_at, next.epoch), (State::Active, Some(agent), None, ended.epoch + 1), "{after}");
            assert_eq!((next.episode.number, next.episode.ended_at, next.episode.outcome), (number, None, None), "{after}");
            let Fact::Reopened(fact) = &entries[0].fact else { panic!("{entries:?}") };
            assert!(matches!(&entries[0].body, Body::Reopened(body) if body.undo == undo), "{entries:?}");
            assert_eq!((fact.ep, fact.undo, fact.agent, &entries[0].actor), (number, undo, Some(agent), &Actor::agent(agent, "a")), "{after}");
        }
        let undone = reopened(AGENT, 3_000).unwrap().next;
        assert_eq!(undone.episode, served.episode);
        // A customer who has rated it has noticed the end.
        let rated = ended.apply(Event::Rate { score: 1, comment: None, solved: None, reasons: vec![] }, &Actor::customer(Uuid::nil()), NOW).unwrap().next;
        let after = rated.apply(reopen(AGENT, EndedBy::Agent), &Actor::agent(AGENT, "a"), NOW).unwrap().next;
        assert_eq!((after.episode.number, after.episode.score), (2, None));
        // What the bot ended is not an agent's mistake.
        let back = served.apply(Event::HandBack, &Actor::agent(AGENT, "a"), NOW).unwrap().next;
        let silent = back.apply(Event::Expire { bot: BotWork::Answered }, &Actor::system(), NOW).unwrap().next;
        let again = silent.apply(reopen(AGENT, EndedBy::System), &Actor::agent(AGENT, "a"), NOW).unwrap().next;
        assert_eq!((again.state, again.episode.number), (State::Active, 2));
        // Nor is what ended by itself after a long silence.
        let silent = served.apply(Event::Expire { bot: BotWork::Nothing }, &Actor::system(), NOW).unwrap().next;
        assert_eq!(silent.apply(reopen(AGENT, EndedBy::System), &Actor::agent(AGENT, "a"), NOW).unwrap().next.episode.number, 2);
        // What the customer ended is not the staff's to take back.
        let left = served.apply(Event::End { bot: BotWork::Nothing }, &Actor::customer(Uuid::nil()), NOW).unwrap().next;
        for (agent, after, expected) in
            [(AGENT, 0, Err(Code::EndedByCustomer)), (OTHER, UNDO_WINDOW_MS, Err(Code::EndedByCustomer)), (AGENT, UNDO_WINDOW_MS + 1, Ok(2))]
        {
            let got = left.apply(reopen(agent, EndedBy::Customer), &Actor::agent(agent, "a"), NOW.plus(after));
            assert_eq!(got.map(|done| done.next.episode.number).map_err(|refusal| refusal.code), expected, "{after}");
        }
    }

    #[test]
    fn a_left_message_ends_the_episode_and_is_no_question_to_the_bot() {
        let left =
            in_state(State::Bot).apply(Event::LeaveMessage { said: said(), told: Told::default(), contact: None }, &Actor::customer(Uuid::nil()), NOW).unwrap();
        let kinds: Vec<&str> = left.entries.iter().map(|entry| entry.kind().as_str()).collect();
        assert_eq!((kinds, left.own), (vec!["message", "resolved"], 0));
        assert!(matches!(&left.entries[0].fact, Fact::Message(fact) if fact.to == Some(Owner::Nobody)), "{:?}", left.entries[0].fact);
        assert_eq!((left.next.episode.outcome, left.next.left_at), (Some(Outcome::LeftMessage), Some(NOW)));
        assert_eq!(left.next.due_at, Some(NOW.plus(LEFT_MESSAGE_LIMIT_MS)));
    }

    #[test]
    fn a_left_message_is_answered_days_later_in_a_new_episode() {
        let left = in_state(State::Queued)
            .apply(Event::LeaveMessage { said: said(), told: Told::default(), contact: None }, &Actor::customer(Uuid::nil()), NOW)
            .unwrap()
            .next;
        let later = NOW.plus(5 * DAY);
        let answered = left.apply(Event::AnswerLeft { said: said(), by: assignee(OTHER) }, &Actor::agent(OTHER, "b"), later).unwrap();
        let kinds: Vec<&str> = answered.entries.iter().map(|entry| entry.kind().as_str()).collect();
        assert_eq!((kinds, answered.own), (vec!["reopened", "assigned", "message"], 2));
        let next = answered.next;
        assert_eq!((next.state, next.agent, next.left_at, next.episode.number), (State::Active, Some(OTHER), None, 2));
        assert_eq!((next.episode.began_with, next.episode.first_human_reply_at), (Owner::Agent, Some(later)));
        // The customer, too, can continue the conversation for that long.
        let writes = || Event::CustomerSays { said: said(), reopen: ReopenTo::Bot, product: None };
        assert!(left.apply(writes(), &Actor::system(), NOW.plus(LEFT_MESSAGE_LIMIT_MS)).is_ok());
        assert!(left.apply(writes(), &Actor::system(), NOW.plus(LEFT_MESSAGE_LIMIT_MS + 1)).is_err());
    }

    #[test]
    fn a_left_message_that_was_taken_care_of_waits_no_longer_and_can_wait_again() {
        let left = in_state(State::Bot)
            .apply(Event::LeaveMessage { said: said(), told: Told::default(), contact: None }, &Actor::customer(Uuid::nil()), NOW)
            .unwrap()
            .next;
        let done = left.apply(Event::TendLeft { waits_since: None }, &Actor::system(), NOW.plus(HOUR)).unwrap();
        assert_eq!(done.entries[0].kind(), EntryKind::LeftMessageHandled);
        assert_eq!((done.next.left_at, done.next.due_at), (None, Some(NOW.plus(HOUR + REOPEN_WINDOW_MS))));
        let again = done.next.apply(Event::TendLeft { waits_since: left.left_at }, &Actor::system(), NOW.plus(2 * HOUR)).unwrap().next;
        assert_eq!((again.left_at, again.due_at), (left.left_at, left.due_at));
    }

    #[test]
    fn the_first_words_of_an_agent_answer_what_was_left_before() {
        let mut c = in_state(State::Active);
        (c.left_at, c.episode.first_human_reply_at) = (Some(Ts(1)), Some(Ts(2)));
        let reply = Event::AgentSays { said: said(), agent: AGENT };
        assert!(!c.is_hot(&reply));
        assert_eq!(c.apply(reply, &Actor::system(), NOW).unwrap().next.left_at, None);
    }

    #[test]
    fn a_lost_agent_keeps_the_customers_place() {
        let c = in_state(State::Active);
        let after = c.apply(Event::Return { queue: QUEUE, queue_name: String::new() }, &Actor::system(), NOW).unwrap().next;
        assert_eq!((after.state, after.queued_at, after.agent), (State::Queued, Some(Ts(500)), None));
    }

    #[test]
    fn one_that_was_taken_over_from_the_bot_waits_like_any_other_when_its_agent_is_lost() {
        let taken = in_state(State::Bot).apply(Event::Take { by: assignee(AGENT) }, &Actor::agent(AGENT, "a"), NOW).unwrap().next;
        let after = taken.apply(Event::Return { queue: QUEUE, queue_name: String::new() }, &Actor::system(), NOW).unwrap().next;
        assert_eq!((after.state, after.queue, after.queued_at, after.agent), (State::Queued, Some(QUEUE), Some(NOW), None));
    }

    #[test]
    fn a_conversation_that_is_handed_back_keeps_who_served_it_and_the_bot_speaks_in_a_new_epoch() {
        let mut served = in_state(State::Active);
        served.episode.first_human_reply_at = Some(Ts(700));
        let back = served.apply(Event::HandBack, &Actor::agent(AGENT, "a"), NOW).unwrap();
        assert_eq!(back.entries.iter().map(|entry| entry.kind()).collect::<Vec<_>>(), [EntryKind::HandedBack]);
        let (now, old) = (back.next.epoch, served.epoch);
        assert_eq!((back.next.state, back.next.agent, back.next.queued_at, now), (State::Bot, Some(AGENT), None, old + 1));
        let says = |epoch| back.next.apply(Event::BotSays { said: said(), epoch }, &Actor::bot("b"), NOW);
        assert!(says(now).is_ok());
        assert_eq!(says(old).err(), Some(Refusal::new(Code::BotSuperseded)));
        let taken = back.next.apply(Event::Take { by: assignee(AGENT) }, &Actor::agent(AGENT, "a"), NOW).unwrap();
        let Fact::Assigned(fact::AssignedIn::Conversation(fact)) = &taken.entries[0].fact else { panic!("{:?}", taken.entries) };
        assert_eq!((taken.next.state, fact.how, fact.wait_ms), (State::Active, AssignedHow::TakenOver, 0));
        // What a person served is not the bot's work, whatever the bot said afterwards.
        for bot in [BotWork::Answered, BotWork::Missed, BotWork::Nothing] {
            let ended = back.next.apply(Event::Expire { bot }, &Actor::system(), NOW).unwrap().next;
            assert_eq!(ended.episode.outcome, Some(Outcome::Resolved));
        }
    }

    #[test]
    fn an_alert_waits_for_a_person_however_the_conversation_goes_on() {
        let raised = in_state(State::Bot).apply(Event::RaiseAlert { of: 2 }, &Actor::system(), NOW).unwrap().next;
        assert_eq!(raised.alerted_at, Some(NOW));
        let again = raised.apply(Event::RaiseAlert { of: 4 }, &Actor::system(), NOW.plus(HOUR)).unwrap().next;
        assert_eq!(again.alerted_at, Some(NOW), "it waits since the first");
        let ended = again.apply(Event::Expire { bot: BotWork::Missed }, &Actor::system(), NOW.plus(HOUR)).unwrap().next;
        assert_eq!(ended.due_at, Some(NOW.plus(LEFT_MESSAGE_LIMIT_MS)));
        // Days later somebody writes: that answers it, and the agent has the conversation.
        let later = NOW.plus(3 * DAY);
        let answered = ended.apply(Event::AnswerLeft { said: said(), by: assignee(OTHER) }, &Actor::agent(OTHER, "b"), later).unwrap();
        let Fact::Assigned(fact::AssignedIn::Conversation(fact)) = &answered.entries[1].fact else { panic!("{:?}", answered.entries) };
        assert_eq!((answered.next.alerted_at, answered.next.agent, fact.how), (None, Some(OTHER), AssignedHow::TakenOver));
        let closed = ended.apply(Event::Expire { bot: BotWork::Missed }, &Actor::system(), later).unwrap().next;
        let done = closed.apply(Event::AcknowledgeAlert { by: AGENT }, &Actor::agent(AGENT, "a"), later).unwrap();
        assert_eq!((done.entries[0].kind(), done.next.alerted_at, done.next.state), (EntryKind::AlertAcknowledged, None, State::Closed));
        assert_eq!(done.next.apply(Event::AcknowledgeAlert { by: AGENT }, &Actor::agent(AGENT, "a"), later).err(), Some(Refusal::new(Code::Conflict)));
    }

    #[test]
    fn danger_that_was_seen_is_marked_until_the_staff_reply_and_alerts_again_where_nobody_has_it() {
        let happens = |c: &Conversation, event: Event| c.apply(event, &Actor::system(), NOW).unwrap();
        let seen = |state| {
            let raised = happens(&in_state(state), Event::RaiseAlert { of: 2 }).next;
            happens(&raised, Event::AcknowledgeAlert { by: AGENT }).next
        };
        let served = seen(State::Active);
        assert_eq!((served.alerted_at, served.danger_of), (None, Some(2)));
        let noted = happens(&served, Event::Note { text: "n".into(), files: Vec::new(), mentions: Vec::new(), quote: None }).next;
        let handed_on = happens(&noted, Event::TransferToAgent { to: assignee(OTHER), from_name: "a".into(), note: None });
        assert_eq!((handed_on.next.alerted_at, handed_on.next.danger_of), (None, Some(2)), "somebody has it");

        let (to, told) = (|queue| Event::TransferToQueue { queue, queue_name: "q".into(), from_name: "a".into(), note: None }, Told::default());
        let asks = Event::RequestHuman { via: AskedVia::Button, of: None, queue: QUEUE, queue_name: "q".into(), reason: None, told };
        for (state, event) in [
            (State::Active, Event::Return { queue: QUEUE, queue_name: String::new() }),
            (State::Active, to(QUEUE)),
            (State::Active, Event::HandBack),
            (State::Queued, to(ELSEWHERE)),
            (State::Queued, Event::LeaveQueue),
            (State::Bot, asks),
        ] {
            let again = happens(&seen(state), event);
            assert_eq!((again.next.alerted_at, again.next.danger_of), (Some(NOW), Some(2)), "{state:?}");
            assert_eq!(again.entries.last().unwrap().kind(), EntryKind::Alerted, "{state:?}");
            assert!(again.consequences.contains(&Consequence::AlertedAgain { of: 2 }), "{state:?}: {:?}", again.consequences);
        }

        // The first reply answers it, however much was written before.
        let mut busy = served.clone();
        busy.episode.first_human_reply_at = Some(Ts(1));
        let reply = || Event::AgentSays { said: said(), agent: AGENT };
        assert!(!busy.is_hot(&reply()));
        let answered = happens(&busy, reply()).next;
        assert_eq!(answered.danger_of, None);
        assert_eq!(happens(&answered, Event::Return { queue: QUEUE, queue_name: String::new() }).next.alerted_at, None);

        // An end settles what was seen, unless it is taken back; what nobody has seen stays.
        let ended = happens(&served, Event::Resolve).next;
        let undone = ended.apply(Event::Reopen { to: assignee(AGENT), ended_by: EndedBy::Agent }, &Actor::agent(AGENT, "a"), NOW).unwrap().next;
        assert_eq!(undone.danger_of, Some(2));
        let writes = || Event::CustomerSays { said: said(), reopen: ReopenTo::Queue, product: None };
        assert_eq!(happens(&ended, writes()).next.danger_of, None);
        let unseen = happens(&happens(&in_state(State::Bot), Event::RaiseAlert { of: 2 }).next, Event::Expire { bot: BotWork::Missed }).next;
        assert_eq!(happens(&unseen, writes()).next.danger_of, Some(2));
    }

    #[test]
    fn what_an_event_leads_to_elsewhere_is_decided_with_it() {
        let follows = |c: &Conversation, event: Event| c.apply(event, &Actor::system(), NOW).unwrap().consequences;
        let changes_hands = || vec![Consequence::ChangedHands];
        for &state in State::EACH {
            for (name, event) in events() {
                let c = in_state(state);
                let Ok(t) = c.apply(event, &Actor::system(), NOW) else { continue };
                assert_eq!(t.consequences.contains(&Consequence::ChangedHands), t.next.epoch != c.epoch, "{} x {name}", state.as_str());
                let others = t.consequences.iter().filter(|one| **one != Consequence::ChangedHands).count();
                assert_eq!(others, usize::from(["rate", "leave_message", "end_offer"].contains(&name)), "{} x {name}: {:?}", state.as_str(), t.consequences);
            }
        }

        // A message that is left is listed, and somebody who may be in danger is as urgent as who says yes; the button alone is a request like any other.
        let told = |worry| Told { packet: None, worry };
        let leaves = |worry| Event::LeaveMessage { said: said(), told: told(worry), contact: Some(vec![7]) };
        let asks = |worry| Event::RequestHuman { via: AskedVia::Button, of: None, queue: QUEUE, queue_name: "q".into(), reason: None, told: told(worry) };
        assert_eq!(follows(&in_state(State::Bot), leaves(None)), [Consequence::MessageLeft { contact: Some(vec![7]) }, Consequence::ChangedHands]);
        let worrying = [Consequence::MessageLeft { contact: Some(vec![7]) }, Consequence::AlertDue { of: 2 }, Consequence::ChangedHands];
        assert_eq!(follows(&in_state(State::Bot), leaves(Some(2))), worrying);
        assert_eq!(follows(&in_state(State::Bot), asks(Some(2))), changes_hands());

        // A reply ends what waited for somebody, whoever had the conversation before.
        let mut c = in_state(State::Active);
        (c.left_at, c.alerted_at) = (Some(Ts(1)), Some(Ts(2)));
        let (left, alert) = (|by| Consequence::LeftAnswered { by }, |by| Consequence::AlertAcknowledged { by });
        assert_eq!(follows(&c, Event::AgentSays { said: said(), agent: AGENT }), [left(AGENT), alert(AGENT)]);
        (c.state, c.agent, c.left_at) = (State::Queued, None, None);
        assert_eq!(follows(&c, Event::AnswerLeft { said: said(), by: assignee(OTHER) }), [alert(OTHER), Consequence::ChangedHands]);
        assert_eq!(follows(&c, Event::AcknowledgeAlert { by: OTHER }), [alert(OTHER)]);
        let rated = Event::Rate { score: 5, comment: Some("好".into()), solved: None, reasons: vec![] };
        assert_eq!(follows(&in_state(State::Resolved), rated), [Consequence::Commented { comment: Some("好".into()), solved: None }]);
    }

    #[test]
    fn what_the_staff_are_told_comes_before_the_rest_and_the_senders_own_entry_stays_the_senders() {
        let packet = || Some(Box::new(handoff::packet(HandoffReason::Button, &[], Vec::new())));
        let told = || Told { packet: packet(), worry: None };
        let kinds = |t: &Transition| t.entries.iter().map(|entry| entry.kind()).collect::<Vec<_>>();
        let asks = Event::RequestHuman { via: AskedVia::Button, of: None, queue: QUEUE, queue_name: "q".into(), reason: None, told: told() };
        let asked = in_state(State::Bot).apply(asks, &Actor::customer(Uuid::nil()), NOW).unwrap();
        assert_eq!((kinds(&asked), asked.own), (vec![EntryKind::Handoff, EntryKind::HumanRequested, EntryKind::Queued], 1));
        let left = in_state(State::Bot).apply(Event::LeaveMessage { said: said(), told: told(), contact: None }, &Actor::customer(Uuid::nil()), NOW).unwrap();
        assert_eq!((kinds(&left), left.own), (vec![EntryKind::Handoff, EntryKind::Message, EntryKind::Resolved], 1));
        let noted = Event::TransferToAgent { to: assignee(OTHER), from_name: "a".into(), note: Some("n".into()) };
        let transferred = in_state(State::Active).apply(noted, &Actor::agent(AGENT, "a"), NOW).unwrap();
        assert_eq!((kinds(&transferred), transferred.own), (vec![EntryKind::Note, EntryKind::Transferred, EntryKind::Assigned], 1));
    }

    #[test]
    fn another_agent_cannot_speak_in_a_colleagues_conversation() {
        let c = in_state(State::Active);
        let refused = c.apply(Event::AgentSays { said: said(), agent: OTHER }, &Actor::system(), NOW);
        assert_eq!(refused.err(), Some(Refusal::new(Code::NotYours)));
    }
}
