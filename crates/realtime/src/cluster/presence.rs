//! Which visitors are connected to which node, as far as Redis knows: a set per node that expires with the node. It only colours a dot on the desk; while Redis
//! is down a node knows of its own visitors only.

use domain::id::VisitorId;
use redis::Pipeline;
use uuid::Uuid;

use crate::{
    cluster::{hints::Told, redis::Redis},
    node::Node,
};

/// A node's set expires after this many seconds, unless its beat renews it.
const EXPIRES: i64 = 5;
/// How many visitors are added to the set at once.
const AT_ONCE: usize = 1_000;

/// Whether a visitor is connected to any node.
pub async fn is_online(node: &Node, visitor: VisitorId) -> bool {
    if node.hub().is_online(visitor) {
        return true;
    }
    let cluster = node.cluster();
    match cluster.redis() {
        Some(redis) => redis.is_among(visitor, &cluster.others()).await,
        None => false,
    }
}

impl Redis {
    fn visitors_of(&self, node: Uuid) -> String {
        self.key(&format!("visitors:{}", node.as_simple()))
    }

    async fn is_among(&self, visitor: VisitorId, nodes: &[Uuid]) -> bool {
        if nodes.is_empty() {
            return false;
        }
        let mut pipe = redis::pipe();
        for node in nodes {
            pipe.sismember(self.visitors_of(*node), visitor.uuid().as_bytes().as_slice());
        }
        self.ask::<Vec<bool>>(pipe).await.is_some_and(|found| found.contains(&true))
    }

    /// Updates the node's set with the visitors who connected and disconnected.
    pub(super) fn note_visitors(&self, pipe: &mut Pipeline, told: &[Told]) {
        let key = self.visitors_of(self.node());
        let mut noted = false;
        for told in told {
            let Told::Visitor(visitor, is_here) = told else { continue };
            let (command, id) = (if *is_here { "SADD" } else { "SREM" }, visitor.uuid());
            pipe.cmd(command).arg(&key).arg(id.as_bytes().as_slice()).ignore();
            noted = true;
        }
        if noted {
            pipe.expire(&key, EXPIRES).ignore();
        }
    }

    /// Keeps the node's set from expiring.
    pub(super) fn renew_visitors(&self, pipe: &mut Pipeline) {
        pipe.expire(self.visitors_of(self.node()), EXPIRES).ignore();
    }

    /// Rewrites the node's set: what Redis has may date from before it was down.
    pub(super) fn all_visitors(&self, pipe: &mut Pipeline, visitors: &[VisitorId]) {
        let key = self.visitors_of(self.node());
        pipe.del(&key).ignore();
        for some in visitors.chunks(AT_ONCE) {
            let ids: Vec<Vec<u8>> = some.iter().map(|visitor| visitor.uuid().as_bytes().to_vec()).collect();
            pipe.sadd(&key, ids).ignore();
        }
        pipe.expire(&key, EXPIRES).ignore();
    }
}
