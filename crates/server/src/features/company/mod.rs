//! What a company sets up for itself: its profile and its sites.

pub mod profile;
pub mod sites;

use utoipa_axum::router::OpenApiRouter;

use crate::App;

/// Its endpoints.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().merge(profile::router()).merge(sites::router())
}
