//! Conversations as staff list and open them. What happens in them is sent over the real-time protocol.

pub mod get;
mod led;
pub mod list;
pub mod recommended;
pub mod reveal;
pub mod reveal_numbers;
pub mod transfer;

/// The routes of this module.
pub fn router() -> utoipa_axum::router::OpenApiRouter<http_kit::App> {
    utoipa_axum::router::OpenApiRouter::new()
        .routes(utoipa_axum::routes!(list::list_conversations))
        .routes(utoipa_axum::routes!(get::get_conversation))
        .routes(utoipa_axum::routes!(reveal::reveal_contacts))
        .routes(utoipa_axum::routes!(reveal_numbers::reveal_numbers))
        .routes(utoipa_axum::routes!(recommended::recommend_in_conversation))
        .routes(utoipa_axum::routes!(transfer::transfer_conversations))
}
