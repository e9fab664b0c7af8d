//! `POST /api/v1/company/sites/{id}/secrets`

use axum::{extract::State, http::StatusCode};
use domain::{
    entry::Changed,
    id::SiteId,
    policy::Permission,
    refusal::Code,
    signed_identity::{MAX_SECRETS, OVERLAP_MS},
    time::Ts,
};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};
use seal::signed::secret_purpose;
use serde::Serialize;
use utoipa::ToSchema;

/// The number of hex digits of a secret's name.
const KID_DIGITS: usize = 12;

/// A new secret, which is never shown again.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewSiteSecret {
    /// Its name, which goes into the header of a token.
    pub kid: String,
    /// The secret: its characters, as they stand here, are the key of HS256.
    pub secret: String,
    /// When it was made.
    pub made_at: Ts,
    /// Until when the earlier secrets are valid.
    pub earlier_until: Ts,
}

/// Makes a secret.
///
/// For 24 hours the earlier ones are valid, too, so that servers can be changed without haste.
#[utoipa::path(post, path = "/company/sites/{id}/secrets", tag = "company", security(("staff" = [])), params(("id" = SiteId, Path), OnceHeader),
    responses((status = 201, body = NewSiteSecret), Problems))]
pub async fn create_site_secret(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<SiteId>, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::Settings)?;
    let tenant = actor.tenant();
    let secret = app.env().secret().map_err(|error| Problem::internal(&error))?;
    let kid = app.env().uuid().as_simple().to_string().chars().rev().take(KID_DIGITS).collect::<String>();
    let sealed = app.sealer().seal(&secret_purpose(id, &kid), secret.as_bytes()).map_err(|error| Problem::internal(&error))?;
    let made = permitted.making(&kid).change(&app, once.briefly(), move |tx| {
        Box::pin(async move {
            store::sites::get(tx, tenant, id).await?;
            if store::site_secrets::list(tx, tenant, id).await?.len() >= MAX_SECRETS {
                return Err(Problem::conflict(Code::TooManySiteSecrets, format!("a site can have at most {MAX_SECRETS} secrets; revoke one first")).into());
            }
            let (made_at, earlier_until) = (tx.now(), tx.now().plus(OVERLAP_MS));
            store::site_secrets::rotate(tx, tenant, id, &kid, &sealed, earlier_until).await?;
            tx.announce(Changed::Settings).await?;
            Answer::json(StatusCode::CREATED, &NewSiteSecret { kid, secret, made_at, earlier_until })
        })
    });
    made.await
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_secret_is_shown_once_rotated_with_an_overlap_and_revoked() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let site = tara.get("/api/v1/company/sites").await.expect(200)["items"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/company/sites/{site}/secrets");
        let first = tara.post(&path, json!({})).await.expect(201);
        assert_eq!((first["secret"].as_str().unwrap().len(), first["kid"].as_str().unwrap().len()), (64, 12));
        let second = tara.post(&path, json!({})).await.expect(201);
        let listed = tara.get(&path).await.expect(200);
        assert!(!listed.to_string().contains(first["secret"].as_str().unwrap()));
        let ends: Vec<_> = listed["items"].as_array().unwrap().iter().map(|one| (one["kid"].clone(), one["valid_until"].clone())).collect();
        let until = json!(app.env().now().0 + 24 * 3_600_000);
        assert_eq!(ends.len(), 2);
        assert!(ends.contains(&(second["kid"].clone(), json!(null))) && ends.contains(&(first["kid"].clone(), until)), "{ends:?}");
        for _ in 2..5 {
            tara.post(&path, json!({})).await.expect(201);
        }
        tara.post(&path, json!({})).await.problem(409, "too_many_site_secrets");
        let one = format!("{path}/{}", first["kid"].as_str().unwrap());
        assert_eq!(tara.delete(&one).await.status.as_u16(), 204);
        tara.delete(&one).await.problem(404, "not_found");
        assert_eq!(tara.get(&path).await.expect(200)["items"].as_array().unwrap().len(), 4);
        app.clock.advance(24 * 3_600_000);
        let tara = tara.with_cookie(&app.company.session(app.app().db(), tara.member.id).await);
        assert_eq!(tara.get(&path).await.expect(200)["items"].as_array().unwrap().len(), 1);
    }

    #[tokio::test]
    async fn only_who_sets_up_sites_has_to_do_with_their_secrets() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let site = tara.get("/api/v1/company/sites").await.expect(200)["items"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/company/sites/{site}/secrets");
        let one = format!("{path}/{}", tara.post(&path, json!({})).await.expect(201)["kid"].as_str().unwrap());
        let mira = app.manager("mira").await;
        mira.get(&path).await.problem(403, "not_permitted");
        mira.post(&path, json!({})).await.problem(403, "not_permitted");
        mira.delete(&one).await.problem(403, "not_permitted");
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, Role::Administrator, "bob").await;
        bob.get(&path).await.problem(404, "not_found");
        bob.post(&path, json!({})).await.problem(404, "not_found");
        bob.delete(&one).await.problem(404, "not_found");
    }
}
