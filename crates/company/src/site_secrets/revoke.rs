//! `DELETE /api/v1/company/sites/{id}/secrets/{kid}`

use axum::extract::State;
use domain::{entry::Changed, id::SiteId, policy::Permission};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};

/// Revokes a secret: its tokens are refused from now on, and the chats that it signed end.
#[utoipa::path(delete, path = "/company/sites/{id}/secrets/{kid}", tag = "company", security(("staff" = [])),
    params(("id" = SiteId, Path), ("kid" = String, Path), OnceHeader), responses((status = 204, description = "The secret was revoked"), Problems))]
pub async fn revoke_site_secret(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath((id, kid)): ValidPath<(SiteId, String)>,
    once: Once,
) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::Settings)?;
    let tenant = actor.tenant();
    let revoked = permitted.making(&kid).change(&app, once, move |tx| {
        Box::pin(async move {
            store::sites::get(tx, tenant, id).await?;
            store::site_secrets::delete(tx, tenant, id, &kid).await?;
            store::visitors::end_signed_with(tx, tenant, id, &kid).await?;
            tx.announce(Changed::Settings).await?;
            Ok(Answer::nothing())
        })
    });
    revoked.await
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::{Value, json};
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_secret_is_revoked_by_who_sets_up_its_site_once_and_the_audit_names_it() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let secrets = |site: &str| format!("/api/v1/company/sites/{site}/secrets");
        let path = secrets(&app.company.site.to_string());
        let both = json!({"zh": "店", "en": "Shop"});
        let site = json!({"key": "shop", "queue": app.company.queue, "name": both, "bot_name": both, "greeting": both, "privacy_note": both});
        let other = secrets(tara.post("/api/v1/company/sites", site).await.expect(201)["id"].as_str().unwrap());
        let make = async |path: &str| tara.post(path, json!({})).await.expect(201)["kid"].as_str().unwrap().to_owned();
        let (earlier, newest, of_other) = (make(&path).await, make(&path).await, make(&other).await);
        let one = format!("{path}/{newest}");
        app.manager("mira").await.delete(&one).await.problem(403, "not_permitted");
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, Role::Administrator, "bob").await.delete(&one).await.problem(404, "not_found");
        for unknown in [&of_other, "unknown", "%00"] {
            tara.delete(&format!("{path}/{unknown}")).await.problem(404, "not_found");
        }
        tara.delete(&one).await.expect(204);
        tara.delete(&one).await.problem(404, "not_found");
        let kids = async |path: &str| tara.get(path).await.expect(200)["items"].as_array().unwrap().iter().map(|one| one["kid"].clone()).collect::<Vec<_>>();
        assert_eq!((kids(&path).await, kids(&other).await), (vec![json!(earlier)], vec![json!(of_other)]));
        let audit = tara.get(&format!("/api/v1/audit?object={newest}")).await.expect(200);
        let noted: Vec<_> = audit["items"].as_array().unwrap().iter().map(|entry| (entry["path"].as_str().unwrap(), &entry["refused"])).collect();
        assert_eq!(noted, [(&*one, &Value::Null), (&*path, &Value::Null)]);
    }
}
