//! `yingda-bench conformance`: checks that the server conforms to RFC 6455, frame by frame.
//!
//! The cases follow sections 1 to 7, 9.7 and 10 of the Autobahn test suite, in its numbering. That suite is about servers that echo everything; ours speaks a
//! protocol. So the cases send frames of that protocol and are judged by what the protocol lets the server answer: a valid frame is answered and leaves the
//! connection intact, an invalid one ends it with the right code and the right status.

mod cases;
mod line;

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context as _, bail};
use serde::Serialize;
use serde_json::json;

use crate::{
    crowd, hello,
    http::Http,
    random::{Random, new_conversation},
    server::{Common, Engine, Server},
};
use line::Line;

/// How long a case may take.
const CASE_WITHIN: Duration = Duration::from_secs(60);
/// Unanswered sends at a time while texts make round trips.
const IN_FLIGHT: usize = 32;

/// Checks that the server conforms to RFC 6455, frame by frame.
#[derive(Debug, clap::Args)]
pub struct Conformance {
    /// Only cases whose number begins like this, such as `7.9`.
    #[arg(long, value_name = "NUMBER", default_value = "")]
    only: String,
    /// The number of texts that make a round trip in each case of section 9.7.
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    round_trips: u64,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Serialize)]
struct Result {
    cases: usize,
    failed: usize,
}

/// A case: what to do, and what must come of it.
#[derive(Debug)]
struct Case {
    number: String,
    what: String,
    course: Course,
}

#[derive(Debug)]
enum Course {
    /// Each of these byte strings is written with a write of its own; then exactly these events must be heard, in this order.
    Frames { writes: Vec<Vec<u8>>, then: Vec<Heard> },
    /// Texts of this many bytes are sent repeatedly and come back.
    RoundTrips { bytes: usize },
}

/// What a server may answer, as far as a case asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Heard {
    /// The protocol's own ping was answered.
    Answer,
    /// A pong with this payload.
    Pong(Vec<u8>),
    /// A text that was sent came back as an entry.
    Words(String),
    /// A close frame came back, with this status.
    Goodbye(Option<u16>),
    /// The server ended the connection with this code of its protocol and this status.
    Refused(String, u16),
}

/// The visitor who sends the frames, and the conversation they go to.
struct Speaker {
    to: SocketAddr,
    token: String,
    conversation: String,
}

impl Conformance {
    /// Runs the cases and prints the failures.
    pub async fn run(self) -> anyhow::Result<()> {
        let conversation = new_conversation();
        let cases: Vec<Case> = cases::all(&conversation).into_iter().filter(|case| case.number.starts_with(&self.only)).collect();
        if cases.is_empty() {
            bail!("--only {}: no case has such a number", self.only);
        }
        let server = Server::start(&self.common, Engine::Sqlite, None).await?;
        let failures = self.judge(server.address(), conversation, &cases).await;
        let log = server.last_of_log();
        server.stop().await?;
        let failures = failures.with_context(|| log)?;
        if self.common.json {
            failures.iter().for_each(|line| eprintln!("{line}"));
            println!("{}", serde_json::to_string(&Result { cases: cases.len(), failed: failures.len() })?);
        } else {
            failures.iter().for_each(|line| println!("{line}"));
            println!("{} cases, {} failed", cases.len(), failures.len());
        }
        if !failures.is_empty() {
            bail!("{} of {} cases failed", failures.len(), cases.len());
        }
        Ok(())
    }

    /// The cases that failed, and why.
    async fn judge(&self, to: SocketAddr, conversation: String, cases: &[Case]) -> anyhow::Result<Vec<String>> {
        let http = Http::new(to)?;
        let visitor = http.visitor().await?;
        // The bot does not answer a customer who waits for a person.
        let waits = hello::open(&conversation, Random::new()?.uuid(), json!({"type": "request_human", "via": "button"}));
        crowd::post(&http, &visitor.identity(), vec![waits]).await?;
        let (speaker, mut failures) = (Speaker { to, token: visitor.token, conversation }, Vec::new());
        for case in cases {
            let done = tokio::time::timeout(CASE_WITHIN, self.play(&speaker, case)).await;
            let why = match done {
                Ok(Ok(())) => continue,
                Ok(Err(error)) => format!("{error:#}"),
                Err(_) => "nothing more came".to_owned(),
            };
            failures.push(format!("{} {}: {why}", case.number, case.what));
        }
        Ok(failures)
    }

    async fn play(&self, speaker: &Speaker, case: &Case) -> anyhow::Result<()> {
        let mut line = Line::open(speaker).await?;
        match &case.course {
            Course::Frames { writes, then } => {
                line.write(writes).await;
                for expected in then {
                    let heard = line.hear().await.with_context(|| format!("{expected:?} was expected"))?;
                    if heard != *expected {
                        bail!("{heard:?} came where {expected:?} was expected");
                    }
                }
                match then.last() {
                    Some(Heard::Goodbye(_) | Heard::Refused(..)) => line.is_over().await,
                    _ => line.is_whole().await,
                }
            }
            Course::RoundTrips { bytes } => round_trips(speaker, line, *bytes, self.round_trips as usize).await,
        }
    }
}

/// Sends texts, several at a time, and checks that they come back in order.
async fn round_trips(speaker: &Speaker, mut line: Line, bytes: usize, number: usize) -> anyhow::Result<()> {
    let mut random = Random::new()?;
    let texts: Vec<String> = (0..number).map(|n| format!("{n:x}").chars().cycle().take(bytes).collect()).collect();
    for some in texts.chunks(IN_FLIGHT) {
        let frames = some.iter().map(|text| line::text(&hello::send(&speaker.conversation, random.uuid(), json!({"type": "text", "text": text})).to_string()));
        line.write(&frames.collect::<Vec<_>>()).await;
        for text in some {
            let heard = line.hear().await?;
            if heard != Heard::Words(text.clone()) {
                bail!("{heard:?} came where {} bytes of words were expected", text.len());
            }
        }
    }
    line.is_whole().await
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::{TcpListener, TcpStream},
    };

    use super::*;

    /// Sends a reset as our server does, and closes normally whatever comes after the hello.
    async fn sloppy(mut stream: TcpStream) -> std::io::Result<()> {
        let mut heard = Vec::new();
        while !heard.ends_with(b"\r\n\r\n") {
            stream.read_buf(&mut heard).await?;
        }
        stream.write_all(b"HTTP/1.1 101 Switching Protocols\r\n\r\n").await?;
        let reset = br#"{"t":"reset","stream":"cnv_1","seq":0,"entries":[]}"#;
        stream.read_buf(&mut heard).await?;
        stream.write_all(&[&[0x81, reset.len() as u8], &reset[..]].concat()).await?;
        stream.read_buf(&mut heard).await?;
        stream.write_all(&[0x88, 2, 0x03, 0xE8]).await
    }

    #[tokio::test]
    async fn what_a_sloppy_server_does_wrong_is_named_and_the_rest_is_not() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let speaker = Speaker { to: listener.local_addr().unwrap(), token: "t".into(), conversation: "cnv_1".into() };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(sloppy(stream));
            }
        });
        let common = Common { server: None, json: false, limited: false, behind_proxy: false };
        let command = Conformance { only: String::new(), round_trips: 1, common };
        let cases = cases::all(&speaker.conversation);
        let mut told = Vec::new();
        for number in ["7.7.1", "7.9.2", "2.1", "2.7"] {
            let case = cases.iter().find(|case| case.number == number).unwrap();
            told.push(command.play(&speaker, case).await.map_err(|error| format!("{error:#}")));
        }
        let came = "Goodbye(Some(1000)) came";
        assert_eq!(told[0], Ok(()));
        assert_eq!(told[1], Err(format!(r#"{came} where Refused("bad_frame", 1002) was expected"#)));
        assert_eq!(told[2], Err(format!("{came} where Pong([]) was expected")));
        assert_eq!(told[3], Err(format!("{came}, which nobody had asked for")));
    }
}
