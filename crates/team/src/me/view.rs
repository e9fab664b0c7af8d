//! What the console knows about the signed-in member.

use domain::{
    id::{AgentId, InboxId, TenantId},
    policy::{Contact, Grant, GrantList, Grants, PermissionName},
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
    /// The name that the company gave the role; `null` for a built-in one.
    #[schema(required)]
    pub role_name: Option<String>,
    /// Whether they look at the console as this role would, and can change nothing: `role`, `permissions`, `grants` and `hides` are then those of that role.
    pub is_viewing: bool,
    /// Whether they take conversations.
    pub state: AgentState,
    /// Since when they have been in this state.
    pub state_since: Ts,
    /// Why, in the words of who set it.
    #[schema(required)]
    pub state_reason: Option<String>,
    /// The name of who set it, if that was somebody else.
    #[schema(required)]
    pub state_by: Option<String>,
    /// The most conversations they serve at once.
    pub capacity: i64,
    /// The company's IANA time zone.
    pub time_zone: String,
    /// The currency of the company's prices, an ISO 4217 code.
    pub currency: String,
    /// Their permissions; the console shows nothing that needs others.
    #[schema(value_type = Vec<PermissionName>)]
    pub permissions: Vec<&'static str>,
    /// The same with how far each reaches.
    pub grants: Vec<Grant>,
    /// The contacts of customers that are masked for them.
    pub hides: Vec<Contact>,
}

impl Me {
    /// Combines a member with their company, its currency and the name of their role.
    pub fn new(member: Member, of: Grants, (tenant, currency): (Tenant, String), role_name: Option<String>) -> Self {
        let Member { id, tenant: _, inbox, email, name, number, role, role_grants: _, group: _, password_hash: _, state, state_since, capacity, created_at: _ } =
            member;
        let (permissions, GrantList { grants, hides }) = (of.names(), of.list());
        let Tenant { id: tenant, slug: key, name: tenant_name, time_zone, .. } = tenant;
        let tenant = MyTenant { id: tenant, key, name: tenant_name };
        Self {
            agent: id,
            inbox,
            tenant,
            name,
            number,
            email,
            role,
            role_name,
            is_viewing: false,
            state,
            state_since,
            state_reason: None,
            state_by: None,
            capacity,
            time_zone,
            currency,
            permissions,
            grants,
            hides,
        }
    }
    /// A member as the console sees them.
    pub async fn of(tx: &mut db::Tx, member: Member, grants: Grants) -> store::Result<Self> {
        let tenant = store::tenants::get(tx, member.tenant).await?;
        let role_name = store::roles::name_of(tx, member.tenant, member.role).await?;
        let currency = service::catalogue::currency(tx, tenant.id).await?;
        let note = store::staff::states::notes(tx, member.tenant, Some(member.id)).await?.into_iter().next();
        let (state_reason, state_by) = note.map(|note| (note.state_reason, note.state_by)).unwrap_or_default();
        Ok(Self { state_reason, state_by, ..Self::new(member, grants, (tenant, currency), role_name) })
    }
    /// Reads a member as the console sees them.
    pub async fn read(app: &App, tenant: TenantId, agent: AgentId) -> Result<Self, Problem> {
        let mut tx = app.db().read_of(tenant).await?;
        let member = store::staff::get(&mut tx, tenant, agent).await?;
        let grants = member.grants();
        Ok(Self::of(&mut tx, member, grants).await?)
    }
}
