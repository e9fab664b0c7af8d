//! Connects a client, over whichever transport, again and again, until it is told to stop.

use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicI64, AtomicU64, AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use serde_json::Value;
use tokio::sync::{mpsc, watch};

use super::{
    client::{Client, Sending, Todo},
    delays::Travel,
    history::{Ack, Answer, Step},
    ledger::Ledger,
    system::{Door, any_door},
};
use crate::{
    random::Random,
    socket::{Message, Socket},
};

/// One pause in so many ends with the client going to another transport, as when somebody's network changes.
const SWITCH: u64 = 300;
/// The longest time in which a console looks neither at its clock nor at anything else.
const CONSOLES_PAUSE: Duration = Duration::from_secs(1);
const PING_AFTER: Duration = Duration::from_secs(5);
const DEAD_AFTER: Duration = Duration::from_secs(9);
/// A stream without beats, a poll without an answer.
const SILENT: Duration = Duration::from_secs(60);
/// How an answer with status 500 is told.
const BROKEN: &str = "500 Internal Server Error";
/// The longest wait before a new attempt.
const BACK_OFF: Duration = Duration::from_secs(30);

/// How a client is connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// WebSocket.
    Ws,
    /// Streamed.
    Sse,
    /// Long-polled.
    Poll,
}

impl Transport {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Ws, Self::Sse, Self::Poll];
}

/// What everybody is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Talk.
    Talk,
    /// Say nothing new; see that everything is answered.
    Drain,
    /// Go.
    Stop,
}

/// What others can see of a client while it runs.
#[derive(Debug, Default)]
pub struct Progress {
    /// Sends, without repeats.
    pub sent: AtomicUsize,
    /// Of these, those with a final answer.
    pub answered: AtomicUsize,
    /// Acknowledgements.
    pub acked: AtomicU64,
    /// The highest acknowledged number.
    pub highest: AtomicI64,
    /// The last number applied.
    pub cursor: AtomicI64,
    /// Whether everything was answered.
    pub quiet: AtomicBool,
    /// Whether it was welcomed and has not lost its connection since.
    pub connected: AtomicBool,
    /// To which node it connects.
    pub door: AtomicUsize,
    /// Which life that node had then.
    pub life: AtomicU64,
    /// Connections and posts that were answered with 500: something was broken instead of busy.
    pub answers_500: AtomicU64,
    /// Why the last connection ended.
    last_end: Mutex<String>,
}

impl Progress {
    /// Why the last connection ended.
    pub fn last_end(&self) -> String {
        self.last_end.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
    fn ended(&self, error: &anyhow::Error) {
        let told = format!("{error:#}");
        self.answers_500.fetch_add(u64::from(told.contains(BROKEN)), Relaxed);
        *self.last_end.lock().unwrap_or_else(PoisonError::into_inner) = told;
    }
}

/// What a client does besides listening.
pub enum Part {
    /// It talks, with pauses no longer than this.
    Talks(Duration),
    /// It is an agent's console: it listens on a socket only, and tells which conversations it was given.
    Console(mpsc::UnboundedSender<String>),
}

/// A client and what it runs on.
pub struct Runner {
    /// The client.
    pub client: Client,
    /// What it does.
    pub part: Part,
    /// Its usual transport.
    pub home: Transport,
    /// The nodes.
    pub doors: Arc<Vec<Door>>,
    /// Chance.
    pub random: Random,
    /// What everybody is to do.
    pub phase: watch::Receiver<Phase>,
    /// Raised when a fault is over; some clients notice, as browsers do when the network is back.
    pub online: watch::Receiver<u64>,
    /// Whether this one does.
    pub notices: bool,
    /// What others see.
    pub progress: Arc<Progress>,
    /// Where acknowledgements are written down.
    pub ledger: Arc<Ledger>,
    /// When its words left and others' came.
    pub travel: Travel,
}

enum Ended {
    Stopped,
    Switched,
}

/// Where a transport that only reads gets its lines from.
enum Source {
    Stream(reqwest::Response, Vec<u8>),
    Poll(Pin<Box<dyn Future<Output = anyhow::Result<String>> + Send>>),
}

type Answers = Pin<Box<dyn Future<Output = anyhow::Result<Vec<Value>>> + Send>>;

impl Runner {
    /// Runs until told to stop; gives itself back.
    pub async fn run(mut self) -> Self {
        let (mut attempt, mut transport) = (0, self.home);
        loop {
            let life = self.door().life();
            self.progress.life.store(life, Relaxed);
            let ended = match transport {
                Transport::Ws => self.socket().await,
                Transport::Sse => self.beside(true).await,
                Transport::Poll => self.beside(false).await,
            };
            // Whoever was let in begins to count anew.
            if self.progress.connected.swap(false, Relaxed) {
                attempt = 0;
            }
            transport = self.home;
            match ended {
                Ok(Ended::Stopped) => return self,
                Ok(Ended::Switched) => {
                    transport = self.other_transport();
                    continue;
                }
                Err(error) => self.progress.ended(&error),
            }
            if !self.door().lived_since(life) {
                self.travel.cut(Instant::now());
            }
            if self.random.below(2) == 0 {
                transport = self.other_transport();
            }
            self.progress.door.store(any_door(&self.doors, &mut self.random), Relaxed);
            let longest = BACK_OFF.min(Duration::from_secs(1 << attempt.min(5)));
            attempt += 1;
            let wait = self.random.within(longest);
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                _ = self.online.changed(), if self.notices => attempt = 0,
                _ = self.phase.changed() => {}
            }
            if *self.phase.borrow() == Phase::Stop {
                return self;
            }
        }
    }

    fn door(&self) -> &Door {
        &self.doors[self.progress.door.load(Relaxed)]
    }

    fn other_transport(&mut self) -> Transport {
        match self.part {
            Part::Talks(_) => Transport::ALL[self.random.below(3) as usize],
            Part::Console(_) => Transport::Ws,
        }
    }

    async fn socket(&mut self) -> anyhow::Result<Ended> {
        let mut socket = Socket::connect(self.door().address, None, &self.client.who.headers()).await?;
        let (mut heard, mut pinged, mut next) = (Instant::now(), Instant::now(), self.pause());
        self.client.connected(heard);
        // Who one is, and at once all that was not answered, oldest first.
        let unanswered = self.client.unanswered();
        self.travel.leave(&unanswered, heard);
        let first: Vec<String> = std::iter::once(&self.client.hello()).chain(&unanswered).map(Value::to_string).collect();
        socket.queue(&first.join("\n"));
        loop {
            socket.flush().await?;
            tokio::select! {
                read = socket.fill() => {
                    read?;
                    heard = Instant::now();
                    let mut asked = Vec::new();
                    while let Some(message) = socket.next()? {
                        let Message::Text(range) = message else { bail!("closed by the server") };
                        for line in socket.text(range)?.lines() {
                            asked.extend(self.take(line)?);
                        }
                    }
                    asked.iter().for_each(|frame| socket.queue(&frame.to_string()));
                }
                () = tokio::time::sleep_until(next.into()) => {
                    next = self.pause();
                    let now = Instant::now();
                    if *self.phase.borrow() == Phase::Stop {
                        return Ok(Ended::Stopped);
                    }
                    if now.duration_since(heard) > DEAD_AFTER || self.client.is_overdue(now) {
                        bail!("nothing is heard any more");
                    }
                    // Whatever is heard: the server wants to hear of a client too.
                    if now.duration_since(pinged) > PING_AFTER {
                        pinged = now;
                        socket.queue(r#"{"t":"ping"}"#);
                    }
                    let sending = self.client.may_send(now);
                    if sending == Sending::Repeat {
                        let frames = self.client.unanswered();
                        self.travel.leave(&frames, now);
                        frames.iter().for_each(|frame| socket.queue(&frame.to_string()));
                    }
                    if sending != Sending::Held && let Some(frame) = self.say(now) {
                        self.travel.leave(std::slice::from_ref(&frame), now);
                        socket.queue(&frame.to_string());
                    }
                    if self.random.below(SWITCH) == 0 {
                        return Ok(Ended::Switched);
                    }
                }
            }
        }
    }

    /// A stream or polls to read from, and posts beside them, one at a time, each with all that was not answered.
    async fn beside(&mut self, streamed: bool) -> anyhow::Result<Ended> {
        self.client.connected(Instant::now());
        let mut source = self.source(streamed).await?;
        let (mut posting, mut next, mut heard): (Option<Answers>, _, _) = (None, self.pause(), Instant::now());
        loop {
            if posting.is_none() && !self.client.is_quiet() && self.client.may_send(Instant::now()) != Sending::Held {
                let (http, who, frames) = (self.door().http.clone(), self.client.who.clone(), self.client.unanswered());
                self.travel.leave(&frames, Instant::now());
                posting = Some(Box::pin(async move { tokio::time::timeout(DEAD_AFTER, http.send(&who, &frames)).await.context("a post was not answered")? }));
            }
            tokio::select! {
                lines = source.next() => {
                    heard = Instant::now();
                    for line in lines?.lines() {
                        if self.take(line)?.is_some() {
                            // Asking for what is missing means a new hello here.
                            return Ok(Ended::Switched);
                        }
                    }
                    if !streamed {
                        source = self.source(false).await?;
                    }
                }
                answers = settled(&mut posting) => {
                    posting = None;
                    for answer in answers? {
                        self.take_frame(&answer)?;
                    }
                }
                () = tokio::time::sleep_until(next.into()) => {
                    next = self.pause();
                    let now = Instant::now();
                    if *self.phase.borrow() == Phase::Stop {
                        return Ok(Ended::Stopped);
                    }
                    if now.duration_since(heard) > SILENT {
                        bail!("nothing is heard any more");
                    }
                    self.say(now);
                    if self.random.below(SWITCH) == 0 {
                        return Ok(Ended::Switched);
                    }
                }
            }
        }
    }

    async fn source(&self, streamed: bool) -> anyhow::Result<Source> {
        let (http, who, hello) = (self.door().http.clone(), self.client.who.clone(), self.client.hello());
        if streamed {
            return Ok(Source::Stream(http.events(&who, &hello, true).await?, Vec::new()));
        }
        Ok(Source::Poll(Box::pin(async move { Ok(http.events(&who, &hello, false).await?.text().await?) })))
    }

    fn pause(&mut self) -> Instant {
        let longest = match self.part {
            Part::Talks(longest) => longest,
            Part::Console(_) => CONSOLES_PAUSE,
        };
        Instant::now() + self.random.within(longest)
    }

    fn say(&mut self, now: Instant) -> Option<Value> {
        if *self.phase.borrow() != Phase::Talk || matches!(self.part, Part::Console(_)) {
            return None;
        }
        let frame = self.client.say(&mut self.random, now);
        self.progress.sent.store(self.client.log.sent.len(), Relaxed);
        self.progress.quiet.store(self.client.is_quiet(), Relaxed);
        frame
    }

    fn take(&mut self, line: &str) -> anyhow::Result<Option<Value>> {
        let frame = serde_json::from_str(line).with_context(|| format!("no frame: {line:?}"))?;
        self.take_frame(&frame)
    }

    /// Gives a frame to the client; an error if the connection is over.
    fn take_frame(&mut self, frame: &Value) -> anyhow::Result<Option<Value>> {
        let now = Instant::now();
        let (answers, steps) = (self.client.log.answers.len(), self.client.log.steps.len());
        let todo = self.client.take(frame, now);
        if frame["t"] == "welcome" {
            self.progress.connected.store(true, Relaxed);
            self.travel.restore(now);
        }
        if let Part::Console(given) = &self.part {
            let entries = frame["entries"].as_array().into_iter().flatten().filter(|entry| entry["kind"] == "assigned");
            // Nobody listens any more once everybody goes home.
            entries.filter_map(|entry| entry["body"]["conversation"].as_str()).for_each(|name| drop(given.send(name.to_owned())));
        }
        for (id, answer) in &self.client.log.answers[answers..] {
            let said_at = self.travel.answered(*id, now);
            if let Answer::Ok(seq) = answer {
                let log = &self.client.log;
                self.ledger.acked(Ack { name: log.name.clone(), conversation: log.conversation, view: log.view, id: *id, seq: *seq, said_at });
                self.progress.acked.fetch_add(1, Relaxed);
                self.progress.highest.fetch_max(*seq, Relaxed);
            }
        }
        for step in &self.client.log.steps[steps..] {
            match step {
                Step::Entry(entry) => self.travel.arrive(entry.said, now),
                Step::Reset(_, entries) => entries.iter().for_each(|entry| self.travel.arrive(entry.said, now)),
            }
        }
        self.progress.answered.store(self.travel.answers(), Relaxed);
        self.progress.cursor.store(self.client.cursor(), Relaxed);
        self.progress.quiet.store(self.client.is_quiet(), Relaxed);
        match todo {
            Some(Todo::End(code)) => bail!("ended with {code}"),
            Some(Todo::Ask(frame)) => Ok(Some(frame)),
            None => Ok(None),
        }
    }
}

impl Source {
    /// The next frames, a line each; may be cancelled.
    async fn next(&mut self) -> anyhow::Result<String> {
        match self {
            Self::Poll(answer) => answer.await,
            Self::Stream(response, buffer) => loop {
                // Chunks end anywhere, even within a character; events end with an empty line.
                if let Some(end) = buffer.windows(2).position(|w| w == b"\n\n") {
                    let event: Vec<u8> = buffer.drain(..end + 2).collect();
                    let event = String::from_utf8(event).context("the server sent no UTF-8")?;
                    let data: Vec<&str> = event.lines().filter_map(|line| line.strip_prefix("data: ")).collect();
                    return Ok(data.join("\n"));
                }
                buffer.extend_from_slice(&response.chunk().await?.context("the stream ended")?);
            },
        }
    }
}

/// The answers of the post that is under way; never, if none is.
async fn settled(posting: &mut Option<Answers>) -> anyhow::Result<Vec<Value>> {
    match posting {
        Some(posting) => posting.await,
        None => std::future::pending().await,
    }
}
