//! Tokens of programs that are made and revoked at the terminal.

use db::Shard;
use domain::{
    api_token::{ApiTokenState, Holding},
    id::{ApiTokenId, TenantId},
    refusal::Code,
    time::Ts,
};
use http_kit::{
    App,
    audit::{self, Asked},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::TenantTx;
use team::tokens::new_token::{Maker, Wanted};

use super::SetupError;

/// The name under which the terminal acts.
pub(super) const TERMINAL: &str = "terminal";

/// A token to be made.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// The company's short name; may be left out if there is only one.
    pub company: Option<String>,
    /// The program it is for.
    pub name: String,
    /// What it may do: for each permission, how far it reaches.
    pub permissions: Holding,
    /// The addresses it may be used from, in CIDR notation.
    pub ranges: Vec<String>,
    /// For how long it is valid, in milliseconds; `None` means for ever.
    pub life_ms: Option<i64>,
}

/// A token that was made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MadeToken {
    /// The id of the token.
    pub id: ApiTokenId,
    /// Its secret, which is shown once.
    pub secret: String,
    /// When it expires.
    pub expires_at: Option<Ts>,
}

/// Makes a token.
pub async fn create(app: &App, new: NewToken) -> Result<MadeToken, SetupError> {
    let NewToken { company, name, permissions: holds, ranges, life_ms } = new;
    let tenant = tenant(app, company.as_deref()).await?;
    let expires_at = life_ms.map(|ms| app.env().now().plus(ms));
    let told = json!({"name": &name, "permissions": &holds, "ranges": &ranges, "expires_at": expires_at});
    let wanted = Wanted { name, holds, ranges, expires_at };
    let refused = |error: domain::api_token::ApiTokenError| SetupError::Refused(error.to_string());
    let prepared = wanted.prepare(app.env(), tenant, Maker { member: None, name: TERMINAL.to_owned() }).map_err(refused)?;
    let made = MadeToken { id: prepared.token.id, secret: prepared.secret.clone(), expires_at };
    let asked = Asked::by_command("token create", told).making(&made.id);
    write(app, tenant, asked, move |tx| {
        let prepared = prepared.clone();
        Box::pin(async move { prepared.insert(tx).await })
    })
    .await
    .map_err(|error| match error {
        store::Error::Refused(refusal) if refusal.code == Code::TooManyTokens => SetupError::Refused("the company has as many tokens as it may".to_owned()),
        other => other.into(),
    })?;
    Ok(made)
}

/// Revokes the token with this id or name.
pub async fn revoke(app: &App, company: Option<String>, token: String) -> Result<ApiTokenId, SetupError> {
    let tenant = tenant(app, company.as_deref()).await?;
    let all = store::api_tokens::list(&mut app.db().read_of(tenant).await.map_err(store::Error::from)?, tenant).await?;
    let now = app.env().now();
    let fits = |one: &&domain::api_token::ApiToken| one.state(now) != ApiTokenState::Revoked && (one.id.to_string() == token || one.name == token);
    let found: Vec<ApiTokenId> = all.iter().filter(fits).map(|one| one.id).collect();
    let id = match found[..] {
        [id] => id,
        [] => return Err(SetupError::Refused(format!("there is no token {token:?} that could be revoked"))),
        _ => return Err(SetupError::Refused(format!("there are several tokens {token:?}: name one by its id"))),
    };
    let asked = Asked::by_command("token revoke", Value::Null).making(&id);
    write(app, tenant, asked, move |tx| {
        Box::pin(async move {
            let tenant = tx.tenant();
            store::api_tokens::revoke(tx, tenant, id, TERMINAL).await.map(drop)
        })
    })
    .await?;
    Ok(id)
}

pub(super) async fn tenant(app: &App, company: Option<&str>) -> Result<TenantId, SetupError> {
    let unknown = || match company {
        Some(slug) => SetupError::Refused(format!("there is no company {slug:?}")),
        None => SetupError::Refused("name the company with --company".to_owned()),
    };
    store::entry_points::company(app.db(), company).await?.ok_or_else(unknown)
}

/// Makes a change in the name of the terminal, and notes it in the company's audit.
async fn write<F>(app: &App, tenant: TenantId, asked: Asked, work: F) -> Result<(), store::Error>
where
    F: for<'a, 't> FnOnce(&'a mut TenantTx<'t>) -> db::writer::BoxFuture<'a, store::Result<()>> + Clone + Send + 'static,
{
    let sealer = app.sealer();
    let done = app.db().writer().write_patiently(Shard::Of(tenant.uuid()), move |tx| {
        Box::pin(async move {
            let mut tx = TenantTx::new(tx, tenant, audit::at_terminal());
            tx.lock_company().await?;
            work(&mut tx).await?;
            asked.note(&mut tx, &sealer, b"").await
        })
    });
    done.await
}
