//! What a part of the product says of itself, so that the server collects it: each context has one, and a new noun has a crate of its own with one.

use utoipa_axum::router::OpenApiRouter;

use crate::App;

/// A part of the product.
#[derive(Debug, Clone, Copy)]
pub struct Feature {
    /// Its endpoints, with their document.
    pub routes: fn() -> OpenApiRouter<App>,
    /// Starts what it does besides requests; all of it ends before the record is closed.
    pub jobs: fn(&App),
}

/// For a part that does nothing besides requests.
pub const fn no_jobs(_: &App) {}
