//! Facts as the product writes them: random customers, a bot and agents, decided by the real conversation rules. The same seed gives the same facts.

use std::collections::{BTreeMap, HashMap};

use db::feed::Fact;
use domain::{
    conversation::{
        AnswerOutcome, Assignee, BotWork, Channel, Conversation, Event, GivenAnswer, Opening, RETURN_WINDOW_MS, ReopenTo, Said, State, Told, UNDO_WINDOW_MS,
    },
    entry::{
        Body, Fact as EntryFact,
        body::{self, AskedVia, EndedBy, Routing, Verdict},
        fact,
    },
    handoff_reason::HandoffReason,
    id::{AgentId, ConversationId, QueueId, SiteId, TenantId, VisitorId},
    journal::{Actor, Head, NewEntry, StoredEntry},
    rating,
    routing::rules::CHAT_UNITS,
    staff::AgentState,
    stream::{StreamKind, StreamName},
    text::Lang,
    time::{DAY, Ts},
};
use serde_json::{Value, json};
use uuid::Uuid;

/// A small pseudo-random number generator (splitmix64).
pub struct Random(pub u64);

impl Random {
    /// The next number.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    /// A number below `n`, which is not 0.
    pub fn below(&mut self, n: usize) -> usize {
        (self.draw() % n as u64) as usize
    }
    /// One of these, of which there is at least one.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
    /// As [`Self::pick`], but of a single one no number is drawn.
    fn choose<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        if let [one] = of { one } else { self.pick(of) }
    }
}

/// Who and what occurs in the traffic; of each at least one.
#[derive(Debug, Clone)]
pub struct Cast {
    /// The agents.
    pub agents: Vec<AgentId>,
    /// The queues in which customers wait first.
    pub queues: Vec<QueueId>,
    /// The queues to which agents transfer.
    pub further_queues: Vec<QueueId>,
    /// The sites.
    pub sites: Vec<SiteId>,
    /// The goods that customers look at; `None` for no product.
    pub goods: Vec<Option<String>>,
    /// The categories that the bot recognises in questions; `None` for none.
    pub topics: Vec<Option<String>>,
    /// The entries of the knowledge from which the bot answers.
    pub entries: Vec<String>,
    /// Whether the rarer events happen, too: colleagues, left messages, silence, answers to earlier questions, ratings without a word.
    pub is_varied: bool,
}

impl Cast {
    /// One agent, one site, one category of questions, a queue for customers and another for transfers.
    pub fn small() -> Self {
        Self {
            agents: vec![AgentId::new(Uuid::from_u128(5))],
            queues: vec![QueueId::new(Uuid::from_u128(4))],
            further_queues: vec![QueueId::new(Uuid::from_u128(6))],
            sites: vec![SiteId::new(Uuid::from_u128(3))],
            goods: vec![None, Some("g-001".to_owned()), Some("g-017".to_owned())],
            topics: vec![Some("kb-001".to_owned())],
            entries: ["kb-001", "kb-002"].map(str::to_owned).into(),
            is_varied: false,
        }
    }

    /// Several of each, and all events.
    pub fn large() -> Self {
        let ids = |from: u128, n: u128| (from..from + n).map(Uuid::from_u128);
        let queues: Vec<QueueId> = ids(30, 3).map(QueueId::new).collect();
        Self {
            // Real ids differ by more than small numbers.
            agents: ids(50, 6).map(|id| AgentId::new(Uuid::from_u128(id.as_u128() << 96))).collect(),
            further_queues: queues.clone(),
            queues,
            sites: ids(70, 2).map(SiteId::new).collect(),
            goods: ["", "g-001", "g-002", "g-017"].map(|one| Some(one.to_owned()).filter(|one| !one.is_empty())).into(),
            topics: ["", "plans", "bills", "repairs"].map(|one| Some(one.to_owned()).filter(|one| !one.is_empty())).into(),
            entries: ["kb-001", "kb-002", "kb-007", "g-001"].map(str::to_owned).into(),
            is_varied: true,
        }
    }
}

/// When things happen.
#[derive(Debug, Clone, Copy)]
pub struct Course {
    /// When the traffic begins.
    pub start: Ts,
    /// The mean time between two actions, in milliseconds; not 0.
    pub pace_ms: usize,
    /// A pause follows each time that this many actions have happened; 0 for no pauses.
    pub burst: usize,
    /// The length of a pause, in milliseconds.
    pub pause_ms: i64,
}

struct Live {
    state: Conversation,
    head: Head,
    last_turn: Option<i64>,
    /// What the bot answered from last.
    last_entry: Option<String>,
    /// The message that the bot answered last.
    last_answer: Option<i64>,
}

/// How many conversations something still happens in, the newest ones: old ones fall silent.
const RECENT: usize = 40;

/// Traffic without an end, in memory that does not grow.
pub struct Traffic {
    random: Random,
    now: Ts,
    course: Course,
    tenants: Vec<TenantId>,
    cast: Cast,
    live: Vec<Live>,
    /// The agents at work: the number of the last entry of each, and when it was.
    at_work: HashMap<(TenantId, AgentId), (i64, Ts)>,
    /// How many conversations were opened.
    opened: u128,
    /// How many actions have happened.
    actions: usize,
    /// The position of the last fact.
    pos: i64,
    /// The facts that were not taken yet.
    facts: Vec<Fact>,
}

/// A company by number.
pub const fn tenant(n: u128) -> TenantId {
    TenantId::new(Uuid::from_u128(n))
}

/// The facts of this many random actions from `start` on, on average `pace_ms` apart, in the given companies, with the small cast.
pub fn facts(seed: u64, actions: usize, start: Ts, pace_ms: usize, tenants: &[TenantId]) -> Vec<Fact> {
    let mut traffic = Traffic::new(seed, Course { start, pace_ms, burst: 0, pause_ms: 0 }, tenants, Cast::small());
    for _ in 0..actions {
        traffic.act();
    }
    traffic.facts
}

/// The first `wanted` facts of random actions in the given companies.
pub fn facts_of(seed: u64, wanted: usize, course: Course, tenants: &[TenantId], cast: Cast) -> Vec<Fact> {
    Traffic::new(seed, course, tenants, cast).next_facts(wanted)
}

impl Traffic {
    /// Traffic of which nothing has happened yet.
    pub fn new(seed: u64, course: Course, tenants: &[TenantId], cast: Cast) -> Self {
        let (random, now, tenants) = (Random(seed), course.start, tenants.to_vec());
        Self { random, now, course, tenants, cast, live: Vec::new(), at_work: HashMap::new(), opened: 0, actions: 0, pos: 0, facts: Vec::new() }
    }

    /// The next facts, exactly so many: those of several calls are the same as those of one.
    pub fn next_facts(&mut self, wanted: usize) -> Vec<Fact> {
        while self.facts.len() < wanted {
            self.actions += 1;
            if self.course.burst > 0 && self.actions.is_multiple_of(self.course.burst) {
                self.now = self.now.plus(self.course.pause_ms);
            }
            self.act();
        }
        let later = self.facts.split_off(wanted);
        std::mem::replace(&mut self.facts, later)
    }

    fn act(&mut self) {
        self.now = self.now.plus(self.random.below(2 * self.course.pace_ms) as i64);
        if self.live.is_empty() || self.random.below(8) == 0 {
            self.open();
            return;
        }
        if self.random.below(16) == 0 {
            self.work();
            return;
        }
        let recent = self.live.len().min(RECENT);
        let at = self.live.len() - 1 - self.random.below(recent);
        if self.cast.is_varied && self.random.below(6) == 0 {
            self.act_rarely(at);
            return;
        }
        // Somebody reads an answer, of some message.
        if self.random.below(12) == 0 {
            self.judge(at);
            return;
        }
        // The customer says whether an answer helped.
        if self.random.below(12) == 0 {
            self.rate_answer(at);
            return;
        }
        // A customer whose conversation is resolved rates, and often changes the rating.
        let action = if self.live[at].state.state == State::Resolved && self.random.below(2) == 0 { 18 } else { self.random.below(20) };
        match action {
            0..=7 => self.say(at, fact::Message::default()),
            8..=11 => self.answer(at),
            12 => {
                self.request(at, AskedVia::Button, None);
                // Sometimes an agent is available at once.
                if self.random.below(2) == 0 {
                    self.now = self.now.plus(self.random.below(40_000) as i64);
                    self.assign(at);
                    // Some are served at once, too, and rate it.
                    if self.random.below(3) == 0 {
                        self.reply(at);
                        self.event(at, Event::Resolve);
                        self.rate(at);
                    }
                }
            }
            13 => self.request_by_words(at),
            14 => self.event(at, Event::LeaveQueue),
            15 => match self.random.below(4) {
                0 => {
                    let queue = self.live[at].state.queue.unwrap_or(self.cast.queues[0]);
                    self.event(at, Event::Return { queue, queue_name: String::new() });
                }
                1 => {
                    let queue = *self.random.choose(&self.cast.further_queues);
                    self.event(at, Event::TransferToQueue { queue, queue_name: "宽带".into(), from_name: "周敏".into(), note: None });
                }
                2 => {
                    let by = self.assignee();
                    self.event(at, Event::AnswerLeft { said: message(fact::Message::default()), by });
                }
                _ => self.assign(at),
            },
            16 => self.reply(at),
            17 => {
                let (event, by) =
                    if self.random.below(3) == 0 { (Event::Resolve, EndedBy::Agent) } else { (Event::End { bot: BotWork::Answered }, EndedBy::Customer) };
                self.event(at, event);
                if self.random.below(3) == 0 {
                    self.reopen(at, by);
                }
            }
            _ => self.rate(at),
        }
    }

    /// The state of an agent or the number of their conversations changes.
    fn work(&mut self) {
        let (tenant, agent) = (*self.random.pick(&self.tenants), *self.random.choose(&self.cast.agents));
        let (seq, since) = match self.at_work.get(&(tenant, agent)) {
            Some((seq, since)) => (seq + 1, *since),
            None => (1, self.now.plus(-(self.random.below(3 * DAY as usize) as i64))),
        };
        self.at_work.insert((tenant, agent), (seq, self.now));
        let state = *self.random.pick(&[AgentState::Available, AgentState::Available, AgentState::Busy, AgentState::Break, AgentState::Offline]);
        let fact = fact::Worked { agent, since, until: self.now, state, open: self.random.below(5) as i64, capacity: 3 };
        let stream = StreamName { kind: StreamKind::Work, id: agent.uuid() };
        let entry = NewEntry::new(stream, tenant, Actor::system(), Body::Worked(body::Nothing {}), EntryFact::Worked(fact));
        let mut head = Head { seq: seq - 1, ..Head::default() };
        let stored = head.number(entry, self.now);
        self.put(stored);
    }

    /// The agent takes the end back: at once, if the staff ended it, or so late that another episode begins. In between, the customer may rate it.
    fn reopen(&mut self, at: usize, ended_by: EndedBy) {
        if self.random.below(4) == 0 {
            self.rate(at);
        }
        self.now = self.now.plus(self.random.below(2 * UNDO_WINDOW_MS as usize) as i64);
        let to = Assignee { agent: self.agent_of(at), ..self.assignee() };
        self.event(at, Event::Reopen { to, ended_by });
    }

    /// What the small cast does not do.
    fn act_rarely(&mut self, at: usize) {
        match self.random.below(13) {
            0 => {
                let (to, from_name) = (self.assignee(), "周敏".to_owned());
                self.event(at, Event::TransferToAgent { to, from_name, note: None });
            }
            1 => {
                let by = self.assignee();
                self.event(at, Event::Take { by });
            }
            12 => self.event(at, Event::HandBack),
            2 => self.event(at, Event::LeaveMessage { said: message(fact::Message::default()), told: Told::default(), contact: None }),
            3 => {
                let bot = *self.random.pick(&[BotWork::Answered, BotWork::Missed, BotWork::Nothing]);
                let event = if self.random.below(2) == 0 { Event::Expire { bot } } else { Event::End { bot } };
                self.event(at, event);
            }
            4 | 5 => {
                let (score, solved) = (self.score(), *self.random.pick(&[None, None, Some(true), Some(false)]));
                self.event(at, Event::Rate { score, comment: None, solved, reasons: vec![] });
            }
            // A product card needs no answer.
            6 => self.say(at, fact::Message { card: Some("g-001".to_owned()), ..fact::Message::default() }),
            7 => {
                let of = 1 + self.random.below(6) as i64;
                self.answer_to(at, of);
            }
            // A customer who waits only for a moment.
            8 => {
                self.request(at, AskedVia::Button, None);
                self.now = self.now.plus(self.random.below(7_000) as i64);
                self.event(at, Event::LeaveQueue);
            }
            // Somebody answers at once, and they talk.
            9 | 10 => {
                self.assign(at);
                for _ in 0..2 + self.random.below(6) {
                    self.now = self.now.plus(self.random.below(90_000) as i64);
                    if self.random.below(2) == 0 {
                        self.reply(at);
                    } else {
                        self.say(at, fact::Message::default());
                    }
                }
            }
            _ => self.event(at, Event::Note { text: "不该出现在面板库里的话".to_owned(), files: Vec::new(), mentions: Vec::new(), quote: None }),
        }
    }

    fn open(&mut self) {
        if self.live.len() >= 2 * RECENT {
            self.live.drain(..RECENT);
        }
        let n = self.opened;
        self.opened += 1;
        let tenant = *self.random.pick(&self.tenants);
        // As real ids do, it begins with the time.
        let id = Uuid::from_u128((self.now.0.unsigned_abs() as u128) << 80 | (self.random.draw() as u128) << 16 | (n % (1 << 16)));
        let lang = *self.random.pick(&[Lang::Zh, Lang::En]);
        let goods = self.random.pick(&self.cast.goods).clone();
        let (site, visitor) = (*self.random.choose(&self.cast.sites), VisitorId::new(Uuid::from_u128(1_000 + n)));
        let (state, entry) =
            Conversation::open(Opening { id: ConversationId::new(id), tenant, site, visitor, channel: Channel::Web, lang, product: goods }, self.now);
        self.live.push(Live { state, head: Head::default(), last_turn: None, last_entry: None, last_answer: None });
        let at = self.live.len() - 1;
        self.append(at, vec![entry]);
        if self.random.below(2) == 0 {
            self.note_return();
        }
        if self.random.below(4) > 0 {
            self.say(at, fact::Message::default());
        }
        // One answer is all that some customers want; and they say what they think of it.
        if self.random.below(6) == 0 {
            self.answer(at);
            self.event(at, Event::End { bot: BotWork::Answered });
            if self.random.below(2) == 0 {
                self.rate_answer(at);
            } else {
                self.rate(at);
            }
        }
    }

    /// The customer of the new conversation is that of one that ended, if there is one.
    fn note_return(&mut self) {
        let at = self.random.below(self.live.len());
        let state = &self.live[at].state;
        let Some(ended) = state.resolved_at.filter(|ended| self.now.since(*ended) <= RETURN_WINDOW_MS) else { return };
        // The same again, now and then: what comes first counts.
        let times = if ended.0 % 5 == 0 { 2 } else { 1 };
        let fact = fact::InEpisode { ep: state.episode.number };
        let entry = || state.entry(Actor::customer(state.visitor.uuid()), Body::CameBack(body::Nothing {}), EntryFact::CameBack(fact));
        let entries = (0..times).map(|_| entry()).collect();
        self.append(at, entries);
    }

    /// A member of staff judges the answer to one of the first messages, or to the last.
    fn judge(&mut self, at: usize) {
        let of = match self.live[at].last_turn {
            Some(of) if self.random.below(3) > 0 => of,
            _ => 1 + self.random.below(6) as i64,
        };
        let verdict = *self.random.pick(&[Verdict::Right, Verdict::Right, Verdict::Wrong, Verdict::Unclear]);
        let state = &self.live[at].state;
        let fact = fact::AnswerJudged { ep: state.episode.number, of, verdict };
        let entry =
            state.entry(Actor::agent(self.cast.agents[0], "周敏"), Body::AnswerJudged(body::AnswerJudged { of, verdict }), EntryFact::AnswerJudged(fact));
        self.append(at, vec![entry]);
    }

    /// The customer says of an answer, and often of the last one, whether it helped.
    fn rate_answer(&mut self, at: usize) {
        let last = self.live[at].last_answer.filter(|_| self.random.below(3) > 0);
        let question = last.unwrap_or_else(|| 1 + self.random.below(6) as i64);
        let answer = GivenAnswer {
            ord: question,
            seq: question + 1,
            question,
            episode: self.live[at].state.episode.number,
            outcome: Some(AnswerOutcome::Confident),
            entry: None,
            is_last: last.is_some(),
            judged: Vec::new(),
        };
        let helpful = self.random.below(2) == 0;
        self.event(at, Event::JudgeAnswer { answer, helpful });
    }

    /// The customer rates the episode, and says whether the matter is settled.
    fn rate(&mut self, at: usize) {
        let score = self.score();
        self.event(at, Event::Rate { score, comment: None, solved: Some(rating::is_good(score)), reasons: vec![] });
    }

    fn say(&mut self, at: usize, fact: fact::Message) {
        let to = self.assignee();
        let reopen = self.random.pick(&[ReopenTo::Agent(to), ReopenTo::Queue, ReopenTo::Bot]).clone();
        self.event(at, Event::CustomerSays { said: message(fact), reopen, product: None });
        let live = &mut self.live[at];
        live.last_turn = (live.state.state == State::Bot).then_some(live.head.seq);
    }

    fn answer(&mut self, at: usize) {
        let Some(turn) = self.live[at].last_turn else { return };
        self.answer_to(at, turn);
    }

    fn answer_to(&mut self, at: usize, turn: i64) {
        let outcome = *self.random.pick(&[AnswerOutcome::Confident, AnswerOutcome::DidYouMean, AnswerOutcome::NoAnswer]);
        let topic = self.random.choose(&self.cast.topics).clone();
        let is_answer = outcome == AnswerOutcome::Confident;
        // The bot often says the same again.
        let same = self.live[at].last_entry.clone().filter(|_| self.random.below(3) > 0);
        let entry = is_answer.then(|| same.unwrap_or_else(|| self.random.pick(&self.cast.entries).clone()));
        if is_answer {
            self.live[at].last_entry.clone_from(&entry);
            self.live[at].last_answer = Some(turn);
        }
        let confidence = Some(self.random.below(1_001) as f32 / 1_000.0);
        let fact = fact::Message { of: Some(turn), outcome: Some(outcome), intent: Some(topic), entry: Some(entry), confidence, ..fact::Message::default() };
        let epoch = self.live[at].state.epoch;
        self.event(at, Event::BotSays { said: message(fact), epoch });
    }

    fn request(&mut self, at: usize, via: AskedVia, of: Option<i64>) {
        let before = self.facts.len();
        let queue = *self.random.choose(&self.cast.queues);
        // Requests of earlier releases have no reason.
        let reason = match self.random.below(10) {
            0 => None,
            _ => Some(*self.random.choose(HandoffReason::EACH)),
        };
        self.event(at, Event::RequestHuman { via, of: None, queue, queue_name: "售前".into(), reason, told: Told::default() });
        for fact in &mut self.facts[before..] {
            if let (Some(of), "human_requested", Ok(Value::Object(mut facts))) = (of, fact.kind.as_str(), serde_json::from_str(&fact.facts)) {
                facts.insert("of".to_owned(), json!(of));
                fact.facts = Value::Object(facts).to_string();
            }
        }
    }

    /// The two ways in which a server may record that a message was a request: on the message itself, or on the request.
    fn request_by_words(&mut self, at: usize) {
        if self.live[at].state.state != State::Bot {
            return;
        }
        if self.random.below(2) == 0 {
            self.say(at, fact::Message { command: true, ..fact::Message::default() });
            self.request(at, AskedVia::Words, None);
        } else {
            self.say(at, fact::Message::default());
            let of = self.live[at].last_turn;
            if self.random.below(2) == 0 {
                self.now = self.now.plus(self.random.below(5_000) as i64);
            }
            self.request(at, AskedVia::Words, of);
        }
    }

    fn assign(&mut self, at: usize) {
        let to = self.assignee();
        self.event(at, Event::Assign { to, units: CHAT_UNITS, trace: Routing::default() });
    }

    /// The agent who has the conversation says something.
    fn reply(&mut self, at: usize) {
        let agent = self.agent_of(at);
        self.event(at, Event::AgentSays { said: message(fact::Message::default()), agent });
    }

    fn event(&mut self, at: usize, event: Event) {
        let actor = match &event {
            Event::BotSays { .. } => Actor::bot("小应"),
            Event::AnswerLeft { by, .. } | Event::Take { by } | Event::Reopen { to: by, .. } => Actor::agent(by.agent, "周敏"),
            Event::AgentSays { .. } | Event::Resolve | Event::HandBack | Event::TransferToQueue { .. } | Event::TransferToAgent { .. } | Event::Note { .. } => {
                Actor::agent(self.agent_of(at), "周敏")
            }
            Event::Assign { .. } | Event::Return { .. } | Event::Expire { .. } => Actor::system(),
            _ => Actor::customer(self.live[at].state.visitor.uuid()),
        };
        if let Ok(done) = self.live[at].state.apply(event, &actor, self.now) {
            self.live[at].state = done.next;
            self.append(at, done.entries);
        }
    }

    fn append(&mut self, at: usize, entries: Vec<NewEntry>) {
        for entry in entries {
            let stored = self.live[at].head.number(entry, self.now);
            self.put(stored);
        }
    }

    fn put(&mut self, StoredEntry { entry, kind, seq, at, .. }: StoredEntry) {
        self.pos += 1;
        self.facts.push(Fact {
            xid: 0,
            pos: self.pos,
            tenant_id: entry.tenant.uuid(),
            stream_id: entry.stream.id,
            stream_kind: entry.stream.kind.as_str().to_owned(),
            seq,
            kind,
            v: entry.v,
            at: at.0,
            actor_kind: entry.actor.kind.as_str().to_owned(),
            actor_id: entry.actor.id,
            facts: entry.facts,
        });
    }

    /// The agent who has the conversation, or any.
    fn agent_of(&self, at: usize) -> AgentId {
        self.live[at].state.agent.unwrap_or(self.cast.agents[0])
    }

    fn assignee(&mut self) -> Assignee {
        Assignee { agent: *self.random.choose(&self.cast.agents), name: "周敏".into(), number: "0317".into() }
    }

    fn score(&mut self) -> i64 {
        rating::WORST + self.random.below(rating::BEST as usize) as i64
    }
}

/// A message of which analysis knows this; its text must not be found anywhere.
fn message(fact: fact::Message) -> Said {
    Said { fact, ..Said::text("不该出现在面板库里的话") }
}

/// A copy of a fact; otherwise, facts are not cloned.
pub fn copy(fact: &Fact) -> Fact {
    Fact {
        xid: fact.xid,
        pos: fact.pos,
        tenant_id: fact.tenant_id,
        stream_id: fact.stream_id,
        stream_kind: fact.stream_kind.clone(),
        seq: fact.seq,
        kind: fact.kind.clone(),
        v: fact.v,
        at: fact.at,
        actor_kind: fact.actor_kind.clone(),
        actor_id: fact.actor_id,
        facts: fact.facts.clone(),
    }
}

/// Copies of facts.
pub fn copies(facts: &[Fact]) -> Vec<Fact> {
    facts.iter().map(copy).collect()
}

/// The number of facts of each kind, so that a test can check that it saw them all.
pub fn kinds(facts: &[Fact]) -> BTreeMap<String, usize> {
    let mut kinds = BTreeMap::new();
    for fact in facts {
        *kinds.entry(fact.kind.clone()).or_default() += 1;
    }
    kinds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traffic_that_is_taken_in_pieces_is_the_same_and_keeps_only_what_may_still_change() {
        let course = Course { start: Ts(1_795_190_400_000), pace_ms: 900, burst: 70, pause_ms: 100_000 };
        let tenants = [tenant(1), tenant(2)];
        let told = |facts: &[Fact]| facts.iter().map(|fact| (fact.pos, fact.stream_id, fact.seq, fact.at, fact.facts.clone())).collect::<Vec<_>>();
        let whole = facts_of(7, 4_000, course, &tenants, Cast::large());
        let mut traffic = Traffic::new(7, course, &tenants, Cast::large());
        let pieces: Vec<Fact> = [1, 0, 999, 1_700, 1_300].into_iter().flat_map(|n| traffic.next_facts(n)).collect();
        assert_eq!(told(&whole), told(&pieces));
        assert!(traffic.opened > 200 && traffic.live.len() <= 2 * RECENT, "{} of {}", traffic.live.len(), traffic.opened);
    }
}
