//! Keeps track of which connections of this node follow what, and notifies them of every commit.

mod elsewhere;
mod topic;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use domain::{
    api_token::Credential,
    conversation::{Conversation, Owner, Place, State},
    effect::Effect,
    entry::{Body, EntryKind, Fact, body::Revoked},
    erasure::changes_earlier_words,
    id::{AgentId, ConversationId, TenantId, VisitorId},
    journal::{ActorKind, StoredEntry},
    policy,
    refusal::Code,
    stream::StreamKind,
    time::Ts,
};
use tokio::sync::{Notify, mpsc};
use uuid::Uuid;
use wire::encode::Reader;

pub use elsewhere::Elsewhere;
pub use topic::{Ringed, To};

use crate::{
    cluster::hints::Hints,
    mailbox::{LossyKey, Mailbox, Principal},
};
use topic::Topic;

/// How many conversations' states are remembered; a forgotten one is loaded again.
const HEADS: usize = 200_000;
const SHARDS: usize = 64;
/// How many messages may wait for a bot on this node.
const TURNS: usize = 20_000;
/// Additional room for changes to what the bots know.
const LESSONS: usize = 1_000;

/// Work for the bots.
#[derive(Debug, Clone)]
pub enum BotTurn {
    /// A customer's message has to be answered.
    Answer(Arc<StoredEntry>),
    /// Messages of one conversation that seem to have been lost with the process that should have answered them, in their order.
    Lost(Vec<Arc<StoredEntry>>),
    /// A company's knowledge or catalogue changed.
    Learn(TenantId),
}

/// Passes commits to the connections of this node. Cheap to clone.
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

/// Clients choose the ids of conversations, so two companies may use the same id.
type Key = (TenantId, Uuid);

struct Inner {
    topics: Vec<Mutex<HashMap<Key, Topic>>>,
    heads: Vec<Mutex<HashMap<Key, Remembered>>>,
    /// The number up to which entries were applied without a gap, for each stream that concerns the node itself: of companies, their access, their agents.
    companies: Mutex<HashMap<Key, i64>>,
    connected: Mutex<Connected>,
    bot: mpsc::Sender<BotTurn>,
    /// Notified after each commit: derived data have to catch up.
    committed: Notify,
    /// Notified when a queue changes: places have to be sent.
    queues: Notify,
    /// Notified when a console connects: its lease has to be written before it can be given anything.
    consoles: Notify,
    /// Accepts hints for other nodes, if there is a fast way to send them.
    others: Option<Hints>,
}

#[derive(Default)]
struct Connected {
    staff: HashMap<TenantId, Vec<Arc<Mailbox>>>,
    visitors: HashMap<VisitorId, Vec<Arc<Mailbox>>>,
    visitors_of: HashMap<TenantId, usize>,
}

struct Remembered {
    conversation: Arc<Conversation>,
    /// The number up to which lists were notified, without a gap.
    told: i64,
    /// The version and the place that lists were last sent.
    listed: Option<(i64, Place)>,
}

impl Hub {
    /// A hub without connections; the receiver gets the bots' turns. `others` is the fast way to other nodes.
    pub fn new(others: Option<Hints>) -> (Self, mpsc::Receiver<BotTurn>) {
        let (bot, turns) = mpsc::channel(TURNS + LESSONS);
        let inner = Inner {
            topics: (0..SHARDS).map(|_| Mutex::default()).collect(),
            heads: (0..SHARDS).map(|_| Mutex::default()).collect(),
            companies: Mutex::default(),
            connected: Mutex::default(),
            bot,
            committed: Notify::new(),
            queues: Notify::new(),
            consoles: Notify::new(),
            others,
        };
        (Self(Arc::new(inner)), turns)
    }

    /// Notifies the connections of this node of what one of its own commits made known, and gives other nodes a hint.
    pub fn publish(&self, effects: Vec<Effect>) {
        if let Some(others) = &self.0.others {
            others.on_commit(&effects);
        }
        self.tell(effects);
    }

    /// Notifies the connections of this node of what was committed on any node.
    pub fn tell(&self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Entry(entry) => self.entry(entry),
                Effect::Conversation { now, was } => self.conversation(now, Was::Here(was)),
                Effect::Marks { tenant, stream, customer, staff } => {
                    let rose = lock(self.topic((tenant, stream.id))).get_mut(&(tenant, stream.id)).map_or(Some((customer, staff)), |t| t.mark(customer, staff));
                    let Some((c, s)) = rose else { continue };
                    let frame = format!(
                        r#"{{"t":"marks","stream":"{stream}","customer":{{"received":{},"read":{}}},"staff":{{"received":{},"read":{}}}}}"#,
                        c.received, c.read, s.received, s.read
                    );
                    self.lossy_here(tenant, stream.id, LossyKey::Marks(stream.id), &frame.into(), To::All);
                    self.rows_of(tenant, ConversationId::new(stream.id));
                }
                Effect::AgentChanged(tenant, agent) => {
                    for mailbox in self.staff(tenant) {
                        mailbox.put(|mail| {
                            if !mail.colleagues.contains(&agent) {
                                mail.colleagues.push(agent);
                            }
                        });
                    }
                    self.0.queues.notify_one();
                }
            }
        }
        self.0.committed.notify_one();
    }

    fn entry(&self, entry: Arc<StoredEntry>) {
        let stream = entry.entry.stream;
        let key = (entry.entry.tenant, stream.id);
        if let Some(topic) = lock(self.topic(key)).get_mut(&key) {
            // A ring that would have a gap is emptied first, and one that holds what an earlier entry said; the store has what is missing.
            if changes_earlier_words(entry.entry.kind) || topic.ring.back().is_some_and(|last| last.seq + 1 != entry.seq) {
                topic.ring.clear();
            }
            topic.push(Ringed::of(&entry));
            topic.raise(stream, entry.seq, entry.pseq);
        }
        match entry.entry.kind {
            EntryKind::KnowledgePublished | EntryKind::CatalogueChanged => {
                let _ = self.0.bot.try_send(BotTurn::Learn(entry.entry.tenant));
            }
            EntryKind::AccessRevoked => self.close_revoked(&entry),
            _ => {}
        }
        if matches!(stream.kind, StreamKind::Tenant | StreamKind::Access | StreamKind::Agent) {
            // After a gap the number stays: what is missing is read at the next look at other nodes.
            if let Some(told) = lock(&self.0.companies).get_mut(&key).filter(|told| **told + 1 == entry.seq) {
                *told = entry.seq;
            }
        }
        if stream.kind != StreamKind::Conversation {
            return;
        }
        if let Some(remembered) = lock(self.heads(key)).get_mut(&key).filter(|remembered| remembered.told + 1 == entry.seq) {
            remembered.told = entry.seq;
        }
        if entry.entry.changes_row() {
            self.rows_of(entry.entry.tenant, ConversationId::new(stream.id));
        }
        match entry.entry.kind {
            // A message that finds no room is picked up together with what a lost process left unanswered.
            EntryKind::Message if entry.entry.actor.kind == ActorKind::Customer && self.has_room_for_turns() => {
                if let Some(turn) = turn_of(entry) {
                    let _ = self.0.bot.try_send(turn);
                }
            }
            EntryKind::Queued | EntryKind::Assigned | EntryKind::LeftQueue | EntryKind::Resolved | EntryKind::Returned => self.0.queues.notify_one(),
            _ => {}
        }
    }

    /// Gives the bot messages of one conversation that were left unanswered, if there is room.
    pub fn answer_lost(&self, messages: Vec<Arc<StoredEntry>>) {
        if self.has_room_for_turns() {
            let _ = self.0.bot.try_send(BotTurn::Lost(messages));
        }
    }

    fn has_room_for_turns(&self) -> bool {
        self.0.bot.capacity() > LESSONS
    }

    /// Closes the connections that were opened with what an entry revokes.
    fn close_revoked(&self, entry: &StoredEntry) {
        let Some(Body::AccessRevoked(revoked)) = entry.body() else { return };
        // A client that still has a valid token reconnects with it.
        let code = match revoked {
            Revoked::SomeOf(_) => Code::TokenExpired,
            Revoked::Reach(_) => Code::Moving,
            Revoked::Token(_) => Code::TokenRevoked,
            Revoked::Session(_) | Revoked::Visitor(_) => Code::SignedOut,
        };
        let mailboxes = match revoked {
            Revoked::Session(session) => {
                let mut all = self.staff(entry.entry.tenant);
                all.retain(|mailbox| matches!(mailbox.principal(), Principal::Staff(_, with) if with.any_session() == Some(session)));
                all
            }
            Revoked::Token(token) => {
                let mut all = self.staff(entry.entry.tenant);
                all.retain(|mailbox| matches!(mailbox.principal(), Principal::Staff(_, Credential::Token(id, _)) if *id == token));
                all
            }
            Revoked::Reach(agent) => {
                let mut all = self.staff(entry.entry.tenant);
                all.retain(|mailbox| matches!(mailbox.principal(), Principal::Staff(staff, _) if staff.agent == agent));
                all
            }
            Revoked::Visitor(visitor) | Revoked::SomeOf(visitor) => {
                let mut all = lock(&self.0.connected).visitors.get(&visitor).cloned().unwrap_or_default();
                all.retain(|mailbox| mailbox.principal().tenant() == entry.entry.tenant);
                all
            }
        };
        for mailbox in mailboxes {
            mailbox.put(|mail| mail.closed = Some(code));
        }
    }

    fn conversation(&self, conversation: Arc<Conversation>, was: Was) {
        let id = conversation.id;
        self.remember(conversation.clone());
        let key = (conversation.tenant, id.uuid());
        if let Some(known) = lock(self.heads(key)).get_mut(&key) {
            let later = known.listed.is_none_or(|(version, ..)| version <= conversation.version);
            known.listed = if later { Some((conversation.version, conversation.place())) } else { known.listed };
        }
        if matches!(was, Was::Here(was) if was == Some(conversation.place())) {
            return;
        }
        if let Some(topic) = lock(self.topic(key)).get(&key) {
            for follower in &topic.followers {
                if matches!(follower.principal(), Principal::Staff(staff, _) if !policy::may_read(staff, &conversation)) {
                    follower.put(|mail| mail.gone.push(conversation.stream()));
                }
            }
        }
        let concerned = |mailbox: &Mailbox| {
            let Principal::Staff(staff, _) = mailbox.principal() else { return false };
            let (mine, queued) = match was {
                Was::Here(was) => (
                    [conversation.agent, was.and_then(|was| was.agent)].contains(&Some(staff.agent)),
                    waits(conversation.state) || was.is_some_and(|was| waits(was.state)),
                ),
                // It may have been in anybody's list.
                Was::Unknown => (true, true),
            };
            (mailbox.wants_mine() && mine) || (mailbox.wants_queue() && queued)
        };
        for mailbox in self.staff(conversation.tenant).into_iter().filter(|m| concerned(m)) {
            mailbox.row(id);
        }
    }

    /// Notifies a conversation's agent that its row changed, and everybody who watches the queue if it waits there.
    fn rows_of(&self, tenant: TenantId, id: ConversationId) {
        let Some(conversation) = self.head(tenant, id) else { return };
        let queued = waits(conversation.state);
        for mailbox in lock(&self.0.connected).staff.get(&conversation.tenant).into_iter().flatten() {
            let Principal::Staff(staff, _) = mailbox.principal() else { continue };
            if (mailbox.wants_mine() && conversation.agent == Some(staff.agent)) || (mailbox.wants_queue() && queued) {
                mailbox.row(id);
            }
        }
    }

    /// Follows a stream: from now on the mailbox is notified of it. Read the head after this.
    pub fn follow(&self, stream: Uuid, mailbox: &Arc<Mailbox>) {
        let key = (mailbox.principal().tenant(), stream);
        let mut topics = lock(self.topic(key));
        let topic = topics.entry(key).or_default();
        if !topic.followers.iter().any(|f| Arc::ptr_eq(f, mailbox)) {
            topic.followers.push(mailbox.clone());
        }
    }

    /// Stops following a stream; when the last follower leaves, the ring is dropped.
    pub fn leave(&self, stream: Uuid, mailbox: &Arc<Mailbox>) {
        let key = (mailbox.principal().tenant(), stream);
        let mut topics = lock(self.topic(key));
        if let Some(topic) = topics.get_mut(&key) {
            topic.followers.retain(|f| !Arc::ptr_eq(f, mailbox));
            if topic.followers.is_empty() {
                topics.remove(&key);
            }
        }
    }

    /// The entries after a number, encoded, from memory; `None` if the ring does not reach back that far, or if contacts in them are hidden from this reader.
    pub fn recent(&self, tenant: TenantId, stream: Uuid, reader: Reader, after: i64) -> Option<Vec<(i64, Arc<str>)>> {
        let topics = lock(self.topic((tenant, stream)));
        let ring = &topics.get(&(tenant, stream))?.ring;
        let number = |r: &Ringed| match reader {
            Reader::Staff(_) => Some(r.seq),
            Reader::Customer => r.pseq,
        };
        let first = ring.iter().find_map(number)?;
        if first > after + 1 {
            return None;
        }
        let text = |r: &Ringed| match reader {
            Reader::Staff(_) => Some(r.staff.clone()),
            Reader::Customer => r.public.clone(),
        };
        if ring.iter().any(|r| r.seq > after && reader.is_to_mask(&r.staff)) {
            return None;
        }
        Some(ring.iter().filter_map(|r| number(r).filter(|n| *n > after).zip(text(r))).collect())
    }

    /// Sends a lossy frame to the followers of a stream, including those on other nodes if there is a fast way.
    pub fn lossy(&self, tenant: TenantId, stream: Uuid, key: LossyKey, frame: &Arc<str>, to: To) {
        if let Some(others) = &self.0.others {
            others.lossy(tenant, stream, key, frame, to);
        }
        self.lossy_here(tenant, stream, key, frame, to);
    }

    /// Sends a lossy frame to the followers of a stream that are connected to this node.
    pub fn lossy_here(&self, tenant: TenantId, stream: Uuid, key: LossyKey, frame: &Arc<str>, to: To) {
        if let Some(topic) = lock(self.topic((tenant, stream))).get(&(tenant, stream)) {
            for follower in topic.followers.iter().filter(|f| to.includes(f.principal())) {
                follower.lossy(key, frame.clone());
            }
        }
    }

    /// How many connections a visitor has to this node.
    pub fn connections_of(&self, visitor: VisitorId) -> usize {
        lock(&self.0.connected).visitors.get(&visitor).map_or(0, Vec::len)
    }

    /// Makes room for a new connection of a visitor, or of a session of the staff, in addition to their other ones: at the limit, the one of these that has
    /// been silent longest is ended with this code, if it has been silent since that time. It stops counting at once, however long its last frames take to
    /// leave. Returns whether there is room.
    pub fn make_room(&self, new: &Arc<Mailbox>, limit: usize, silent_since: Ts, code: Code) -> bool {
        let connected = lock(&self.0.connected);
        let of = new.principal();
        let all = match of {
            Principal::Staff(staff, _) => connected.staff.get(&staff.tenant),
            Principal::Visitor { visitor, .. } => connected.visitors.get(visitor),
        };
        let same = |mailbox: &&Arc<Mailbox>| match (of, mailbox.principal()) {
            (Principal::Staff(_, with), Principal::Staff(_, other)) => with == other,
            _ => true,
        };
        let theirs: Vec<_> = all.into_iter().flatten().filter(|other| !Arc::ptr_eq(other, new)).filter(same).cloned().collect();
        drop(connected);
        if theirs.len() < limit {
            return true;
        }
        let Some(silent) = theirs.into_iter().filter(|mailbox| mailbox.heard_at() <= silent_since).min_by_key(|mailbox| mailbox.heard_at()) else {
            return false;
        };
        self.disconnect(&silent);
        silent.put(|mail| mail.closed = Some(code));
        true
    }

    /// Whether a visitor has a connection to this node.
    pub fn is_online(&self, visitor: VisitorId) -> bool {
        lock(&self.0.connected).visitors.contains_key(&visitor)
    }

    /// Adds a new connection.
    pub fn connect(&self, mailbox: &Arc<Mailbox>) {
        let mut connected = lock(&self.0.connected);
        match mailbox.principal() {
            Principal::Staff(staff, _) => connected.staff.entry(staff.tenant).or_default().push(mailbox.clone()),
            Principal::Visitor { visitor, tenant, .. } => {
                let theirs = connected.visitors.entry(*visitor).or_default();
                theirs.push(mailbox.clone());
                if let (1, Some(others)) = (theirs.len(), &self.0.others) {
                    others.visitor(*visitor, true);
                }
                *connected.visitors_of.entry(*tenant).or_default() += 1;
            }
        }
    }

    /// Removes a connection, unless it was given up before.
    pub fn disconnect(&self, mailbox: &Arc<Mailbox>) {
        let mut connected = lock(&self.0.connected);
        match mailbox.principal() {
            Principal::Staff(staff, _) => {
                if let Some(all) = connected.staff.get_mut(&staff.tenant) {
                    all.retain(|m| !Arc::ptr_eq(m, mailbox));
                }
                connected.staff.retain(|_, all| !all.is_empty());
            }
            Principal::Visitor { visitor, tenant, .. } => {
                let Some(all) = connected.visitors.get_mut(visitor) else { return };
                let Some(at) = all.iter().position(|m| Arc::ptr_eq(m, mailbox)) else { return };
                all.swap_remove(at);
                if all.is_empty() {
                    connected.visitors.remove(visitor);
                    if let Some(others) = &self.0.others {
                        others.visitor(*visitor, false);
                    }
                }
                if let Some(n) = connected.visitors_of.get_mut(tenant) {
                    *n = n.saturating_sub(1);
                }
                connected.visitors_of.retain(|_, n| *n > 0);
            }
        }
    }

    /// The connections of a company's staff.
    pub fn staff(&self, tenant: TenantId) -> Vec<Arc<Mailbox>> {
        lock(&self.0.connected).staff.get(&tenant).cloned().unwrap_or_default()
    }

    /// Notes that a signed-in member of the staff sent a request outside their event streams, which are read-only.
    pub fn note_activity(&self, principal: &Principal, now: Ts) {
        let Principal::Staff(staff, with) = principal else { return };
        for mailbox in lock(&self.0.connected).staff.get(&staff.tenant).into_iter().flatten() {
            if matches!(mailbox.principal(), Principal::Staff(_, other) if other == with) {
                mailbox.note_activity(now);
            }
        }
    }

    /// The agents connected to this node who have sent something since a time, by company. A half-open socket sends nothing.
    pub fn agents(&self, since: Ts) -> HashMap<TenantId, Vec<AgentId>> {
        let connected = lock(&self.0.connected);
        let agent = |m: &Arc<Mailbox>| match m.principal() {
            Principal::Staff(staff, _) if m.heard_at() >= since => Some(staff.agent),
            _ => None,
        };
        connected
            .staff
            .iter()
            .map(|(tenant, all)| {
                let mut agents: Vec<AgentId> = all.iter().filter_map(agent).collect();
                agents.sort_unstable();
                agents.dedup();
                (*tenant, agents)
            })
            .collect()
    }

    /// Every connection of this node.
    pub fn everybody(&self) -> Vec<Arc<Mailbox>> {
        let connected = lock(&self.0.connected);
        connected.staff.values().chain(connected.visitors.values()).flatten().cloned().collect()
    }

    /// The number of visitors connected to this node, by company.
    pub fn visitors(&self) -> HashMap<TenantId, usize> {
        lock(&self.0.connected).visitors_of.clone()
    }

    /// Every visitor connected to this node.
    pub fn visitors_here(&self) -> Vec<VisitorId> {
        lock(&self.0.connected).visitors.keys().copied().collect()
    }

    /// The number of visitors of a company that are connected to this node.
    pub fn visitors_online(&self, tenant: TenantId) -> usize {
        lock(&self.0.connected).visitors_of.get(&tenant).copied().unwrap_or(0)
    }

    /// The state of a conversation as last committed by, or loaded on, this node; it may be stale, which the check of its version makes safe.
    pub fn head(&self, tenant: TenantId, id: ConversationId) -> Option<Arc<Conversation>> {
        let key = (tenant, id.uuid());
        lock(self.heads(key)).get(&key).map(|known| known.conversation.clone())
    }

    /// Remembers a conversation's state unless a newer one is known; returns the one that was known.
    pub fn remember(&self, conversation: Arc<Conversation>) -> Option<Arc<Conversation>> {
        let key = (conversation.tenant, conversation.id.uuid());
        let mut heads = lock(self.heads(key));
        if heads.len() > HEADS / SHARDS {
            heads.clear();
        }
        match heads.get_mut(&key) {
            Some(known) if known.conversation.version > conversation.version => Some(known.conversation.clone()),
            Some(known) => Some(std::mem::replace(&mut known.conversation, conversation)),
            None => heads.insert(key, Remembered { conversation, told: 0, listed: None }).map(|known| known.conversation),
        }
    }

    /// Waits for the next commit.
    pub async fn wait_for_commit(&self) {
        self.0.committed.notified().await;
    }

    /// Notes that a console sent a hello.
    pub fn console_came(&self) {
        self.0.consoles.notify_one();
    }

    /// Waits until a console sends a hello.
    pub async fn console(&self) {
        self.0.consoles.notified().await;
    }

    /// Waits until a queue changes, or who is at work.
    pub async fn queue_changed(&self) {
        self.0.queues.notified().await;
    }

    fn topic(&self, key: Key) -> &Mutex<HashMap<Key, Topic>> {
        &self.0.topics[shard(key.1)]
    }
    fn heads(&self, key: Key) -> &Mutex<HashMap<Key, Remembered>> {
        &self.0.heads[shard(key.1)]
    }
}

/// The place of a conversation before a change.
#[derive(Debug, Clone, Copy)]
enum Was {
    /// This place; `None` if the conversation is new.
    Here(Option<Place>),
    /// The place is not known on this node.
    Unknown,
}

fn waits(state: State) -> bool {
    state.owner() == Owner::Queue
}

fn shard(id: Uuid) -> usize {
    id.as_u64_pair().1 as usize % SHARDS
}

/// What the bot has to do with a customer's message.
fn turn_of(entry: Arc<StoredEntry>) -> Option<BotTurn> {
    match entry.fact() {
        Some(Fact::Message(fact)) if fact.to == Some(Owner::Bot) => Some(BotTurn::Answer(entry)),
        _ => None,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use domain::{
        id::SessionId,
        policy::{Grants, Staff},
        staff::Role,
    };

    use super::*;

    fn member(agent: u128, session: u128) -> Principal {
        let staff = Staff {
            agent: AgentId::new(Uuid::from_u128(agent)),
            tenant: TenantId::new(Uuid::from_u128(1)),
            grants: Grants::of(Role::Agent),
            circle: Arc::default(),
            name: "周敏".into(),
            number: "0317".into(),
        };
        Principal::Staff(staff, Credential::Session(SessionId::new(Uuid::from_u128(session))))
    }

    #[test]
    fn a_post_beside_a_stream_shows_that_its_agent_is_there() {
        let (hub, _turns) = Hub::new(None);
        let streams = [Mailbox::new(member(1, 11)), Mailbox::new(member(2, 22))];
        streams.iter().for_each(|stream| hub.connect(stream));
        let present = |hub: &Hub| hub.agents(Ts(100)).into_values().flatten().collect::<Vec<_>>();
        assert_eq!(present(&hub), []);
        hub.note_activity(&member(1, 11), Ts(100));
        assert_eq!(present(&hub), [AgentId::new(Uuid::from_u128(1))]);
        hub.note_activity(&member(2, 33), Ts(100));
        assert_eq!(present(&hub).len(), 1);
    }
}
