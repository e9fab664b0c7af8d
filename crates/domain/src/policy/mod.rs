//! Permissions: which member of staff may do what. Every handler checks them after it has loaded the object and before it changes anything.
//!
//! [`permissions`] has the table of what there is and what the built-in roles hold, [`reach`] how a permission relates a member to objects, and [`objects`] what
//! that means for conversations and people.

pub mod objects;
pub mod permissions;
pub mod reach;

use std::{collections::BTreeSet, sync::Arc};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use self::permissions::{ROWS, row_of};
pub use self::{
    objects::{
        Standing, is_called, may_give, may_manage, may_note, may_place, may_place_in_department, may_read, may_read_where_it_stands, may_serve,
        may_serve_where_it_stands, serves_queue,
    },
    permissions::{OverConversations, OverPeople, Permission, PermissionName, Right},
    reach::{Reach, Reaches},
};
pub use crate::contact_kind::{Contact, HiddenContacts};
use crate::{
    id::{AgentId, DepartmentId, GroupId, QueueId, TenantId},
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
    /// Whom and what their reaches relate them to.
    pub circle: Arc<Circle>,
    /// The name customers see.
    pub name: String,
    /// The number customers see.
    pub number: String,
}

/// Whom and what the reaches of a member relate them to. Only what their reaches need is filled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Circle {
    /// The queues they serve.
    pub queues: BTreeSet<QueueId>,
    /// The group they belong to.
    pub own_group: Option<GroupId>,
    /// Their department and those below it.
    pub departments: BTreeSet<DepartmentId>,
    /// The groups of their department and of those below it.
    pub groups: BTreeSet<GroupId>,
    /// The members of their group.
    pub group: BTreeSet<AgentId>,
    /// The members of their department and of those below it.
    pub department: BTreeSet<AgentId>,
}

impl Staff {
    /// Whether they hold a permission that has no object.
    pub fn may(&self, permission: Permission) -> bool {
        self.grants.holds(permission)
    }
    /// Whether they administer the company.
    pub fn administers(&self) -> bool {
        self.grants.administer()
    }
    /// Whether they may read all conversations of the company.
    pub fn reads_everything(&self) -> bool {
        self.grants.everywhere(OverConversations::Desk) || self.grants.everywhere(OverConversations::Read)
    }
    /// Whether a member is themselves or within one of these reaches.
    pub fn reaches_member(&self, reaches: Reaches, agent: AgentId) -> bool {
        reaches.contains(Reach::Company)
            || (reaches.contains(Reach::Own) && agent == self.agent)
            || (reaches.contains(Reach::Group) && self.circle.group.contains(&agent))
            || (reaches.contains(Reach::Department) && self.circle.department.contains(&agent))
    }
}

/// The permissions of a member, each with its reaches, and the contacts that are hidden from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Grants {
    reaches: [Reaches; ROWS.len()],
    hidden: HiddenContacts,
}

/// Why a list of grants was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GrantError {
    /// There is no such permission.
    #[error("there is no permission {0:?}")]
    Unknown(String),
    /// A permission cannot have this reach.
    #[error("{0} cannot reach {1}")]
    Reach(String, &'static str),
    /// A permission is listed twice, or without a reach.
    #[error("{0} must be listed once, with at least one reach")]
    Listed(String),
}

/// A permission with its reaches, as it is stored and sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// The permission.
    #[schema(value_type = PermissionName)]
    pub permission: String,
    /// How far it reaches: at least one. `company` covers every other reach.
    pub reach: Vec<Reach>,
}

/// What a role holds, as it is stored and sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantList {
    /// The permissions, each with its reaches.
    pub grants: Vec<Grant>,
    /// The contacts of customers that are masked.
    #[serde(default)]
    pub hides: Vec<Contact>,
}

impl Grant {
    /// A permission with those of these reaches that exist.
    pub fn of_names(permission: String, reaches: &[String]) -> Self {
        Self { permission, reach: reaches.iter().filter_map(|reach| Reach::parse(reach)).collect() }
    }
}

impl Grants {
    /// No permission at all.
    pub const NONE: Self = Self { reaches: [Reaches::NONE; ROWS.len()], hidden: HiddenContacts::NONE };

    /// The permissions of a built-in role; a composed one has its own, which are stored with it.
    pub fn of(role: Role) -> Self {
        let Some(column) = role.column() else { return Self::NONE };
        let mut reaches = [Reaches::NONE; ROWS.len()];
        for (held, row) in reaches.iter_mut().zip(&ROWS) {
            *held = row.built_in[column];
        }
        Self { reaches, hidden: HiddenContacts::NONE }
    }
    /// The reaches of a permission.
    pub fn reach(self, right: impl Right) -> Reaches {
        self.reaches.get(right.row()).copied().unwrap_or_default()
    }
    /// Whether a permission is held, whatever its reach.
    pub fn holds(self, right: impl Right) -> bool {
        !self.reach(right).is_empty()
    }
    /// Whether a permission covers the whole company.
    pub fn everywhere(self, right: impl Right) -> bool {
        self.reach(right).contains(Reach::Company)
    }
    /// Whether these are everything that there is: a member who holds it administers the company, whatever the role is called, and can give everybody every role.
    /// A company always keeps at least one such member.
    pub fn administer(self) -> bool {
        self.cover(Self::of(Role::Administrator))
    }
    /// The kinds of contacts that are hidden.
    pub const fn hidden_contacts(self) -> HiddenContacts {
        self.hidden
    }
    /// Whether nothing in `other` goes beyond these, and nothing that these hide is shown by it.
    pub fn cover(self, other: Self) -> bool {
        self.reaches.iter().zip(&other.reaches).all(|(own, other)| own.covers(*other)) && self.hidden.is_within(other.hidden)
    }

    /// Reads a list; every permission must exist, be listed once, and be able to have its reaches.
    pub fn parse(list: &GrantList) -> Result<Self, GrantError> {
        let mut all = Self::NONE;
        for Grant { permission, reach } in &list.grants {
            let row = row_of(permission).ok_or_else(|| GrantError::Unknown(permission.clone()))?;
            let given: Reaches = reach.iter().copied().collect();
            let (possible, held) = (ROWS.get(row).map(|row| row.possible).unwrap_or_default(), all.reaches.get_mut(row));
            if let Some(impossible) = given.each().find(|reach| !possible.contains(*reach)) {
                return Err(GrantError::Reach(permission.clone(), impossible.as_str()));
            }
            match held {
                Some(held) if held.is_empty() && !given.is_empty() => *held = given,
                _ => return Err(GrantError::Listed(permission.clone())),
            }
        }
        all.hidden = list.hides.iter().copied().collect();
        Ok(all)
    }
    /// What of a list exists here; the rest is not held.
    pub fn known(list: impl IntoIterator<Item = Grant>) -> Self {
        let mut all = Self::NONE;
        for Grant { permission, reach } in list {
            if let Some(row) = row_of(&permission)
                && let (Some(row), Some(held)) = (ROWS.get(row), all.reaches.get_mut(row))
            {
                *held = reach.into_iter().filter(|reach| row.possible.contains(*reach)).collect();
            }
        }
        all
    }
    /// Reads a stored list. What an earlier or later release does not know is not held.
    pub fn from_stored(json: &str) -> Option<Self> {
        #[derive(Deserialize)]
        struct Stored {
            grants: Vec<StoredGrant>,
            hides: Vec<String>,
        }
        #[derive(Deserialize)]
        struct StoredGrant {
            permission: String,
            reach: Vec<String>,
        }
        let Stored { grants, hides } = serde_json::from_str(json).ok()?;
        let mut all = Self::known(grants.into_iter().map(|StoredGrant { permission, reach }| Grant::of_names(permission, &reach)));
        // A kind of contact that is not known here cannot be shown here.
        all.hidden = hides.iter().filter_map(|contact| Contact::parse(contact)).collect();
        Some(all)
    }
    /// The form that is stored, which [`Self::from_stored`] reads.
    pub fn to_stored(self) -> String {
        serde_json::to_string(&self.list()).unwrap_or_default()
    }
    /// The list that is sent.
    pub fn list(self) -> GrantList {
        let held = ROWS.iter().zip(self.reaches).filter(|(_, reaches)| !reaches.is_empty());
        GrantList {
            grants: held.map(|(row, reaches)| Grant { permission: row.name.to_owned(), reach: reaches.each().collect() }).collect(),
            hides: Contact::EACH.iter().copied().filter(|contact| self.hidden.contains(*contact)).collect(),
        }
    }
    /// The names of the permissions that are held, whatever their reach.
    pub fn names(self) -> Vec<&'static str> {
        ROWS.iter().zip(self.reaches).filter(|(_, reaches)| !reaches.is_empty()).map(|(row, _)| row.name).collect()
    }
}

/// The role of the member who sets up a company.
pub const FIRST_ROLE: Role = Role::Administrator;

/// The role with the fewest permissions. The record of a program names it, where it decides nothing: a program may do what its token holds.
pub const LEAST_ROLE: Role = Role::Agent;

#[cfg(test)]
mod tests;
