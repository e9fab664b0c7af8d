//! `GET /api/v1/panel`

use axum::{Json, extract::State};
use domain::policy::Permission;

use super::PanelView;
use crate::{
    App,
    auth::actor::StaffActor,
    problem::{Problem, Problems},
};

/// The live panel.
#[utoipa::path(get, path = "/panel", tag = "panel", security(("staff" = [])), responses((status = 200, body = PanelView), Problems))]
pub async fn get_panel(State(app): State<App>, actor: StaffActor) -> Result<Json<PanelView>, Problem> {
    actor.require(Permission::Panel)?;
    Ok(Json(super::view(&app, actor.tenant()).await?))
}
