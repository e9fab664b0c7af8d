//! Facts as the product writes them: random customers, a bot and agents, decided by the real conversation rules.

use std::collections::BTreeMap;

use db::feed::Fact;
use domain::{
    conversation::{AnswerOutcome, Assignee, BotWork, Channel, Conversation, Event, Opening, ReopenTo, Said, State},
    entry::{
        body::{AskedVia, Routing},
        fact,
    },
    id::{AgentId, ConversationId, QueueId, SiteId, TenantId, VisitorId},
    journal::{Actor, Head, NewEntry, StoredEntry},
    rating,
    text::Lang,
    time::Ts,
};
use serde_json::{Value, json};
use uuid::Uuid;

/// A small pseudo-random number generator (splitmix64).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

struct Live {
    state: Conversation,
    head: Head,
    last_turn: Option<i64>,
}

/// The state of the simulation so far.
pub struct Traffic {
    random: Random,
    now: Ts,
    pace_ms: usize,
    tenants: Vec<TenantId>,
    live: Vec<Live>,
    facts: Vec<Fact>,
}

pub fn tenant(n: u128) -> TenantId {
    TenantId::new(Uuid::from_u128(n))
}

/// The facts of this many random actions from `start` on, on average `pace_ms` apart, in the given companies.
pub fn facts(seed: u64, actions: usize, start: Ts, pace_ms: usize, tenants: &[TenantId]) -> Vec<Fact> {
    let mut traffic = Traffic { random: Random(seed), now: start, pace_ms, tenants: tenants.to_vec(), live: Vec::new(), facts: Vec::new() };
    for _ in 0..actions {
        traffic.act();
    }
    traffic.facts
}

impl Traffic {
    fn act(&mut self) {
        self.now = self.now.plus(self.random.below(2 * self.pace_ms) as i64);
        if self.live.is_empty() || self.random.below(8) == 0 {
            self.open();
            return;
        }
        // Mostly the newest conversations are used: old ones fall silent.
        let recent = self.live.len().min(40);
        let at = self.live.len() - 1 - self.random.below(recent);
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
                }
            }
            13 => self.request_by_words(at),
            14 => self.event(at, Event::LeaveQueue),
            15 => match self.random.below(4) {
                0 => self.event(at, Event::Return),
                1 => {
                    let queue = QueueId::new(Uuid::from_u128(6));
                    self.event(at, Event::TransferToQueue { queue, queue_name: "宽带".into(), from_name: "周敏".into() });
                }
                2 => self.event(at, Event::AnswerLeft { said: said(fact::Message::default()), by: assignee() }),
                _ => self.assign(at),
            },
            16 => self.event(at, Event::AgentSays { said: said(fact::Message::default()), agent: agent() }),
            17 => {
                let event = if self.random.below(3) == 0 { Event::Resolve } else { Event::End { bot: BotWork::Answered } };
                self.event(at, event);
            }
            _ => {
                let score = rating::WORST + self.random.below(rating::BEST as usize) as i64;
                self.event(at, Event::Rate { score, comment: None, solved: Some(rating::is_good(score)) });
            }
        }
    }

    fn open(&mut self) {
        let n = self.live.len() as u128;
        let tenant = *self.random.pick(&self.tenants);
        let id = Uuid::from_u128((self.random.next() as u128) << 64 | n);
        let lang = *self.random.pick(&[Lang::Zh, Lang::En]);
        let goods = self.random.pick(&[None, Some("g-001".to_owned()), Some("g-017".to_owned())]).clone();
        let (site, visitor) = (SiteId::new(Uuid::from_u128(3)), VisitorId::new(Uuid::from_u128(1_000 + n)));
        let (state, entry) = Conversation::open(
            Opening { id: ConversationId::new(id), tenant, site, visitor, channel: Channel::Web, lang, product: goods, page: None },
            self.now,
        );
        self.live.push(Live { state, head: Head::default(), last_turn: None });
        let at = self.live.len() - 1;
        self.append(at, vec![entry]);
        if self.random.below(4) > 0 {
            self.say(at, fact::Message::default());
        }
    }

    fn say(&mut self, at: usize, fact: fact::Message) {
        let reopen = self.random.pick(&[ReopenTo::Agent(assignee()), ReopenTo::Queue, ReopenTo::Bot]).clone();
        self.event(at, Event::CustomerSays { said: said(fact), reopen, product: None });
        let live = &mut self.live[at];
        live.last_turn = (live.state.state == State::Bot).then_some(live.head.seq);
    }

    fn answer(&mut self, at: usize) {
        let Some(turn) = self.live[at].last_turn else { return };
        let outcome = *self.random.pick(&[AnswerOutcome::Confident, AnswerOutcome::DidYouMean, AnswerOutcome::NoAnswer]);
        let fact = fact::Message { of: Some(turn), outcome: Some(outcome), intent: Some(Some("kb-001".to_owned())), ..fact::Message::default() };
        let epoch = self.live[at].state.epoch;
        self.event(at, Event::BotSays { said: said(fact), epoch });
    }

    fn request(&mut self, at: usize, via: AskedVia, of: Option<i64>) {
        let before = self.facts.len();
        self.event(at, Event::RequestHuman { via, of: None, queue: QueueId::new(Uuid::from_u128(4)), queue_name: "售前".into() });
        for fact in &mut self.facts[before..] {
            if let (Some(of), "human_requested") = (of, fact.kind.as_str()) {
                let mut facts: Value = serde_json::from_str(&fact.facts).unwrap();
                facts["of"] = json!(of);
                fact.facts = facts.to_string();
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
        self.event(at, Event::Assign { to: assignee(), trace: Routing::default() });
    }

    fn event(&mut self, at: usize, event: Event) {
        let actor = match &event {
            Event::BotSays { .. } => Actor::bot("小应"),
            Event::AgentSays { .. } | Event::Resolve | Event::TransferToQueue { .. } | Event::AnswerLeft { .. } => Actor::agent(agent(), "周敏"),
            Event::Assign { .. } | Event::Return => Actor::system(),
            _ => Actor::customer(self.live[at].state.visitor.uuid()),
        };
        if let Ok(done) = self.live[at].state.apply(event, &actor, self.now) {
            self.live[at].state = done.next;
            self.append(at, done.entries);
        }
    }

    fn append(&mut self, at: usize, entries: Vec<NewEntry>) {
        for entry in entries {
            let StoredEntry { entry, kind, seq, at: when, .. } = self.live[at].head.number(entry, self.now);
            self.facts.push(Fact {
                xid: 0,
                pos: self.facts.len() as i64 + 1,
                tenant_id: entry.tenant.uuid(),
                stream_id: entry.stream.id,
                stream_kind: entry.stream.kind.as_str().to_owned(),
                seq,
                kind,
                at: when.0,
                actor_kind: entry.actor.kind.as_str().to_owned(),
                actor_id: entry.actor.id,
                facts: entry.facts,
            });
        }
    }
}

fn agent() -> AgentId {
    AgentId::new(Uuid::from_u128(5))
}

fn assignee() -> Assignee {
    Assignee { agent: agent(), name: "周敏".into(), number: "0317".into() }
}

fn said(fact: fact::Message) -> Said {
    Said { fact, ..Said::text("不该出现在面板库里的话") }
}

/// A copy of a fact; facts are not cloned in the product.
pub fn copy(fact: &Fact) -> Fact {
    Fact {
        xid: fact.xid,
        pos: fact.pos,
        tenant_id: fact.tenant_id,
        stream_id: fact.stream_id,
        stream_kind: fact.stream_kind.clone(),
        seq: fact.seq,
        kind: fact.kind.clone(),
        at: fact.at,
        actor_kind: fact.actor_kind.clone(),
        actor_id: fact.actor_id,
        facts: fact.facts.clone(),
    }
}

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
