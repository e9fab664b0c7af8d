//! What the nodes that share one record exchange. The record is the only truth; all of this only makes news arrive sooner.
//!
//! - [`hints`]: what a commit makes known, encoded for other nodes
//! - [`redis`]: the connection to Redis, which may hang, die or come back at any moment
//! - [`carrier`]: the tasks that carry the hints over it
//! - [`presence`]: which visitors are connected to other nodes
//! - [`crate::jobs::follow_others`] looks in the record for what hints did not bring; [`crate::jobs::join_cluster`] notes which nodes live

pub mod carrier;
pub mod hints;
pub mod presence;
pub mod redis;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering::Relaxed},
    },
};

use db::news::Seen;
use domain::{id::TenantId, time::Ts};
use store::entry_points::LivingNode;
use uuid::Uuid;

/// This node and what it knows of the others.
pub struct Cluster {
    node: LivingNode,
    state: Mutex<Shared>,
    redis: Option<Arc<redis::Redis>>,
    nodes: AtomicU64,
    leads: AtomicBool,
    oldest: AtomicI64,
    looked_at: AtomicI64,
    draining: AtomicBool,
}

struct Shared {
    generation: Uuid,
    seen: Option<Seen>,
    /// The number of visitors connected to other nodes, as last reported.
    visitors: HashMap<TenantId, usize>,
    others: Vec<Uuid>,
}

impl Cluster {
    /// A single node, until it learns of others.
    pub fn new(node: LivingNode, generation: Uuid, redis: Option<Arc<redis::Redis>>) -> Self {
        Self {
            node,
            state: Mutex::new(Shared { generation, seen: None, visitors: HashMap::new(), others: Vec::new() }),
            redis,
            nodes: AtomicU64::new(1),
            leads: AtomicBool::new(true),
            oldest: AtomicI64::new(node.started_at.0),
            looked_at: AtomicI64::new(node.started_at.0),
            draining: AtomicBool::new(false),
        }
    }
    /// This node.
    pub const fn this(&self) -> LivingNode {
        self.node
    }
    /// The generation in force; it changes when history is rewound, even while the program runs.
    pub fn generation(&self) -> Uuid {
        self.state().generation
    }
    /// Sets the generation in force; returns false if it has not changed.
    pub fn begin(&self, generation: Uuid) -> bool {
        std::mem::replace(&mut self.state().generation, generation) != generation
    }
    /// The position up to which the record was searched for what other nodes committed.
    pub fn search_position(&self) -> Option<Seen> {
        self.state().seen.clone()
    }
    /// Notes that the record was searched up to this position, at this time.
    pub fn note_search(&self, seen: Seen, now: Ts) {
        self.state().seen = Some(seen);
        self.looked_at.store(now.0, Relaxed);
    }
    /// When the record was last searched.
    pub fn looked_at(&self) -> Ts {
        Ts(self.looked_at.load(Relaxed))
    }
    /// Sets which nodes live, the oldest first, and how many visitors are connected to each. The first one leads: it does the work for which one node is
    /// enough.
    pub fn nodes_are(&self, nodes: Vec<(LivingNode, HashMap<TenantId, usize>)>) {
        let oldest = nodes.first().map_or(self.node.started_at, |(first, _)| first.started_at);
        self.nodes.store(nodes.len().max(1) as u64, Relaxed);
        self.leads.store(nodes.first().is_none_or(|(first, _)| first.id == self.node.id), Relaxed);
        self.oldest.store(oldest.min(self.node.started_at).0, Relaxed);
        let (mut visitors, mut others) = (HashMap::new(), Vec::new());
        for (node, there) in nodes.into_iter().filter(|(node, _)| node.id != self.node.id) {
            others.push(node.id);
            for (tenant, count) in there {
                *visitors.entry(tenant).or_default() += count;
            }
        }
        let mut state = self.state();
        (state.visitors, state.others) = (visitors, others);
    }
    /// The ids of the other live nodes.
    pub fn others(&self) -> Vec<Uuid> {
        self.state().others.clone()
    }
    /// How many visitors of a company are connected to other nodes.
    pub fn visitors_elsewhere(&self, tenant: TenantId) -> usize {
        self.state().visitors.get(&tenant).copied().unwrap_or(0)
    }
    /// The number of live nodes.
    pub fn nodes(&self) -> u64 {
        self.nodes.load(Relaxed)
    }
    /// Whether this node leads, i.e. does the work for which one node is enough. For a few seconds two nodes may lead, or none: that work has to tolerate both.
    pub fn leads(&self) -> bool {
        self.leads.load(Relaxed)
    }
    /// Since when there has been a node that agents could connect to: they are not judged by the time before.
    pub fn serving_since(&self) -> Ts {
        Ts(self.oldest.load(Relaxed))
    }
    /// The connection to other nodes, and its state.
    pub fn redis(&self) -> Option<&redis::Redis> {
        self.redis.as_deref()
    }
    /// Whether hints go through.
    pub fn is_fast(&self) -> bool {
        self.redis.as_ref().is_some_and(|redis| redis.is_up())
    }
    /// Announces that the program is about to end: proxies should not send anybody here any more.
    pub fn drain(&self) {
        self.draining.store(true, Relaxed);
    }
    /// Whether [`Self::drain`] was called.
    pub fn is_draining(&self) -> bool {
        self.draining.load(Relaxed)
    }

    fn state(&self) -> std::sync::MutexGuard<'_, Shared> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(n: u128, started_at: i64) -> LivingNode {
        LivingNode { id: Uuid::from_u128(n), started_at: Ts(started_at) }
    }

    #[test]
    fn the_oldest_node_leads_and_agents_are_judged_since_its_start() {
        let cluster = Cluster::new(node(2, 200), Uuid::nil(), None);
        assert!(cluster.leads() && cluster.nodes() == 1 && cluster.serving_since() == Ts(200));
        let shop = TenantId::new(Uuid::nil());
        let with = |node: LivingNode, visitors: usize| (node, HashMap::from([(shop, visitors)]));
        cluster.nodes_are(vec![with(node(1, 100), 3), with(node(2, 200), 9)]);
        assert_eq!(cluster.visitors_elsewhere(shop), 3);
        assert!(!cluster.leads() && cluster.nodes() == 2 && cluster.serving_since() == Ts(100));
        cluster.nodes_are(vec![with(node(2, 200), 9), with(node(3, 300), 1)]);
        assert!(cluster.leads() && cluster.serving_since() == Ts(200));
    }
}
