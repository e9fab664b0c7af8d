//! `GET /api/v1/company/sites/{id}/secrets`

use axum::{Json, extract::State};
use domain::{id::SiteId, policy::Permission};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    problem::{Problem, Problems},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::SiteSecretView;

/// The valid secrets of a site.
#[derive(Debug, Serialize, ToSchema)]
pub struct SiteSecrets {
    /// Newest first.
    pub items: Vec<SiteSecretView>,
}

/// Lists the valid secrets of a site, without the secrets themselves.
#[utoipa::path(get, path = "/company/sites/{id}/secrets", tag = "company", security(("staff" = [])), params(("id" = SiteId, Path)),
    responses((status = 200, body = SiteSecrets), Problems))]
pub async fn list_site_secrets(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<SiteId>) -> Result<Json<SiteSecrets>, Problem> {
    actor.require(Permission::Settings)?;
    let mut tx = app.db().read().await?;
    store::sites::get(&mut tx, actor.tenant(), id).await?;
    let items = store::site_secrets::list(&mut tx, actor.tenant(), id).await?;
    Ok(Json(SiteSecrets { items: items.into_iter().map(SiteSecretView::from).collect() }))
}
