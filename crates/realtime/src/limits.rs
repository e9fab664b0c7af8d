//! Limits how fast somebody may send, or connect: token buckets kept per person, across all their connections.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use domain::time::Ts;
use machines::ingress::TokenBucket;
use uuid::Uuid;

use crate::mailbox::Principal;

/// How many people are remembered at once; a forgotten one starts with a full bucket.
const REMEMBERED: usize = 50_000;

/// One token bucket per person.
#[derive(Debug)]
pub struct Limits {
    rate: f64,
    burst: f64,
    buckets: Mutex<HashMap<Uuid, TokenBucket>>,
}

impl Limits {
    /// Allows `rate` per second, and `burst` at once.
    pub fn new(rate: f64, burst: f64) -> Self {
        Self { rate, burst, buckets: Mutex::default() }
    }
    /// Takes one token, or returns the number of milliseconds until there is one.
    pub fn take(&self, principal: &Principal, now: Ts) -> Result<(), i64> {
        self.take_some(principal, 1, now)
    }
    /// Takes this many tokens at once, or none; see [`TokenBucket::take_some`].
    pub fn take_some(&self, principal: &Principal, how_many: u32, now: Ts) -> Result<(), i64> {
        let who = match principal {
            Principal::Visitor { visitor, .. } => visitor.uuid(),
            Principal::Staff(staff, _) => staff.agent.uuid(),
        };
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() > REMEMBERED {
            buckets.clear();
        }
        buckets.entry(who).or_insert_with(|| TokenBucket::new(self.rate, self.burst, now)).take_some(how_many, now)
    }
}
