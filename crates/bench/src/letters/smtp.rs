//! A mail server that takes what it is given and remembers it, or fails as mail servers do.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    time::Instant,
};

use crate::random::Random;

/// A letter that was taken.
#[derive(Debug, Clone)]
pub struct Taken {
    /// The number of the node that brought it.
    pub node: usize,
    /// The recipient.
    pub to: String,
    /// Its `Message-ID`, without brackets.
    pub id: String,
    /// Its subject.
    pub subject: String,
}

/// What all mail servers of a run share.
#[derive(Clone)]
pub struct Post(Arc<Mutex<State>>);

struct State {
    taken: Vec<Taken>,
    last: Instant,
    failing: f64,
    failed: u64,
    random: Random,
}

impl Post {
    /// Nothing has arrived, and nothing fails.
    pub fn new(random: Random) -> Self {
        Self(Arc::new(Mutex::new(State { taken: Vec::new(), last: Instant::now(), failing: 0.0, failed: 0, random })))
    }

    /// Starts a mail server for a node; it ends with the run.
    pub async fn open_for(&self, node: usize) -> std::io::Result<SocketAddr> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let (address, post) = (listener.local_addr()?, self.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let post = post.clone();
                // A connection that breaks is the client's business: it tries again.
                tokio::spawn(async move { post.serve(node, stream).await });
            }
        });
        Ok(address)
    }

    /// Forgets what has been taken, and fails with this part of the letters from now on.
    pub fn begin(&self, failing: f64) {
        self.with(|state| {
            state.taken.clear();
            (state.failing, state.last) = (failing, Instant::now());
        });
    }

    /// All letters taken so far, in order.
    pub fn letters(&self) -> Vec<Taken> {
        self.with(|state| state.taken.clone())
    }
    /// When the last one was taken.
    pub fn last(&self) -> Instant {
        self.with(|state| state.last)
    }
    /// How many were refused for now, or broken off.
    pub fn failures(&self) -> u64 {
        self.with(|state| state.failed)
    }

    fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// How the next letter fails, if it does.
    fn next_failure(&self) -> Option<Failure> {
        self.with(|state| {
            let fails = (state.random.below(1_000_000) as f64) < state.failing * 1_000_000.0;
            state.failed += u64::from(fails);
            fails.then(|| if state.random.below(2) == 0 { Failure::NotNow } else { Failure::BreaksOff })
        })
    }

    async fn serve(&self, node: usize, mut stream: TcpStream) -> std::io::Result<()> {
        let failure = self.next_failure();
        let (reader, mut writer) = stream.split();
        let mut lines = BufReader::new(reader).lines();
        let (mut taken, mut part) = (Taken { node, to: String::new(), id: String::new(), subject: String::new() }, Part::Commands);
        writer.write_all(b"220 bench\r\n").await?;
        while let Some(line) = lines.next_line().await? {
            match part {
                Part::Commands => {}
                _ if line == "." => {
                    part = Part::Commands;
                    // Remembered before it is acknowledged: what is brought twice is seen twice.
                    self.with(|state| {
                        state.taken.push(taken.clone());
                        state.last = Instant::now();
                    });
                    writer.write_all(b"250 taken\r\n").await?;
                    continue;
                }
                Part::Head if line.is_empty() => {
                    part = Part::Body;
                    continue;
                }
                Part::Head => {
                    taken.read_header(&line);
                    continue;
                }
                Part::Body => continue,
            }
            let answer = match line.split([' ', ':']).next().unwrap_or_default() {
                "RCPT" if failure == Some(Failure::NotNow) => "451 later\r\n",
                "DATA" if failure == Some(Failure::BreaksOff) => return Ok(()),
                "DATA" => {
                    part = Part::Head;
                    "354 go on\r\n"
                }
                "QUIT" => return writer.write_all(b"221 bye\r\n").await,
                _ => "250 fine\r\n",
            };
            writer.write_all(answer.as_bytes()).await?;
        }
        Ok(())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Failure {
    NotNow,
    BreaksOff,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Commands,
    Head,
    Body,
}

impl Taken {
    fn read_header(&mut self, line: &str) {
        let Some((name, value)) = line.split_once(": ") else { return };
        match name {
            "To" => value.clone_into(&mut self.to),
            "Message-ID" => value.trim_matches(['<', '>']).clone_into(&mut self.id),
            "Subject" => value.clone_into(&mut self.subject),
            _ => {}
        }
    }
}
