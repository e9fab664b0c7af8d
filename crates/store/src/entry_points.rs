//! Look-ups that run before a tenant is known: the only functions of the store without a tenant.

mod audit_heads;
mod backups;
mod companies;
mod copies;
mod due;
mod found_by;
mod nodes;
mod offers;
mod operators;
mod plain_pages;
mod practice;
mod programs;
mod reseal;
mod seal;
mod second_step;
mod sign_on;
mod transfers;
mod webhook_queue;

use std::sync::Arc;

use db::{Db, Tx, feed::Cursor, q, row};
use domain::{
    customer::SESSION_IDLE_MS,
    id::{AgentId, ConversationId, CustomerId, CustomerSessionId, FileId, GroupId, ImportId, PictureId, SessionId, SiteId, TenantId, VisitorId, WallLinkId},
    policy::{Circle, Grants, Staff},
    time::Ts,
};
use uuid::Uuid;

use crate::{
    Error, Result,
    fragments::{alerts_of_waiting, is_here, served_states, waiting_states},
    sites::Site,
    staff::Member,
    staff_sessions::IDLE_MS,
    table::{self, With},
    visitor_moves::{self, Move},
};

pub use self::{
    audit_heads::*, backups::*, companies::*, copies::*, due::*, found_by::*, nodes::*, offers::*, operators::*, plain_pages::*, practice::*, programs::*,
    reseal::*, seal::*, second_step::*, sign_on::*, transfers::*, webhook_queue::*,
};

/// The site with the key from an embed snippet, if its widget is enabled.
pub async fn site_by_key(db: &Db, key: &str) -> Result<Option<Site>> {
    if !crate::can_be_stored(key) {
        return Ok(None);
    }
    let mut tx = db.read().await?;
    let sql = table::select_any::<Site>("", "", concat!("WHERE key = $1 AND state = 'active' AND ", is_here!("t.tenant_id")));
    table::any(q!(tx, |c| sqlx::query_as(sql).bind(key).fetch_optional(c).await)?)
}

/// The owner of a one-time sign-in link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignInLink {
    /// The company.
    pub tenant: TenantId,
    /// The member it signs in.
    pub agent: AgentId,
    /// The time until which it can be used.
    pub expires_at: Ts,
    /// Whether it was used.
    pub spent: bool,
    /// Whether a password has to be chosen with it although the member has one.
    pub is_recovery: bool,
}

/// The link whose token has this hash.
pub async fn sign_in_link(db: &Db, token_hash: &[u8]) -> Result<Option<SignInLink>> {
    let mut tx = db.read().await?;
    let row: Option<(Uuid, Uuid, i64, Option<i64>, i64)> =
        q!(tx, |c| sqlx::query_as("SELECT tenant_id, agent_id, expires_at, spent_at, is_recovery FROM sign_in_links WHERE token_hash = $1")
            .bind(token_hash)
            .fetch_optional(c)
            .await)?;
    Ok(row.map(|(tenant, agent, expires_at, spent_at, is_recovery)| SignInLink {
        tenant: TenantId::new(tenant),
        agent: AgentId::new(agent),
        expires_at: Ts(expires_at),
        spent: spent_at.is_some(),
        is_recovery: is_recovery != 0,
    }))
}

row! {
    struct Seen { session_id: Uuid, last_seen_at: i64, viewed_role: Option<String>, is_way_back: i64, reach_version: i64 }
}

/// What decides what the reaches of a member relate them to, as long as the version stays: every change of it raises the version in its own transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CircleOf {
    tenant: TenantId,
    agent: AgentId,
    group: Option<GroupId>,
    grants: Grants,
    version: i64,
}

/// A member of the staff who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The session.
    pub session: SessionId,
    /// Whether they look at the console as another role would: `member` and `staff` then have that role, and what is in it.
    pub is_viewing: bool,
    /// Whether it began with a link from the terminal: then no address is refused.
    pub is_way_back: bool,
    /// When its use was last recorded.
    pub seen_at: Ts,
    /// The member as stored.
    pub member: Member,
    /// The member as the policy sees them.
    pub staff: Staff,
    /// What their circle may be remembered for.
    pub circle_of: CircleOf,
}

/// The active session whose token has this hash, of a member who is not disabled. `known` finds what is remembered of their circle; otherwise it is read.
pub async fn staff_session(db: &Db, token_hash: &[u8], known: impl FnOnce(&CircleOf) -> Option<Arc<Circle>>) -> Result<Option<SignedIn>> {
    let mut tx = db.read().await?;
    let now = tx.now();
    let sql = table::select_any::<Member>(
        "s.id AS session_id, s.last_seen_at, s.viewed_role, s.is_way_back, t.reach_version",
        "JOIN staff_sessions s ON s.tenant_id = t.tenant_id AND s.agent_id = t.id",
        "WHERE s.token_hash = $1 AND s.expires_at > $2 AND s.last_seen_at > $3 AND t.disabled_at IS NULL",
    );
    let row: Option<With<Member, Seen>> = q!(tx, |c| sqlx::query_as(sql).bind(token_hash).bind(now.0).bind(now.0 - IDLE_MS).fetch_optional(c).await)?;
    let Some(With(member, Seen { session_id, last_seen_at, viewed_role, is_way_back, reach_version })) = row else { return Ok(None) };
    let mut member = member?;
    let is_viewing = viewed_role.is_some();
    if let Some(role) = viewed_role {
        member.look_as(&mut tx, &role).await?;
    }
    let circle_of = CircleOf { tenant: member.tenant, agent: member.id, group: member.group, grants: member.grants(), version: reach_version };
    // What is read now is not older than the version, whatever is committed in between.
    let staff = match known(&circle_of) {
        Some(circle) => member.with_circle(circle),
        None => member.staff(&mut tx).await?,
    };
    Ok(Some(SignedIn { session: SessionId::new(session_id), is_viewing, is_way_back: is_way_back == 1, seen_at: Ts(last_seen_at), member, staff, circle_of }))
}

/// The owner of a widget's access token: company, visitor, site, and expiry. A token
/// that speaks for an account expires with the session it was obtained through. The last part is until when the visitor is blocked, if they are.
pub async fn visitor_token(db: &Db, token_hash: &[u8]) -> Result<Option<(TenantId, VisitorId, SiteId, Ts, Option<Ts>)>> {
    let mut tx = db.read().await?;
    let now = tx.now();
    let row: Option<(Uuid, Uuid, Uuid, i64, Option<i64>)> = q!(tx, |c| sqlx::query_as(
        "SELECT t.tenant_id, t.visitor_id, t.site_id, CASE WHEN s.expires_at < t.expires_at AND s.expires_at < s.last_seen_at + $3 THEN s.expires_at
             WHEN s.last_seen_at + $3 < t.expires_at THEN s.last_seen_at + $3 ELSE t.expires_at END AS until,
             CASE WHEN b.visitor_id IS NOT NULL THEN COALESCE(b.until, $4) END AS blocked_until
         FROM visitor_tokens t LEFT JOIN customer_sessions s ON s.tenant_id = t.tenant_id AND s.id = t.customer_session_id
           LEFT JOIN visitor_blocks b ON b.tenant_id = t.tenant_id AND b.visitor_id = t.visitor_id
         WHERE t.token_hash = $1 AND t.expires_at > $2 AND (t.customer_session_id IS NULL OR (s.expires_at > $2 AND s.last_seen_at + $3 > $2))"
    )
    .bind(token_hash)
    .bind(now.0)
    .bind(SESSION_IDLE_MS)
    .bind(i64::MAX)
    .fetch_optional(c)
    .await)?;
    Ok(row.map(|(tenant, visitor, site, until, blocked)| (TenantId::new(tenant), VisitorId::new(visitor), SiteId::new(site), Ts(until), blocked.map(Ts))))
}

/// The unexpired wall link whose token has this hash, and when a screen last read with it. A link ends with the access of the member who made it.
pub async fn wall_link(db: &Db, token_hash: &[u8]) -> Result<Option<(TenantId, WallLinkId, Option<Ts>)>> {
    let mut tx = db.read().await?;
    let now = tx.now();
    let row: Option<(Uuid, Uuid, Option<i64>)> = q!(tx, |c| sqlx::query_as(
        "SELECT w.tenant_id, w.id, w.last_seen_at FROM wall_links w LEFT JOIN agents a ON a.tenant_id = w.tenant_id AND a.id = w.maker_id
         WHERE w.token_hash = $1 AND w.expires_at > $2 AND a.disabled_at IS NULL"
    )
    .bind(token_hash)
    .bind(now.0)
    .fetch_optional(c)
    .await)?;
    Ok(row.map(|(tenant, id, seen)| (TenantId::new(tenant), WallLinkId::new(id), seen.map(Ts))))
}

/// The companies of which a customer waits in a queue.
pub async fn companies_with_waiting(db: &Db) -> Result<Vec<TenantId>> {
    let mut tx = db.read().await?;
    let rows: Vec<(Uuid,)> = q!(tx, |c| sqlx::query_as(concat!(
        "SELECT DISTINCT tenant_id FROM conversations c WHERE state IN ",
        waiting_states!(),
        " AND ",
        is_here!("c.tenant_id"),
        " ORDER BY tenant_id"
    ))
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(id,)| TenantId::new(id)).collect())
}

/// The companies of which a customer waits in a queue, or is served by an agent, or of which an alert about one of these waits.
pub async fn companies_with_open_waits(db: &Db) -> Result<Vec<TenantId>> {
    let mut tx = db.read().await?;
    let rows: Vec<(Uuid,)> = q!(tx, |c| sqlx::query_as(concat!(
        "SELECT tenant_id FROM (SELECT tenant_id FROM conversations WHERE state IN ",
        waiting_states!(),
        " UNION SELECT tenant_id FROM conversations WHERE state IN ",
        served_states!(),
        " UNION SELECT tenant_id FROM alerts WHERE done_at IS NULL AND kind IN ",
        alerts_of_waiting!(),
        ") c WHERE ",
        is_here!("c.tenant_id"),
        " ORDER BY tenant_id"
    ))
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(id,)| TenantId::new(id)).collect())
}

/// The companies of which an agent serves a conversation who was last seen before a time, or is disabled.
pub async fn companies_with_lost_agents(db: &Db, seen_before: Ts) -> Result<Vec<TenantId>> {
    let mut tx = db.read().await?;
    let rows: Vec<(Uuid,)> = q!(tx, |c| sqlx::query_as(concat!(
        "SELECT DISTINCT s.tenant_id FROM (SELECT DISTINCT tenant_id, agent_id FROM conversations WHERE state IN ",
        served_states!(),
        ") s JOIN agents a ON a.tenant_id = s.tenant_id AND a.id = s.agent_id
         LEFT JOIN agent_leases l ON l.tenant_id = s.tenant_id AND l.agent_id = s.agent_id
         WHERE (a.disabled_at IS NOT NULL OR COALESCE(l.last_seen_at, 0) < $1) AND ",
        is_here!("s.tenant_id"),
        " ORDER BY s.tenant_id"
    ))
    .bind(seen_before.0)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(id,)| TenantId::new(id)).collect())
}

/// Conversations that are due to be looked at.
pub async fn due_conversations(db: &Db, now: Ts, limit: i64) -> Result<Vec<(TenantId, ConversationId)>> {
    let mut tx = db.read().await?;
    let rows: Vec<(Uuid, Uuid)> = q!(tx, |c| sqlx::query_as(concat!(
        "SELECT tenant_id, id FROM conversations c WHERE due_at IS NOT NULL AND due_at <= $1 AND ",
        is_here!("c.tenant_id"),
        " ORDER BY due_at NULLS LAST LIMIT $2"
    ))
    .bind(now.0)
    .bind(limit)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(tenant, id)| (TenantId::new(tenant), ConversationId::new(id))).collect())
}

/// Conversations with the bot whose customer has been waiting since before `before` or, by a
/// clock that was ahead, since after `after`, with the number of the first of the customer's messages since the bot or the staff last said something.
pub async fn unanswered_by_bot(db: &Db, before: Ts, after: Ts, limit: i64) -> Result<Vec<(TenantId, ConversationId, i64)>> {
    let mut tx = db.read().await?;
    let rows: Vec<(Uuid, Uuid, i64)> = q!(tx, |c| sqlx::query_as(
        "WITH waiting AS MATERIALIZED (
           SELECT c.tenant_id, c.id, COALESCE((SELECT MAX(b.seq) FROM journal_entries b WHERE b.tenant_id = c.tenant_id AND b.stream_id = c.id
             -- What was said to a person before the conversation was handed back is no question to the bot.
             AND (b.kind = 'handed_back' OR b.ord IS NOT NULL AND b.actor_kind <> 'customer')), 0) AS said
           FROM conversations c JOIN journal_heads h ON h.tenant_id = c.tenant_id AND h.stream_id = c.id
           WHERE c.state = 'bot' AND h.waiting_since IS NOT NULL AND (h.waiting_since < $1 OR h.waiting_since > $2)
             AND NOT EXISTS (SELECT 1 FROM transfers tr WHERE tr.company_id = c.tenant_id))
         SELECT w.tenant_id, w.id, MIN(e.seq) FROM waiting w
         JOIN journal_entries e ON e.tenant_id = w.tenant_id AND e.stream_id = w.id AND e.seq > w.said AND e.ord IS NOT NULL AND e.actor_kind = 'customer'
         GROUP BY w.tenant_id, w.id LIMIT $3"
    )
    .bind(before.0)
    .bind(after.0)
    .bind(limit)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(tenant, id, seq)| (TenantId::new(tenant), ConversationId::new(id), seq)).collect())
}

/// The device that holds a widget secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Device {
    /// The company.
    pub tenant: TenantId,
    /// The visitor.
    pub visitor: VisitorId,
    /// When the secret was replaced, if it was.
    pub replaced_at: Option<Ts>,
    /// The customer session it ends with, if any.
    pub session: Option<CustomerSessionId>,
}

/// The device that holds this widget secret.
pub async fn visitor_device(tx: &mut Tx, secret_hash: &[u8]) -> Result<Option<Device>> {
    let now = tx.now();
    let row: Option<(Uuid, Uuid, Option<i64>, Option<Uuid>)> = q!(tx, |c| sqlx::query_as(
        "SELECT tenant_id, visitor_id, replaced_at, customer_session_id FROM visitor_devices WHERE secret_hash = $1 AND expires_at > $2"
    )
    .bind(secret_hash)
    .bind(now.0)
    .fetch_optional(c)
    .await)?;
    Ok(row.map(|(tenant, visitor, replaced, session)| Device {
        tenant: TenantId::new(tenant),
        visitor: VisitorId::new(visitor),
        replaced_at: replaced.map(Ts),
        session: session.map(CustomerSessionId::new),
    }))
}

/// The active customer session whose token has this hash: the company, the customer, the session, and when its use was last recorded.
pub async fn customer_session(db: &Db, token_hash: &[u8]) -> Result<Option<(TenantId, CustomerId, CustomerSessionId, Ts)>> {
    let mut tx = db.read().await?;
    let now = tx.now();
    let sql = "SELECT tenant_id, customer_id, id, last_seen_at FROM customer_sessions WHERE token_hash = $1 AND expires_at > $2 AND last_seen_at > $3";
    let row: Option<(Uuid, Uuid, Uuid, i64)> =
        q!(tx, |c| sqlx::query_as(sql).bind(token_hash).bind(now.0).bind(now.0 - SESSION_IDLE_MS).fetch_optional(c).await)?;
    Ok(row.map(|(tenant, customer, id, seen)| (TenantId::new(tenant), CustomerId::new(customer), CustomerSessionId::new(id), Ts(seen))))
}

/// The company of a code or link that was sent to a customer.
pub async fn customer_code_tenant(db: &Db, handle_hash: &[u8]) -> Result<Option<TenantId>> {
    let mut tx = db.read().await?;
    let row: Option<(Uuid,)> =
        q!(&mut tx, |c| sqlx::query_as("SELECT tenant_id FROM customer_codes WHERE handle_hash = $1").bind(handle_hash).fetch_optional(c).await)?;
    Ok(row.map(|(tenant,)| TenantId::new(tenant)))
}

/// Whether a puzzle was used; a check that does not use it up.
pub async fn is_puzzle_spent(db: &Db, puzzle: &[u8]) -> Result<bool> {
    let mut tx = db.read().await?;
    let (found,): (i64,) = q!(tx, |c| sqlx::query_as("SELECT COUNT(*) FROM spent_puzzles WHERE puzzle = $1").bind(puzzle).fetch_one(c).await)?;
    Ok(found > 0)
}

/// Uses up a puzzle. Returns whether it was unused.
pub async fn spend_puzzle(db: &Db, puzzle: Vec<u8>, expires_at: Ts) -> Result<bool> {
    db.writer()
        .write(db::Shard::Any, move |tx| {
            Box::pin(async move {
                let spent = q!(tx, |c| sqlx::query("INSERT INTO spent_puzzles (puzzle, expires_at) VALUES ($1, $2) ON CONFLICT (puzzle) DO NOTHING")
                    .bind(&puzzle[..])
                    .bind(expires_at.0)
                    .execute(c)
                    .await
                    .map(|done| done.rows_affected()))?;
                Ok(spent == 1)
            })
        })
        .await
}

/// Visitors whose conversations are still being moved to another visitor, longest-running first.
pub async fn visitor_moves(db: &Db, limit: i64) -> Result<Vec<Move>> {
    let mut tx = db.read().await?;
    let sql = concat!(
        "SELECT tenant_id, visitor_id, into_id, site_id FROM visitor_moves m WHERE ",
        is_here!("m.tenant_id"),
        " ORDER BY begun_at, visitor_id LIMIT $1"
    );
    let rows: Vec<visitor_moves::Row> = q!(&mut tx, |c| sqlx::query_as(sql).bind(limit).fetch_all(c).await)?;
    Ok(rows.into_iter().map(Move::from).collect())
}

/// Records that a device's secret was replaced by a new one.
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

/// The maximum number of rows deleted in one transaction.
const FORGOTTEN_AT_ONCE: i64 = 500;

/// Deletes expired tokens, secrets, codes, sessions, request keys and a former sealing key, in batches, until none is left. Codes are kept a day longer, so
/// that someone who comes late can be told that the code has expired.
pub async fn forget_expired(db: &Db, now: Ts) -> Result<()> {
    for sql in [
        "DELETE FROM visitor_tokens WHERE token_hash IN (SELECT token_hash FROM visitor_tokens WHERE expires_at <= $1 LIMIT $2)",
        "DELETE FROM visitor_devices WHERE secret_hash IN (SELECT secret_hash FROM visitor_devices WHERE expires_at <= $1 LIMIT $2)",
        "DELETE FROM request_keys WHERE (tenant_id, actor_id, operation, key) IN
           (SELECT tenant_id, actor_id, operation, key FROM request_keys WHERE expires_at <= $1 LIMIT $2)",
        "DELETE FROM customer_sessions WHERE token_hash IN (SELECT token_hash FROM customer_sessions WHERE expires_at <= $1 LIMIT $2)",
        "DELETE FROM customer_codes WHERE handle_hash IN (SELECT handle_hash FROM customer_codes WHERE expires_at <= $1 - 86400000 LIMIT $2)",
        "DELETE FROM customer_tickets WHERE ticket_hash IN (SELECT ticket_hash FROM customer_tickets WHERE expires_at <= $1 LIMIT $2)",
        "DELETE FROM spent_identities WHERE (tenant_id, site_id, token_hash) IN
           (SELECT tenant_id, site_id, token_hash FROM spent_identities WHERE expires_at <= $1 LIMIT $2)",
        "DELETE FROM text_messages WHERE (tenant_id, day, prefix) IN
           (SELECT tenant_id, day, prefix FROM text_messages WHERE day < $1 / 86400000 - 7 LIMIT $2)",
        "UPDATE installation SET former_key = NULL, former_until = NULL WHERE one IN (SELECT one FROM installation WHERE former_until <= $1 LIMIT $2)",
        "DELETE FROM sign_in_steps WHERE token_hash IN (SELECT token_hash FROM sign_in_steps WHERE expires_at <= $1 LIMIT $2)",
        "DELETE FROM spent_puzzles WHERE puzzle IN (SELECT puzzle FROM spent_puzzles WHERE expires_at <= $1 LIMIT $2)",
    ] {
        while delete_some(db, sql, now).await? == FORGOTTEN_AT_ONCE.unsigned_abs() {}
    }
    Ok(())
}

/// Deletes some rows of one table; returns how many.
async fn delete_some(db: &Db, sql: &'static str, now: Ts) -> Result<u64> {
    db.writer()
        .write(db::Shard::Any, move |tx| {
            Box::pin(async move { Ok(q!(tx, |c| sqlx::query(sql).bind(now.0).bind(FORGOTTEN_AT_ONCE).execute(c).await.map(|done| done.rows_affected()))?) })
        })
        .await
}

/// A version of a company's knowledge that is in force and has no gates yet, and its number: the one that was published first, whoever publishes most often.
pub async fn unfitted_knowledge(db: &Db) -> Result<Option<(TenantId, i64)>> {
    let mut tx = db.read().await?;
    let row: Option<(Uuid, i64)> = q!(tx, |c| sqlx::query_as(concat!(
        "SELECT v.tenant_id, v.number FROM knowledge_versions v JOIN knowledge_state s ON s.tenant_id = v.tenant_id AND s.version = v.number
         WHERE v.gates IS NULL AND ",
        is_here!("v.tenant_id"),
        " ORDER BY v.created_at, v.tenant_id LIMIT 1"
    ))
    .fetch_optional(c)
    .await)?;
    Ok(row.map(|(tenant, number)| (TenantId::new(tenant), number)))
}

/// At most `limit` companies with the number of a version of their knowledge that is in force, has gates, and was not fitted with the vectors of a model yet.
pub async fn unembedded_knowledge(db: &Db, model: &str, limit: i64) -> Result<Vec<(TenantId, i64)>> {
    let mut tx = db.read().await?;
    let rows: Vec<(Uuid, i64)> = q!(tx, |c| sqlx::query_as(concat!(
        "SELECT v.tenant_id, v.number FROM knowledge_versions v JOIN knowledge_state s ON s.tenant_id = v.tenant_id AND s.version = v.number
         WHERE v.gates IS NOT NULL AND (v.embedded_with IS NULL OR v.embedded_with <> $1) AND ",
        is_here!("v.tenant_id"),
        " ORDER BY v.created_at, v.tenant_id LIMIT $2"
    ))
    .bind(model)
    .bind(limit)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(tenant, number)| (TenantId::new(tenant), number)).collect())
}

/// A company whose knowledge in force was not searched for doubtful phrasings yet: the one whose was published first.
pub async fn unsearched_knowledge(db: &Db) -> Result<Option<TenantId>> {
    let mut tx = db.read().await?;
    let row: Option<(Uuid,)> = q!(tx, |c| sqlx::query_as(concat!(
        "SELECT s.tenant_id FROM knowledge_state s JOIN knowledge_versions v ON v.tenant_id = s.tenant_id AND v.number = s.version WHERE ",
        is_here!("s.tenant_id"),
        " AND NOT EXISTS
           (SELECT 1 FROM knowledge_runs r WHERE r.tenant_id = s.tenant_id AND r.kind = 'suspects' AND r.version = s.version)
         ORDER BY v.created_at, s.tenant_id LIMIT 1"
    ))
    .fetch_optional(c)
    .await)?;
    Ok(row.map(|(tenant,)| TenantId::new(tenant)))
}

/// The place in the feed that the follower of this name has reached; `None` if it has none in this generation, because positions mean something else in another.
pub async fn feed_position(tx: &mut Tx, name: &str, generation: Uuid) -> Result<Option<Cursor>> {
    let row: Option<(i64, i64)> = q!(tx, |c| sqlx::query_as("SELECT transaction_id, pos FROM feed_positions WHERE name = $1 AND generation = $2")
        .bind(name)
        .bind(generation)
        .fetch_optional(c)
        .await)?;
    Ok(row.map(|(xid, pos)| Cursor { xid, pos }))
}

/// Advances that place from where it was read; [`Error::Stale`] if another node was faster.
pub async fn move_feed_position(tx: &mut Tx, name: &str, generation: Uuid, from: Option<Cursor>, to: Cursor) -> Result<()> {
    let Some(from) = from else {
        let added = q!(tx, |c| sqlx::query(
            "INSERT INTO feed_positions (name, generation, transaction_id, pos) VALUES ($1, $2, $3, $4)
             ON CONFLICT (name) DO UPDATE SET generation = excluded.generation, transaction_id = excluded.transaction_id, pos = excluded.pos
             WHERE feed_positions.generation <> excluded.generation"
        )
        .bind(name)
        .bind(generation)
        .bind(to.xid)
        .bind(to.pos)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
        return if added == 1 { Ok(()) } else { Err(Error::Stale) };
    };
    let moved = q!(tx, |c| sqlx::query(
        "UPDATE feed_positions SET transaction_id = $5, pos = $6 WHERE name = $1 AND generation = $2 AND transaction_id = $3 AND pos = $4"
    )
    .bind(name)
    .bind(generation)
    .bind(from.xid)
    .bind(from.pos)
    .bind(to.xid)
    .bind(to.pos)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    if moved == 1 { Ok(()) } else { Err(Error::Stale) }
}

/// Sets that place to the end of the feed, as this transaction sees it: what was written until now is past, and this follower is told none of it.
///
/// # Errors
/// If the record cannot be read or written.
pub async fn pass_over_feed(tx: &mut Tx, name: &str, generation: Uuid) -> Result<()> {
    let end = db::feed::end(tx).await?;
    q!(tx, |c| sqlx::query(
        "INSERT INTO feed_positions (name, generation, transaction_id, pos) VALUES ($1, $2, $3, $4)
         ON CONFLICT (name) DO UPDATE SET generation = excluded.generation, transaction_id = excluded.transaction_id, pos = excluded.pos"
    )
    .bind(name)
    .bind(generation)
    .bind(end.xid)
    .bind(end.pos)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// A company whose recommendations are to be learned, the one that has waited the longest.
pub async fn due_recommendations(db: &Db, now: Ts) -> Result<Option<TenantId>> {
    let mut tx = db.read().await?;
    let row: Option<(Uuid,)> = q!(tx, |c| sqlx::query_as(concat!(
        "SELECT tenant_id FROM recommendation_models m WHERE due_at <= $1 AND ",
        is_here!("m.tenant_id"),
        " ORDER BY due_at LIMIT 1"
    ))
    .bind(now.0)
    .fetch_optional(c)
    .await)?;
    Ok(row.map(|(tenant,)| TenantId::new(tenant)))
}

/// A company that switched recommendations off and of whose visitors' interests some are still kept.
pub async fn unforgotten_recommendations(db: &Db) -> Result<Option<TenantId>> {
    let mut tx = db.read().await?;
    let row: Option<(Uuid,)> = q!(tx, |c| sqlx::query_as(
        "SELECT s.tenant_id FROM recommendation_settings s
         WHERE s.is_on = 0 AND EXISTS (SELECT 1 FROM recommendation_signals i WHERE i.tenant_id = s.tenant_id) LIMIT 1"
    )
    .fetch_optional(c)
    .await)?;
    Ok(row.map(|(tenant,)| TenantId::new(tenant)))
}

/// The company and MIME type of a picture of goods, if it exists.
pub async fn picture(db: &Db, id: PictureId) -> Result<Option<(TenantId, String)>> {
    let mut tx = db.read().await?;
    let row: Option<(Uuid, String)> =
        q!(&mut tx, |c| sqlx::query_as("SELECT tenant_id, mime FROM goods_pictures WHERE id = $1").bind(id.uuid()).fetch_optional(c).await)?;
    Ok(row.map(|(tenant, mime)| (TenantId::new(tenant), mime)))
}

/// Pictures older than `before` that no product shows, at most `limit`.
pub async fn unused_pictures(db: &Db, before: Ts, limit: i64) -> Result<Vec<(TenantId, PictureId)>> {
    let mut tx = db.read().await?;
    let rows: Vec<(Uuid, Uuid)> = q!(&mut tx, |c| sqlx::query_as(
        "SELECT tenant_id, id FROM goods_pictures p WHERE created_at < $1
           AND NOT EXISTS (SELECT 1 FROM goods g WHERE g.tenant_id = p.tenant_id AND g.picture_id = p.id) ORDER BY tenant_id, id LIMIT $2"
    )
    .bind(before.0)
    .bind(limit)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(tenant, id)| (TenantId::new(tenant), PictureId::new(id))).collect())
}

/// Files uploaded before that time that were never sent, and those that were taken back, at most `limit`, oldest first.
pub async fn unsent_files(db: &Db, before: Ts, limit: i64) -> Result<Vec<(TenantId, FileId)>> {
    let mut tx = db.read().await?;
    let rows: Vec<(Uuid, Uuid)> = q!(&mut tx, |c| sqlx::query_as(
        "SELECT tenant_id, id FROM files WHERE conversation_id IS NULL AND (created_at < $1 OR recalled_at IS NOT NULL) ORDER BY created_at, id LIMIT $2"
    )
    .bind(before.0)
    .bind(limit)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(tenant, id)| (TenantId::new(tenant), FileId::new(id))).collect())
}

/// Goods deleted before that time, at most `limit`, oldest first.
pub async fn thrown_goods(db: &Db, thrown: Ts, limit: i64) -> Result<Vec<(TenantId, String)>> {
    let mut tx = db.read().await?;
    let rows: Vec<(Uuid, String)> = q!(&mut tx, |c| sqlx::query_as("SELECT tenant_id, id FROM goods WHERE deleted_at < $1 ORDER BY deleted_at LIMIT $2")
        .bind(thrown.0)
        .bind(limit)
        .fetch_all(c)
        .await)?;
    Ok(rows.into_iter().map(|(tenant, id)| (TenantId::new(tenant), id)).collect())
}

/// Imports of goods prepared before that time, at most `limit`, oldest first.
pub async fn old_imports(db: &Db, prepared: Ts, limit: i64) -> Result<Vec<(TenantId, ImportId)>> {
    let mut tx = db.read().await?;
    let rows: Vec<(Uuid, Uuid)> =
        q!(&mut tx, |c| sqlx::query_as("SELECT tenant_id, id FROM goods_imports WHERE created_at < $1 ORDER BY created_at LIMIT $2")
            .bind(prepared.0)
            .bind(limit)
            .fetch_all(c)
            .await)?;
    Ok(rows.into_iter().map(|(tenant, id)| (TenantId::new(tenant), ImportId::new(id))).collect())
}
