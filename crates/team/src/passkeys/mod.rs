//! Passkeys (WebAuthn): a device that proves, by a key and by what unlocks it, who somebody is. They sign in by themselves, or are the second step.
//!
//! - [`ceremony`]: challenges and their answers; [`credential`], [`cbor`]: whether an answer is right
//! - [`sign_in`], [`second_step`]: signing in
//! - [`add`], [`list`], [`rename`], [`remove`], [`options`]: on the member's own account page

pub mod add;
pub mod cbor;
pub mod ceremony;
pub mod credential;
#[cfg(test)]
pub mod device;
pub mod list;
pub mod options;
pub mod remove;
pub mod rename;
pub mod second_step;
pub mod sign_in;
pub mod view;

use http_kit::App;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(sign_in::begin_passkey_sign_in))
        .routes(routes!(sign_in::sign_in_with_passkey))
        .routes(routes!(second_step::begin_passkey_step))
        .routes(routes!(second_step::give_passkey_step))
        .routes(routes!(list::list_my_passkeys, add::add_my_passkey))
        .routes(routes!(options::begin_adding_passkey))
        .routes(routes!(options::begin_proving_with_passkey))
        .routes(routes!(rename::rename_my_passkey, remove::remove_my_passkey))
}
