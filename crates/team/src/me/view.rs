//! What the console knows about the signed-in member.

use domain::{
    id::{AgentId, InboxId, TenantId},
    policy::{Grants, Permission},
    staff::{AgentState, Role},
    text::Bilingual,
    time::Ts,
};
use http_kit::{App, problem::Problem};
use serde::Serialize;
use store::{staff::Member, tenants::Tenant};
use utoipa::ToSchema;

/// A company as its staff see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyTenant {
    /// The company's id, which is also the name of its stream.
    pub id: TenantId,
    /// The company's short name, used to sign in where there are several companies.
    pub key: String,
    /// The company's name.
    pub name: Bilingual,
}

/// The signed-in member of staff.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    /// The member's id, which also names the stream of their states.
    pub agent: AgentId,
    /// The stream of conversations assigned to them.
    pub inbox: InboxId,
    /// The company they belong to.
    pub tenant: MyTenant,
    /// The name customers see.
    pub name: String,
    /// The number customers see.
    pub number: String,
    /// The address they sign in with.
    pub email: String,
    /// Their role.
    pub role: Role,
    /// Whether they take conversations.
    pub state: AgentState,
    /// Since when they have been in this state.
    pub state_since: Ts,
    /// The most conversations they serve at once.
    pub capacity: i64,
    /// The company's IANA time zone.
    pub time_zone: String,
    /// Their permissions; the console shows nothing that needs others.
    #[schema(value_type = Vec<Permission>)]
    pub permissions: Vec<&'static str>,
}

impl Me {
    /// Combines a member, and what they may do, with their company.
    pub fn new(member: Member, grants: Grants, tenant: Tenant) -> Self {
        let Member { id, tenant: _, inbox, email, name, number, role, password_hash: _, state, state_since, capacity, created_at: _ } = member;
        let permissions = Permission::EACH.into_iter().filter(|permission| grants.holds(*permission)).filter_map(Permission::name).collect();
        let Tenant { id: tenant, slug: key, name: tenant_name, time_zone, .. } = tenant;
        let tenant = MyTenant { id: tenant, key, name: tenant_name };
        Self { agent: id, inbox, tenant, name, number, email, role, state, state_since, capacity, time_zone, permissions }
    }
    /// Reads a member as the console sees them.
    pub async fn read(app: &App, tenant: TenantId, agent: AgentId) -> Result<Self, Problem> {
        let mut tx = app.db().read().await?;
        let member = store::staff::get(&mut tx, tenant, agent).await?;
        let grants = member.staff().grants;
        Ok(Self::new(member, grants, store::tenants::get(&mut tx, tenant).await?))
    }
}
