//! Judging a sample of the bot's answers.

pub mod create;
pub mod sample;

/// The routes of this module.
pub fn router() -> utoipa_axum::router::OpenApiRouter<http_kit::App> {
    utoipa_axum::router::OpenApiRouter::new().routes(utoipa_axum::routes!(sample::list_sample)).routes(utoipa_axum::routes!(create::create_judgement))
}
