//! Whom and what the reaches of a member relate them to.

use std::collections::BTreeSet;

use db::{Tx, q};
use domain::{
    id::{AgentId, GroupId, QueueId, TenantId},
    policy::{Circle, Grants, OverConversations, OverPeople, Reach},
};
use uuid::Uuid;

use crate::{Result, groups};

/// What a member is related to, as far as the reaches of their permissions need it: nothing is looked up for who reaches the whole company.
pub async fn of(tx: &mut Tx, tenant: TenantId, agent: AgentId, group: Option<GroupId>, grants: Grants) -> Result<Circle> {
    let conversations = [grants.reach(OverConversations::Desk), grants.reach(OverConversations::Read)];
    let people = [grants.reach(OverPeople::Manage), grants.reach(OverPeople::Follow)];
    let needs = |reach: Reach| conversations.into_iter().chain(people).any(|held| held.contains(reach) && !held.contains(Reach::Company));
    let mut circle = Circle::default();
    if needs(Reach::Queue) {
        circle.queues = queues(tx, tenant, agent).await?;
    }
    if let Some(group) = group.filter(|_| needs(Reach::Group)) {
        circle.groups.insert(group);
        circle.group = groups::members_of(tx, tenant, group).await?.into_iter().collect();
    }
    Ok(circle)
}

/// The queues that a member serves: those they are listed in, and those that everybody serves.
async fn queues(tx: &mut Tx, tenant: TenantId, agent: AgentId) -> Result<BTreeSet<QueueId>> {
    let rows: Vec<(Uuid,)> = q!(tx, |c| sqlx::query_as(
        "SELECT id FROM queues WHERE tenant_id = $1 AND everybody = 1
         UNION SELECT queue_id FROM queue_members WHERE tenant_id = $1 AND agent_id = $2"
    )
    .bind(tenant.uuid())
    .bind(agent.uuid())
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(id,)| QueueId::new(id)).collect())
}
