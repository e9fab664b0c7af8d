//! `POST /api/v1/company/sites/{id}/secrets`

use axum::{extract::State, http::StatusCode};
use domain::{
    entry::Changed,
    id::SiteId,
    policy::Permission,
    refusal::Code,
    signed_identity::{Algorithm, MAX_SECRETS, OVERLAP_MS},
    time::Ts,
};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use seal::signed::secret_purpose;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::public_key;

/// The number of hex digits of a secret's name.
const KID_DIGITS: usize = 12;

/// A key to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddedSiteSecret {
    /// The public half of an Ed25519 pair, as PEM (RFC 8410) or JWK (RFC 8037), at most 2 KB: the site's server signs with the private half, which nobody else
    /// knows. If omitted, a secret is made.
    #[serde(default)]
    pub public_key: Option<String>,
}

/// A new key. A secret is never shown again.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewSiteSecret {
    /// Its name, which goes into the header of a token.
    pub kid: String,
    /// How a token that names it is signed.
    pub algorithm: Algorithm,
    /// The secret: its characters, as they stand here, are the key of HS256; `null` for a public key.
    #[schema(required, format = "secret")]
    pub secret: Option<String>,
    /// When it was made.
    pub made_at: Ts,
    /// Until when the earlier keys are valid.
    pub earlier_until: Ts,
}

/// Adds a key: makes a secret, or takes a public key.
///
/// For 24 hours the earlier ones are valid, too, so that servers can be changed without haste.
#[utoipa::path(post, path = "/company/sites/{id}/secrets", tag = "company", security(("staff" = [])), params(("id" = SiteId, Path), OnceHeader),
    request_body = AddedSiteSecret,
    responses((status = 201, body = NewSiteSecret), Problems))]
pub async fn create_site_secret(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<SiteId>,
    OnceJson(once, added): OnceJson<AddedSiteSecret>,
) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::Settings)?;
    actor.session()?;
    let tenant = actor.tenant();
    let (secret, public) = match added.public_key.as_deref().map(|text| public_key::read(text).ok_or_else(bad_public_key)).transpose()? {
        Some(public) => (None, public.to_vec()),
        None => (Some(app.env().secret().map_err(|error| Problem::internal(&error))?), Vec::new()),
    };
    let algorithm = if secret.is_some() { Algorithm::Hs256 } else { Algorithm::EdDsa };
    let kid = app.env().uuid().as_simple().to_string().split_off(32 - KID_DIGITS);
    let sealed =
        app.sealer().seal(&secret_purpose(id, &kid), secret.as_ref().map_or(&public[..], String::as_bytes)).map_err(|error| Problem::internal(&error))?;
    let made = permitted.making(&kid).change(&app, once.briefly(), move |tx| {
        Box::pin(async move {
            store::sites::get(tx, tenant, id).await?;
            if store::site_secrets::list(tx, tenant, id).await?.len() >= MAX_SECRETS {
                return Err(Problem::conflict(Code::TooManySiteSecrets, format!("a site can have at most {MAX_SECRETS} keys; revoke one first")).into());
            }
            let (made_at, earlier_until) = (tx.now(), tx.now().plus(OVERLAP_MS));
            store::site_secrets::rotate(tx, tenant, id, &kid, (algorithm, &sealed), earlier_until).await?;
            tx.announce(Changed::Settings).await?;
            Answer::json(StatusCode::CREATED, &NewSiteSecret { kid, algorithm, secret, made_at, earlier_until })
        })
    });
    made.await
}

fn bad_public_key() -> Problem {
    Problem::invalid("public_key", Code::InvalidValue, "a public Ed25519 key as PEM (BEGIN PUBLIC KEY) or JWK (kty OKP), without its private half")
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_secret_is_shown_once_and_the_earlier_ones_are_valid_for_a_day() {
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
        app.clock.advance(24 * 3_600_000);
        let tara = tara.with_cookie(&app.company.session(app.app().db(), tara.member.id).await);
        assert_eq!(tara.get(&path).await.expect(200)["items"].as_array().unwrap().len(), 1);
    }

    #[tokio::test]
    async fn only_who_sets_up_sites_makes_secrets_and_only_for_their_own() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let site = tara.get("/api/v1/company/sites").await.expect(200)["items"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/company/sites/{site}/secrets");
        app.manager("mira").await.post(&path, json!({})).await.problem(403, "not_permitted");
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, Role::Administrator, "bob").await.post(&path, json!({})).await.problem(404, "not_found");
        let made = tara.post(&path, json!({})).await.expect(201);
        let audit = tara.get(&format!("/api/v1/audit?object={}", made["kid"].as_str().unwrap())).await.expect(200);
        assert_eq!((audit["items"].as_array().unwrap().len(), &audit["items"][0]["path"]), (1, &json!(path)));
        assert!(!audit.to_string().contains(made["secret"].as_str().unwrap()));
    }
}
