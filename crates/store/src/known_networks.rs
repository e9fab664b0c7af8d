//! Networks from which members of the staff have signed in, as keyed digests.

use db::{Tx, q};
use domain::{
    id::{AgentId, TenantId},
    time::DAY,
};

use crate::Result;

/// A network counts as known for this long after the last sign-in from it.
pub const KNOWN_MS: i64 = 90 * DAY;
/// The maximum number of networks stored per member; the least recently used is deleted.
const MOST: i64 = 20;

/// Records that a member signed in from a network.
pub async fn note(tx: &mut Tx, tenant: TenantId, agent: AgentId, network: &[u8]) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query(
        "INSERT INTO known_networks (tenant_id, agent_id, network, seen_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (tenant_id, agent_id, network) DO UPDATE SET seen_at = excluded.seen_at"
    )
    .bind(tenant.uuid())
    .bind(agent.uuid())
    .bind(network)
    .bind(now.0)
    .execute(c)
    .await
    .map(drop))?;
    q!(tx, |c| sqlx::query(
        "DELETE FROM known_networks WHERE tenant_id = $1 AND agent_id = $2 AND (seen_at <= $3 OR network NOT IN
           (SELECT network FROM known_networks WHERE tenant_id = $1 AND agent_id = $2 ORDER BY seen_at DESC, network LIMIT $4))"
    )
    .bind(tenant.uuid())
    .bind(agent.uuid())
    .bind(now.plus(-KNOWN_MS).0)
    .bind(MOST)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Whether a member signed in from any network recently.
pub async fn knows_any(tx: &mut Tx, tenant: TenantId, agent: AgentId) -> Result<bool> {
    let since = tx.now().plus(-KNOWN_MS);
    let (known,): (i64,) = q!(tx, |c| sqlx::query_as("SELECT COUNT(*) FROM known_networks WHERE tenant_id = $1 AND agent_id = $2 AND seen_at > $3")
        .bind(tenant.uuid())
        .bind(agent.uuid())
        .bind(since.0)
        .fetch_one(c)
        .await)?;
    Ok(known > 0)
}

/// Whether a member signed in from a network recently.
pub async fn is_known(tx: &mut Tx, tenant: TenantId, agent: AgentId, network: &[u8]) -> Result<bool> {
    let since = tx.now().plus(-KNOWN_MS);
    let found: Option<(i64,)> =
        q!(tx, |c| sqlx::query_as("SELECT seen_at FROM known_networks WHERE tenant_id = $1 AND agent_id = $2 AND network = $3 AND seen_at > $4")
            .bind(tenant.uuid())
            .bind(agent.uuid())
            .bind(network)
            .bind(since.0)
            .fetch_optional(c)
            .await)?;
    Ok(found.is_some())
}
