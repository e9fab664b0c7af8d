//! A role on the wire.

use domain::{
    policy::{Contact, Grant, GrantList, Grants, PermissionName, Reach, permissions::ROWS},
    staff::Role,
    time::Ts,
};
use serde::Serialize;
use store::roles::ComposedRole;
use utoipa::ToSchema;

/// A role.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RoleView)]
pub struct RoleView {
    /// The name of a built-in role, or the id of one that the company composed.
    pub id: Role,
    /// The name that the company gave it; `null` for a built-in role.
    #[schema(required)]
    pub name: Option<String>,
    /// What it is for; empty for a built-in role.
    pub about: String,
    /// What its members hold.
    pub grants: Vec<Grant>,
    /// The contacts of customers that are masked for its members.
    pub hides: Vec<Contact>,
    /// How many members have it, disabled ones included.
    pub members: i64,
    /// Whether the caller may give it to others.
    pub may_give: bool,
    /// When it was last changed; send it back as `seen` with a change. `null` for a built-in role, which never changes.
    #[schema(required)]
    pub updated_at: Option<Ts>,
}

impl RoleView {
    /// A built-in role.
    pub fn built_in(role: Role, members: i64, may_give: bool) -> Self {
        let GrantList { grants, hides } = Grants::of(role).list();
        Self { id: role, name: None, about: String::new(), grants, hides, members, may_give, updated_at: None }
    }
    /// A role that the company composed.
    pub fn composed(role: ComposedRole, members: i64, may_give: bool) -> Self {
        let ComposedRole { id, name, about, grants, created_at: _, updated_at } = role;
        let GrantList { grants, hides } = grants.list();
        Self { id: Role::Composed(id), name: Some(name), about, grants, hides, members, may_give, updated_at: Some(updated_at) }
    }
}

/// A permission of which roles are composed.
#[derive(Debug, Serialize, ToSchema)]
pub struct PermissionView {
    /// The permission.
    #[schema(value_type = PermissionName)]
    pub permission: &'static str,
    /// The reaches that it can have.
    pub reach: Vec<Reach>,
}

/// All permissions, in the order in which they are shown.
pub fn permissions() -> Vec<PermissionView> {
    ROWS.iter().map(|row| PermissionView { permission: row.name, reach: row.possible.each().collect() }).collect()
}
