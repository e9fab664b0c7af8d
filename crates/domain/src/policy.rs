//! Permissions: which member of staff may do what. Every handler checks them after it has loaded the object and before it changes anything.

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

use crate::{
    conversation::{Conversation, State},
    id::{AgentId, TenantId},
    staff::Role,
};

/// A signed-in member of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    /// The id of the member.
    pub agent: AgentId,
    /// The company they belong to.
    pub tenant: TenantId,
    /// The permissions they hold.
    pub grants: Grants,
    /// The name customers see.
    pub name: String,
    /// The number customers see.
    pub number: String,
}

impl Staff {
    /// Whether they hold a permission, whatever its scope.
    pub fn may(&self, permission: Permission) -> bool {
        self.grants.holds(permission)
    }
}

/// How far a permission reaches; each scope includes the ones before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// What belongs to the member, what waits for anybody, and left messages that nobody has handled.
    Own,
    /// What belongs to agents.
    Agents,
    /// Everything of the company.
    Company,
}

/// A set of permissions, each with its scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grants([Option<Scope>; Permission::EACH.len()]);

impl Grants {
    /// The permissions of a role. Roles are defined in terms of permissions here and nowhere else.
    pub fn of(role: Role) -> Self {
        Self(Permission::EACH.map(|permission| permission.reach(role)))
    }
    /// The scope of a permission; `None` if it is not held.
    pub fn scope(self, permission: Permission) -> Option<Scope> {
        self.0[permission as usize]
    }
    /// Whether a permission is held, whatever its scope.
    pub fn holds(self, permission: Permission) -> bool {
        self.scope(permission).is_some()
    }
    /// Whether a permission is held with at least this scope.
    pub fn reaches(self, permission: Permission, scope: Scope) -> bool {
        self.scope(permission) >= Some(scope)
    }
}

macro_rules! permissions {
    ($($(#[doc = $about:literal])+ $permission:ident $(as $name:literal)?: $agent:expr, $manager:expr, $administrator:expr;)+) => {
        /// What a member of staff may be allowed to do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Permission {
            $($(#[doc = $about])+ $permission,)+
        }

        impl Permission {
            /// All permissions, in the order of their numbers.
            pub const EACH: [Self; [$(stringify!($permission)),+].len()] = [$(Self::$permission),+];

            /// The name under which pages receive it; `None` if they do not.
            pub const fn name(self) -> Option<&'static str> {
                match self {
                    $(Self::$permission => permissions!(@name $($name)?),)+
                }
            }

            /// The scope of the permission in a role; `None` if the role does not hold it.
            const fn reach(self, role: Role) -> Option<Scope> {
                match (self, role) {
                    $(
                        (Self::$permission, Role::Agent) => $agent,
                        (Self::$permission, Role::Manager) => $manager,
                        (Self::$permission, Role::Administrator) => $administrator,
                    )+
                }
            }

            #[cfg(test)]
            const fn about(self) -> &'static str {
                match self {
                    $(Self::$permission => concat!($($about),+),)+
                }
            }
        }
    };
    (@name $name:literal) => { Some($name) };
    (@name) => { None };
}

const OWN: Option<Scope> = Some(Scope::Own);
const AGENTS: Option<Scope> = Some(Scope::Agents);
const COMPANY: Option<Scope> = Some(Scope::Company);
const NO: Option<Scope> = None;

// The scope of each permission for an agent, a manager and an administrator. Pages receive those that have a name. docs/PERMISSIONS.md is generated from this.
permissions! {
    /// Serve conversations: one's own, waiting ones and unhandled left messages, or all of the company's.
    Desk as "desk": OWN, COMPANY, COMPANY;
    /// See the panels and the lists behind their numbers, and put together boards.
    Panel as "panel": NO, COMPANY, COMPANY;
    /// Have a day that has ended counted again.
    RecountDays as "days.recount": NO, COMPANY, COMPANY;
    /// Write canned replies.
    EditCannedReplies as "canned_replies.edit": COMPANY, COMPANY, COMPANY;
    /// Edit goods, their categories and pictures, and the texts of plans; take both off sale; import and export goods.
    EditGoods as "goods.edit": COMPANY, COMPANY, COMPANY;
    /// Decide what is offered at which price: set prices of goods, fees and allowances of plans, add new ones, and put them on sale.
    SetPrices as "goods.prices": NO, COMPANY, COMPANY;
    /// Invite, change and disable members of staff, end their sessions, and group them: agents only, or everybody.
    ManagePeople as "people.manage": NO, AGENTS, COMPANY;
    /// Set up queues: their members and opening hours.
    ManageQueues as "queues.manage": NO, COMPANY, COMPANY;
    /// Write the bot's answers into the draft, curate synonyms and the product graph, and see what customers asked that the bot could not answer well.
    CurateKnowledge as "knowledge.curate": COMPANY, COMPANY, COMPANY;
    /// Check and publish the bot's answers, restore versions, and edit categories and the test set; import and export answers.
    EditKnowledge as "knowledge.edit": NO, COMPANY, COMPANY;
    /// Connect other systems: webhooks and the event feed.
    Integrations as "integrations": NO, NO, COMPANY;
    /// Set up single sign-on: who chooses the identity provider decides who may sign in as whom.
    SetUpSingleSignOn as "single_sign_on": NO, NO, COMPANY;
    /// Set up the company and its sites.
    Settings as "settings": NO, NO, COMPANY;
    /// Follow agents' activity in real time.
    FollowAgents: NO, COMPANY, COMPANY;
    /// Create and revoke links that open the wall.
    ManageWalls: NO, COMPANY, COMPANY;
    /// See who asked about which product.
    SeeWhatIsAsked: NO, COMPANY, COMPANY;
}

impl PartialSchema for Permission {
    fn schema() -> RefOr<Schema> {
        let about = "What a member of the staff may be allowed, by name; the console shows what it is given.";
        let names = Self::EACH.into_iter().filter_map(Self::name).collect::<Vec<_>>();
        ObjectBuilder::new().schema_type(Type::String).description(Some(about)).enum_values(Some(names)).into()
    }
}
impl ToSchema for Permission {}

/// The role of the member who sets up a company.
pub const FIRST_ROLE: Role = Role::Administrator;

/// Whether a member with this role can give every other member their role; a company always keeps at least one such member.
pub fn administers(role: Role) -> bool {
    Grants::of(role).reaches(Permission::ManagePeople, Scope::Company)
}

/// Whether a member may invite, change or disable members with the role `whom`: managers agents only, administrators everybody.
pub fn may_manage(staff: &Staff, whom: Role) -> bool {
    let needed = if matches!(whom, Role::Agent) { Scope::Agents } else { Scope::Company };
    staff.grants.reaches(Permission::ManagePeople, needed)
}

/// Whether a member of staff may read a conversation: managers may read all of their company's; agents may read those that wait, those with a left message that
/// nobody has handled or an alert that nobody has acknowledged, those they serve, and those they served last while the bot has them again or once settled.
pub fn may_read(staff: &Staff, conversation: &Conversation) -> bool {
    let Conversation { tenant, state, agent, left_at, alerted_at, .. } = conversation;
    let is_for_anybody = left_at.is_some() || alerted_at.is_some();
    may_read_where_it_stands(staff, &Standing { tenant: *tenant, state: *state, agent: *agent, is_for_anybody })
}

/// The parts of a conversation that decide who may read it, which a row of a list also has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The company it belongs to.
    pub tenant: TenantId,
    /// Its current state.
    pub state: State,
    /// The agent who serves it, or served it last.
    pub agent: Option<AgentId>,
    /// Whether it contains a left message that nobody has handled, or an alert that nobody has acknowledged.
    pub is_for_anybody: bool,
}

/// The same as [`may_read`], for callers that do not have the whole conversation at hand.
pub fn may_read_where_it_stands(staff: &Staff, standing: &Standing) -> bool {
    let Standing { tenant, state, agent, is_for_anybody } = *standing;
    match staff.grants.scope(Permission::Desk) {
        _ if staff.tenant != tenant => false,
        Some(Scope::Company) => true,
        Some(_) => is_for_anybody || agent.map_or(state == State::Queued, |agent| agent == staff.agent),
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
    fn each_role_holds_what_is_written_here() {
        let held = |role: Role| Permission::EACH.into_iter().filter(|permission| Grants::of(role).holds(*permission)).collect::<Vec<_>>();
        assert_eq!(held(Role::Agent), [Permission::Desk, Permission::EditCannedReplies, Permission::EditGoods, Permission::CurateKnowledge]);
        assert_eq!(
            held(Role::Manager),
            [
                Permission::Desk,
                Permission::Panel,
                Permission::RecountDays,
                Permission::EditCannedReplies,
                Permission::EditGoods,
                Permission::SetPrices,
                Permission::ManagePeople,
                Permission::ManageQueues,
                Permission::CurateKnowledge,
                Permission::EditKnowledge,
                Permission::FollowAgents,
                Permission::ManageWalls,
                Permission::SeeWhatIsAsked,
            ]
        );
        let scopes = |permission: Permission| [Role::Agent, Role::Manager, Role::Administrator].map(|role| Grants::of(role).scope(permission));
        assert_eq!(scopes(Permission::Desk), [Some(Scope::Own), Some(Scope::Company), Some(Scope::Company)]);
        assert_eq!(scopes(Permission::ManagePeople), [None, Some(Scope::Agents), Some(Scope::Company)]);
    }

    #[test]
    fn an_administrator_holds_everything_and_no_role_reaches_further_than_the_one_above_it() {
        let [agent, manager, administrator] = [Role::Agent, Role::Manager, Role::Administrator].map(Grants::of);
        for permission in Permission::EACH {
            assert!(administrator.reaches(permission, Scope::Company), "{permission:?}");
            assert!(agent.scope(permission) <= manager.scope(permission), "{permission:?}");
        }
    }

    #[test]
    fn the_table_in_the_documentation_is_fresh() {
        let reach = |permission: Permission, role| match permission.reach(role) {
            None => "–",
            Some(Scope::Own) => "own",
            Some(Scope::Agents) => "agents",
            Some(Scope::Company) => "company",
        };
        let mut table = String::from(
            "# Permissions\n\nA test writes this page from [`policy.rs`](../crates/domain/src/policy.rs).\n\
             The scopes are *own* (what belongs to the member, what waits for anybody, and left messages that nobody has handled), *agents* (what belongs to agents) and *company* (everything \
             of the company); – means that the role does not hold the permission.\n\
             Pages receive the permissions that have a name.\n\n\
             | permission | what it allows | agent | manager | administrator |\n|---|---|---|---|---|\n",
        );
        for permission in Permission::EACH {
            let name = permission.name().map_or_else(|| format!("*{permission:?}*"), |name| format!("`{name}`"));
            let [agent, manager, administrator] = [Role::Agent, Role::Manager, Role::Administrator].map(|role| reach(permission, role));
            table += &format!("| {name} |{} | {agent} | {manager} | {administrator} |\n", permission.about());
        }
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/PERMISSIONS.md");
        if std::fs::read_to_string(path).is_ok_and(|written| written == table) {
            return;
        }
        std::fs::write(path, table).unwrap();
        panic!("docs/PERMISSIONS.md was not fresh; it has been written anew, commit it");
    }

    #[test]
    fn a_scope_holds_the_ones_before_it() {
        let manager = Grants::of(Role::Manager);
        assert!(manager.reaches(Permission::ManagePeople, Scope::Own) && manager.reaches(Permission::ManagePeople, Scope::Agents));
        assert!(!manager.reaches(Permission::ManagePeople, Scope::Company) && !manager.reaches(Permission::Settings, Scope::Own));
    }
}
