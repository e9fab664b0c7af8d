//! `POST /api/v1/auth/second-step/setup` and `POST /api/v1/auth/second-step/setup/confirm`: sets up two-step verification during a sign-in, because the company
//! requires it. Until that is done, there is no session, and nothing else can be done.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
};
use domain::id::{AgentId, TenantId};
use http_kit::{
    App,
    audit::Asked,
    auth::origin,
    extract::ValidJson,
    fault::Fault,
    permitted::Permitted,
    problem::{Problem, Problems},
};
use platform::{client_address::ClientAddress, env};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{NewApp, already_set_up, check, confirm, new_app, new_codes, waiting};
use crate::{
    me::view::Me,
    sign_in::proved::{Proof, Proved, Way},
};

/// The token of a sign-in that waits for the second step.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecondStepToken {
    /// The token of the sign-in.
    pub token: String,
}

/// The first code of the app.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FirstCode {
    /// The token of the sign-in.
    pub token: String,
    /// The code that the app shows.
    pub code: String,
}

/// Who is signed in, and the recovery codes.
#[derive(Debug, Serialize, ToSchema)]
pub struct SetUp {
    /// Who is signed in.
    pub me: Me,
    /// The recovery codes, which are shown once; each is used once, in place of a code of the app.
    #[schema(format = "secret")]
    pub recovery_codes: Vec<String>,
}

/// Gives an authenticator app what it needs, during a sign-in for which two-step verification has to be set up.
#[utoipa::path(post, path = "/auth/second-step/setup", tag = "sign_in", request_body = SecondStepToken, responses((status = 201, body = NewApp), Problems))]
pub async fn begin_setup_at_sign_in(
    State(app): State<App>,
    headers: HeaderMap,
    asked: Asked,
    ValidJson(SecondStepToken { token }): ValidJson<SecondStepToken>,
) -> Result<Response, Problem> {
    origin::refuse_foreign_page(&headers, &app)?;
    let (tenant, agent) = waiting(&app, &token, &asked).await?;
    refuse_with_passkey(&app, tenant, agent).await?;
    let (sealed, shown) = new_app(&app, tenant, agent).await?;
    let begun = Permitted::as_system(tenant)
        .write(&app, move |tx| Box::pin(async move { store::second_steps::begin(tx, tenant, agent, &sealed).await.map_err(Fault::if_taken(already_set_up)) }));
    begun.await?;
    Ok((StatusCode::CREATED, Json(shown)).into_response())
}

/// Signs in with the first code of the app: from then on, it is asked for at each sign-in.
#[utoipa::path(post, path = "/auth/second-step/setup/confirm", tag = "sign_in", request_body = FirstCode, responses((status = 201, body = SetUp), Problems))]
pub async fn confirm_setup_at_sign_in(
    State(app): State<App>,
    address: ClientAddress,
    headers: HeaderMap,
    asked: Asked,
    ValidJson(FirstCode { token, code }): ValidJson<FirstCode>,
) -> Result<Response, Problem> {
    origin::refuse_foreign_page(&headers, &app)?;
    let (tenant, agent) = waiting(&app, &token, &asked).await?;
    super::give::count_try(&app, tenant, agent, &token).await?;
    refuse_with_passkey(&app, tenant, agent).await?;
    let first = confirm::read_first(&app, tenant, agent, &code).await?;
    let (codes, digests) = new_codes(&app, agent)?;
    let proof = Proof::SecondStep { token_hash: env::hash(&token), way: Way::App };
    let proved = Proved::prepare(&app, &headers, address, (tenant, agent), (proof, asked)).await?;
    let then = proved.clone();
    let done = Permitted::as_system(tenant).write(&app, move |tx| {
        Box::pin(async move {
            first.confirm(tx, tenant, agent, &digests).await?;
            then.settle(tx).await
        })
    });
    done.await?;
    check::forget(&app, agent).await;
    proved.answer_with(&app, |me| SetUp { me, recovery_codes: codes.recovery_codes }).await
}

/// Whoever has a passkey has a second step, and takes it.
async fn refuse_with_passkey(app: &App, tenant: TenantId, agent: AgentId) -> Result<(), Problem> {
    let passkeys = store::passkeys::list(&mut app.db().read_of(tenant).await?, tenant, agent).await?;
    if passkeys.is_empty() { Ok(()) } else { Err(already_set_up()) }
}

#[cfg(test)]
mod tests {
    use domain::{staff::Role, time::SECOND};
    use serde_json::json;
    use testkit_app::TestApp;

    use crate::second_step::fixture::{PASSWORD, app_code, first_step, give, secret_of};

    #[tokio::test]
    async fn where_a_role_needs_it_nobody_gets_in_before_it_is_set_up() {
        let app = TestApp::new().await;
        let (tara, ada) = (app.staff(Role::Administrator, "tara").await, app.staff(Role::Agent, "ada").await.member);
        app.set_password(&ada, PASSWORD).await;
        assert_eq!(tara.put("/api/v1/sign-in-rules", json!({"second_step_for": ["agent"]})).await.expect(200), json!({"second_step_for": ["agent"]}));
        let asked = first_step(&app, "ada").await;
        assert_eq!(asked["methods"], json!([]));
        let ask = async |path: &str, body: serde_json::Value| app.post(&format!("/api/v1/auth/second-step{path}"), body).await;
        ask("", json!({"token": asked["token"], "code": "000000"})).await.problem_at(422, "second_step_wrong", "code");
        ask("/setup/confirm", json!({"token": asked["token"], "code": "000000"})).await.problem_at(422, "second_step_wrong", "code");
        let begun = ask("/setup", json!({"token": asked["token"]})).await.expect(201);
        assert!(begun["address"].as_str().unwrap().contains("ada%40alpha.example") && begun["qr"]["path"].as_str().unwrap().starts_with("M0 0h7"));
        let secret = secret_of(begun["setup_key"].as_str().unwrap());
        let done = ask("/setup/confirm", json!({"token": asked["token"], "code": app_code(&app, &secret)})).await;
        assert_eq!((&done.expect(201)["me"]["name"], done.expect(201)["recovery_codes"].as_array().unwrap().len()), (&json!("ada"), 10));
        assert!(done.header("set-cookie").starts_with("__Host-yingda="));
        // From now on it is asked for, and a setup is refused.
        app.clock.advance(30 * SECOND);
        let asked = first_step(&app, "ada").await;
        assert_eq!(asked["methods"], json!(["app", "recovery_code"]));
        ask("/setup", json!({"token": asked["token"]})).await.problem(409, "second_step_on");
        give(&app, &asked, &app_code(&app, &secret)).await.expect(201);
    }

    #[tokio::test]
    async fn an_unknown_token_is_a_sign_in_that_has_ended() {
        let app = TestApp::new().await;
        for path in ["", "/setup", "/setup/confirm"] {
            let mut body = json!({"token": "0"});
            if path != "/setup" {
                body["code"] = json!("000000");
            }
            app.post(&format!("/api/v1/auth/second-step{path}"), body).await.problem(410, "second_step_over");
        }
    }
}
