//! What the console knows of the one who uses it.

use domain::{
    id::{AgentId, InboxId, TenantId},
    policy::{Grants, Permission},
    staff::{AgentState, Role},
    text::Bilingual,
    time::Ts,
};
use serde::Serialize;
use store::{staff::Member, tenants::Tenant};
use utoipa::ToSchema;

use crate::{App, problem::Problem};

/// A company as its staff see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyTenant {
    /// Its id, and the name of its stream.
    pub id: TenantId,
    /// Its short name: what one signs in with where there are several companies.
    pub key: String,
    /// What it calls itself.
    pub name: Bilingual,
}

/// The signed-in member of the staff.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    /// Who; also the stream of one's states.
    pub agent: AgentId,
    /// The stream of what one is given.
    pub inbox: InboxId,
    /// Whose staff.
    pub tenant: MyTenant,
    /// The name customers see.
    pub name: String,
    /// The number customers see.
    pub number: String,
    /// The address one signs in with.
    pub email: String,
    /// The role.
    pub role: Role,
    /// Whether one takes conversations.
    pub state: AgentState,
    /// Since when.
    pub state_since: Ts,
    /// Conversations at once.
    pub capacity: i64,
    /// The company's IANA time zone.
    pub time_zone: String,
    /// What one may do; the console shows no more.
    #[schema(value_type = Vec<Permission>)]
    pub permissions: Vec<&'static str>,
}

impl Me {
    /// Puts a member and their company together.
    pub fn new(member: Member, tenant: Tenant) -> Self {
        let Member { id, tenant: _, inbox, email, name, number, role, password_hash: _, state, state_since, capacity, created_at: _ } = member;
        let permissions = Permission::EACH.into_iter().filter(|permission| Grants::of(role).holds(*permission)).filter_map(Permission::name).collect();
        let Tenant { id: tenant, slug: key, name: tenant_name, time_zone, .. } = tenant;
        let tenant = MyTenant { id: tenant, key, name: tenant_name };
        Self { agent: id, inbox, tenant, name, number, email, role, state, state_since, capacity, time_zone, permissions }
    }
    /// Reads a member as the console sees them.
    pub async fn read(app: &App, tenant: TenantId, agent: AgentId) -> Result<Self, Problem> {
        let mut tx = app.db().read().await?;
        Ok(Self::new(store::staff::get(&mut tx, tenant, agent).await?, store::tenants::get(&mut tx, tenant).await?))
    }
}
