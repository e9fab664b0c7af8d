//! A client of the real-time protocol as a machine: which link it has, what it knows of each stream, what it has sent and not heard of.
//!
//! These are the rules of docs/PROTOCOL.md, "What a client must do". Whoever drives it moves the bytes: does what [`Output`] says, reports what came of it as
//! [`Input`], and steps it again no later than [`ClientConnection::due`]. What came over a link that was dropped must not be reported any more.

use std::collections::VecDeque;

use uuid::Uuid;

use crate::{
    stream::StreamName,
    time::{SECOND, Ts},
};

/// An attentive client asks for a sign of life this often, in milliseconds.
pub const PING_EVERY_MS: i64 = 5 * SECOND;
/// An attentive client gives up a link that was silent for this long.
pub const SILENT_MS: i64 = 9 * SECOND;
/// A ping without an answer for this long: what is written does not arrive, however much is heard.
pub const PONG_WITHIN_MS: i64 = 4 * SECOND;
/// Others, and streams beside which a client posts, miss two beats and their spread before they give up.
const BEATS_MISSED: (i64, i64) = (12, 5);
/// A link is greeted within this time, or given up.
pub const WELCOME_WITHIN_MS: i64 = 6 * SECOND;
/// A send without an answer for this long, and nothing else heard since: the link is dead.
pub const ANSWER_SOON_MS: i64 = 2 * SECOND;
/// A send without an answer for this long: the link is dead whatever else was heard.
pub const ANSWER_AT_LATEST_MS: i64 = 8 * SECOND;
/// The mean wait before the first new attempt is half of this; it doubles with each one that fails.
const BACK_OFF_MS: i64 = SECOND;
/// The longest wait before a new attempt.
pub const BACK_OFF_AT_MOST_MS: i64 = 30 * SECOND;
/// Who is told when to come comes up to one part in so many later, so that they do not come together.
const LATER_SPREAD: u64 = 10;
/// Sends on their way at the same time.
pub const IN_FLIGHT: usize = 64;
/// Most entries asked for at once.
const PAGE: i64 = 500;
/// Attempts on one transport that fail before the next one is tried.
const ATTEMPTS_EACH: u32 = 2;
/// The server's beat until it has said its own.
const BEAT_MS: i64 = 25 * SECOND;

/// How frames travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// A WebSocket: both ways.
    Socket,
    /// A streamed answer to read from, posts beside it.
    Stream,
    /// One batch for each request, posts beside it.
    Poll,
}

/// Something with a number in its stream.
pub trait Numbered {
    /// Its number.
    fn seq(&self) -> i64;
}

/// One send: who it is, where it goes, what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent<B> {
    /// The client's own id of it.
    pub client_id: Uuid,
    /// To which conversation.
    pub conversation: StreamName,
    /// What.
    pub body: B,
}

/// What must survive a reload: kept in the same write as the state the cursors stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Memory<B> {
    /// The history the cursors belong to.
    pub generation: Option<Uuid>,
    /// The last number applied of each stream; `None`: no state.
    pub cursors: Vec<(StreamName, Option<i64>)>,
    /// Sends without a final answer, oldest first.
    pub outbox: Vec<Sent<B>>,
}

/// Who one is and where one stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hello {
    /// The history the cursors belong to.
    pub generation: Option<Uuid>,
    /// The last number applied of each stream.
    pub cursors: Vec<(StreamName, Option<i64>)>,
}

/// What the server says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame<E> {
    /// The greeting.
    Welcome {
        /// Of which history.
        generation: Uuid,
        /// Mean time between its beats.
        beat_ms: i64,
    },
    /// Stored, under this number.
    Ok(Uuid, i64),
    /// Refused for good; why.
    No(Uuid, String),
    /// Not now; in so many milliseconds.
    Busy(Uuid, i64),
    /// What comes next in a stream.
    Entries(StreamName, Vec<E>),
    /// An answer to a get.
    Page(StreamName, Vec<E>),
    /// Forget what you had of a stream, and go on from this number.
    Reset(StreamName, Uuid, i64, Vec<E>),
    /// A stream ends here.
    Gone(StreamName),
    /// The connection ends; why.
    Close(String),
    /// The connection ends, for there is too much to do: come again in so many milliseconds.
    Later(i64),
    /// The answer to a ping, and the server's beat.
    Pong,
    /// Anything else: a sign of life.
    Life,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input<E, B> {
    /// Somebody says something new.
    Say(Sent<B>),
    /// The link stands: the hello has been written.
    Opened,
    /// A frame came.
    Frame(Frame<E>),
    /// The poll's batch is complete.
    Polled,
    /// A post was answered, by these frames.
    Posted(Vec<Frame<E>>),
    /// The link, or a post beside it, was cut or refused.
    Lost,
    /// The browser is online again, or its page visible.
    Online,
    /// The network is another one: go over to this transport.
    Move(Transport),
    /// Time has passed.
    Tick,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output<E, B> {
    /// Make a link; its first frame, or its request, is this hello.
    Connect(Transport, Hello),
    /// Drop the link and the post beside it.
    Drop,
    /// Write a send.
    Send(Sent<B>),
    /// Post these sends; none at all is a ping.
    Post(Vec<Sent<B>>),
    /// Write a ping.
    Ping,
    /// Ask for these numbers of a stream, both included.
    Get(StreamName, i64, i64),
    /// Add this entry to the state.
    Apply(StreamName, E),
    /// Replace the state by these entries, the last of which has the number.
    Reset(StreamName, i64, Vec<E>),
    /// The send with this id was stored under this number, or refused for this reason.
    Answered(Uuid, Result<i64, String>),
    /// The stream ended for this client.
    Gone(StreamName),
}

/// What is known of one stream.
#[derive(Debug, Clone)]
struct Followed {
    stream: StreamName,
    cursor: Option<i64>,
    highest: i64,
    asked: bool,
}

#[derive(Debug, Clone)]
struct Pending<B> {
    sent: Sent<B>,
    /// When it was handed to the present link.
    flying: Option<Ts>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Link {
    /// None; the next attempt starts then.
    Waiting(Ts),
    /// On its way since then; whether it may be written to.
    Opening(Ts, bool),
    /// Greeted.
    Live,
}

/// The machine.
#[derive(Debug, Clone)]
pub struct ClientConnection<B> {
    order: Vec<Transport>,
    attentive: bool,
    at: usize,
    attempt: u32,
    link: Link,
    generation: Option<Uuid>,
    beat_ms: i64,
    streams: Vec<Followed>,
    outbox: VecDeque<Pending<B>>,
    held: Vec<(StreamName, Ts)>,
    posting: Option<Ts>,
    /// When anything was heard last, and when the link itself was.
    heard: (Ts, Ts),
    pinged: Ts,
    /// Since when a ping waits for its answer.
    asked: Option<Ts>,
    /// Whether to tell people that the network is down.
    down: bool,
}

impl<B: Clone> ClientConnection<B> {
    /// A client that is not connected yet; an attentive one pings. It begins with the first of the transports, of which there is at least one.
    pub fn new(memory: Memory<B>, order: Vec<Transport>, attentive: bool, now: Ts) -> Self {
        let streams = memory.cursors.into_iter().map(|(stream, cursor)| Followed { stream, cursor, highest: 0, asked: false }).collect();
        let outbox = memory.outbox.into_iter().map(|sent| Pending { sent, flying: None }).collect();
        Self {
            order: if order.is_empty() { vec![Transport::Socket] } else { order },
            attentive,
            at: 0,
            attempt: 0,
            link: Link::Waiting(now),
            generation: memory.generation,
            beat_ms: BEAT_MS,
            streams,
            outbox,
            held: Vec::new(),
            posting: None,
            heard: (now, now),
            pinged: now,
            asked: None,
            down: false,
        }
    }

    /// What must survive a reload, as it is now.
    pub fn memory(&self) -> Memory<B> {
        let Hello { generation, cursors } = self.hello();
        Memory { generation, cursors, outbox: self.outbox.iter().map(|p| p.sent.clone()).collect() }
    }
    /// Who one is and where one stands.
    pub fn hello(&self) -> Hello {
        Hello { generation: self.generation, cursors: self.streams.iter().map(|f| (f.stream, f.cursor)).collect() }
    }
    /// The last number applied of a stream.
    pub fn cursor(&self, stream: StreamName) -> Option<i64> {
        self.streams.iter().find(|f| f.stream == stream).and_then(|f| f.cursor)
    }
    /// Sends without a final answer.
    pub fn unanswered(&self) -> usize {
        self.outbox.len()
    }
    /// Whether the server greeted and nothing speaks against the link.
    pub fn is_live(&self) -> bool {
        self.link == Link::Live
    }
    /// Whether people are to be told that the network is down.
    pub const fn is_down(&self) -> bool {
        self.down
    }
    /// The transport in use, or the next to be tried.
    pub fn transport(&self) -> Transport {
        self.order[self.at % self.order.len()]
    }

    /// When to step it again at the latest.
    pub fn due(&self) -> Ts {
        let held = self.held.iter().map(|(_, until)| *until).min();
        let link = match self.link {
            Link::Waiting(at) => return at,
            Link::Opening(since, _) => since.plus(WELCOME_WITHIN_MS),
            Link::Live => {
                let ping = self.attentive.then(|| self.pinged.plus(PING_EVERY_MS));
                let pong = self.asked.map(|asked| asked.plus(PONG_WITHIN_MS));
                ping.into_iter().chain(pong).fold(self.silent_at(), Ts::min)
            }
        };
        // While a send flies it is looked at again and again: what is heard moves its deadline.
        let flying = self.oldest().map(|since| if self.heard.0 < since { since.plus(ANSWER_SOON_MS) } else { since.plus(ANSWER_AT_LATEST_MS) });
        [Some(link), held, flying].into_iter().flatten().min().unwrap_or(link)
    }

    /// Takes in what happened; `chance` is a fresh random number, of which a wait is made where one is needed.
    pub fn step<E: Numbered>(&mut self, now: Ts, chance: u64, input: Input<E, B>) -> Vec<Output<E, B>> {
        let mut out = Vec::new();
        match input {
            Input::Say(sent) => self.outbox.push_back(Pending { sent, flying: None }),
            Input::Opened => {
                if let Link::Opening(since, _) = self.link {
                    self.link = Link::Opening(since, true);
                }
            }
            Input::Frame(frame) => {
                self.heard = (now, now);
                self.frame(now, chance, frame, &mut out);
            }
            Input::Polled => {
                self.heard = (now, now);
                self.streams.iter_mut().for_each(|f| f.asked = false);
                out.push(Output::Connect(self.transport(), self.hello()));
            }
            Input::Posted(frames) => {
                self.posting = None;
                self.heard.0 = now;
                // A poll is silent while nothing happens: that a post was answered is its greeting.
                if self.transport() == Transport::Poll && matches!(self.link, Link::Opening(..)) {
                    (self.link, self.attempt) = (Link::Live, 0);
                }
                for frame in frames {
                    self.frame(now, chance, frame, &mut out);
                }
                // What the answer does not speak of has to be said again.
                self.outbox.iter_mut().for_each(|p| p.flying = None);
            }
            Input::Lost => self.lost(now, chance, &mut out),
            // What seems to live may be dead since before the network was away: it is asked.
            Input::Online if self.is_live() => self.ping(now, &mut out),
            Input::Online => {
                (self.at, self.attempt) = (0, 0);
                self.unlink(&mut out);
                self.link = Link::Waiting(now);
            }
            Input::Move(transport) => {
                self.unlink(&mut out);
                self.at = self.order.iter().position(|t| *t == transport).unwrap_or(self.at);
                self.link = Link::Waiting(now);
            }
            Input::Tick => {}
        }
        self.look(now, chance, &mut out);
        self.flush(now, &mut out);
        out
    }

    /// What has become due?
    fn look<E>(&mut self, now: Ts, chance: u64, out: &mut Vec<Output<E, B>>) {
        self.held.retain(|(_, until)| *until > now);
        match self.link {
            Link::Waiting(at) if at <= now => {
                self.link = Link::Opening(now, self.transport() == Transport::Poll);
                self.heard.1 = now;
                self.pinged = now;
                out.push(Output::Connect(self.transport(), self.hello()));
            }
            Link::Waiting(_) => {}
            Link::Opening(since, _) => {
                if now.since(since) >= WELCOME_WITHIN_MS {
                    self.lost(now, chance, out);
                }
            }
            Link::Live => {
                let unanswered = self.oldest().is_some_and(|sent| {
                    let waited = now.since(sent);
                    waited >= ANSWER_AT_LATEST_MS || (waited >= ANSWER_SOON_MS && self.heard.0 < sent)
                });
                let unheard = self.asked.is_some_and(|asked| now.since(asked) >= PONG_WITHIN_MS);
                if unanswered || unheard || now >= self.silent_at() {
                    self.lost(now, chance, out);
                    self.down |= unheard;
                } else if self.attentive && now.since(self.pinged) >= PING_EVERY_MS {
                    self.ping(now, out);
                }
            }
        }
        // A short gap is nobody's business; a long silence, or an attempt that failed, is.
        self.down = match self.link {
            Link::Live => false,
            _ => self.down || self.attempt > 0 || now.since(self.heard.0) >= SILENT_MS,
        };
    }

    fn ping<E>(&mut self, now: Ts, out: &mut Vec<Output<E, B>>) {
        self.pinged = now;
        if self.transport() == Transport::Socket {
            self.asked.get_or_insert(now);
            out.push(Output::Ping);
        } else if self.posting.is_none() {
            self.posting = Some(now);
            out.push(Output::Post(Vec::new()));
        }
    }

    /// When the present link is given up for its silence. Posts tell nothing of a stream beside them: it has to beat itself.
    fn silent_at(&self) -> Ts {
        let itself = self.heard.1.plus(self.beat_ms * BEATS_MISSED.0 / BEATS_MISSED.1);
        if self.attentive { itself.min(self.heard.0.plus(SILENT_MS)) } else { itself }
    }

    /// Since when the oldest send that is on its way waits for its answer; an empty post waits as well.
    fn oldest(&self) -> Option<Ts> {
        self.outbox.iter().filter_map(|p| p.flying).chain(self.posting).min()
    }

    /// Hands over what may go out now: all of a conversation's sends in their order, or none.
    fn flush<E>(&mut self, now: Ts, out: &mut Vec<Output<E, B>>) {
        let open = matches!(self.link, Link::Live | Link::Opening(_, true));
        let socket = self.transport() == Transport::Socket;
        if !open || (!socket && self.posting.is_some()) {
            return;
        }
        let mut room = IN_FLIGHT.saturating_sub(self.outbox.iter().filter(|p| p.flying.is_some()).count());
        let mut batch = Vec::new();
        for pending in &mut self.outbox {
            if room == 0 {
                break;
            }
            if pending.flying.is_none() && !self.held.iter().any(|(held, _)| *held == pending.sent.conversation) {
                pending.flying = Some(now);
                room -= 1;
                batch.push(pending.sent.clone());
            }
        }
        if socket {
            out.extend(batch.into_iter().map(Output::Send));
        } else if !batch.is_empty() || (self.transport() == Transport::Poll && !self.is_live()) {
            self.posting = Some(now);
            out.push(Output::Post(batch));
        }
    }

    fn frame<E: Numbered>(&mut self, now: Ts, chance: u64, frame: Frame<E>, out: &mut Vec<Output<E, B>>) {
        match frame {
            Frame::Welcome { generation, beat_ms } => {
                self.generation = Some(generation);
                self.beat_ms = beat_ms;
                self.attempt = 0;
                self.link = Link::Live;
            }
            Frame::Ok(id, seq) => self.answered(id, Ok(seq), out),
            Frame::No(id, code) => self.answered(id, Err(code), out),
            Frame::Busy(id, retry_ms) => self.busy(id, now.plus(retry_ms)),
            Frame::Entries(stream, entries) => self.entries(now, chance, stream, entries, out),
            Frame::Page(stream, entries) => {
                if let Some(f) = self.streams.iter_mut().find(|f| f.stream == stream) {
                    f.asked = false;
                }
                self.entries(now, chance, stream, entries, out);
            }
            Frame::Reset(stream, generation, seq, entries) => {
                if let Some(f) = self.streams.iter_mut().find(|f| f.stream == stream) {
                    *f = Followed { stream, cursor: Some(seq), highest: seq, asked: false };
                    self.generation = Some(generation);
                    out.push(Output::Reset(stream, seq, entries));
                }
            }
            Frame::Gone(stream) => {
                self.streams.retain(|f| f.stream != stream);
                out.push(Output::Gone(stream));
            }
            Frame::Close(_) => self.lost(now, chance, out),
            Frame::Later(ms) => {
                // It is not the transport's fault, and no failure either.
                let (at, attempt) = (self.at, self.attempt);
                self.lost(now, chance, out);
                (self.at, self.attempt) = (at, attempt);
                let spread = chance % (ms.unsigned_abs() / LATER_SPREAD + 1);
                self.link = Link::Waiting(now.plus(ms.max(0)).plus(spread.cast_signed()));
            }
            Frame::Pong => self.asked = None,
            Frame::Life => {}
        }
    }

    /// The next number only: a smaller one is known, a larger one shows that something is missing.
    fn entries<E: Numbered>(&mut self, now: Ts, chance: u64, stream: StreamName, entries: Vec<E>, out: &mut Vec<Output<E, B>>) {
        let socket = self.transport() == Transport::Socket;
        let Some(f) = self.streams.iter_mut().find(|f| f.stream == stream) else { return };
        let Some(mut cursor) = f.cursor else { return self.lost(now, chance, out) };
        for entry in entries {
            f.highest = f.highest.max(entry.seq());
            if entry.seq() == cursor + 1 {
                cursor += 1;
                out.push(Output::Apply(stream, entry));
            }
        }
        f.cursor = Some(cursor);
        if f.highest > cursor && !f.asked {
            f.asked = true;
            if socket {
                out.push(Output::Get(stream, cursor + 1, f.highest.min(cursor + PAGE)));
            } else {
                // A transport that only reads is asked by a new hello.
                self.unlink(out);
                self.link = Link::Waiting(now);
            }
        }
    }

    fn answered<E>(&mut self, id: Uuid, answer: Result<i64, String>, out: &mut Vec<Output<E, B>>) {
        // A repeat may be answered twice; both answers have to be true.
        self.outbox.retain(|p| p.sent.client_id != id);
        out.push(Output::Answered(id, answer));
    }

    /// It and all that follows it in its conversation wait, and are repeated in order.
    fn busy(&mut self, id: Uuid, until: Ts) {
        let Some(conversation) = self.outbox.iter().find(|p| p.sent.client_id == id).map(|p| p.sent.conversation) else { return };
        self.outbox.iter_mut().filter(|p| p.sent.conversation == conversation).for_each(|p| p.flying = None);
        match self.held.iter_mut().find(|(held, _)| *held == conversation) {
            Some((_, known)) => *known = until.max(*known),
            None => self.held.push((conversation, until)),
        }
    }

    fn unlink<E>(&mut self, out: &mut Vec<Output<E, B>>) {
        if !matches!(self.link, Link::Waiting(_)) {
            out.push(Output::Drop);
        }
        self.outbox.iter_mut().for_each(|p| p.flying = None);
        self.streams.iter_mut().for_each(|f| f.asked = false);
        self.held.clear();
        self.posting = None;
        self.asked = None;
    }

    /// The link is gone: the next attempt starts after a while, later each time, and sooner or later on another transport.
    fn lost<E>(&mut self, now: Ts, chance: u64, out: &mut Vec<Output<E, B>>) {
        match self.link {
            Link::Waiting(_) => return,
            Link::Live => self.attempt = 0,
            Link::Opening(..) => {
                self.attempt += 1;
                if self.attempt.is_multiple_of(ATTEMPTS_EACH) {
                    self.at = (self.at + 1) % self.order.len();
                }
            }
        }
        self.unlink(out);
        let longest = BACK_OFF_AT_MOST_MS.min(BACK_OFF_MS << self.attempt.min(5));
        self.link = Link::Waiting(now.plus((chance % longest.unsigned_abs()).cast_signed()));
    }
}

#[cfg(test)]
mod tests;
