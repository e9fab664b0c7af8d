//! `DELETE /api/v1/groups/{id}`

use axum::extract::State;
use domain::{entry::Changed, id::GroupId, policy::OverPeople, refusal::Code};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};

use super::view::GroupView;

/// Removes a group to which nobody belongs.
#[utoipa::path(delete, path = "/groups/{id}", tag = "groups", security(("staff" = [])),
    extensions(("x-announces" = json!("people_changed"))), params(("id" = GroupId, Path), OnceHeader),
    responses((status = 204, description = "The group was deleted"), Problems))]
pub async fn delete_group(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<GroupId>, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.may(OverPeople::Manage)?.everywhere()?;
    let tenant = actor.tenant();
    let removed = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let before = store::groups::get(tx, tenant, id).await?;
            let members = store::groups::delete(tx, tenant, id).await?;
            if members > 0 {
                return Err(Problem::in_use(Code::GroupInUse, "members", members, format!("{members} members belong to this group: move them first")).into());
            }
            tx.note_change(&GroupView::new(before, members), &());
            tx.announce(Changed::People).await?;
            Ok(Answer::nothing())
        })
    });
    removed.await
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_group_in_use_stays_and_the_answer_says_how_many_use_it() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let made = tara.post("/api/v1/groups", json!({"name": "a"})).await.expect(201);
        let path = format!("/api/v1/groups/{}", made["id"].as_str().unwrap());
        let invited = tara.post("/api/v1/staff", json!({"email": "x@y", "name": "x", "role": "agent", "group": made["id"]})).await.expect(201);
        let refused = tara.delete(&path).await.problem(409, "group_in_use");
        assert_eq!((&refused["field"], &refused["count"]), (&json!("members"), &json!(1)));
        let member = &invited["member"];
        tara.patch(&format!("/api/v1/staff/{}", member["id"].as_str().unwrap()), json!({"group": null, "seen": member["updated_at"]})).await.expect(200);
        assert_eq!(tara.delete(&path).await.status.as_u16(), 204);
        tara.delete(&path).await.problem(404, "not_found");
    }
}
