//! `GET /api/v1/records/{id}`

use axum::{Json, extract::State};
use domain::{id::ConversationId, policy};
use http_kit::{
    App,
    auth::actor::StaffActor,
    extract::ValidPath,
    problem::{Problem, Problems},
};

use super::{
    permit,
    view::{RecordView, records},
};

/// Returns how a conversation went.
#[utoipa::path(get, path = "/records/{id}", tag = "records", security(("staff" = [])), params(("id" = ConversationId, Path)),
    responses((status = 200, body = RecordView), Problems))]
pub async fn get_record(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<ConversationId>) -> Result<Json<RecordView>, Problem> {
    permit(&actor)?;
    let mut tx = app.db().snapshot_of(actor.tenant()).await?;
    let conversation = store::conversations::get(&mut tx, actor.tenant(), id).await?;
    if !policy::may_read(&actor.staff, &conversation) {
        return Err(Problem::not_found());
    }
    let found = records(&app, &mut tx, &actor.staff, &[(id, None)], "").await?.pop();
    found.map(Json).ok_or_else(Problem::not_found)
}

#[cfg(test)]
mod tests {
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_conversation_without_an_agent_has_no_times_and_one_that_is_not_there_no_record() {
        let app = TestApp::new().await;
        let (mira, visitor) = (app.manager("mira").await, app.visitor().await);
        let conversation = visitor.open("hello").await;
        let record = mira.get(&format!("/api/v1/records/{conversation}")).await.expect(200);
        assert_eq!([&record["times"], &record["score"], &record["found"]], [&serde_json::Value::Null; 3]);
        mira.get(&format!("/api/v1/records/cnv_{}", "0".repeat(32))).await.problem(404, "not_found");
        // An agent whose matter it is not learns no more than that.
        app.agent("ada").await.get(&format!("/api/v1/records/{conversation}")).await.problem(404, "not_found");
    }
}
