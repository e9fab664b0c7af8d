//! Conversations as staff list and open them. What happens in them is sent over the real-time protocol.

pub mod get;
pub mod list;
pub mod recommended;

/// The routes of this module.
pub fn router() -> utoipa_axum::router::OpenApiRouter<http_kit::App> {
    utoipa_axum::router::OpenApiRouter::new()
        .routes(utoipa_axum::routes!(list::list_conversations))
        .routes(utoipa_axum::routes!(get::get_conversation))
        .routes(utoipa_axum::routes!(recommended::recommend_in_conversation))
}
