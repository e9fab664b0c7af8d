//! `GET /api/v1/staff/{id}`

use axum::{Json, extract::State};
use domain::{id::AgentId, policy::OverPeople};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    problem::{Problem, Problems},
};

use super::view::MemberView;

/// Returns a member of staff.
#[utoipa::path(get, path = "/staff/{id}", tag = "staff", security(("staff" = [])), params(("id" = AgentId, Path)),
    responses((status = 200, body = MemberView), Problems))]
pub async fn get_member(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<AgentId>) -> Result<Json<MemberView>, Problem> {
    actor.may(OverPeople::Manage)?.anywhere();
    let mut tx = app.db().read_of(actor.tenant()).await?;
    if !actor.staff.reaches_member(actor.staff.grants.reach(OverPeople::Manage), id) {
        return Err(Problem::not_found());
    }
    Ok(Json(MemberView::read(&mut tx, actor.tenant(), id, &actor.staff).await?))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_member_is_as_the_list_shows_them() {
        let app = TestApp::new().await;
        let (mira, ada) = (app.manager("mira").await, app.agent("ada").await);
        let path = format!("/api/v1/staff/{}", ada.member.id);
        let listed = mira.get("/api/v1/staff?q=ada").await.expect(200)["items"][0].clone();
        assert_eq!(mira.get(&path).await.expect(200), listed);
        ada.get(&path).await.problem(403, "not_permitted");
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, Role::Administrator, "bob").await.get(&path).await.problem(404, "not_found");
    }
}
