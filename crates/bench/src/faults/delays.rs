//! How long messages took between clients whose own links were intact.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use serde_json::Value;
use uuid::Uuid;

/// When a client's sends left and were answered, when others' messages arrived, and when its link was broken.
#[derive(Debug)]
pub struct Travel {
    /// The client's name.
    pub name: String,
    /// Whether nothing is done to this client's link; otherwise neither what it sends nor what it receives counts.
    pub is_calm: bool,
    left: HashMap<Uuid, Instant>,
    answered: HashMap<Uuid, Instant>,
    came: HashMap<Uuid, Instant>,
    outages: Vec<(Instant, Option<Instant>)>,
    begun: Instant,
}

impl Travel {
    /// The times of a client that begins now.
    pub fn new(name: String, is_calm: bool, begun: Instant) -> Self {
        Self { name, is_calm, left: HashMap::new(), answered: HashMap::new(), came: HashMap::new(), outages: Vec::new(), begun }
    }
    /// Notes that these sends are being written; only the first time counts.
    pub fn leave(&mut self, frames: &[Value], now: Instant) {
        for id in frames.iter().filter_map(|frame| frame["client_id"].as_str()?.parse().ok()) {
            self.left.entry(id).or_insert(now);
        }
    }
    /// Notes that a send got its final answer, and returns when it left.
    pub fn note_answer(&mut self, id: Uuid, now: Instant) -> Instant {
        self.answered.entry(id).or_insert(now);
        self.left.get(&id).copied().unwrap_or(self.begun)
    }
    /// The number of sends with a final answer.
    pub fn answers(&self) -> usize {
        self.answered.len()
    }
    /// Notes that a message arrived; only the first time counts.
    pub fn arrive(&mut self, said: Option<Uuid>, now: Instant) {
        if let Some(id) = said {
            self.came.entry(id).or_insert(now);
        }
    }
    /// Notes that the link is broken: the other end is gone.
    pub fn cut(&mut self, now: Instant) {
        if self.outages.last().is_none_or(|(_, until)| until.is_some()) {
            self.outages.push((now, None));
        }
    }
    /// Notes that the link works again.
    pub fn restore(&mut self, now: Instant) {
        if let Some((_, until @ None)) = self.outages.last_mut() {
            *until = Some(now);
        }
    }
    fn is_whole(&self, from: Instant, to: Instant) -> bool {
        // Outages are few, and the last ones matter most.
        self.is_calm && !self.outages.iter().rev().any(|(begun, until)| *begun <= to && until.is_none_or(|until| until >= from))
    }
}

/// The longest time that a message took from one intact link to another, and a description of it.
pub fn longest(travels: &[Travel]) -> (Duration, String) {
    let mut longest = (Duration::ZERO, "nothing came".to_owned());
    for sender in travels {
        for receiver in travels.iter().filter(|receiver| !std::ptr::eq(*receiver, sender)) {
            for (id, came) in &receiver.came {
                let Some(left) = sender.left.get(id).copied() else { continue };
                let needed = sender.answered.get(id).copied().unwrap_or(*came).min(*came);
                let took = came.saturating_duration_since(left);
                if took > longest.0 && sender.is_whole(left, needed) && receiver.is_whole(left, *came) {
                    let (answered, begun) = (needed.saturating_duration_since(left), left.saturating_duration_since(sender.begun));
                    let way = format!("{} to {}, left after {begun:?}, answered or seen {answered:?} later", sender.name, receiver.name);
                    longest = (took, way);
                }
            }
        }
    }
    longest
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ID: Uuid = Uuid::from_u128(7);

    /// A sender whose message left at 1 s and was answered at 2 s, a receiver that got it at 5 s, and the clock.
    fn journey() -> (Travel, Travel, impl Fn(u64) -> Instant) {
        let begun = Instant::now();
        let at = move |seconds| begun + Duration::from_secs(seconds);
        let (mut sender, mut receiver) = (Travel::new(String::new(), true, begun), Travel::new(String::new(), true, begun));
        sender.leave(&[json!({"client_id": ID.to_string()})], at(1));
        sender.leave(&[json!({"client_id": ID.to_string()})], at(3));
        assert_eq!(sender.note_answer(ID, at(2)), at(1));
        receiver.arrive(Some(ID), at(5));
        receiver.arrive(Some(ID), at(9));
        (sender, receiver, at)
    }

    #[test]
    fn the_way_is_from_the_first_write_to_the_first_arrival_elsewhere() {
        let (mut sender, receiver, at) = journey();
        sender.arrive(Some(ID), at(20));
        assert_eq!(longest(&[sender, receiver]).0, Duration::from_secs(4));
    }

    #[test]
    fn a_broken_link_on_either_side_does_not_count() {
        let (mut sender, receiver, at) = journey();
        sender.cut(at(1));
        sender.restore(at(2));
        assert_eq!(longest(&[sender, receiver]).0, Duration::ZERO);
        let (sender, mut receiver, at) = journey();
        receiver.cut(at(4));
        assert_eq!(longest(&[sender, receiver]).0, Duration::ZERO);
        let (sender, mut receiver, _) = journey();
        receiver.is_calm = false;
        assert_eq!(longest(&[sender, receiver]).0, Duration::ZERO);
    }

    #[test]
    fn what_breaks_before_or_after_the_way_does_not_matter() {
        let (mut sender, mut receiver, at) = journey();
        receiver.cut(at(0));
        receiver.restore(at(0));
        receiver.cut(at(6));
        // Once it is answered, the sender's link carries nothing of it any more.
        sender.cut(at(3));
        assert_eq!(longest(&[sender, receiver]).0, Duration::from_secs(4));
    }
}
