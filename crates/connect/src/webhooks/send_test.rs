//! `POST /api/v1/webhooks/{id}/test`

use crate::table::webhook_deliveries::{Delivery, TEST};
use axum::{extract::State, http::StatusCode};
use domain::{
    id::WebhookId,
    policy::Permission,
    refusal::Code,
    stream::{StreamKind, StreamName},
    time::MINUTE,
    webhook::{DeliveryState, WebhookState},
};
use http_kit::{
    App,
    auth::{StaffActor, attempts::Limit, tally::Tally},
    extract::ValidPath,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};
use machines::webhook_queue;

use super::view::DeliveryView;

/// Test events of one company.
const PER_COMPANY: Limit = Limit { tries: 20, within_ms: MINUTE };

/// Sends a test event, at most 20 a minute for a company.
///
/// It is a delivery like any other, but tried only once. Poll the delivery until it has ended to see the answer.
#[utoipa::path(post, path = "/webhooks/{id}/test", tag = "webhooks", security(("staff" = [])), params(("id" = WebhookId, Path), OnceHeader),
    responses((status = 202, body = DeliveryView), Problems))]
pub async fn send_test_event(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<WebhookId>, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::Integrations)?;
    let (tenant, lane) = (actor.tenant(), app.env().uuid());
    let tests = Tally::new("webhook tests", &app.in_memory().webhook_tests, app.cluster().redis());
    tests.take(&tenant.to_string(), PER_COMPANY, app.env().now()).await.map_err(Problem::too_many)?;
    let sent = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            if crate::table::webhooks::get(tx, tenant, id).await?.state != WebhookState::Enabled {
                return Err(webhook_disabled().into());
            }
            let now = tx.now();
            // It has a lane of its own: nothing waits for a test, and a test waits for nothing.
            let event = webhook_queue::event_id(StreamName { kind: StreamKind::Tenant, id: lane }, now.0, now);
            let (id, webhook, kind, state) = (webhook_queue::delivery_id(id, event), id, TEST.to_owned(), DeliveryState::Pending);
            let (stream, seq, due_at, created_at) = (lane, now.0, now, now);
            let delivery = Delivery {
                id,
                webhook,
                stream,
                seq,
                kind,
                state,
                attempts: 0,
                attempts_before: 0,
                first_at: None,
                due_at,
                last_code: None,
                ended_at: None,
                created_at,
            };
            crate::table::webhook_deliveries::insert(tx, tenant, std::slice::from_ref(&delivery)).await?;
            Answer::json(StatusCode::ACCEPTED, &DeliveryView::from(delivery))
        })
    });
    sent.await
}

/// The refusal to send to a disabled endpoint.
pub(super) fn webhook_disabled() -> Problem {
    Problem::conflict(Code::WebhookDisabled, "the endpoint is disabled; enable it first")
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_test_needs_an_endpoint_that_is_on() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let made = tara.post("/api/v1/webhooks", json!({"url": "https://hooks.example.com/", "events": ["conversation.rated"]})).await.expect(201);
        let path = format!("/api/v1/webhooks/{}", made["id"].as_str().unwrap());
        tara.patch(&path, json!({"enabled": false, "seen": made["updated_at"]})).await.expect(200);
        tara.post(&format!("{path}/test"), json!({})).await.problem(409, "webhook_disabled");
        app.agent("ada").await.post(&format!("{path}/test"), json!({})).await.problem(403, "not_permitted");
    }

    #[tokio::test]
    async fn a_company_sends_twenty_tests_a_minute() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let new = json!({"url": "https://hooks.example.com/", "events": ["conversation.rated"]});
        let made = tara.post("/api/v1/webhooks", new.clone()).await.expect(201);
        let path = format!("/api/v1/webhooks/{}/test", made["id"].as_str().unwrap());
        for _ in 0..20 {
            tara.post(&path, json!({})).await.expect(202);
        }
        tara.post(&path, json!({})).await.problem(429, "too_many_requests");
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, Role::Administrator, "bob").await;
        let other = bob.post("/api/v1/webhooks", new).await.expect(201);
        bob.post(&format!("/api/v1/webhooks/{}/test", other["id"].as_str().unwrap()), json!({})).await.expect(202);
        app.clock.advance(60_000);
        tara.post(&path, json!({})).await.expect(202);
    }
}
