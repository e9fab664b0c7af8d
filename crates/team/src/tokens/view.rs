//! Tokens on the wire.

use domain::{
    api_token::{ApiToken, ApiTokenState, Holding, PREFIX, Unusable},
    id::{AgentId, ApiTokenId},
    policy::{PermissionName, Reach},
    time::Ts,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A permission of a token.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenPermission {
    /// The permission, by name.
    #[schema(value_type = PermissionName)]
    pub permission: String,
    /// How far it reaches, at least one.
    #[schema(value_type = Vec<Reach>, min_items = 1)]
    pub reach: Vec<String>,
}

/// The permissions as they are stored; the reach of one that is named twice is put together.
pub fn holding(permissions: Vec<TokenPermission>) -> Holding {
    let mut holds = Holding::default();
    for TokenPermission { permission, reach } in permissions {
        let known = holds.0.entry(permission).or_default();
        for one in reach {
            if !known.contains(&one) {
                known.push(one);
            }
        }
    }
    holds
}

/// A token of a program.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiToken)]
pub struct TokenView {
    /// The id of the token.
    pub id: ApiTokenId,
    /// The member of the staff as which the program acts; it appears in no list of people.
    pub program: AgentId,
    /// The name, under which the program appears in the audit and wherever else it does something.
    pub name: String,
    /// Whether it can be used.
    pub state: ApiTokenState,
    /// The beginning and the last characters of its secret.
    pub hint: String,
    /// What it may do.
    pub permissions: Vec<TokenPermission>,
    /// The addresses it may be used from, in CIDR notation; empty means all.
    pub ranges: Vec<String>,
    /// When it was made.
    pub created_at: Ts,
    /// The name of whoever made it.
    pub made_by: String,
    /// When it expires; `null` means never.
    #[schema(required)]
    pub expires_at: Option<Ts>,
    /// When it was last used, to the minute.
    #[schema(required)]
    pub last_used_at: Option<Ts>,
    /// Until when the previous secret is valid, if it was replaced.
    #[schema(required)]
    pub old_secret_until: Option<Ts>,
    /// When it was revoked.
    #[schema(required)]
    pub revoked_at: Option<Ts>,
    /// The name of whoever revoked it.
    #[schema(required)]
    pub revoked_by: Option<String>,
    /// How often it was refused: because it was revoked or had expired, or from a different address.
    pub refused: i64,
    /// Why it was last refused.
    #[schema(required)]
    pub refused_why: Option<Unusable>,
    /// When it was last refused, to the minute.
    #[schema(required)]
    pub refused_at: Option<Ts>,
}

impl TokenView {
    /// A token as it is now, with the time until which an earlier secret is valid.
    pub fn new(token: ApiToken, old_secret_until: Option<Ts>, now: Ts) -> Self {
        let state = token.state(now);
        let ApiToken { id, tenant: _, program, name, holds, ranges, hint, version: _, maker: _, made_by, .. } = token;
        let ApiToken { created_at, expires_at, last_used_at, revoked, refused, last_refused, .. } = token;
        let (revoked_by, revoked_at) = revoked.unzip();
        let (refused_why, refused_at) = last_refused.unzip();
        let old_secret_until = old_secret_until.filter(|_| state == ApiTokenState::Active);
        Self {
            id,
            program,
            name,
            state,
            hint: format!("{PREFIX}…{hint}"),
            permissions: holds.0.into_iter().map(|(permission, reach)| TokenPermission { permission, reach }).collect(),
            ranges: ranges.iter().map(ToString::to_string).collect(),
            created_at,
            made_by,
            expires_at,
            last_used_at,
            old_secret_until,
            revoked_at,
            revoked_by,
            refused,
            refused_why,
            refused_at,
        }
    }
}

/// A token with its secret.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiTokenWithSecret)]
pub struct TokenWithSecret {
    /// The token.
    #[serde(flatten)]
    pub token: TokenView,
    /// The secret, which is never shown again. The program sends it as `Authorization: Bearer ydt_…`.
    #[schema(examples("ydt_4rXw0Yy1mB9QkL2vN8pTzC7dHs5JfG3uEa6RiWoKnMbVxD1qSy"))]
    #[schema(format = "secret")]
    pub secret: String,
}
