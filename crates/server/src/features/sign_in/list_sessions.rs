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

#[cfg(test)]
mod tests {
    use domain::time::{DAY, HOUR, MINUTE};
    use testkit::TestApp;

    #[tokio::test]
    async fn sessions_are_listed_with_the_one_that_asks_marked() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        let second = app.company.session(app.app().db(), app.env(), ada.member.id).await;
        let listed = ada.with_cookie(&second).get("/api/v1/auth/sessions").await.expect(200);
        let current: Vec<bool> = listed["items"].as_array().unwrap().iter().map(|s| s["current"].as_bool().unwrap()).collect();
        assert_eq!(current, [true, false]);
    }

    #[tokio::test]
    async fn a_session_ends_after_twelve_idle_hours_and_after_seven_days() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        let idle = app.agent("eve").await;
        for _ in 0..14 {
            ada.get("/api/v1/me").await.expect(200);
            app.clock.advance(12 * HOUR - MINUTE);
        }
        idle.get("/api/v1/me").await.problem(401, "not_signed_in");
        ada.get("/api/v1/me").await.expect(200);
        app.clock.advance(7 * DAY - 14 * (12 * HOUR - MINUTE));
        ada.get("/api/v1/me").await.problem(401, "not_signed_in");
    }
}
