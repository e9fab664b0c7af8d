//! Making a token, at the API and at the terminal.

use domain::{
    api_token::{self, ApiToken, ApiTokenError, Holding, MAX_API_TOKENS, Range},
    id::{AgentId, ApiTokenId, InboxId, TenantId},
    policy::Grants,
    refusal::{Code, Refusal},
    time::Ts,
};
use http_kit::auth::secret;
use platform::env::{self, Env};
use store::TenantTx;

/// Who makes a token: a member of the staff with what they hold, or somebody at the terminal.
#[derive(Debug, Clone)]
pub struct Maker {
    /// The member; `None` at the terminal.
    pub member: Option<(AgentId, Grants)>,
    /// The name that is kept.
    pub name: String,
}

/// A token that is asked for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The name.
    pub name: String,
    /// What it may do.
    pub holds: Holding,
    /// The ranges of addresses, in CIDR notation.
    pub ranges: Vec<String>,
    /// When it expires.
    pub expires_at: Option<Ts>,
}

/// A token that may be made, and its secret.
#[derive(Clone)]
pub struct Prepared {
    /// The token.
    pub token: ApiToken,
    /// The secret.
    pub secret: String,
    inbox: InboxId,
    hash: Vec<u8>,
}

impl Wanted {
    /// Checks it, and prepares a token with a new secret.
    pub fn prepare(self, env: &Env, tenant: TenantId, maker: Maker) -> Result<Prepared, ApiTokenError> {
        let Self { name, holds, ranges, expires_at } = self;
        let now = env.now();
        let (name, ranges): (String, Vec<Range>) = (api_token::name(&name)?, api_token::ranges(&ranges)?);
        holds.check(maker.member.as_ref().map(|(_, grants)| grants))?;
        api_token::check_expiry(expires_at, now)?;
        let secret = secret::fresh().map_err(|_| ApiTokenError::NoRandomness)?;
        let token = ApiToken {
            id: ApiTokenId::new(env.uuid()),
            tenant,
            program: AgentId::new(env.uuid()),
            name,
            holds,
            ranges,
            hint: secret::hint(&secret).to_owned(),
            version: 1,
            maker: maker.member.map(|(agent, _)| agent),
            made_by: maker.name,
            created_at: now,
            expires_at,
            last_used_at: None,
            revoked: None,
            refused: 0,
            last_refused: None,
        };
        Ok(Prepared { token, hash: env::hash(&secret), inbox: InboxId::new(env.uuid()), secret })
    }
}

impl Prepared {
    /// Stores it, if there is room for one more.
    pub async fn insert(&self, tx: &mut TenantTx<'_>) -> store::Result<()> {
        let (tenant, now) = (tx.tenant(), tx.now());
        let usable = store::api_tokens::list(tx, tenant).await?.iter().filter(|token| token.state(now) == api_token::ApiTokenState::Active).count();
        if usable >= MAX_API_TOKENS {
            return Err(Refusal::new(Code::TooManyTokens).into());
        }
        store::api_tokens::insert(tx, tenant, &self.token, self.inbox, &self.hash).await
    }
}
