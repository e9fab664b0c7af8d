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
    let mut tx = app.db().read_of(actor.tenant()).await?;
    store::sites::get(&mut tx, actor.tenant(), id).await?;
    let items = store::site_secrets::list(&mut tx, actor.tenant(), id).await?;
    Ok(Json(SiteSecrets { items: items.into_iter().map(SiteSecretView::from).collect() }))
}

#[cfg(test)]
mod tests {
    use domain::{signed_identity::OVERLAP_MS, staff::Role};
    use serde_json::{Value, json};
    use testkit_app::TestApp;

    #[tokio::test]
    async fn valid_secrets_are_listed_the_newest_first_and_without_what_is_secret() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let path = format!("/api/v1/company/sites/{}/secrets", app.company.site);
        assert_eq!(tara.get(&path).await.expect(200), json!({"items": []}));
        let first = tara.post(&path, json!({})).await.expect(201);
        app.clock.advance(1);
        let second = tara.post(&path, json!({})).await.expect(201);
        let view = |made: &Value, until: Value| json!({"kid": made["kid"], "algorithm": "HS256", "made_at": made["made_at"], "last_used_at": null, "valid_until": until});
        let listed = tara.get(&path).await.expect(200);
        assert_eq!(listed, json!({"items": [view(&second, Value::Null), view(&first, second["earlier_until"].clone())]}));
        app.clock.advance(OVERLAP_MS);
        let tara = tara.with_cookie(&app.company.session(app.app().db(), tara.member.id).await);
        assert_eq!(tara.get(&path).await.expect(200), json!({"items": [view(&second, Value::Null)]}), "those that ended are not valid");
        app.manager("mira").await.get(&path).await.problem(403, "not_permitted");
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, Role::Administrator, "bob").await.get(&path).await.problem(404, "not_found");
    }
}
