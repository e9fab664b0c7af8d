//! `POST /api/v1/me/passkeys`: adds a passkey.

use axum::{Json, extract::State, http::StatusCode};
use domain::{id::PasskeyId, refusal::Code, staff};
use http_kit::{
    App,
    auth::{StaffActor, proof},
    extract::ValidJson,
    fault::Fault,
    problem::{Problem, Problems},
};
use store::passkeys::Passkey;

use super::{
    ceremony,
    view::{NewPasskey, PasskeyView},
};

/// The most passkeys of a member.
pub const MOST: usize = 20;

/// Adds a passkey that a browser made for the options of `POST /me/passkeys/options`; it signs in from then on.
///
/// It takes no `Idempotency-Key`: a challenge is answered once.
#[utoipa::path(post, path = "/me/passkeys", tag = "me", security(("staff" = [])), request_body = NewPasskey, responses((status = 201, body = PasskeyView), Problems))]
pub async fn add_my_passkey(
    State(app): State<App>,
    actor: StaffActor,
    ValidJson(new): ValidJson<NewPasskey>,
) -> Result<(StatusCode, Json<PasskeyView>), Problem> {
    proof::require_recent(&app, &actor).await?;
    let (tenant, agent) = (actor.tenant(), actor.staff.agent);
    let name = staff::name(&new.name)?;
    let (credential_id, credential) = ceremony::finish_making(&app, (tenant, agent), &new).await?;
    let id = PasskeyId::new(app.env().uuid());
    let passkey = Passkey { id, tenant, agent, credential_id, credential, name, created_at: app.env().now(), used_at: None };
    let added = passkey.clone();
    let done = actor.accountable().making(&id).on(db::Shard::Any).write(&app, move |tx| {
        Box::pin(async move {
            if store::passkeys::list(tx, tenant, agent).await?.len() >= MOST {
                return Err(too_many().into());
            }
            store::passkeys::insert(tx, tenant, &added).await.map_err(Fault::if_taken(ceremony::passkey_refused))?;
            tx.note_change(&(), &PasskeyView::from(added));
            Ok(())
        })
    });
    done.await?;
    Ok((StatusCode::CREATED, Json(passkey.into())))
}

pub(super) fn too_many() -> Problem {
    Problem::conflict(Code::TooManyPasskeys, format!("a member has at most {MOST} passkeys; remove one first"))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    use crate::passkeys::device::{Device, add_passkey, origin};

    #[tokio::test]
    async fn a_passkey_is_added_once_by_its_owner_with_a_name() {
        let app = TestApp::new().await;
        let (ada, eve) = (app.staff(Role::Agent, "ada").await, app.staff(Role::Agent, "eve").await);
        let (device, added) = add_passkey(&app, &ada, " Phone ").await;
        assert_eq!((&added["name"], &added["used_at"]), (&json!("Phone"), &json!(null)));
        let options = eve.post("/api/v1/me/passkeys/options", json!(null)).await.expect(201);
        let refused = device.new_passkey(&options, &origin(&app), "x");
        eve.post("/api/v1/me/passkeys", refused).await.problem_at(422, "passkey_refused", "id");
        let nameless = Device::with_new_key().new_passkey(&options, &origin(&app), "");
        eve.post("/api/v1/me/passkeys", nameless).await.problem_at(422, "invalid_value", "name");
        assert_eq!(eve.get("/api/v1/me/passkeys").await.expect(200), json!({"items": []}));
    }
}
