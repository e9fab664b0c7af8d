//! What a company configures for itself: its profile and its sites; and how the model that its bot uses is doing.

pub mod embeddings;
pub mod profile;
pub mod sites;

use http_kit::App;
use utoipa_axum::router::OpenApiRouter;

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().merge(embeddings::router()).merge(profile::router()).merge(sites::router())
}
