//! `GET /api/v1/indicators`

use axum::Json;
use domain::policy::Permission;
use warehouse::{DEFINITIONS, definition::Reference};

use crate::{
    auth::actor::StaffActor,
    problem::{Problem, Problems},
};

/// What each indicator means, from its one definition.
#[utoipa::path(get, path = "/indicators", tag = "panel", security(("staff" = [])), responses((status = 200, body = Vec<Reference>), Problems))]
pub async fn list_indicators(actor: StaffActor) -> Result<Json<Vec<Reference>>, Problem> {
    actor.require(Permission::Panel)?;
    Ok(Json(DEFINITIONS.reference()))
}
