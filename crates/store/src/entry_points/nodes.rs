//! The installation and the nodes that serve it.

use std::collections::HashMap;

use db::{Db, Tx, q};
use domain::{
    id::{AgentId, TenantId},
    time::Ts,
};
use uuid::Uuid;

use super::copies::end_sign_ins;
use crate::{AT_ONCE, Error, Result};

/// The generation in force, and the home it was made in, if that was noted.
pub async fn generation(db: &Db) -> Result<(Uuid, Option<String>)> {
    let mut tx = db.read().await?;
    Ok(q!(tx, |c| sqlx::query_as("SELECT generation, home FROM installation WHERE one = 1").fetch_one(c).await)?)
}

/// Makes sure that the generation belongs to where the record lies now, before anybody is served. In another PostgreSQL, another database or another timeline
/// than noted `fresh` becomes the generation: a backup misses what was acknowledged after it, and a standby may. A record that was moved also gets new
/// places in the feed, and all sign-ins end, as [`super::change_generation`] says; on another timeline alone they stay, for a standby that took over misses
/// little. Of several nodes that notice, the first one does it; whether this one did. Nothing to do on SQLite.
pub async fn settle(db: &Db, fresh: Uuid) -> Result<bool> {
    let Some(mut tx) = db.maintain().await? else { return Ok(false) };
    let (noted,): (Option<String>,) = q!(&mut tx, |c| sqlx::query_as("SELECT home FROM installation WHERE one = 1 FOR UPDATE").fetch_one(c).await)?;
    let home = db::news::home(&mut tx).await?;
    if noted == home {
        return Ok(false);
    }
    let place = |home: &Option<String>| home.as_ref().and_then(|home| home.rsplit_once('/').map(|(place, _)| place.to_owned()));
    if noted.is_some() {
        q!(&mut tx, |c| sqlx::query("UPDATE installation SET generation = $1 WHERE one = 1").bind(fresh).execute(c).await.map(drop))?;
        if place(&noted) != place(&home) {
            end_sign_ins(&mut tx).await?;
            db::feed::renumber(&mut tx).await?;
        }
    }
    q!(&mut tx, |c| sqlx::query("UPDATE installation SET home = $1 WHERE one = 1").bind(&home).execute(c).await.map(drop))?;
    tx.commit().await?;
    Ok(noted.is_some())
}

/// A program that serves this record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// Its id, a new one at each start.
    pub id: Uuid,
    /// Since when it serves.
    pub started_at: Ts,
}

/// Notes that a node lives and how many visitors of each company are connected to it, forgets nodes not heard of since `gone_before`, and returns those
/// that live with their visitors, the oldest first.
pub async fn beat(db: &Db, node: Node, visitors: &HashMap<TenantId, usize>, now: Ts, gone_before: Ts) -> Result<Vec<(Node, HashMap<TenantId, usize>)>> {
    let visitors = serde_json::to_string(visitors).unwrap_or_default();
    db.writer()
        .write(db::Shard::Any, move |tx| {
            Box::pin(async move {
                q!(tx, |c| sqlx::query(
                    "INSERT INTO nodes (id, started_at, seen_at, visitors) VALUES ($1, $2, $3, $4)
                     ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, visitors = excluded.visitors"
                )
                .bind(node.id)
                .bind(node.started_at.0)
                .bind(now.0)
                .bind(&visitors)
                .execute(c)
                .await
                .map(drop))?;
                q!(tx, |c| sqlx::query("DELETE FROM nodes WHERE seen_at < $1").bind(gone_before.0).execute(c).await.map(drop))?;
                let rows: Vec<(Uuid, i64, String)> =
                    q!(tx, |c| sqlx::query_as("SELECT id, started_at, visitors FROM nodes ORDER BY started_at, id").fetch_all(c).await)?;
                // A count that cannot be read is none: it only colours a screen.
                let node = |(id, at, visitors): (Uuid, i64, String)| (Node { id, started_at: Ts(at) }, serde_json::from_str(&visitors).unwrap_or_default());
                Ok(rows.into_iter().map(node).collect())
            })
        })
        .await
}

/// A node ends.
pub async fn leave(db: &Db, node: Uuid) -> Result<()> {
    db.writer()
        .write(db::Shard::Any, move |tx| {
            Box::pin(async move { Ok(q!(tx, |c| sqlx::query("DELETE FROM nodes WHERE id = $1").bind(node).execute(c).await.map(drop))?) })
        })
        .await
}

/// Renews the lease of agents whose consoles are connected to this node, of all companies in one statement.
pub async fn agents_seen(db: &Db, mut agents: Vec<(TenantId, AgentId)>, now: Ts) -> Result<()> {
    // An agent may be connected to two nodes: both take the rows in one order.
    agents.sort_unstable();
    for some in agents.chunks(AT_ONCE) {
        let some = some.to_vec();
        db.writer()
            .write(db::Shard::Any, move |tx| {
                Box::pin(async move {
                    let rows: Vec<String> = (0..some.len()).map(|n| format!("(${}, ${}, $1)", 2 * n + 2, 2 * n + 3)).collect();
                    let sql = format!(
                        "INSERT INTO agent_leases (tenant_id, agent_id, last_seen_at) VALUES {}
                         ON CONFLICT (tenant_id, agent_id) DO UPDATE SET last_seen_at = excluded.last_seen_at",
                        rows.join(", ")
                    );
                    q!(tx, |c| {
                        let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(now.0);
                        some.iter().fold(query, |query, (tenant, agent)| query.bind(tenant.uuid()).bind(agent.uuid())).execute(c).await.map(drop)
                    })?;
                    Ok::<_, Error>(())
                })
            })
            .await?;
    }
    Ok(())
}

/// How many programs that serve this record were heard of after a moment.
pub async fn nodes_heard_of(tx: &mut Tx, since: Ts) -> Result<i64> {
    let (heard,): (i64,) = q!(tx, |c| sqlx::query_as("SELECT count(*) FROM nodes WHERE seen_at > $1").bind(since.0).fetch_one(c).await)?;
    Ok(heard)
}
