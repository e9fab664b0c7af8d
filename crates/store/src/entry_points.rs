//! Look-ups before a tenant is known: the only functions of the store that take none.

use std::collections::HashMap;

use db::{Db, Tx, feed::Cursor, q, row};
use domain::{
    id::{AgentId, ConversationId, SessionId, SiteId, TenantId, VisitorId, WebhookId},
    time::Ts,
    webhook::{KEEP_DEAD_MS, KEEP_DELIVERED_MS},
};
use uuid::Uuid;

use crate::{
    Error, Result,
    sites::{self, Site},
    staff::{self, Member},
    staff_sessions::IDLE_MS,
};

/// The installation's generation and seal key; made at the first start. Of several nodes that start at once one makes them.
pub async fn installation(db: &Db, generation: Uuid, seal_key: String) -> Result<(Uuid, Vec<u8>)> {
    db.writer()
        .write(db::Shard::Any, move |tx| {
            Box::pin(async move {
                let key = seal_key.into_bytes();
                q!(tx, |c| sqlx::query("INSERT INTO installation (one, generation, seal_key) VALUES (1, $1, $2) ON CONFLICT (one) DO NOTHING")
                    .bind(generation)
                    .bind(&key[..])
                    .execute(c)
                    .await
                    .map(drop))?;
                let found: (Uuid, Vec<u8>) = q!(tx, |c| sqlx::query_as("SELECT generation, seal_key FROM installation WHERE one = 1").fetch_one(c).await)?;
                Ok::<_, Error>(found)
            })
        })
        .await
}

/// The generation in force, and the home it was made in, if that was noted.
pub async fn generation(db: &Db) -> Result<(Uuid, Option<String>)> {
    let mut tx = db.read().await?;
    Ok(q!(tx, |c| sqlx::query_as("SELECT generation, home FROM installation WHERE one = 1").fetch_one(c).await)?)
}

/// Makes sure that the generation belongs to where the record lies now, before anybody is served. In another PostgreSQL, another database or another timeline
/// than noted `fresh` becomes the generation: a backup misses what was acknowledged after it, and a standby may. A record that was moved also gets new
/// places in the feed. Of several nodes that notice, the first one does it; whether this one did. Nothing to do on SQLite.
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

/// Agents whose lease is renewed in one statement.
const AGENTS_AT_ONCE: usize = 500;

/// Renews the lease of agents whose consoles are connected to this node, of all companies in one statement.
pub async fn agents_seen(db: &Db, mut agents: Vec<(TenantId, AgentId)>, now: Ts) -> Result<()> {
    // An agent may be connected to two nodes: both take the rows in one order.
    agents.sort_unstable();
    for some in agents.chunks(AGENTS_AT_ONCE) {
        let some = some.to_vec();
        db.writer()
            .write(db::Shard::Any, move |tx| {
                Box::pin(async move {
                    let keys: Vec<String> = (0..some.len()).map(|n| format!("(${}, ${})", 2 * n + 2, 2 * n + 3)).collect();
                    let sql = format!("UPDATE agents SET last_seen_at = $1 WHERE (tenant_id, id) IN (VALUES {})", keys.join(", "));
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

/// The companies of this installation, oldest first.
pub async fn tenants(db: &Db) -> Result<Vec<TenantId>> {
    let mut tx = db.read().await?;
    let rows: Vec<(Uuid,)> = q!(tx, |c| sqlx::query_as("SELECT id FROM tenants ORDER BY created_at, id").fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id,)| TenantId::new(id)).collect())
}

/// The site an embed snippet names.
pub async fn site_by_key(db: &Db, key: &str) -> Result<Option<Site>> {
    if !crate::can_be_stored(key) {
        return Ok(None);
    }
    let mut tx = db.read().await?;
    let row: Option<sites::Row> =
        q!(tx, |c| sqlx::query_as("SELECT id, tenant_id, key, settings, queue_id FROM sites WHERE key = $1").bind(key).fetch_optional(c).await)?;
    row.map(Site::try_from).transpose()
}

/// The site the hall at `/` belongs to: the first there is.
pub async fn hall_site(db: &Db) -> Result<Option<Site>> {
    let mut tx = db.read().await?;
    let row: Option<sites::Row> =
        q!(tx, |c| sqlx::query_as("SELECT id, tenant_id, key, settings, queue_id FROM sites ORDER BY created_at, id LIMIT 1").fetch_optional(c).await)?;
    row.map(Site::try_from).transpose()
}

/// Who signs in with this address; addresses are stored in lower case.
pub async fn staff_by_email(db: &Db, email: &str) -> Result<Option<Member>> {
    if !crate::can_be_stored(email) {
        return Ok(None);
    }
    let mut tx = db.read().await?;
    let row: Option<staff::Row> = q!(tx, |c| sqlx::query_as(
        "SELECT tenant_id, id, inbox_id, email, name, number, role, password_hash, state, state_since, capacity, created_at FROM agents WHERE email = $1"
    )
    .bind(email)
    .fetch_optional(c)
    .await)?;
    row.map(Member::try_from).transpose()
}

/// Whose a one-time link is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignInLink {
    /// Of which company.
    pub tenant: TenantId,
    /// Whose.
    pub agent: AgentId,
    /// Until when it may be used.
    pub expires_at: Ts,
    /// Whether it was used.
    pub spent: bool,
}

/// The link with this token's hash.
pub async fn sign_in_link(db: &Db, token_hash: &[u8]) -> Result<Option<SignInLink>> {
    let mut tx = db.read().await?;
    let row: Option<(Uuid, Uuid, i64, Option<i64>)> =
        q!(tx, |c| sqlx::query_as("SELECT tenant_id, agent_id, expires_at, spent_at FROM sign_in_links WHERE token_hash = $1")
            .bind(token_hash)
            .fetch_optional(c)
            .await)?;
    Ok(row.map(|(tenant, agent, expires_at, spent_at)| SignInLink {
        tenant: TenantId::new(tenant),
        agent: AgentId::new(agent),
        expires_at: Ts(expires_at),
        spent: spent_at.is_some(),
    }))
}

row! {
    struct SessionRow {
        session_id: Uuid, last_seen_at: i64, tenant_id: Uuid, id: Uuid, inbox_id: Uuid, email: String, name: String, number: String, role: String,
        password_hash: Option<String>, state: String, state_since: i64, capacity: i64, created_at: i64,
    }
}

/// Who holds the living session with this token's hash: the session, when it was last noted as used, and the member.
pub async fn staff_session(db: &Db, token_hash: &[u8]) -> Result<Option<(SessionId, Ts, Member)>> {
    let mut tx = db.read().await?;
    let now = tx.now();
    let row: Option<SessionRow> = q!(tx, |c| sqlx::query_as(
        "SELECT s.id AS session_id, s.last_seen_at, a.tenant_id, a.id, a.inbox_id, a.email, a.name, a.number, a.role, a.password_hash, a.state,
                a.state_since, a.capacity, a.created_at
         FROM staff_sessions s JOIN agents a ON a.tenant_id = s.tenant_id AND a.id = s.agent_id
         WHERE s.token_hash = $1 AND s.expires_at > $2 AND s.last_seen_at > $3"
    )
    .bind(token_hash)
    .bind(now.0)
    .bind(now.0 - IDLE_MS)
    .fetch_optional(c)
    .await)?;
    let Some(row) = row else { return Ok(None) };
    let (session, seen) = (SessionId::new(row.session_id), Ts(row.last_seen_at));
    let SessionRow { tenant_id, id, inbox_id, email, name, number, role, password_hash, state, state_since, capacity, created_at, .. } = row;
    let member = staff::Row { tenant_id, id, inbox_id, email, name, number, role, password_hash, state, state_since, capacity, created_at };
    Ok(Some((session, seen, member.try_into()?)))
}

/// Whose an access token of the widget is: company, visitor, site, and until when.
pub async fn visitor_token(db: &Db, token_hash: &[u8]) -> Result<Option<(TenantId, VisitorId, SiteId, Ts)>> {
    let mut tx = db.read().await?;
    let now = tx.now();
    let row: Option<(Uuid, Uuid, Uuid, i64)> =
        q!(tx, |c| sqlx::query_as("SELECT tenant_id, visitor_id, site_id, expires_at FROM visitor_tokens WHERE token_hash = $1 AND expires_at > $2")
            .bind(token_hash)
            .bind(now.0)
            .fetch_optional(c)
            .await)?;
    Ok(row.map(|(tenant, visitor, site, expires_at)| (TenantId::new(tenant), VisitorId::new(visitor), SiteId::new(site), Ts(expires_at))))
}

/// Conversations whose time to be looked at has come.
pub async fn due_conversations(db: &Db, now: Ts, limit: i64) -> Result<Vec<(TenantId, ConversationId)>> {
    let mut tx = db.read().await?;
    let rows: Vec<(Uuid, Uuid)> =
        q!(tx, |c| sqlx::query_as("SELECT tenant_id, id FROM conversations WHERE due_at IS NOT NULL AND due_at <= $1 ORDER BY due_at NULLS LAST LIMIT $2")
            .bind(now.0)
            .bind(limit)
            .fetch_all(c)
            .await)?;
    Ok(rows.into_iter().map(|(tenant, id)| (TenantId::new(tenant), ConversationId::new(id))).collect())
}

/// Conversations with the bot whose customer has waited since before a time, and the number of the customer's last message.
pub async fn unanswered_by_bot(db: &Db, before: Ts, limit: i64) -> Result<Vec<(TenantId, ConversationId, i64)>> {
    let mut tx = db.read().await?;
    let rows: Vec<(Uuid, Uuid, i64)> = q!(tx, |c| sqlx::query_as(
        "SELECT c.tenant_id, c.id, (SELECT MAX(e.seq) FROM journal_entries e
            WHERE e.tenant_id = c.tenant_id AND e.stream_id = c.id AND e.ord IS NOT NULL AND e.actor_kind = 'customer') AS seq
         FROM conversations c JOIN journal_heads h ON h.tenant_id = c.tenant_id AND h.stream_id = c.id
         WHERE c.state = 'bot' AND h.waiting_since IS NOT NULL AND h.waiting_since < $1 LIMIT $2"
    )
    .bind(before.0)
    .bind(limit)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(tenant, id, seq)| (TenantId::new(tenant), ConversationId::new(id), seq)).collect())
}

/// The device a widget's secret stands for: company, visitor, and when it was replaced, if it was.
pub async fn visitor_device(tx: &mut Tx, secret_hash: &[u8]) -> Result<Option<(TenantId, VisitorId, Option<Ts>)>> {
    let now = tx.now();
    let row: Option<(Uuid, Uuid, Option<i64>)> =
        q!(tx, |c| sqlx::query_as("SELECT tenant_id, visitor_id, replaced_at FROM visitor_devices WHERE secret_hash = $1 AND expires_at > $2")
            .bind(secret_hash)
            .bind(now.0)
            .fetch_optional(c)
            .await)?;
    Ok(row.map(|(tenant, visitor, replaced)| (TenantId::new(tenant), VisitorId::new(visitor), replaced.map(Ts))))
}

/// Notes that a device's secret was replaced by another.
pub async fn replace_device(tx: &mut Tx, secret_hash: &[u8]) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query("UPDATE visitor_devices SET replaced_at = COALESCE(replaced_at, $2) WHERE secret_hash = $1")
        .bind(secret_hash)
        .bind(now.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// What is forgotten in one transaction, in rows.
const FORGOTTEN_AT_ONCE: i64 = 500;

/// Forgets tokens, secrets and keys of requests that are good for nothing any more: some at a time, until none is left.
pub async fn forget_expired(db: &Db, now: Ts) -> Result<()> {
    for sql in [
        "DELETE FROM visitor_tokens WHERE token_hash IN (SELECT token_hash FROM visitor_tokens WHERE expires_at <= $1 LIMIT $2)",
        "DELETE FROM visitor_devices WHERE secret_hash IN (SELECT secret_hash FROM visitor_devices WHERE expires_at <= $1 LIMIT $2)",
        "DELETE FROM request_keys WHERE (tenant_id, actor_id, operation, key) IN
           (SELECT tenant_id, actor_id, operation, key FROM request_keys WHERE expires_at <= $1 LIMIT $2)",
    ] {
        while forgotten(db, sql, now).await? == FORGOTTEN_AT_ONCE.unsigned_abs() {}
    }
    Ok(())
}

/// Forgets some rows of one table; returns how many.
async fn forgotten(db: &Db, sql: &'static str, now: Ts) -> Result<u64> {
    db.writer()
        .write(db::Shard::Any, move |tx| {
            Box::pin(async move { Ok(q!(tx, |c| sqlx::query(sql).bind(now.0).bind(FORGOTTEN_AT_ONCE).execute(c).await.map(|done| done.rows_affected()))?) })
        })
        .await
}

row! {
    /// An endpoint that is to be served, and who does.
    pub struct Served {
        /// Whose.
        pub tenant_id: Uuid,
        /// Which.
        pub id: Uuid,
        /// The node that holds the lease, if one does.
        pub lease_node: Option<Uuid>,
        /// Until when.
        pub lease_until: Option<i64>,
    }
}

/// The webhook endpoints that are to be served, of all companies.
pub async fn webhooks(db: &Db) -> Result<Vec<Served>> {
    let mut tx = db.read().await?;
    let rows = q!(tx, |c| {
        sqlx::query_as("SELECT tenant_id, id, lease_node, lease_until FROM webhooks WHERE state = 'enabled' ORDER BY tenant_id, id").fetch_all(c).await
    })?;
    Ok(rows)
}

/// Takes or prolongs the lease of every enabled endpoint that no other node holds; a foreign lease is let be for `grace_ms` after its end.
pub async fn lease_webhooks(db: &Db, node: Uuid, until: Ts, grace_ms: i64) -> Result<()> {
    db.writer()
        .write(db::Shard::Any, move |tx| {
            Box::pin(async move {
                let over = tx.now().plus(-grace_ms);
                q!(tx, |c| sqlx::query(
                    "UPDATE webhooks SET lease_node = $1, lease_until = $2 WHERE state = 'enabled' AND (lease_node = $1 OR lease_until IS NULL OR lease_until < $3)"
                )
                .bind(node)
                .bind(until.0)
                .bind(over.0)
                .execute(c)
                .await
                .map(drop))?;
                Ok(())
            })
        })
        .await
}

/// Up to where in the feed deliveries were made. In another generation than it was noted in: from the beginning, for positions mean something else there. (What was made
/// already is not made again: each conversation knows how far it was told.)
pub async fn webhook_position(tx: &mut Tx, generation: Uuid) -> Result<Cursor> {
    let row: Option<(Uuid, i64, i64)> =
        q!(tx, |c| sqlx::query_as("SELECT generation, transaction_id, pos FROM webhook_position WHERE one = 1").fetch_optional(c).await)?;
    Ok(row.filter(|(of, ..)| *of == generation).map_or_else(Cursor::default, |(_, xid, pos)| Cursor { xid, pos }))
}

/// Moves that place on from where it was read; [`Error::Conflict`] if somebody else was faster.
pub async fn move_webhook_position(tx: &mut Tx, generation: Uuid, from: Cursor, to: Cursor) -> Result<()> {
    q!(tx, |c| sqlx::query("INSERT INTO webhook_position (one, generation, transaction_id, pos) VALUES (1, $1, 0, 0) ON CONFLICT (one) DO NOTHING")
        .bind(generation)
        .execute(c)
        .await
        .map(drop))?;
    q!(tx, |c| sqlx::query("UPDATE webhook_position SET generation = $1, transaction_id = 0, pos = 0 WHERE one = 1 AND generation <> $1")
        .bind(generation)
        .execute(c)
        .await
        .map(drop))?;
    let moved = q!(tx, |c| sqlx::query("UPDATE webhook_position SET transaction_id = $3, pos = $4 WHERE one = 1 AND transaction_id = $1 AND pos = $2")
        .bind(from.xid)
        .bind(from.pos)
        .bind(to.xid)
        .bind(to.pos)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if moved == 1 { Ok(()) } else { Err(Error::Conflict) }
}

/// The webhook endpoints that are not asked, and whether they were removed.
pub async fn webhooks_at_rest(db: &Db) -> Result<Vec<(TenantId, WebhookId, bool)>> {
    let mut tx = db.read().await?;
    let rows: Vec<(Uuid, Uuid, String)> =
        q!(tx, |c| sqlx::query_as("SELECT tenant_id, id, state FROM webhooks WHERE state <> 'enabled' ORDER BY tenant_id, id").fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(tenant, id, state)| (TenantId::new(tenant), WebhookId::new(id), state == "removed")).collect())
}

/// Forgets deliveries that were kept for long enough, at most `limit`; returns how many.
pub async fn forget_deliveries(db: &Db, limit: i64) -> Result<u64> {
    db.writer()
        .write(db::Shard::Any, move |tx| {
            Box::pin(async move {
                let now = tx.now();
                let forgotten = q!(tx, |c| sqlx::query(
                    "DELETE FROM webhook_deliveries WHERE (tenant_id, id) IN (SELECT tenant_id, id FROM webhook_deliveries WHERE ended_at IS NOT NULL
                       AND (ended_at <= $1 OR (ended_at <= $2 AND state = 'delivered')) LIMIT $3)"
                )
                .bind(now.0 - KEEP_DEAD_MS)
                .bind(now.0 - KEEP_DELIVERED_MS)
                .bind(limit)
                .execute(c)
                .await
                .map(|done| done.rows_affected()))?;
                Ok(forgotten)
            })
        })
        .await
}
