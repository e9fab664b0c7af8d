//! The nodes: what each tells its connections and the others, what it finds by itself, how it dies and starts.

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

/// Entries in a node's memory of a stream.
const RING: usize = 6;
const SWEEP_EVERY_MS: i64 = 1_000;
/// The one history of this world.
pub const GENERATION: Uuid = Uuid::from_u128(42);

/// Raised whenever a send under it has to come back later.
pub type Fence = Rc<Cell<u64>>;

/// Who waits for a send.
#[derive(Debug, Clone)]
pub struct Job {
    /// Over which link it came; the bot has none.
    pub link: Option<usize>,
    /// Where.
    pub conversation: usize,
    /// Its id.
    pub client_id: Uuid,
    /// What it wants done.
    pub does: super::writer::Does,
    /// The entry and the version it was decided on, if nothing but counters seemed to change.
    pub hot: Option<(domain::journal::NewEntry, i64)>,
    /// What it was submitted under.
    pub fence: Option<(Fence, u64)>,
    /// What became of it.
    pub answer: Option<Outcome>,
}

/// What becomes of a send: its row, or why it is refused; `None`: come back later.
pub type Outcome = Option<Result<Row, Code>>;

/// A transaction on its way to the disk, and who waits for it.
#[derive(Debug)]
pub struct Batch {
    /// The transaction.
    pub tx: Tx,
    /// Who waits.
    pub jobs: Vec<Job>,
}

/// A node.
#[derive(Debug, Default)]
pub struct Node {
    /// Whether it runs.
    pub up: bool,
    /// How often it was started.
    pub life: u64,
    /// Writes that wait.
    pub queue: VecDeque<Job>,
    /// The batch on its way.
    pub batch: Option<Batch>,
    /// Conversations as last seen here; maybe stale.
    pub known: HashMap<usize, Conversation>,
    /// Heads as last seen here, for the variant that numbers from memory.
    pub heads: HashMap<usize, Head>,
    /// Who follows what: conversation, link.
    pub followers: Vec<(usize, usize)>,
    /// The last entries of what is followed.
    pub rings: HashMap<usize, VecDeque<Row>>,
    swept: u64,
}

impl World {
    /// What a commit of this node made known: to its own connections, and as a hint to the other nodes.
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

    /// A node hears that there is an entry.
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

    /// A node looks for what it was not told of.
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

    /// A node ends without a word: what was not committed is gone, and whether a commit on its way was kept is chance.
    pub fn crash(&mut self, node: usize) {
        if !self.nodes[node].up {
            return;
        }
        let kept = self.chance(50);
        self.diary.tell(|| format!("node {node} is killed; its commit, if any, was kept: {kept}"));
        if let Some(batch) = self.nodes[node].batch.take() {
            self.kept(&batch.tx, kept);
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

    /// A node starts; what it serves it looks up as it is asked.
    pub fn start(&mut self, node: usize) {
        if self.nodes[node].up {
            return;
        }
        self.nodes[node].up = true;
        self.nodes[node].swept = self.journal.sweep(u64::MAX, None).1;
        // One node alone, with its database in itself, knows of every commit.
        if self.nodes.len() > 1 {
            let (life, first) = (self.nodes[node].life, self.below(SWEEP_EVERY_MS));
            self.diary.after(first, Happening::Sweep(node, life));
        }
    }
}

/// The moment before anything happened.
pub const BEGINNING: Ts = Ts(1_000);
