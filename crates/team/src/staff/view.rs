//! A member of staff on the wire, for those who manage staff.

use domain::{
    id::{AgentId, DepartmentId, GroupId, QueueId, TenantId},
    policy::{Staff, may_manage},
    staff::{self, AgentState, MemberStatus, Role},
    time::Ts,
};
use serde::Serialize;
use store::staff::roster::Person;
use utoipa::ToSchema;

/// A member of staff.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Member)]
pub struct MemberView {
    /// The member's id.
    pub id: AgentId,
    /// The address they sign in with; empty once they are removed.
    pub email: String,
    /// The name customers see.
    pub name: String,
    /// The number customers see.
    pub number: String,
    /// The member's role.
    pub role: Role,
    /// The member's group.
    #[schema(required)]
    pub group: Option<GroupId>,
    /// The member's department: that of their group, if that has one.
    #[schema(required)]
    pub department: Option<DepartmentId>,
    /// The queues of which they are a member; they also serve those that everybody serves.
    pub queues: Vec<QueueId>,
    /// The most conversations they serve at once.
    pub capacity: i64,
    /// Conversations they are serving now.
    pub open: i64,
    /// Whether they can sign in.
    pub status: MemberStatus,
    /// Whether they take conversations.
    pub state: AgentState,
    /// Since when they have been in this state.
    pub state_since: Ts,
    /// Whether their console is connected.
    pub online: bool,
    /// When their console was last seen.
    #[schema(required)]
    pub last_seen_at: Option<Ts>,
    /// Until when their latest one-time link can be used; `null` if it cannot.
    #[schema(required)]
    pub link_until: Option<Ts>,
    /// When they were removed.
    #[schema(required)]
    pub removed_at: Option<Ts>,
    /// When they were added to the staff.
    pub created_at: Ts,
    /// Whether the caller may change the member.
    pub may_change: bool,
    /// When the member was last changed; send it back as `seen` with a change.
    pub updated_at: Ts,
}

impl MemberView {
    /// Builds the view of a member at a given moment.
    pub fn new(person: Person, now: Ts, reader: &Staff) -> Self {
        let may_change = may_manage(reader, person.id, person.grants());
        let status = person.status();
        let Person {
            id,
            email,
            name,
            number,
            role,
            role_grants: _,
            group,
            department,
            capacity,
            state,
            state_since,
            has_joined: _,
            queues,
            open,
            last_seen_at,
            link_until,
            disabled_at: _,
            removed_at,
            created_at,
            updated_at,
        } = person;
        let online = staff::is_reachable(last_seen_at, now);
        Self {
            id,
            email,
            name,
            number,
            role,
            may_change,
            group,
            department,
            queues,
            capacity,
            open,
            status,
            state,
            state_since,
            online,
            last_seen_at,
            link_until,
            removed_at,
            created_at,
            updated_at,
        }
    }

    /// Reads a member.
    pub async fn read(tx: &mut db::Tx, tenant: TenantId, agent: AgentId, reader: &Staff) -> store::Result<Self> {
        let now = tx.now();
        Ok(Self::new(store::staff::roster::get(tx, tenant, agent).await?, now, reader))
    }
}
