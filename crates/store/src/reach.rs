//! What members of the staff reach, as statements take it; and changes of it, which their connections learn of as of a revocation: they begin again.

use std::collections::BTreeSet;

use db::{Tx, q};
use domain::{
    entry::body::Revoked,
    id::{AgentId, GroupId, TenantId},
    policy::{OverConversations, OverPeople, Reach, Reaches, Staff},
};

use uuid::Uuid;

use crate::{
    AT_ONCE, Result, access, places,
    staff::{self, Member},
};

/// A member and their reaches, as [`crate::fragments::agent_within`] takes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Within {
    /// The member.
    pub agent: AgentId,
    /// The reaches: a bit for each, from the lowest on in the order of [`Reach::EACH`].
    pub bits: i64,
}

impl Within {
    /// What a member may read of conversations.
    pub fn reading(staff: &Staff) -> Self {
        Self::of(staff, staff.grants.reach(OverConversations::Desk) | staff.grants.reach(OverConversations::Read))
    }
    /// What a member may serve of conversations.
    pub fn serving(staff: &Staff) -> Self {
        Self::of(staff, staff.grants.reach(OverConversations::Desk))
    }
    fn of(staff: &Staff, reaches: Reaches) -> Self {
        let bit = |(n, reach): (usize, &Reach)| i64::from(reaches.contains(*reach)) << n;
        Self { agent: staff.agent, bits: Reach::EACH.iter().enumerate().map(bit).sum() }
    }
}

/// Records that what members reach has changed: their connections begin again with what they reach now, and what nodes remember of it does not count any more.
pub async fn begin_anew(tx: &mut Tx, tenant: TenantId, members: impl IntoIterator<Item = AgentId>) -> Result<()> {
    // Rows are locked in one order.
    let members: BTreeSet<AgentId> = members.into_iter().collect();
    outdate(tx, tenant, &members).await?;
    access::append(tx, tenant, members.into_iter().map(Revoked::Reach).collect()).await
}

/// Has what nodes remember of what members reach not count any more, where their connections end anyway.
pub async fn outdate(tx: &mut Tx, tenant: TenantId, members: &BTreeSet<AgentId>) -> Result<()> {
    let ids: Vec<Uuid> = members.iter().map(|member| member.uuid()).collect();
    for some in ids.chunks(AT_ONCE) {
        let sql = format!("UPDATE agents SET reach_version = reach_version + 1 WHERE tenant_id = $1 AND id IN ({})", places(2, some.len()));
        q!(tx, |c| {
            let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(tenant.uuid());
            some.iter().fold(query, |query, agent| query.bind(*agent)).execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// Records that the tree of departments, or what belongs to one, has changed: the connections of all who reach by department begin again.
pub async fn begin_departments_anew(tx: &mut Tx, tenant: TenantId) -> Result<()> {
    let members = staff::list(tx, tenant).await?;
    begin_anew(tx, tenant, members.iter().filter(|member| reaches_by(member, Reach::Department)).map(|member| member.id)).await
}

/// Records that what relates a member to others has changed in these ways: by the queues they serve, by their group, which is one of `groups` before or after, or
/// by their department. The connections of whoever reaches something by it begin again: the member's own, and those of others in these groups or in any department.
pub async fn begin_around(tx: &mut Tx, tenant: TenantId, member: AgentId, by: &[Reach], groups: &[GroupId]) -> Result<()> {
    if by.is_empty() {
        return Ok(());
    }
    let is_concerned = |other: &Member| {
        by.iter().any(|reach| {
            let is_related = match reach {
                Reach::Department => true,
                Reach::Group => other.group.is_some_and(|group| groups.contains(&group)),
                _ => false,
            };
            (other.id == member || is_related) && reaches_by(other, *reach)
        })
    };
    let members = staff::list(tx, tenant).await?;
    begin_anew(tx, tenant, members.iter().filter(|other| is_concerned(other)).map(|other| other.id)).await
}

fn reaches_by(member: &Member, reach: Reach) -> bool {
    let grants = member.grants();
    [grants.reach(OverConversations::Desk), grants.reach(OverConversations::Read), grants.reach(OverPeople::Manage), grants.reach(OverPeople::Follow)]
        .iter()
        .any(|held| held.contains(reach))
}
