//! `GET /api/v1/staff`

use axum::{Json, extract::State};
use domain::{
    id::{AgentKind, DepartmentId, GroupId},
    policy::{OverPeople, Reach, Staff},
    staff::{MemberStatus, Role},
    text::{is_blank, normal},
    time::Ts,
};
use http_kit::{
    App,
    auth::StaffActor,
    cursor::{self, Page},
    extract::ValidQuery,
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use store::staff::roster::{Wanted, Within};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::view::MemberView;

/// Members per page.
const PAGE: usize = 50;

/// Which members to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListStaff {
    /// Words to find in name, number or address; if empty, all members match.
    #[serde(default)]
    pub q: String,
    /// Only members with this role.
    #[serde(default)]
    pub role: Option<Role>,
    /// Only members of this group.
    #[serde(default)]
    pub group: Option<GroupId>,
    /// Only members of this department and of those below it.
    #[serde(default)]
    pub department: Option<DepartmentId>,
    /// Only members with this status: able to sign in, invited, disabled, or removed; without it, all but the removed.
    #[serde(default)]
    pub status: Option<MemberStatus>,
    /// The `next` of the previous page; omitted for the first page.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// A page of members of staff.
#[derive(Debug, Serialize, ToSchema)]
pub struct Members {
    /// In the order in which they joined.
    pub items: Vec<MemberView>,
    /// The cursor of the next page; `null` on the last page.
    #[schema(required)]
    pub next: Option<String>,
}

/// Lists the staff.
#[utoipa::path(get, path = "/staff", tag = "staff", security(("staff" = [])), params(ListStaff), responses((status = 200, body = Members), Problems))]
pub async fn list_staff(State(app): State<App>, actor: StaffActor, ValidQuery(query): ValidQuery<ListStaff>) -> Result<Json<Members>, Problem> {
    actor.may(OverPeople::Manage)?.anywhere();
    let ListStaff { q, role, group, department, status, cursor } = query;
    let after = cursor.as_deref().map_or(Ok((Ts(i64::MIN), Uuid::nil())), cursor::at_shown_id::<AgentKind>)?;
    let words = normal(&q);
    if words.is_empty() && !is_blank(&q) {
        return Ok(Json(Members { items: Vec::new(), next: None }));
    }
    let mut tx = app.db().read_of(actor.tenant()).await?;
    let now = tx.now();
    let wanted = Wanted { words, role, group, department, status, within: within(&actor.staff) };
    let people = store::staff::roster::page(&mut tx, actor.tenant(), &wanted, after, PAGE as i64 + 1).await?;
    let Page { items, next } = Page::of(people, PAGE, |last| format!("{}.{}", last.created_at.0, last.id));
    Ok(Json(Members { items: items.into_iter().map(|person| MemberView::new(person, now, &actor.staff)).collect(), next }))
}

/// Whom a member manages; `None` for everybody. [`Staff::reaches_member`] says the same of one person.
pub(crate) fn within(staff: &Staff) -> Option<Within> {
    let reaches = staff.grants.reach(OverPeople::Manage);
    let own = |reach: Reach| reaches.contains(reach).then_some(staff.agent);
    let group = staff.circle.own_group.filter(|_| reaches.contains(Reach::Group));
    (!reaches.contains(Reach::Company)).then(|| Within { own: own(Reach::Own), group, department_of: own(Reach::Department) })
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::{Value, json};
    use testkit_app::TestApp;

    fn names(list: &Value) -> Vec<&str> {
        list["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect()
    }

    #[tokio::test]
    async fn members_are_found_by_words_role_group_and_status() {
        let app = TestApp::new().await;
        let (tara, ada, _mira) = (app.staff(Role::Administrator, "tara").await, app.agent("ada").await, app.manager("mira").await);
        app.set_password(&tara.member, "long enough").await;
        let group = tara.post("/api/v1/groups", json!({"name": "宽带组"})).await.expect(201)["id"].as_str().unwrap().to_owned();
        let all = tara.get("/api/v1/staff").await.expect(200);
        assert_eq!(names(&all), ["tara", "ada", "mira"]);
        let seen = &all["items"][1]["updated_at"];
        tara.patch(&format!("/api/v1/staff/{}", ada.member.id), json!({"group": group, "seen": seen})).await.expect(200);
        for (query, expected) in [
            (vec![("q", "AD")], vec!["ada"]),
            (vec![("q", "alpha.example")], vec!["tara", "ada", "mira"]),
            (vec![("q", "ADA@alpha.example")], vec!["ada"]),
            (vec![("q", "a d a alpha example")], vec!["ada"]),
            (vec![("q", "ada' OR ''='")], vec![]),
            (vec![("q", "？")], vec![]),
            (vec![("role", "manager")], vec!["mira"]),
            (vec![("group", group.as_str())], vec!["ada"]),
            (vec![("status", "invited")], vec!["ada", "mira"]),
            (vec![("status", "active")], vec!["tara"]),
            (vec![("status", "disabled")], vec![]),
            (vec![("q", "ada"), ("role", "manager")], vec![]),
        ] {
            assert_eq!(names(&tara.get_with("/api/v1/staff", &query).await.expect(200)), expected, "{query:?}");
        }
        let beta = app.other_company("beta").await;
        assert_eq!(names(&app.staff_of(&beta, Role::Administrator, "bob").await.get("/api/v1/staff").await.expect(200)), ["bob"]);
        ada.get("/api/v1/staff").await.problem(403, "not_permitted");
    }

    #[tokio::test]
    async fn a_large_staff_comes_page_by_page_in_one_order() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        // All are added at the same moment: the order needs more than the time.
        for n in 0..60 {
            tara.post("/api/v1/staff", json!({"email": format!("n{n}@x"), "name": format!("n{n}"), "role": "agent"})).await.expect(201);
        }
        let first = tara.get("/api/v1/staff").await.expect(200);
        assert_eq!(first["items"].as_array().unwrap().len(), 50);
        let cursor = first["next"].as_str().unwrap();
        let second = tara.get_with("/api/v1/staff", &[("cursor", cursor)]).await.expect(200);
        assert_eq!((second["items"].as_array().unwrap().len(), &second["next"]), (11, &Value::Null));
        let mut all = [names(&first), names(&second)].concat();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 61);
        // Members beyond the first page are found as well.
        assert_eq!(names(&tara.get("/api/v1/staff?q=n59").await.expect(200)), ["n59"]);
        tara.get("/api/v1/staff?cursor=x").await.problem_at(422, "invalid_value", "cursor");
    }

    #[tokio::test]
    async fn the_state_of_an_agent_is_kept_and_shown() {
        let app = TestApp::new().await;
        let (mira, ada) = (app.manager("mira").await, app.agent("ada").await);
        ada.put("/api/v1/me/state", json!({"state": "available"})).await.expect(200);
        let row = mira.get("/api/v1/staff?q=ada").await.expect(200)["items"][0].clone();
        assert_eq!((&row["state"], &row["open"], &row["capacity"], &row["online"]), (&json!("available"), &json!(0), &json!(5), &json!(false)));
        // This comes from the record, not from the memory of a process.
        assert_eq!(ada.get("/api/v1/me").await.expect(200)["state"], "available");
    }

    #[tokio::test]
    async fn whoever_manages_a_department_gets_full_pages_of_it() {
        let app = TestApp::new().await;
        let (tara, sue) = (app.staff(Role::Administrator, "tara").await, app.staff(Role::Supervisor, "sue").await);
        let north = tara.post("/api/v1/departments", json!({"name": "north"})).await.expect(201)["id"].clone();
        let path = format!("/api/v1/staff/{}", sue.member.id);
        let seen = tara.get(&path).await.expect(200)["updated_at"].clone();
        tara.patch(&path, json!({"department": north, "seen": seen})).await.expect(200);
        for n in 0..60 {
            let department = if n == 59 { &north } else { &Value::Null };
            let new = json!({"email": format!("n{n}@x"), "name": format!("n{n}"), "role": "agent", "department": department});
            tara.post("/api/v1/staff", new).await.expect(201);
        }
        let page = sue.get("/api/v1/staff").await.expect(200);
        let mut found = names(&page);
        found.sort_unstable();
        assert_eq!((found, &page["next"]), (vec!["n59", "sue"], &Value::Null));
    }
}
