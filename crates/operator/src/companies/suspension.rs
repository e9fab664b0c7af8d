//! `PUT /api/v1/operator/companies/{id}/suspension`, and the command that does the same.

use axum::{Json, extract::State};
use domain::id::TenantId;
use http_kit::{
    App,
    auth::OperatorActor,
    extract::{ValidJson, ValidPath},
    permitted::Permitted,
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::OperatedCompany;

/// Whether a company is served.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompanySuspension {
    /// Whether nobody is served.
    pub suspended: bool,
}

/// Suspends a company, or has it served again. Whoever is connected is disconnected within a second.
pub async fn set(app: &App, permitted: Permitted, tenant: TenantId, is_suspended: bool) -> Result<(), Problem> {
    let written = permitted.write(app, move |tx| {
        Box::pin(async move {
            let is_new = store::tenants::set_suspended(tx, tenant, is_suspended).await?;
            let suspended = |suspended| CompanySuspension { suspended };
            tx.note_change(&suspended(is_suspended != is_new), &suspended(is_suspended));
            Ok(())
        })
    });
    written.await?;
    app.in_memory().addresses.forget();
    Ok(())
}

/// Suspends a company, or has it served again. Nothing is lost: its people and its visitors are refused with 403 `company_suspended` until then.
#[utoipa::path(put, path = "/operator/companies/{id}/suspension", tag = "operator", security(("operator" = [])), params(("id" = TenantId, Path)),
    request_body = CompanySuspension, responses((status = 200, body = OperatedCompany), Problems))]
pub async fn set_company_suspension(
    State(app): State<App>,
    actor: OperatorActor,
    ValidPath(id): ValidPath<TenantId>,
    ValidJson(asked): ValidJson<CompanySuspension>,
) -> Result<Json<OperatedCompany>, Problem> {
    super::view(&app, id).await?;
    set(&app, actor.over(id), id, asked.suspended).await?;
    Ok(Json(super::view(&app, id).await?))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    use crate::testing::operator;

    #[tokio::test]
    async fn nobody_is_served_until_the_operator_resumes_not_even_at_the_root() {
        let app = TestApp::new().await;
        let (beta, olga) = (app.other_company("beta").await, operator(&app).await);
        let (tara, bob) = (app.staff(Role::Administrator, "tara").await, app.staff_of(&beta, Role::Administrator, "bob").await);
        for (company, administrator, others) in [(&beta, &bob, &tara), (&app.company, &tara, &bob)] {
            let path = format!("/api/v1/operator/companies/{}/suspension", company.tenant);
            let suspended = olga.put(&path, json!({"suspended": true})).await.expect(200);
            assert!(suspended["suspended_at"].is_i64(), "{suspended}");
            administrator.get("/api/v1/me").await.problem(403, "company_suspended");
            others.get("/api/v1/me").await.expect(200);
            assert_eq!(olga.put(&path, json!({"suspended": true})).await.expect(200)["suspended_at"], suspended["suspended_at"]);
            assert_eq!(olga.put(&path, json!({"suspended": false})).await.expect(200)["suspended_at"], json!(null));
            administrator.get("/api/v1/me").await.expect(200);
            let noted = administrator.get("/api/v1/audit").await.expect(200);
            let entries: Vec<_> = noted["items"].as_array().unwrap().iter().filter(|one| one["by"]["kind"] == "operator").collect();
            assert_eq!(entries[0]["changes"], json!([{"field": "suspended", "before": true, "after": false}]), "{noted}");
        }
    }

    #[tokio::test]
    async fn only_an_operator_suspends() {
        let app = TestApp::new().await;
        let (tara, olga) = (app.staff(Role::Administrator, "tara").await, operator(&app).await);
        let path = format!("/api/v1/operator/companies/{}/suspension", app.company.tenant);
        tara.put(&path, json!({"suspended": true})).await.problem(401, "not_signed_in");
        olga.put(&path, json!({"suspended": "yes"})).await.problem_at(422, "invalid_value", "suspended");
        olga.put("/api/v1/operator/companies/x/suspension", json!({"suspended": true})).await.problem(404, "not_found");
    }
}
