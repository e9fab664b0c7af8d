//! One-time links with which members of the staff sign in.

use db::Tx;
use domain::{
    id::{AgentId, TenantId},
    time::{DAY, HOUR},
};
use platform::env;

/// How long a link is valid.
pub const LIFE_MS: i64 = 7 * DAY;

/// How long a link that was asked for by mail is valid: it lies in a mailbox.
pub const RECOVERY_LIFE_MS: i64 = HOUR;

/// The page that takes a link's secret. The secret follows `#`, so it reaches no log and no Referer.
pub fn url(public_url: &str, secret: &str) -> String {
    format!("{public_url}/console/welcome#{secret}")
}

/// Stores a link for a member.
pub async fn insert(tx: &mut Tx, tenant: TenantId, agent: AgentId, secret: &str) -> store::Result<()> {
    let until = tx.now().plus(LIFE_MS);
    store::sign_in_links::insert(tx, tenant, agent, &env::hash(secret), until).await
}

/// Stores a link for a member that was asked for at the terminal: no address is refused with it.
pub async fn insert_way_back(tx: &mut Tx, tenant: TenantId, agent: AgentId, secret: &str) -> store::Result<()> {
    let until = tx.now().plus(LIFE_MS);
    store::sign_in_links::insert_way_back(tx, tenant, agent, &env::hash(secret), until).await
}

/// Stores a link for a member who has forgotten the password.
pub async fn insert_recovery(tx: &mut Tx, tenant: TenantId, agent: AgentId, secret: &str) -> store::Result<()> {
    let until = tx.now().plus(RECOVERY_LIFE_MS);
    store::sign_in_links::insert_recovery(tx, tenant, agent, &env::hash(secret), until).await
}
