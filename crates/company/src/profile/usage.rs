//! `GET /api/v1/company/use`

use axum::{Json, extract::State};
use domain::policy::Permission;
use http_kit::{
    App,
    auth::StaffActor,
    company_use::{CompanyLimits, CompanyUse},
    problem::{Problem, Problems},
};
use serde::Serialize;
use store::limits::Limits;
use utoipa::ToSchema;

/// What the company may use of the installation, and what it uses.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompanyUsage {
    /// What it may use; whoever runs the installation says so.
    pub limits: CompanyLimits,
    /// What it uses.
    pub used: CompanyUse,
}

/// Says what the company may use of the installation, and what it uses.
#[utoipa::path(get, path = "/company/use", tag = "company", security(("staff" = [])), responses((status = 200, body = CompanyUsage), Problems))]
pub async fn get_company_use(State(app): State<App>, actor: StaffActor) -> Result<Json<CompanyUsage>, Problem> {
    actor.require(Permission::Settings)?;
    let (limits, used) = store::limits::usage(&mut app.db().read_of(actor.tenant()).await?, actor.tenant()).await?;
    // Every company has room for as many bytes as the settings say, unless it has less.
    let storage = Some(limits.storage.unwrap_or(i64::MAX).min(app.settings().files_bytes));
    Ok(Json(CompanyUsage { limits: Limits { storage, ..limits }.into(), used: used.into() }))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use store::limits::Limits;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn an_administrator_sees_what_the_company_uses_and_may_use() {
        let app = TestApp::with_room_for(1_000).await;
        let tara = app.staff(Role::Administrator, "tara").await;
        app.visitor().await.upload("/api/v1/widget/files?name=a.txt", "text/plain", b"hello".to_vec()).await.expect(201);
        let shown = tara.get("/api/v1/company/use").await.expect(200);
        assert_eq!(shown["used"], json!({"seats": 1, "sites": 1, "daily_messages": 0, "daily_texts": 0, "storage": 5}));
        assert_eq!(shown["limits"], json!({"seats": null, "sites": null, "daily_messages": null, "daily_texts": null, "storage": 1_000}));
        for (storage, told) in [(500, 500), (5_000, 1_000)] {
            app.limited(Limits { seats: Some(9), storage: Some(storage), ..Limits::default() }).await;
            let limits = tara.get("/api/v1/company/use").await.expect(200)["limits"].clone();
            assert_eq!(limits, json!({"seats": 9, "sites": null, "daily_messages": null, "daily_texts": null, "storage": told}));
        }
        app.manager("mira").await.get("/api/v1/company/use").await.problem(403, "not_permitted");
    }
}
