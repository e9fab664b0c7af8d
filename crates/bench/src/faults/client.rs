//! A client in one conversation: the state machine of the protocol ([`ClientConnection`]), the JSON around it, and a log of what it did.

use std::time::{Duration, Instant};

use domain::{stream::StreamName, time::Ts};
use serde_json::{Value, json};
use uuid::Uuid;

use super::history::{Answer, ClientLog, Seen, Step, View};
use crate::{
    client_connection::{ClientConnection, Frame, Hello, Input, Memory, Numbered, Output, Sent, Transport},
    hello,
    http::Identity,
    random::Random,
};

/// The most unanswered sends that a client accumulates while the server is away.
const MOST_PENDING: usize = 8;
/// How long a client waits after a `busy` that does not say how long.
const RETRY_MS: i64 = 500;
/// The interval between beats, if the server does not specify it.
const BEAT_MS: i64 = 25_000;

/// What happened to a client.
pub type Heard = Input<Seen, Value>;

impl Numbered for Seen {
    fn seq(&self) -> i64 {
        self.seq
    }
}

/// What has to be done for a client.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Opens a link; this is its first frame, or its request.
    Connect(Transport, Value),
    /// Drops the link and the pending POST beside it.
    Drop,
    /// Writes this frame.
    Write(Value),
    /// Posts these frames.
    Post(Vec<Value>),
}

/// A client in one conversation.
pub struct Client {
    /// What the client did.
    pub log: ClientLog,
    /// The client's identity.
    pub who: Identity,
    stream: String,
    machine: ClientConnection<Value>,
    begun: Instant,
}

impl Client {
    /// A client without state.
    pub fn new(name: String, conversation: usize, view: View, who: Identity, stream: String) -> Self {
        let machine = ClientConnection::new(nothing(&stream), vec![Transport::Socket], true, Ts(0));
        Self { log: ClientLog::new(name, conversation, view), who, stream, machine, begun: Instant::now() }
    }

    /// Begins, with these transports in this order of preference.
    pub fn begin(&mut self, transports: Vec<Transport>, now: Instant) {
        self.begun = now;
        self.machine = ClientConnection::new(nothing(&self.stream), transports, true, Ts(0));
    }

    /// The latest time for the next step.
    pub fn due(&self) -> Instant {
        self.begun + Duration::from_millis(self.machine.due().0.max(0).unsigned_abs())
    }
    /// Whether everything has been answered.
    pub fn is_quiet(&self) -> bool {
        self.machine.unanswered_count() == 0
    }
    /// The last number applied; -1 without state.
    pub fn cursor(&self) -> i64 {
        self.machine.hello().cursors.first().and_then(|(_, cursor)| *cursor).unwrap_or(-1)
    }

    /// A new message, unless too many are already waiting.
    pub fn say(&mut self, random: &mut Random) -> Option<Heard> {
        if self.machine.unanswered_count() >= MOST_PENDING {
            return None;
        }
        let (client_id, conversation) = (random.uuid(), self.stream.parse().ok()?);
        let body = hello::send(&self.stream, client_id, json!({"type": "text", "text": format!("{client_id} 请问这个套餐怎么改？")}));
        self.log.sent.push(client_id);
        Some(Input::Say(Sent { client_id, conversation, body }))
    }

    /// Takes in what happened and returns what to do.
    pub fn step(&mut self, heard: Heard, random: &mut Random, now: Instant) -> Vec<Action> {
        let (cursor, entries) = (self.cursor(), entries(&heard));
        let known = entries.iter().filter(|seq| **seq <= cursor).count();
        let now = Ts(i64::try_from(now.saturating_duration_since(self.begun).as_millis()).unwrap_or(i64::MAX));
        let outputs = self.machine.step(now, random.bits(), heard);
        let applied = outputs.iter().filter(|output| matches!(output, Output::Apply(..))).count();
        self.log.redelivered += known as u64;
        self.log.skipped += entries.len().saturating_sub(known + applied) as u64;
        outputs.into_iter().filter_map(|output| self.carry_out(output)).collect()
    }

    fn carry_out(&mut self, output: Output<Seen, Value>) -> Option<Action> {
        match output {
            Output::Connect(transport, hello) => return Some(Action::Connect(transport, self.hello(&hello))),
            Output::Drop => return Some(Action::Drop),
            Output::Send(sent) => return Some(Action::Write(sent.body)),
            Output::Post(all) => return Some(Action::Post(all.into_iter().map(|sent| sent.body).collect())),
            Output::Ping => return Some(Action::Write(json!({"t": "ping"}))),
            Output::Get(stream, from, to) => return Some(Action::Write(json!({"t": "get", "stream": stream, "from": from, "to": to}))),
            Output::Apply(_, entry) => self.log.steps.push(Step::Entry(entry)),
            Output::Reset(_, seq, entries) => self.log.steps.push(Step::Reset(seq, entries)),
            Output::Answered(id, answer) => self.log.answers.push((id, answer.map_or_else(Answer::No, Answer::Ok))),
            Output::Gone(_) => {}
        }
        None
    }

    fn hello(&self, hello: &Hello) -> Value {
        let cursor = hello.cursors.first().and_then(|(_, cursor)| *cursor);
        let mut frame = hello::hello(self.who.token(), &[(&self.stream, cursor)]);
        if let Some(generation) = hello.generation {
            frame["generation"] = json!(generation);
        }
        frame
    }
}

fn nothing(stream: &str) -> Memory<Value> {
    Memory { generation: None, cursors: stream.parse().map(|stream| (stream, None)).into_iter().collect(), unsent: Vec::new() }
}

/// The numbers of the entries that arrived.
fn entries(heard: &Heard) -> Vec<i64> {
    match heard {
        Input::Frame(Frame::Entries(_, entries) | Frame::Page(_, entries)) => entries.iter().map(Numbered::seq).collect(),
        _ => Vec::new(),
    }
}

/// A frame as the client understands it.
pub fn read(frame: &Value) -> Frame<Seen> {
    understand(frame).unwrap_or(Frame::Life)
}

fn understand(frame: &Value) -> Option<Frame<Seen>> {
    let id = || frame["client_id"].as_str().and_then(|id| id.parse::<Uuid>().ok());
    let stream = || frame["stream"].as_str().and_then(|name| name.parse::<StreamName>().ok());
    let generation = || frame["generation"].as_str().and_then(|id| id.parse::<Uuid>().ok());
    let code = || frame["code"].as_str().unwrap_or_default().to_owned();
    let entries = || frame["entries"].as_array().into_iter().flatten().filter_map(Seen::read).collect();
    Some(match frame["t"].as_str()? {
        "welcome" => Frame::Welcome { generation: generation()?, beat_ms: frame["beat_ms"].as_i64().unwrap_or(BEAT_MS) },
        "ok" => Frame::Ok(id()?, frame["seq"].as_i64()?),
        "no" => match (id(), frame["retry_ms"].as_i64()) {
            (Some(id), _) => Frame::No(id, code()),
            (None, Some(ms)) => Frame::Later(ms),
            // A page that does not arrive is requested again.
            (None, None) if frame["stream"].is_string() => Frame::Life,
            (None, None) => Frame::Close(code()),
        },
        "busy" => Frame::Busy(id()?, frame["retry_ms"].as_i64().unwrap_or(RETRY_MS)),
        "entries" => Frame::Entries(stream()?, entries()),
        "page" => Frame::Page(stream()?, entries()),
        "reset" => Frame::Reset(stream()?, generation()?, frame["seq"].as_i64()?, entries()),
        "pong" => Frame::Pong,
        // Everybody here may read what they follow again as soon as the server says so: they come back and ask.
        "gone" => Frame::Close("gone".to_owned()),
        _ => Frame::Life,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "cnv_0192f3c1a2b37d4e8f00112233445566";
    const HISTORY: &str = "0192f3c1-a2b3-7d4e-8f00-112233445566";

    fn live() -> (Client, Random, Instant) {
        let (mut random, now) = (Random::seeded(3), Instant::now());
        let mut c = Client::new("c".into(), 0, View::Customer, Identity::Visitor("t".into()), NAME.into());
        c.begin(vec![Transport::Socket], now);
        let first = c.step(Input::Tick, &mut random, now);
        assert_eq!(first, [Action::Connect(Transport::Socket, json!({"t": "hello", "version": 1, "token": "t", "cursors": {NAME: null}}))]);
        take(&mut c, &mut random, now, &json!({"t": "welcome", "generation": HISTORY}));
        take(&mut c, &mut random, now, &json!({"t": "reset", "stream": NAME, "generation": HISTORY, "seq": 3, "entries": []}));
        (c, random, now)
    }
    fn take(c: &mut Client, random: &mut Random, now: Instant, frame: &Value) -> Vec<Action> {
        c.step(Input::Frame(read(frame)), random, now)
    }
    fn entries(seqs: &[i64]) -> Value {
        json!({"t": "entries", "stream": NAME, "entries": seqs.iter().map(|seq| json!({"seq": seq, "body": {}})).collect::<Vec<_>>()})
    }

    #[test]
    fn what_it_applies_drops_and_misses_is_logged() {
        let (mut c, mut random, now) = live();
        assert_eq!(take(&mut c, &mut random, now, &entries(&[3, 4])), []);
        let asked = take(&mut c, &mut random, now, &entries(&[6]));
        assert_eq!(asked, [Action::Write(json!({"t": "get", "stream": NAME, "from": 5, "to": 6}))]);
        let mut page = entries(&[5, 6]);
        page["t"] = json!("page");
        assert_eq!(take(&mut c, &mut random, now, &page), []);
        assert_eq!((c.cursor(), c.log.redelivered, c.log.skipped, c.log.steps.len()), (6, 1, 1, 4));
    }

    #[test]
    fn answers_are_logged_and_what_is_unsent_is_bounded() {
        let (mut c, mut random, now) = live();
        let mut written = Vec::new();
        while let Some(said) = c.say(&mut random) {
            written.extend(c.step(said, &mut random, now));
        }
        assert_eq!(written.len(), MOST_PENDING);
        let Action::Write(first) = &written[0] else { panic!("{written:?}") };
        take(&mut c, &mut random, now, &json!({"t": "ok", "client_id": first["client_id"], "seq": 9, "at": 1}));
        let Action::Write(second) = &written[1] else { panic!("{written:?}") };
        take(&mut c, &mut random, now, &json!({"t": "no", "client_id": second["client_id"], "code": "conversation_closed"}));
        assert_eq!(c.log.answers, [(c.log.sent[0], Answer::Ok(9)), (c.log.sent[1], Answer::No("conversation_closed".into()))]);
        assert!(!c.is_quiet() && c.due() > now);
    }

    #[test]
    fn who_is_sent_away_comes_back_with_what_it_has() {
        let (mut c, mut random, now) = live();
        assert_eq!(take(&mut c, &mut random, now, &json!({"t": "gone", "stream": NAME, "code": "no_access"}))[0], Action::Drop);
        let again = c.step(Input::Online, &mut random, now);
        let hello = json!({"t": "hello", "version": 1, "token": "t", "generation": HISTORY, "cursors": {NAME: 3}});
        assert_eq!(again.last(), Some(&Action::Connect(Transport::Socket, hello)));
    }
}
