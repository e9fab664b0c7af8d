//! `GET /api/v1/auth/sessions`: where one is signed in.

use axum::{Json, extract::State};
use domain::{id::SessionId, time::Ts};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};

/// A browser that is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffSession {
    /// Its id.
    pub id: SessionId,
    /// When it signed in.
    pub created_at: Ts,
    /// When it was last used, to the minute.
    pub last_seen_at: Ts,
    /// What the browser calls itself.
    pub user_agent: String,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// Where one is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffSessions {
    /// The last used first.
    pub items: Vec<StaffSession>,
}

/// Where one is signed in.
#[utoipa::path(get, path = "/auth/sessions", tag = "sign_in", security(("staff" = [])), responses((status = 200, body = StaffSessions), Problems))]
pub async fn list_sessions(State(app): State<App>, actor: StaffActor) -> Result<Json<StaffSessions>, Problem> {
    let sessions = store::staff_sessions::list(&mut app.db().read().await?, actor.staff.tenant, actor.staff.agent).await?;
    let view = |session: store::staff_sessions::StaffSession| {
        let store::staff_sessions::StaffSession { id, user_agent, created_at, last_seen_at } = session;
        StaffSession { id, created_at, last_seen_at, user_agent, current: id == actor.session }
    };
    Ok(Json(StaffSessions { items: sessions.into_iter().map(view).collect() }))
}
