//! The installation and the nodes that serve it.

use std::collections::HashMap;

use db::{Db, Tx, q};
use domain::{
    id::{AgentId, TenantId},
    time::Ts,
};
use uuid::Uuid;

use super::copies::end_sign_ins;
use crate::{AT_ONCE, Error, Result, fragments::is_here};

/// The generation in force, and the home it was created in, if one was recorded.
pub async fn generation(db: &Db) -> Result<(Uuid, Option<String>)> {
    let mut tx = db.read().await?;
    Ok(q!(tx, |c| sqlx::query_as("SELECT generation, home FROM installation WHERE one = 1").fetch_one(c).await)?)
}

/// Makes sure, before anybody is served, that the generation belongs to the record's present location. If the PostgreSQL server, the database or the timeline
/// is not the recorded one, `fresh` becomes the generation: a backup lacks what was acknowledged after it, and a standby may. A record that was moved also gets
/// new places in the feed, and all sign-ins end, as described in [`super::change_generation`]; if only the timeline changed they stay, because a standby that
/// took over lacks little. Of several nodes that notice, the first one does it; returns whether this one did. Does nothing on SQLite.
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

/// A process that serves this record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LivingNode {
    /// The id, a new one at each start.
    pub id: Uuid,
    /// When it began to serve.
    pub started_at: Ts,
}

/// Records that a node is alive and how many visitors of each company are connected to it, deletes
/// nodes last seen before `gone_before`, and returns the live ones with their visitors, oldest first.
pub async fn beat(
    db: &Db,
    node: LivingNode,
    visitors: &HashMap<TenantId, usize>,
    now: Ts,
    gone_before: Ts,
) -> Result<Vec<(LivingNode, HashMap<TenantId, usize>)>> {
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
                // A count that cannot be read counts as none: it is only shown on a screen.
                let node =
                    |(id, at, visitors): (Uuid, i64, String)| (LivingNode { id, started_at: Ts(at) }, serde_json::from_str(&visitors).unwrap_or_default());
                Ok(rows.into_iter().map(node).collect())
            })
        })
        .await
}

/// Removes a node that shuts down.
pub async fn leave(db: &Db, node: Uuid) -> Result<()> {
    db.writer()
        .write(db::Shard::Any, move |tx| {
            Box::pin(async move { Ok(q!(tx, |c| sqlx::query("DELETE FROM nodes WHERE id = $1").bind(node).execute(c).await.map(drop))?) })
        })
        .await
}

/// Renews the lease of the agents whose consoles are connected to this node, of all companies in one statement.
pub async fn agents_seen(db: &Db, mut agents: Vec<(TenantId, AgentId)>, now: Ts) -> Result<()> {
    // An agent may be connected to two nodes: both lock the rows in the same order.
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

/// The agents whose stretch of work has to be noted: it began before `quarter`, their console has not been seen since `gone_before`, or they are there and it has not
/// begun.
pub async fn agents_to_note(db: &Db, quarter: Ts, gone_before: Ts, limit: i64) -> Result<Vec<(TenantId, AgentId)>> {
    let mut tx = db.read().await?;
    let rows: Vec<(Uuid, Uuid)> = q!(tx, |c| sqlx::query_as(concat!(
        "SELECT a.tenant_id, a.id FROM agents a LEFT JOIN agent_leases l ON l.tenant_id = a.tenant_id AND l.agent_id = a.id
         WHERE a.state <> 'offline' AND ",
        is_here!("a.tenant_id"),
        " AND (a.works_since < $1 OR (a.works_since IS NOT NULL AND COALESCE(l.last_seen_at, 0) < $2)
           OR (a.works_since IS NULL AND l.last_seen_at >= $2))
         ORDER BY a.tenant_id, a.id LIMIT $3"
    ))
    .bind(quarter.0)
    .bind(gone_before.0)
    .bind(limit)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(tenant, agent)| (TenantId::new(tenant), AgentId::new(agent))).collect())
}

/// The number of processes serving this record that were seen after a moment.
pub async fn nodes_heard_of(tx: &mut Tx, since: Ts) -> Result<i64> {
    let (heard,): (i64,) = q!(tx, |c| sqlx::query_as("SELECT count(*) FROM nodes WHERE seen_at > $1").bind(since.0).fetch_one(c).await)?;
    Ok(heard)
}
