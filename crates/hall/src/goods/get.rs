//! `GET /api/v1/goods/{id}`

use axum::{Json, extract::State};
use domain::policy::Permission;
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    problem::{Problem, Problems},
};

use super::fields::StaffGoods;

/// Returns a product with its data sheet, on sale or not.
#[utoipa::path(get, path = "/goods/{id}", tag = "goods", security(("staff" = [])), params(("id" = String, Path)), responses((status = 200, body = StaffGoods), Problems))]
pub async fn get_staff_goods(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<String>) -> Result<Json<StaffGoods>, Problem> {
    actor.require(Permission::EditGoods)?;
    let kept = store_hall::goods::get(&mut app.db().read_of(actor.tenant()).await?, actor.tenant(), &id).await?;
    Ok(Json(kept.into()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn staff_read_their_own_companys_goods_only() {
        let app = TestApp::with_demo().await;
        let ada = app.manager("ada").await;
        ada.get("/api/v1/goods/g-001").await.problem(404, "not_found");
        let category = ada.post("/api/v1/goods-categories", json!({"name": {"zh": "手机", "en": "Phones"}})).await.expect(201);
        let new = json!({"category": category["id"], "name": {"zh": "甲", "en": ""}, "price_fen": 100, "stock": 1});
        let made = ada.post("/api/v1/goods", new).await.expect(201);
        let path = format!("/api/v1/goods/{}", made["id"].as_str().unwrap());
        assert_eq!(ada.get(&path).await.expect(200), made);
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, domain::staff::Role::Agent, "bob").await.get(&path).await.problem(404, "not_found");
        app.get(&path).await.problem(401, "not_signed_in");
    }
}
