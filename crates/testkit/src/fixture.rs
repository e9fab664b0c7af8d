//! What tests of the store share: store functions run in a write or on a reader, and conversations in every state.

use std::sync::Arc;

use db::{Db, Shard, Tx, writer::BoxFuture};
use domain::{
    conversation::{AnswerOutcome, Assignee, Channel, Conversation, Event, Opening, ReopenTo, Said, Told},
    effect::Effect,
    entry::{
        EntryKind,
        body::{AskedVia, Message, Revoked},
        fact,
    },
    id::{AgentId, ConversationId, QueueId, VisitorId},
    journal::{Actor, Appended, Words},
    routing::rules::QueueRules,
    staff::Role,
    text::{Bilingual, Lang},
};
use store::{queues::Queue, staff::Member};

use crate::{Company, Must, TestDb};

/// Runs store functions in one write: `write!(db, |tx| store::x::y(tx, …))`. Variables used inside are moved in.
#[macro_export]
macro_rules! write {
    ($db:expr, |$tx:ident| $body:expr) => {
        $crate::fixture::written(&$db, move |$tx| Box::pin(async move { $body.await })).await
    };
}

/// Runs one store function on a reader.
#[macro_export]
macro_rules! read {
    ($db:expr, |$tx:ident| $body:expr) => {{
        let $tx = &mut $crate::Must::must($db.read().await, "a reader");
        $body.await
    }};
}

pub use crate::{read, write};

/// How often a write that exceeded the writer's time limit is retried, as clients do on a busy machine; such a write has had no effect.
const BUSY_TRIES: u32 = 20;

/// The result of a closure run in a write.
pub async fn written<T: Send + 'static, F>(db: &Db, work: F) -> store::Result<T>
where
    F: for<'a> FnOnce(&'a mut Tx) -> BoxFuture<'a, store::Result<T>> + Clone + Send + 'static,
{
    let mut done = db.writer().write(Shard::Any, work.clone()).await;
    for _ in 0..BUSY_TRIES {
        if !matches!(done, Err(store::Error::Db(db::Error::Busy))) {
            break;
        }
        done = db.writer().write(Shard::Any, work.clone()).await;
    }
    done
}

/// The revocations in access streams since the last call.
pub fn revoked(db: &TestDb) -> Vec<Revoked> {
    let of = |effect: &Effect| match effect {
        Effect::Entry(entry) if entry.entry.kind == EntryKind::AccessRevoked => match &entry.entry.body {
            Words::Plain(body) => serde_json::from_str(body).ok(),
            _ => None,
        },
        _ => None,
    };
    db.effects().iter().filter_map(of).collect()
}

/// A company whose conversations a test brings about.
pub struct Fixture {
    /// The record.
    pub db: Arc<TestDb>,
    /// The company.
    pub company: Company,
}

impl Fixture {
    /// Creates the company.
    pub async fn new(db: &Arc<TestDb>) -> Self {
        Self { db: db.clone(), company: Company::create(db, "alpha").await }
    }
    /// A new agent.
    pub async fn agent(&self, name: &str) -> Member {
        self.company.member(&self.db, Role::Agent, name).await
    }
    /// A new queue with a Chinese name, served by everybody or by these members.
    pub async fn add_queue(&self, name: &str, everybody: bool, members: Vec<AgentId>) -> Queue {
        let name = Bilingual { zh: name.to_owned(), en: String::new() };
        let queue = Queue { id: QueueId::new(self.db.uuid()), name, everybody, hours: None, rules: QueueRules::default(), updated_at: self.db.now() };
        let (tenant, stored) = (self.company.tenant, queue.clone());
        write!(self.db, |tx| async move {
            store::queues::insert(tx, tenant, &stored).await?;
            store::queues::set_members(tx, tenant, stored.id, &members).await
        })
        .must("a queue");
        queue
    }
    /// A new visitor.
    pub async fn visitor(&self) -> VisitorId {
        let (tenant, site, visitor) = (self.company.tenant, self.company.site, VisitorId::new(self.db.uuid()));
        write!(self.db, |tx| store::visitors::create(tx, tenant, visitor, site, Lang::En)).must("a visitor");
        visitor
    }
    /// The opening of a visitor's conversation.
    pub fn opening(&self, id: ConversationId, visitor: VisitorId) -> Opening {
        let (tenant, site) = (self.company.tenant, self.company.site);
        Opening { id, tenant, site, visitor, channel: Channel::Web, lang: Lang::En, product: None }
    }
    /// A conversation with the bot.
    pub async fn conversation(&self, visitor: VisitorId) -> Conversation {
        let id = ConversationId::new(self.db.uuid());
        let opening = Opening { product: Some("g-001".to_owned()), ..self.opening(id, visitor) };
        let (conversation, opened) = Conversation::open(opening, self.db.now());
        let stored = conversation.clone();
        let opened = write!(self.db, |tx| async move {
            store::conversations::open(tx, &stored, opened).await?;
            store::conversations::set_page(tx, stored.tenant, stored.id, "a sealed page").await
        });
        opened.must("a conversation");
        conversation
    }
    /// Applies an event to a conversation; returns it as it is afterwards.
    pub async fn happens(&self, before: &Conversation, event: Event, actor: Actor) -> Conversation {
        let transition = before.apply(event, &actor, self.db.now()).must("the event");
        let (next, before) = (transition.next.clone(), before.clone());
        let _: Appended = write!(self.db, |tx| store::conversations::commit(tx, &before, transition, None)).must("its result");
        next
    }
    /// The customer says something; a conversation that has ended is reopened with the bot.
    pub async fn says(&self, before: &Conversation, words: &str) -> Conversation {
        let event = Event::CustomerSays { said: said(words), reopen: ReopenTo::Bot, product: None };
        self.happens(before, event, Actor::customer(before.visitor.uuid())).await
    }
    /// The bot is sure of its answer, "Yes.", to the message `of`.
    pub async fn answers(&self, before: &Conversation, of: i64) -> Conversation {
        let fact = fact::Message {
            of: Some(of),
            outcome: Some(AnswerOutcome::Confident),
            entry: Some(Some("k1".into())),
            lang: Some(Lang::En),
            ..fact::Message::default()
        };
        let said = Said { message: Message::answer(AnswerOutcome::Confident, "Yes.", Lang::En, None), fact };
        self.happens(before, Event::BotSays { said, epoch: before.epoch }, Actor::bot("Lin")).await
    }
    /// A conversation that waits in the company's queue.
    pub async fn queued(&self, visitor: VisitorId) -> Conversation {
        let conversation = self.conversation(visitor).await;
        let event = Event::RequestHuman {
            via: AskedVia::Button,
            queue: self.company.queue,
            queue_name: "General".to_owned(),
            of: None,
            reason: None,
            told: Told::default(),
        };
        self.happens(&conversation, event, Actor::customer(visitor.uuid())).await
    }
    /// A conversation that an agent took.
    pub async fn served(&self, visitor: VisitorId, by: &Member) -> Conversation {
        let conversation = self.queued(visitor).await;
        self.happens(&conversation, Event::Take { by: assignee(by) }, agent(by)).await
    }
    /// A conversation that an agent took and resolved.
    pub async fn resolved(&self, visitor: VisitorId, by: &Member) -> Conversation {
        let conversation = self.served(visitor, by).await;
        self.happens(&conversation, Event::Resolve, agent(by)).await
    }
}

/// A text message.
pub fn said(words: &str) -> Said {
    Said::text(words)
}
/// A member as somebody to whom a conversation is assigned.
pub fn assignee(member: &Member) -> Assignee {
    Assignee { agent: member.id, name: member.name.clone(), number: member.number.clone() }
}
/// A member as the actor of an entry.
pub fn agent(member: &Member) -> Actor {
    Actor::agent(AgentId::new(member.id.uuid()), &member.name)
}
