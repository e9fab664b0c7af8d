//! Adding members of the staff.

use db::Tx;
use domain::{
    id::{AgentId, InboxId, TenantId},
    staff::{self, AgentState, PersonError, Role},
};
use platform::env::Env;
use serde::{Deserialize, Serialize};
use store::staff::Member;

/// A member to be added.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewMember {
    /// The member's role.
    pub role: Role,
    /// The name customers see.
    pub name: String,
    /// The address they sign in with.
    pub email: String,
    /// The number customers see; the next free one if omitted.
    #[serde(default)]
    pub number: Option<String>,
    /// How many conversations the member serves at once.
    pub capacity: i64,
}

impl NewMember {
    /// The member with values normalized for storage, or what is wrong with them.
    pub fn checked(self) -> Result<Self, PersonError> {
        let Self { role, name, email, number, capacity } = self;
        staff::check_capacity(capacity)?;
        let number = number.filter(|number| !number.is_empty()).map(|number| staff::number(&number)).transpose()?;
        Ok(Self { role, name: staff::name(&name)?, email: staff::new_email(&email)?.into_text(), number, capacity })
    }
    /// The member with new ids, offline at first. An empty number stands for the next free one.
    pub fn prepare(self, env: &Env, tenant: TenantId) -> Member {
        let now = env.now();
        Member {
            id: AgentId::new(env.uuid()),
            tenant,
            inbox: InboxId::new(env.uuid()),
            email: self.email,
            name: self.name,
            number: self.number.unwrap_or_default(),
            role: self.role,
            role_grants: None,
            group: None,
            password_hash: None,
            state: AgentState::Offline,
            state_since: now,
            capacity: self.capacity,
            created_at: now,
        }
    }
}

/// Stores a prepared member.
pub async fn insert(tx: &mut Tx, member: &Member) -> store::Result<()> {
    let mut member = member.clone();
    if member.number.is_empty() {
        member.number = store::staff::next_number(tx, member.tenant).await?;
    }
    store::staff::insert(tx, member.tenant, &member).await
}
