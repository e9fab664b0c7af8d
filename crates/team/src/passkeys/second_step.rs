//! `POST /api/v1/auth/second-step/passkey-options` and `POST /api/v1/auth/second-step/passkey`: takes the second step of a sign-in with a passkey.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use http_kit::{
    App,
    audit::Asked,
    auth::origin,
    extract::ValidJson,
    permitted::Permitted,
    problem::{Problem, Problems},
};
use platform::{client_address::ClientAddress, env};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    ceremony::{self, Used, Whose},
    view::{PasskeyAssertion, PasskeyOptions},
};
use crate::{
    me::view::Me,
    second_step::{give, set_up::SecondStepToken, waiting},
    sign_in::proved::{Proof, Proved, Way},
};

/// A passkey as the second step of a sign-in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecondStepPasskey {
    /// The token of the sign-in.
    pub token: String,
    /// The passkey's answer to the challenge.
    pub passkey: PasskeyAssertion,
}

/// Returns what a browser needs to take the second step with one of the member's passkeys; nothing is stored.
#[utoipa::path(post, path = "/auth/second-step/passkey-options", tag = "sign_in", request_body = SecondStepToken, responses((status = 201, body = PasskeyOptions), Problems))]
pub async fn begin_passkey_step(
    State(app): State<App>,
    headers: HeaderMap,
    asked: Asked,
    ValidJson(SecondStepToken { token }): ValidJson<SecondStepToken>,
) -> Result<(StatusCode, Json<PasskeyOptions>), Problem> {
    origin::refuse_foreign_page(&headers, &app)?;
    let (tenant, agent) = waiting(&app, &token, &asked).await?;
    let has = store::passkeys::list(&mut app.db().read_of(tenant).await?, tenant, agent).await?;
    Ok((StatusCode::CREATED, Json(ceremony::begin_using(&app, Some((tenant, agent)), &has)?)))
}

/// Takes the second step of a sign-in with a passkey.
#[utoipa::path(post, path = "/auth/second-step/passkey", tag = "sign_in", request_body = SecondStepPasskey, responses((status = 201, body = Me), Problems))]
pub async fn give_passkey_step(
    State(app): State<App>,
    address: ClientAddress,
    headers: HeaderMap,
    asked: Asked,
    ValidJson(SecondStepPasskey { token, passkey }): ValidJson<SecondStepPasskey>,
) -> Result<Response, Problem> {
    origin::refuse_foreign_page(&headers, &app)?;
    let (tenant, agent) = waiting(&app, &token, &asked).await?;
    give::count_try(&app, tenant, agent, &token).await?;
    let used = Used::check(&app, Whose::Of(tenant, agent), &passkey).await?;
    let proof = Proof::SecondStep { token_hash: env::hash(&token), way: Way::Passkey };
    let proved = Proved::prepare(&app, &headers, address, (tenant, agent), (proof, asked)).await?;
    let then = proved.clone();
    let taken = Permitted::as_system(tenant).write(&app, move |tx| {
        Box::pin(async move {
            used.note(tx).await?;
            then.settle(tx).await
        })
    });
    let next = taken.await?;
    crate::second_step::check::forget(&app, agent).await;
    proved.answer(&app, next).await
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    use crate::{
        passkeys::device::{Device, add_passkey, origin},
        second_step::fixture::{PASSWORD, first_step},
    };

    #[tokio::test]
    async fn it_is_the_second_step_too_and_only_of_its_owner() {
        let app = TestApp::new().await;
        let (tara, ada) = (app.staff(Role::Administrator, "tara").await, app.staff(Role::Agent, "ada").await);
        app.set_password(&ada.member, PASSWORD).await;
        let (device, _) = add_passkey(&app, &ada, "Phone").await;
        tara.put("/api/v1/sign-in-rules", json!({"second_step_for": ["agent"]})).await.expect(200);
        let asked = first_step(&app, "ada").await;
        assert_eq!(asked["methods"], json!(["passkey"]));
        app.post("/api/v1/auth/second-step/setup", json!({"token": asked["token"]})).await.problem(409, "second_step_on");
        let options = app.post("/api/v1/auth/second-step/passkey-options", json!({"token": asked["token"]})).await.expect(201);
        assert_eq!(options["allow"].as_array().unwrap().len(), 1);
        let wrong = json!({"token": asked["token"], "passkey": Device::with_new_key().answer(&options, &origin(&app))});
        app.post("/api/v1/auth/second-step/passkey", wrong).await.problem_at(422, "passkey_refused", "id");
        let options = app.post("/api/v1/auth/second-step/passkey-options", json!({"token": asked["token"]})).await.expect(201);
        let right = json!({"token": asked["token"], "passkey": device.answer(&options, &origin(&app))});
        app.post("/api/v1/auth/second-step/passkey", right).await.expect(201);
    }
}
