//! The supervisors' floor: who waits, who serves whom, and what supervisors do in conversations of their agents.

pub mod decide;
pub mod get;
pub mod intervene;
pub mod settings;
pub mod taken;
pub mod view;

/// The routes of this module.
pub fn router() -> utoipa_axum::router::OpenApiRouter<http_kit::App> {
    utoipa_axum::router::OpenApiRouter::new()
        .routes(utoipa_axum::routes!(get::get_floor))
        .routes(utoipa_axum::routes!(settings::get_floor_settings, decide::set_floor_settings))
        .routes(utoipa_axum::routes!(intervene::intervene))
        .routes(utoipa_axum::routes!(taken::get_taken))
}
