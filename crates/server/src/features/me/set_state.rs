//! `PUT /api/v1/me/state`: takes conversations, or does not.

use axum::{Json, extract::State};
use domain::{policy::Permission, staff::AgentState};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::Me;
use crate::{
    App,
    auth::StaffActor,
    extract::ValidJson,
    problem::{Problem, Problems},
};

/// A new state of oneself.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewState {
    /// The state.
    pub state: AgentState,
    /// Why, in at most 80 characters.
    #[serde(default)]
    pub reason: Option<String>,
}

/// Changes one's own state and tells those who watch.
#[utoipa::path(put, path = "/me/state", tag = "me", security(("staff" = [])), request_body = NewState, responses((status = 200, body = Me), Problems))]
pub async fn set_my_state(State(app): State<App>, actor: StaffActor, ValidJson(NewState { state, reason }): ValidJson<NewState>) -> Result<Json<Me>, Problem> {
    actor.require(Permission::Desk)?;
    let reason = reason.map(|reason| reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    if reason.as_ref().is_some_and(|reason| reason.chars().count() > 80 || reason.contains('\0')) {
        return Err(Problem::invalid("reason", "invalid_value", "a reason has at most 80 characters"));
    }
    let (tenant, agent, by) = (actor.staff.tenant, actor.staff.agent, actor.entry_actor());
    let member = app
        .db()
        .writer()
        .write(db::Shard::Any, move |tx| Box::pin(async move { store::staff::change_state(tx, tenant, agent, state, by, reason.as_deref()).await }))
        .await?;
    let tenant = store::tenants::get(&mut app.db().read().await?, tenant).await?;
    Ok(Json(Me::new(member, tenant)))
}
