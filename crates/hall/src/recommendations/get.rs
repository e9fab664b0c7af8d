//! `GET /api/v1/sites/{key}/recommendations`

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, header},
};
use http_kit::recommended::Recommendations;
use http_kit::{
    App, addressed,
    auth::VisitorActor,
    extract::{ValidPath, ValidQuery},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use service::recommend::show::{Place, Wish, recommend};
use utoipa::IntoParams;

/// Where they are shown, and beside what.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RecommendationQuery {
    /// Where they are shown.
    #[param(inline)]
    pub place: Place,
    /// The id of the product, plan or question that is shown there.
    #[serde(default)]
    pub about: Option<String>,
}

/// Recommends goods, plans and questions.
///
/// With the access token of a widget session, what its visitor took an interest in counts; without, what is popular and what belongs to `about`.
#[utoipa::path(get, path = "/sites/{key}/recommendations", tag = "sites", security((), ("visitor" = [])), params(("key" = String, Path), RecommendationQuery),
    responses((status = 200, body = Recommendations), Problems))]
pub async fn get_recommendations(
    State(app): State<App>,
    headers: HeaderMap,
    ValidPath(key): ValidPath<String>,
    ValidQuery(query): ValidQuery<RecommendationQuery>,
) -> Result<Json<Recommendations>, Problem> {
    let site = addressed::site(&app, &key).await?.ok_or_else(Problem::not_found)?;
    let visitor = match headers.contains_key(header::AUTHORIZATION) {
        true => Some(VisitorActor::of(&app, &headers).await?),
        false => None,
    };
    if visitor.is_some_and(|visitor| visitor.site != site.id) {
        return Err(Problem::not_found());
    }
    let wish = Wish { site: site.id, visitor: visitor.map(|visitor| visitor.visitor), about: query.about.as_deref(), place: query.place };
    let catalogue = app.catalogue(site.tenant).await?;
    Ok(Json(recommend(app.db(), app.bots().models(), &catalogue, site.tenant, wish).await?.into()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn who_knows_nothing_recommends_nothing() {
        let app = TestApp::new().await;
        let found = app.get("/api/v1/sites/alpha/recommendations?place=home").await.expect(200);
        assert_eq!(found, json!({"on": true, "wanted": null, "items": []}));
        app.get("/api/v1/sites/alpha/recommendations?place=moon").await.problem_at(422, "invalid_value", "place");
        app.get("/api/v1/sites/nothing/recommendations?place=home").await.problem(404, "not_found");
        app.with_token("unknown").get("/api/v1/sites/alpha/recommendations?place=home").await.problem(401, "not_signed_in");
    }
}
