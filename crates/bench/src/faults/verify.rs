//! Checks, directly after a restart, that what was acknowledged is in the record.

use std::{
    collections::{BTreeMap, HashMap},
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use serde_json::Value;
use uuid::Uuid;

use super::{
    history::{Ack, Seen, View},
    ledger::Place,
    record,
};
use crate::http::Identity;

/// How often a reader who is sent away comes back, and after how long.
const TRIES: usize = 5;
const TRY_AGAIN_AFTER: Duration = Duration::from_millis(500);

/// Those of the acknowledgements that the record does not confirm.
pub async fn missing(to: SocketAddr, places: &[Place], acks: Vec<Ack>) -> anyhow::Result<Vec<String>> {
    let mut by_place: BTreeMap<(usize, bool), Vec<Ack>> = BTreeMap::new();
    for ack in acks {
        by_place.entry((ack.conversation, ack.view == View::Customer)).or_default().push(ack);
    }
    let mut findings = Vec::new();
    for ((place, of_customer), acks) in by_place {
        let place = places.get(place).context("an acknowledgement of an unknown conversation")?;
        let reader = if of_customer { place.customer.as_ref().context("a customer's view of a place without a customer")? } else { &place.staff };
        let first = acks.iter().map(|ack| ack.seq).min().unwrap_or(1).max(1);
        let entries = read(to, reader, &place.name, first).await?;
        findings.extend(unborne(&acks, &entries.iter().filter_map(Seen::read).collect::<Vec<_>>()));
    }
    Ok(findings)
}

/// Reads a conversation. When a standby has taken over, readers are sent away once as everybody is.
async fn read(to: SocketAddr, reader: &Identity, name: &str, first: i64) -> anyhow::Result<Vec<Value>> {
    for _ in 1..TRIES {
        match record::read(to, reader, name, first).await {
            Err(error) if error.to_string().contains(record::CLOSED) => tokio::time::sleep(TRY_AGAIN_AFTER).await,
            read => return read,
        }
    }
    record::read(to, reader, name, first).await
}

fn unborne(acks: &[Ack], record: &[Seen]) -> Vec<String> {
    let kept: HashMap<i64, Option<Uuid>> = record.iter().map(|entry| (entry.seq, entry.said)).collect();
    let false_ones = acks.iter().filter(|ack| kept.get(&ack.seq) != Some(&Some(ack.id)));
    false_ones.map(|ack| format!("{}: {} was acknowledged as {}; after the restart that is {:?}", ack.name, ack.id, ack.seq, kept.get(&ack.seq))).collect()
}

/// The acknowledgements of sends that left when nothing could be made durable any more.
pub fn undurable(acks: &[Ack], since: Instant) -> Vec<String> {
    let false_ones = acks.iter().filter(|ack| ack.said_at > since);
    false_ones.map(|ack| format!("{}: {} was acknowledged as {} while no flush succeeded", ack.name, ack.id, ack.seq)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ack(n: u128, seq: i64, said_at: Instant) -> Ack {
        Ack { name: "a visitor".into(), conversation: 0, view: View::Customer, id: Uuid::from_u128(n), seq, said_at }
    }
    fn seen(n: u128, seq: i64) -> Seen {
        Seen { seq, print: 0, said: Some(Uuid::from_u128(n)) }
    }

    #[test]
    fn an_acknowledgement_that_the_record_does_not_bear_out_is_false() {
        let now = Instant::now();
        let acks = [ack(1, 1, now), ack(2, 2, now), ack(3, 3, now)];
        assert!(unborne(&acks, &[seen(1, 1), seen(2, 2), seen(3, 3)]).is_empty());
        assert_eq!(unborne(&acks, &[seen(1, 1), seen(2, 2)]).len(), 1);
        assert_eq!(unborne(&acks, &[seen(1, 1), seen(3, 2), seen(2, 3)]).len(), 2);
    }

    #[test]
    fn what_left_before_the_flushes_failed_may_have_been_durable() {
        let now = Instant::now();
        let acks = [ack(1, 1, now), ack(2, 2, now + Duration::from_millis(2))];
        assert_eq!(undurable(&acks, now + Duration::from_millis(1)).len(), 1);
    }
}
