//! `POST /api/v1/practice-run/leave`

use axum::extract::State;
use domain::policy::OverConversations;
use http_kit::{
    App,
    auth::StaffActor,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};

use super::live_learner;
use crate::jobs::simulated_customer;

/// Leaves practice: the simulated customer goes, and below `/practice` whoever asks is nobody until they begin again. Who is not practising stays as they are.
#[utoipa::path(post, path = "/practice-run/leave", tag = "practice", security(("staff" = [])), params(OnceHeader),
    responses((status = 204, description = "Nothing is practised any more"), Problems))]
pub async fn leave_practice(State(app): State<App>, actor: StaffActor, once: Once) -> Result<Answer, Problem> {
    actor.may(OverConversations::Desk)?.anywhere();
    if let Some((practice, learner)) = live_learner(&app, &actor).await? {
        simulated_customer::end(&app, practice, &learner).await?;
    }
    actor.oneself().on(db::Shard::Any).change(&app, once, |_| Box::pin(async { Ok(Answer::nothing()) })).await
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn leaving_ends_what_is_practised_and_changes_nothing_where_nothing_is() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        ada.post("/api/v1/practice-run/leave", json!({})).await.expect(204);
        ada.post("/api/v1/practice-exercises/hold/begin", json!({"lang": "en"})).await.expect(204);
        assert_eq!(ada.get("/api/v1/practice-run").await.expect(200)["run"]["exercise"], "hold");
        ada.post("/api/v1/practice-run/leave", json!({})).await.expect(204);
        assert!(ada.get("/api/v1/practice-run").await.expect(200)["run"].is_null());
    }
}
