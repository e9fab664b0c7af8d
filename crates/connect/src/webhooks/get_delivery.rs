//! `GET /api/v1/webhooks/{id}/deliveries/{delivery}`

use axum::{Json, extract::State};
use domain::{
    id::{DeliveryId, WebhookId},
    policy::Permission,
};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    problem::{Problem, Problems},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::{AttemptView, DeliveryView};
use crate::callout::message;

/// A delivery with its request and its attempts.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryDetail {
    /// The delivery.
    #[serde(flatten)]
    pub delivery: DeliveryView,
    /// The endpoint's address.
    pub url: String,
    /// The request body as it would be sent now, but for contacts that are masked for the caller; `null` if the event no longer exists.
    #[schema(required)]
    pub request: Option<String>,
    /// The attempts, oldest first.
    pub tried: Vec<AttemptView>,
}

/// Returns a delivery with its attempts.
#[utoipa::path(get, path = "/webhooks/{id}/deliveries/{delivery}", tag = "webhooks", security(("staff" = [])),
    params(("id" = WebhookId, Path), ("delivery" = DeliveryId, Path)), responses((status = 200, body = DeliveryDetail), Problems))]
pub async fn get_delivery(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath((id, delivery)): ValidPath<(WebhookId, DeliveryId)>,
) -> Result<Json<DeliveryDetail>, Problem> {
    actor.require(Permission::Integrations)?;
    let (tenant, mut tx) = (actor.tenant(), app.db().snapshot_of(actor.tenant()).await?);
    let webhook = crate::table::webhooks::get(&mut tx, tenant, id).await?;
    let delivery = crate::table::webhook_deliveries::get(&mut tx, tenant, id, delivery).await?;
    let tried = crate::table::webhook_deliveries::attempts(&mut tx, tenant, delivery.id).await?;
    let request = match message::body(&mut tx, tenant, &webhook, &delivery, actor.staff.grants.hidden_contacts()).await {
        Ok(body) => Some(body),
        Err(store::Error::NotFound) => None,
        Err(other) => return Err(other.into()),
    };
    Ok(Json(DeliveryDetail { delivery: delivery.into(), url: webhook.url, request, tried: tried.into_iter().map(AttemptView::from).collect() }))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit::eventually;
    use testkit_app::TestApp;
    use testkit_server::{Receiver, receiver::Answers};

    #[tokio::test]
    async fn a_delivery_is_shown_with_what_was_sent_and_answered_to_its_company_only() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let receiver = Receiver::new(Answers::With(200, "", "thanks")).await;
        let made = tara.post("/api/v1/webhooks", json!({"url": receiver.url, "events": ["conversation.rated"]})).await.expect(201);
        let path = format!("/api/v1/webhooks/{}", made["id"].as_str().unwrap());
        let sent = tara.post(&format!("{path}/test"), json!({})).await.expect(202);
        let one = format!("{path}/deliveries/{}", sent["id"].as_str().unwrap());
        let shown = eventually("it arrives", async || Some(tara.get(&one).await.expect(200)).filter(|shown| shown["state"] == "delivered")).await;
        assert_eq!((&shown["url"], &shown["tried"][0]["excerpt"], &shown["conversation"]), (&json!(receiver.url), &json!("thanks"), &json!(null)));
        assert_eq!(shown["request"].as_str().unwrap(), receiver.received()[0].body);
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, Role::Administrator, "bob").await.get(&one).await.problem(404, "not_found");
        app.manager("mira").await.get(&one).await.problem(403, "not_permitted");
    }

    #[tokio::test]
    async fn neither_the_endpoint_nor_whoever_looks_at_the_delivery_gets_a_contact_in_the_clear() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let receiver = Receiver::new(Answers::With(200, "", "thanks")).await;
        let made = json!({"url": receiver.url, "events": ["conversation.message"], "bodies": true});
        let webhook = tara.post("/api/v1/webhooks", made).await.expect(201)["id"].as_str().unwrap().to_owned();
        let visitor = app.visitor().await;
        let conversation = visitor.open("hello").await;
        visitor.say(&conversation, false, json!({"type": "leave_message", "text": "call me", "contact": "li@secret.example"})).await;
        let sent = eventually("the endpoint has it", async || {
            let received = receiver.received();
            received.iter().find(|call| call.body.contains("left_message")).map(|call| call.body.clone())
        });
        let is_masked = |text: &str| text.contains("l***@secret.example") && !text.contains("li@secret.example");
        let sent = sent.await;
        assert!(is_masked(&sent), "{sent}");
        let list = format!("/api/v1/webhooks/{webhook}/deliveries");
        let seen = eventually("it is noted as delivered", async || {
            for delivery in tara.get(&format!("{list}?state=delivered")).await.expect(200)["items"].as_array().unwrap() {
                let one = tara.get(&format!("{list}/{}", delivery["id"].as_str().unwrap())).await.expect(200).to_string();
                if one.contains("left_message") {
                    return Some(one);
                }
            }
            None
        });
        let seen = seen.await;
        assert!(is_masked(&seen), "{seen}");
    }
}
