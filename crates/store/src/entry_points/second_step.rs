//! The member of the staff behind a secret or a passkey with which they sign in.

use db::{Db, q};
use domain::id::{AgentId, TenantId};
use uuid::Uuid;

use crate::{Result, fragments::is_here, passkeys::Passkey, sign_in_steps::MOST_TRIES, table};

/// The member of the staff whose sign-in waits for the second step under a token with this hash; nobody who was disabled, and no sign-in that ended.
pub async fn sign_in_step(db: &Db, token_hash: &[u8]) -> Result<Option<(TenantId, AgentId)>> {
    let mut tx = db.read().await?;
    let now = tx.now();
    let row: Option<(Uuid, Uuid)> = q!(tx, |c| sqlx::query_as(
        "SELECT s.tenant_id, s.agent_id FROM sign_in_steps s JOIN agents a ON a.tenant_id = s.tenant_id AND a.id = s.agent_id
         WHERE s.token_hash = $1 AND s.expires_at > $2 AND s.tries < $3 AND a.disabled_at IS NULL"
    )
    .bind(token_hash)
    .bind(now.0)
    .bind(MOST_TRIES)
    .fetch_optional(c)
    .await)?;
    Ok(row.map(|(tenant, agent)| (TenantId::new(tenant), AgentId::new(agent))))
}

/// The passkey that a device knows by this id, of a member who is not disabled.
pub async fn passkey(db: &Db, credential_id: &[u8]) -> Result<Option<Passkey>> {
    let mut tx = db.read().await?;
    let sql = table::select_any::<Passkey>(
        "",
        "JOIN agents a ON a.tenant_id = t.tenant_id AND a.id = t.agent_id",
        concat!("WHERE t.credential_id = $1 AND a.disabled_at IS NULL AND ", is_here!("t.tenant_id")),
    );
    table::any(q!(tx, |c| sqlx::query_as(sql).bind(credential_id).fetch_optional(c).await)?)
}
