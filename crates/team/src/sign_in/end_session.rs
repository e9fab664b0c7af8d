//! `DELETE /api/v1/auth/sessions/{id}`: signs another of the caller's browsers out.

use axum::extract::State;
use domain::id::SessionId;
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};

/// Ends one of the caller's own sessions; its connections close.
#[utoipa::path(delete, path = "/auth/sessions/{id}", tag = "sign_in", security(("staff" = [])), params(("id" = SessionId, Path), OnceHeader), responses((status = 204, description = "That session has ended"), Problems))]
pub async fn end_session(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<SessionId>, once: Once) -> Result<Answer, Problem> {
    actor.session()?;
    let (tenant, agent) = (actor.staff.tenant, actor.staff.agent);
    let ended = actor.accountable().on(db::Shard::Any).change(&app, once, move |tx| {
        Box::pin(async move {
            store::staff_sessions::end(tx, tenant, agent, id).await?;
            Ok(Answer::nothing())
        })
    });
    ended.await
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;
    use testkit_server::Realtime;

    #[tokio::test]
    async fn another_browser_is_signed_out_with_its_connections() {
        let app = TestApp::new().await;
        let here = app.agent("ada").await;
        let there = here.with_cookie(&app.company.session(app.app().db(), here.member.id).await);
        let mut desk = Realtime::connect(&there).await;
        desk.send(&json!({"t": "hello", "version": 1, "cursors": {}})).await;
        desk.until("welcome").await;
        let listed = there.get("/api/v1/auth/sessions").await.expect(200);
        let id = listed["items"].as_array().unwrap().iter().find(|s| s["current"] == true).unwrap()["id"].as_str().unwrap();
        assert_eq!(here.delete(&format!("/api/v1/auth/sessions/{id}")).await.status.as_u16(), 204);
        desk.closed().await;
        there.get("/api/v1/me").await.problem(401, "not_signed_in");
        here.get("/api/v1/me").await.expect(200);
    }

    #[tokio::test]
    async fn a_colleagues_session_cannot_be_ended() {
        let app = TestApp::new().await;
        let (ada, eve) = (app.agent("ada").await, app.staff(domain::staff::Role::Administrator, "eve").await);
        let listed = ada.get("/api/v1/auth/sessions").await.expect(200);
        let id = listed["items"][0]["id"].as_str().unwrap();
        eve.delete(&format!("/api/v1/auth/sessions/{id}")).await.problem(404, "not_found");
        ada.get("/api/v1/me").await.expect(200);
    }
}
