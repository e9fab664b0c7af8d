//! How a widget is known: an access token in memory, a device secret that rotates.

pub mod create;
mod enter;

/// The endpoints.
pub fn router() -> utoipa_axum::router::OpenApiRouter<crate::App> {
    utoipa_axum::router::OpenApiRouter::new().routes(utoipa_axum::routes!(create::create_widget_session))
}
