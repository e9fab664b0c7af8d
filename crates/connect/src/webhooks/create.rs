//! `POST /api/v1/webhooks`

use crate::table::webhooks::Webhook;
use axum::{extract::State, http::StatusCode};
use domain::{
    id::WebhookId,
    policy::Permission,
    refusal::Code,
    webhook::{self, EventType, MAX_WEBHOOKS, WebhookState},
};
use http_kit::{
    App,
    auth::StaffActor,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    check_bodies, check_url, fresh_secret,
    view::{WebhookView, WebhookWithSecret},
};

/// An endpoint to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWebhook {
    /// The endpoint's address: `https://`, reachable from the internet, port 443 or 8443, at most 2,048 bytes.
    pub url: String,
    /// What the endpoint is for, at most 120 characters.
    #[serde(default)]
    pub description: String,
    /// The types of events to send, at least one.
    pub events: Vec<EventType>,
    /// Whether the content of messages and ratings is sent too.
    #[serde(default)]
    pub bodies: bool,
}

/// Adds an endpoint, which receives events from now on.
///
/// The answer contains its secret, which is never shown again.
#[utoipa::path(post, path = "/webhooks", tag = "webhooks", security(("staff" = [])), params(OnceHeader), request_body = NewWebhook,
    responses((status = 201, body = WebhookWithSecret), Problems))]
pub async fn create_webhook(State(app): State<App>, actor: StaffActor, OnceJson(once, new): OnceJson<NewWebhook>) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::Integrations)?;
    let NewWebhook { url, description, events, bodies } = new;
    let (url, description, tenant, now) = (url.trim().to_owned(), description.trim().to_owned(), actor.tenant(), app.env().now());
    check_url(&app, &url)?;
    if bodies {
        check_bodies(&actor.staff)?;
    }
    webhook::check(&description, &events)?;
    let id = WebhookId::new(app.env().uuid());
    let (secret, sealed) = fresh_secret(&app, id)?;
    let state = WebhookState::Enabled;
    let webhook =
        Webhook { id, tenant, url, description, events, bodies, state, secret: sealed, old_secret: None, since: now, created_at: now, updated_at: now };
    let added = permitted.change(&app, once.briefly(), move |tx| {
        Box::pin(async move {
            if crate::table::webhooks::list(tx, tenant).await?.len() >= MAX_WEBHOOKS {
                return Err(Problem::conflict(Code::TooManyWebhooks, format!("a company can have at most {MAX_WEBHOOKS} endpoints; delete one first")).into());
            }
            crate::table::webhooks::insert(tx, tenant, &webhook).await?;
            Answer::json(StatusCode::CREATED, &WebhookWithSecret { webhook: WebhookView::of(webhook, (0, 0), now), secret })
        })
    });
    added.await
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn an_endpoint_is_made_and_its_secret_is_shown_once() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let new =
            json!({"url": " https://hooks.example.com/in ", "description": "CRM", "events": ["conversation.rated", "conversation.opened"], "bodies": true});
        let made = tara.post("/api/v1/webhooks", new).await.expect(201);
        assert!(made["secret"].as_str().unwrap().starts_with("whsec_") && made["secret"].as_str().unwrap().len() == 38);
        assert_eq!((&made["url"], &made["state"], &made["dead"]), (&json!("https://hooks.example.com/in"), &json!("enabled"), &json!(0)));
        let listed = tara.get("/api/v1/webhooks").await.expect(200);
        assert_eq!(listed["items"][0]["events"], json!(["conversation.rated", "conversation.opened"]));
        assert!(!listed.to_string().contains("secret\":\""), "{listed}");
    }

    #[tokio::test]
    async fn what_does_not_fit_names_its_field() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let good = json!({"url": "https://hooks.example.com/", "events": ["conversation.rated"]});
        for (field, value) in [
            ("url", json!("hooks.example.com")),
            ("url", json!("ftp://hooks.example.com/")),
            ("url", json!("https://u:p@hooks.example.com/")),
            ("url", json!("https://169.254.169.254/")),
            ("url", json!(format!("https://hooks.example.com/{}", "x".repeat(2048)))),
            ("events", json!([])),
            ("events", json!(["conversation.rated", "conversation.rated"])),
            ("description", json!("x".repeat(121))),
        ] {
            let mut body = good.clone();
            body[field] = value;
            tara.post("/api/v1/webhooks", body).await.problem_at(422, "invalid_value", field);
        }
        tara.post("/api/v1/webhooks", json!({"url": "https://a.example/", "events": ["conversation.noted"]})).await.problem(422, "invalid_value");
        assert_eq!(tara.get("/api/v1/webhooks").await.expect(200)["items"], json!([]));
    }

    #[tokio::test]
    async fn there_is_room_for_twenty_and_only_administrators_make_them() {
        let app = TestApp::new().await;
        let new = json!({"url": "https://hooks.example.com/", "events": ["conversation.rated"]});
        app.manager("mira").await.post("/api/v1/webhooks", new.clone()).await.problem(403, "not_permitted");
        let tara = app.staff(Role::Administrator, "tara").await;
        for _ in 0..20 {
            tara.post("/api/v1/webhooks", new.clone()).await.expect(201);
        }
        tara.post("/api/v1/webhooks", new).await.problem(409, "too_many_webhooks");
    }
}
