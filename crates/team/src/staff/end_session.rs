//! `DELETE /api/v1/staff/{id}/sessions/{session}`

use axum::extract::State;
use domain::id::{AgentId, SessionId};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};

use super::get_managed;

/// Signs a member out of one browser; its connections close within a second.
#[utoipa::path(delete, path = "/staff/{id}/sessions/{session}", tag = "staff", security(("staff" = [])),
    params(("id" = AgentId, Path), ("session" = SessionId, Path), OnceHeader), responses((status = 204, description = "The member is signed out there"), Problems))]
pub async fn end_member_session(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath((id, session)): ValidPath<(AgentId, SessionId)>,
    once: Once,
) -> Result<Answer, Problem> {
    let tenant = actor.tenant();
    let (person, permitted) = get_managed(&app, &actor, id).await?;
    let ended = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            store::staff_sessions::end(tx, tenant, person.id, session).await?;
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
    async fn an_agent_is_signed_out_with_the_connections() {
        let app = TestApp::new().await;
        let (mira, ada, eve) = (app.manager("mira").await, app.agent("ada").await, app.agent("eve").await);
        let mut desk = Realtime::connect(&ada).await;
        desk.send(&json!({"t": "hello", "version": 1, "cursors": {}})).await;
        desk.until("welcome").await;
        let listed = mira.get(&format!("/api/v1/staff/{}/sessions", ada.member.id)).await.expect(200);
        let session = listed["items"][0]["id"].as_str().unwrap();
        mira.delete(&format!("/api/v1/staff/{}/sessions/{session}", eve.member.id)).await.problem(404, "not_found");
        assert_eq!(mira.delete(&format!("/api/v1/staff/{}/sessions/{session}", ada.member.id)).await.status.as_u16(), 204);
        desk.closed().await;
        ada.get("/api/v1/me").await.problem(401, "not_signed_in");
        eve.get("/api/v1/me").await.expect(200);
    }
}
