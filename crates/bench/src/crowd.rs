//! Many visitors, each with a conversation of its own, and the addresses they come from.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};

use anyhow::{Context as _, bail};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::{Value, json};

use crate::{
    hello,
    http::{Http, Identity},
    procfs,
    random::{Random, new_conversation},
    socket::Socket,
};

/// The number of things that are done concurrently during preparation.
pub const AT_ONCE: usize = 64;
/// Connections per source address: far fewer than the ports that the kernel offers for one address, so that a free one is found at once.
const PER_ADDRESS: usize = 5_000;
/// Files that are open besides the connections.
const OTHER_FILES: usize = 400;
/// Frames in one POST request.
const FRAMES: usize = 64;
/// How often the same frames are posted before this gives up.
const TRIES: usize = 100;

/// A visitor with a conversation that has begun.
#[derive(Debug, Clone)]
pub struct Person {
    /// The visitor's identity.
    pub who: Identity,
    /// The visitor's own stream.
    pub stream: String,
    /// The conversation's name.
    pub conversation: String,
}

/// The source address of the `n`th connection.
pub fn address(n: usize) -> IpAddr {
    let n = n / PER_ADDRESS;
    IpAddr::V4(Ipv4Addr::new(127, 0, (n / 250) as u8, (2 + n % 250) as u8))
}

/// Checks that this process, and the server, which has the same limit, may open this many connections.
pub fn check(connections: usize) -> anyhow::Result<()> {
    let limit = procfs::open_files_limit() as usize;
    if connections == 0 {
        bail!("--connections is at least 1");
    }
    if connections + OTHER_FILES > limit {
        bail!("--connections {connections}: a process may open {limit} files here; take fewer, or raise the hard limit of open files (`ulimit -Hn`)");
    }
    Ok(())
}

/// Creates this many visitors. In each conversation a product card was shown, which nobody has to answer.
pub async fn gather(http: &Http, number: usize) -> anyhow::Result<Vec<Person>> {
    let mut random = Random::new()?;
    let people = stream::iter((0..number).map(|_| person(http.clone(), Random::seeded(random.bits()))));
    people.buffer_unordered(AT_ONCE).try_collect().await
}

async fn person(http: Http, mut random: Random) -> anyhow::Result<Person> {
    let session = http.visitor().await?;
    let (who, conversation) = (session.identity(), new_conversation());
    let card = hello::open(&conversation, random.uuid(), json!({"type": "product", "product": "g-001"}));
    post(&http, &who, vec![card]).await?;
    Ok(Person { who, stream: session.visitor, conversation })
}

/// Posts frames in order, repeats those that were answered with `busy`, and returns the number that each was stored under.
pub async fn post(http: &Http, who: &Identity, mut frames: Vec<Value>) -> anyhow::Result<Vec<i64>> {
    let mut stored = Vec::with_capacity(frames.len());
    if frames.is_empty() {
        return Ok(stored);
    }
    for _ in 0..TRIES + frames.len() / FRAMES {
        let answers = http.send(who, &frames[..frames.len().min(FRAMES)]).await?;
        let mut wait = None;
        for answer in &answers {
            match (answer["t"].as_str(), answer["seq"].as_i64()) {
                (Some("ok"), Some(seq)) if wait.is_none() => stored.push(seq),
                // The frames after a `busy` are repeated with it; those that were already stored are only answered again.
                (Some("ok" | "busy"), _) => wait = wait.or(Some(answer["retry_ms"].as_u64().unwrap_or(500))),
                _ => bail!("a frame was refused: {answer}"),
            }
        }
        let done = answers.iter().position(|answer| answer["t"] == "busy").unwrap_or(answers.len());
        frames.drain(..done);
        if frames.is_empty() {
            return Ok(stored);
        }
        if let Some(ms) = wait {
            tokio::time::sleep(Duration::from_millis(ms)).await;
        }
    }
    bail!("the server was busy {TRIES} times")
}

/// Posts a sequence of events: the first frame alone, after which the server knows the conversation's state and can take texts as data.
pub async fn post_course(http: &Http, who: &Identity, mut frames: Vec<Value>) -> anyhow::Result<()> {
    let rest = frames.split_off(1.min(frames.len()));
    post(http, who, frames).await?;
    post(http, who, rest).await.map(drop)
}

/// A connection that the server has welcomed.
pub struct Welcomed {
    /// The socket.
    pub socket: Socket,
    /// What came with the welcome, one frame a line.
    pub seen: String,
    /// The generation of the history.
    pub generation: Value,
}

/// Connects as the `n`th, sends the hello and reads until all of these words have been seen.
pub async fn connect(to: SocketAddr, n: usize, who: &Identity, hello: &Value, words: &[&str]) -> anyhow::Result<Welcomed> {
    let mut socket = Socket::connect(to, Some(address(n)), &who.headers()).await?;
    socket.queue(&hello.to_string());
    let mut seen = String::new();
    while !words.iter().all(|word| seen.contains(word)) {
        seen += &socket.receive().await?.with_context(|| format!("the server closed a connection after {seen:?}"))?;
        seen.push('\n');
    }
    let welcome = seen.lines().find(|line| line.contains(r#""t":"welcome""#)).context("there was no welcome")?;
    let generation = serde_json::from_str::<Value>(welcome)?["generation"].take();
    Ok(Welcomed { socket, seen, generation })
}

/// The number in the reset among these lines.
pub fn reset_in(seen: &str) -> anyhow::Result<i64> {
    let reset = seen.lines().find(|line| line.contains(r#""t":"reset""#)).context("there was no reset")?;
    serde_json::from_str::<Value>(reset)?["seq"].as_i64().context("a reset without a number")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_are_spread_over_addresses_of_this_machine() {
        let of = |n| address(n).to_string();
        assert_eq!([of(0), of(4_999), of(5_000), of(14_999)], ["127.0.0.2", "127.0.0.2", "127.0.0.3", "127.0.0.4"]);
        assert!(address(2_000_000).is_loopback());
    }

    #[test]
    fn more_connections_than_files_are_refused_with_the_number() {
        assert!(check(1).is_ok());
        let refused = check(usize::MAX / 2).unwrap_err().to_string();
        assert!(refused.contains("--connections") && refused.contains("ulimit"), "{refused}");
        assert!(check(0).is_err());
    }

    #[test]
    fn the_reset_among_other_frames_is_found() {
        let seen = "{\"t\":\"welcome\"}\n{\"t\":\"reset\",\"stream\":\"cnv_1\",\"seq\":7,\"entries\":[{\"seq\":7}]}\n";
        assert_eq!(reset_in(seen).unwrap(), 7);
        assert!(reset_in("{\"t\":\"welcome\"}").is_err());
    }
}
