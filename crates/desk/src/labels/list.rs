//! `GET /api/v1/labels`

use axum::{Json, extract::State};
use domain::{id::LabelId, time::DAY};
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::LabelView;

/// How far back it is counted which labels somebody gives most often, in milliseconds.
const LATELY_MS: i64 = 30 * DAY;
/// The number of labels that are offered first.
const LIKELY: i64 = 3;

/// All labels of the company.
#[derive(Debug, Serialize, ToSchema)]
pub struct Labels {
    /// In the order in which they were added; at most 200, archived ones included.
    pub items: Vec<LabelView>,
    /// Those that whoever asks has given most often in the last 30 days, the most frequent first; at most 3.
    pub likely: Vec<LabelId>,
}

/// Lists the company's labels.
#[utoipa::path(get, path = "/labels", tag = "labels", security(("staff" = [])), responses((status = 200, body = Labels), Problems))]
pub async fn list_labels(State(app): State<App>, actor: StaffActor) -> Result<Json<Labels>, Problem> {
    let tenant = actor.tenant();
    let mut tx = app.db().read_of(tenant).await?;
    let items = store_desk::labels::all(&mut tx, tenant).await?.into_iter().map(LabelView::from).collect();
    let since = app.env().now().plus(-LATELY_MS);
    let likely = store_desk::labels::most_used_by(&mut tx, tenant, actor.staff.agent, since, LIKELY).await?;
    Ok(Json(Labels { items, likely }))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_company_s_labels_are_those_of_its_own() {
        let app = TestApp::new().await;
        let (root, ada) = (app.staff(Role::Administrator, "root").await, app.agent("ada").await);
        let made = root.post("/api/v1/labels", json!({"name": {"zh": "一"}, "colour": "ok"})).await.expect(201);
        assert_eq!(ada.get("/api/v1/labels").await.expect(200), json!({"items": [made], "likely": []}));
        app.get("/api/v1/labels").await.problem(401, "not_signed_in");
    }
}
