//! The staff: who they are, what they serve, and how they sign in.

pub mod colleagues;
pub mod groups;
pub mod me;
pub mod queues;
pub mod sign_in;
pub mod single_sign_on;
pub mod staff;

use http_kit::App;
use utoipa_axum::router::OpenApiRouter;

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(sign_in::router())
        .merge(me::router())
        .merge(colleagues::router())
        .merge(staff::router())
        .merge(groups::router())
        .merge(queues::router())
        .merge(single_sign_on::router())
}
