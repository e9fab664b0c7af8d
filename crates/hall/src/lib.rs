//! The hall and what it sells: its pages and sites, goods with the staff's endpoints for them, and the customers' accounts and chat.

pub mod about;
pub mod consents;
pub mod customers;
pub mod goods;
pub mod jobs;
pub mod pictures;
pub mod plans;
pub mod recommendations;
pub mod sites;
pub mod widget_sessions;

use http_kit::App;
use utoipa_axum::router::OpenApiRouter;

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(about::router())
        .merge(sites::router())
        .merge(goods::router())
        .merge(pictures::router())
        .merge(recommendations::router())
        .merge(consents::router())
        .merge(plans::router())
        .merge(widget_sessions::router())
        .merge(customers::router())
}
