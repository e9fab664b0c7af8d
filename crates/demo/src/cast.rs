//! Everybody who takes part: the company with its site, its queues and its agents.

use db::Tx;
use domain::{
    id::{AgentId, QueueId, SiteId, TenantId},
    policy::{OverConversations, Reach},
    site::RatingReason,
    text::Bilingual,
};
use store::sites::Site;

/// A queue of the company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CastQueue {
    /// Its id.
    pub id: QueueId,
    /// Its name.
    pub name: Bilingual,
    /// The agents who serve it; `None` if everybody does.
    pub members: Option<Vec<AgentId>>,
}

/// An agent who serves customers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CastAgent {
    /// The id.
    pub id: AgentId,
    /// The name that customers see.
    pub name: String,
    /// The number that customers see.
    pub number: String,
    /// The maximum number of conversations at once.
    pub capacity: i64,
}

/// The company, its site, its queues and its agents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cast {
    /// The company.
    pub tenant: TenantId,
    /// Its site.
    pub site: SiteId,
    /// The bot's name.
    pub bot_name: Bilingual,
    /// What customers can choose to say why they rate as they do.
    pub rating_reasons: Vec<RatingReason>,
    /// The queue of the site.
    pub queue: QueueId,
    /// All queues of the company.
    pub queues: Vec<CastQueue>,
    /// The agents, in the order in which they joined.
    pub agents: Vec<CastAgent>,
}

impl Cast {
    /// Reads the company of a site from the record, without disabled members. The site itself may not be stored yet.
    pub async fn read(tx: &mut Tx, site: &Site) -> store::Result<Self> {
        let tenant = site.tenant;
        let disabled = store::staff::roster::kept_out(tx, tenant).await?;
        let serves = |member: &store::staff::Member| member.grants().reach(OverConversations::Desk).contains(Reach::Own) && !disabled.contains(&member.id);
        let staff = store::staff::list(tx, tenant).await?.into_iter().filter(serves);
        let agents = staff.map(|member| CastAgent { id: member.id, name: member.name, number: member.number, capacity: member.capacity }).collect();
        let queues = store::queues::list(tx, tenant).await?.into_iter();
        let queues =
            queues.map(|shown| CastQueue { id: shown.queue.id, name: shown.queue.name, members: Some(shown.members).filter(|_| !shown.queue.everybody) });
        let settings = &site.settings;
        Ok(Self {
            tenant,
            site: site.id,
            bot_name: settings.bot_name.clone(),
            rating_reasons: settings.rating_reasons.clone(),
            queue: site.queue,
            queues: queues.collect(),
            agents,
        })
    }

    /// The name of a queue; empty if there is no such queue.
    pub fn queue_name(&self, id: QueueId) -> Bilingual {
        self.queues.iter().find(|queue| queue.id == id).map(|queue| queue.name.clone()).unwrap_or_default()
    }

    /// A queue besides that of the site that only some agents serve: for what needs a specialist.
    pub fn specialists(&self) -> Option<QueueId> {
        let has_agents = |queue: &&CastQueue| queue.members.as_ref().is_some_and(|members| self.agents.iter().any(|agent| members.contains(&agent.id)));
        self.queues.iter().filter(|queue| queue.id != self.queue).find(has_agents).map(|queue| queue.id)
    }
}

#[cfg(test)]
pub mod tests {
    use uuid::Uuid;

    use super::*;

    /// A company with this many agents, the last of whom alone serves a queue of specialists.
    pub fn cast(agents: u128) -> Cast {
        let id = Uuid::from_u128;
        let agent = |n: u128| CastAgent { id: AgentId::new(id(100 + n)), name: format!("a{n}"), number: n.to_string(), capacity: 3 };
        let agents: Vec<CastAgent> = (0..agents).map(agent).collect();
        let queue = |n, members| CastQueue { id: QueueId::new(id(n)), name: Bilingual { zh: format!("队列{n}"), en: format!("queue {n}") }, members };
        let special = agents.last().map(|agent| vec![agent.id]);
        Cast {
            tenant: TenantId::new(id(1)),
            site: SiteId::new(id(2)),
            bot_name: Bilingual { zh: "小临".to_owned(), en: "Lin".to_owned() },
            rating_reasons: Vec::new(),
            queue: QueueId::new(id(3)),
            queues: vec![queue(3, None), queue(4, special)],
            agents,
        }
    }

    #[test]
    fn specialists_are_those_of_a_queue_that_not_everybody_serves() {
        let mut two = cast(2);
        assert_eq!(two.specialists(), Some(two.queues[1].id));
        two.queues[1].members = Some(Vec::new());
        assert_eq!(two.specialists(), None, "nobody serves it");
    }
}
