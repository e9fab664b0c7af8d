//! `GET /api/v1/staff/{id}/sessions`

use axum::{Json, extract::State};
use domain::id::AgentId;
use http_kit::{
    App,
    auth::{StaffActor, session::StaffSessions},
    extract::ValidPath,
    problem::{Problem, Problems},
};

use super::get_managed;

/// Lists where a member is signed in.
#[utoipa::path(get, path = "/staff/{id}/sessions", tag = "staff", security(("staff" = [])), params(("id" = AgentId, Path)),
    responses((status = 200, body = StaffSessions), Problems))]
pub async fn list_member_sessions(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<AgentId>) -> Result<Json<StaffSessions>, Problem> {
    let (person, _) = get_managed(&app, &actor, id).await?;
    let sessions = store::staff_sessions::list(&mut app.db().read_of(actor.tenant()).await?, actor.tenant(), person.id).await?;
    Ok(Json(StaffSessions::new(sessions, actor.credential.session())))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn managers_see_where_agents_are_signed_in_and_nobody_else() {
        let app = TestApp::new().await;
        let (mira, ada, tara) = (app.manager("mira").await, app.agent("ada").await, app.staff(Role::Administrator, "tara").await);
        let path = |who: &testkit_app::StaffClient| format!("/api/v1/staff/{}/sessions", who.member.id);
        let listed = mira.get(&path(&ada)).await.expect(200);
        assert_eq!((listed["items"].as_array().unwrap().len(), listed["items"][0]["current"].as_bool()), (1, Some(false)));
        mira.get(&path(&tara)).await.problem(403, "not_permitted");
        tara.get(&path(&mira)).await.expect(200);
        ada.get(&path(&ada)).await.problem(403, "not_permitted");
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, Role::Administrator, "bob").await.get(&path(&ada)).await.problem(404, "not_found");
    }
}
