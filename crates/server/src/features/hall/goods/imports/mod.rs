//! Goods out of a spreadsheet: the file is read and kept, shown as what it would do, and done after a yes, whole or not at all.

pub mod apply;
pub mod plan;
pub mod preview;
pub mod read;
pub mod unpacked;

use axum::extract::DefaultBodyLimit;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

/// Its endpoints.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(preview::prepare_import))
        .layer(DefaultBodyLimit::max(read::MAX_BYTES))
        .routes(routes!(preview::get_import, preview::discard_import))
        .routes(routes!(apply::apply_import))
}
