//! A group on the wire.

use domain::{id::GroupId, time::Ts};
use serde::Serialize;
use store::groups::Group;
use utoipa::ToSchema;

/// A group of the staff.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Group)]
pub struct GroupView {
    /// Its id.
    pub id: GroupId,
    /// What staff read.
    pub name: String,
    /// How many belong to it.
    pub members: i64,
    /// When it was last changed; hand it back as `seen`.
    pub updated_at: Ts,
}

impl GroupView {
    /// A group and how many belong to it.
    pub fn new(group: Group, members: i64) -> Self {
        let Group { id, name, updated_at } = group;
        Self { id, name, members, updated_at }
    }
}
