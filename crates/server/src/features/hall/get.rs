//! `GET /api/v1/hall`: whose hall stands at `/`.

use axum::{Json, extract::State};
use domain::text::Bilingual;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    App,
    problem::{Problem, Problems},
};

/// Whose hall stands at `/`.
#[derive(Debug, Serialize, ToSchema)]
pub struct Hall {
    /// The key of the site its chat belongs to.
    pub site: String,
    /// What the company calls itself.
    pub tenant: Bilingual,
}

/// Whose hall stands at `/`.
#[utoipa::path(get, path = "/hall", tag = "sites", responses((status = 200, body = Hall), Problems))]
pub async fn get_hall(State(app): State<App>) -> Result<Json<Hall>, Problem> {
    let site = store::entry_points::hall_site(app.db()).await?.ok_or_else(Problem::not_found)?;
    let tenant = store::tenants::get(&mut app.db().read().await?, site.tenant).await?;
    Ok(Json(Hall { site: site.key, tenant: tenant.name }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit::TestApp;

    #[tokio::test]
    async fn the_hall_belongs_to_the_first_site() {
        let app = TestApp::new().await;
        app.other_company("beta").await;
        assert_eq!(app.get("/api/v1/hall").await.expect(200), json!({"site": "alpha", "tenant": {"zh": "alpha", "en": "alpha"}}));
    }
}
