//! A group on the wire.

use domain::{
    id::{DepartmentId, GroupId},
    time::Ts,
};
use serde::Serialize;
use store::groups::Group;
use utoipa::ToSchema;

/// A group of members of staff.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Group)]
pub struct GroupView {
    /// The group's id.
    pub id: GroupId,
    /// The name shown to staff.
    pub name: String,
    /// The department it belongs to; its members belong to it, too.
    #[schema(required)]
    pub department: Option<DepartmentId>,
    /// The number of its members.
    pub members: i64,
    /// When it was last changed; send it back as `seen` with a change.
    pub updated_at: Ts,
}

impl GroupView {
    /// Combines a group with the number of its members.
    pub fn new(group: Group, members: i64) -> Self {
        let Group { id, name, department, updated_at } = group;
        Self { id, name, department, members, updated_at }
    }
}
