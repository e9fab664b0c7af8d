//! A customer: asks for a person, hears how long it may take, and waits.

use anyhow::{Context as _, bail};
use serde_json::{Value, json};
use tokio::time::{Duration, Instant};

use crate::{
    hello,
    http::Http,
    random::{Random, new_conversation},
};

/// What a customer was told while waiting.
#[derive(Debug, Clone)]
pub struct Told {
    /// The conversation's name.
    pub conversation: String,
    /// The first estimate, in milliseconds, and how long it then took.
    estimate: Option<(f64, Duration)>,
}

impl Told {
    /// How far the estimate was from how long the customer still waited, as a part of that; `None` without an estimate.
    pub fn error(&self) -> Option<f64> {
        let (said, took) = self.estimate?;
        let took = took.as_secs_f64() * 1000.0;
        Some((said - took).abs() / took.max(1.0))
    }
}

/// Asks for a person and waits until there is one.
pub async fn wait(http: Http, mut random: Random) -> anyhow::Result<Told> {
    let session = http.visitor().await?;
    let (who, conversation) = (session.identity(), new_conversation());
    let mut socket = http.socket(None).await?;
    socket.queue(&hello::hello(who.token(), &[(&session.visitor, Some(0))]).to_string());
    let request = hello::open(&conversation, random.uuid(), json!({"type": "request_human", "via": "button"})).to_string();
    socket.queue(&request);
    let mut first: Option<(f64, Instant)> = None;
    while let Some(text) = socket.receive().await? {
        for line in text.lines() {
            let frame: Value = serde_json::from_str(line).with_context(|| format!("no frame: {line:?}"))?;
            match frame["t"].as_str() {
                Some("no" | "gone") => bail!("a customer was refused: {line}"),
                Some("busy") => {
                    tokio::time::sleep(Duration::from_millis(frame["retry_ms"].as_u64().unwrap_or(500))).await;
                    socket.queue(&request);
                }
                Some("place") if first.is_none() => {
                    let ms = |field: &str| frame[field].as_f64();
                    first = ms("eta_low_ms").zip(ms("eta_high_ms")).map(|(low, high)| (f64::midpoint(low, high), Instant::now()));
                }
                Some("entries") if frame["entries"].as_array().into_iter().flatten().any(|entry| entry["kind"] == "assigned") => {
                    return Ok(Told { conversation, estimate: first.map(|(said, at)| (said, at.elapsed())) });
                }
                _ => {}
            }
        }
    }
    bail!("the server closed a customer's connection")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estimate_is_off_by_a_part_of_what_it_took() {
        let told = |estimate| Told { conversation: String::new(), estimate };
        assert_eq!(told(Some((15_000.0, Duration::from_secs(10)))).error(), Some(0.5));
        assert_eq!(told(Some((5_000.0, Duration::from_secs(10)))).error(), Some(0.5));
        assert_eq!(told(None).error(), None);
    }
}
