//! The world in which nodes and devices meet: virtual time, links between them, and everything that goes wrong.

use std::collections::VecDeque;

use domain::{journal::View, time::Ts};
use uuid::Uuid;

use super::{
    Variant,
    device::Device,
    diary::Diary,
    journal::Journal,
    node::{BEGINNING, Node},
    session::Session,
};
use crate::{
    client_connection::{self, Transport},
    random::Random,
};

/// The number of messages that a link holds before its writer has to wait.
pub const LINK_HOLDS: usize = 4;
/// How long it may take after the last trouble until everybody has everything.
const QUIET_WITHIN_MS: i64 = 300_000;
/// The number of events after which a seed is given up: something goes round in circles.
const MOST_EVENTS: u64 = 400_000;

/// What a device sends or asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Say {
    /// A text for the other side.
    Text,
    /// A private note.
    Note,
    /// The customer asks for a person.
    Human,
    /// An agent takes the conversation.
    Take,
    /// An agent settles the conversation.
    Resolve,
}

/// A frame on its way to a node.
#[derive(Debug, Clone)]
pub enum Up {
    /// A send: its conversation, its id and its content.
    Send(usize, Uuid, Say),
    /// A request for an older page.
    Get(usize, i64, i64),
    /// A request for a sign of life.
    Ping,
}

/// An entry as a device gets it.
#[derive(Debug, Clone, Copy)]
pub struct Item {
    /// Its number in the device's view.
    pub seq: i64,
    /// Distinguishes entries.
    pub print: u64,
    /// The id of the send that it stores.
    pub said: Option<Uuid>,
    /// Whether only staff may see it.
    pub staff: bool,
}

impl client_connection::Numbered for Item {
    fn seq(&self) -> i64 {
        self.seq
    }
}

/// A frame on its way to a device.
pub type Down = client_connection::Frame<Item>;

/// One direction of a link: first in, first out, whatever the network does.
#[derive(Debug)]
pub struct Pipe<T> {
    /// The messages in transit, and when they arrive.
    pub queue: VecDeque<(Ts, Vec<T>)>,
    /// Nothing arrives any more, and neither end is notified.
    pub dead: bool,
    /// Nothing arrives before this time.
    pub stalled: Ts,
}

impl<T> Default for Pipe<T> {
    fn default() -> Self {
        Self { queue: VecDeque::new(), dead: false, stalled: Ts(0) }
    }
}

impl<T> Pipe<T> {
    /// Sends a message, behind those already in transit; returns when it arrives.
    pub fn push(&mut self, at: Ts, message: Vec<T>) -> Ts {
        let at = self.queue.back().map_or(at, |(last, _)| at.max(*last)).max(self.stalled);
        self.queue.push_back((at, message));
        at
    }
}

/// What a link carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carries {
    /// Frames, over this transport.
    Frames(Transport),
    /// One POST and its answer.
    Post,
}

/// A link between a device and a node.
#[derive(Debug)]
pub struct Link {
    /// The number of the node.
    pub node: usize,
    /// The number of the device.
    pub device: usize,
    /// What it carries.
    pub carries: Carries,
    /// The direction to the node.
    pub up: Pipe<Up>,
    /// The direction to the device.
    pub down: Pipe<Down>,
    /// What the node keeps for the link.
    pub session: Option<Session>,
    /// The time since when what the device writes is silently lost.
    pub deaf_since: Option<Ts>,
    /// Whether the device has dropped the link, or was notified of its end.
    pub dropped: bool,
}

/// An event of the world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    /// A device checks its clock.
    Tick(usize),
    /// A device sends a new message.
    Say(usize),
    /// A link reaches its node.
    Reach(usize),
    /// A device learns that its link is established.
    Stands(usize),
    /// A device learns that its link is gone.
    Cut(usize),
    /// A node learns that its link is gone.
    Hangup(usize),
    /// A message reaches the node.
    Arrive(usize),
    /// A message reaches the device.
    Read(usize),
    /// A connection's task wakes.
    Wake(usize),
    /// A connection's task has looked at the head of a conversation.
    Looked(usize),
    /// A write has waited long enough.
    GiveUp(usize, u64),
    /// A connection sends a beat.
    Beat(usize),
    /// A poll has waited long enough.
    PollOver(usize),
    /// A writer begins a batch.
    Batch(usize, u64),
    /// A writer's commit ends.
    Commit(usize, u64),
    /// A different node learns of an entry: conversation, numbers.
    Hint(usize, usize, i64, Option<i64>),
    /// A node looks for what it was not notified of.
    Sweep(usize, u64),
    /// The bot has an answer: the node, its life, the conversation, the epoch, and the message that is answered.
    BotAnswers(usize, u64, usize, i64, i64),
    /// Something goes wrong.
    Trouble,
    /// A node starts again.
    Start(usize),
    /// Everything that was broken works again.
    Heal,
    /// Checks whether everything is quiet.
    Look,
}

/// One seed's world.
pub struct World {
    /// The time, the agenda, randomness, and the violations.
    pub diary: Diary<Happening>,
    /// The rule that is broken on purpose, if one is.
    pub variant: Option<Variant>,
    /// The record.
    pub journal: Journal,
    /// The nodes.
    pub nodes: Vec<Node>,
    /// The devices.
    pub devices: Vec<Device>,
    /// All links that ever existed.
    pub links: Vec<Link>,
    /// The time until which nodes do not hear each other.
    pub redis_down_until: Ts,
    /// The time until which commits take long.
    pub disk_slow_until: Ts,
    /// The time until which commits fail.
    pub disk_full_until: Ts,
    /// Whether things still go wrong.
    pub troubled: bool,
    /// How many writes may wait in a node before it answers `busy`.
    pub queue_holds: usize,
    /// How wild the world is: the percentage of messages that may take long while things go wrong.
    pub wildness: u64,
    /// The number of bot answers that are being computed.
    pub thinking: usize,
    /// Whether the world never became quiet.
    pub gave_up: bool,
    healed_at: Ts,
}

impl World {
    /// An empty world.
    pub fn new(random: Random, variant: Option<Variant>, traced: bool) -> Self {
        Self {
            diary: Diary::new(BEGINNING, random, traced),
            variant,
            journal: Journal::default(),
            nodes: Vec::new(),
            devices: Vec::new(),
            links: Vec::new(),
            redis_down_until: Ts(0),
            disk_slow_until: Ts(0),
            disk_full_until: Ts(0),
            troubled: true,
            queue_holds: 8,
            wildness: 0,
            thinking: 0,
            gave_up: false,
            healed_at: Ts(0),
        }
    }

    /// A number below `n`.
    pub fn below(&mut self, n: i64) -> i64 {
        self.diary.random.below(n.unsigned_abs()).cast_signed()
    }
    /// True with this probability, in percent.
    pub fn chance(&mut self, of_hundred: u64) -> bool {
        self.diary.random.below(100) < of_hundred
    }
    /// How long a message takes: usually a short time.
    pub fn delay(&mut self) -> i64 {
        if self.troubled && self.diary.random.below(100) < self.wildness { self.below(3_000) } else { 1 + self.below(20) }
    }

    /// Lets everything happen until the world is quiet, or until it is clear that it never will be.
    pub fn run(&mut self) {
        while let Some(what) = self.diary.next() {
            if self.diary.events > MOST_EVENTS {
                return self.diary.violate("it goes round in circles".to_owned());
            }
            if matches!(what, Happening::Look) {
                if self.is_quiet() {
                    return;
                }
                if self.diary.now.since(self.healed_at) > QUIET_WITHIN_MS {
                    self.gave_up = true;
                    return;
                }
                self.diary.after(500, Happening::Look);
                continue;
            }
            self.happen(what);
            if !self.diary.is_clean() {
                return;
            }
        }
    }

    fn happen(&mut self, what: Happening) {
        match what {
            Happening::Tick(device) => self.tick(device),
            Happening::Say(device) => self.say(device),
            Happening::Reach(link) => self.reach(link),
            Happening::Stands(link) => self.stands(link),
            Happening::Cut(link) => self.cut(link),
            Happening::Hangup(link) => self.hangup(link),
            Happening::Arrive(link) => self.arrive(link),
            Happening::Read(link) => self.read(link),
            Happening::Wake(link) => self.wake(link),
            Happening::Looked(link) => self.on_store_answer(link),
            Happening::GiveUp(link, write) => self.give_up(link, write),
            Happening::Beat(link) => self.beat(link),
            Happening::PollOver(link) => self.poll_over(link),
            Happening::Batch(node, life) => self.batch(node, life),
            Happening::Commit(node, life) => self.commit(node, life),
            Happening::Hint(node, c, seq, pseq) => self.hint(node, c, seq, pseq),
            Happening::Sweep(node, life) => self.sweep(node, life),
            Happening::BotAnswers(node, life, c, epoch, of) => self.bot_answers(node, life, c, epoch, of),
            Happening::Trouble => self.trouble(),
            Happening::Start(node) => self.start(node),
            Happening::Heal => self.heal(),
            Happening::Look => {}
        }
    }

    /// Whether every send is answered, everybody has what the record has, and nobody is working.
    fn is_quiet(&self) -> bool {
        let busy = |node: &Node| !node.queue.is_empty() || node.batch.is_some() || !node.up;
        if self.troubled || self.thinking > 0 || self.nodes.iter().any(busy) {
            return false;
        }
        self.devices.iter().all(|device| {
            let current = |log: &crate::faults::history::ClientLog| {
                device.machine.cursor(super::chat::stream(log.conversation)) == Some(self.journal.head(log.conversation, device.view))
            };
            device.to_say == 0 && device.machine.unanswered_count() == 0 && device.logs.iter().all(current)
        })
    }

    /// Makes one thing go wrong, and schedules the next.
    fn trouble(&mut self) {
        if !self.troubled {
            return;
        }
        let open: Vec<usize> = (0..self.links.len()).filter(|link| self.links[*link].session.is_some()).collect();
        let link = open.get(self.below(open.len() as i64) as usize).copied();
        let device = self.below(self.devices.len() as i64) as usize;
        let how_long = 500 + self.below(6_000);
        match (self.below(13), link) {
            (0 | 1, Some(link)) => self.reset(link),
            (2, Some(link)) => {
                let (up, down) = (self.chance(60), self.chance(60));
                self.diary.tell(|| format!("link {link} goes half open, up dead {up}, down dead {down}"));
                self.links[link].up.dead |= up;
                self.links[link].deaf_since = self.links[link].deaf_since.or(up.then_some(self.diary.now));
                self.links[link].down.dead |= down;
            }
            (3, Some(link)) => {
                self.diary.tell(|| format!("link {link} stalls for {how_long} ms"));
                let until = self.diary.now.plus(how_long);
                let (up, down) = (self.chance(60), self.chance(60));
                if up {
                    self.links[link].up.stalled = until;
                }
                if down {
                    self.links[link].down.stalled = until;
                }
            }
            (4 | 5, _) => {
                let node = self.below(self.nodes.len() as i64) as usize;
                self.crash(node);
            }
            (6, _) => {
                self.diary.tell(|| format!("nodes do not hear each other for {how_long} ms"));
                self.redis_down_until = self.diary.now.plus(how_long);
            }
            (7, _) => {
                self.diary.tell(|| format!("device {device} reads slowly for {how_long} ms"));
                self.devices[device].slow_until = self.diary.now.plus(how_long);
            }
            (8, _) => {
                self.diary.tell(|| format!("the disk is slow for {how_long} ms"));
                self.disk_slow_until = self.diary.now.plus(how_long);
            }
            (9, _) => {
                self.diary.tell(|| format!("commits fail for {} ms", how_long / 4));
                self.disk_full_until = self.diary.now.plus(how_long / 4);
            }
            (10, _) => self.reload(device),
            (11, _) => self.move_over(device),
            _ => self.online(device),
        }
        let next = 50 + self.below(1_500);
        self.diary.after(next, Happening::Trouble);
    }

    /// Resets a link: both ends are notified, sooner or later; what was in transit is lost.
    pub fn reset(&mut self, link: usize) {
        self.diary.tell(|| format!("link {link} is reset"));
        self.links[link].up.queue.clear();
        self.links[link].down.queue.clear();
        self.hangup(link);
        let delay = self.delay();
        self.diary.after(delay, Happening::Cut(link));
    }

    fn heal(&mut self) {
        self.diary.tell(|| "everything works again".to_owned());
        (self.troubled, self.healed_at) = (false, self.diary.now);
        (self.redis_down_until, self.disk_slow_until, self.disk_full_until) = (self.diary.now, self.diary.now, self.diary.now);
        for device in &mut self.devices {
            device.slow_until = self.diary.now;
        }
        for node in 0..self.nodes.len() {
            if !self.nodes[node].up {
                self.start(node);
            }
        }
        self.diary.after(500, Happening::Look);
    }

    /// The numbering of a link's device.
    pub fn view(&self, link: usize) -> View {
        self.devices[self.links[link].device].view
    }
}
