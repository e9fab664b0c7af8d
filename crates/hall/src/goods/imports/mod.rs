//! Imports goods from a spreadsheet: the file is read and stored, previewed, and applied after confirmation, entirely or not at all.

pub mod apply;
pub mod plan;
pub mod preview;
pub mod read;

use axum::extract::DefaultBodyLimit;
use http_kit::App;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(preview::prepare_import))
        .layer(DefaultBodyLimit::max(read::MAX_BYTES))
        .routes(routes!(preview::get_import, preview::discard_import))
        .routes(routes!(apply::apply_import))
}
