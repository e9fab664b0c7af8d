//! The nodes: what each sends to its connections and to the other nodes, what it finds by itself, how it dies and starts.

use std::{
    cell::Cell,
    collections::{HashMap, VecDeque},
    rc::Rc,
};

use domain::{
    conversation::Conversation,
    journal::{Head, View},
    refusal::Code,
    time::Ts,
};
use uuid::Uuid;

use super::{
    Variant, chat,
    journal::{Row, Tx},
    world::{Happening, World},
};

/// The number of entries of a stream that a node keeps in memory.
const RING: usize = 6;
const SWEEP_EVERY_MS: i64 = 1_000;
/// The generation of the only history in this world.
pub const GENERATION: Uuid = Uuid::from_u128(42);

/// A counter that is raised whenever a send under it has to be repeated later.
pub type Fence = Rc<Cell<u64>>;

/// A send that waits to be written and answered.
#[derive(Debug, Clone)]
pub struct Job {
    /// The link that it came over; `None` for the bot.
    pub link: Option<usize>,
    /// The conversation that it is for.
    pub conversation: usize,
    /// The sender's id for it.
    pub client_id: Uuid,
    /// What it is to do.
    pub does: super::writer::Does,
    /// The entry, and the version that it was decided on, if nothing but counters seemed to change.
    pub hot: Option<(domain::journal::NewEntry, i64)>,
    /// The fence that it was submitted under, with the value at that time.
    pub fence: Option<(Fence, u64)>,
    /// Its outcome, once it was performed.
    pub answer: Option<Outcome>,
}

/// The outcome of a send: its row, or why it is refused; `None` means that it has to be repeated later.
pub type Outcome = Option<Result<Row, Code>>;

/// A transaction that is being committed, and the sends that wait for it.
#[derive(Debug)]
pub struct Batch {
    /// The transaction.
    pub tx: Tx,
    /// The sends that wait for it.
    pub jobs: Vec<Job>,
}

/// A node.
#[derive(Debug, Default)]
pub struct Node {
    /// Whether the node runs.
    pub up: bool,
    /// The number of its life; a kill begins a new one.
    pub life: u64,
    /// The writes that wait.
    pub queue: VecDeque<Job>,
    /// The batch that is being committed.
    pub batch: Option<Batch>,
    /// Conversations as last seen by this node; they may be stale.
    pub known: HashMap<usize, Conversation>,
    /// Heads as last seen by this node, for the variant that numbers from memory.
    pub heads: HashMap<usize, Head>,
    /// The followers: conversation and link.
    pub followers: Vec<(usize, usize)>,
    /// The last entries of the followed conversations.
    pub rings: HashMap<usize, VecDeque<Row>>,
    swept: u64,
}

impl World {
    /// Publishes what a commit of this node wrote: to its own connections, and as a hint to the other nodes.
    pub fn publish(&mut self, node: usize, wrote: &[(usize, Row)]) {
        for (c, row) in wrote {
            let followed = self.nodes[node].followers.iter().any(|(of, _)| of == c);
            if followed {
                let ring = self.nodes[node].rings.entry(*c).or_default();
                if ring.back().is_some_and(|last| last.seq + 1 != row.seq) {
                    ring.clear();
                }
                if ring.len() == RING {
                    ring.pop_front();
                }
                ring.push_back(*row);
            }
            self.hint(node, *c, row.seq, row.pseq);
            for other in 0..self.nodes.len() {
                let heard = self.diary.now >= self.redis_down_until && !(self.troubled && self.chance(10));
                if other != node && heard {
                    let delay = self.delay();
                    self.diary.after(delay, Happening::Hint(other, *c, row.seq, row.pseq));
                }
            }
        }
    }

    /// A node learns that there is a new entry.
    pub fn hint(&mut self, node: usize, c: usize, seq: i64, pseq: Option<i64>) {
        for (of, link) in self.nodes[node].followers.clone() {
            if of == c {
                let number = match self.view(link) {
                    View::Staff => Some(seq),
                    View::Customer if self.variant == Some(Variant::CustomersHearOfStaffEntries) => Some(seq),
                    View::Customer => pseq,
                };
                self.raise(link, c, number);
            }
        }
    }

    fn raise(&mut self, link: usize, c: usize, number: Option<i64>) {
        let (Some(number), Some(session)) = (number, &mut self.links[link].session) else { return };
        let stream = chat::stream(c);
        match session.raised.iter_mut().find(|(s, _)| *s == stream) {
            Some((_, known)) => *known = number.max(*known),
            None => session.raised.push((stream, number)),
        }
        if session.raised.len() > session.hello.len() {
            self.diary.violate(format!("link {link} keeps more heads than streams"));
        }
        self.rouse(link);
    }

    /// A node looks for entries that it was not notified of.
    pub fn sweep(&mut self, node: usize, life: u64) {
        if self.nodes[node].life != life || !self.nodes[node].up {
            return;
        }
        let (found, next) = self.journal.sweep(self.nodes[node].swept, self.variant);
        self.nodes[node].swept = next;
        for c in found {
            for (_, link) in self.nodes[node].followers.clone().into_iter().filter(|(of, _)| *of == c) {
                let head = self.journal.head(c, self.view(link));
                self.raise(link, c, Some(head));
            }
        }
        self.diary.after(SWEEP_EVERY_MS, Happening::Sweep(node, life));
    }

    /// A node ends without warning: what was not committed is lost, and whether a commit in progress was kept is random.
    pub fn crash(&mut self, node: usize) {
        if !self.nodes[node].up {
            return;
        }
        let kept = self.chance(50);
        self.diary.tell(|| format!("node {node} is killed; its commit, if any, was kept: {kept}"));
        if let Some(batch) = self.nodes[node].batch.take() {
            self.check_kept(&batch.tx, kept);
            self.journal.end(batch.tx, kept);
        }
        let life = self.nodes[node].life + 1;
        self.nodes[node] = Node { life, ..Node::default() };
        for link in 0..self.links.len() {
            if self.links[link].node == node && self.links[link].session.is_some() {
                self.links[link].session = None;
                self.links[link].up.queue.clear();
                self.links[link].down.queue.clear();
                if self.chance(70) {
                    let delay = self.delay();
                    self.diary.after(delay, Happening::Cut(link));
                }
            }
        }
        let away = 50 + self.below(4_000);
        self.diary.after(away, Happening::Start(node));
    }

    /// A node starts; it looks up what it serves when it is asked.
    pub fn start(&mut self, node: usize) {
        if self.nodes[node].up {
            return;
        }
        self.nodes[node].up = true;
        self.nodes[node].swept = self.journal.sweep(u64::MAX, None).1;
        // A single node, with an embedded database, knows of every commit.
        if self.nodes.len() > 1 {
            let (life, first) = (self.nodes[node].life, self.below(SWEEP_EVERY_MS));
            self.diary.after(first, Happening::Sweep(node, life));
        }
    }
}

/// The moment before anything happened.
pub const BEGINNING: Ts = Ts(1_000);
