//! The keys with which a site's own server signs who is signed in on its pages: secrets, each of which is shown once, and public keys of its own pairs.

pub mod create;
pub mod list;
mod public_key;
pub mod revoke;

use domain::{signed_identity::Algorithm, time::Ts};
use http_kit::App;
use serde::Serialize;
use store::site_secrets::SiteSecret;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list_site_secrets, create::create_site_secret)).routes(routes!(revoke::revoke_site_secret))
}

/// A key of a site, without what is secret.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SiteSecret)]
pub struct SiteSecretView {
    /// Its name, which goes into the header of a token.
    pub kid: String,
    /// How a token that names it is signed.
    pub algorithm: Algorithm,
    /// When it was made.
    pub made_at: Ts,
    /// When a token signed with it was last accepted, to the minute; `null` if none was yet.
    #[schema(required)]
    pub last_used_at: Option<Ts>,
    /// Until when it is valid, because a newer one was made; `null` for the newest.
    #[schema(required)]
    pub valid_until: Option<Ts>,
}

impl From<SiteSecret> for SiteSecretView {
    fn from(SiteSecret { kid, algorithm, sealed: _, made_at, last_used_at, valid_until }: SiteSecret) -> Self {
        let algorithm = Algorithm::parse(&algorithm).unwrap_or(Algorithm::Hs256);
        Self { kid, algorithm, made_at: Ts(made_at), last_used_at: last_used_at.map(Ts), valid_until: valid_until.map(Ts) }
    }
}
