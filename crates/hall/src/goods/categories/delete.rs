//! `DELETE /api/v1/goods-categories/{id}`

use axum::extract::State;
use domain::{entry::Changed, policy::Permission, refusal::Code, revision::Revision};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};

use crate::goods::{frame, put_frame};

/// Removes a category of goods that has no products, and notifies subscribers of the catalogue.
///
/// The refusal for a category in use says how many products it has.
#[utoipa::path(delete, path = "/goods-categories/{id}", tag = "goods", security(("staff" = [])), params(("id" = String, Path), OnceHeader),
    responses((status = 204, description = "The category was deleted"), Problems))]
pub async fn delete_category(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<String>, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::EditGoods)?;
    let (tenant, now) = (actor.tenant(), app.env().now());
    let removed = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let (mut frame, seen) = frame(tx, tenant).await?;
            let at = frame.categories.iter().position(|category| category.id == id).ok_or(store::Error::NotFound)?;
            let goods = store_hall::goods::in_category(tx, tenant, &id).await?;
            if goods > 0 {
                return Err(Problem::conflict(Code::CategoryInUse, format!("{goods} products are in this category; move or delete them first")).into());
            }
            frame.categories.remove(at);
            put_frame(tx, tenant, &frame, seen, Revision(seen).next(now)).await?;
            tx.announce(Changed::Catalogue).await?;
            Ok(Answer::nothing())
        })
    });
    removed.await
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_category_in_use_stays_and_the_answer_says_how_many_products_it_has() {
        let app = TestApp::new().await;
        let ada = app.manager("ada").await;
        ada.post("/api/v1/goods-categories", json!({"name": {"en": "Lamps"}})).await.expect(201);
        for _ in 0..2 {
            ada.post("/api/v1/goods", json!({"category": "lamps", "name": {"en": "Lamp"}, "price_fen": 1, "stock": 1})).await.expect(201);
        }
        let path = "/api/v1/goods-categories/lamps";
        let refused = ada.delete(path).await.problem(409, "category_in_use");
        assert_eq!(refused["title"], "2 products are in this category; move or delete them first");
        assert_eq!(ada.get("/api/v1/goods-categories").await.expect(200)["items"][0]["goods"], 2);
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, domain::staff::Role::Agent, "bob").await.delete(path).await.problem(404, "not_found");
        for id in ["g-001", "g-002"] {
            ada.delete(&format!("/api/v1/goods/{id}")).await;
        }
        assert_eq!(ada.delete(path).await.status.as_u16(), 204);
        ada.delete(path).await.problem(404, "not_found");
    }
}
