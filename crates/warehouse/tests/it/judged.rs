//! What the numbers say the bot settled, compared with what a person says who read the conversations: 300 of them, labelled by hand (`data/judged.txt`).

use db::feed::Fact;
use domain::{
    conversation::{AnswerOutcome, Assignee, BotWork, Channel, Conversation, Event, Opening, ReopenTo, Said, Told},
    entry::{
        Body, Fact as EntryFact,
        body::{self, AskedVia, Routing},
        fact,
    },
    id::{AgentId, ConversationId, QueueId, SiteId, VisitorId},
    journal::{Actor, Head, NewEntry},
    rating::{BEST, WORST},
    text::Lang,
    time::{DAY, HOUR, MINUTE, Ts},
};
use uuid::Uuid;
use warehouse::{Number, Numbers, Window};

use crate::common::{at, directory, on_each_engine, open, tenants};

/// One conversation: whether it is settled as a reader sees it, and what happened.
struct Labelled<'t> {
    settled: bool,
    steps: &'t str,
}

fn labelled() -> Vec<Labelled<'static>> {
    let lines = include_str!("../data/judged.txt").lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let [label, steps, words] = line.split('|').map(str::trim).collect::<Vec<_>>()[..] else { panic!("three parts: {line}") };
            assert!(!words.is_empty() && (label == "yes" || label == "no"), "{line}");
            Labelled { settled: label == "yes", steps }
        })
        .collect()
}

/// A conversation while it is played.
struct Play {
    state: Conversation,
    head: Head,
    now: Ts,
    /// The outcomes of the bot's answers, latest first.
    outcomes: Vec<AnswerOutcome>,
    asked: i64,
    facts: Vec<Fact>,
}

impl Play {
    fn begin(n: u128, now: Ts) -> Self {
        let opening = Opening {
            id: ConversationId::new(Uuid::from_u128(9_000 + n)),
            tenant: tenants()[0],
            site: SiteId::new(Uuid::from_u128(3)),
            visitor: VisitorId::new(Uuid::from_u128(5_000 + n)),
            channel: Channel::Web,
            lang: Lang::Zh,
            product: None,
        };
        let (state, opened) = Conversation::open(opening, now);
        let mut this = Self { state, head: Head::default(), now, outcomes: Vec::new(), asked: 0, facts: Vec::new() };
        this.append(vec![opened]);
        this
    }

    fn append(&mut self, entries: Vec<NewEntry>) {
        for entry in entries {
            let stored = self.head.number(entry, self.now);
            self.facts.push(Fact {
                xid: 0,
                pos: 0,
                tenant_id: stored.entry.tenant.uuid(),
                stream_id: stored.entry.stream.id,
                stream_kind: stored.entry.stream.kind.as_str().to_owned(),
                seq: stored.seq,
                kind: stored.kind,
                v: stored.entry.v,
                at: stored.at.0,
                actor_kind: stored.entry.actor.kind.as_str().to_owned(),
                actor_id: stored.entry.actor.id,
                facts: stored.entry.facts,
            });
        }
    }

    fn happens(&mut self, event: Event, by: &Actor) {
        self.now = self.now.plus(20_000);
        let done = self.state.apply(event, by, self.now).unwrap();
        self.state = done.next;
        self.append(done.entries);
    }

    fn says(&mut self, outcome: AnswerOutcome) {
        let entry = (outcome == AnswerOutcome::Confident).then(|| "kb-001".to_owned());
        let fact = fact::Message { of: Some(self.asked), outcome: Some(outcome), entry: Some(entry), confidence: Some(0.8), ..fact::Message::default() };
        let epoch = self.state.epoch;
        self.happens(Event::BotSays { said: Said { fact, ..Said::text("…") }, epoch }, &Actor::bot("小应"));
        self.outcomes.insert(0, outcome);
    }

    fn step(&mut self, step: char) {
        let customer = Actor::customer(self.state.visitor.uuid());
        let bot = BotWork::of(self.outcomes.iter().map(|outcome| (*outcome, None)));
        let rate = |score, solved| Event::Rate { score, comment: None, solved, reasons: vec![] };
        match step {
            'q' => {
                self.happens(Event::CustomerSays { said: Said::text("…"), reopen: ReopenTo::Bot, product: None }, &customer);
                self.asked = self.head.seq;
            }
            'a' => self.says(AnswerOutcome::Confident),
            'o' => self.says(AnswerOutcome::DidYouMean),
            'n' => self.says(AnswerOutcome::NoAnswer),
            's' => self.says(AnswerOutcome::SmallTalk),
            'h' => {
                let queue = QueueId::new(Uuid::from_u128(4));
                self.happens(
                    Event::RequestHuman { via: AskedVia::Button, of: None, queue, queue_name: "售后".into(), reason: None, told: Told::default() },
                    &customer,
                );
                let to = Assignee { agent: AgentId::new(Uuid::from_u128(5)), name: "周敏".into(), number: "0317".into() };
                self.happens(Event::Assign { to, units: 2, trace: Routing::default() }, &Actor::system());
            }
            'e' => self.happens(Event::End { bot }, &customer),
            'x' => {
                self.now = self.now.plus(30 * MINUTE);
                self.happens(Event::Expire { bot }, &Actor::system());
            }
            'y' => self.happens(rate(BEST - 1, Some(true)), &customer),
            'z' => self.happens(rate(WORST + 1, Some(false)), &customer),
            '5' => self.happens(rate(BEST, None), &customer),
            '1' => self.happens(rate(WORST, None), &customer),
            'b' => {
                self.now = self.now.plus(20 * HOUR);
                let fact = fact::InEpisode { ep: self.state.episode.number };
                let back = self.state.entry(customer, Body::CameBack(body::Nothing {}), EntryFact::CameBack(fact));
                self.append(vec![back]);
            }
            other => panic!("{other} is no step"),
        }
    }
}

#[tokio::test]
async fn what_counts_as_resolved_by_the_bot_is_what_a_reader_calls_settled_within_three_points() {
    on_each_engine(|place| async move {
        let (all, start) = (labelled(), at("2026-11-16T01:00:00Z"));
        assert_eq!(all.len(), 300);
        let mut facts = Vec::new();
        for (n, one) in all.iter().enumerate() {
            let mut play = Play::begin(n as u128, start.plus(n as i64 * MINUTE));
            one.steps.chars().for_each(|step| play.step(step));
            facts.append(&mut play.facts);
        }
        for (n, fact) in facts.iter_mut().enumerate() {
            fact.pos = n as i64 + 1;
        }
        let panel = open(&place).await;
        panel.apply(facts, &directory()).await.unwrap();
        let numbers: Numbers = panel.numbers(tenants()[0], Window { from: start, to: start.plus(3 * DAY) }).await.unwrap();
        let counted = |key: &str| match numbers.get(key) {
            Some(Number::Count(count)) => count as f64,
            other => panic!("{key} is {other:?}"),
        };
        assert_eq!(counted("bot_ended"), 300.0);
        let resolved = (counted("bot_confirmed") + counted("bot_assumed")) / 300.0;
        let settled = all.iter().filter(|one| one.settled).count() as f64 / 300.0;
        assert!((resolved - settled).abs() <= 0.03, "counted {resolved:.3}, judged {settled:.3}");
        // Without the deduction of those who came back, it would be further away.
        let undeducted = resolved + counted("bot_back") / 300.0;
        assert!((undeducted - settled).abs() > 0.03, "undeducted {undeducted:.3}");
        panel.close().await;
    })
    .await;
}
