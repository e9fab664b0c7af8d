//! `GET /api/v1/floor/settings`

use axum::{Json, extract::State};
use domain::policy::OverConversations;
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};

use super::view::FloorSettingsView;

/// Returns what the company decided for its floor. Everybody who serves conversations may know it: the reasons for a break are in it.
#[utoipa::path(get, path = "/floor/settings", tag = "floor", security(("staff" = [])), responses((status = 200, body = FloorSettingsView), Problems))]
pub async fn get_floor_settings(State(app): State<App>, actor: StaffActor) -> Result<Json<FloorSettingsView>, Problem> {
    actor.may(OverConversations::Desk)?.anywhere();
    let mut tx = app.db().read_of(actor.tenant()).await?;
    Ok(Json(store_desk::floor::settings(&mut tx, actor.tenant()).await?.into()))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn who_serves_may_know_them() {
        let app = TestApp::new().await;
        let settings = app.agent("ada").await.get("/api/v1/floor/settings").await.expect(200);
        assert_eq!(settings["break_reasons"].as_array().unwrap().len(), 4);
        app.staff(Role::Auditor, "otto").await.get("/api/v1/floor/settings").await.problem(403, "not_permitted");
    }
}
