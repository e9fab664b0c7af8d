//! `POST /api/v1/me/second-step`: begins to set up two-step verification.

use axum::{Json, extract::State, http::StatusCode};
use http_kit::{
    App,
    auth::{StaffActor, proof},
    fault::Fault,
    problem::{Problem, Problems},
};

use super::{NewApp, already_set_up, new_app};

/// Gives an authenticator app what it needs to be set up; nothing is asked for at sign-in until its first code was right (`PUT`).
///
/// The caller must have proved who they are within 10 minutes (403 `proof_required`, `POST /me/proof`). It takes no `Idempotency-Key`: each call makes a new
/// secret, and the last one counts.
#[utoipa::path(post, path = "/me/second-step", tag = "me", security(("staff" = [])), responses((status = 201, body = NewApp), Problems))]
pub async fn begin_my_second_step(State(app): State<App>, actor: StaffActor) -> Result<(StatusCode, Json<NewApp>), Problem> {
    proof::require_recent(&app, &actor).await?;
    let (tenant, agent) = (actor.tenant(), actor.staff.agent);
    let (sealed, shown) = new_app(&app, tenant, agent).await?;
    let begun = actor
        .accountable()
        .on(db::Shard::Any)
        .write(&app, move |tx| Box::pin(async move { store::second_steps::begin(tx, tenant, agent, &sealed).await.map_err(Fault::if_taken(already_set_up)) }));
    begun.await?;
    Ok((StatusCode::CREATED, Json(shown)))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    use crate::second_step::fixture::{app_code, secret_of};

    #[tokio::test]
    async fn each_beginning_has_a_secret_of_its_own_and_the_last_one_counts() {
        let app = TestApp::new().await;
        let ada = app.staff(Role::Agent, "ada").await;
        let begin = async || secret_of(ada.post("/api/v1/me/second-step", json!(null)).await.expect(201)["setup_key"].as_str().unwrap());
        let (first, second) = (begin().await, begin().await);
        assert_ne!(first, second);
        let confirm = async |code: String| ada.put("/api/v1/me/second-step", json!({"code": code})).await;
        confirm(app_code(&app, &first)).await.problem_at(422, "second_step_wrong", "code");
        confirm(app_code(&app, &second)).await.expect(200);
        app.post("/api/v1/me/second-step", json!(null)).await.problem(401, "not_signed_in");
    }
}
