//! `GET /api/v1/address-rules`

use axum::{Json, extract::State};
use domain::policy::Permission;
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};
use platform::client_address::ClientAddress;

use super::AddressRulesView;

/// Returns from where the company is used.
#[utoipa::path(get, path = "/address-rules", tag = "company", security(("staff" = [])), responses((status = 200, body = AddressRulesView), Problems))]
pub async fn get_address_rules(State(app): State<App>, actor: StaffActor, from: ClientAddress) -> Result<Json<AddressRulesView>, Problem> {
    actor.require(Permission::Settings)?;
    let found = store::tenants::address(&mut app.db().read_of(actor.tenant()).await?, actor.tenant()).await?;
    Ok(Json(AddressRulesView::new(found.rules.unwrap_or_default(), from)))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn administrators_read_them_and_at_first_nobody_is_refused() {
        let app = TestApp::new().await;
        let found = app.staff(Role::Administrator, "tara").await.get("/api/v1/address-rules").await.expect(200);
        assert_eq!(found, json!({"rules": {"staff_allowed": [], "staff_denied": [], "visitors_denied": []}, "your_address": "127.0.0.1"}));
        app.agent("ada").await.get("/api/v1/address-rules").await.problem(403, "not_permitted");
    }
}
