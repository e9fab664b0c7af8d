//! `GET /api/v1/me/second-step`: whether the caller's sign-in has a second step.

use axum::{Json, extract::State};
use domain::time::Ts;
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::sign_in::proved;

/// The caller's two-step verification.
#[derive(Debug, Serialize, ToSchema)]
pub struct MySecondStep {
    /// Since when a code of an authenticator app is asked for; `null` if it is not.
    #[schema(required)]
    pub app_since: Option<Ts>,
    /// How many recovery codes are unused.
    pub recovery_codes_left: i64,
    /// Whether the company requires a second step of the caller's role.
    pub required: bool,
}

/// Returns whether the caller's sign-in has a second step.
#[utoipa::path(get, path = "/me/second-step", tag = "me", security(("staff" = [])), responses((status = 200, body = MySecondStep), Problems))]
pub async fn get_my_second_step(State(app): State<App>, actor: StaffActor) -> Result<Json<MySecondStep>, Problem> {
    let (tenant, agent) = (actor.tenant(), actor.staff.agent);
    let mut tx = app.db().read().await?;
    Ok(Json(MySecondStep {
        app_since: store::second_steps::find(&mut tx, tenant, agent).await?.and_then(|found| found.confirmed_at),
        recovery_codes_left: store::second_steps::recovery_codes_left(&mut tx, tenant, agent).await?,
        required: proved::is_required(&mut tx, tenant, agent).await?,
    }))
}
