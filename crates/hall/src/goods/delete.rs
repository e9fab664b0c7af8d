//! `DELETE /api/v1/goods/{id}` and `POST /api/v1/goods/{id}/restore`

use axum::{extract::State, http::StatusCode};
use content::goods::GoodsState;
use domain::{entry::Changed, policy::Permission, revision::Revision};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};
use store_hall::goods::Kept;

use super::{fields::StaffGoods, require_parts, require_prices};

/// Deletes a product, so that nobody sees it any more.
///
/// It can be restored for 30 days.
#[utoipa::path(delete, path = "/goods/{id}", tag = "goods", security(("staff" = [])), params(("id" = String, Path), OnceHeader),
    responses((status = 204, description = "The product is deleted; for 30 days it can be restored"), Problems))]
pub async fn delete_goods(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<String>, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::EditGoods)?;
    let (tenant, now) = (actor.tenant(), app.env().now());
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let found = store_hall::goods::get(tx, tenant, &id).await?;
            let (seen, before) = (found.updated_at, StaffGoods::from(found.clone()));
            let gone = Kept { updated_at: Revision(seen).next(now), deleted_at: Some(now), ..found };
            store_hall::goods::update(tx, tenant, &gone, seen).await?;
            tx.note_change(&before, &());
            tx.announce(Changed::Catalogue).await?;
            Ok(Answer::nothing())
        })
    });
    done.await
}

/// Restores a deleted product as it was; one that is not deleted stays as it is.
///
/// A product that was on sale is on sale again, which needs the permission to set prices.
#[utoipa::path(post, path = "/goods/{id}/restore", tag = "goods", security(("staff" = [])), params(("id" = String, Path), OnceHeader),
    responses((status = 200, body = StaffGoods), Problems))]
pub async fn restore_goods(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<String>, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::EditGoods)?;
    let (tenant, now, may_be_offered) = (actor.tenant(), app.env().now(), require_prices(&actor, "state"));
    let back = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let found = store_hall::goods::find(tx, tenant, &id).await?.ok_or(store::Error::NotFound)?;
            if found.deleted_at.is_none() {
                return Answer::json(StatusCode::OK, &StaffGoods::from(found));
            }
            if found.state == GoodsState::Live {
                may_be_offered?;
            }
            require_parts(tx, tenant, &found.product).await?;
            let seen = found.updated_at;
            let kept = Kept { updated_at: Revision(seen).next(now), deleted_at: None, ..found };
            store_hall::goods::update(tx, tenant, &kept, seen).await?;
            tx.announce(Changed::Catalogue).await?;
            Answer::json(StatusCode::OK, &StaffGoods::from(kept))
        })
    });
    back.await
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn deleted_goods_are_seen_by_nobody_and_come_back_as_they_were() {
        let app = TestApp::new().await;
        let ada = app.manager("ada").await;
        let category = ada.post("/api/v1/goods-categories", json!({"name": {"zh": "手机", "en": "Phones"}})).await.expect(201);
        let new = json!({"category": category["id"], "name": {"zh": "甲", "en": "A"}, "price_fen": 100, "stock": 5, "state": "live"});
        let made = ada.post("/api/v1/goods", new.clone()).await.expect(201);
        let path = "/api/v1/goods/g-001";
        assert_eq!(ada.delete(path).await.status.as_u16(), 204);
        ada.delete(path).await.problem(404, "not_found");
        ada.get(path).await.problem(404, "not_found");
        ada.patch(path, json!({"stock": 1, "seen": made["updated_at"]})).await.problem(404, "not_found");
        app.get("/api/v1/sites/alpha/goods/g-001").await.problem(404, "not_found");
        assert_eq!(ada.get("/api/v1/goods").await.expect(200)["items"], json!([]));
        // Its number is not given to another product.
        assert_eq!(ada.post("/api/v1/goods", new).await.expect(201)["id"], "g-002");

        let mut back = ada.post(&format!("{path}/restore"), json!({})).await.expect(200);
        assert!(back["updated_at"].as_i64() > made["updated_at"].as_i64());
        back["updated_at"] = made["updated_at"].clone();
        assert_eq!(back, made);
        ada.post(&format!("{path}/restore"), json!({})).await.expect(200);
        assert_eq!(app.get("/api/v1/sites/alpha/goods/g-001").await.expect(200)["stock"], 5);
    }

    #[tokio::test]
    async fn nothing_is_deleted_by_asking_for_it() {
        let app = TestApp::with_demo().await;
        let ada = app.manager("ada").await;
        for path in ["/api/v1/goods/g-001/delete", "/api/v1/goods/g-001?delete=1", "/del_goods/?gid=g-001"] {
            ada.get(path).await;
        }
        ada.get("/api/v1/goods/g-001/restore").await.problem(405, "method_not_allowed");
        assert_eq!(app.get("/api/v1/sites/demo/goods/g-001").await.status.as_u16(), 200);
    }

    #[tokio::test]
    async fn it_does_not_come_back_into_a_category_that_is_gone() {
        let app = TestApp::new().await;
        let ada = app.manager("ada").await;
        ada.post("/api/v1/goods-categories", json!({"name": {"zh": "手机", "en": "Phones"}})).await.expect(201);
        let new = json!({"category": "phones", "name": {"zh": "甲", "en": "A"}, "price_fen": 100, "stock": 5});
        ada.post("/api/v1/goods", new).await.expect(201);
        ada.delete("/api/v1/goods/g-001").await;
        assert_eq!(ada.delete("/api/v1/goods-categories/phones").await.status.as_u16(), 204);
        ada.post("/api/v1/goods/g-001/restore", json!({})).await.problem(409, "category_unknown");
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, domain::staff::Role::Agent, "bob").await.post("/api/v1/goods/g-001/restore", json!({})).await.problem(404, "not_found");
    }
}
