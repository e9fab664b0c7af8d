//! A member of the staff on the wire, as those see them who manage them.

use domain::{
    id::{AgentId, GroupId, QueueId, TenantId},
    staff::{self, AgentState, MemberStatus, Role},
    time::Ts,
};
use serde::Serialize;
use store::staff::roster::Person;
use utoipa::ToSchema;

/// A member of the staff.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Member)]
pub struct MemberView {
    /// Who.
    pub id: AgentId,
    /// The address they sign in with.
    pub email: String,
    /// The name customers see.
    pub name: String,
    /// The number customers see.
    pub number: String,
    /// The role.
    pub role: Role,
    /// Their group.
    #[schema(required)]
    pub group: Option<GroupId>,
    /// The queues that name them; they serve also those that everybody serves.
    pub queues: Vec<QueueId>,
    /// Conversations at once.
    pub capacity: i64,
    /// Conversations they serve now.
    pub open: i64,
    /// Whether they can sign in.
    pub status: MemberStatus,
    /// Whether they take conversations.
    pub state: AgentState,
    /// Since when.
    pub state_since: Ts,
    /// Whether their console is connected.
    pub online: bool,
    /// When their console was last heard of.
    #[schema(required)]
    pub last_seen_at: Option<Ts>,
    /// Until when their last one-time link may be used, if it may.
    #[schema(required)]
    pub link_until: Option<Ts>,
    /// Since when they belong to the staff.
    pub created_at: Ts,
    /// When this was last changed; hand it back as `seen`.
    pub updated_at: Ts,
}

impl MemberView {
    /// A member as they are at a moment.
    pub fn new(person: Person, now: Ts) -> Self {
        let status = person.status();
        let Person {
            id,
            email,
            name,
            number,
            role,
            group,
            capacity,
            state,
            state_since,
            has_joined: _,
            queues,
            open,
            last_seen_at,
            link_until,
            disabled_at: _,
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
            group,
            queues,
            capacity,
            open,
            status,
            state,
            state_since,
            online,
            last_seen_at,
            link_until,
            created_at,
            updated_at,
        }
    }

    /// Reads one.
    pub async fn read(tx: &mut db::Tx, tenant: TenantId, agent: AgentId) -> store::Result<Self> {
        let now = tx.now();
        Ok(Self::new(store::staff::roster::get(tx, tenant, agent).await?, now))
    }
}
