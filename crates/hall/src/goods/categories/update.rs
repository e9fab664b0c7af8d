//! `PATCH /api/v1/goods-categories/{id}`

use axum::{extract::State, http::StatusCode};
use content::goods;
use domain::{entry::Changed, policy::Permission, revision::Revision, text::Bilingual, time::Ts};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::list::StaffCategory;
use crate::goods::{frame, put_frame};

/// The fields to change; omitted fields keep their values.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CategoryChange {
    /// A new name.
    #[serde(default)]
    pub name: Option<Bilingual>,
    /// A new position among the categories, counting from 0; the last one if it is too high.
    #[serde(default)]
    pub position: Option<usize>,
    /// `updated_at` of the list as last read; if it has changed since, the request is refused.
    pub seen: Ts,
}

/// Renames or moves a category of goods, unless somebody else has changed the list in the meantime, and notifies subscribers of the catalogue.
#[utoipa::path(patch, path = "/goods-categories/{id}", tag = "goods", security(("staff" = [])), params(("id" = String, Path), OnceHeader),
    request_body = CategoryChange, responses((status = 200, body = StaffCategory), Problems))]
pub async fn update_category(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<String>,
    OnceJson(once, change): OnceJson<CategoryChange>,
) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::EditGoods)?;
    let (tenant, now) = (actor.tenant(), app.env().now());
    let (name, position, expected) = (change.name.map(Bilingual::trimmed), change.position, change.seen);
    name.as_ref().map(goods::check_category_name).transpose()?;
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let (mut frame, seen) = frame(tx, tenant).await?;
            let at = frame.categories.iter().position(|category| category.id == id).ok_or(store::Error::NotFound)?;
            if seen != expected {
                return Err(store::Error::Stale.into());
            }
            let mut category = frame.categories.remove(at);
            category.name = name.unwrap_or(category.name);
            let at = position.unwrap_or(at).min(frame.categories.len());
            frame.categories.insert(at, category.clone());
            put_frame(tx, tenant, &frame, seen, Revision(seen).next(now)).await?;
            tx.announce(Changed::Catalogue).await?;
            let goods = usize::try_from(store_hall::goods::in_category(tx, tenant, &id).await?).unwrap_or_default();
            Answer::json(StatusCode::OK, &StaffCategory { id: category.id, name: category.name, goods })
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use testkit_app::{StaffClient, TestApp};

    async fn list(ada: &StaffClient) -> (Vec<String>, Value) {
        let list = ada.get("/api/v1/goods-categories").await.expect(200);
        (list["items"].as_array().unwrap().iter().map(|item| item["name"]["en"].as_str().unwrap().to_owned()).collect(), list["updated_at"].clone())
    }

    #[tokio::test]
    async fn a_category_is_renamed_and_moved_by_one_editor_at_a_time() {
        let app = TestApp::new().await;
        let (ada, eve) = (app.agent("ada").await, app.agent("eve").await);
        for en in ["A", "B", "C"] {
            ada.post("/api/v1/goods-categories", json!({"name": {"en": en}})).await.expect(201);
        }
        let (_, seen) = list(&ada).await;
        ada.patch("/api/v1/goods-categories/c", json!({"name": {"en": "See"}, "position": 0, "seen": seen})).await.expect(200);
        eve.patch("/api/v1/goods-categories/b", json!({"name": {"en": "Bee"}, "seen": seen})).await.problem(409, "conflict");
        let (names, seen) = list(&ada).await;
        assert_eq!(names, ["See", "A", "B"]);
        ada.patch("/api/v1/goods-categories/c", json!({"position": 99, "seen": seen})).await.expect(200);
        assert_eq!(list(&ada).await.0, ["A", "B", "See"]);
        ada.patch("/api/v1/goods-categories/c", json!({"name": {}, "seen": seen})).await.problem_at(422, "invalid_value", "name");
        ada.patch("/api/v1/goods-categories/none", json!({"seen": seen})).await.problem(404, "not_found");
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, domain::staff::Role::Agent, "bob").await;
        bob.patch("/api/v1/goods-categories/c", json!({"seen": seen})).await.problem(404, "not_found");
    }
}
