//! `POST /api/v1/auth/passkey-options` and `POST /api/v1/auth/passkey-sessions`: signs in with a passkey, which also says who somebody is.

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
use platform::client_address::ClientAddress;

use super::{
    ceremony::{self, Used, Whose},
    view::{PasskeyAssertion, PasskeyOptions},
};
use crate::{
    me::view::Me,
    sign_in::{
        limits::SignInTry,
        proved::{Proof, Proved},
    },
};

/// Returns what a browser needs to sign in with a passkey; nothing is stored.
#[utoipa::path(post, path = "/auth/passkey-options", tag = "sign_in", responses((status = 201, body = PasskeyOptions), Problems))]
pub async fn begin_passkey_sign_in(State(app): State<App>, headers: HeaderMap) -> Result<(StatusCode, Json<PasskeyOptions>), Problem> {
    origin::refuse_foreign_page(&headers, &app)?;
    Ok((StatusCode::CREATED, Json(ceremony::begin_using(&app, None, &[])?)))
}

/// Signs in with a passkey. No further step is asked for: the device has verified its owner.
#[utoipa::path(post, path = "/auth/passkey-sessions", tag = "sign_in", request_body = PasskeyAssertion, responses((status = 201, body = Me), Problems))]
pub async fn sign_in_with_passkey(
    State(app): State<App>,
    address: ClientAddress,
    headers: HeaderMap,
    asked: Asked,
    ValidJson(assertion): ValidJson<PasskeyAssertion>,
) -> Result<Response, Problem> {
    origin::refuse_foreign_page(&headers, &app)?;
    let this = SignInTry::begin(&app, address).await?;
    let used = Used::check(&app, Whose::Anybodys(&asked), &assertion).await?;
    this.give_back().await;
    let (tenant, agent) = used.member();
    let proved = Proved::prepare(&app, &headers, address, (tenant, agent), (Proof::Passkey, asked)).await?;
    let then = proved.clone();
    let begun = Permitted::as_system(tenant).write(&app, move |tx| {
        Box::pin(async move {
            used.note(tx).await?;
            then.settle(tx).await
        })
    });
    proved.answer(&app, begun.await?).await
}

#[cfg(test)]
mod tests {
    use domain::{staff::Role, time::MINUTE};
    use futures_util::future::join_all;
    use serde_json::{Value, json};
    use testkit_app::TestApp;

    use crate::{
        passkeys::device::{Device, add_passkey, origin},
        second_step::fixture::{PASSWORD, set_up},
    };

    #[tokio::test]
    async fn a_passkey_says_who_somebody_is_and_is_enough() {
        let app = TestApp::new().await;
        let ada = app.staff(Role::Agent, "ada").await;
        app.set_password(&ada.member, PASSWORD).await;
        set_up(&app, &ada).await;
        let (device, added) = add_passkey(&app, &ada, " Phone ").await;
        assert_eq!((&added["name"], &added["used_at"]), (&json!("Phone"), &json!(null)));
        let options = app.post("/api/v1/auth/passkey-options", json!(null)).await.expect(201);
        assert_eq!((&options["rp_id"], &options["allow"]), (&json!("localhost"), &json!([])));
        let answer = device.answer(&options, &origin(&app));
        // Of fifty uses of one answer at once exactly one signs in.
        let all = join_all((0..20).map(|_| app.post("/api/v1/auth/passkey-sessions", answer.clone()))).await;
        let begun: Vec<_> = all.iter().filter(|one| one.status.as_u16() == 201).collect();
        assert_eq!((begun.len(), &begun[0].json()["name"]), (1, &json!("ada")));
        assert!(begun[0].header("set-cookie").starts_with("__Host-yingda="));
        let lines = app.acts_of("/auth/passkey-sessions").await;
        assert_eq!((lines.len(), &lines[0].details.request), (1, &json!({"steps": ["passkey"]})));
        let listed = ada.get("/api/v1/me/passkeys").await.expect(200);
        assert_eq!(listed["items"][0]["used_at"], json!(app.env().now()));
    }

    #[tokio::test]
    async fn an_answer_to_another_challenge_of_another_page_or_too_late_is_refused() {
        let app = TestApp::new().await;
        let (ada, eve) = (app.staff(Role::Agent, "ada").await, app.staff(Role::Agent, "eve").await);
        let (device, _) = add_passkey(&app, &ada, "Phone").await;
        let options = async || app.post("/api/v1/auth/passkey-options", json!(null)).await.expect(201);
        let refuse = async |answer: Value| app.post("/api/v1/auth/passkey-sessions", answer).await.problem_at(422, "passkey_refused", "id");
        refuse(device.answer(&options().await, "https://evil.example")).await;
        assert_eq!(app.refusals(1).await, [("POST /api/v1/auth/passkey-sessions".to_owned(), "passkey_refused".to_owned())]);
        refuse(Device::with_new_key().answer(&options().await, &origin(&app))).await;
        let mut swapped = device.answer(&options().await, &origin(&app));
        swapped["token"] = options().await["token"].clone();
        refuse(swapped).await;
        // Of a member's own page, for whoever signs in.
        let own = ada.post("/api/v1/me/passkeys/options-to-prove", json!(null)).await.expect(201);
        refuse(device.answer(&own, &origin(&app))).await;
        let late = options().await;
        app.clock.advance(5 * MINUTE);
        refuse(device.answer(&late, &origin(&app))).await;
        // Nobody adds what somebody has, or with another member's challenge.
        let hers = eve.post("/api/v1/me/passkeys/options", json!(null)).await.expect(201);
        ada.post("/api/v1/me/passkeys", Device::with_new_key().new_passkey(&hers, &origin(&app), "x")).await.problem_at(422, "passkey_refused", "id");
        eve.post("/api/v1/me/passkeys", device.new_passkey(&hers, &origin(&app), "x")).await.problem_at(422, "passkey_refused", "id");
    }
}
