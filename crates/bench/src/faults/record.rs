//! Reads conversations from the record as a client that took no part in them.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail, ensure};
use serde_json::{Value, json};

use crate::{
    hello,
    http::Identity,
    socket::{NoUpgrade, Socket},
};

/// Why a reader did not get everything.
pub const CLOSED: &str = "the connection closed before the record was read";
/// The most entries in one answer to `get`.
const PAGE: i64 = 500;
/// A server that has just come back may be busy with clients that reconnect: a reader waits its turn as they do, for at most this long.
const BUSY_WITHIN: Duration = Duration::from_secs(15);
const ASK_AGAIN_EVERY: Duration = Duration::from_millis(500);
/// Passes over the record that keep finding something new are given up after this long. By then the server has long returned the conversations of agents who
/// have left: they are unreachable after half a minute.
const GIVE_UP_AFTER: Duration = Duration::from_secs(180);

/// The head of a conversation, as this reader sees it.
pub async fn head(to: SocketAddr, who: &Identity, conversation: &str) -> anyhow::Result<i64> {
    open(to, who, conversation).await.map(|(_, head)| head)
}

/// Reads everything in a conversation from this number on, page by page.
pub async fn read(to: SocketAddr, who: &Identity, conversation: &str, first: i64) -> anyhow::Result<Vec<Value>> {
    let (mut socket, head) = open(to, who, conversation).await?;
    let mut entries = Vec::new();
    for from in (first..=head).step_by(PAGE as usize) {
        let last = head.min(from + PAGE - 1);
        socket.queue(&json!({"t": "get", "stream": conversation, "from": from, "to": last}).to_string());
        // The answer comes in pieces; the last one says that it ends here.
        let mut at = from;
        while at <= last {
            let text = socket.receive().await?.context(CLOSED)?;
            for line in text.lines() {
                let mut frame: Value = serde_json::from_str(line)?;
                if frame["t"] == "page" {
                    at = frame["to"].as_i64().context("a page without its end")? + 1;
                    if let Value::Array(page) = frame["entries"].take() {
                        entries.extend(page);
                    }
                }
            }
        }
    }
    Ok(entries)
}

/// Reads a conversation from the beginning; `None` if a restored record does not know it, or does not know the reader.
pub async fn find(to: SocketAddr, who: &Identity, conversation: &str) -> anyhow::Result<Option<Vec<Value>>> {
    match read(to, who, conversation, 1).await {
        Err(error) if error.is::<Unknown>() => Ok(None),
        read => read.map(Some),
    }
}

/// What each reader sees in its conversation, all at the same moment. The server works on when the clients have left: it returns conversations and assigns them.
/// In a restored record some may be unknown; they are empty then.
pub async fn at_one_moment(to: SocketAddr, readers: &[(Identity, String)], may_be_unknown: bool) -> anyhow::Result<Vec<Vec<Value>>> {
    let read_on = move |n: usize, first: i64| async move {
        let (who, conversation) = &readers[n];
        match read(to, who, conversation, first).await {
            Err(error) if may_be_unknown && error.is::<Unknown>() => Ok(Vec::new()),
            more => more,
        }
    };
    until_nothing_is_new(readers.len(), GIVE_UP_AFTER, read_on).await
}

/// Lets every reader read on, from a number of its own, until a pass over all of them finds nothing new: what they have then was all there was at the moment
/// at which that pass began.
async fn until_nothing_is_new<F>(readers: usize, within: Duration, read_on: impl Fn(usize, i64) -> F) -> anyhow::Result<Vec<Vec<Value>>>
where
    F: Future<Output = anyhow::Result<Vec<Value>>>,
{
    let mut all = vec![Vec::new(); readers];
    let until = Instant::now() + within;
    loop {
        let mut is_new = false;
        for (n, entries) in all.iter_mut().enumerate() {
            let last = entries.last().map_or(0, |entry: &Value| entry["seq"].as_i64().unwrap_or_default());
            let more = read_on(n, last + 1).await?;
            is_new |= !more.is_empty();
            entries.extend(more);
        }
        if !is_new {
            return Ok(all);
        }
        ensure!(Instant::now() < until, "the record did not come to rest within {within:?}");
    }
}

/// The record does not know this conversation, or the client that asks for it.
#[derive(Debug)]
struct Unknown(String);

impl std::fmt::Display for Unknown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "refused: {}", self.0)
    }
}
impl std::error::Error for Unknown {}

async fn open(to: SocketAddr, who: &Identity, conversation: &str) -> anyhow::Result<(Socket, i64)> {
    let until = Instant::now() + BUSY_WITHIN;
    let mut socket = loop {
        match Socket::connect(to, None, &who.headers()).await {
            Err(error) if error.downcast_ref().is_some_and(NoUpgrade::is_busy) && Instant::now() < until => tokio::time::sleep(ASK_AGAIN_EVERY).await,
            connected => break connected?,
        }
    };
    socket.queue(&hello::hello(who.token(), &[(conversation, None)]).to_string());
    let head = wait(&mut socket, "reset").await?["seq"].as_i64().context("a reset without a number")?;
    Ok((socket, head))
}

async fn wait(socket: &mut Socket, kind: &str) -> anyhow::Result<Value> {
    while let Some(text) = socket.receive().await? {
        for line in text.lines() {
            let frame: Value = serde_json::from_str(line)?;
            if frame["t"] == kind {
                return Ok(frame);
            }
            if frame["t"] == "gone" || frame["code"] == "token_expired" {
                return Err(Unknown(line.to_owned()).into());
            }
            if frame["t"] == "no" {
                bail!("refused: {line}");
            }
        }
    }
    bail!("the server closed a connection")
}

#[cfg(test)]
mod tests {
    use std::{cell::Cell, future::ready};

    use super::*;

    fn entries(from: i64, to: i64) -> Vec<Value> {
        (from..=to).map(|seq| json!({"seq": seq})).collect()
    }

    #[tokio::test]
    async fn what_is_written_while_another_conversation_is_read_is_read_as_well() {
        let head = Cell::new(1);
        let read_on = |n: usize, first: i64| {
            let more = entries(first, if n == 0 { head.get() } else { 3 });
            if n == 1 {
                head.set(2);
            }
            ready(anyhow::Ok(more))
        };
        let all = until_nothing_is_new(2, GIVE_UP_AFTER, read_on).await.unwrap();
        assert_eq!(all, [entries(1, 2), entries(1, 3)]);
    }

    #[tokio::test]
    async fn a_record_that_does_not_come_to_rest_is_an_error() {
        let error = until_nothing_is_new(1, Duration::ZERO, |_, first| ready(anyhow::Ok(entries(first, first)))).await.unwrap_err();
        assert_eq!(error.to_string(), "the record did not come to rest within 0ns");
    }

    #[tokio::test]
    async fn what_cannot_be_read_is_an_error() {
        let error = until_nothing_is_new(1, GIVE_UP_AFTER, |_, _| ready(Err(anyhow::anyhow!("gone")))).await.unwrap_err();
        assert_eq!(error.to_string(), "gone");
    }
}
