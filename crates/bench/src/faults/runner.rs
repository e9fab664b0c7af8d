//! Connects a client, over whichever transport, again and again, until it is told to stop.

use std::{
    future::Future,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use serde_json::Value;
use tokio::sync::watch;

use super::client::{Client, Sending, Todo};
use crate::{
    http::Http,
    random::Random,
    socket::{Message, Socket},
};

/// The longest pause between two messages of a client.
const PAUSE: Duration = Duration::from_millis(25);
/// One pause in so many ends with the client going to another transport, as when somebody's network changes.
const SWITCH: u64 = 300;
const PING_AFTER: Duration = Duration::from_secs(5);
const DEAD_AFTER: Duration = Duration::from_secs(9);
/// A stream without beats, a poll without an answer.
const SILENT: Duration = Duration::from_secs(60);
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
    /// Acknowledgements.
    pub acked: AtomicU64,
    /// The last number applied.
    pub cursor: AtomicI64,
    /// Whether everything was answered.
    pub quiet: AtomicBool,
}

/// A client and what it runs on.
pub struct Runner {
    /// The client.
    pub client: Client,
    /// Its usual transport.
    pub home: Transport,
    /// Where the server is.
    pub to: SocketAddr,
    /// The server's endpoints.
    pub http: Http,
    /// Chance.
    pub random: Random,
    /// What everybody is to do.
    pub phase: watch::Receiver<Phase>,
    /// Raised when the server is back; some clients notice, as browsers do when the network is back.
    pub online: watch::Receiver<u64>,
    /// Whether this one does.
    pub notices: bool,
    /// What others see.
    pub progress: Arc<Progress>,
    /// From the loss of a connection to the next welcome.
    pub recoveries: Vec<Duration>,
    /// Why the last connection ended.
    pub last_end: String,
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
        let (mut attempt, mut lost_at, mut transport) = (0, None, self.home);
        loop {
            let seen = self.client.log.steps.len();
            let ended = match transport {
                Transport::Ws => self.socket(&mut lost_at).await,
                Transport::Sse => self.beside(true, &mut lost_at).await,
                Transport::Poll => self.beside(false, &mut lost_at).await,
            };
            if self.client.log.steps.len() > seen {
                attempt = 0;
            }
            transport = Transport::ALL[self.random.below(3) as usize];
            match ended {
                Ok(Ended::Stopped) => return self,
                Ok(Ended::Switched) => continue,
                Err(error) => self.last_end = format!("{error:#}"),
            }
            if self.random.below(2) == 0 {
                transport = self.home;
            }
            lost_at.get_or_insert_with(Instant::now);
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

    async fn socket(&mut self, lost_at: &mut Option<Instant>) -> anyhow::Result<Ended> {
        let mut socket = Socket::connect(self.to, None, &self.client.who.headers()).await?;
        let (mut heard, mut pinged, mut next) = (Instant::now(), Instant::now(), self.pause());
        self.client.connected(heard);
        // Who one is, and at once all that was not answered, oldest first.
        let first: Vec<String> = std::iter::once(self.client.hello()).chain(self.client.unanswered()).map(|frame| frame.to_string()).collect();
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
                            asked.extend(self.take(line, lost_at)?);
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
                        self.client.unanswered().iter().for_each(|frame| socket.queue(&frame.to_string()));
                    }
                    if sending != Sending::Held && let Some(frame) = self.say(now) {
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
    async fn beside(&mut self, streamed: bool, lost_at: &mut Option<Instant>) -> anyhow::Result<Ended> {
        self.client.connected(Instant::now());
        let mut source = self.source(streamed).await?;
        let (mut posting, mut next, mut heard): (Option<Answers>, _, _) = (None, self.pause(), Instant::now());
        loop {
            if posting.is_none() && !self.client.is_quiet() && self.client.may_send(Instant::now()) != Sending::Held {
                let (http, who, frames) = (self.http.clone(), self.client.who.clone(), self.client.unanswered());
                posting = Some(Box::pin(async move { tokio::time::timeout(DEAD_AFTER, http.send(&who, &frames)).await.context("a post was not answered")? }));
            }
            tokio::select! {
                lines = source.next() => {
                    heard = Instant::now();
                    for line in lines?.lines() {
                        if self.take(line, lost_at)?.is_some() {
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
                        self.take_frame(&answer, lost_at)?;
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
        let (http, who, hello) = (self.http.clone(), self.client.who.clone(), self.client.hello());
        if streamed {
            return Ok(Source::Stream(http.events(&who, &hello, true).await?, Vec::new()));
        }
        Ok(Source::Poll(Box::pin(async move { Ok(http.events(&who, &hello, false).await?.text().await?) })))
    }

    fn pause(&mut self) -> Instant {
        Instant::now() + self.random.within(PAUSE)
    }

    fn say(&mut self, now: Instant) -> Option<Value> {
        if *self.phase.borrow() != Phase::Talk {
            return None;
        }
        let frame = self.client.say(&mut self.random, now);
        self.progress.quiet.store(self.client.is_quiet(), Relaxed);
        frame
    }

    fn take(&mut self, line: &str, lost_at: &mut Option<Instant>) -> anyhow::Result<Option<Value>> {
        let frame = serde_json::from_str(line).with_context(|| format!("no frame: {line:?}"))?;
        self.take_frame(&frame, lost_at)
    }

    /// Gives a frame to the client; an error if the connection is over.
    fn take_frame(&mut self, frame: &Value, lost_at: &mut Option<Instant>) -> anyhow::Result<Option<Value>> {
        if frame["t"] == "welcome"
            && let Some(since) = lost_at.take()
        {
            self.recoveries.push(since.elapsed());
        }
        let todo = self.client.take(frame, Instant::now());
        self.progress.acked.fetch_add(u64::from(frame["t"] == "ok"), Relaxed);
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
