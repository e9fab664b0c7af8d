//! `GET /api/v1/plans` and `/{id}`

use axum::{Json, extract::State};
use content::goods::GoodsState;
use domain::policy::Permission;
use http_kit::{
    App,
    auth::StaffActor,
    extract::{ValidPath, ValidQuery},
    problem::{Problem, Problems},
};
use normal::find::{Searched, Sought};
use serde::{Deserialize, Serialize};
use store_hall::plans::KeptPlan;
use utoipa::{IntoParams, ToSchema};

use super::forms::StaffPlan;

/// Which plans to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListPlans {
    /// What the id, the name or the notes contain; if empty, all plans match.
    #[serde(default)]
    pub q: String,
    /// Only plans in this state.
    #[serde(default)]
    pub state: Option<GoodsState>,
    /// Only deleted plans, most recently deleted first; by default, only plans that are not deleted.
    #[serde(default)]
    pub deleted: bool,
}

/// The plans of a company.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffPlans {
    /// By monthly fee, as the hall shows them.
    pub items: Vec<StaffPlan>,
    /// The currency of the fees, an ISO 4217 code.
    pub currency: String,
}

/// Lists plans, on sale or not.
#[utoipa::path(get, path = "/plans", tag = "goods", security(("staff" = [])), params(ListPlans), responses((status = 200, body = StaffPlans), Problems))]
pub async fn list_plans(State(app): State<App>, actor: StaffActor, ValidQuery(query): ValidQuery<ListPlans>) -> Result<Json<StaffPlans>, Problem> {
    actor.require(Permission::EditGoods)?;
    let (wanted, catalogue) = (Sought::of(&query.q), app.catalogue(actor.tenant()).await?);
    let mut plans = store_hall::plans::list(&mut app.db().read_of(actor.tenant()).await?, actor.tenant()).await?;
    plans.retain(|kept| {
        let texts = [&kept.id, &kept.plan.name.zh, &kept.plan.name.en, &kept.plan.notes.zh, &kept.plan.notes.en];
        kept.deleted_at.is_some() == query.deleted
            && query.state.is_none_or(|state| state == kept.state)
            && (wanted.is_empty() || texts.into_iter().any(|text| wanted.is_in(&Searched::of(text))))
    });
    plans.sort_by_key(|kept: &KeptPlan| (kept.deleted_at.map(|at| std::cmp::Reverse(at.0)), kept.plan.monthly_fee_fen, kept.position));
    Ok(Json(StaffPlans { items: plans.into_iter().map(StaffPlan::from).collect(), currency: catalogue.frame.currency.clone() }))
}

/// Returns a plan, on sale or not.
#[utoipa::path(get, path = "/plans/{id}", tag = "goods", security(("staff" = [])), params(("id" = String, Path)), responses((status = 200, body = StaffPlan), Problems))]
pub async fn get_plan(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<String>) -> Result<Json<StaffPlan>, Problem> {
    actor.require(Permission::EditGoods)?;
    let kept = store_hall::plans::get(&mut app.db().read_of(actor.tenant()).await?, actor.tenant(), &id).await?;
    if kept.deleted_at.is_some() {
        return Err(Problem::not_found());
    }
    Ok(Json(kept.into()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn plans_are_listed_by_fee_and_read_by_staff_only() {
        let app = TestApp::new().await;
        let ada = app.manager("ada").await;
        for (name, fee) in [("dear", 900), ("cheap", 100)] {
            ada.post("/api/v1/plans", json!({"name": {"en": name}, "monthly_fee_fen": fee})).await.expect(201);
        }
        let listed = ada.get("/api/v1/plans").await.expect(200);
        assert_eq!((&listed["items"][0]["id"], &listed["items"][1]["id"], &listed["currency"]), (&json!("cheap"), &json!("dear"), &json!("CNY")));
        assert_eq!(ada.get("/api/v1/plans/dear").await.expect(200)["monthly_fee_fen"], json!(900));
        app.get("/api/v1/plans/dear").await.problem(401, "not_signed_in");
        app.visitor().await.get("/api/v1/plans").await.problem(401, "not_signed_in");
    }
}
