//! The installation's operator: who runs it for several companies, and is of none. They see which companies there are and how much each uses, say how much it
//! may use, suspend it and have it served again. They see nothing that was said, and nobody's name.

pub mod companies;
pub mod health;
pub mod jobs;
pub mod link;
pub mod sessions;

use http_kit::{App, feature::Feature};
use utoipa_axum::router::OpenApiRouter;

/// What the server collects.
pub const FEATURE: Feature = Feature { routes: router, jobs: jobs::start };

/// The routes of this module.
fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().merge(sessions::router()).merge(companies::router()).merge(health::router())
}

#[cfg(test)]
mod testing {
    use testkit_app::TestApp;
    use testkit_server::Client;

    /// The operator, signed in by a link.
    pub async fn operator(app: &TestApp) -> Client {
        let link = crate::link::make(app.app()).await.unwrap();
        let token = link.url.split_once('#').unwrap().1;
        let begun = app.post("/api/v1/operator/sessions", serde_json::json!({"token": token})).await;
        begun.expect(201);
        app.with_operator(begun.header("set-cookie").split(['=', ';']).nth(1).unwrap())
    }
}
