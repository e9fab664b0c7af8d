//! `POST /api/v1/widget/views`

use axum::{extract::State, http::StatusCode};
use content::recommendation::ItemKind;
use domain::{refusal::Code, time::MINUTE};
use http_kit::{
    App,
    auth::{VisitorActor, attempts::Limit, tally::Tally},
    extract::ValidJson,
    permitted::Permitted,
    problem::{Problem, Problems},
};
use platform::client_address::ClientAddress;
use serde::Deserialize;
use service::recommend::note;
use utoipa::ToSchema;

/// Views of a visitor that are noted; nobody looks at more.
const PER_VISITOR: Limit = Limit { tries: 120, within_ms: MINUTE };
/// Views of the visitors of one network.
const PER_ADDRESS: Limit = Limit { tries: 1_200, within_ms: MINUTE };

/// What a visitor looked at.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewView {
    /// What it is.
    pub kind: ItemKind,
    /// Its id.
    pub id: String,
}

/// Notes that the visitor looked at a product or a plan, for recommendations.
///
/// Without the visitor's agreement (`PUT /widget/recommendations`), nothing is noted.
#[utoipa::path(post, path = "/widget/views", tag = "widget", security(("visitor" = [])), request_body = NewView,
    responses((status = 204, description = "Noted, or not to be noted"), Problems))]
pub async fn note_view(
    State(app): State<App>,
    actor: VisitorActor,
    address: ClientAddress,
    ValidJson(view): ValidJson<NewView>,
) -> Result<StatusCode, Problem> {
    let views = Tally::new("views", &app.in_memory().views, app.cluster().redis());
    views.take_of(&actor.visitor.to_string(), PER_VISITOR, address, PER_ADDRESS, app.env().now()).await.map_err(Problem::too_many)?;
    let catalogue = app.catalogue(actor.tenant).await?;
    let is_known = match view.kind {
        ItemKind::Product => catalogue.goods(&view.id).is_some(),
        ItemKind::Plan => catalogue.plans.iter().any(|plan| plan.id == view.id),
        ItemKind::Question => false,
    };
    if !is_known {
        return Err(Problem::invalid("id", Code::InvalidValue, "there is no such product or plan on sale"));
    }
    let by = Permitted::as_system(actor.tenant).on(db::Shard::Of(actor.visitor.uuid()));
    by.write(&app, move |tx| Box::pin(async move { Ok(note::note_view(tx, actor.visitor, view.kind, &view.id).await?) })).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    use super::PER_VISITOR;

    #[tokio::test]
    async fn only_what_is_on_sale_is_looked_at() {
        let app = TestApp::new().await;
        let visitor = app.visitor().await;
        for view in [json!({"kind": "product", "id": "g-999"}), json!({"kind": "question", "id": "kb-001"})] {
            visitor.post("/api/v1/widget/views", view).await.problem_at(422, "invalid_value", "id");
        }
        visitor.post("/api/v1/widget/views", json!({"kind": "person", "id": "g-001"})).await.problem_at(422, "invalid_value", "kind");
        app.post("/api/v1/widget/views", json!({"kind": "plan", "id": "p"})).await.problem(401, "not_signed_in");
    }

    #[tokio::test]
    async fn nobody_looks_at_things_without_end() {
        let app = TestApp::new().await;
        let (visitor, other) = (app.visitor().await, app.visitor().await);
        let view = || json!({"kind": "product", "id": "g-999"});
        for _ in 0..PER_VISITOR.tries {
            visitor.post("/api/v1/widget/views", view()).await.expect(422);
        }
        visitor.post("/api/v1/widget/views", view()).await.problem(429, "too_many_requests");
        other.post("/api/v1/widget/views", view()).await.expect(422);
    }
}
