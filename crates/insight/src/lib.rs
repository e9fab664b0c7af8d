//! The numbers of the service: panels, indicators over time, response times, and the wall.

pub mod boards;
pub mod jobs;
pub mod judgements;
pub mod metrics;
pub mod panel;
pub mod response_times;
pub mod wall;
pub mod warehouse_jobs;

use http_kit::{App, feature::Feature};
use utoipa_axum::router::OpenApiRouter;

/// What the server collects.
pub const FEATURE: Feature = Feature { routes: router, jobs: jobs::start };

/// The routes of this module.
fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(panel::router())
        .merge(metrics::router())
        .merge(judgements::router())
        .merge(response_times::router())
        .merge(wall::router())
        .merge(boards::router())
        .merge(warehouse_jobs::router())
}
