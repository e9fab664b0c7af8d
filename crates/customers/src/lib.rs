//! Customers as the staff know them: who they are, how they can be reached, and what happened with them.

pub mod customers;
pub mod jobs;
mod known;
pub mod table;

use http_kit::{App, feature::Feature};
use utoipa_axum::router::OpenApiRouter;

/// What the server collects.
pub const FEATURE: Feature = Feature { routes: router, jobs: jobs::start };

/// The routes of this module.
fn router() -> OpenApiRouter<App> {
    customers::router()
}
