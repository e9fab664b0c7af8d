//! The connection to a company's identity provider, as an administrator sets it up. How somebody signs in by way of it is in [`crate::sign_in::single_sign_on`].

pub mod emergency_link;
pub mod get;
pub mod remove;
pub mod set_up;
pub mod test;
pub mod view;

use http_kit::App;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get::get_single_sign_on, set_up::set_up_single_sign_on, remove::remove_single_sign_on))
        .routes(routes!(test::test_single_sign_on))
        .routes(routes!(emergency_link::create_emergency_link))
}
