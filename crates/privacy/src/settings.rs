//! `GET /api/v1/erasures/settings` and `PUT /api/v1/erasures/settings`: whether a second person has to confirm what is erased.

use axum::{Json, extract::State, http::StatusCode};
use domain::{entry::Changed, policy::Permission};
use http_kit::{
    App,
    auth::StaffActor,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use store_privacy::settings;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_erasure_settings, set_erasure_settings))
}

/// How the company erases.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ErasureSettings {
    /// Whether a second person has to confirm what a member of the staff wants to erase. What customers erase of themselves needs nobody.
    pub four_eyes: bool,
}

/// Returns how the company erases.
#[utoipa::path(get, path = "/erasures/settings", tag = "privacy", security(("staff" = [])), responses((status = 200, body = ErasureSettings), Problems))]
pub async fn get_erasure_settings(State(app): State<App>, actor: StaffActor) -> Result<Json<ErasureSettings>, Problem> {
    actor.require(Permission::ErasePeople)?;
    Ok(Json(ErasureSettings { four_eyes: settings::four_eyes(&mut app.db().read_of(actor.tenant()).await?, actor.tenant()).await? }))
}

/// Sets how the company erases. What waits for a second person goes on waiting. Programs cannot do this.
#[utoipa::path(put, path = "/erasures/settings", tag = "privacy", security(("staff" = [])), params(OnceHeader), request_body = ErasureSettings,
    responses((status = 200, body = ErasureSettings), Problems))]
pub async fn set_erasure_settings(State(app): State<App>, actor: StaffActor, OnceJson(once, new): OnceJson<ErasureSettings>) -> Result<Answer, Problem> {
    actor.session()?;
    let permitted = actor.require(Permission::Settings)?;
    let tenant = actor.tenant();
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let before = ErasureSettings { four_eyes: settings::four_eyes(tx, tenant).await? };
            settings::set_four_eyes(tx, tenant, new.four_eyes).await?;
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

    const PATH: &str = "/api/v1/erasures/settings";

    #[tokio::test]
    async fn administrators_say_whether_a_second_person_confirms() {
        let app = TestApp::new().await;
        let (tara, mira) = (app.staff(Role::Administrator, "tara").await, app.manager("mira").await);
        assert_eq!(mira.get(PATH).await.expect(200), json!({"four_eyes": false}));
        mira.put(PATH, json!({"four_eyes": true})).await.problem(403, "not_permitted");
        tara.put(PATH, json!({"four_eyes": true})).await.expect(200);
        assert_eq!(mira.get(PATH).await.expect(200), json!({"four_eyes": true}));
        app.agent("ada").await.get(PATH).await.problem(403, "not_permitted");
        tara.put(PATH, json!({"four_eyes": 1})).await.problem_at(422, "invalid_value", "four_eyes");
    }
}
