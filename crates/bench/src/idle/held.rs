//! Holds connections as idle clients do, until each is given the cue to say one thing and hear one.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

use anyhow::{Context as _, bail};
use serde_json::{Value, json};
use tokio::sync::{Notify, Semaphore, watch};

use super::Transport;
use crate::{
    crowd::{self, Person},
    hello,
    http::Http,
    peer::Dialect,
    random::Random,
    socket::{Message, Socket},
};

/// The text that is sent: the bot has an answer to it.
const WORDS: &str = "您好";
/// The mark of the bot's answer.
const BOT: &str = r#""by":{"kind":"bot""#;

/// Gives everybody the cue to speak, and counts those who have heard an answer.
#[derive(Clone)]
pub struct Cue {
    begun: watch::Receiver<bool>,
    turns: Arc<Semaphore>,
    done: Arc<AtomicUsize>,
}

impl Cue {
    /// Nobody speaks before the sender sends `true`; after that, this many at a time.
    pub fn new(at_once: usize) -> (watch::Sender<bool>, Self) {
        let (begin, begun) = watch::channel(false);
        (begin, Self { begun, turns: Arc::new(Semaphore::new(at_once)), done: Arc::default() })
    }
    /// How many have said one thing and heard one.
    pub fn exchanges(&self) -> usize {
        self.done.load(Relaxed)
    }
    async fn wait(&mut self) {
        if self.begun.wait_for(|begun| *begun).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
    /// Says something when it is this connection's turn; the turn lasts until the answer has arrived.
    async fn exchange(mut self, say: impl Future<Output = anyhow::Result<()>>, heard: &Notify) -> anyhow::Result<()> {
        self.wait().await;
        let _turn = self.turns.acquire().await?;
        say.await?;
        heard.notified().await;
        self.done.fetch_add(1, Relaxed);
        Ok(())
    }
}

/// A connection to the product.
pub enum Held {
    /// A WebSocket.
    Socket(Socket, Person),
    /// A streamed response, and the HTTP client that sends beside it.
    Stream(reqwest::Response, Http, Person),
    /// Long polls: the HTTP client, the visitor, and how far the polls have come.
    Poll(Http, Person, Polled),
}

/// How far a polling client has come.
#[derive(Default)]
pub struct Polled {
    mine: i64,
    theirs: Option<i64>,
    generation: Value,
}

impl Held {
    /// Connects as the `n`th; `http` sends from an address of its own.
    pub async fn connect(transport: Transport, to: SocketAddr, http: Http, n: usize, person: Person) -> anyhow::Result<Self> {
        let hello = hello::hello(person.who.token(), &[(&person.stream, Some(0)), (&person.conversation, None)]);
        // The welcome, and the reset that brings the conversation up to date.
        let all = [r#""t":"welcome""#, r#""t":"reset""#];
        match transport {
            Transport::Ws => Ok(Self::Socket(crowd::connect(to, n, &person.who, &hello, &all).await?.socket, person)),
            Transport::Sse => {
                let mut response = http.events(&person.who, &hello, true).await?;
                let mut seen = String::new();
                while !all.iter().all(|word| seen.contains(word)) {
                    seen += &String::from_utf8_lossy(&response.chunk().await?.context("the server ended a stream")?);
                }
                Ok(Self::Stream(response, http, person))
            }
            Transport::Poll => {
                // The first answer is the state; the next request is the one that waits.
                let mut polled = Polled::default();
                polled.ask(&http, &person).await?;
                Ok(Self::Poll(http, person, polled))
            }
        }
    }

    /// Holds the connection; this returns only with an error. Without a cue, the connection never speaks.
    pub async fn hold(self, cue: Option<Cue>, mut random: Random) -> anyhow::Result<()> {
        let heard = Notify::new();
        let words = |conversation: &str, random: &mut Random| hello::send(conversation, random.uuid(), json!({"type": "text", "text": WORDS}));
        match self {
            Self::Socket(mut socket, person) => {
                let Some(mut cue) = cue else { return listen(&mut socket, |_| false).await };
                tokio::select! {
                    ended = listen(&mut socket, |_| false) => return ended,
                    () = cue.wait() => {}
                }
                let turn = cue.turns.acquire().await?;
                socket.queue(&words(&person.conversation, &mut random).to_string());
                listen(&mut socket, |text| text.contains(BOT)).await?;
                drop(turn);
                cue.done.fetch_add(1, Relaxed);
                listen(&mut socket, |_| false).await
            }
            Self::Stream(mut response, http, person) => {
                let frame = words(&person.conversation, &mut random);
                let reading = async {
                    let mut last = String::new();
                    while let Some(chunk) = response.chunk().await? {
                        // The mark may be split between two chunks.
                        last = last.chars().rev().take(BOT.len()).collect::<Vec<_>>().into_iter().rev().collect::<String>() + &String::from_utf8_lossy(&chunk);
                        if last.contains(BOT) {
                            heard.notify_one();
                        }
                    }
                    bail!("the server ended a stream")
                };
                beside(reading, cue, say(&http, &person, frame), &heard).await
            }
            Self::Poll(http, person, mut polled) => {
                let frame = words(&person.conversation, &mut random);
                let reading = async {
                    loop {
                        if polled.ask(&http, &person).await?.contains(BOT) {
                            heard.notify_one();
                        }
                    }
                };
                beside(reading, cue, say(&http, &person, frame), &heard).await
            }
        }
    }
}

/// Reads until a wanted text arrives; an error if the connection ends.
async fn listen(socket: &mut Socket, wanted: impl Fn(&str) -> bool) -> anyhow::Result<()> {
    while let Some(text) = socket.receive().await? {
        if wanted(&text) {
            return Ok(());
        }
    }
    bail!("the server closed a connection")
}

async fn say(http: &Http, person: &Person, frame: Value) -> anyhow::Result<()> {
    crowd::post(http, &person.who, vec![frame]).await.map(drop)
}

/// Reads forever, and speaks beside it when the cue comes.
async fn beside(
    reading: impl Future<Output = anyhow::Result<()>>,
    cue: Option<Cue>,
    say: impl Future<Output = anyhow::Result<()>>,
    heard: &Notify,
) -> anyhow::Result<()> {
    let speaking = async {
        match cue {
            Some(cue) => cue.exchange(say, heard).await,
            None => Ok(()),
        }
    };
    tokio::try_join!(reading, speaking).map(drop)
}

impl Polled {
    /// Requests what follows.
    async fn ask(&mut self, http: &Http, person: &Person) -> anyhow::Result<String> {
        let mut hello = hello::hello(person.who.token(), &[(&person.stream, Some(self.mine)), (&person.conversation, self.theirs)]);
        if !self.generation.is_null() {
            hello["generation"] = self.generation.clone();
        }
        let text = http.events(&person.who, &hello, false).await?.text().await?;
        for frame in text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
            match (frame["t"].as_str(), frame["seq"].as_i64(), frame["entries"].as_array()) {
                (Some("welcome"), ..) => self.generation = frame["generation"].clone(),
                (Some("reset"), Some(seq), _) => self.theirs = Some(seq),
                (Some("entries"), _, Some(entries)) if frame["stream"] == person.stream => self.mine += entries.len() as i64,
                (Some("entries"), _, Some(entries)) => self.theirs = entries.last().and_then(|last| last["seq"].as_i64()).or(self.theirs),
                _ => {}
            }
        }
        Ok(text)
    }
}

/// Holds a peer's connection: says one thing when the cue comes, and hears what the other one in its room says.
pub async fn hold_peer(mut socket: Socket, dialect: Dialect, room: String, n: usize, cue: Option<Cue>) -> anyhow::Result<()> {
    let Some(mut cue) = cue else { return listen_to_peer(&mut socket, dialect, |_| false).await };
    tokio::select! {
        // The cue first: the other's text may have arrived already, and is heard below.
        biased;
        () = cue.wait() => {}
        ended = listen_to_peer(&mut socket, dialect, |_| false) => return ended,
    }
    let mut frame = String::new();
    dialect.write(&mut frame, &room, n, &format!("{n:08x}-0000-4000-8000-000000000000"), WORDS);
    socket.queue(&frame);
    socket.flush().await?;
    // Its own acknowledgement, and the other's text.
    listen_to_peer(&mut socket, dialect, |text| text.contains(WORDS)).await?;
    cue.done.fetch_add(1, Relaxed);
    listen_to_peer(&mut socket, dialect, |_| false).await
}

async fn listen_to_peer(socket: &mut Socket, dialect: Dialect, wanted: impl Fn(&str) -> bool) -> anyhow::Result<()> {
    loop {
        while let Some(message) = socket.next()? {
            let Message::Text(range) = message else { bail!("the peer closed a connection") };
            let text = socket.text(range)?;
            let (beat, found) = (dialect.is_beat(text), wanted(text));
            if let Some(answer) = beat {
                socket.queue(answer);
            }
            if found {
                return Ok(());
            }
        }
        socket.flush().await?;
        socket.fill().await?;
    }
}
