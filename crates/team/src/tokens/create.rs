//! `POST /api/v1/tokens`

use axum::{extract::State, http::StatusCode};
use domain::{api_token::MAX_API_TOKENS, policy::Permission, refusal::Code, time::Ts};
use http_kit::{
    App,
    auth::StaffActor,
    fault::Fault,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    new_token::{Maker, Wanted},
    view::{TokenPermission, TokenView, TokenWithSecret, holding},
};

/// A token to be made for a program.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewApiToken)]
pub struct NewToken {
    /// The program it is for, 1 to 40 characters. Customers see it if the program writes to them.
    pub name: String,
    /// What it may do: at least one permission, and nothing that the maker does not hold with the same reach.
    pub permissions: Vec<TokenPermission>,
    /// The addresses it may be used from, in CIDR notation; at most 20. None means all.
    #[serde(default)]
    pub ranges: Vec<String>,
    /// When it expires, within ten years; `null` means never.
    #[serde(default)]
    pub expires_at: Option<Ts>,
}

/// Makes a token for a program.
///
/// The answer contains its secret, which is never shown again. Only people make tokens; nobody can give more than they hold.
#[utoipa::path(post, path = "/tokens", tag = "tokens", security(("staff" = [])), params(OnceHeader),
    request_body(content = NewToken, example = json!({
        "name": "CRM", "permissions": [{"permission": "desk", "reach": ["company"]}, {"permission": "integrations", "reach": ["company"]}],
        "ranges": ["203.0.113.0/24"], "expires_at": null
    })),
    responses((status = 201, body = TokenWithSecret), Problems))]
pub async fn create_token(State(app): State<App>, actor: StaffActor, OnceJson(once, new): OnceJson<NewToken>) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::ManageTokens)?;
    actor.session()?;
    let NewToken { name, permissions, ranges, expires_at } = new;
    let maker = Maker { member: Some((actor.staff.agent, actor.staff.grants)), name: actor.staff.name.clone() };
    let prepared = Wanted { name, holds: holding(permissions), ranges, expires_at }.prepare(app.env(), actor.tenant(), maker)?;
    let made = permitted.change(&app, once.briefly(), move |tx| {
        Box::pin(async move {
            prepared.insert(tx).await.map_err(Fault::if_refused(Code::TooManyTokens, too_many))?;
            let token = TokenView::new(prepared.token, None, tx.now());
            Answer::json(StatusCode::CREATED, &TokenWithSecret { token, secret: prepared.secret })
        })
    });
    made.await
}

fn too_many() -> Problem {
    Problem::conflict(Code::TooManyTokens, format!("a company can have at most {MAX_API_TOKENS} tokens; revoke one first"))
}
