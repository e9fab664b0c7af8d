//! `GET /api/v1/auth/sessions`: where the caller is signed in.

use axum::{Json, extract::State};
use http_kit::{
    App,
    auth::{StaffActor, session::StaffSessions},
    problem::{Problem, Problems},
};

/// Lists where the caller is signed in.
#[utoipa::path(get, path = "/auth/sessions", tag = "sign_in", security(("staff" = [])), responses((status = 200, body = StaffSessions), Problems))]
pub async fn list_sessions(State(app): State<App>, actor: StaffActor) -> Result<Json<StaffSessions>, Problem> {
    let own = actor.session()?;
    let sessions = store::staff_sessions::list(&mut app.db().read_of(actor.tenant()).await?, actor.staff.tenant, actor.staff.agent).await?;
    Ok(Json(StaffSessions::new(sessions, Some(own))))
}

#[cfg(test)]
mod tests {
    use domain::time::{DAY, HOUR, MINUTE};
    use testkit_app::TestApp;

    #[tokio::test]
    async fn sessions_are_listed_with_the_one_that_asks_marked() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        let second = app.company.session(app.app().db(), ada.member.id).await;
        let listed = ada.with_cookie(&second).get("/api/v1/auth/sessions").await.expect(200);
        let current: Vec<bool> = listed["items"].as_array().unwrap().iter().map(|s| s["current"].as_bool().unwrap()).collect();
        assert_eq!(current, [true, false]);
    }

    #[tokio::test]
    async fn a_session_ends_after_twelve_idle_hours_and_after_seven_days() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        let idle = app.agent("eve").await;
        for _ in 0..14 {
            ada.get("/api/v1/me").await.expect(200);
            app.clock.advance(12 * HOUR - MINUTE);
        }
        idle.get("/api/v1/me").await.problem(401, "not_signed_in");
        ada.get("/api/v1/me").await.expect(200);
        app.clock.advance(7 * DAY - 14 * (12 * HOUR - MINUTE));
        ada.get("/api/v1/me").await.problem(401, "not_signed_in");
    }
}
