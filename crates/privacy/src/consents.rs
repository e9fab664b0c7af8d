//! `GET /api/v1/consents/settings` and `PUT /api/v1/consents/settings`: what the company stores of people who agree to it.

use axum::{Json, extract::State, http::StatusCode};
use domain::{entry::Changed, policy::Permission};
use http_kit::{
    App,
    auth::StaffActor,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use store_privacy::settings::{self, Uses};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_consent_settings, set_consent_settings))
}

/// What the company stores of people who agree to it. Of recommendations, their own settings say it.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentSettings {
    /// Whether it stores the pages on which conversations take place. If not, nobody is asked.
    pub pages: bool,
    /// Whether it remembers what people asked about. If not, nobody is asked.
    pub profile: bool,
}

impl From<Uses> for ConsentSettings {
    fn from(Uses { pages, profile }: Uses) -> Self {
        Self { pages, profile }
    }
}

/// Returns what the company stores of people who agree to it.
#[utoipa::path(get, path = "/consents/settings", tag = "privacy", security(("staff" = [])), responses((status = 200, body = ConsentSettings), Problems))]
pub async fn get_consent_settings(State(app): State<App>, actor: StaffActor) -> Result<Json<ConsentSettings>, Problem> {
    actor.require(Permission::ErasePeople)?;
    Ok(Json(settings::uses(&mut app.db().read_of(actor.tenant()).await?, actor.tenant()).await?.into()))
}

/// Sets what the company stores of people who agree to it. What is stored already stays until it is withdrawn, erased, or older than it is kept.
#[utoipa::path(put, path = "/consents/settings", tag = "privacy", security(("staff" = [])), params(OnceHeader), request_body = ConsentSettings,
    responses((status = 200, body = ConsentSettings), Problems))]
pub async fn set_consent_settings(State(app): State<App>, actor: StaffActor, OnceJson(once, new): OnceJson<ConsentSettings>) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::Settings)?;
    let tenant = actor.tenant();
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let before: ConsentSettings = settings::uses(tx, tenant).await?.into();
            settings::set_uses(tx, tenant, Uses { pages: new.pages, profile: new.profile }).await?;
            tx.note_change(&before, &new);
            tx.announce(Changed::Settings).await?;
            Answer::json(StatusCode::OK, &new)
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    const PATH: &str = "/api/v1/consents/settings";

    #[tokio::test]
    async fn what_the_company_does_not_store_nobody_is_asked_about() {
        let app = TestApp::new().await;
        let (tara, mira, visitor) = (app.staff(Role::Administrator, "tara").await, app.manager("mira").await, app.visitor().await);
        assert_eq!(mira.get(PATH).await.expect(200), json!({"pages": true, "profile": true}));
        mira.put(PATH, json!({"pages": false, "profile": true})).await.problem(403, "not_permitted");
        tara.put(PATH, json!({"pages": false, "profile": true})).await.expect(200);
        assert_eq!(mira.get(PATH).await.expect(200), json!({"pages": false, "profile": true}));
        let used = visitor.get("/api/v1/widget/consents").await.expect(200)["purposes"].clone();
        assert_eq!((&used[0]["used"], &used[1]["used"]), (&json!(false), &json!(true)));
        let conversation = visitor.open("hello").await;
        visitor.put("/api/v1/widget/consents", json!({"answers": [{"purpose": "pages", "granted": true}], "wording": 1, "place": "widget"})).await.expect(200);
        visitor.put("/api/v1/widget/page", json!({"title": "Shop", "url": "https://shop.example/"})).await;
        assert_eq!(mira.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200)["page"], json!(null));
        app.agent("ada").await.get(PATH).await.problem(403, "not_permitted");
        tara.put(PATH, json!({"pages": 1, "profile": true})).await.problem_at(422, "invalid_value", "pages");
    }
}
