//! `GET /api/v1/operator/companies`

use axum::{Json, extract::State};
use domain::refusal::Code;
use http_kit::{
    App,
    auth::OperatorActor,
    cursor::Page,
    extract::ValidQuery,
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use store::entry_points::CompanySearch;
use utoipa::{IntoParams, ToSchema};

use super::view::OperatedCompany;

/// Companies per page.
const PAGE: usize = 50;
/// The longest text that is looked for, in bytes.
const MAX_BYTES: usize = 200;

/// Which companies to list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListCompanies {
    /// What the name or the short name contains.
    #[serde(default)]
    pub search: Option<String>,
    /// Only those that are suspended, or only those that are not.
    #[serde(default)]
    pub suspended: Option<bool>,
    /// The `next` of the previous page; omitted for the first page.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// A page of the companies.
#[derive(Debug, Serialize, ToSchema)]
pub struct OperatedCompanies {
    /// In the order of their short names.
    pub items: Vec<OperatedCompany>,
    /// The cursor of the next page; `null` on the last page.
    #[schema(required)]
    pub next: Option<String>,
}

/// Lists the companies of the installation, what each uses and may use, and whether it is served.
#[utoipa::path(get, path = "/operator/companies", tag = "operator", security(("operator" = [])), params(ListCompanies),
    responses((status = 200, body = OperatedCompanies), Problems))]
pub async fn list_operated_companies(
    State(app): State<App>,
    _: OperatorActor,
    ValidQuery(query): ValidQuery<ListCompanies>,
) -> Result<Json<OperatedCompanies>, Problem> {
    let words = query.search.unwrap_or_default().trim().to_lowercase();
    if words.len() > MAX_BYTES {
        return Err(Problem::invalid("search", Code::InvalidValue, format!("`search` has at most {MAX_BYTES} bytes")));
    }
    let search = CompanySearch { words: &words, is_suspended: query.suspended, only: None };
    let found = store::entry_points::companies(app.db(), search, &query.cursor.unwrap_or_default(), PAGE as i64 + 1).await?;
    let Page { items, next } = Page::of(found, PAGE, |last| last.address.slug.clone());
    Ok(Json(OperatedCompanies { items: items.into_iter().map(|found| OperatedCompany::new(&app, found)).collect(), next }))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::{Value, json};
    use testkit_app::TestApp;

    use crate::testing::operator;

    const COMPANIES: &str = "/api/v1/operator/companies";

    fn slugs(page: &Value) -> Vec<&str> {
        page["items"].as_array().unwrap().iter().map(|one| one["slug"].as_str().unwrap()).collect()
    }

    #[tokio::test]
    async fn each_company_is_there_with_what_it_uses_and_nothing_of_what_was_said() {
        let app = TestApp::new().await;
        let beta = app.other_company("beta").await;
        app.agent("ada").await;
        app.staff_of(&beta, Role::Administrator, "bob").await;
        let visitor = app.visitor().await;
        visitor.open("my secret").await;
        visitor.upload("/api/v1/widget/files?name=secret.txt", "text/plain", b"hello".to_vec()).await.expect(201);
        let olga = operator(&app).await;
        let page = olga.get(COMPANIES).await.expect(200);
        assert_eq!((slugs(&page), &page["next"]), (vec!["alpha", "beta"], &json!(null)));
        let (alpha, other) = (&page["items"][0], &page["items"][1]);
        assert_eq!((&alpha["used"]["seats"], &alpha["used"]["sites"], &alpha["used"]["storage"]), (&json!(1), &json!(1), &json!(5)));
        assert_eq!((&alpha["url"], &alpha["suspended_at"]), (&json!(app.base), &json!(null)));
        assert_eq!((&other["url"], &other["used"]["storage"]), (&json!(format!("{}/o/beta", app.base)), &json!(0)));
        assert_eq!(alpha["limits"], json!({"seats": null, "sites": null, "daily_messages": null, "daily_texts": null, "storage": null}));
        let told = page.to_string();
        for nobody in ["secret", "ada", "bob"] {
            assert!(!told.contains(nobody), "{told}");
        }
    }

    #[tokio::test]
    async fn companies_are_found_by_their_name_and_come_in_pages() {
        let app = TestApp::new().await;
        for n in 0..60 {
            app.other_company(&format!("shop-{n:02}")).await;
        }
        let olga = operator(&app).await;
        let first = olga.get(COMPANIES).await.expect(200);
        assert_eq!((slugs(&first).len(), first["next"].as_str()), (50, Some("shop-48")));
        let second = olga.get_with(COMPANIES, &[("cursor", "shop-48")]).await.expect(200);
        assert_eq!((slugs(&second).len(), slugs(&second)[0], &second["next"]), (11, "shop-49", &json!(null)));
        let found = async |query: &[(&str, &str)]| olga.get_with(COMPANIES, query).await.expect(200);
        assert_eq!(slugs(&found(&[("search", " SHOP-1")]).await).len(), 10);
        assert_eq!(slugs(&found(&[("search", "nobody")]).await).len(), 0);
        assert_eq!(slugs(&found(&[("suspended", "true")]).await).len(), 0);
        assert_eq!(slugs(&found(&[("suspended", "false"), ("search", "alpha")]).await), ["alpha"]);
        olga.get_with(COMPANIES, &[("search", &"x".repeat(201))]).await.problem_at(422, "invalid_value", "search");
        olga.get_with(COMPANIES, &[("who", "x")]).await.problem_at(422, "unknown_field", "who");
        assert_eq!(slugs(&found(&[("search", "a\0b")]).await).len(), 0);
    }
}
