//! `DELETE /api/v1/auth/sessions/current`: signs out.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};

use crate::{
    App,
    auth::{StaffActor, session},
    problem::{Problem, Problems},
};

/// Ends the session this request came with; its connections close.
#[utoipa::path(delete, path = "/auth/sessions/current", tag = "sign_in", security(("staff" = [])), responses((status = 204), Problems))]
pub async fn sign_out(State(app): State<App>, actor: StaffActor) -> Result<impl IntoResponse, Problem> {
    let (tenant, agent, id) = (actor.staff.tenant, actor.staff.agent, actor.session);
    app.db().writer().write(db::Shard::Any, move |tx| Box::pin(store::staff_sessions::end(tx, tenant, agent, id))).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, session::clear())]))
}
