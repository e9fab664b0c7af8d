//! The abusers: each kind repeats its attack on connections of its own until the run is over.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};

use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
    sync::watch,
    task::JoinSet,
};

use super::ending::{self, Ending, OPEN};
use crate::{
    crowd::{self, Person},
    hello,
    random::Random,
    socket::{Socket, raw_frame},
};

/// The address that abusers connect from.
const SOURCE: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 6, 6));
/// The largest message that the server accepts, in bytes.
const FRAME: usize = 256 * 1024;
/// The longest text that the server accepts, in bytes.
const TEXT: usize = 32 * 1024;
const MEGABYTE: usize = 1024 * 1024;
const HEADERS: usize = 10_000;
/// Abusers of one kind that run at the same time, and the pause of each after its connection has ended.
const LANES: usize = 2;
const PAUSE: Duration = Duration::from_millis(100);
/// How often a slow abuser reads or sends a byte.
const BYTE_EVERY: Duration = Duration::from_secs(1);
/// The receive buffer of a slow reader, in bytes.
const NARROW: u32 = 4 * 1024;
/// The largest request body that the server accepts, in bytes.
const BODY: usize = 256 * 1024;
/// The number of connections that the server allows one visitor.
pub const PER_VISITOR: usize = 20;
/// How long the first attack of a lane may wait for its answer after the run is over: on a busy machine, abusers may get nothing done for seconds.
const PATIENCE: Duration = Duration::from_secs(60);
/// The lowest priority, as a `nice` value.
const LOWEST_PRIORITY: i32 = 19;
const FINAL_TEXT: u8 = 0x81;
const FINAL_BINARY: u8 = 0x82;
const FIRST_PART: u8 = 0x01;
const NEXT_PART: u8 = 0x00;

/// A kind of abuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum Kind {
    /// A text that is one byte larger than a frame may be.
    Oversize,
    /// A frame that claims to be a gigabyte long.
    Endless,
    /// Half a JSON object.
    Malformed,
    /// A binary frame.
    Binary,
    /// A message in fragments, of which the last never arrives.
    Fragments,
    /// The same with empty fragments.
    EmptyFragments,
    /// Empty messages, as fast as they can be written.
    EmptyMessages,
    /// Sends as fast as they can be written.
    SendFlood,
    /// Pings as fast as they can be written.
    PingFlood,
    /// A frame of an unknown type.
    Unknown,
    /// A megabyte of nested markup as one text frame.
    MarkupFrame,
    /// The same in a POST request.
    MarkupPost,
    /// As much nested markup as a text may hold, in a POST request: the server stores it, and the bot reads it.
    MarkupText,
    /// A request with ten thousand headers.
    Headers,
    /// A request whose body stops one byte short of its end.
    HalfBody,
    /// Asks for a great deal of data and reads one byte a second.
    SlowReader,
    /// Sends a request's header at one byte a second.
    SlowHeader,
}

impl Kind {
    /// The kinds that are repeated for as long as the run lasts.
    pub const QUICK: [Self; 15] = [
        Self::Oversize,
        Self::Endless,
        Self::Malformed,
        Self::Binary,
        Self::Fragments,
        Self::EmptyFragments,
        Self::EmptyMessages,
        Self::SendFlood,
        Self::PingFlood,
        Self::Unknown,
        Self::MarkupFrame,
        Self::MarkupPost,
        Self::MarkupText,
        Self::Headers,
        Self::HalfBody,
    ];

    /// The name in results and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Oversize => "oversize",
            Self::Endless => "endless",
            Self::Malformed => "malformed",
            Self::Binary => "binary",
            Self::Fragments => "fragments",
            Self::EmptyFragments => "empty_fragments",
            Self::EmptyMessages => "empty_messages",
            Self::SendFlood => "send_flood",
            Self::PingFlood => "ping_flood",
            Self::Unknown => "unknown",
            Self::MarkupFrame => "markup_frame",
            Self::MarkupPost => "markup_post",
            Self::MarkupText => "markup_text",
            Self::Headers => "headers",
            Self::HalfBody => "half_body",
            Self::SlowReader => "slow_reader",
            Self::SlowHeader => "slow_header",
        }
    }

    /// Whether the server answers as soon as it has read the attack, without waiting for a timeout.
    const fn is_answered_at_once(self) -> bool {
        matches!(
            self,
            Self::Oversize | Self::Malformed | Self::Binary | Self::Unknown | Self::MarkupFrame | Self::MarkupPost | Self::MarkupText | Self::Headers
        )
    }
}

/// How connections ended: the number of each kind with each code.
pub type Endings = BTreeMap<(Kind, String), u64>;

/// The abusers of a run.
#[derive(Debug, Clone)]
pub struct Crew {
    /// The server's address.
    pub to: SocketAddr,
    /// The kinds of abuse to run; empty means all.
    pub only: Vec<Kind>,
    /// A visitor for each kind that is repeated.
    pub people: Vec<Person>,
    /// Visitors with long conversations, for the slow readers.
    pub rich: Vec<Person>,
    /// The number of slow connections, half of them readers.
    pub slow: usize,
}

impl Crew {
    /// Runs the abuse until it is over, and returns how the connections ended. It lowers the priority of its thread, so it needs one of its own.
    pub async fn run(self, over: watch::Receiver<bool>) -> Endings {
        // Real abusers have processors of their own; here they get what the others leave.
        if let Err(error) = rustix::process::setpriority_process(None, LOWEST_PRIORITY) {
            eprintln!("the abusers keep their priority: {error}");
        }
        let wanted = |kind: &Kind| self.only.is_empty() || self.only.contains(kind);
        let mut lanes = JoinSet::new();
        for (kind, person) in Kind::QUICK.into_iter().zip(&self.people).filter(|(kind, _)| wanted(kind)) {
            for _ in 0..LANES {
                lanes.spawn(again_and_again(kind, self.to, person.clone(), over.clone()));
            }
        }
        for n in 0..self.slow {
            let reader = self.rich.get(n / 2 / PER_VISITOR).filter(|_| n % 2 == 0).cloned();
            let kind = if reader.is_some() { Kind::SlowReader } else { Kind::SlowHeader };
            if wanted(&kind) {
                lanes.spawn(slow(kind, reader, self.to, over.clone()));
            }
        }
        let mut all = Endings::new();
        while let Some(done) = lanes.join_next().await {
            for (ending, n) in done.unwrap_or_default() {
                *all.entry(ending).or_default() += n;
            }
        }
        all
    }
}

async fn again_and_again(kind: Kind, to: SocketAddr, person: Person, mut over: watch::Receiver<bool>) -> Endings {
    let mut endings = Endings::new();
    let mut patience = if kind.is_answered_at_once() { PATIENCE } else { Duration::ZERO };
    loop {
        let late = async {
            let _ = over.changed().await;
            tokio::time::sleep(patience).await;
        };
        let code = tokio::select! {
            code = attack(kind, to, &person) => code,
            () = late => OPEN.to_owned(),
        };
        *endings.entry((kind, code)).or_default() += 1;
        if is_over(&over) {
            return endings;
        }
        patience = Duration::ZERO;
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            _ = over.changed() => return endings,
        }
    }
}

/// Whether the run is over: it was declared over, or nobody is left who could declare it.
fn is_over(over: &watch::Receiver<bool>) -> bool {
    *over.borrow() || over.has_changed().is_err()
}

async fn slow(kind: Kind, reader: Option<Person>, to: SocketAddr, mut over: watch::Receiver<bool>) -> Endings {
    let working = async {
        match &reader {
            Some(person) => slow_reader(to, person).await,
            None => slow_header(to).await,
        }
    };
    let code = tokio::select! {
        code = working => code.unwrap_or_else(failure_code),
        _ = over.changed() => OPEN.to_owned(),
    };
    Endings::from([((kind, code), 1)])
}

/// Holds one connection until the server ends it, and returns why it did.
async fn attack(kind: Kind, to: SocketAddr, person: &Person) -> String {
    let done = match kind {
        Kind::MarkupPost => post(to, &send(person, &markup(MEGABYTE))).await,
        Kind::MarkupText => post(to, &send(person, &markup(TEXT))).await,
        Kind::Headers => {
            let headers: String = (0..HEADERS).map(|n| format!("X-H{n}: {n}\r\n")).collect();
            request(to, format!("GET / HTTP/1.1\r\nHost: {to}\r\n{headers}\r\n").as_bytes()).await
        }
        Kind::HalfBody => {
            let head = format!("POST /api/v1/widget/sessions HTTP/1.1\r\nHost: {to}\r\nContent-Type: application/json\r\nContent-Length: {BODY}\r\n\r\n");
            request(to, &[head.as_bytes(), &vec![b' '; BODY - 1]].concat()).await
        }
        _ => on_socket(kind, to, person).await,
    };
    done.unwrap_or_else(failure_code)
}

/// The code of a connection that could not be made, or that broke before anything was done on it.
fn failure_code(_: anyhow::Error) -> String {
    "refused".to_owned()
}

fn markup(bytes: usize) -> String {
    "<b>".repeat(bytes / 3)
}

fn send(person: &Person, text: &str) -> String {
    // The body of a POST request.
    let frame =
        hello::send(&person.conversation, Random::new().map_or_else(|_| uuid::Uuid::nil(), |mut random| random.uuid()), json!({"type": "text", "text": text}));
    json!({"token": person.who.token(), "frames": [frame]}).to_string()
}

async fn connect(to: SocketAddr) -> anyhow::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::new(SOURCE, 0))?;
    let stream = socket.connect(to).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

async fn post(to: SocketAddr, body: &str) -> anyhow::Result<String> {
    let head =
        format!("POST /rt/send HTTP/1.1\r\nHost: {to}\r\nOrigin: http://{to}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len());
    request(to, format!("{head}{body}").as_bytes()).await
}

/// Writes a request, as much of it as the server accepts, and reads the status that comes back.
async fn request(to: SocketAddr, bytes: &[u8]) -> anyhow::Result<String> {
    let (mut reader, mut writer) = connect(to).await?.into_split();
    let writing = async {
        let _ = writer.write_all(bytes).await;
        std::future::pending::<()>().await;
    };
    tokio::select! {
        code = answer(&mut reader) => Ok(code),
        () = writing => Ok(OPEN.to_owned()),
    }
}

async fn answer(reader: &mut (impl tokio::io::AsyncRead + Unpin)) -> String {
    let mut read = Vec::new();
    loop {
        match reader.read_buf(&mut read).await {
            Ok(0) => return "ended".to_owned(),
            Err(_) => return "reset".to_owned(),
            Ok(_) => {}
        }
        if let Some(code) = ending::status(&read) {
            return code;
        }
    }
}

/// Attacks on a WebSocket after the server has sent its welcome.
async fn on_socket(kind: Kind, to: SocketAddr, person: &Person) -> anyhow::Result<String> {
    let mut socket = Socket::upgrade(connect(to).await?, to, "/ws", "").await?;
    socket.queue(&hello::hello(person.who.token(), &[(&person.conversation, None)]).to_string());
    while !socket.receive().await?.is_some_and(|text| text.contains(r#""t":"welcome""#)) {}
    let (mut reader, mut writer) = socket.into_stream().into_split();
    let writing = async {
        let (first, more) = harm(kind, person);
        let mut open = writer.write_all(&first).await.is_ok();
        while open && !more.is_empty() {
            open = writer.write_all(&more).await.is_ok();
        }
        // Whatever became of the writing, the reader finds out why it ended.
        std::future::pending::<()>().await;
    };
    let reading = async {
        let (mut ending, mut buffer) = (Ending::default(), [0; 4096]);
        loop {
            match reader.read(&mut buffer).await {
                Ok(0) => return ending.code(false),
                Err(_) => return ending.code(true),
                Ok(n) => ending.take(&buffer[..n]),
            }
        }
    };
    tokio::select! {
        code = reading => Ok(code),
        () = writing => Ok(OPEN.to_owned()),
    }
}

/// The bytes to write first, and those to repeat after them.
fn harm(kind: Kind, person: &Person) -> (Vec<u8>, Vec<u8>) {
    let one = |first: u8, body: &[u8]| {
        let mut out = Vec::new();
        raw_frame(&mut out, first, body);
        out
    };
    let text = |words: &str| one(FINAL_TEXT, words.as_bytes());
    let say = || hello::send(&person.conversation, uuid::Uuid::nil(), json!({"type": "text", "text": "x"})).to_string();
    match kind {
        Kind::Oversize => (one(FINAL_TEXT, &vec![b' '; FRAME + 1]), Vec::new()),
        Kind::Endless => {
            let length = (1_u64 << 30).to_be_bytes();
            ([&[FINAL_TEXT, 0x80 | 127], &length[..], &[0; 4]].concat(), vec![b' '; FRAME])
        }
        Kind::Malformed => (text(r#"{"t":"send","conversation":"#), Vec::new()),
        Kind::Binary => (one(FINAL_BINARY, &[0; 1024]), Vec::new()),
        Kind::Fragments => (one(FIRST_PART, &[b' '; 1024]), one(NEXT_PART, &[b' '; 1024])),
        Kind::EmptyFragments => (one(FIRST_PART, b""), one(NEXT_PART, b"").repeat(512)),
        Kind::EmptyMessages => (Vec::new(), text("").repeat(512)),
        Kind::SendFlood => (Vec::new(), text(&say()).repeat(64)),
        Kind::PingFlood => (Vec::new(), text(r#"{"t":"ping"}"#).repeat(64)),
        Kind::MarkupFrame => (text(&markup(MEGABYTE)), Vec::new()),
        _ => (text(r#"{"t":"reboot","now":true}"#), Vec::new()),
    }
}

/// Asks for all of a long conversation and reads one byte of it a second.
async fn slow_reader(to: SocketAddr, person: &Person) -> anyhow::Result<String> {
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(NARROW)?;
    socket.bind(SocketAddr::new(SOURCE, 0))?;
    let mut socket = Socket::upgrade(socket.connect(to).await?, to, "/ws", "").await?;
    socket.queue(&hello::hello(person.who.token(), &[(&person.conversation, Some(0))]).to_string());
    socket.flush().await?;
    let mut stream = socket.into_stream();
    let (mut tick, mut byte) = (tokio::time::interval(BYTE_EVERY), [0; 1]);
    loop {
        tick.tick().await;
        match stream.read(&mut byte).await {
            Ok(0) => return Ok("ended".to_owned()),
            Err(_) => return Ok("reset".to_owned()),
            Ok(_) => {}
        }
    }
}

/// Begins a request and never finishes it.
async fn slow_header(to: SocketAddr) -> anyhow::Result<String> {
    let (mut reader, mut writer) = connect(to).await?.into_split();
    let writing = async {
        let mut tick = tokio::time::interval(BYTE_EVERY);
        for byte in b"GET / HTTP/1.1\r\nX-Slow: ".iter().chain(std::iter::repeat(&b'a')) {
            tick.tick().await;
            if writer.write_all(&[*byte]).await.is_err() {
                break;
            }
        }
        std::future::pending::<()>().await;
    };
    tokio::select! {
        code = answer(&mut reader) => Ok(code),
        () = writing => Ok(OPEN.to_owned()),
    }
}

/// Creates visitors for the crew: one for each repeated kind, and some with a long conversation.
pub async fn recruit(http: &crate::http::Http, slow: usize) -> anyhow::Result<(Vec<Person>, Vec<Person>)> {
    /// The number of texts of the greatest length in such a conversation, and how many of them are posted at once: a request body has a limit.
    const LONG: usize = 40;
    const AT_ONCE: usize = 6;
    let people = crowd::gather(http, Kind::QUICK.len()).await?;
    let rich = crowd::gather(http, slow.div_ceil(2).div_ceil(PER_VISITOR)).await?;
    let mut random = Random::new()?;
    for person in &rich {
        let mut frame = |body| hello::send(&person.conversation, random.uuid(), body);
        let mut frames = vec![frame(json!({"type": "request_human", "via": "button"}))];
        frames.extend((0..LONG).map(|_| frame(json!({"type": "text", "text": "x".repeat(TEXT)}))));
        frames.push(frame(json!({"type": "end"})));
        for some in frames.chunks(AT_ONCE) {
            crowd::post(http, &person.who, some.to_vec()).await?;
        }
    }
    Ok((people, rich))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{http::Identity, socket};

    fn person() -> Person {
        Person { who: Identity::Visitor("t".into()), stream: "vst_1".into(), conversation: "cnv_1".into() }
    }

    /// The frame as the server would see it: without the mask, which is zero.
    fn seen(mut frame: Vec<u8>) -> Vec<u8> {
        frame[1] &= 0x7F;
        let header = match frame[1] {
            127 => 10,
            126 => 4,
            _ => 2,
        };
        frame.drain(header..header + 4);
        frame
    }

    #[test]
    fn an_oversize_frame_is_one_byte_too_long_and_an_endless_one_never_ends() {
        let (first, more) = harm(Kind::Oversize, &person());
        assert_eq!(socket::parse(&seen(first), 0).unwrap().unwrap().1.len(), FRAME + 1);
        assert!(more.is_empty());
        let (first, more) = harm(Kind::Endless, &person());
        assert!(!more.is_empty() && socket::parse(&seen(first), 0).unwrap().is_none());
    }

    #[test]
    fn parts_are_never_the_last_and_floods_never_end() {
        for kind in [Kind::Fragments, Kind::EmptyFragments] {
            let (first, more) = harm(kind, &person());
            assert_eq!((first[0], more[0]), (FIRST_PART, NEXT_PART));
        }
        for kind in [Kind::SendFlood, Kind::PingFlood] {
            assert!(!harm(kind, &person()).1.is_empty());
        }
    }

    #[test]
    fn markup_is_as_long_as_it_says_and_every_kind_has_its_name() {
        assert!((TEXT - 3..=TEXT).contains(&markup(TEXT).len()));
        use clap::ValueEnum as _;
        assert_eq!(Kind::value_variants().len(), Kind::QUICK.len() + 2);
        assert!(Kind::value_variants().iter().all(|kind| kind.to_possible_value().is_some_and(|value| value.get_name() == kind.name())));
    }
}
