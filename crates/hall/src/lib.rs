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

use http_kit::{App, feature::Feature};
use utoipa_axum::router::OpenApiRouter;

/// What the server collects.
pub const FEATURE: Feature = Feature { routes: router, jobs: jobs::start };

/// The routes of this module.
fn router() -> OpenApiRouter<App> {
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
