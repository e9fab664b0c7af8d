//! Who may do what. Every handler asks here after it loaded the object and before it changes anything.

use utoipa::ToSchema;

use crate::{
    conversation::{Conversation, State},
    id::{AgentId, TenantId},
    staff::Role,
};

/// A signed-in member of the staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    /// Who.
    pub agent: AgentId,
    /// Of which company.
    pub tenant: TenantId,
    /// In which role.
    pub role: Role,
    /// The name customers see.
    pub name: String,
    /// The number customers see.
    pub number: String,
}

/// What a member of the staff may be allowed, by name; the console shows what it is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Permission {
    /// Serve conversations.
    Desk,
    /// See the panels and the lists behind their numbers.
    Panel,
    /// Write canned replies.
    #[schema(rename = "canned_replies.edit")]
    EditCannedReplies,
    /// Edit goods, their categories and pictures.
    #[schema(rename = "goods.edit")]
    EditGoods,
    /// Invite, change, disable members of the staff, and group them; whom exactly, [`may_manage`] says.
    #[schema(rename = "people.manage")]
    ManagePeople,
    /// Set queues up: who serves them, when they are open.
    #[schema(rename = "queues.manage")]
    ManageQueues,
    /// Write and publish what the bot answers.
    #[schema(rename = "knowledge.edit")]
    EditKnowledge,
    /// Connect other systems: webhooks and the feed of events.
    Integrations,
    /// Set company and sites up.
    Settings,
}

impl Permission {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Desk,
        Self::Panel,
        Self::EditCannedReplies,
        Self::EditGoods,
        Self::ManagePeople,
        Self::ManageQueues,
        Self::EditKnowledge,
        Self::Integrations,
        Self::Settings,
    ];
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Desk => "desk",
            Self::Panel => "panel",
            Self::EditCannedReplies => "canned_replies.edit",
            Self::EditGoods => "goods.edit",
            Self::ManagePeople => "people.manage",
            Self::ManageQueues => "queues.manage",
            Self::EditKnowledge => "knowledge.edit",
            Self::Integrations => "integrations",
            Self::Settings => "settings",
        }
    }
}

/// Whether a role holds a permission.
pub const fn role_may(role: Role, permission: Permission) -> bool {
    match permission {
        Permission::Desk | Permission::EditCannedReplies | Permission::EditGoods => true,
        Permission::Panel | Permission::ManagePeople | Permission::ManageQueues | Permission::EditKnowledge => {
            matches!(role, Role::Manager | Role::Administrator)
        }
        Permission::Integrations | Permission::Settings => matches!(role, Role::Administrator),
    }
}

/// Whether somebody in one role may invite, change or disable members in another: managers agents only, administrators everybody.
pub const fn may_manage(by: Role, whom: Role) -> bool {
    match by {
        Role::Agent => false,
        Role::Manager => matches!(whom, Role::Agent),
        Role::Administrator => true,
    }
}

/// Whether a member of the staff may read a conversation: managers all of their company's; agents those that wait, those in which
/// a message was left that nobody has taken care of, those they serve, and, once settled, those they served.
pub fn may_read(staff: &Staff, conversation: &Conversation) -> bool {
    let Conversation { tenant, state, agent, left_at, .. } = conversation;
    may_read_where_it_stands(staff, &Standing { tenant: *tenant, state: *state, agent: *agent, is_left: left_at.is_some() })
}

/// As much of a conversation as it takes to say who may read it: what a row of a list has too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Of which company.
    pub tenant: TenantId,
    /// Where it stands.
    pub state: State,
    /// Who serves it, or served it last.
    pub agent: Option<AgentId>,
    /// Whether a message was left in it that nobody has taken care of.
    pub is_left: bool,
}

/// The same as [`may_read`], for who has not the whole conversation at hand.
pub fn may_read_where_it_stands(staff: &Staff, standing: &Standing) -> bool {
    let Standing { tenant, state, agent, is_left } = *standing;
    match staff.role {
        _ if staff.tenant != tenant => false,
        Role::Manager | Role::Administrator => true,
        Role::Agent => is_left || agent.map_or(state == State::Queued, |agent| agent == staff.agent),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn managers_manage_agents_and_administrators_everybody() {
        let may = |by: Role| Role::EACH.iter().copied().filter(|whom| may_manage(by, *whom)).collect::<Vec<_>>();
        assert_eq!(may(Role::Agent), []);
        assert_eq!(may(Role::Manager), [Role::Agent]);
        assert_eq!(may(Role::Administrator), Role::EACH);
    }
}
