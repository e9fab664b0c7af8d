//! What a site's widget and hall may know without signing in.

pub mod catalogue;
pub mod get;
pub mod goods;
pub mod search_answers;
pub mod search_goods;
pub mod suggestions;
pub mod view;

use store::sites::Site as StoredSite;
use tower_http::compression::CompressionLayer;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{App, problem::Problem};

/// Its endpoints.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get::get_site))
        .routes(routes!(catalogue::get_catalogue))
        .routes(routes!(search_goods::search_goods))
        .routes(routes!(search_answers::search_answers))
        .routes(routes!(goods::get_goods))
        .routes(routes!(suggestions::suggest_questions))
        .layer(CompressionLayer::new())
}

async fn site(app: &App, key: &str) -> Result<StoredSite, Problem> {
    store::entry_points::site_by_key(app.db(), key).await?.ok_or_else(Problem::not_found)
}
