//! The audit, for those who may read it: who did what, from where, and what it changed.

pub mod choices;
pub mod export;
pub mod list;
pub mod retention;
pub mod view;

use http_kit::App;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list_audit))
        .routes(routes!(choices::list_audit_choices))
        .routes(routes!(export::export_audit))
        .routes(routes!(retention::get_audit_retention, retention::set_audit_retention))
}
