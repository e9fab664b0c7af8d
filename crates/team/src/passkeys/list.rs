//! `GET /api/v1/me/passkeys`: the caller's passkeys.

use axum::{Json, extract::State};
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::PasskeyView;

/// The caller's passkeys.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyPasskeys {
    /// The passkeys, the oldest first.
    pub items: Vec<PasskeyView>,
}

/// Lists the caller's passkeys.
#[utoipa::path(get, path = "/me/passkeys", tag = "me", security(("staff" = [])), responses((status = 200, body = MyPasskeys), Problems))]
pub async fn list_my_passkeys(State(app): State<App>, actor: StaffActor) -> Result<Json<MyPasskeys>, Problem> {
    let passkeys = store::passkeys::list(&mut app.db().read().await?, actor.tenant(), actor.staff.agent).await?;
    Ok(Json(MyPasskeys { items: passkeys.into_iter().map(PasskeyView::from).collect() }))
}
