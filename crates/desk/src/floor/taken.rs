//! `GET /api/v1/conversations/{id}/taken`

use axum::{Json, extract::State};
use domain::{id::ConversationId, policy::OverConversations, time::Ts};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    problem::{Problem, Problems},
};
use serde::Serialize;
use utoipa::ToSchema;

/// Whether somebody took a conversation over from the caller.
#[derive(Debug, Serialize, ToSchema)]
pub struct Taken {
    /// Who did so last; `null` if nobody did.
    #[schema(required)]
    pub taken: Option<TakenOver>,
}

/// Who took a conversation over from the caller.
#[derive(Debug, Serialize, ToSchema)]
pub struct TakenOver {
    /// The name of the supervisor.
    pub by: String,
    /// Why, in their words.
    #[schema(required)]
    pub reason: Option<String>,
    /// When.
    pub at: Ts,
}

/// Returns who last took a conversation over from the caller, who may not be able to read it any more.
#[utoipa::path(get, path = "/conversations/{id}/taken", tag = "floor", security(("staff" = [])), params(("id" = ConversationId, Path)),
    responses((status = 200, body = Taken), Problems))]
pub async fn get_taken(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<ConversationId>) -> Result<Json<Taken>, Problem> {
    actor.may(OverConversations::Desk)?.anywhere();
    let mut tx = app.db().read_of(actor.tenant()).await?;
    store::conversations::get(&mut tx, actor.tenant(), id).await?;
    let row = store_desk::floor::taken_from(&mut tx, actor.tenant(), id, actor.staff.agent).await?;
    Ok(Json(Taken { taken: row.map(|row| TakenOver { by: row.by_name, reason: row.reason, at: Ts(row.at) }) }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_conversation_that_nobody_took_says_so_and_that_of_another_company_is_none() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        let conversation = app.visitor().await.open("hello").await;
        let path = format!("/api/v1/conversations/{conversation}/taken");
        assert_eq!(ada.get(&path).await.expect(200), json!({"taken": null}));
        let beta = app.other_company("beta").await;
        let foreign = app.staff_of(&beta, domain::staff::Role::Manager, "bob").await;
        foreign.get(&path).await.problem(404, "not_found");
    }
}
