//! `yingda-bench resume`: very many connections with one cursor each come back and get exactly what they missed.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::{
    crowd::{self, AT_ONCE, Person},
    follower, hello,
    http::Http,
    percentile::exact_ms,
    procfs,
    random::Random,
    report::{self, round},
    server::{Common, Engine, Server},
    socket::Socket,
};

/// The most missed entries that the server sends; for more it sends a reset.
const MOST_MISSED: u64 = 500;
/// Asking for a person makes two entries, and ending makes one; the texts are in between.
const AROUND: usize = 3;
/// The text that is missed, about as long as people's messages are.
const WORDS: &str = "您好，我想问一下这个套餐的流量用完以后怎么收费，可以中途换成更大的吗？";
/// How long a connection may take, and how long it waits for more than it missed.
const RESUME_WITHIN: Duration = Duration::from_secs(120);
const LATE: Duration = Duration::from_secs(1);
/// A client that is told when to come back adds a random part of that time: at most one in this many.
const LATER_SPREAD: u32 = 10;
/// The beginning of a frame that ends a connection.
const ENDS: &str = r#"{"t":"no","#;

/// Checks that very many connections get exactly what they missed.
#[derive(Debug, clap::Args)]
pub struct Resume {
    /// How many connections; each follows the conversation of a different visitor.
    #[arg(long, default_value_t = 1000)]
    connections: usize,
    /// The number of entries that each of them missed.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u64).range(AROUND as u64..=MOST_MISSED))]
    missed: u64,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Serialize)]
struct Result {
    connections: usize,
    missed: usize,
    exact: usize,
    wrong: usize,
    /// Connections that ended early and were made again.
    ended: usize,
    /// Connections that were told when to come back, and came back then.
    retried: usize,
    resume_ms: f64,
    resume_p50_ms: f64,
    resume_p99_ms: f64,
    entries_per_s: f64,
    server_cpu_us_per_connection: f64,
    server_cpu_us_per_entry: f64,
    server_rss_bytes: u64,
    fsync_p99_ms: f64,
    load_before: f64,
}

/// A client that was connected and left.
struct Absent {
    person: Person,
    cursor: i64,
    generation: Value,
}

/// What a client was sent after it came back, frame by frame.
struct Resumed {
    n: usize,
    cursor: i64,
    frames: Vec<String>,
    took: Option<Duration>,
    ended: usize,
    retried: usize,
}

/// How a connection ended before it had brought everything.
enum Early {
    /// The server said when to come back.
    Told(Duration),
    /// It was ended, or could not be made.
    Ended,
}

impl Resume {
    /// Runs the measurement and prints the result.
    pub async fn run(self) -> anyhow::Result<()> {
        crowd::check(self.connections)?;
        let server = Server::start(&self.common, Engine::Sqlite, None).await?;
        let result = self.measure(&server).await;
        let log = server.last_of_log();
        server.stop().await?;
        let result = result.with_context(|| log)?;
        report::print(&result, self.common.json)?;
        if result.wrong > 0 {
            bail!("not every connection got exactly what it had missed");
        }
        Ok(())
    }

    async fn measure(&self, server: &Server) -> anyhow::Result<Result> {
        let (pid, to) = (server.running()?, server.address());
        let (http, missed) = (Http::new(to)?, self.missed as usize);
        let people = crowd::gather(&http, self.connections).await?;
        let leaving = stream::iter(people.into_iter().enumerate().map(|(n, person)| leave(to, n, person))).buffered(AT_ONCE);
        let absent: Vec<Absent> = leaving.try_collect().await?;
        let talks = absent.iter().enumerate().map(|(n, one)| crowd::post_course(&http, &one.person.who, talk(&one.person.conversation, n, missed)));
        let mut talking = stream::iter(talks).buffer_unordered(AT_ONCE);
        while talking.try_next().await?.is_some() {}
        drop(talking);
        let (cpu, begun) = (procfs::cpu(pid)?, Instant::now());
        let mut coming = JoinSet::new();
        for (n, one) in absent.into_iter().enumerate() {
            coming.spawn(come_back(to, n, one, missed, begun));
        }
        let (mut resumed, mut spent, mut there) = (Vec::new(), Duration::ZERO, 0);
        while let Some(done) = coming.join_next().await {
            resumed.push(done?);
            there += 1;
            if there == self.connections {
                spent = procfs::cpu(pid)?.saturating_sub(cpu);
            }
        }
        let rss = procfs::rss_bytes(pid)?;
        let times: Vec<Duration> = resumed.iter().filter_map(|one| one.took).collect();
        let exact = resumed.iter().filter(|one| is_exact(&one.frames, one.cursor, one.n, missed)).count();
        let all = exact_ms(&times, 1.0);
        Ok(Result {
            connections: self.connections,
            missed,
            exact,
            wrong: self.connections - exact,
            ended: resumed.iter().map(|one| one.ended).sum(),
            retried: resumed.iter().map(|one| one.retried).sum(),
            resume_ms: round(all),
            resume_p50_ms: round(exact_ms(&times, 0.5)),
            resume_p99_ms: round(exact_ms(&times, 0.99)),
            entries_per_s: round((self.connections * missed) as f64 / (all / 1000.0).max(0.001)),
            server_cpu_us_per_connection: round(spent.as_micros() as f64 / self.connections as f64),
            server_cpu_us_per_entry: round(spent.as_micros() as f64 / (self.connections * missed) as f64),
            server_rss_bytes: rss,
            fsync_p99_ms: server.disk.ms(0.99),
            load_before: server.load_before,
        })
    }
}

/// Connects, notes how far the conversation is, and leaves.
async fn leave(to: SocketAddr, n: usize, person: Person) -> anyhow::Result<Absent> {
    let hello = hello::hello(person.who.token(), &[(&person.conversation, None)]);
    let here = crowd::connect(to, n, &person.who, &hello, &[r#""t":"welcome""#, r#""t":"reset""#]).await?;
    Ok(Absent { person, cursor: crowd::reset_in(&here.seen)?, generation: here.generation })
}

/// What happens in a conversation in the meantime: its customer asks for a person, who is not there, says a few things, and ends it.
fn talk(conversation: &str, n: usize, missed: usize) -> Vec<Value> {
    let mut frames = vec![hello::send(conversation, client_id(n, 0), json!({"type": "request_human", "via": "button"}))];
    let said = missed - AROUND;
    frames.extend((1..=said).map(|k| hello::send(conversation, client_id(n, k), json!({"type": "text", "text": format!("#{n}.{k} {WORDS}")}))));
    frames.push(hello::send(conversation, client_id(n, said + 1), json!({"type": "end"})));
    frames
}

fn client_id(n: usize, k: usize) -> String {
    format!("{n:08x}-0000-4000-8000-{k:012x}")
}

/// Comes back with its cursor, as often as necessary, as clients do, and reads until it has as many entries as it missed, and a little longer: there may be too
/// many.
async fn come_back(to: SocketAddr, n: usize, absent: Absent, missed: usize, begun: Instant) -> Resumed {
    let mut resumed = Resumed { n, cursor: absent.cursor, frames: Vec::new(), took: None, ended: 0, retried: 0 };
    let mut random = Random::seeded(n as u64);
    let coming = async {
        let mut attempt = 0;
        loop {
            let wait = match connect(to, &absent, missed, &mut resumed).await {
                Ok(socket) => return socket,
                Err(Early::Told(after)) => {
                    resumed.retried += 1;
                    after + random.within(after / LATER_SPREAD)
                }
                Err(Early::Ended) => {
                    resumed.ended += 1;
                    attempt += 1;
                    follower::back_off(attempt, &mut random)
                }
            };
            tokio::time::sleep(wait).await;
        }
    };
    // Whatever went wrong shows in what is missing.
    let Ok(mut socket) = tokio::time::timeout(RESUME_WITHIN, coming).await else { return resumed };
    resumed.took = Some(begun.elapsed());
    let _ = tokio::time::timeout(LATE, async {
        while let Ok(Some(text)) = socket.receive().await {
            resumed.frames.extend(text.lines().map(str::to_owned));
        }
    })
    .await;
    resumed
}

/// Makes one connection, which continues where the last one ended; returns it open once everything has arrived.
async fn connect(to: SocketAddr, absent: &Absent, missed: usize, resumed: &mut Resumed) -> std::result::Result<Socket, Early> {
    let entries = |frames: &[String]| frames.iter().map(|line| line.matches(r#"{"seq":"#).count()).sum::<usize>();
    let mut seen = entries(&resumed.frames);
    let cursor = absent.cursor + seen as i64;
    let mut hello = hello::hello(absent.person.who.token(), &[(&absent.person.conversation, Some(cursor))]);
    hello["generation"] = absent.generation.clone();
    let mut socket = Socket::connect(to, Some(crowd::address(resumed.n)), "").await.map_err(|_| Early::Ended)?;
    socket.queue(&hello.to_string());
    while seen < missed {
        let text = socket.receive().await.ok().flatten().ok_or(Early::Ended)?;
        for line in text.lines() {
            if line.starts_with(ENDS) {
                let told = serde_json::from_str::<Value>(line).ok().and_then(|frame| frame["retry_ms"].as_u64());
                return Err(told.map_or(Early::Ended, |ms| Early::Told(Duration::from_millis(ms))));
            }
            resumed.frames.push(line.to_owned());
        }
        seen = entries(&resumed.frames);
    }
    Ok(socket)
}

/// Whether these frames bring exactly what was missed, in order, and nothing else from the conversation.
fn is_exact(frames: &[String], cursor: i64, n: usize, missed: usize) -> bool {
    let frames: Vec<Value> = frames.iter().filter_map(|line| serde_json::from_str(line).ok()).collect();
    if frames.iter().any(|frame| matches!(frame["t"].as_str(), Some("reset" | "gone" | "no"))) {
        return false;
    }
    let entries: Vec<&Value> = frames.iter().filter(|frame| frame["t"] == "entries").filter_map(|frame| frame["entries"].as_array()).flatten().collect();
    let numbers = entries.iter().map(|entry| entry["seq"].as_i64());
    let kinds = entries.iter().map(|entry| entry["kind"].as_str().unwrap_or_default());
    let said: Vec<&&Value> = entries.iter().filter(|entry| entry["kind"] == "message").collect();
    entries.len() == missed
        && numbers.eq((1..=missed as i64).map(|k| Some(cursor + k)))
        && kinds.filter(|kind| *kind != "message").eq(["human_requested", "queued", "resolved"])
        && said.iter().zip(1..).all(|(entry, k)| {
            entry["client_id"] == client_id(n, k) && entry["body"]["text"].as_str().is_some_and(|text| text.starts_with(&format!("#{n}.{k} ")))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What conversation 7 brings to a client that had two entries and missed five.
    fn frames() -> Vec<Value> {
        let words = |seq: i64, k: usize| json!({"seq": seq, "kind": "message", "client_id": client_id(7, k), "body": {"text": format!("#7.{k} x")}});
        let first = json!([{"seq": 3, "kind": "human_requested"}, {"seq": 4, "kind": "queued"}, words(5, 1)]);
        let rest = json!([words(6, 2), {"seq": 7, "kind": "resolved"}]);
        vec![json!({"t": "welcome"}), json!({"t": "entries", "entries": first}), json!({"t": "pong"}), json!({"t": "entries", "entries": rest})]
    }
    fn exact(frames: &[Value]) -> bool {
        is_exact(&frames.iter().map(Value::to_string).collect::<Vec<_>>(), 2, 7, 5)
    }

    #[test]
    fn exactly_what_was_missed_is_exact() {
        assert!(exact(&frames()));
        assert_eq!(talk("cnv_1", 7, 5).len(), 4);
    }

    #[test]
    fn less_more_other_or_unordered_is_wrong() {
        let mut wrong = vec![frames(); 5];
        wrong[0].pop();
        let again = wrong[1][3].clone();
        wrong[1].push(again);
        wrong[2].swap(1, 3);
        wrong[3][3]["entries"][0]["client_id"] = json!(client_id(8, 2));
        wrong[4].push(json!({"t": "reset"}));
        for frames in wrong {
            assert!(!exact(&frames), "{frames:?}");
        }
    }
}
