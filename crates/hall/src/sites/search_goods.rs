//! `GET /api/v1/sites/{key}/goods`: finds goods.

use axum::{Json, extract::State};
use domain::text::Lang;
use http_kit::{
    App,
    extract::{ValidPath, ValidQuery},
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use service::catalogue;
use utoipa::{IntoParams, ToSchema};

use crate::goods::fields::GoodsCard;

/// The words to find.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct GoodsQuery {
    /// Words in either language, at most 200 characters; if empty, all goods match.
    #[serde(default)]
    pub q: String,
    /// Only goods of this category.
    #[serde(default)]
    pub category: Option<String>,
    /// The reader's language; goods are found in both languages.
    #[serde(default, rename = "lang")]
    pub _lang: Option<Lang>,
}

/// Goods that were found.
#[derive(Debug, Serialize, ToSchema)]
pub struct GoodsSearch {
    /// Best first.
    pub items: Vec<GoodsCard>,
    /// Whether nothing has the exact words and these only come close: misspelt, worded differently or matching in part.
    pub near: bool,
    /// If nothing was found: the category that comes nearest, if any.
    #[schema(required)]
    pub nearest_category: Option<String>,
}

/// Finds goods.
#[utoipa::path(get, path = "/sites/{key}/goods", tag = "sites", params(("key" = String, Path), GoodsQuery), responses((status = 200, body = GoodsSearch), Problems))]
pub async fn search_goods(
    State(app): State<App>,
    ValidPath(key): ValidPath<String>,
    ValidQuery(query): ValidQuery<GoodsQuery>,
) -> Result<Json<GoodsSearch>, Problem> {
    super::check_query(&query.q)?;
    let site = super::site(&app, &key).await?;
    let catalogue = app.catalogue(site.tenant).await?;
    let (q, category) = (query.q, query.category.filter(|category| !category.is_empty()));
    let (goods, words, within) = (catalogue.clone(), q.clone(), category.clone());
    let found = catalogue::aside(move || Ok(goods.index().find(&words, within.as_deref()))).await?;
    let card = |at: usize| catalogue.goods.get(at).map(GoodsCard::from);
    if !found.goods.is_empty() {
        return Ok(Json(GoodsSearch { items: found.goods.into_iter().filter_map(card).collect(), near: false, nearest_category: None }));
    }
    let bot = app.bots().of(app.db(), site.tenant).await?;
    let goods = catalogue.clone();
    let near = catalogue::aside(move || Ok(goods.index().find_alike(&q, &bot.rewordings(&q), category.as_deref()))).await?;
    let items: Vec<GoodsCard> = near.into_iter().filter_map(card).collect();
    Ok(Json(GoodsSearch { near: !items.is_empty(), nearest_category: found.nearest_category.filter(|_| items.is_empty()), items }))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use testkit_app::TestApp;

    fn ids(found: &Value) -> Vec<&str> {
        found["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect()
    }

    #[tokio::test]
    async fn goods_are_found_in_both_languages() {
        let app = TestApp::with_demo().await;
        let find = async |query: &[(&str, &str)]| app.get_with("/api/v1/sites/demo/goods", query).await.expect(200);
        assert_eq!(ids(&find(&[("q", "澈岚X9 pro")]).await)[0], "g-001");
        assert_eq!(ids(&find(&[("q", "trelan x9"), ("lang", "en")]).await)[..2], ["g-001", "g-002"]);
        let phones = find(&[("q", ""), ("category", "phone")]).await;
        assert!(ids(&phones).len() > 5 && phones["items"].as_array().unwrap().iter().all(|item| item["category"] == "phone"));
        let nothing = find(&[("q", "飞机票")]).await;
        assert_eq!((ids(&nothing), &nothing["nearest_category"]), (vec![], &json!(null)));
    }

    #[tokio::test]
    async fn goods_are_found_near_what_is_misspelt_said_otherwise_or_only_partly_there() {
        let app = TestApp::with_demo().await;
        for (q, id) in [("手机壳", "g-044"), ("X9Por", "g-001"), ("澈兰X9", "g-002"), ("移动电话", "g-001")] {
            let found = app.get_with("/api/v1/sites/demo/goods", &[("q", q)]).await.expect(200);
            assert!(found["near"] == true && ids(&found).contains(&id), "{q}: {:?}", ids(&found));
        }
        let case = app.get_with("/api/v1/sites/demo/goods", &[("q", "手机壳")]).await.expect(200);
        assert_eq!((ids(&case)[0], &case["nearest_category"]), ("g-044", &json!(null)));
        assert_eq!(app.get_with("/api/v1/sites/demo/goods", &[("q", "X9 Pro")]).await.expect(200)["near"], false);
    }

    #[tokio::test]
    async fn a_query_that_does_not_fit_is_named() {
        let app = TestApp::new().await;
        let find = async |query: &[(&str, &str)]| app.get_with("/api/v1/sites/alpha/goods", query).await;
        find(&[("q", &"x".repeat(201))]).await.problem_at(422, "too_large", "q");
        find(&[("lang", "fr")]).await.problem(422, "invalid_value");
        find(&[("order", "price")]).await.problem_at(422, "unknown_field", "order");
    }
}
