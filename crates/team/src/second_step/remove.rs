//! `DELETE /api/v1/me/second-step`: removes two-step verification.

use axum::extract::State;
use domain::{
    id::{AgentId, TenantId},
    refusal::Code,
};
use http_kit::{
    App,
    auth::{StaffActor, proof},
    fault::Fault,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};

use crate::sign_in::proved;

/// Removes the caller's authenticator app and recovery codes; passkeys stay.
///
/// The caller must have proved who they are within 10 minutes (403 `proof_required`). It is refused (409 `second_step_required`) if the company requires a second
/// step of the caller's role and they have no passkey.
#[utoipa::path(delete, path = "/me/second-step", tag = "me", security(("staff" = [])), params(OnceHeader),
    responses((status = 204, description = "Only the first step is asked for from now on"), Problems))]
pub async fn remove_my_second_step(State(app): State<App>, actor: StaffActor, once: Once) -> Result<Answer, Problem> {
    proof::require_recent(&app, &actor).await?;
    let (tenant, agent) = (actor.tenant(), actor.staff.agent);
    let done = actor.accountable().on(db::Shard::Any).change(&app, once, move |tx| {
        Box::pin(async move {
            store::second_steps::remove(tx, tenant, agent).await?;
            refuse_none(tx, tenant, agent).await?;
            Ok(Answer::nothing())
        })
    });
    done.await
}

/// Refuses to leave a member without a second step if the company requires one of them. Called in the transaction that removes one.
pub(crate) async fn refuse_none(tx: &mut db::Tx, tenant: TenantId, agent: AgentId) -> Result<(), Fault> {
    let has_app = store::second_steps::find(tx, tenant, agent).await?.is_some_and(|found| found.confirmed_at.is_some());
    let has_passkey = !store::passkeys::list(tx, tenant, agent).await?.is_empty();
    if has_app || has_passkey || !proved::is_required(tx, tenant, agent).await? {
        return Ok(());
    }
    Err(Problem::conflict(Code::SecondStepRequired, "your company requires a second step: set up another one first").into())
}

#[cfg(test)]
mod tests {
    use domain::{staff::Role, time::MINUTE};
    use serde_json::json;
    use testkit_app::TestApp;

    use crate::second_step::fixture::{PASSWORD, app_code, set_up};

    #[tokio::test]
    async fn it_is_set_up_and_removed_by_whoever_has_proved_recently_who_they_are() {
        let app = TestApp::new().await;
        let ada = app.staff(Role::Agent, "ada").await;
        app.set_password(&ada.member, PASSWORD).await;
        let state = async || ada.get("/api/v1/me/second-step").await.expect(200);
        assert_eq!(state().await, json!({"app_since": null, "recovery_codes_left": 0, "required": false}));
        let (secret, _) = set_up(&app, &ada).await;
        assert_eq!(state().await, json!({"app_since": app.env().now(), "recovery_codes_left": 10, "required": false}));
        ada.post("/api/v1/me/second-step", json!(null)).await.problem(409, "second_step_on");
        app.clock.advance(11 * MINUTE);
        ada.delete("/api/v1/me/second-step").await.problem(403, "proof_required");
        ada.post("/api/v1/me/recovery-codes", json!(null)).await.problem(403, "proof_required");
        let prove = |proof: serde_json::Value| ada.post("/api/v1/me/proof", proof);
        prove(json!({"password": PASSWORD})).await.problem_at(422, "invalid_value", "password");
        prove(json!({"password": PASSWORD, "code": "000000"})).await.problem_at(422, "invalid_value", "password");
        prove(json!({"code": "000000"})).await.problem_at(422, "second_step_wrong", "code");
        assert_eq!(prove(json!({"code": app_code(&app, &secret)})).await.status.as_u16(), 204);
        prove(json!({"code": app_code(&app, &secret)})).await.problem_at(422, "second_step_wrong", "code");
        assert_eq!(ada.post("/api/v1/me/recovery-codes", json!(null)).await.expect(201)["recovery_codes"].as_array().unwrap().len(), 10);
        assert_eq!(ada.delete("/api/v1/me/second-step").await.status.as_u16(), 204);
        assert_eq!(state().await["app_since"], json!(null));
        let mut lines = app.audit().await;
        lines.retain(|line| line.entry.refused.is_none() && line.by.name.as_deref() == Some("ada"));
        let operations: Vec<_> = lines.iter().map(|line| line.entry.operation.as_str()).collect();
        assert_eq!(
            operations,
            [
                "POST /api/v1/me/second-step",
                "PUT /api/v1/me/second-step",
                "POST /api/v1/me/proof",
                "POST /api/v1/me/recovery-codes",
                "DELETE /api/v1/me/second-step"
            ]
        );
        assert_eq!(lines[2].details.request, json!({"steps": ["app"]}));
        app.post("/api/v1/auth/sessions", json!({"email": "ada@alpha.example", "password": PASSWORD})).await.expect(201);
    }

    #[tokio::test]
    async fn where_the_company_requires_it_the_last_one_stays() {
        let app = TestApp::new().await;
        let (tara, ada) = (app.staff(Role::Administrator, "tara").await, app.staff(Role::Agent, "ada").await);
        set_up(&app, &ada).await;
        tara.put("/api/v1/sign-in-rules", json!({"second_step_for": ["agent", "administrator"]})).await.expect(200);
        ada.delete("/api/v1/me/second-step").await.problem(409, "second_step_required");
        assert_eq!(ada.get("/api/v1/me/second-step").await.expect(200)["required"], json!(true));
    }
}
