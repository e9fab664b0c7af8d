//! The colleagues, groups and queues to which the reaches of a member relate them.

use std::collections::BTreeSet;

use db::{Tx, q};
use domain::{
    id::{AgentId, DepartmentId, GroupId, QueueId, TenantId},
    policy::{Circle, Grants, OverConversations, OverPeople, Reach},
};
use uuid::Uuid;

use crate::{Result, fragments::under, groups};

/// What a member is related to, as far as the reaches of their permissions need it: nothing is looked up for who reaches the whole company.
pub(super) async fn of(tx: &mut Tx, tenant: TenantId, agent: AgentId, group: Option<GroupId>, grants: Grants) -> Result<Circle> {
    let conversations = [grants.reach(OverConversations::Desk), grants.reach(OverConversations::Read)];
    let people = [grants.reach(OverPeople::Manage), grants.reach(OverPeople::Follow)];
    let needs = |reach: Reach| conversations.into_iter().chain(people).any(|held| held.contains(reach) && !held.contains(Reach::Company));
    let mut circle = Circle::default();
    if needs(Reach::Queue) {
        circle.queues = queues(tx, tenant, agent).await?;
    }
    if let Some(group) = group.filter(|_| needs(Reach::Group)) {
        circle.own_group = Some(group);
        circle.group = groups::members_of(tx, tenant, group).await?.into_iter().collect();
    }
    if needs(Reach::Department) {
        circle.departments = departments(tx, tenant, agent).await?;
        (circle.groups, circle.department) = department(tx, tenant, agent).await?;
    }
    Ok(circle)
}

/// A member's department and those below it; none for a member who belongs to none.
async fn departments(tx: &mut Tx, tenant: TenantId, agent: AgentId) -> Result<BTreeSet<DepartmentId>> {
    let rows: Vec<(Uuid,)> = q!(tx, |c| sqlx::query_as(concat!(
        "SELECT d.id FROM departments d WHERE d.tenant_id = $1 AND d.id IN ",
        under!("(SELECT o.department_id FROM agents o WHERE o.tenant_id = $1 AND o.id = $2)")
    ))
    .bind(tenant.uuid())
    .bind(agent.uuid())
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(id,)| DepartmentId::new(id)).collect())
}

/// The groups and the members of a member's department and of those below it; none for a member who belongs to no department.
async fn department(tx: &mut Tx, tenant: TenantId, agent: AgentId) -> Result<(BTreeSet<GroupId>, BTreeSet<AgentId>)> {
    let groups: Vec<(Uuid,)> = q!(tx, |c| sqlx::query_as(concat!(
        "SELECT g.id FROM agent_groups g WHERE g.tenant_id = $1 AND g.department_id IN ",
        under!("(SELECT o.department_id FROM agents o WHERE o.tenant_id = $1 AND o.id = $2)")
    ))
    .bind(tenant.uuid())
    .bind(agent.uuid())
    .fetch_all(c)
    .await)?;
    let members: Vec<(Uuid,)> = q!(tx, |c| sqlx::query_as(concat!(
        "SELECT a.id FROM agents a WHERE a.tenant_id = $1 AND a.department_id IN ",
        under!("(SELECT o.department_id FROM agents o WHERE o.tenant_id = $1 AND o.id = $2)")
    ))
    .bind(tenant.uuid())
    .bind(agent.uuid())
    .fetch_all(c)
    .await)?;
    Ok((groups.into_iter().map(|(id,)| GroupId::new(id)).collect(), members.into_iter().map(|(id,)| AgentId::new(id)).collect()))
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
