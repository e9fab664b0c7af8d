//! `GET /api/v1/company-openings`: whether anybody can open a company here.

use axum::{Json, extract::State};
use http_kit::{
    App, addressed,
    problem::{Problem, Problems},
};
use serde::Serialize;
use utoipa::ToSchema;

/// Whether anybody can open a company here.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpeningOffer {
    /// Whether they can.
    pub offered: bool,
    /// What stands before the short name in the address of a company.
    pub below: String,
}

/// Whether the settings allow it, and the request is addressed to the company at the root.
pub(super) fn is_offered(app: &App) -> bool {
    app.settings().open_companies && addressed::base(app) == app.settings().public_url
}

/// Says whether anybody can open a company here.
#[utoipa::path(get, path = "/company-openings", tag = "company", responses((status = 200, body = OpeningOffer), Problems))]
pub async fn get_opening_offer(State(app): State<App>) -> Result<Json<OpeningOffer>, Problem> {
    Ok(Json(OpeningOffer { offered: is_offered(&app), below: format!("{}/o/", app.settings().public_url) }))
}

#[cfg(test)]
mod tests {
    use testkit_app::TestApp;

    #[tokio::test]
    async fn companies_are_opened_at_the_root_alone() {
        let app = TestApp::new().await;
        let beta = app.other_company("beta").await;
        let offer = app.get("/api/v1/company-openings").await.expect(200);
        assert_eq!((&offer["offered"], offer["below"].as_str()), (&true.into(), Some(format!("{}/o/", app.base).as_str())));
        assert_eq!(app.anyone_at(&beta).get("/api/v1/company-openings").await.expect(200)["offered"], false);
    }

    #[tokio::test]
    async fn nobody_opens_one_unless_the_settings_allow_it() {
        let mut stopped = TestApp::new().await.stopped().await;
        stopped.settings().open_companies = false;
        let app = stopped.start().await;
        assert_eq!(app.get("/api/v1/company-openings").await.expect(200)["offered"], false);
        let proof = testkit_server::solved_puzzle(&app).await;
        let body = serde_json::json!({"email": "ada@shop.example", "lang": "en", "proof": proof});
        app.post("/api/v1/company-openings", body).await.problem(404, "not_found");
    }
}
