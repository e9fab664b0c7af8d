//! `DELETE /api/v1/me/passkeys/{id}`: removes a passkey.

use axum::extract::State;
use domain::id::PasskeyId;
use http_kit::{
    App,
    auth::{StaffActor, proof},
    extract::ValidPath,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};

use super::view::PasskeyView;
use crate::second_step::remove::refuse_none;

/// Removes one of the caller's passkeys; it no longer signs in.
///
/// The caller must have proved who they are within 10 minutes (403 `proof_required`). It is refused (409 `second_step_required`) if the company requires a second
/// step of the caller's role and this is the last one.
#[utoipa::path(delete, path = "/me/passkeys/{id}", tag = "me", security(("staff" = [])), params(("id" = PasskeyId, Path), OnceHeader),
    responses((status = 204, description = "The passkey no longer signs in"), Problems))]
pub async fn remove_my_passkey(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<PasskeyId>, once: Once) -> Result<Answer, Problem> {
    proof::require_recent(&app, &actor).await?;
    let (tenant, agent) = (actor.tenant(), actor.staff.agent);
    let done = actor.accountable().on(db::Shard::Any).change(&app, once, move |tx| {
        Box::pin(async move {
            let removed = store::passkeys::list(tx, tenant, agent).await?.into_iter().find(|passkey| passkey.id == id);
            store::passkeys::remove(tx, tenant, agent, id).await?;
            tx.note_change(&removed.map(PasskeyView::from), &());
            refuse_none(tx, tenant, agent).await?;
            Ok(Answer::nothing())
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use domain::{staff::Role, time::MINUTE};
    use serde_json::json;
    use testkit_app::TestApp;

    use crate::passkeys::device::{add_passkey, origin};

    #[tokio::test]
    async fn its_owner_removes_it_unless_it_is_the_last_second_step_that_the_company_requires() {
        let app = TestApp::new().await;
        let (tara, ada, eve) = (app.staff(Role::Administrator, "tara").await, app.staff(Role::Agent, "ada").await, app.staff(Role::Agent, "eve").await);
        let (device, added) = add_passkey(&app, &ada, "Phone").await;
        let path = format!("/api/v1/me/passkeys/{}", added["id"].as_str().unwrap());
        eve.delete(&path).await.problem(404, "not_found");
        let require = async |roles: serde_json::Value| tara.put("/api/v1/sign-in-rules", json!({"second_step_for": roles})).await.expect(200);
        require(json!(["agent"])).await;
        ada.delete(&path).await.problem(409, "second_step_required");
        require(json!([])).await;
        app.clock.advance(11 * MINUTE);
        ada.delete(&path).await.problem(403, "proof_required");
        let options = ada.post("/api/v1/me/passkeys/options-to-prove", json!(null)).await.expect(201);
        let proof = json!({"passkey": device.answer(&options, &origin(&app))});
        assert_eq!(ada.post("/api/v1/me/proof", proof).await.status.as_u16(), 204);
        assert_eq!(ada.delete(&path).await.status.as_u16(), 204);
        let options = app.post("/api/v1/auth/passkey-options", json!(null)).await.expect(201);
        app.post("/api/v1/auth/passkey-sessions", device.answer(&options, &origin(&app))).await.problem_at(422, "passkey_refused", "id");
    }
}
