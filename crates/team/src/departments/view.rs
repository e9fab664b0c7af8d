//! A department on the wire.

use domain::{department::Department, id::DepartmentId, time::Ts};
use serde::Serialize;
use store::departments::Size;
use utoipa::ToSchema;

/// A department of the staff.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Department)]
pub struct DepartmentView {
    /// The department's id.
    pub id: DepartmentId,
    /// The name shown to staff.
    pub name: String,
    /// The department it is part of; `null` at the top.
    #[schema(required)]
    pub parent: Option<DepartmentId>,
    /// The number of groups that belong to it directly.
    pub groups: i64,
    /// The number of members who belong to it directly, also those of its groups.
    pub members: i64,
    /// When it was last changed; send it back as `seen` with a change.
    pub updated_at: Ts,
}

impl DepartmentView {
    /// Combines a department with what belongs to it.
    pub fn new(department: Department, size: Size) -> Self {
        let Department { id, parent, name, updated_at } = department;
        let Size { groups, members } = size;
        Self { id, name, parent, groups, members, updated_at }
    }
}
