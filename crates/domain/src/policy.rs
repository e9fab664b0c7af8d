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
    /// Connect other systems: webhooks and the feed of events.
    Integrations,
}

impl Permission {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Desk, Self::Panel, Self::EditCannedReplies, Self::Integrations];
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Desk => "desk",
            Self::Panel => "panel",
            Self::EditCannedReplies => "canned_replies.edit",
            Self::Integrations => "integrations",
        }
    }
}

/// Whether a role holds a permission.
pub const fn role_may(role: Role, permission: Permission) -> bool {
    match permission {
        Permission::Desk | Permission::EditCannedReplies => true,
        Permission::Panel => matches!(role, Role::Manager | Role::Administrator),
        Permission::Integrations => matches!(role, Role::Administrator),
    }
}

/// Whether a member of the staff may read a conversation: managers all of their company's; agents those that wait, those they serve, and, once settled, those they served.
pub fn may_read(staff: &Staff, conversation: &Conversation) -> bool {
    if staff.tenant != conversation.tenant {
        return false;
    }
    match staff.role {
        Role::Manager | Role::Administrator => true,
        Role::Agent => conversation.agent.map_or(conversation.state == State::Queued, |agent| agent == staff.agent),
    }
}
