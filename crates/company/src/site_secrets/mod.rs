//! The secrets with which a site's own server signs who is signed in on its pages. Each is shown once.

pub mod create;
pub mod list;
pub mod revoke;

use domain::time::Ts;
use http_kit::App;
use serde::Serialize;
use store::site_secrets::SiteSecret;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list_site_secrets, create::create_site_secret)).routes(routes!(revoke::revoke_site_secret))
}

/// A secret of a site, without the secret itself.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SiteSecret)]
pub struct SiteSecretView {
    /// Its name, which goes into the header of a token.
    pub kid: String,
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
    fn from(SiteSecret { kid, sealed: _, made_at, last_used_at, valid_until }: SiteSecret) -> Self {
        Self { kid, made_at: Ts(made_at), last_used_at: last_used_at.map(Ts), valid_until: valid_until.map(Ts) }
    }
}
