//! `POST /api/v1/webhooks/{id}/secret`

use axum::{extract::State, http::StatusCode};
use domain::{id::WebhookId, policy::Permission, revision::Revision, webhook::OLD_SECRET_MS};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};

use super::{
    fresh_secret,
    view::{WebhookView, WebhookWithSecret},
};

/// Replaces the secret.
///
/// For 24 hours the previous secret signs too, so that receivers can be changed without haste.
#[utoipa::path(post, path = "/webhooks/{id}/secret", tag = "webhooks", security(("staff" = [])), params(("id" = WebhookId, Path), OnceHeader),
    responses((status = 200, body = WebhookWithSecret), Problems))]
pub async fn rotate_webhook_secret(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<WebhookId>, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::Integrations)?;
    let tenant = actor.tenant();
    let (secret, sealed) = fresh_secret(&app, id)?;
    let counts = crate::table::webhook_deliveries::counts(&mut app.db().read_of(tenant).await?, tenant, id).await?;
    let rotated = permitted.change(&app, once.briefly(), move |tx| {
        Box::pin(async move {
            let (mut webhook, now) = (crate::table::webhooks::get(tx, tenant, id).await?, tx.now());
            let seen = webhook.updated_at;
            webhook.old_secret = Some((std::mem::replace(&mut webhook.secret, sealed), now.plus(OLD_SECRET_MS)));
            webhook.updated_at = Revision(seen).next(now);
            crate::table::webhooks::update(tx, tenant, &webhook, seen).await?;
            Answer::json(StatusCode::OK, &WebhookWithSecret { webhook: WebhookView::of(webhook, counts, now), secret })
        })
    });
    rotated.await
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_new_secret_is_shown_and_the_old_one_stays_a_while() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let made = tara.post("/api/v1/webhooks", json!({"url": "https://hooks.example.com/", "events": ["conversation.rated"]})).await.expect(201);
        let path = format!("/api/v1/webhooks/{}", made["id"].as_str().unwrap());
        let rotated = tara.post(&format!("{path}/secret"), json!({})).await.expect(200);
        assert_ne!(rotated["secret"], made["secret"]);
        assert_eq!(rotated["old_secret_until"], json!(app.env().now().0 + 24 * 3_600_000));
        app.clock.advance(24 * 3_600_000);
        let tara = tara.with_cookie(&app.company.session(app.app().db(), tara.member.id).await);
        assert_eq!(tara.get("/api/v1/webhooks").await.expect(200)["items"][0]["old_secret_until"], json!(null));
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, Role::Administrator, "bob").await.post(&format!("{path}/secret"), json!({})).await.problem(404, "not_found");
        app.manager("mira").await.post(&format!("{path}/secret"), json!({})).await.problem(403, "not_permitted");
    }
}
