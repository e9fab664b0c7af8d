//! `POST /api/v1/mentions/seen`

use axum::extract::State;
use domain::{entry::Changed, id::ConversationId};
use http_kit::{
    App,
    auth::StaffActor,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use utoipa::ToSchema;

/// Which notes were seen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeenMentions {
    /// The conversation whose notes they are.
    pub conversation: ConversationId,
}

/// Whoever asks has seen the notes of a conversation that call them.
#[utoipa::path(post, path = "/mentions/seen", tag = "conversations", security(("staff" = [])), params(OnceHeader), request_body = SeenMentions,
    responses((status = 204, description = "They are seen"), Problems))]
pub async fn see_mentions(State(app): State<App>, actor: StaffActor, OnceJson(once, seen): OnceJson<SeenMentions>) -> Result<Answer, Problem> {
    let permitted = actor.oneself();
    let (tenant, agent) = (actor.tenant(), actor.staff.agent);
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            if store_desk::mentions::see(tx, tenant, agent, seen.conversation).await? {
                tx.announce(Changed::Mentions).await?;
            }
            Ok(Answer::nothing())
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn what_calls_nobody_is_seen_without_a_word() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        let seen = json!({"conversation": "cnv_00000000000000000000000000000001"});
        assert_eq!(ada.post("/api/v1/mentions/seen", seen).await.status.as_u16(), 204);
        ada.post("/api/v1/mentions/seen", json!({"conversation": "x"})).await.problem_at(422, "invalid_value", "conversation");
    }
}
