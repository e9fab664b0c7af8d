//! Adding members of the staff.

use db::Tx;
use domain::{
    id::{AgentId, InboxId, TenantId},
    staff::{AgentState, Role},
};
use serde::{Deserialize, Serialize};
use store::staff::Member;

use crate::env::Env;

/// A member to be added.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewMember {
    /// What they are.
    pub role: Role,
    /// The name customers see.
    pub name: String,
    /// The address they sign in with.
    pub email: String,
    /// The number customers see; the next free one if none is given.
    #[serde(default)]
    pub number: Option<String>,
    /// Conversations at once.
    pub capacity: i64,
}

impl NewMember {
    /// What is wrong with it, if anything is.
    pub fn complaint(&self) -> Option<&'static str> {
        let line = |text: &str, max: usize| !text.trim().is_empty() && text.chars().count() <= max && !text.chars().any(char::is_control);
        if !line(&self.name, 40) {
            Some("a name has 1 to 40 characters")
        } else if !line(&self.email, 254) || !self.email.contains('@') || self.email.contains(char::is_whitespace) {
            Some("the address is not one")
        } else if !(1..=100).contains(&self.capacity) {
            Some("a capacity is 1 to 100")
        } else {
            None
        }
    }
    /// The member with its ids, not at work yet. An empty number stands for the next free one.
    pub fn prepare(self, env: &Env, tenant: TenantId) -> Member {
        let now = env.now();
        Member {
            id: AgentId::new(env.uuid()),
            tenant,
            inbox: InboxId::new(env.uuid()),
            email: self.email.to_lowercase(),
            name: self.name,
            number: self.number.unwrap_or_default(),
            role: self.role,
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
