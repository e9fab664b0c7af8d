//! `DELETE /api/v1/canned-replies/{id}`

use axum::{extract::State, http::StatusCode};
use domain::{id::CannedReplyId, policy::Permission};

use crate::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    problem::{Problem, Problems},
};

/// Removes a ready-made answer and tells every desk.
#[utoipa::path(delete, path = "/canned-replies/{id}", tag = "canned_replies", security(("staff" = [])), params(("id" = CannedReplyId, Path)),
    responses((status = 204), Problems))]
pub async fn delete_canned_reply(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<CannedReplyId>) -> Result<StatusCode, Problem> {
    actor.require(Permission::EditCannedReplies)?;
    let (tenant, by) = (actor.tenant(), actor.entry_actor());
    app.db().writer().write(db::Shard::Of(tenant.uuid()), move |tx| Box::pin(store::canned_replies::delete(tx, tenant, id, by))).await?;
    Ok(StatusCode::NO_CONTENT)
}
