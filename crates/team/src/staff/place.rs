//! Where a member belongs: a group, the department that follows from it, and queues. Whoever manages people places them only within the reach of that.

use db::Tx;
use domain::{
    id::{DepartmentId, GroupId, QueueId, TenantId},
    policy::{OverPeople, Reach, Staff, may_place, may_place_in_department},
    refusal::Code,
};
use http_kit::{fault::Fault, problem::Problem};

use super::{group_unknown, not_permitted};
use crate::departments::department_unknown;

/// Refuses to have a member in a group that `by` does not reach.
pub fn require_group(by: &Staff, group: Option<GroupId>) -> Result<(), Problem> {
    if may_place(by, group) { Ok(()) } else { Err(not_permitted("group")) }
}

/// Refuses to add a member to queues in which `by` reaches nobody; those `before` may stay.
pub async fn require_queues(tx: &mut Tx, tenant: TenantId, by: &Staff, wanted: &[QueueId], before: &[QueueId]) -> Result<(), Fault> {
    let reaches = by.grants.reach(OverPeople::Manage);
    if reaches.contains(Reach::Company) || wanted.iter().all(|queue| before.contains(queue)) {
        return Ok(());
    }
    let (group, department) = (&by.circle.group, &by.circle.department);
    let reached = [(Reach::Group, group), (Reach::Department, department)].into_iter().filter(|(reach, _)| reaches.contains(*reach));
    let members = reached.flat_map(|(_, members)| members.iter().copied()).collect();
    let served = store::staff::roster::queues_among(tx, tenant, &members).await?;
    let is_within = wanted.iter().all(|queue| before.contains(queue) || served.contains(queue));
    if is_within { Ok(()) } else { Err(not_permitted("queues").into()) }
}

/// The department of a member whom `by` wants to be in a group. It is that of the group, if the group has one; otherwise it is the one that is `wanted`, which has
/// to be within their reach, or else the one `before`.
pub async fn department_of(
    tx: &mut Tx,
    tenant: TenantId,
    by: &Staff,
    group: Option<GroupId>,
    wanted: Option<Option<DepartmentId>>,
    before: Option<DepartmentId>,
) -> Result<Option<DepartmentId>, Fault> {
    if let Some(department) = wanted.flatten() {
        store::departments::get(tx, tenant, department).await.map_err(Fault::if_not_found(department_unknown))?;
    }
    let chosen = || match wanted {
        Some(wanted) if wanted != before && !may_place_in_department(by, wanted) => Err(not_permitted("department").into()),
        wanted => Ok(wanted.unwrap_or(before)),
    };
    let Some(group) = group else { return chosen() };
    let group = store::groups::get(tx, tenant, group).await.map_err(Fault::if_not_found(group_unknown))?;
    match (group.department, wanted) {
        (Some(of_group), Some(wanted)) if wanted != Some(of_group) => Err(elsewhere().into()),
        (Some(of_group), _) => Ok(Some(of_group)),
        (None, _) => chosen(),
    }
}

fn elsewhere() -> Problem {
    Problem::invalid("department", Code::InvalidValue, "the group belongs to another department: leave `department` out, or choose a different group")
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::{Value, json};
    use testkit_app::{StaffClient, TestApp};
    use testkit_server::{Answer, Client, Realtime};

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

    /// A company with the departments north and shop, and a supervisor in north, which has a member of a queue of its own.
    struct House {
        app: TestApp,
        tara: StaffClient,
        sue: StaffClient,
        ada: StaffClient,
        north: Value,
        shop: Value,
        below: Value,
    }

    impl House {
        async fn new() -> Self {
            let app = TestApp::new().await;
            let (tara, sue, ada) = (app.staff(Role::Administrator, "tara").await, app.staff(Role::Supervisor, "sue").await, app.agent("ada").await);
            let department = async |name: &str, parent: &Value| {
                let new = json!({"name": name, "parent": parent});
                tara.post("/api/v1/departments", new).await.expect(201)["id"].clone()
            };
            let (north, shop) = (department("north", &Value::Null).await, department("shop", &Value::Null).await);
            let below = department("night", &north).await;
            for member in [&sue, &ada] {
                change(&tara, member, json!({"department": north})).await.expect(200);
            }
            Self { app, tara, sue, ada, north, shop, below }
        }
    }

    async fn change(by: &Client, who: &StaffClient, mut change: Value) -> Answer {
        let path = format!("/api/v1/staff/{}", who.member.id);
        change["seen"] = by.get(&path).await.expect(200)["updated_at"].clone();
        by.patch(&path, change).await
    }

    #[tokio::test]
    async fn whoever_manages_a_department_places_nobody_outside_it() {
        let House { app, tara, sue, ada, north: _, shop, below } = House::new().await;
        for outside in [&shop, &Value::Null] {
            change(&sue, &ada, json!({"department": outside})).await.problem_at(403, "not_permitted", "department");
        }
        assert_eq!(change(&sue, &ada, json!({"department": below})).await.expect(200)["department"], below);
        let eve = app.agent("eve").await;
        let queue = async |zh: &str, members: Value| {
            tara.post("/api/v1/queues", json!({"name": {"zh": zh}, "everybody": false, "members": members})).await.expect(201)["id"].clone()
        };
        let (own, other) = (queue("账单", json!([sue.member.id])).await, queue("宽带", json!([eve.member.id])).await);
        change(&sue, &ada, json!({"queues": [own, other]})).await.problem_at(403, "not_permitted", "queues");
        change(&sue, &ada, json!({"queues": [own]})).await.expect(200);
        // What somebody who reaches further has decided stays.
        change(&tara, &ada, json!({"queues": [own, other]})).await.expect(200);
        change(&sue, &ada, json!({"queues": [other], "capacity": 2})).await.expect(200);
        let group = tara.post("/api/v1/groups", json!({"name": "bills", "department": below})).await.expect(201)["id"].clone();
        let new = |change: Value| {
            let mut new = json!({"email": "new@alpha.example", "name": "new", "role": "agent", "group": group});
            new.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            new
        };
        sue.post("/api/v1/staff", new(json!({"queues": [other]}))).await.expect(201);
        let far = queue("海外", json!([eve.member.id])).await;
        sue.post("/api/v1/staff", new(json!({"email": "n@alpha.example", "queues": [far]}))).await.problem_at(403, "not_permitted", "queues");
    }

    #[tokio::test]
    async fn whoever_reaches_the_department_begins_again_when_somebody_comes_or_goes_and_nobody_else_does() {
        let House { app: _app, tara, sue, ada, north, shop, .. } = House::new().await;
        let connect = async |who: &StaffClient| {
            let mut desk = Realtime::connect(who).await;
            desk.send(&json!({"t": "hello", "version": 1, "cursors": {}})).await;
            desk.until("welcome").await;
            desk
        };
        let (mut of_ada, mut of_sue) = (connect(&ada).await, connect(&sue).await);
        let new = json!({"email": "new@alpha.example", "name": "new", "role": "agent", "department": north});
        let member = tara.post("/api/v1/staff", new).await.expect(201)["member"].clone();
        of_sue.closed().await;
        of_sue = connect(&sue).await;
        tara.delete(&format!("/api/v1/staff/{}?seen={}", member["id"].as_str().unwrap(), member["updated_at"])).await.expect(204);
        of_sue.closed().await;
        of_ada.send(&json!({"t": "ping"})).await;
        of_ada.until("pong").await;
        // Nor does what was remembered count any more.
        let path = format!("/api/v1/staff/{}", ada.member.id);
        sue.get(&path).await.expect(200);
        change(&tara, &ada, json!({"department": shop})).await.expect(200);
        sue.get(&path).await.problem(404, "not_found");
    }
}
