//! `POST /api/v1/goods-categories`

use axum::{extract::State, http::StatusCode};
use content::goods;
use domain::{
    entry::Changed,
    policy::Permission,
    refusal::{Code, Refusal},
    revision::Revision,
    text::Bilingual,
};
use http_kit::{
    App,
    auth::StaffActor,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use service::catalogue::Category;
use utoipa::ToSchema;

use super::list::StaffCategory;
use crate::goods::{frame, put_frame};

/// The most categories of a company.
const MOST: usize = 100;

/// A category of goods to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCategory {
    /// The name shown to customers, in at least one language, at most 40 characters each.
    pub name: Bilingual,
}

/// The first free id that resembles the name.
fn free_id(name: &Bilingual, taken: &[Category]) -> String {
    let wanted = match goods::slug(&name.en).replace('_', "-") {
        plain if name.en.trim().is_empty() || plain == "property" => "category".to_owned(),
        plain => plain,
    };
    let is_taken = |id: &String| taken.iter().any(|category| category.id == *id);
    let numbered = |n: usize| if n == 1 { wanted.clone() } else { format!("{wanted}-{n}") };
    (1..).map(numbered).find(|id| !is_taken(id)).unwrap_or_default()
}

/// Adds a category of goods after the others, and notifies subscribers of the catalogue.
#[utoipa::path(post, path = "/goods-categories", tag = "goods", security(("staff" = [])), params(OnceHeader), request_body = NewCategory,
    responses((status = 201, body = StaffCategory), Problems))]
pub async fn create_category(State(app): State<App>, actor: StaffActor, OnceJson(once, new): OnceJson<NewCategory>) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::EditGoods)?;
    let (tenant, now, name) = (actor.tenant(), app.env().now(), new.name.trimmed());
    goods::check_category_name(&name)?;
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let (mut frame, seen) = frame(tx, tenant).await?;
            if frame.categories.len() >= MOST {
                return Err(Refusal::new(Code::TooManyCategories).into());
            }
            let category = Category { id: free_id(&name, &frame.categories), name };
            frame.categories.push(category.clone());
            put_frame(tx, tenant, &frame, seen, Revision(seen).next(now)).await?;
            tx.announce(Changed::Catalogue).await?;
            Answer::json(StatusCode::CREATED, &StaffCategory { id: category.id, name: category.name, goods: 0 })
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_category_gets_an_id_of_its_own_and_is_seen_by_customers() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        let mut ids = Vec::new();
        for (zh, en) in [("手机", "Mobile phones"), ("手机", "Mobile phones"), ("灯", ""), ("伞", "")] {
            let made = ada.post("/api/v1/goods-categories", json!({"name": {"zh": zh, "en": en}})).await.expect(201);
            ids.push(made["id"].as_str().unwrap().to_owned());
        }
        assert_eq!(ids, ["mobile-phones", "mobile-phones-2", "category", "category-2"]);
        let catalogue = app.get("/api/v1/sites/alpha/catalogue").await.expect(200);
        assert_eq!((catalogue["categories"].as_array().unwrap().len(), &catalogue["currency"]), (4, &json!("CNY")));
        ada.post("/api/v1/goods-categories", json!({"name": {"zh": "", "en": " "}})).await.problem_at(422, "invalid_value", "name");
        ada.post("/api/v1/goods-categories", json!({"name": {"zh": "长".repeat(41)}})).await.problem_at(422, "invalid_value", "name");
        for bad in ["\u{202e}senohp", "Pho\u{200b}nes", "Phones\u{3164}"] {
            ada.post("/api/v1/goods-categories", json!({"name": {"en": bad}})).await.problem_at(422, "name_deceptive", "name");
        }
        ada.post("/api/v1/goods-categories", json!({"name": {"en": "\u{2800}"}})).await.problem_at(422, "invalid_value", "name");
    }
}
