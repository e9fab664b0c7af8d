//! How a company begins, and what it configures for itself: its profile and its sites; how the model that its bot uses is doing, what work was given up, and who did what.

pub mod audit;
pub mod dead_jobs;
pub mod embeddings;
pub mod openings;
pub mod profile;
pub mod site_secrets;
pub mod sites;

use http_kit::{
    App,
    feature::{Feature, no_jobs},
};
use utoipa_axum::router::OpenApiRouter;

/// What the server collects.
pub const FEATURE: Feature = Feature { routes: router, jobs: no_jobs };

/// The routes of this module.
fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(audit::router())
        .merge(dead_jobs::router())
        .merge(embeddings::router())
        .merge(openings::router())
        .merge(profile::router())
        .merge(site_secrets::router())
        .merge(sites::router())
}
