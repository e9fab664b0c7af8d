//! Who may do what. Every handler asks here after it loaded the object and before it changes anything.

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

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
    /// What they may do.
    pub grants: Grants,
    /// The name customers see.
    pub name: String,
    /// The number customers see.
    pub number: String,
}

impl Staff {
    /// Whether they hold a permission, however far it reaches.
    pub fn may(&self, permission: Permission) -> bool {
        self.grants.holds(permission)
    }
}

/// How far a permission reaches; each scope holds the ones before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// What is one's own, and what waits for anybody.
    Own,
    /// What is the agents'.
    Agents,
    /// All of the company's.
    Company,
}

/// Permissions, and how far each of them reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grants([Option<Scope>; Permission::EACH.len()]);

impl Grants {
    /// Those of a role. Roles are made of permissions here and nowhere else.
    pub fn of(role: Role) -> Self {
        Self(Permission::EACH.map(|permission| reach(role, permission)))
    }
    /// How far a permission reaches, if it is held.
    pub fn scope(self, permission: Permission) -> Option<Scope> {
        self.0[permission as usize]
    }
    /// Whether a permission is held, however far it reaches.
    pub fn holds(self, permission: Permission) -> bool {
        self.scope(permission).is_some()
    }
    /// Whether a permission reaches at least so far.
    pub fn reaches(self, permission: Permission, scope: Scope) -> bool {
        self.scope(permission) >= Some(scope)
    }
}

/// What a member of the staff may be allowed, by name; the console shows what it is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// Serve conversations: one's own and those that wait, or all of the company's.
    Desk,
    /// See the panels and the lists behind their numbers.
    Panel,
    /// Write canned replies.
    EditCannedReplies,
    /// Edit goods, their categories and pictures.
    EditGoods,
    /// Invite, change, disable members of the staff, and group them; whom exactly, [`may_manage`] says.
    ManagePeople,
    /// Set queues up: who serves them, when they are open.
    ManageQueues,
    /// Write and publish what the bot answers.
    EditKnowledge,
    /// Connect other systems: webhooks and the feed of events.
    Integrations,
    /// Set company and sites up.
    Settings,
    /// Follow what agents do, as it happens.
    FollowAgents,
    /// Make and revoke links that open the wall.
    ManageWalls,
    /// See who asked about which product.
    SeeWhatIsAsked,
}

impl Permission {
    /// All of them, in the order of their numbers.
    pub const EACH: [Self; 12] = [
        Self::Desk,
        Self::Panel,
        Self::EditCannedReplies,
        Self::EditGoods,
        Self::ManagePeople,
        Self::ManageQueues,
        Self::EditKnowledge,
        Self::Integrations,
        Self::Settings,
        Self::FollowAgents,
        Self::ManageWalls,
        Self::SeeWhatIsAsked,
    ];
    /// Those that pages are told of, by name.
    pub const NAMED: [(Self, &'static str); 9] = [
        (Self::Desk, "desk"),
        (Self::Panel, "panel"),
        (Self::EditCannedReplies, "canned_replies.edit"),
        (Self::EditGoods, "goods.edit"),
        (Self::ManagePeople, "people.manage"),
        (Self::ManageQueues, "queues.manage"),
        (Self::EditKnowledge, "knowledge.edit"),
        (Self::Integrations, "integrations"),
        (Self::Settings, "settings"),
    ];
}

impl PartialSchema for Permission {
    fn schema() -> RefOr<Schema> {
        let about = "What a member of the staff may be allowed, by name; the console shows what it is given.";
        let names = Self::NAMED.map(|(_, name)| name);
        ObjectBuilder::new().schema_type(Type::String).description(Some(about)).enum_values(Some(names)).into()
    }
}
impl ToSchema for Permission {}

/// How far a permission of a role reaches, if it holds it.
const fn reach(role: Role, permission: Permission) -> Option<Scope> {
    match (permission, role) {
        (Permission::EditCannedReplies | Permission::EditGoods, _) | (_, Role::Administrator) | (Permission::Desk, Role::Manager) => Some(Scope::Company),
        (Permission::Desk, Role::Agent) => Some(Scope::Own),
        (Permission::ManagePeople, Role::Manager) => Some(Scope::Agents),
        (Permission::Integrations | Permission::Settings, Role::Manager) | (_, Role::Agent) => None,
        (_, Role::Manager) => Some(Scope::Company),
    }
}

/// The role of whoever sets a company up.
pub const FIRST_ROLE: Role = Role::Administrator;

/// Whether somebody in a role can give every other member their role: a company keeps at least one.
pub fn administers(role: Role) -> bool {
    Grants::of(role).reaches(Permission::ManagePeople, Scope::Company)
}

/// Whether somebody may invite, change or disable members in a role: managers agents only, administrators everybody.
pub fn may_manage(staff: &Staff, whom: Role) -> bool {
    let needed = if matches!(whom, Role::Agent) { Scope::Agents } else { Scope::Company };
    staff.grants.reaches(Permission::ManagePeople, needed)
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
    match staff.grants.scope(Permission::Desk) {
        _ if staff.tenant != tenant => false,
        Some(Scope::Company) => true,
        Some(_) => is_left || agent.map_or(state == State::Queued, |agent| agent == staff.agent),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(role: Role) -> Staff {
        let uuid = uuid::Uuid::nil();
        Staff { agent: AgentId::new(uuid), tenant: TenantId::new(uuid), grants: Grants::of(role), name: String::new(), number: String::new() }
    }

    #[test]
    fn managers_manage_agents_and_administrators_everybody() {
        let may = |by: Role| Role::EACH.iter().copied().filter(|whom| may_manage(&member(by), *whom)).collect::<Vec<_>>();
        assert_eq!(may(Role::Agent), []);
        assert_eq!(may(Role::Manager), [Role::Agent]);
        assert_eq!(may(Role::Administrator), Role::EACH);
    }

    #[test]
    fn each_permission_has_its_own_place_and_a_scope_that_its_role_gives_it() {
        for (place, permission) in Permission::EACH.into_iter().enumerate() {
            assert_eq!(permission as usize, place);
        }
        let held = |role: Role| Permission::EACH.into_iter().filter(|permission| Grants::of(role).holds(*permission)).collect::<Vec<_>>();
        assert_eq!(held(Role::Agent), [Permission::Desk, Permission::EditCannedReplies, Permission::EditGoods]);
        assert_eq!(held(Role::Manager).len(), Permission::EACH.len() - 2);
        assert_eq!(held(Role::Administrator), Permission::EACH);
        assert_eq!(
            Role::EACH.iter().map(|role| Grants::of(*role).scope(Permission::Desk)).collect::<Vec<_>>(),
            [Some(Scope::Own), Some(Scope::Company), Some(Scope::Company)]
        );
    }

    #[test]
    fn a_scope_holds_the_ones_before_it() {
        let manager = Grants::of(Role::Manager);
        assert!(manager.reaches(Permission::ManagePeople, Scope::Own) && manager.reaches(Permission::ManagePeople, Scope::Agents));
        assert!(!manager.reaches(Permission::ManagePeople, Scope::Company) && !manager.reaches(Permission::Settings, Scope::Own));
    }
}
