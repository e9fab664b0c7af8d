//! `GET /api/v1/visitor-blocks`

use axum::{Json, extract::State};
use domain::{id::VisitorId, policy::Permission};
use http_kit::{
    App,
    auth::StaffActor,
    cursor::{self, Page},
    extract::ValidQuery,
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::view::VisitorBlockView;

/// Blocks per page.
const PAGE: usize = 50;

/// Which page to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListVisitorBlocks {
    /// The `next` of the previous page; omitted for the first page.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// A page of blocked visitors.
#[derive(Debug, Serialize, ToSchema)]
pub struct VisitorBlocks {
    /// The latest first.
    pub items: Vec<VisitorBlockView>,
    /// The cursor of the next page; `null` on the last page.
    #[schema(required)]
    pub next: Option<String>,
}

/// Lists the visitors who are blocked. It is for those who set up the queues.
#[utoipa::path(get, path = "/visitor-blocks", tag = "conversations", security(("staff" = [])), params(ListVisitorBlocks),
    responses((status = 200, body = VisitorBlocks), Problems))]
pub async fn list_visitor_blocks(
    State(app): State<App>,
    actor: StaffActor,
    ValidQuery(query): ValidQuery<ListVisitorBlocks>,
) -> Result<Json<VisitorBlocks>, Problem> {
    actor.require(Permission::ManageQueues)?;
    let after = query.cursor.as_deref().map(cursor::at_id::<VisitorId>).transpose()?;
    let mut tx = app.db().read_of(actor.tenant()).await?;
    let found = store::visitor_blocks::list(&mut tx, actor.tenant(), after, PAGE as i64 + 1).await?;
    let Page { items, next } = Page::of(found, PAGE, |last| format!("{}.{}", last.at.0, last.visitor));
    Ok(Json(VisitorBlocks { items: items.into_iter().map(VisitorBlockView::from).collect(), next }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn the_list_is_for_those_who_set_up_queues() {
        let app = TestApp::new().await;
        let (mira, visitor) = (app.manager("mira").await, app.visitor().await);
        let conversation = visitor.open("hello").await;
        let path = format!("/api/v1/conversations/{conversation}/block");
        mira.put(&path, json!({"reason": "spam"})).await.expect(200);
        let listed = mira.get("/api/v1/visitor-blocks").await.expect(200);
        assert_eq!((&listed["items"][0]["reason"], &listed["items"][0]["conversation"]), (&json!("spam"), &json!(conversation)));
        mira.get("/api/v1/visitor-blocks?cursor=x").await.problem_at(422, "invalid_value", "cursor");
        app.agent("ada").await.get("/api/v1/visitor-blocks").await.problem(403, "not_permitted");
    }
}
