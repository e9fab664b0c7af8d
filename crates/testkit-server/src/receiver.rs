//! A receiver of webhooks: records what it is sent, and answers as configured, or not at all.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use testkit::Must;

/// How the receiver answers a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answers {
    /// It closes the connection without an answer.
    Nothing,
    /// It answers with a status, further header lines, and a body.
    With(u16, &'static str, &'static str),
}

/// A request that the receiver was sent.
#[derive(Debug, Clone)]
pub struct Received {
    /// The headers, with names in lower case.
    pub headers: HashMap<String, String>,
    /// The body.
    pub body: String,
    /// Whether it was answered with a 2xx status.
    pub taken: bool,
}

struct State {
    answers: Answers,
    received: Vec<Received>,
}

/// The receiver; see the module.
pub struct Receiver {
    /// The URL of the receiver.
    pub url: String,
    state: Arc<Mutex<State>>,
    task: JoinHandle<()>,
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Receiver {
    /// Starts a receiver on a free port of this machine.
    pub async fn new(answers: Answers) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.must("a free port");
        let url = format!("http://{}/in", listener.local_addr().must("an address"));
        let state = Arc::new(Mutex::new(State { answers, received: Vec::new() }));
        let kept = state.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, kept.clone()));
            }
        });
        Self { url, state, task }
    }
    /// Sets the answer from now on.
    pub fn answer(&self, answers: Answers) {
        lock(&self.state).answers = answers;
    }
    /// Accepts everything from now on.
    pub fn take(&self) {
        self.answer(Answers::With(200, "", "thanks"));
    }
    /// Everything that it was sent so far.
    pub fn received(&self) -> Vec<Received> {
        lock(&self.state).received.clone()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Handles one request.
async fn serve(mut stream: TcpStream, state: Arc<Mutex<State>>) {
    let (mut bytes, mut chunk) = (Vec::new(), [0; 8192]);
    let (head, length) = loop {
        match stream.read(&mut chunk).await {
            Ok(read) if read > 0 => bytes.extend_from_slice(&chunk[..read]),
            _ => return,
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, _)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:").and_then(|rest| rest.trim().parse::<usize>().ok()));
        if bytes.len() >= head.len() + 4 + length.unwrap_or(0) {
            break (head.to_owned(), length.unwrap_or(0));
        }
    };
    let body = String::from_utf8_lossy(&bytes[head.len() + 4..head.len() + 4 + length]).into_owned();
    let headers =
        head.lines().skip(1).filter_map(|line| line.split_once(':')).map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect();
    let answers = {
        let mut state = lock(&state);
        let answers = state.answers.clone();
        let taken = matches!(answers, Answers::With(200..=299, ..));
        state.received.push(Received { headers, body, taken });
        answers
    };
    if let Answers::With(status, lines, body) = answers {
        let answer = format!("HTTP/1.1 {status} X\r\n{lines}content-length: {}\r\n\r\n{body}", body.len());
        // The sender may be gone.
        let _ = stream.write_all(answer.as_bytes()).await;
    }
    let _ = stream.shutdown().await;
}
