//! `POST /api/v1/webhooks/{id}/deliveries/{delivery}/replay`

use axum::{extract::State, http::StatusCode};
use domain::{
    id::{DeliveryId, WebhookId},
    policy::Permission,
    refusal::Code,
};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    fault::Fault,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};

use super::view::DeliveryView;

/// Retries a dead letter from the beginning, under the same id.
#[utoipa::path(post, path = "/webhooks/{id}/deliveries/{delivery}/replay", tag = "webhooks", security(("staff" = [])),
    params(("id" = WebhookId, Path), ("delivery" = DeliveryId, Path), OnceHeader), responses((status = 200, body = DeliveryView), Problems))]
pub async fn replay_delivery(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath((id, delivery)): ValidPath<(WebhookId, DeliveryId)>,
    once: Once,
) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::Integrations)?;
    let tenant = actor.tenant();
    let replayed = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            crate::table::webhooks::get(tx, tenant, id).await?;
            crate::table::webhook_deliveries::get(tx, tenant, id, delivery).await?;
            let living = || Problem::conflict(Code::DeliveryNotDead, "only dead letters can be replayed");
            crate::table::webhook_deliveries::replay(tx, tenant, id, delivery).await.map_err(Fault::if_stale(living))?;
            Answer::json(StatusCode::OK, &DeliveryView::from(crate::table::webhook_deliveries::get(tx, tenant, id, delivery).await?))
        })
    });
    replayed.await
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::{TestApp, dead_letter};
    use testkit_server::{Receiver, receiver::Answers};

    #[tokio::test]
    async fn a_dead_letter_is_tried_again_and_nothing_else_is() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let receiver = Receiver::new(Answers::With(410, "", "")).await;
        let (path, dead) = dead_letter(&app, &tara, &receiver).await;
        let one = format!("{path}/deliveries/{}", dead["id"].as_str().unwrap());
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, Role::Administrator, "bob").await.post(&format!("{one}/replay"), json!({})).await.problem(404, "not_found");
        tara.post(&format!("{path}/deliveries/dlv_{}/replay", "0".repeat(32)), json!({})).await.problem(404, "not_found");
        let replayed = tara.post(&format!("{one}/replay"), json!({})).await.expect(200);
        assert_eq!((&replayed["state"], &replayed["attempts"], &replayed["ended_at"]), (&json!("pending"), &json!(1), &json!(null)));
        tara.post(&format!("{one}/replay"), json!({})).await.problem(409, "delivery_not_dead");
    }
}
