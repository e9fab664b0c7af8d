//! `DELETE /api/v1/auth/sessions/current`: signs out.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};
use http_kit::{
    App,
    auth::{StaffActor, session},
    problem::{Problem, Problems},
};

/// Ends the session this request was made with; its connections close.
#[utoipa::path(delete, path = "/auth/sessions/current", tag = "sign_in", security(("staff" = [])), responses((status = 204, description = "Signed out; the cookie is taken back"), Problems))]
pub async fn sign_out(State(app): State<App>, actor: StaffActor) -> Result<impl IntoResponse, Problem> {
    let (tenant, agent, id) = (actor.staff.tenant, actor.staff.agent, actor.any_session()?);
    let ended =
        actor.accountable().on(db::Shard::Any).write(&app, move |tx| Box::pin(async move { Ok(store::staff_sessions::end(tx, tenant, agent, id).await?) }));
    ended.await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, session::clear()?)]))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;
    use testkit_server::Realtime;

    #[tokio::test]
    async fn signing_out_ends_the_session_and_its_connections() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        let mut desk = Realtime::connect(&ada).await;
        desk.send(&json!({"t": "hello", "version": 1, "cursors": {}})).await;
        desk.until("welcome").await;
        let answer = ada.delete("/api/v1/auth/sessions/current").await;
        assert_eq!(answer.status.as_u16(), 204);
        assert!(answer.header("set-cookie").contains("Max-Age=0"));
        desk.closed().await;
        ada.get("/api/v1/me").await.problem(401, "not_signed_in");
    }
}
