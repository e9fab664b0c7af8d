//! `POST /api/v1/me/recovery-codes`: replaces the recovery codes.

use axum::{Json, extract::State, http::StatusCode};
use http_kit::{
    App,
    auth::{StaffActor, proof},
    fault::Fault,
    problem::{Problem, Problems},
};

use super::{RecoveryCodes, new_codes};

/// Makes ten new recovery codes, which are shown once; the earlier ones are invalid from then on.
///
/// The caller must have proved who they are within 10 minutes (403 `proof_required`). It takes no `Idempotency-Key`: each call makes new codes, and the last ones
/// count.
#[utoipa::path(post, path = "/me/recovery-codes", tag = "me", security(("staff" = [])), responses((status = 201, body = RecoveryCodes), Problems))]
pub async fn renew_my_recovery_codes(State(app): State<App>, actor: StaffActor) -> Result<(StatusCode, Json<RecoveryCodes>), Problem> {
    proof::require_recent(&app, &actor).await?;
    let (tenant, agent) = (actor.tenant(), actor.staff.agent);
    let (codes, digests) = new_codes(&app, agent)?;
    let done = actor.accountable().on(db::Shard::Any).write(&app, move |tx| {
        Box::pin(async move {
            let found = store::second_steps::find(tx, tenant, agent).await?;
            if found.is_none_or(|found| found.confirmed_at.is_none()) {
                return Err(Fault::from(Problem::not_found()));
            }
            Ok(store::second_steps::set_recovery_codes(tx, tenant, agent, &digests).await?)
        })
    });
    done.await?;
    Ok((StatusCode::CREATED, Json(codes)))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    use crate::second_step::fixture::{PASSWORD, first_step, give, set_up};

    #[tokio::test]
    async fn new_codes_replace_the_earlier_ones() {
        let app = TestApp::new().await;
        let ada = app.staff(Role::Agent, "ada").await;
        app.set_password(&ada.member, PASSWORD).await;
        ada.post("/api/v1/me/recovery-codes", json!(null)).await.problem(404, "not_found");
        let (_, before) = set_up(&app, &ada).await;
        let renewed = ada.post("/api/v1/me/recovery-codes", json!(null)).await.expect(201);
        let asked = first_step(&app, "ada").await;
        give(&app, &asked, &before[0]).await.problem_at(422, "second_step_wrong", "code");
        give(&app, &asked, renewed["recovery_codes"][0].as_str().unwrap()).await.expect(201);
    }
}
