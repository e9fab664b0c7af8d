//! `POST /api/v1/tokens/{id}/secret`

use axum::{extract::State, http::StatusCode};
use domain::{
    api_token::{ApiTokenError, DEFAULT_OVERLAP_MS, MAX_OVERLAP_MS},
    id::ApiTokenId,
    policy::Permission,
    time::SECOND,
};
use http_kit::{
    App,
    auth::{StaffActor, proof, secret},
    extract::ValidPath,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use platform::env;
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::{TokenView, TokenWithSecret};

/// How a secret is to be replaced.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewApiTokenSecret)]
pub struct NewSecret {
    /// For how many seconds the previous secret stays valid, so that the program can be changed without haste: 0 to 2,592,000 (30 days).
    #[serde(default = "default_overlap_s")]
    pub overlap_s: i64,
}

const fn default_overlap_s() -> i64 {
    DEFAULT_OVERLAP_MS / SECOND
}

/// Replaces the secret of a token.
///
/// The answer contains the new secret, which is never shown again. The previous one stays valid for the overlap.
///
/// The caller must have proved who they are within 10 minutes (403 `proof_required`, `POST /me/proof`).
#[utoipa::path(post, path = "/tokens/{id}/secret", tag = "tokens", security(("staff" = [])), params(("id" = ApiTokenId, Path), OnceHeader),
    request_body = NewSecret, responses((status = 200, body = TokenWithSecret), Problems))]
pub async fn rotate_token(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<ApiTokenId>,
    OnceJson(once, NewSecret { overlap_s }): OnceJson<NewSecret>,
) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::ManageTokens)?;
    proof::require_recent(&app, &actor).await?;
    let overlap_ms = overlap_s.saturating_mul(SECOND);
    if !(0..=MAX_OVERLAP_MS).contains(&overlap_ms) {
        return Err(ApiTokenError::Overlap.into());
    }
    let (tenant, grants, secret) = (actor.tenant(), actor.staff.grants, secret::fresh().map_err(|error| Problem::internal(&error))?);
    let rotated = permitted.change(&app, once.briefly(), move |tx| {
        Box::pin(async move {
            // Whoever gets the secret can do what it allows.
            let before = store::api_tokens::get(tx, tenant, id).await?;
            before.holds.check(Some(&grants)).map_err(Problem::from)?;
            let (hint, hash) = (secret::hint(&secret), env::hash(&secret));
            let token = store::api_tokens::rotate(tx, tenant, id, (hint, &hash), overlap_ms).await?;
            let old_until = (overlap_ms > 0).then_some(tx.now().plus(overlap_ms));
            let token = TokenView::new(token, old_until, tx.now());
            tx.note_change(&TokenView::new(before, None, tx.now()), &token);
            Answer::json(StatusCode::OK, &TokenWithSecret { token, secret })
        })
    });
    rotated.await
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn the_overlap_has_limits_and_strangers_get_no_secret() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let new = json!({"name": "CRM", "permissions": [{"permission": "desk", "reach": ["own"]}]});
        let made = tara.post("/api/v1/tokens", new).await.expect(201);
        let path = format!("/api/v1/tokens/{}/secret", made["id"].as_str().unwrap());
        for overlap in [-1, 30 * 86_400 + 1, i64::MAX] {
            tara.post(&path, json!({"overlap_s": overlap})).await.problem_at(422, "invalid_value", "overlap_s");
        }
        let rotated = tara.post(&path, json!({})).await.expect(200);
        assert_eq!(rotated["old_secret_until"], json!(app.env().now().0 + 86_400_000));
        let fields: Vec<String> = app.changed_by("POST /api/v1/tokens/{id}/secret").await.into_iter().map(|(field, ..)| field).collect();
        assert_eq!(fields, ["hint", "old_secret_until"]);
        assert!(app.changed_by("POST /api/v1/tokens").await.iter().any(|change| *change == ("name".to_owned(), json!(null), json!("CRM"))));
        let text = format!("{:?}", app.audit().await);
        assert!([&made, &rotated].iter().all(|token| !text.contains(token["secret"].as_str().unwrap())), "{text}");
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, Role::Administrator, "bob").await.post(&path, json!({})).await.problem(404, "not_found");
        app.manager("mira").await.post(&path, json!({})).await.problem(403, "not_permitted");
    }
}
