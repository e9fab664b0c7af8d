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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_member_belongs_to_the_department_of_the_group_and_is_found_from_above() {
        let app = TestApp::new().await;
        let (mira, ada) = (app.manager("mira").await, app.agent("ada").await);
        let add = async |name: &str, parent: &Value| mira.post("/api/v1/departments", json!({"name": name, "parent": parent})).await.expect(201)["id"].clone();
        let care = add("care", &Value::Null).await;
        let north = add("north", &care).await;
        let shop = add("shop", &Value::Null).await;
        let group = mira.post("/api/v1/groups", json!({"name": "bills", "department": north})).await.expect(201);
        let path = format!("/api/v1/staff/{}", ada.member.id);
        let change = async |mut change: Value| {
            change["seen"] = mira.get(&path).await.expect(200)["updated_at"].clone();
            mira.patch(&path, change).await
        };
        assert_eq!(change(json!({"department": shop})).await.expect(200)["department"], shop);
        assert_eq!(change(json!({"group": group["id"]})).await.expect(200)["department"], north);
        for department in [&shop, &Value::Null] {
            change(json!({"department": department})).await.problem_at(422, "invalid_value", "department");
        }
        change(json!({"department": "dep_00000000000000000000000000000001", "group": null})).await.problem_at(422, "invalid_value", "department");
        let found = async |department: &Value| {
            let listed = mira.get_with("/api/v1/staff", &[("department", department.as_str().unwrap())]).await.expect(200);
            listed["items"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!((found(&care).await, found(&north).await, found(&shop).await), (vec!["ada".to_owned()], vec!["ada".to_owned()], vec![]));
        // The group takes its members along, and out again.
        let of_group = format!("/api/v1/groups/{}", group["id"].as_str().unwrap());
        let moved = mira.patch(&of_group, json!({"department": shop, "seen": group["updated_at"]})).await.expect(200);
        assert_eq!((found(&care).await, found(&shop).await), (vec![], vec!["ada".to_owned()]));
        let out = mira.patch(&of_group, json!({"department": null, "seen": moved["updated_at"]})).await.expect(200);
        assert_eq!((&out["department"], &out["name"], found(&shop).await), (&Value::Null, &json!("bills"), vec![]));
        mira.patch(&of_group, json!({"department": "dep_00000000000000000000000000000001", "seen": out["updated_at"]})).await.problem_at(
            422,
            "invalid_value",
            "department",
        );
    }
}
