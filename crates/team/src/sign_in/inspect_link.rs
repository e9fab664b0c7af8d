//! `POST /api/v1/auth/links/inspect`: says whom a one-time link is for, before it is used.

use axum::{Json, extract::State, http::StatusCode};
use domain::{refusal::Code, staff::Role};
use http_kit::{
    App,
    extract::ValidJson,
    problem::{Problem, Problems},
    request_company,
};
use platform::env;
use serde::{Deserialize, Serialize};
use store::{entry_points::SignInLink as Found, staff::Member};
use utoipa::ToSchema;

use super::single_sign_on;

/// The secret of a one-time link.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkToken {
    /// The part of the link after the `#`.
    pub token: String,
}

/// The member a one-time link is for.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignInLink {
    /// The name customers see.
    pub name: String,
    /// The address they sign in with.
    pub email: String,
    /// Their role.
    pub role: Role,
    /// The name that the company gave the role; `null` for a built-in one.
    #[schema(required)]
    pub role_name: Option<String>,
    /// Whether a password must be chosen because the member has none yet or has forgotten it.
    pub needs_password: bool,
}

/// Returns the member a one-time link is for; the link is not used up.
#[utoipa::path(post, path = "/auth/links/inspect", tag = "sign_in", request_body = LinkToken, responses((status = 200, body = SignInLink), Problems))]
pub async fn inspect_sign_in_link(State(app): State<App>, ValidJson(LinkToken { token }): ValidJson<LinkToken>) -> Result<Json<SignInLink>, Problem> {
    let (link, member) = usable(&app, &token).await?;
    let role_name = store::roles::name_of(&mut app.db().read_of(member.tenant).await?, member.tenant, member.role).await?;
    Ok(Json(SignInLink {
        name: member.name,
        email: member.email,
        role: member.role,
        role_name,
        needs_password: link.is_recovery || member.password_hash.is_none(),
    }))
}

/// The link with this secret, if it can still be used, and its member.
pub(super) async fn usable(app: &App, token: &str) -> Result<(Found, Member), Problem> {
    let unknown = || Problem::new(StatusCode::NOT_FOUND, Code::LinkUnknown, "this link is not valid");
    let link = store::entry_points::sign_in_link(app.db(), &env::hash(token)).await?;
    let link = link.filter(|link| request_company::enter(link.tenant)).ok_or_else(unknown)?;
    if link.spent {
        return Err(link_spent());
    }
    if link.expires_at <= app.env().now() {
        return Err(Problem::new(StatusCode::GONE, Code::LinkExpired, "the link has expired"));
    }
    let mut tx = app.db().read_of(link.tenant).await?;
    let member = store::staff::get(&mut tx, link.tenant, link.agent).await?;
    single_sign_on::required::refuse_link(&mut tx, link.tenant, link.agent).await?;
    Ok((link, member))
}

pub(super) fn link_spent() -> Problem {
    Problem::new(StatusCode::GONE, Code::LinkSpent, "the link has already been used")
}

#[cfg(test)]
mod tests {
    use domain::{staff::Role, time::DAY};
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_link_says_whose_it_is_and_stays_good() {
        let app = TestApp::new().await;
        app.staff(Role::Manager, "mira").await;
        let token = app.link(Role::Manager).await;
        for _ in 0..2 {
            let seen = app.post("/api/v1/auth/links/inspect", json!({"token": token})).await.expect(200);
            assert_eq!(seen, json!({"name": "mira", "email": "mira@alpha.example", "role": "manager", "role_name": null, "needs_password": true}));
        }
        app.clock.advance(7 * DAY);
        app.post("/api/v1/auth/links/inspect", json!({"token": token})).await.problem(410, "link_expired");
        app.post("/api/v1/auth/links/redeem", json!({"token": token, "password": "long enough"})).await.problem(410, "link_expired");
    }

    #[tokio::test]
    async fn a_guess_finds_nothing() {
        let app = TestApp::new().await;
        for token in ["", "0", &"0".repeat(64), "' OR 1=1 --", &"x".repeat(100_000)] {
            app.post("/api/v1/auth/links/inspect", json!({"token": token})).await.problem(404, "link_unknown");
        }
    }
}
