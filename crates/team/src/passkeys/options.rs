//! `POST /api/v1/me/passkeys/options` and `POST /api/v1/me/passkeys/options-to-prove`: challenges for a browser.

use axum::{Json, extract::State, http::StatusCode};
use http_kit::{
    App,
    auth::{StaffActor, proof},
    problem::{Problem, Problems},
};

use super::{
    add::{MOST, too_many},
    ceremony,
    view::{NewPasskeyOptions, PasskeyOptions},
};

/// Returns what a browser needs to make a passkey for the caller; nothing is stored.
///
/// The caller must have proved who they are within 10 minutes (403 `proof_required`, `POST /me/proof`).
#[utoipa::path(post, path = "/me/passkeys/options", tag = "me", security(("staff" = [])), responses((status = 201, body = NewPasskeyOptions), Problems))]
pub async fn begin_adding_passkey(State(app): State<App>, actor: StaffActor) -> Result<(StatusCode, Json<NewPasskeyOptions>), Problem> {
    proof::require_recent(&app, &actor).await?;
    let (company, has) = {
        let mut tx = app.db().read_of(actor.tenant()).await?;
        (store::tenants::get(&mut tx, actor.tenant()).await?, store::passkeys::list(&mut tx, actor.tenant(), actor.staff.agent).await?)
    };
    if has.len() >= MOST {
        return Err(too_many());
    }
    Ok((StatusCode::CREATED, Json(ceremony::begin_making(&app, &actor.member, &company, &has)?)))
}

/// Returns what a browser needs to have one of the caller's passkeys prove who they are (`POST /me/proof`); nothing is stored.
#[utoipa::path(post, path = "/me/passkeys/options-to-prove", tag = "me", security(("staff" = [])), responses((status = 201, body = PasskeyOptions), Problems))]
pub async fn begin_proving_with_passkey(State(app): State<App>, actor: StaffActor) -> Result<(StatusCode, Json<PasskeyOptions>), Problem> {
    let who = (actor.tenant(), actor.staff.agent);
    let has = store::passkeys::list(&mut app.db().read_of(actor.tenant()).await?, who.0, who.1).await?;
    Ok((StatusCode::CREATED, Json(ceremony::begin_using(&app, Some(who), &has)?)))
}

#[cfg(test)]
mod tests {
    use domain::{staff::Role, time::MINUTE};
    use serde_json::json;
    use testkit_app::TestApp;

    use crate::passkeys::device::{add_passkey, origin};

    #[tokio::test]
    async fn a_challenge_to_prove_is_answered_once_and_to_add_needs_a_recent_proof() {
        let app = TestApp::new().await;
        let ada = app.staff(Role::Agent, "ada").await;
        let (device, _) = add_passkey(&app, &ada, "Phone").await;
        let options = ada.post("/api/v1/me/passkeys/options", json!(null)).await.expect(201);
        assert_eq!((&options["user_name"], options["exclude"].as_array().unwrap().len()), (&json!("ada@alpha.example"), 1));
        app.clock.advance(11 * MINUTE);
        ada.post("/api/v1/me/passkeys/options", json!(null)).await.problem(403, "proof_required");
        let options = ada.post("/api/v1/me/passkeys/options-to-prove", json!(null)).await.expect(201);
        let proof = json!({"passkey": device.answer(&options, &origin(&app))});
        assert_eq!(ada.post("/api/v1/me/proof", proof.clone()).await.status.as_u16(), 204);
        ada.post("/api/v1/me/proof", proof).await.problem_at(422, "passkey_refused", "id");
        ada.post("/api/v1/me/passkeys/options", json!(null)).await.expect(201);
    }
}
