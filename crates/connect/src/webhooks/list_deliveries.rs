//! `GET /api/v1/webhooks/{id}/deliveries`

use axum::{Json, extract::State};
use domain::{
    id::{DeliveryKind, WebhookId},
    policy::Permission,
    time::Ts,
    webhook::DeliveryState,
};
use http_kit::{
    App,
    auth::StaffActor,
    cursor::{self, Page},
    extract::{ValidPath, ValidQuery},
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::view::DeliveryView;

/// Deliveries per page.
const PAGE: usize = 50;

/// Which deliveries to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListDeliveries {
    /// The state of the deliveries to list.
    pub state: DeliveryState,
    /// The `next` of the previous page; omitted for the first page.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// A page of deliveries.
#[derive(Debug, Serialize, ToSchema)]
pub struct Deliveries {
    /// Latest first.
    pub items: Vec<DeliveryView>,
    /// The cursor of the next page; `null` on the last page.
    #[schema(required)]
    pub next: Option<String>,
}

/// Lists an endpoint's deliveries in one state: delivered, pending, or given up.
#[utoipa::path(get, path = "/webhooks/{id}/deliveries", tag = "webhooks", security(("staff" = [])), params(("id" = WebhookId, Path), ListDeliveries),
    responses((status = 200, body = Deliveries), Problems))]
pub async fn list_deliveries(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<WebhookId>,
    ValidQuery(query): ValidQuery<ListDeliveries>,
) -> Result<Json<Deliveries>, Problem> {
    actor.require(Permission::Integrations)?;
    let before = query.cursor.as_deref().map_or(Ok((Ts(i64::MAX), Uuid::max())), cursor::at_shown_id::<DeliveryKind>)?;
    let mut tx = app.db().read_of(actor.tenant()).await?;
    crate::table::webhooks::get(&mut tx, actor.tenant(), id).await?;
    let rows = crate::table::webhook_deliveries::list(&mut tx, actor.tenant(), id, query.state, before, PAGE as i64 + 1).await?;
    let Page { items, next } = Page::of(rows, PAGE, |last| format!("{}.{}", last.created_at.0, last.id));
    Ok(Json(Deliveries { items: items.into_iter().map(DeliveryView::from).collect(), next }))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_state_is_asked_for_and_a_cursor_is_one_of_ours() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let made = tara.post("/api/v1/webhooks", json!({"url": "https://hooks.example.com/", "events": ["conversation.rated"]})).await.expect(201);
        let path = format!("/api/v1/webhooks/{}/deliveries", made["id"].as_str().unwrap());
        assert_eq!(tara.get(&format!("{path}?state=dead")).await.expect(200), json!({"items": [], "next": null}));
        tara.get(&path).await.problem_at(422, "missing_field", "state");
        tara.get(&format!("{path}?state=lost")).await.problem(422, "invalid_value");
        tara.get(&format!("{path}?state=dead&cursor=x")).await.problem_at(422, "invalid_value", "cursor");
        app.manager("mira").await.get(&format!("{path}?state=dead")).await.problem(403, "not_permitted");
    }
}
