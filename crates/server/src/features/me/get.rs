//! `GET /api/v1/me`: who is signed in.

use axum::{Json, extract::State};

use super::view::Me;
use crate::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};

/// Who is signed in.
#[utoipa::path(get, path = "/me", tag = "me", security(("staff" = [])), responses((status = 200, body = Me), Problems))]
pub async fn get_me(State(app): State<App>, actor: StaffActor) -> Result<Json<Me>, Problem> {
    let tenant = store::tenants::get(&mut app.db().read().await?, actor.staff.tenant).await?;
    Ok(Json(Me::new(actor.member, tenant)))
}
