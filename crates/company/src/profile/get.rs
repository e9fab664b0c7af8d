//! `GET /api/v1/company`

use axum::{Json, extract::State};
use domain::policy::Permission;
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};

use super::view::CompanyView;

/// Returns the company's settings.
#[utoipa::path(get, path = "/company", tag = "company", security(("staff" = [])), responses((status = 200, body = CompanyView), Problems))]
pub async fn get_company(State(app): State<App>, actor: StaffActor) -> Result<Json<CompanyView>, Problem> {
    actor.require(Permission::Settings)?;
    Ok(Json(store::tenants::get(&mut app.db().read_of(actor.tenant()).await?, actor.tenant()).await?.into()))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn administrators_see_what_their_company_is_set_to() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let company = tara.get("/api/v1/company").await.expect(200);
        assert_eq!((&company["id"], &company["time_zone"]), (&json!(app.company.tenant.to_string()), &json!("Asia/Shanghai")));
        assert_eq!((&company["brand"], &company["hours"]), (&json!(null), &json!(null)));
        app.manager("mira").await.get("/api/v1/company").await.problem(403, "not_permitted");
    }
}
