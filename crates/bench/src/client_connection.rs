//! A client of the real-time protocol as a state machine: which link it has, what it knows of each stream, and what it has sent without an answer so far.
//!
//! These are the rules of docs/PROTOCOL.md, "What a client must do". The driver moves the bytes: it does what [`Output`] says, reports the results as
//! [`Input`], and calls `step` again no later than [`ClientConnection::due`]. Input from a link that was dropped must no longer be reported.

use std::collections::VecDeque;

use domain::{
    stream::StreamName,
    time::{SECOND, Ts},
};
use uuid::Uuid;

/// How often an attentive client sends a ping, in milliseconds.
pub const PING_EVERY_MS: i64 = 5 * SECOND;
/// An attentive client gives up a link that was silent for this long, in milliseconds.
pub const SILENT_MS: i64 = 9 * SECOND;
/// If a ping has no answer for this long, the link no longer carries what is written, however much is received. In milliseconds.
pub const PONG_WITHIN_MS: i64 = 4 * SECOND;
/// All other clients, and streams with separate posts, wait for two missed beats and their spread before they give up.
const BEATS_MISSED: (i64, i64) = (12, 5);
/// A link is given up if it is not greeted within this time, in milliseconds.
pub const WELCOME_WITHIN_MS: i64 = 6 * SECOND;
/// If a send has no answer for this long and nothing else was received since, the link is dead. In milliseconds.
pub const ANSWER_SOON_MS: i64 = 2 * SECOND;
/// If a send has no answer for this long, the link is dead, whatever else was received. In milliseconds.
pub const ANSWER_AT_LATEST_MS: i64 = 8 * SECOND;
/// The mean wait before the first new attempt is half of this; it doubles with each failed attempt.
const BACK_OFF_MS: i64 = SECOND;
/// The longest wait before a new attempt.
pub const BACK_OFF_AT_MOST_MS: i64 = 30 * SECOND;
/// A client that the server told when to come back adds up to one part in this many to the wait, so that clients do not all come back at once.
const LATER_SPREAD: u64 = 10;
/// The most sends that may be in flight at the same time.
pub const IN_FLIGHT: usize = 64;
/// The most entries requested at once.
const PAGE: i64 = 500;
/// The number of failed attempts on one transport before the next one is tried.
const ATTEMPTS_EACH: u32 = 2;
/// The interval of the server's beat until the server has announced it.
const BEAT_MS: i64 = 25 * SECOND;

/// How frames are transported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// A WebSocket: both directions.
    Socket,
    /// A streamed response to read from, with separate posts for sending.
    Stream,
    /// One batch per request, with separate posts for sending.
    Poll,
}

/// Something that has a number in its stream.
pub trait Numbered {
    /// The number.
    fn seq(&self) -> i64;
}

/// One send: its id, its destination and its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent<B> {
    /// The client's own id for it.
    pub client_id: Uuid,
    /// The conversation it is sent to.
    pub conversation: StreamName,
    /// The content.
    pub body: B,
}

/// The state that must survive a reload: stored in the same write as the state that the cursors refer to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Memory<B> {
    /// The history the cursors belong to.
    pub generation: Option<Uuid>,
    /// The last number applied of each stream; `None` if there is no state.
    pub cursors: Vec<(StreamName, Option<i64>)>,
    /// The sends without a final answer, oldest first.
    pub unsent: Vec<Sent<B>>,
}

/// The greeting of a client: the history it knows and how far it has got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hello {
    /// The history the cursors belong to.
    pub generation: Option<Uuid>,
    /// The last number applied of each stream.
    pub cursors: Vec<(StreamName, Option<i64>)>,
}

/// A frame from the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame<E> {
    /// The greeting.
    Welcome {
        /// The history that the server has.
        generation: Uuid,
        /// The mean time between the server's beats, in milliseconds.
        beat_ms: i64,
    },
    /// The send was stored, under this number.
    Ok(Uuid, i64),
    /// The send was permanently refused, for this reason.
    No(Uuid, String),
    /// The send cannot be accepted now; repeat it after this many milliseconds.
    Busy(Uuid, i64),
    /// The next entries of a stream.
    Entries(StreamName, Vec<E>),
    /// An answer to a get.
    Page(StreamName, Vec<E>),
    /// Discard the state of a stream, and continue from this number.
    Reset(StreamName, Uuid, i64, Vec<E>),
    /// The stream ends here.
    Gone(StreamName),
    /// The server closes the connection, for this reason.
    Close(String),
    /// The server closes the connection because it is overloaded: reconnect after this many milliseconds.
    Later(i64),
    /// The answer to a ping, and the server's beat.
    Pong,
    /// Any other frame: it only shows that the connection is alive.
    Life,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input<E, B> {
    /// The user sends something new.
    Say(Sent<B>),
    /// The link is established and the hello has been written.
    Opened,
    /// A frame arrived.
    Frame(Frame<E>),
    /// The batch of the poll is complete.
    Polled,
    /// A post was answered with these frames.
    Posted(Vec<Frame<E>>),
    /// The link, or a separate post, was cut or refused.
    Lost,
    /// The browser is online again, or its page visible.
    Online,
    /// The network has changed: switch to this transport.
    Move(Transport),
    /// Time has passed.
    Tick,
}

/// What the driver has to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output<E, B> {
    /// Open a link; its first frame, or its request, is this hello.
    Connect(Transport, Hello),
    /// Drop the link and any post in progress.
    Drop,
    /// Write a send.
    Send(Sent<B>),
    /// Post these sends; an empty list is a ping.
    Post(Vec<Sent<B>>),
    /// Write a ping.
    Ping,
    /// Request these numbers of a stream, both included.
    Get(StreamName, i64, i64),
    /// Add this entry to the state.
    Apply(StreamName, E),
    /// Replace the state with these entries, the last of which has this number.
    Reset(StreamName, i64, Vec<E>),
    /// The send with this id was stored under this number, or refused for this reason.
    Answered(Uuid, Result<i64, String>),
    /// The stream ended for this client.
    Gone(StreamName),
}

/// What the client knows of one stream.
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
    /// When it was passed to the current link; `None` if it was not.
    flying: Option<Ts>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Link {
    /// There is no link; the next attempt starts at this time.
    Waiting(Ts),
    /// The link has been opening since this time; the flag says whether it can be written to.
    Opening(Ts, bool),
    /// The server has greeted.
    Live,
}

/// The state machine of one client.
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
    unsent: VecDeque<Pending<B>>,
    held: Vec<(StreamName, Ts)>,
    posting: Option<Ts>,
    /// When anything was last received, and when something was last received on the link itself.
    heard: (Ts, Ts),
    pinged: Ts,
    /// Since when a ping has been waiting for its answer.
    asked: Option<Ts>,
    /// Whether to tell the user that the network is down.
    down: bool,
}

impl<B: Clone> ClientConnection<B> {
    /// A client that is not connected yet. An attentive client pings. It begins with the first of the transports; if `order` is empty, with a WebSocket.
    pub fn new(memory: Memory<B>, order: Vec<Transport>, attentive: bool, now: Ts) -> Self {
        let streams = memory.cursors.into_iter().map(|(stream, cursor)| Followed { stream, cursor, highest: 0, asked: false }).collect();
        let unsent = memory.unsent.into_iter().map(|sent| Pending { sent, flying: None }).collect();
        Self {
            order: if order.is_empty() { vec![Transport::Socket] } else { order },
            attentive,
            at: 0,
            attempt: 0,
            link: Link::Waiting(now),
            generation: memory.generation,
            beat_ms: BEAT_MS,
            streams,
            unsent,
            held: Vec::new(),
            posting: None,
            heard: (now, now),
            pinged: now,
            asked: None,
            down: false,
        }
    }

    /// The state that must survive a reload, as it is now.
    pub fn memory(&self) -> Memory<B> {
        let Hello { generation, cursors } = self.hello();
        Memory { generation, cursors, unsent: self.unsent.iter().map(|p| p.sent.clone()).collect() }
    }
    /// The greeting with which this client connects.
    pub fn hello(&self) -> Hello {
        Hello { generation: self.generation, cursors: self.streams.iter().map(|f| (f.stream, f.cursor)).collect() }
    }
    /// The last number applied of a stream; `None` if there is no state.
    pub fn cursor(&self, stream: StreamName) -> Option<i64> {
        self.streams.iter().find(|f| f.stream == stream).and_then(|f| f.cursor)
    }
    /// The number of sends without a final answer.
    pub fn unanswered_count(&self) -> usize {
        self.unsent.len()
    }
    /// Whether the server has greeted on the current link.
    pub fn is_live(&self) -> bool {
        self.link == Link::Live
    }
    /// The transport in use, or the next one to try.
    pub fn transport(&self) -> Transport {
        self.order[self.at % self.order.len()]
    }

    /// When `step` has to be called again, at the latest.
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
        // While a send is in flight, its deadline has to be computed again each time: whatever is received moves it.
        let flying = self.oldest().map(|since| if self.heard.0 < since { since.plus(ANSWER_SOON_MS) } else { since.plus(ANSWER_AT_LATEST_MS) });
        [Some(link), held, flying].into_iter().flatten().min().unwrap_or(link)
    }

    /// Processes something that happened; `chance` is a fresh random number, from which a wait is derived if one is needed.
    pub fn step<E: Numbered>(&mut self, now: Ts, chance: u64, input: Input<E, B>) -> Vec<Output<E, B>> {
        let mut out = Vec::new();
        match input {
            Input::Say(sent) => self.unsent.push_back(Pending { sent, flying: None }),
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
                // A poll is silent while nothing happens, so the answer to a post counts as its greeting.
                if self.transport() == Transport::Poll && matches!(self.link, Link::Opening(..)) {
                    (self.link, self.attempt) = (Link::Live, 0);
                }
                for frame in frames {
                    self.frame(now, chance, frame, &mut out);
                }
                // What the answer does not mention has to be sent again.
                self.unsent.iter_mut().for_each(|p| p.flying = None);
            }
            Input::Lost => self.on_link_lost(now, chance, &mut out),
            // A link that seems alive may have died before the network was interrupted, so it is pinged.
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

    /// Does what has become due.
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
                    self.on_link_lost(now, chance, out);
                }
            }
            Link::Live => {
                let unanswered = self.oldest().is_some_and(|sent| {
                    let waited = now.since(sent);
                    waited >= ANSWER_AT_LATEST_MS || (waited >= ANSWER_SOON_MS && self.heard.0 < sent)
                });
                let unheard = self.asked.is_some_and(|asked| now.since(asked) >= PONG_WITHIN_MS);
                if unanswered || unheard || now >= self.silent_at() {
                    self.on_link_lost(now, chance, out);
                    self.down |= unheard;
                } else if self.attentive && now.since(self.pinged) >= PING_EVERY_MS {
                    self.ping(now, out);
                }
            }
        }
        // A short gap is not shown to the user; a long silence, or a failed attempt, is.
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

    /// When the current link is given up because of its silence. Answers to posts say nothing about a separate stream: the stream has to carry beats itself.
    fn silent_at(&self) -> Ts {
        let itself = self.heard.1.plus(self.beat_ms * BEATS_MISSED.0 / BEATS_MISSED.1);
        if self.attentive { itself.min(self.heard.0.plus(SILENT_MS)) } else { itself }
    }

    /// Since when the oldest send in flight has been waiting for its answer; an empty post counts as well.
    fn oldest(&self) -> Option<Ts> {
        self.unsent.iter().filter_map(|p| p.flying).chain(self.posting).min()
    }

    /// Sends what may go out now, in the order of each conversation; nothing of a conversation that has to wait.
    fn flush<E>(&mut self, now: Ts, out: &mut Vec<Output<E, B>>) {
        let open = matches!(self.link, Link::Live | Link::Opening(_, true));
        let socket = self.transport() == Transport::Socket;
        if !open || (!socket && self.posting.is_some()) {
            return;
        }
        let mut room = IN_FLIGHT.saturating_sub(self.unsent.iter().filter(|p| p.flying.is_some()).count());
        let mut batch = Vec::new();
        for pending in &mut self.unsent {
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
            Frame::Ok(id, seq) => self.on_answer(id, Ok(seq), out),
            Frame::No(id, code) => self.on_answer(id, Err(code), out),
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
            Frame::Close(_) => self.on_link_lost(now, chance, out),
            Frame::Later(ms) => {
                // This is neither the transport's fault nor a failure.
                let (at, attempt) = (self.at, self.attempt);
                self.on_link_lost(now, chance, out);
                (self.at, self.attempt) = (at, attempt);
                let spread = chance % (ms.unsigned_abs() / LATER_SPREAD + 1);
                self.link = Link::Waiting(now.plus(ms.max(0)).plus(spread.cast_signed()));
            }
            Frame::Pong => self.asked = None,
            Frame::Life => {}
        }
    }

    /// Applies only the next number: a smaller one is already known, a larger one shows that something is missing.
    fn entries<E: Numbered>(&mut self, now: Ts, chance: u64, stream: StreamName, entries: Vec<E>, out: &mut Vec<Output<E, B>>) {
        let socket = self.transport() == Transport::Socket;
        let Some(f) = self.streams.iter_mut().find(|f| f.stream == stream) else { return };
        let Some(mut cursor) = f.cursor else { return self.on_link_lost(now, chance, out) };
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
                // A transport that can only be read from is queried by means of a new hello.
                self.unlink(out);
                self.link = Link::Waiting(now);
            }
        }
    }

    fn on_answer<E>(&mut self, id: Uuid, answer: Result<i64, String>, out: &mut Vec<Output<E, B>>) {
        // A repeated send may be answered twice; both answers have to be true.
        self.unsent.retain(|p| p.sent.client_id != id);
        out.push(Output::Answered(id, answer));
    }

    /// This send and all that follow it in its conversation wait, and are repeated in order.
    fn busy(&mut self, id: Uuid, until: Ts) {
        let Some(conversation) = self.unsent.iter().find(|p| p.sent.client_id == id).map(|p| p.sent.conversation) else { return };
        self.unsent.iter_mut().filter(|p| p.sent.conversation == conversation).for_each(|p| p.flying = None);
        match self.held.iter_mut().find(|(held, _)| *held == conversation) {
            Some((_, known)) => *known = until.max(*known),
            None => self.held.push((conversation, until)),
        }
    }

    fn unlink<E>(&mut self, out: &mut Vec<Output<E, B>>) {
        if !matches!(self.link, Link::Waiting(_)) {
            out.push(Output::Drop);
        }
        self.unsent.iter_mut().for_each(|p| p.flying = None);
        self.streams.iter_mut().for_each(|f| f.asked = false);
        self.held.clear();
        self.posting = None;
        self.asked = None;
    }

    /// The link is lost: the next attempt starts after a wait, longer each time, and eventually on a different transport.
    fn on_link_lost<E>(&mut self, now: Ts, chance: u64, out: &mut Vec<Output<E, B>>) {
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
