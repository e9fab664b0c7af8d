//! The resources, a folder each, a file per endpoint.

pub mod canned_replies;
pub mod colleagues;
pub mod company;
pub mod company_sites;
pub mod conversations;
pub mod customers;
pub mod events;
pub mod files;
pub mod goods;
pub mod groups;
pub mod hall;
pub mod knowledge;
pub mod left_messages;
pub mod me;
pub mod metrics;
pub mod panel;
pub mod pictures;
pub mod queues;
pub mod sign_in;
pub mod sites;
pub mod staff;
pub mod wall;
pub mod webhooks;
pub mod widget_sessions;

use utoipa_axum::router::OpenApiRouter;

use crate::App;

/// All endpoints under `/api/v1`.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(hall::router())
        .merge(sites::router())
        .merge(sign_in::router())
        .merge(me::router())
        .merge(canned_replies::router())
        .merge(colleagues::router())
        .merge(knowledge::router())
        .merge(files::router())
        .merge(goods::router())
        .merge(pictures::router())
        .merge(conversations::router())
        .merge(panel::router())
        .merge(metrics::router())
        .merge(wall::router())
        .merge(webhooks::router())
        .merge(events::router())
        .merge(staff::router())
        .merge(groups::router())
        .merge(queues::router())
        .merge(left_messages::router())
        .merge(company::router())
        .merge(company_sites::router())
        .merge(widget_sessions::router())
        .merge(customers::router())
}
