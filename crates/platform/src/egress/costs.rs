//! What outgoing requests cost, by company and purpose.

use std::{
    collections::HashMap,
    ops::AddAssign,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use domain::id::TenantId;
use tokio::time::Instant;

/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Events for the endpoints of a company.
    Webhooks,
    /// Text messages by way of a gateway.
    Sms,
    /// Sentence embeddings of a service.
    Embeddings,
    /// What an identity provider is asked when members of the staff sign in.
    SingleSignOn,
}

impl Purpose {
    /// All purposes.
    pub const ALL: [Self; 4] = [Self::Webhooks, Self::Sms, Self::Embeddings, Self::SingleSignOn];

    /// Its name in the metrics. Names are only ever added.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Webhooks => "webhooks",
            Self::Sms => "sms",
            Self::Embeddings => "embeddings",
            Self::SingleSignOn => "single_sign_on",
        }
    }
}

/// What requests cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cost {
    /// How many there were, whatever became of them.
    pub requests: u64,
    /// The bytes sent over their connections, with heads and encryption.
    pub bytes_out: u64,
    /// The bytes received over their connections, with heads and encryption.
    pub bytes_in: u64,
    /// How long they took together, from resolving the name to the end of the answer, in milliseconds.
    pub ms: u64,
}

impl AddAssign for Cost {
    fn add_assign(&mut self, Self { requests, bytes_out, bytes_in, ms }: Self) {
        self.requests += requests;
        self.bytes_out += bytes_out;
        self.bytes_in += bytes_in;
        self.ms += ms;
    }
}

/// What the requests that have ended on this node cost since it started. The numbers only grow, so that a difference is what came in between.
#[derive(Debug, Default)]
pub struct Costs(Mutex<HashMap<(TenantId, Purpose), Cost>>);

impl Costs {
    /// The costs by company and purpose.
    pub fn of_each(&self) -> Vec<(TenantId, Purpose, Cost)> {
        let costs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        costs.iter().map(|((tenant, purpose), cost)| (*tenant, *purpose, *cost)).collect()
    }

    /// The costs of all companies for a purpose.
    pub fn in_sum(&self, of: Purpose) -> Cost {
        let mut sum = Cost::default();
        for (_, _, cost) in self.of_each().into_iter().filter(|(_, purpose, _)| *purpose == of) {
            sum += cost;
        }
        sum
    }

    fn add(&self, tenant: TenantId, purpose: Purpose, cost: Cost) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry((tenant, purpose)).or_default() += cost;
    }
}

/// Counts what one request costs. Adds it to the costs when the request has ended, whatever the reason: dropping it is one.
pub(super) struct Meter {
    costs: Arc<Costs>,
    tenant: TenantId,
    purpose: Purpose,
    begun: Instant,
    bytes_out: AtomicU64,
    bytes_in: AtomicU64,
    written_us: AtomicU64,
}

impl Meter {
    pub(super) fn start(costs: Arc<Costs>, tenant: TenantId, purpose: Purpose) -> Self {
        let zero = AtomicU64::default;
        Self { costs, tenant, purpose, begun: Instant::now(), bytes_out: zero(), bytes_in: zero(), written_us: zero() }
    }
    pub(super) fn count_written(&self, bytes: usize) {
        self.bytes_out.fetch_add(u64::try_from(bytes).unwrap_or(u64::MAX), Relaxed);
        self.written_us.store(u64::try_from(self.begun.elapsed().as_micros()).unwrap_or(u64::MAX), Relaxed);
    }
    pub(super) fn count_read(&self, bytes: usize) {
        self.bytes_in.fetch_add(u64::try_from(bytes).unwrap_or(u64::MAX), Relaxed);
    }
    /// When something was written last, or the request began.
    pub(super) fn written_at(&self) -> Instant {
        self.begun + Duration::from_micros(self.written_us.load(Relaxed))
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        let ms = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let cost = Cost { requests: 1, bytes_out: self.bytes_out.load(Relaxed), bytes_in: self.bytes_in.load(Relaxed), ms };
        self.costs.add(self.tenant, self.purpose, cost);
    }
}
