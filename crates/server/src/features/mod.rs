//! The product by context: each has a folder per resource with a file per endpoint, and a folder for its jobs.

pub mod company;
pub mod connect;
pub mod desk;
pub mod hall;
pub mod insight;
pub mod knowledge;
pub mod team;

use http_kit::App;
use utoipa_axum::router::OpenApiRouter;

/// All endpoints under `/api/v1`.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(hall::router())
        .merge(team::router())
        .merge(desk::router())
        .merge(knowledge::router())
        .merge(insight::router())
        .merge(connect::router())
        .merge(company::router())
}
