//! Runs a client: connects it, over any transport, again and again, until it is told to stop.

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
    client::{self, Action, Client, Heard},
    delays::Travel,
    history::{Ack, Answer, Step},
    ledger::Ledger,
    system::{Door, any_door},
};
use crate::{
    client_connection::{Frame, Input, Transport},
    random::Random,
    socket::{Message, Socket},
};

/// One pause in this many ends with the client moving to another transport, as when somebody's network changes.
const SWITCH: u64 = 300;
/// The longest time for which a console does nothing unless something arrives.
const CONSOLES_PAUSE: Duration = Duration::from_secs(1);
/// A write or a POST that takes longer than this means a dead link.
const DEAD_AFTER: Duration = Duration::from_secs(9);
/// How an answer with status 500 appears in an error.
const BROKEN: &str = "500 Internal Server Error";

/// The transports that clients use.
pub const TRANSPORTS: [Transport; 3] = [Transport::Socket, Transport::Stream, Transport::Poll];

/// What everybody is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Talk.
    Talk,
    /// Send nothing new; see that everything is answered.
    Drain,
    /// Stop.
    Stop,
}

/// The progress of a running client, as others see it.
#[derive(Debug, Default)]
pub struct Progress {
    /// The number of sends, without repeats.
    pub sent: AtomicUsize,
    /// The number of sends with a final answer.
    pub answered: AtomicUsize,
    /// The number of acknowledgements.
    pub acked: AtomicU64,
    /// The highest acknowledged number.
    pub highest: AtomicI64,
    /// The last number applied.
    pub cursor: AtomicI64,
    /// Whether everything has been answered.
    pub quiet: AtomicBool,
    /// Whether the client was welcomed and has not lost its connection since.
    pub connected: AtomicBool,
    /// The number of the node that it connects to.
    pub door: AtomicUsize,
    /// The life that this node was in when the client connected.
    pub life: AtomicU64,
    /// Connections and POSTs that were answered with 500: something was broken rather than busy.
    pub answers_500: AtomicU64,
    /// Why the last connection ended.
    last_end: Mutex<String>,
}

impl Progress {
    /// Why the last connection ended.
    pub fn last_end(&self) -> String {
        self.last_end.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
    fn note_end(&self, error: &anyhow::Error) {
        let told = format!("{error:#}");
        self.answers_500.fetch_add(u64::from(told.contains(BROKEN)), Relaxed);
        *self.last_end.lock().unwrap_or_else(PoisonError::into_inner) = told;
    }
}

/// What a client does besides listening.
pub enum Part {
    /// It talks, with pauses no longer than this.
    Talks(Duration),
    /// It is an agent's console: it listens on a socket only, and reports which conversations the agent was given.
    Console(mpsc::UnboundedSender<String>),
}

/// A client and what it runs on.
pub struct Runner {
    /// The client.
    pub client: Client,
    /// What the client does besides listening.
    pub part: Part,
    /// Its usual transport.
    pub home: Transport,
    /// The nodes.
    pub doors: Arc<Vec<Door>>,
    /// The source of randomness.
    pub random: Random,
    /// What everybody is to do.
    pub phase: watch::Receiver<Phase>,
    /// Raised when a fault is over; some clients react to it, as browsers do when the network is back.
    pub online: watch::Receiver<u64>,
    /// Whether this client reacts to it.
    pub notices: bool,
    /// The progress that others see.
    pub progress: Arc<Progress>,
    /// Where acknowledgements are noted.
    pub ledger: Arc<Ledger>,
    /// When its sends left and others' messages arrived.
    pub travel: Travel,
}

type Later<T> = Pin<Box<dyn Future<Output = anyhow::Result<T>> + Send>>;

/// The link that a client has, or is opening.
enum Link {
    Opening(Later<Link>),
    Socket(Socket),
    Stream(reqwest::Response, Vec<u8>),
    Poll(Later<String>),
}

/// What comes over a link.
enum News {
    Stands(Link),
    Lines(Vec<String>),
    Polled(Vec<String>),
}

impl Runner {
    /// Runs until told to stop, and returns itself.
    pub async fn run(mut self) -> Self {
        let (mut link, mut posting): (Option<Link>, Option<Later<Vec<Value>>>) = (None, None);
        let mut order = vec![self.home];
        if matches!(self.part, Part::Talks(_)) {
            order.extend(TRANSPORTS.into_iter().filter(|transport| *transport != self.home));
        }
        self.client.begin(order, Instant::now());
        let mut next = self.pause();
        loop {
            let due = self.client.due().min(next);
            let heard = tokio::select! {
                news = news(&mut link) => match news {
                    Ok(News::Stands(stands)) => {
                        link = Some(stands);
                        vec![Input::Opened]
                    }
                    Ok(News::Lines(lines)) => self.read(&lines),
                    Ok(News::Polled(lines)) => {
                        link = None;
                        let mut heard = self.read(&lines);
                        heard.push(Input::Polled);
                        heard
                    }
                    Err(error) => self.on_link_lost(&error),
                },
                answers = answers_to(&mut posting) => {
                    posting = None;
                    match answers {
                        Ok(answers) => vec![Input::Posted(answers.iter().map(client::read).collect())],
                        Err(error) => self.on_link_lost(&error),
                    }
                }
                () = tokio::time::sleep_until(due.into()) => vec![Input::Tick],
                _ = self.online.changed(), if self.notices => vec![Input::Online],
                _ = self.phase.changed() => vec![Input::Tick],
            };
            if *self.phase.borrow() == Phase::Stop {
                return self;
            }
            // What came over a link that has since been dropped is ignored.
            for one in heard {
                if !self.hear(one, &mut link, &mut posting) {
                    break;
                }
            }
            if Instant::now() >= next {
                next = self.pause();
                let switch = self.random.below(SWITCH) == 0;
                let said = self.say();
                if let Some(said) = said {
                    self.hear(said, &mut link, &mut posting);
                }
                if switch && matches!(self.part, Part::Talks(_)) {
                    let to = TRANSPORTS[self.random.below(3) as usize];
                    self.hear(Input::Move(to), &mut link, &mut posting);
                }
            }
            if let Some(Link::Socket(socket)) = &mut link
                && let Err(error) = flush(socket).await
            {
                for lost in self.on_link_lost(&error) {
                    self.hear(lost, &mut link, &mut posting);
                }
            }
        }
    }

    fn door(&self) -> &Door {
        &self.doors[self.progress.door.load(Relaxed)]
    }

    fn on_link_lost(&self, error: &anyhow::Error) -> Vec<Heard> {
        self.progress.note_end(error);
        vec![Input::Lost]
    }

    fn read(&self, lines: &[String]) -> Vec<Heard> {
        let mut heard = Vec::new();
        for line in lines {
            let Ok(frame) = serde_json::from_str::<Value>(line) else {
                heard.extend(self.on_link_lost(&anyhow::anyhow!("no frame: {line:?}")));
                break;
            };
            if let Part::Console(given) = &self.part {
                let entries = frame["entries"].as_array().into_iter().flatten().filter(|entry| entry["kind"] == "assigned");
                // Nobody listens any more once everybody stops.
                entries.filter_map(|entry| entry["body"]["conversation"].as_str()).for_each(|name| drop(given.send(name.to_owned())));
            }
            heard.push(Input::Frame(client::read(&frame)));
        }
        heard
    }

    /// Passes an event to the client and carries out its actions; returns whether its link is still the same.
    fn hear(&mut self, heard: Heard, link: &mut Option<Link>, posting: &mut Option<Later<Vec<Value>>>) -> bool {
        let now = Instant::now();
        let (moves, polls, by_clock) = (matches!(heard, Input::Move(_)), matches!(heard, Input::Polled), matches!(heard, Input::Tick));
        match &heard {
            Input::Frame(Frame::Welcome { .. }) => {
                self.progress.connected.store(true, Relaxed);
                self.travel.restore(now);
            }
            Input::Frame(Frame::Later(ms)) => self.progress.note_end(&anyhow::anyhow!("told to come again in {ms} ms")),
            Input::Frame(Frame::Close(code)) => self.progress.note_end(&anyhow::anyhow!("ended with {code}")),
            _ => {}
        }
        self.client.log.turn(self.ledger.chapter());
        let (answers, steps) = (self.client.log.answers.len(), self.client.log.steps.len());
        let actions = self.client.step(heard, &mut self.random, now);
        self.note(answers, steps, now);
        let mut is_same = true;
        for action in actions {
            match action {
                Action::Drop => {
                    is_same = false;
                    (*link, *posting) = (None, None);
                    self.progress.connected.store(false, Relaxed);
                    if by_clock {
                        self.progress.note_end(&anyhow::anyhow!("nothing is heard any more"));
                    }
                    if !moves {
                        self.leave_door(now);
                    }
                }
                Action::Connect(transport, hello) => {
                    if !polls {
                        self.client.log.connections += 1;
                        self.progress.life.store(self.door().life(), Relaxed);
                    }
                    *link = Some(self.connect(transport, hello));
                }
                Action::Write(frame) => {
                    if let Some(Link::Socket(socket)) = link {
                        self.travel.leave(std::slice::from_ref(&frame), now);
                        socket.queue(&frame.to_string());
                    }
                }
                Action::Post(frames) => {
                    self.travel.leave(&frames, now);
                    let (http, who) = (self.door().http.clone(), self.client.who.clone());
                    *posting =
                        Some(Box::pin(async move { tokio::time::timeout(DEAD_AFTER, http.send(&who, &frames)).await.context("a post was not answered")? }));
                }
            }
        }
        is_same
    }

    /// The connection is over: the next one goes to whichever node is up.
    fn leave_door(&mut self, now: Instant) {
        if !self.door().lived_since(self.progress.life.load(Relaxed)) {
            self.travel.cut(now);
        }
        self.progress.door.store(any_door(&self.doors, &mut self.random), Relaxed);
    }

    fn connect(&self, transport: Transport, hello: Value) -> Link {
        let (http, who) = (self.door().http.clone(), self.client.who.clone());
        match transport {
            Transport::Socket => {
                let to = self.door().address;
                Link::Opening(Box::pin(async move {
                    let mut socket = Socket::connect(to, None, &who.headers()).await?;
                    socket.queue(&hello.to_string());
                    Ok(Link::Socket(socket))
                }))
            }
            Transport::Stream => Link::Opening(Box::pin(async move { Ok(Link::Stream(http.events(&who, &hello, true).await?, Vec::new())) })),
            Transport::Poll => Link::Poll(Box::pin(async move { Ok(http.events(&who, &hello, false).await?.text().await?) })),
        }
    }

    fn pause(&mut self) -> Instant {
        let longest = match self.part {
            Part::Talks(longest) => longest,
            Part::Console(_) => CONSOLES_PAUSE,
        };
        Instant::now() + self.random.within(longest)
    }

    fn say(&mut self) -> Option<Heard> {
        if *self.phase.borrow() != Phase::Talk || matches!(self.part, Part::Console(_)) {
            return None;
        }
        let said = self.client.say(&mut self.random);
        self.progress.sent.store(self.client.log.sent.len(), Relaxed);
        said
    }

    /// Publishes what is new in the client's log.
    fn note(&mut self, answers: usize, steps: usize, now: Instant) {
        for (id, answer) in &self.client.log.answers[answers..] {
            let said_at = self.travel.note_answer(*id, now);
            if let Answer::Ok(seq) = answer {
                let log = &self.client.log;
                self.ledger.note_ack(Ack { name: log.name.clone(), conversation: log.conversation, view: log.view, id: *id, seq: *seq, said_at });
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
    }
}

/// What comes over the link next; waits forever without a link. May be cancelled.
async fn news(link: &mut Option<Link>) -> anyhow::Result<News> {
    let lines = |text: &str| text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect();
    match link {
        None => std::future::pending().await,
        Some(Link::Opening(opening)) => opening.await.map(News::Stands),
        Some(Link::Poll(answer)) => Ok(News::Polled(lines(&answer.await?))),
        Some(Link::Socket(socket)) => {
            socket.fill().await?;
            let mut all = Vec::new();
            while let Some(message) = socket.next()? {
                let Message::Text(range) = message else { bail!("closed by the server") };
                all.extend::<Vec<String>>(lines(socket.text(range)?));
            }
            Ok(News::Lines(all))
        }
        Some(Link::Stream(response, buffer)) => loop {
            // Chunks end anywhere, even within a character; events end with an empty line.
            if let Some(end) = buffer.windows(2).position(|w| w == b"\n\n") {
                let event: Vec<u8> = buffer.drain(..end + 2).collect();
                let event = String::from_utf8(event).context("the server sent no UTF-8")?;
                return Ok(News::Lines(event.lines().filter_map(|line| line.strip_prefix("data: ")).map(str::to_owned).collect()));
            }
            buffer.extend_from_slice(&response.chunk().await?.context("the stream ended")?);
        },
    }
}

/// Writes what was queued.
async fn flush(socket: &mut Socket) -> anyhow::Result<()> {
    tokio::time::timeout(DEAD_AFTER, socket.flush()).await.context("a write took too long")??;
    Ok(())
}

/// The answers to the pending POST; waits forever if there is none.
async fn answers_to(posting: &mut Option<Later<Vec<Value>>>) -> anyhow::Result<Vec<Value>> {
    match posting {
        Some(posting) => posting.await,
        None => std::future::pending().await,
    }
}
