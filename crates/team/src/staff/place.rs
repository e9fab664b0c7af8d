//! Where a member belongs: a group, and the department that follows from it.

use db::Tx;
use domain::{
    id::{DepartmentId, GroupId, TenantId},
    refusal::Code,
};
use http_kit::{fault::Fault, problem::Problem};

use super::group_unknown;
use crate::departments::department_unknown;

/// The department of a member who is to be in a group. It is that of the group, if the group has one; otherwise it is the one that is `wanted`, or else the one
/// `before`.
pub async fn department_of(
    tx: &mut Tx,
    tenant: TenantId,
    group: Option<GroupId>,
    wanted: Option<Option<DepartmentId>>,
    before: Option<DepartmentId>,
) -> Result<Option<DepartmentId>, Fault> {
    if let Some(department) = wanted.flatten() {
        store::departments::get(tx, tenant, department).await.map_err(Fault::if_not_found(department_unknown))?;
    }
    let Some(group) = group else { return Ok(wanted.unwrap_or(before)) };
    let group = store::groups::get(tx, tenant, group).await.map_err(Fault::if_not_found(group_unknown))?;
    match (group.department, wanted) {
        (Some(of_group), Some(wanted)) if wanted != Some(of_group) => Err(elsewhere().into()),
        (Some(of_group), _) => Ok(Some(of_group)),
        (None, wanted) => Ok(wanted.unwrap_or(before)),
    }
}

fn elsewhere() -> Problem {
    Problem::invalid("department", Code::InvalidValue, "the group belongs to another department: leave `department` out, or choose a different group")
}
