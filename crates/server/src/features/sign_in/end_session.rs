//! `DELETE /api/v1/auth/sessions/{id}`: signs another browser out.

use axum::{extract::State, http::StatusCode};
use domain::id::SessionId;

use crate::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    problem::{Problem, Problems},
};

/// Ends one of one's own sessions; its connections close.
#[utoipa::path(delete, path = "/auth/sessions/{id}", tag = "sign_in", security(("staff" = [])), params(("id" = SessionId, Path)), responses((status = 204), Problems))]
pub async fn end_session(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<SessionId>) -> Result<StatusCode, Problem> {
    let (tenant, agent) = (actor.staff.tenant, actor.staff.agent);
    app.db().writer().write(db::Shard::Any, move |tx| Box::pin(store::staff_sessions::end(tx, tenant, agent, id))).await?;
    Ok(StatusCode::NO_CONTENT)
}
