//! `PATCH /api/v1/webhooks/{id}`

use crate::table::webhooks::Webhook;
use axum::{extract::State, http::StatusCode};
use domain::{
    id::WebhookId,
    policy::Permission,
    revision::Revision,
    time::Ts,
    webhook::{self, EventType, WebhookState},
};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{check_bodies, check_url, view::WebhookView};

/// The fields to change; omitted fields keep their values.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookChange {
    /// A new address.
    #[serde(default)]
    pub url: Option<String>,
    /// A new description.
    #[serde(default)]
    pub description: Option<String>,
    /// New types of events.
    #[serde(default)]
    pub events: Option<Vec<EventType>>,
    /// Whether the content is sent too.
    #[serde(default)]
    pub bodies: Option<bool>,
    /// Whether the endpoint is enabled. Events that happen while it is disabled are not sent later; pending deliveries continue once it is enabled again.
    #[serde(default)]
    pub enabled: Option<bool>,
    /// `updated_at` as last read; if it has changed since, the request is refused.
    pub seen: Ts,
}

impl WebhookChange {
    fn apply(self, app: &App, to: Webhook) -> Result<Webhook, Problem> {
        let Self { url, description, events, bodies, enabled, seen: _ } = self;
        if let Some(url) = &url {
            check_url(app, url.trim())?;
        }
        let now = app.env().now();
        let updated_at = Revision(to.updated_at).next(now);
        let (state, since) = match enabled {
            Some(true) if to.state != WebhookState::Enabled => (WebhookState::Enabled, now),
            Some(false) => (WebhookState::Disabled, to.since),
            _ => (to.state, to.since),
        };
        let changed = Webhook {
            url: url.map_or(to.url, |url| url.trim().to_owned()),
            description: description.map_or(to.description, |description| description.trim().to_owned()),
            events: events.unwrap_or(to.events),
            bodies: bodies.unwrap_or(to.bodies),
            state,
            since,
            updated_at,
            id: to.id,
            tenant: to.tenant,
            secret: to.secret,
            old_secret: to.old_secret,
            created_at: to.created_at,
        };
        webhook::check(&changed.description, &changed.events)?;
        Ok(changed)
    }
}

/// Whether content that was not sent before is sent now, or to somewhere else.
fn sends_more_content(before: &Webhook, now: &Webhook) -> bool {
    let is_enabled = |webhook: &Webhook| webhook.state == WebhookState::Enabled;
    now.bodies && (!before.bodies || now.url != before.url || now.events != before.events || (is_enabled(now) && !is_enabled(before)))
}

/// Changes an endpoint, unless somebody else has changed it in the meantime.
#[utoipa::path(patch, path = "/webhooks/{id}", tag = "webhooks", security(("staff" = [])), params(("id" = WebhookId, Path), OnceHeader),
    request_body = WebhookChange, responses((status = 200, body = WebhookView), Problems))]
pub async fn update_webhook(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<WebhookId>,
    OnceJson(once, change): OnceJson<WebhookChange>,
) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::Integrations)?;
    let (tenant, seen) = (actor.tenant(), change.seen);
    let mut tx = app.db().read_of(actor.tenant()).await?;
    let found = crate::table::webhooks::get(&mut tx, tenant, id).await?;
    let counts = crate::table::webhook_deliveries::counts(&mut tx, tenant, id).await?;
    drop(tx);
    let before = WebhookView::of(found.clone(), counts, app.env().now());
    let changed = change.apply(&app, found.clone())?;
    if sends_more_content(&found, &changed) {
        check_bodies(&actor.staff)?;
    }
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            crate::table::webhooks::update(tx, tenant, &changed, seen).await?;
            let view = WebhookView::of(changed, counts, tx.now());
            tx.note_change(&before, &view);
            Answer::json(StatusCode::OK, &view)
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn two_editors_do_not_overwrite_each_other() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let made = tara.post("/api/v1/webhooks", json!({"url": "https://hooks.example.com/", "events": ["conversation.rated"]})).await.expect(201);
        let path = format!("/api/v1/webhooks/{}", made["id"].as_str().unwrap());
        let changed = tara.patch(&path, json!({"url": "https://other.example.com/", "enabled": false, "seen": made["updated_at"]})).await.expect(200);
        assert_eq!((&changed["url"], &changed["state"], &changed["events"]), (&json!("https://other.example.com/"), &json!("disabled"), &made["events"]));
        tara.patch(&path, json!({"bodies": true, "seen": made["updated_at"]})).await.problem(409, "conflict");
        let changed = tara.patch(&path, json!({"enabled": true, "seen": changed["updated_at"]})).await.expect(200);
        assert_eq!((&changed["state"], &changed["bodies"]), (&json!("enabled"), &json!(false)));
        tara.patch(&path, json!({"url": "x", "seen": changed["updated_at"]})).await.problem_at(422, "invalid_value", "url");
        tara.patch(&path, json!({"events": [], "seen": changed["updated_at"]})).await.problem_at(422, "invalid_value", "events");
    }

    #[tokio::test]
    async fn who_is_shown_masked_contacts_has_no_content_sent_anywhere() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let role = json!({"name": "technician", "grants": [{"permission": "integrations", "reach": ["company"]}], "hides": ["email"]});
        let ida = app.composed(&tara, &app.agent("ida").await, role).await;
        let new = |bodies: bool| json!({"url": "https://hooks.example.com/", "events": ["conversation.message"], "bodies": bodies});
        ida.post("/api/v1/webhooks", new(true)).await.problem_at(403, "not_permitted", "bodies");
        let (bare, full) = (ida.post("/api/v1/webhooks", new(false)).await.expect(201), tara.post("/api/v1/webhooks", new(true)).await.expect(201));
        let change = async |of: &serde_json::Value, mut change: serde_json::Value| {
            change["seen"] = of["updated_at"].clone();
            ida.patch(&format!("/api/v1/webhooks/{}", of["id"].as_str().unwrap()), change).await
        };
        change(&bare, json!({"bodies": true})).await.problem_at(403, "not_permitted", "bodies");
        for more in [json!({"url": "https://other.example.com/"}), json!({"events": ["conversation.message", "conversation.rated"]})] {
            change(&full, more).await.problem_at(403, "not_permitted", "bodies");
        }
        let stopped = change(&full, json!({"enabled": false, "description": "stopped"})).await.expect(200);
        change(&stopped, json!({"enabled": true})).await.problem_at(403, "not_permitted", "bodies");
        change(&stopped, json!({"bodies": false, "enabled": true})).await.expect(200);
    }

    #[tokio::test]
    async fn another_companys_endpoint_is_as_good_as_none() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let made = tara.post("/api/v1/webhooks", json!({"url": "https://hooks.example.com/", "events": ["conversation.rated"]})).await.expect(201);
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, Role::Administrator, "bob").await;
        let path = format!("/api/v1/webhooks/{}", made["id"].as_str().unwrap());
        bob.patch(&path, json!({"enabled": false, "seen": made["updated_at"]})).await.problem(404, "not_found");
        app.agent("ada").await.patch(&path, json!({"enabled": false, "seen": made["updated_at"]})).await.problem(403, "not_permitted");
    }
}
