//! The connections of somebody whose access ends, one on each transport, and their requests to the API.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use reqwest::{Response, StatusCode};
use tokio::{sync::watch, task::JoinSet};

use super::cast::Kind;
use crate::{
    crowd, hello,
    http::{Http, Identity},
    socket::Socket,
};

/// The pause between two requests to the API: a token may make 600 in a minute.
const ASK_EVERY: Duration = Duration::from_millis(20);
/// The pause before a busy server is asked for events again.
const BUSY_WAIT: Duration = Duration::from_millis(20);
/// How long a poll has waited before anything is revoked.
const POLL_WAITS: Duration = Duration::from_millis(400);

/// The mark of a connection that has begun.
const WELCOME: &str = r#""t":"welcome""#;

/// How far somebody's polls and the revocation have come.
pub struct Progress {
    /// When the last poll was asked.
    asked: Mutex<Instant>,
    /// Whether the revocation has begun.
    begun: watch::Sender<bool>,
}

impl Progress {
    fn note_poll(&self) {
        *self.asked.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }
    /// Waits until a poll has waited for a while, so that the node had admitted it before the revocation, which begins now.
    pub async fn begin(&self) -> Instant {
        loop {
            let waits = self.asked.lock().unwrap_or_else(PoisonError::into_inner).elapsed();
            if waits >= POLL_WAITS {
                self.begun.send_replace(true);
                return Instant::now();
            }
            tokio::time::sleep(POLL_WAITS - waits).await;
        }
    }
}

/// Somebody who is connected to a node in every way.
pub struct Connections<'a> {
    kind: Kind,
    far: &'a Http,
    who: &'a Identity,
    socket: Socket,
    /// A WebSocket that has been upgraded and says nothing.
    silent: Socket,
    stream: Response,
    poll: JoinSet<anyhow::Result<Instant>>,
    progress: Arc<Progress>,
}

/// When everything ended.
#[derive(Debug, Clone, Copy)]
pub struct Ends {
    /// When the WebSocket was closed.
    pub websocket: Instant,
    /// When the streamed response was over.
    pub sse: Instant,
    /// When the waiting poll had been answered with the end, or a poll was refused.
    pub poll: Instant,
    /// When the first refusal of the API had arrived.
    pub api: Instant,
}

impl<'a> Connections<'a> {
    /// Connects, and checks that the API does what is asked.
    pub async fn open(kind: Kind, to: SocketAddr, far: &'a Http, who: &'a Identity) -> anyhow::Result<Self> {
        let hello = hello::hello(None, &[]);
        let mut poll = JoinSet::new();
        let progress = Arc::new(Progress { asked: Mutex::new(Instant::now()), begun: watch::Sender::new(false) });
        poll.spawn(poll_ended(far.clone(), who.clone(), kind, progress.clone()));
        let socket = crowd::connect(to, 0, who, &hello, &[WELCOME]).await?.socket;
        let silent = Socket::connect(to, None, &who.headers()).await?;
        let mut stream = far.events(who, &hello, true).await?;
        let mut seen = String::new();
        while !seen.contains(WELCOME) {
            seen += &String::from_utf8_lossy(&stream.chunk().await?.context("the server ended a stream")?);
        }
        let status = far.status(who, kind.path()).await?;
        if !status.is_success() {
            bail!("{} was answered {status} before anything was revoked", kind.path());
        }
        Ok(Self { kind, far, who, socket, silent, stream, poll, progress })
    }

    /// How far this has come.
    pub fn progress(&self) -> Arc<Progress> {
        self.progress.clone()
    }

    /// Waits until everything has ended; an error if something has not after this time, or ended with something else. Nor may anything begin with what was
    /// there before the end.
    pub async fn until_ended(self, limit: Duration) -> anyhow::Result<Ends> {
        let Self { kind, far, who, socket, mut silent, stream, mut poll, progress } = self;
        let (websocket, sse, poll, api) = tokio::try_join!(
            within(limit, "a WebSocket", socket_ended(socket, kind)),
            within(limit, "a streamed response", stream_ended(stream, kind)),
            within(limit, "a poll", async { poll.join_next().await.context("there is none")?? }),
            within(limit, "the access to the API", wait_for_refusal(far, who, kind, &progress)),
        )?;
        silent.queue(&hello::hello(None, &[]).to_string());
        within(limit, "a WebSocket that was silent until then", never_begun(silent, kind)).await?;
        let status = far.status(who, kind.path()).await?;
        if status != kind.refusal() {
            bail!("{} was answered {status} after a refusal", kind.path());
        }
        Ok(Ends { websocket, sse, poll, api })
    }
}

async fn within(limit: Duration, what: &str, ends: impl Future<Output = anyhow::Result<Instant>>) -> anyhow::Result<Instant> {
    match tokio::time::timeout(limit, ends).await {
        Ok(ended) => ended.with_context(|| what.to_owned()),
        Err(_) => bail!("{what} never ended"),
    }
}

async fn socket_ended(mut socket: Socket, kind: Kind) -> anyhow::Result<Instant> {
    let mut heard = String::new();
    while let Some(text) = socket.receive().await? {
        heard += &text;
    }
    let ended = Instant::now();
    require_end(&heard, kind)?;
    Ok(ended)
}

/// Reads until the socket is closed; an error if it was welcomed, or not told the reason.
async fn never_begun(mut socket: Socket, kind: Kind) -> anyhow::Result<Instant> {
    let mut heard = String::new();
    while let Some(text) = socket.receive().await? {
        heard += &text;
        if heard.contains(WELCOME) {
            bail!("it began with what was revoked: {heard}");
        }
    }
    // On a slow machine it has been silent for too long by now.
    if heard.contains("hello_expected") { Ok(Instant::now()) } else { require_end(&heard, kind).map(|()| Instant::now()) }
}

async fn stream_ended(mut stream: Response, kind: Kind) -> anyhow::Result<Instant> {
    let mut heard = Vec::new();
    while let Some(chunk) = stream.chunk().await? {
        heard.extend_from_slice(&chunk);
    }
    let ended = Instant::now();
    require_end(&String::from_utf8_lossy(&heard), kind)?;
    Ok(ended)
}

/// Polls until a poll is answered with the end, or refused. Each poll is admitted anew: where the member stays signed in, the one that was asked before the
/// revocation is the last that counts, whatever it is answered with.
async fn poll_ended(far: Http, who: Identity, kind: Kind, progress: Arc<Progress>) -> anyhow::Result<Instant> {
    let hello = hello::hello(None, &[]);
    loop {
        progress.note_poll();
        let answer = far.ask_for_events(&who, &hello, false).await?;
        let (status, heard) = (answer.status(), answer.text().await?);
        let ended = Instant::now();
        match status {
            status if status == kind.refusal() => return Ok(ended),
            StatusCode::SERVICE_UNAVAILABLE => tokio::time::sleep(BUSY_WAIT).await,
            StatusCode::OK if has_end(&heard) => return require_end(&heard, kind).map(|()| ended),
            StatusCode::OK if kind == Kind::Role && *progress.begun.borrow() => return Ok(ended),
            StatusCode::OK => {}
            status => bail!("it was answered {status}: {heard}"),
        }
    }
}

/// Asks the API for the same thing again and again from the revocation on, until it is refused.
async fn wait_for_refusal(far: &Http, who: &Identity, kind: Kind, progress: &Progress) -> anyhow::Result<Instant> {
    progress.begun.subscribe().wait_for(|begun| *begun).await?;
    loop {
        match far.status(who, kind.path()).await? {
            status if status == kind.refusal() => return Ok(Instant::now()),
            status if status.is_success() || status == StatusCode::SERVICE_UNAVAILABLE => tokio::time::sleep(ASK_EVERY).await,
            status => bail!("{} was answered {status}", kind.path()),
        }
    }
}

fn has_end(heard: &str) -> bool {
    heard.contains(r#""t":"no""#)
}

fn require_end(heard: &str, kind: Kind) -> anyhow::Result<()> {
    if has_end(heard) && heard.contains(&format!(r#""code":"{}""#, kind.code())) { Ok(()) } else { bail!("it ended without {}: {heard}", kind.code()) }
}
