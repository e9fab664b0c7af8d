//! The whole way: customers talk to the bot of a real server, and viewers follow the live panel as the console does.
//!
//! An event is a customer's message; it happens when its acknowledgement is read, and it is seen when a viewer has read a frame whose number of dialogues
//! includes it. Every message counts as one dialogue, so the counts are those of the acknowledgements, after the messages that opened the conversations.

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    path::PathBuf,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde::Deserialize;
use serde_json::json;
use tokio::{sync::watch, task::JoinSet};

use super::{
    Amount, Seen,
    matching::{self, Push},
};
use crate::{
    hello,
    http::{Http, Identity},
    messages::{
        scan::{self, Frame},
        tally::Pace,
    },
    peer::Dialect,
    percentile::Histogram,
    random::{Random, new_conversation},
    server::{Common, Engine, Server},
    socket::{Message, Socket},
};

/// What customers say.
const WORDS: &str = "套餐的流量用完以后怎么收费？";
/// The most messages a second, and the most in all, of one customer.
const PER_SECOND: usize = 5;
const EACH: usize = 200;
/// Conversations and viewers that are prepared at a time.
const AT_ONCE: usize = 16;
/// The time between the last preparation and the first message.
const LEAD: Duration = Duration::from_millis(200);
/// How long everything may take to be answered, and then to be seen.
const GRACE: Duration = Duration::from_secs(30);
/// How long nothing may change before the past is taken to be counted.
const STEADY: Duration = Duration::from_secs(2);
const PING: &str = r#"{"t":"ping"}"#;
const PING_EVERY: Duration = Duration::from_secs(5);

/// What happens between the start of the server and the measurement.
pub struct Start {
    /// The file that gets the path of the server's data folder.
    pub tell: Option<PathBuf>,
    /// How long it may take until the panel counts anything.
    pub patience: Duration,
}

/// Sends messages at their pace, and measures when viewers see them counted.
pub async fn measure(common: &Common, amount: Amount, start: Start) -> anyhow::Result<Seen> {
    let server = Server::start(common, Engine::Sqlite, None).await?;
    if let Some(file) = &start.tell {
        std::fs::write(file, server.data().to_string_lossy().as_bytes()).with_context(|| file.display().to_string())?;
    }
    let seen = run(&server, amount, start).await;
    let log = server.last_of_log();
    server.stop().await?;
    seen.with_context(|| log)
}

async fn run(server: &Server, amount: Amount, start: Start) -> anyhow::Result<Seen> {
    // Who has to be told of the server starts an engine for its numbers.
    let is_outside = start.tell.is_some();
    let (to, http) = (server.address(), Http::new(server.address())?);
    let manager = http.manager(server).await?.identity();
    let rate = amount.rate as usize;
    let count = rate.div_ceil(PER_SECOND).max((rate * amount.seconds as usize).div_ceil(EACH));
    let past = counted_past(&http, &manager, start.patience).await?;
    let customers: Vec<Customer> = stream::iter((0..count).map(|_| open(to, &http))).buffer_unordered(AT_ONCE).try_collect().await?;
    let viewers: Vec<Socket> = stream::iter((0..amount.viewers).map(|_| follow(to, &manager))).buffer_unordered(AT_ONCE).try_collect().await?;
    let before = past + count as u64;
    wait_until_counted(&http, &manager, before).await?;

    let (tell, goal) = watch::channel(None);
    let mut watching = JoinSet::new();
    for viewer in viewers {
        watching.spawn(view(viewer, goal.clone()));
    }
    let begin = Instant::now() + LEAD;
    let until = begin + Duration::from_secs(amount.seconds.into());
    let (mut random, mut sending) = (Random::new()?, JoinSet::new());
    for customer in customers {
        // Each has its own offset in the period, so that the messages are spread evenly instead of coming in bursts.
        let period = Duration::from_secs_f64(count as f64 / f64::from(amount.rate));
        sending.spawn(customer.talk(Pace::new(begin + random.within(period), period), until));
    }
    let mut answered = Vec::new();
    while let Some(times) = sending.join_next().await {
        answered.extend(times??);
    }
    answered.sort_unstable();
    let all = before + answered.len() as u64;
    tell.send_replace(Some((all, Instant::now() + GRACE)));
    let mut delays = Histogram::default();
    while let Some(pushes) = watching.join_next().await {
        let pushes = pushes??;
        let last = pushes.last().map_or(0, |push| push.1);
        // An engine outside gives back what moves from part to part in two messages, so that less is counted for a moment.
        if !is_outside && !pushes.is_sorted_by_key(|push| push.1) {
            bail!("the panel counted backwards; at midnight of the company's zone, run this again");
        }
        let unseen = matching::record(&answered, before, &pushes, &mut delays);
        if unseen > 0 || last != all {
            bail!("a viewer's panel ended with {last} dialogues; {all} were acknowledged");
        }
    }
    Ok(Seen { delays, events: answered.len(), load_before: server.load_before })
}

/// A customer whose conversation is with the bot.
struct Customer {
    socket: Socket,
    conversation: String,
    /// Unanswered messages.
    unanswered: BTreeSet<usize>,
    /// The number of the next message.
    next: usize,
    /// When all unanswered messages are sent again, after the server was busy.
    repeat_at: Option<Instant>,
    /// When each message was acknowledged.
    answered: Vec<Instant>,
    random: u64,
}

/// Opens a conversation with a first message, and waits until it is acknowledged.
async fn open(to: SocketAddr, http: &Http) -> anyhow::Result<Customer> {
    let (visitor, conversation, random) = (http.visitor().await?, new_conversation(), Random::new()?.bits() & 0xFFFF_FFFF);
    let mut socket = Socket::connect(to, None, "").await?;
    socket.queue(&hello::hello(visitor.identity().token(), &[(&visitor.visitor, Some(0))]).to_string());
    socket.queue(&hello::open(&conversation, client_id(random, 0), json!({"type": "text", "text": WORDS})).to_string());
    let (unanswered, answered) = (BTreeSet::from([0]), Vec::new());
    let mut customer = Customer { socket, conversation, unanswered, next: 1, repeat_at: None, answered, random };
    let until = Instant::now() + GRACE;
    while customer.answered.is_empty() {
        if customer.repeat_at.is_some() || Instant::now() > until {
            bail!("a conversation could not be opened");
        }
        customer.socket.flush().await?;
        customer.socket.fill().await?;
        customer.receive()?;
    }
    customer.answered.clear();
    Ok(customer)
}

/// The id of a message, in which `scan` finds its number.
fn client_id(random: u64, number: usize) -> String {
    format!("{random:08x}-0000-4000-8000-{number:012x}")
}

impl Customer {
    /// Sends until the time is over and everything is acknowledged, and returns when each message was.
    async fn talk(mut self, mut pace: Pace, until: Instant) -> anyhow::Result<Vec<Instant>> {
        loop {
            let now = Instant::now();
            if self.repeat_at.is_some_and(|at| at <= now) {
                self.repeat_at = None;
                for number in self.unanswered.clone() {
                    self.send(number);
                }
            }
            while pace.next() < until && pace.take(now).is_some() {
                let number = self.next;
                self.next += 1;
                self.unanswered.insert(number);
                self.send(number);
            }
            if pace.next() >= until && self.unanswered.is_empty() {
                return Ok(self.answered);
            }
            if now > until + GRACE {
                bail!("{} messages were never answered", self.unanswered.len());
            }
            let due = if pace.next() < until { pace.next() } else { now + LEAD };
            let wake = self.repeat_at.map_or(due, |at| at.min(due));
            self.socket.flush().await?;
            tokio::select! {
                read = self.socket.fill() => { read?; self.receive()?; }
                () = tokio::time::sleep_until(wake.into()) => {}
            }
        }
    }

    fn send(&mut self, number: usize) {
        let frame = hello::send(&self.conversation, client_id(self.random, number), json!({"type": "text", "text": WORDS}));
        self.socket.queue(&frame.to_string());
    }

    fn receive(&mut self) -> anyhow::Result<()> {
        let now = Instant::now();
        while let Some(message) = self.socket.next()? {
            let Message::Text(range) = message else { bail!("the server closed a customer's connection") };
            for line in self.socket.text(range)?.lines() {
                match scan::frame(Dialect::Yingda, line) {
                    Frame::Ok(number) if self.unanswered.remove(&number) => self.answered.push(now),
                    Frame::Busy(ms) => self.repeat_at = Some(now + Duration::from_millis(ms)),
                    Frame::No(_) => bail!("a message was refused: {line}"),
                    _ => {}
                }
            }
        }
        Ok(())
    }
}

/// The dialogues of the demo's past, once the panel counts everything that has happened: from then on, it is as of now, and the count stays the same.
async fn counted_past(http: &Http, manager: &Identity, patience: Duration) -> anyhow::Result<u64> {
    let (until, mut tick) = (Instant::now() + patience, tokio::time::interval(LEAD));
    let mut since: Option<(Instant, u64, u64)> = None;
    loop {
        tick.tick().await;
        let (panel, now) = (http.get(manager, "/api/v1/panel").await?, Instant::now());
        let as_of = panel["as_of"].as_u64().context("the panel does not say of when it is")?;
        let dialogues = panel["today"]["dialogue"].as_u64().context("the panel has no dialogues")?;
        let goes_on = |(begin, at, counted): (Instant, u64, u64)| {
            let apart = Duration::from_millis(as_of.saturating_sub(at)).abs_diff(now - begin);
            (counted == dialogues && apart < LEAD).then_some(now - begin)
        };
        match since.and_then(goes_on) {
            Some(steady) if steady > STEADY => return Ok(dialogues),
            Some(_) => {}
            None => since = Some((now, as_of, dialogues)),
        }
        if now > until {
            bail!("the panel has not counted the demo's past");
        }
    }
}

/// Waits until the panel counts exactly so many dialogues.
async fn wait_until_counted(http: &Http, manager: &Identity, wanted: u64) -> anyhow::Result<()> {
    let (until, mut tick) = (Instant::now() + GRACE, tokio::time::interval(LEAD));
    loop {
        tick.tick().await;
        let counted = http.get(manager, "/api/v1/panel").await?["today"]["dialogue"].as_u64().context("the panel has no dialogues")?;
        if counted == wanted {
            return Ok(());
        }
        if Instant::now() > until {
            bail!("the panel counts {counted} of {wanted} dialogues");
        }
    }
}

/// Connects a viewer of the live panel, and waits for its first frame.
async fn follow(to: SocketAddr, manager: &Identity) -> anyhow::Result<Socket> {
    let mut socket = Socket::connect(to, None, &manager.headers()).await?;
    let mut hello = hello::hello(None, &[]);
    hello["panel"] = json!(true);
    socket.queue(&hello.to_string());
    while let Some(text) = socket.receive().await? {
        for line in text.lines() {
            if dialogues(line)?.is_some() {
                return Ok(socket);
            }
        }
    }
    bail!("the server closed a viewer's connection")
}

/// Notes what the panel counts, until it counts everything or the time is over.
async fn view(mut socket: Socket, mut goal: watch::Receiver<Option<(u64, Instant)>>) -> anyhow::Result<Vec<Push>> {
    let (mut pushes, mut tick): (Vec<Push>, _) = (Vec::new(), tokio::time::interval(PING_EVERY));
    loop {
        let wanted = *goal.borrow_and_update();
        let last = pushes.last().map_or(0, |push| push.1);
        if wanted.is_some_and(|(all, until)| last >= all || Instant::now() > until) {
            return Ok(pushes);
        }
        socket.flush().await?;
        tokio::select! {
            read = socket.fill() => {
                read?;
                let now = Instant::now();
                while let Some(message) = socket.next()? {
                    let Message::Text(range) = message else { bail!("the server closed a viewer's connection") };
                    for line in socket.text(range)?.lines() {
                        pushes.extend(dialogues(line)?.map(|count| (now, count)));
                    }
                }
            }
            changed = goal.changed() => changed.context("the customers failed")?,
            _ = tick.tick() => socket.queue(PING),
        }
    }
}

/// The number of dialogues since midnight, if a line is a frame of the live panel.
fn dialogues(line: &str) -> anyhow::Result<Option<u64>> {
    #[derive(Deserialize)]
    struct Line {
        t: String,
        today: Option<Today>,
    }
    #[derive(Deserialize)]
    struct Today {
        dialogue: u64,
    }
    let line: Line = serde_json::from_str(line).with_context(|| format!("no frame: {line:?}"))?;
    Ok(line.today.filter(|_| line.t == "panel").map(|today| today.dialogue))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_of_the_panel_tells_the_dialogues_and_others_do_not() {
        assert_eq!(dialogues(r#"{"minutes":{"dialogue":[1]},"t":"panel","today":{"answered":3,"dialogue":7},"yesterday":{"dialogue":9}}"#).unwrap(), Some(7));
        assert_eq!(dialogues(r#"{"t":"pong","heads":{}}"#).unwrap(), None);
        assert!(dialogues("{").is_err());
    }

    #[test]
    fn the_number_of_a_message_is_in_its_id() {
        let line = json!({"t": "ok", "client_id": client_id(0xAB, 31), "seq": 4, "at": 5}).to_string();
        // As the server sends it, the kind is first.
        let line = format!(r#"{{"t":"ok",{}"#, &line.replace(r#","t":"ok""#, "")[1..]);
        assert_eq!(scan::frame(Dialect::Yingda, &line), Frame::Ok(31));
    }
}
