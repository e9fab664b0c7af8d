//! How a widget is recognised: by an access token in memory, and a device secret that rotates.

pub mod create;
mod enter;
mod signed;

/// The routes of this module.
pub fn router() -> utoipa_axum::router::OpenApiRouter<http_kit::App> {
    utoipa_axum::router::OpenApiRouter::new().routes(utoipa_axum::routes!(create::create_widget_session))
}
