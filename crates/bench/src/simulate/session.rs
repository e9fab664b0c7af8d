//! A node's end of a connection: it drives the real delivery and ingress machines as the server does, and keeps two numbers for each stream.

use std::collections::{HashMap, VecDeque};

use domain::{journal::View, stream::StreamName};
use machines::{
    delivery::{Delivery, Followed, Input, Output},
    ingress::{SendOrder, TokenBucket},
};
use uuid::Uuid;

use super::{
    Variant, chat,
    journal::Row,
    node::{Fence, GENERATION, Outcome},
    world::{Carries, Down, Happening, Item, LINK_HOLDS, Up, World},
};
use crate::client_connection::{Frame, Transport};

/// The number of entries in one page, and in a reset.
const PAGE: usize = 4;
const RESET: i64 = 50;
/// The number of frames in one write.
const WRITE: usize = 3;
/// The number of a connection's sends that may be uncommitted at a time.
const IN_FLIGHT: usize = 8;
/// How long a write waits for a slow reader.
const WRITE_WITHIN_MS: i64 = 30_000;
const POLL_MS: i64 = 25_000;
/// The mean time between beats.
const BEAT_MS: i64 = 25_000;
/// How long a client that gets `busy` is told to wait.
const RETRY_MS: i64 = 500;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Its hello has not arrived, or it waits for the store.
    Away,
    Idle,
    /// The reader is slow: the write with this number waits.
    Writing(u64),
}

/// What a node keeps for a connection.
#[derive(Debug)]
pub struct Session {
    /// The conversations that it follows, each with its cursor.
    pub hello: Vec<(usize, Option<i64>)>,
    looked: Vec<i64>,
    state: State,
    delivery: Delivery,
    order: SendOrder,
    bucket: TokenBucket,
    in_flight: usize,
    fences: HashMap<usize, Fence>,
    answers: VecDeque<(usize, Uuid, Outcome)>,
    /// Heads that rose since it last looked.
    pub raised: Vec<(StreamName, i64)>,
    asked: VecDeque<(usize, i64, i64)>,
    /// What waits to be written, or is kept until there is news.
    out: Vec<Down>,
    writes: u64,
    /// The number of answers that a POST waits for.
    expects: usize,
}

impl World {
    /// The state that a node will keep for a link.
    pub fn session(&mut self, link: usize, hello: Vec<(usize, Option<i64>)>) -> Session {
        let burst = if self.wildness > 0 { 3 + self.links[link].device as i64 * 4 } else { 30 };
        Session {
            hello,
            looked: Vec::new(),
            state: State::Away,
            delivery: Delivery::default(),
            order: SendOrder::default(),
            bucket: TokenBucket::new(10.0, burst as f64, self.diary.now),
            in_flight: 0,
            fences: HashMap::new(),
            answers: VecDeque::new(),
            raised: Vec::new(),
            asked: VecDeque::new(),
            out: Vec::new(),
            writes: 0,
            expects: 0,
        }
    }

    /// A link reaches its node, which looks at what it asks for: first it listens, then it looks.
    pub fn reach(&mut self, link: usize) {
        let node = self.links[link].node;
        if !self.nodes[node].up || self.links[link].session.is_none() {
            self.links[link].session = None;
            let delay = self.delay();
            return self.diary.after(delay, Happening::Cut(link));
        }
        if self.links[link].carries == Carries::Post {
            return self.on_post(link);
        }
        if self.variant == Some(Variant::CatchUpBeforeSubscribe) {
            self.look(link);
        } else {
            self.listen(link);
        }
        let (stands, looks) = (self.delay(), self.below(40));
        self.diary.after(stands, Happening::Stands(link));
        self.diary.after(looks, Happening::Looked(link));
        let beat = self.beat_in();
        self.diary.after(beat, Happening::Beat(link));
    }

    fn listen(&mut self, link: usize) {
        let node = self.links[link].node;
        let Some(session) = &self.links[link].session else { return };
        let wanted: Vec<(usize, usize)> = session.hello.iter().map(|(c, _)| (*c, link)).collect();
        self.nodes[node].followers.extend(wanted);
    }

    fn look(&mut self, link: usize) {
        let view = self.view(link);
        let Some(session) = &mut self.links[link].session else { return };
        session.looked = session.hello.iter().map(|(c, _)| self.journal.head(*c, view)).collect();
    }

    /// The store has answered.
    pub fn on_store_answer(&mut self, link: usize) {
        let view = self.view(link);
        if self.variant == Some(Variant::CatchUpBeforeSubscribe) {
            self.listen(link);
        } else {
            self.look(link);
        }
        let Some(session) = &mut self.links[link].session else { return };
        for ((c, cursor), head) in session.hello.iter().zip(&session.looked) {
            session.delivery.step(Input::Follow(Followed { stream: chat::stream(*c), view, sent: *cursor, head: *head }));
        }
        session.state = State::Idle;
        session.out.push(Frame::Welcome { generation: GENERATION, beat_ms: BEAT_MS });
        if self.links[link].carries == Carries::Frames(Transport::Poll) {
            self.diary.after(POLL_MS, Happening::PollOver(link));
        }
        self.wake(link);
    }

    /// Runs a connection's task: it finishes its write, drains, and takes what has arrived, until there is nothing to do.
    pub fn wake(&mut self, link: usize) {
        loop {
            let room = self.links[link].down.queue.len() < LINK_HOLDS;
            let Some(session) = &mut self.links[link].session else { return };
            match session.state {
                State::Away => return,
                State::Writing(_) if !room => return,
                State::Writing(_) => session.state = State::Idle,
                State::Idle => {}
            }
            let greeting = session.out.len();
            let carries = self.links[link].carries;
            self.drain(link);
            let Some(session) = &mut self.links[link].session else { return };
            // The greeting alone is not news for a poll; a POST is answered as a whole.
            let keep = match carries {
                Carries::Frames(Transport::Poll) => session.out.len() == greeting,
                Carries::Post => session.out.len() < session.expects,
                Carries::Frames(_) => session.out.is_empty(),
            };
            if keep {
                return self.take_next(link);
            }
            if !room && self.variant != Some(Variant::WritesWithoutRoom) {
                session.writes += 1;
                session.state = State::Writing(session.writes);
                let write = session.writes;
                return self.diary.after(WRITE_WITHIN_MS, Happening::GiveUp(link, write));
            }
            let out = std::mem::take(&mut session.out);
            self.put_down(link, out);
            if matches!(carries, Carries::Post | Carries::Frames(Transport::Poll)) {
                return self.hangup(link);
            }
        }
    }

    fn put_down(&mut self, link: usize, out: Vec<Down>) {
        let delay = self.delay();
        let pipe = &mut self.links[link].down;
        let first = pipe.queue.is_empty();
        let at = pipe.push(self.diary.now.plus(delay), out);
        if pipe.queue.len() > LINK_HOLDS {
            self.diary.violate(format!("link {link} holds more than it can"));
        }
        if first {
            self.diary.at(at, Happening::Read(link));
        }
    }

    /// A write has waited too long: the reader is given up.
    pub fn give_up(&mut self, link: usize, write: u64) {
        if self.links[link].session.as_ref().is_some_and(|session| session.state == State::Writing(write)) {
            self.diary.tell(|| format!("link {link} is given up: nobody reads"));
            self.reset(link);
        }
    }

    /// A poll has waited long enough.
    pub fn poll_over(&mut self, link: usize) {
        if let Some(session) = &mut self.links[link].session {
            session.out.push(Frame::Life);
            let out = std::mem::take(&mut session.out);
            self.put_down(link, out);
            self.hangup(link);
        }
    }

    /// Sends a beat.
    pub fn beat(&mut self, link: usize) {
        let beats = matches!(self.links[link].carries, Carries::Frames(Transport::Socket | Transport::Stream));
        let Some(session) = &mut self.links[link].session else { return };
        if session.state == State::Idle && beats {
            session.out.push(Frame::Pong);
            self.wake(link);
        }
        let beat = self.beat_in();
        self.diary.after(beat, Happening::Beat(link));
    }

    fn beat_in(&mut self) -> i64 {
        BEAT_MS * 8 / 10 + self.below(BEAT_MS * 4 / 10)
    }

    /// A message reaches the node; it is taken when the connection's task is free.
    pub fn arrive(&mut self, link: usize) {
        if self.links[link].session.as_ref().is_some_and(|session| session.state == State::Idle) {
            self.take_next(link);
        }
    }

    fn take_next(&mut self, link: usize) {
        let (now, pipe) = (self.diary.now, &mut self.links[link].up);
        let Some((at, _)) = pipe.queue.front() else { return };
        if pipe.dead {
            return;
        }
        let at = (*at).max(pipe.stalled);
        if at > now {
            return self.diary.at(at, Happening::Arrive(link));
        }
        let Some((_, frames)) = pipe.queue.pop_front() else { return };
        for frame in frames {
            self.frame(link, frame);
        }
        self.wake(link);
    }

    fn on_post(&mut self, link: usize) {
        let frames = self.links[link].up.queue.pop_front().map(|(_, frames)| frames).unwrap_or_default();
        if let Some(session) = &mut self.links[link].session {
            (session.expects, session.state) = (frames.len(), State::Idle);
        }
        for frame in frames {
            self.frame(link, frame);
        }
        if self.links[link].session.as_ref().is_some_and(|session| session.expects == 0) {
            self.put_down(link, Vec::new());
            return self.hangup(link);
        }
        self.wake(link);
    }

    fn frame(&mut self, link: usize, frame: Up) {
        let Some(session) = &mut self.links[link].session else { return };
        match frame {
            Up::Ping => session.out.push(Frame::Pong),
            Up::Get(c, from, to) => session.asked.push_back((c, from, to)),
            Up::Send(c, client_id, say) => {
                session.in_flight += 1;
                let (conversation, fence) = (chat::stream(c).id, session.fences.entry(c).or_default().clone());
                let value = fence.get();
                let is_taken =
                    session.order.arrive(conversation, client_id, value) && session.in_flight <= IN_FLIGHT && session.bucket.take(self.diary.now).is_ok();
                if !is_taken {
                    session.order.put_back(conversation, client_id);
                    session.answers.push_back((c, client_id, None));
                    return;
                }
                session.order.hand_over(conversation, client_id, value);
                self.submit(link, c, client_id, say, (fence, value));
            }
        }
    }

    /// A send has its answer.
    pub fn answer(&mut self, link: usize, c: usize, client_id: Uuid, outcome: Outcome) {
        if let Some(session) = &mut self.links[link].session {
            session.answers.push_back((c, client_id, outcome));
            if session.answers.len() > 4 * IN_FLIGHT + 64 {
                self.diary.violate(format!("link {link} keeps too many answers"));
            }
            self.rouse(link);
        }
    }

    /// Wakes a connection's task; it may be busy with something else first.
    pub fn rouse(&mut self, link: usize) {
        let delay = self.below(4);
        self.diary.after(delay, Happening::Wake(link));
    }

    /// Moves what there is to send into the output, up to one write.
    fn drain(&mut self, link: usize) {
        let view = self.view(link);
        let Some(session) = &mut self.links[link].session else { return };
        for (c, client_id, outcome) in std::mem::take(&mut session.answers) {
            session.in_flight = session.in_flight.saturating_sub(1);
            if outcome.is_some() {
                session.order.settle(chat::stream(c).id, client_id);
            }
            session.out.push(match outcome {
                Some(Ok(row)) => Frame::Ok(client_id, row.of(view).unwrap_or(row.seq)),
                Some(Err(code)) => Frame::No(client_id, code.as_str().to_owned()),
                None => {
                    session.order.put_back(chat::stream(c).id, client_id);
                    Frame::Busy(client_id, RETRY_MS)
                }
            });
        }
        for (stream, head) in std::mem::take(&mut session.raised) {
            session.delivery.step(Input::Raised(stream, head));
        }
        for _ in 0..WRITE {
            let Some(session) = &mut self.links[link].session else { return };
            if let Some((c, from, to)) = session.asked.pop_front() {
                let most = PAGE.min((to - from + 1).max(0) as usize);
                let items: Vec<Item> = self.journal.page(c, view, from - 1, most).iter().filter_map(|row| item(row, view)).collect();
                if let Some(last) = items.last().map(|item| item.seq).filter(|last| *last < to) {
                    session.asked.push_front((c, last + 1, to));
                }
                session.out.push(Frame::Page(chat::stream(c), items));
                continue;
            }
            match session.delivery.next_output() {
                None => return,
                Some(Output::Page { stream, view, after }) => self.page(link, stream, view, after),
                Some(Output::Reset { stream, view }) => self.send_reset(link, stream, view),
            }
        }
        self.rouse(link);
    }

    fn page(&mut self, link: usize, stream: StreamName, view: View, after: i64) {
        let (c, node) = (chat::index(stream), self.links[link].node);
        let ring = self.nodes[node].rings.get(&c).and_then(|ring| {
            let first = ring.iter().find_map(|row| row.of(view))?;
            (first <= after + 1).then(|| ring.iter().filter(|row| row.of(view).is_some_and(|n| n > after)).take(PAGE).copied().collect::<Vec<_>>())
        });
        let rows = ring.filter(|rows| !rows.is_empty()).unwrap_or_else(|| self.journal.page(c, view, after, PAGE));
        let items: Vec<Item> = rows.iter().filter_map(|row| item(row, view)).collect();
        let Some(session) = &mut self.links[link].session else { return };
        match items.last() {
            Some(last) => {
                session.delivery.step(Input::Sent(stream, last.seq));
                session.out.push(Frame::Entries(stream, items));
            }
            None => {
                // The head has no entries behind it.
                session.delivery.step(Input::Leave(stream));
                session.out.push(Frame::Gone(stream));
            }
        }
    }

    fn send_reset(&mut self, link: usize, stream: StreamName, view: View) {
        let c = chat::index(stream);
        let head = self.journal.head(c, view);
        let items: Vec<Item> = self.journal.page(c, view, (head - RESET).max(0), RESET as usize).iter().filter_map(|row| item(row, view)).collect();
        let Some(session) = &mut self.links[link].session else { return };
        session.out.push(Frame::Reset(stream, GENERATION, head, items));
        // The snapshot is the new position; a head that was pushed in the meantime stays known.
        let known = session.delivery.streams().iter().find(|f| f.stream == stream).map_or(head, |f| f.head);
        session.delivery.step(Input::Leave(stream));
        session.delivery.step(Input::Follow(Followed { stream, view, sent: Some(head), head: if known - head > 500 { head } else { known.max(head) } }));
    }

    /// A node learns that a link is gone.
    pub fn hangup(&mut self, link: usize) {
        let node = self.links[link].node;
        self.links[link].session = None;
        let followers = &mut self.nodes[node].followers;
        followers.retain(|(_, of)| *of != link);
        let followed: Vec<usize> = followers.iter().map(|(c, _)| *c).collect();
        self.nodes[node].rings.retain(|c, _| followed.contains(c));
    }
}

fn item(row: &Row, view: View) -> Option<Item> {
    row.of(view).map(|seq| Item { seq, print: row.print, said: row.client_id, staff: row.is_staff() })
}
