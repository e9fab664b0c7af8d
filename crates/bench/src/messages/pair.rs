//! A pair: the two sides of a conversation, each with a socket, driven by one task.

use std::time::{Duration, Instant};

use anyhow::bail;

use super::{
    scan::{self, Frame},
    tally::{Pace, Sender, Tally},
};
use crate::{peer::Dialect, serving::End, socket::Message};

/// The text of each message, about as long as people's messages are.
const WORDS: &str = "您好，我想问一下这个套餐的流量用完以后怎么收费，可以中途换成更大的吗？";
/// Sends per socket message; the server accepts messages of up to 256 KiB.
const PER_MESSAGE: usize = 128;
/// How long a pair waits at the end without anything arriving.
const GRACE: Duration = Duration::from_secs(10);

/// When and how a pair sends.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// The most unanswered sends per side.
    pub in_flight: usize,
    /// When to stop sending new messages.
    pub until: Instant,
    /// When each side's messages are due; without it, as soon as there is room.
    pub pace: Option<[Pace; 2]>,
    /// The protocol that the server speaks.
    pub dialect: Dialect,
    /// The number of this load on the same server: it keeps the ids of different loads apart.
    pub run: u16,
}

/// What else happened on a pair's sockets.
#[derive(Debug, Default, Clone, Copy)]
pub struct Incidents {
    /// Sends that were answered with `busy`.
    pub busy: u64,
    /// How often the server reset a stream.
    pub resets: u64,
    /// Entries that arrived a second time and were dropped by their number.
    pub redelivered: u64,
    /// Entries that arrived too early and were requested again by their number.
    pub skipped: u64,
}

impl Incidents {
    /// Adds the incidents of another pair.
    pub const fn add(&mut self, other: Self) {
        self.busy += other.busy;
        self.resets += other.resets;
        self.redelivered += other.redelivered;
        self.skipped += other.skipped;
    }
}

/// Both sides of a conversation.
pub struct Pair {
    number: usize,
    sides: [Side; 2],
    plan: Plan,
    tally: Tally,
    incidents: Incidents,
    last_news: Instant,
}

struct Side {
    end: End,
    conversation: String,
    number: usize,
    pair: usize,
    run: u16,
    dialect: Dialect,
    sender: Sender,
    highest: i64,
    asked: bool,
    repeat_at: Option<Instant>,
    out: String,
}

enum News {
    Answer(usize, bool),
    Arrived(usize),
}

impl Pair {
    /// The visitor and the agent of a conversation, or any two ends in a peer's room.
    pub fn new(number: usize, conversation: &str, visitor: End, agent: End, plan: Plan) -> Self {
        let side = |n, end: End| Side {
            highest: end.seq,
            end,
            conversation: conversation.to_owned(),
            number: n,
            pair: number,
            run: plan.run,
            dialect: plan.dialect,
            sender: Sender::default(),
            asked: false,
            repeat_at: None,
            out: String::new(),
        };
        let sides = [side(0, visitor), side(1, agent)];
        Self { number, sides, plan, tally: Tally::default(), incidents: Incidents::default(), last_news: Instant::now() }
    }

    /// Sends and receives until the time is over and everything sent has arrived, or until nothing arrives any more.
    pub async fn run(mut self) -> anyhow::Result<(Tally, Incidents)> {
        self.last_news = Instant::now();
        loop {
            let now = Instant::now();
            if now < self.plan.until {
                self.send(now);
            } else if self.sides.iter().all(|side| side.sender.is_settled()) || now.duration_since(self.last_news.max(self.plan.until)) > GRACE {
                break;
            }
            let wake = self.wake(now);
            for side in &mut self.sides {
                side.end.socket.flush().await?;
            }
            let [visitor, agent] = &mut self.sides;
            tokio::select! {
                read = visitor.end.socket.fill() => { read?; self.receive(0)?; }
                read = agent.end.socket.fill() => { read?; self.receive(1)?; }
                () = tokio::time::sleep_until(wake.into()) => {}
            }
        }
        for side in &self.sides {
            side.sender.finish(&mut self.tally);
        }
        Ok((self.tally, self.incidents))
    }

    /// When something has to be done even if nothing arrives.
    fn wake(&self, now: Instant) -> Instant {
        let end = if now < self.plan.until { self.plan.until } else { now + Duration::from_millis(100) };
        let room = |n: usize| self.sides[n].sender.in_flight() < self.plan.in_flight;
        let due = self.plan.pace.iter().flat_map(|pace| pace.iter().enumerate()).filter(|(n, _)| room(*n)).map(|(_, pace)| pace.next());
        let repeats = self.sides.iter().filter_map(|side| side.repeat_at);
        due.chain(repeats).fold(end, Instant::min)
    }

    fn send(&mut self, now: Instant) {
        for (n, side) in self.sides.iter_mut().enumerate() {
            match side.repeat_at {
                Some(at) if at > now => continue,
                Some(_) => side.repeat(),
                None => {}
            }
            let mut waiting = 0;
            while side.sender.in_flight() < self.plan.in_flight {
                let due = match &mut self.plan.pace {
                    None => now,
                    Some(pace) => match pace[n].take(now) {
                        Some(due) => due,
                        None => break,
                    },
                };
                let number = side.sender.send(due);
                side.write(number);
                waiting += 1;
                if waiting % side.per_message() == 0 {
                    side.queue();
                }
            }
            side.queue();
        }
    }

    fn receive(&mut self, at: usize) -> anyhow::Result<()> {
        let (number, until, now, dialect) = (self.number, self.plan.until, Instant::now(), self.plan.dialect);
        let mut news = Vec::new();
        while let Some(message) = self.sides[at].end.socket.next()? {
            let Message::Text(range) = message else { bail!("the server closed a connection") };
            let side = &mut self.sides[at];
            let (mut ask, mut beat) = (false, None);
            for line in side.end.socket.text(range)?.lines() {
                match scan::frame(dialect, line) {
                    Frame::Ok(n) => news.push(News::Answer(n, true)),
                    Frame::No(Some(n)) => news.push(News::Answer(n, false)),
                    Frame::No(None) => bail!("the server ends a connection: {line}"),
                    Frame::Busy(ms) => {
                        self.incidents.busy += 1;
                        side.repeat_at = Some(now + Duration::from_millis(ms));
                    }
                    Frame::Entries(list) => {
                        side.asked &= line.starts_with(r#"{"t":"entries""#);
                        for entry in scan::entries(list) {
                            if !dialect.has_cursors() {
                                // Each is counted by its own mark, in whatever order it arrives.
                                news.extend(entry.mark.filter(|mark| mark.pair == number && mark.side != at).map(|mark| News::Arrived(mark.number)));
                                continue;
                            }
                            side.highest = side.highest.max(entry.seq);
                            if entry.seq <= side.end.seq {
                                self.incidents.redelivered += 1;
                            } else if entry.seq > side.end.seq + 1 {
                                self.incidents.skipped += 1;
                                ask = true;
                            } else {
                                side.end.seq = entry.seq;
                                if let Some(mark) = entry.mark.filter(|mark| mark.pair == number && mark.side != at) {
                                    news.push(News::Arrived(mark.number));
                                }
                            }
                        }
                        ask |= side.highest > side.end.seq;
                    }
                    Frame::Reset(seq) => {
                        self.incidents.resets += 1;
                        side.highest = side.highest.max(seq);
                        ask = true;
                    }
                    Frame::Beat(answer) => beat = Some(answer),
                    Frame::Other => {}
                }
            }
            if let Some(answer) = beat {
                side.end.socket.queue(answer);
            }
            if ask && !side.asked {
                side.asked = true;
                let (from, to) = (side.end.seq + 1, side.highest.min(side.end.seq + 500));
                let get = format!(r#"{{"t":"get","stream":"{}","from":{from},"to":{to}}}"#, side.conversation);
                side.end.socket.queue(&get);
            }
        }
        if !news.is_empty() {
            self.last_news = now;
        }
        for one in news {
            match one {
                News::Answer(n, accepted) => self.sides[at].sender.record_answer(n, accepted, now, until, &mut self.tally),
                News::Arrived(n) => self.sides[1 - at].sender.record_arrival(n, now, until, &mut self.tally),
            }
        }
        Ok(())
    }
}

impl Side {
    /// Adds a send to the next socket message. The text and the id follow from the number, so that a repeat is identical.
    fn write(&mut self, number: usize) {
        let Self { pair, number: side, run, dialect, conversation, out, .. } = self;
        // The rest of the id distinguishes the pairs in a shared conversation and the loads on one server.
        let id = format!("{pair:08x}-{side:04x}-4{:03x}-8000-{number:012x}", *run & 0xFFF);
        dialect.write(out, conversation, number, &id, &format!("#{pair}.{side}.{number} {WORDS}"));
        out.push('\n');
    }

    /// The number of sends per socket message.
    const fn per_message(&self) -> usize {
        if self.dialect.takes_lines() { PER_MESSAGE } else { 1 }
    }

    /// Repeats everything that is unanswered, oldest first.
    fn repeat(&mut self) {
        self.repeat_at = None;
        let numbers: Vec<usize> = self.sender.unanswered_numbers().collect();
        for chunk in numbers.chunks(self.per_message()) {
            for number in chunk {
                self.write(*number);
            }
            self.queue();
        }
    }

    fn queue(&mut self) {
        if !self.out.is_empty() {
            self.end.socket.queue(self.out.trim_end());
            self.out.clear();
        }
    }
}
