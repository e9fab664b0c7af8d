//! An account's own visitor on a site, and how an anonymous visitor's conversations are moved to it.

use db::{
    Tx,
    journal::{self, Guard},
    q, row,
};
use domain::{
    conversation::Conversation,
    effect::Effect,
    entry::{Body, Fact, body, fact},
    id::{ConversationId, CustomerId, SiteId, TenantId, VisitorId},
    journal::{Actor, NewEntry},
    stream::{StreamKind, StreamName},
    text::Lang,
    time::Ts,
};
use std::sync::Arc;
use store::{Error, Result, access, conversations, visitors};
use uuid::Uuid;

/// The account's own visitor on a site, if there is one yet.
pub async fn own(tx: &mut Tx, tenant: TenantId, customer: CustomerId, site: SiteId) -> Result<Option<VisitorId>> {
    let row: Option<(Uuid,)> =
        q!(tx, |c| sqlx::query_as("SELECT visitor_id FROM customer_visitors WHERE tenant_id = $1 AND customer_id = $2 AND site_id = $3")
            .bind(tenant.uuid())
            .bind(customer.uuid())
            .bind(site.uuid())
            .fetch_optional(c)
            .await)?;
    Ok(row.map(|(id,)| VisitorId::new(id)))
}

/// Makes a visitor the account's own on a site, unless it has one: of two simultaneous devices, the first one's visitor stays.
pub async fn bind(tx: &mut Tx, tenant: TenantId, customer: CustomerId, site: SiteId, visitor: VisitorId) -> Result<()> {
    q!(tx, |c| {
        sqlx::query(
            "INSERT INTO customer_visitors (tenant_id, customer_id, site_id, visitor_id) VALUES ($1, $2, $3, $4) ON CONFLICT (tenant_id, customer_id, site_id) DO NOTHING",
        )
        .bind(tenant.uuid())
        .bind(customer.uuid())
        .bind(site.uuid())
        .bind(visitor.uuid())
        .execute(c)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// The account a visitor belongs to; `None` for an anonymous visitor.
pub async fn customer_of(tx: &mut Tx, tenant: TenantId, visitor: VisitorId) -> Result<Option<CustomerId>> {
    let row: Option<(Uuid,)> = q!(tx, |c| sqlx::query_as("SELECT customer_id FROM customer_visitors WHERE tenant_id = $1 AND visitor_id = $2")
        .bind(tenant.uuid())
        .bind(visitor.uuid())
        .fetch_optional(c)
        .await)?;
    Ok(row.map(|(id,)| CustomerId::new(id)))
}

/// Visitors without an account, those with the most conversations first: each with its site, language, and when it was first seen.
pub async fn regulars(tx: &mut Tx, tenant: TenantId, limit: i64) -> Result<Vec<(VisitorId, SiteId, Lang, Ts)>> {
    let rows: Vec<(Uuid, Uuid, String, i64)> = q!(tx, |c| sqlx::query_as(
        "SELECT v.id, v.site_id, v.lang, v.first_seen_at FROM visitors v JOIN conversations c ON c.tenant_id = v.tenant_id AND c.visitor_id = v.id
         WHERE v.tenant_id = $1 AND NOT EXISTS (SELECT 1 FROM customer_visitors b WHERE b.tenant_id = v.tenant_id AND b.visitor_id = v.id)
         GROUP BY v.id, v.site_id, v.lang, v.first_seen_at ORDER BY COUNT(*) DESC, v.id LIMIT $2"
    )
    .bind(tenant.uuid())
    .bind(limit)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(id, site, lang, at)| (VisitorId::new(id), SiteId::new(site), Lang::from_tag(&lang), Ts(at))).collect())
}

/// The maximum number of conversations that move in one transaction.
pub const PORTION: usize = 20;

/// What one step of a move touches, locked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Portion {
    /// The conversations to move, open ones first, then most recently opened first.
    pub theirs: Vec<Conversation>,
    /// The new owner's conversations that are open or can be reopened.
    pub owns: Vec<Conversation>,
    /// Whether more are left for the next step.
    pub has_more: bool,
}

/// Locks what one step of a move touches, in the common locking order, and loads it. Opening a conversation requires the lock on the visitor's head, so none is
/// added until the commit.
pub async fn lock_portion(tx: &mut Tx, tenant: TenantId, from: VisitorId, to: VisitorId) -> Result<Portion> {
    let (theirs, owns) = (theirs(tx, tenant, from).await?, owns(tx, tenant, to).await?);
    let streams = |ids: &[Uuid], kind| ids.iter().map(|id| (tenant.uuid(), *id, kind)).collect::<Vec<_>>();
    let touched: Vec<Uuid> = theirs.iter().take(PORTION).chain(&owns).copied().collect();
    journal::lock(tx, &streams(&touched, StreamKind::Conversation)).await?;
    journal::lock(tx, &streams(&[from.uuid(), to.uuid()], StreamKind::Visitor)).await?;
    if (&theirs, &owns) != (&self::theirs(tx, tenant, from).await?, &self::owns(tx, tenant, to).await?) {
        return Err(Error::Db(db::Error::Busy));
    }
    let mut portion = Portion { theirs: Vec::new(), owns: Vec::new(), has_more: theirs.len() > PORTION };
    for (ids, loaded) in [(&theirs, &mut portion.theirs), (&owns, &mut portion.owns)] {
        for id in ids.iter().take(PORTION) {
            loaded.push(conversations::get(tx, tenant, ConversationId::new(*id)).await?);
        }
    }
    Ok(portion)
}

async fn theirs(tx: &mut Tx, tenant: TenantId, visitor: VisitorId) -> Result<Vec<Uuid>> {
    let rows: Vec<(Uuid,)> = q!(tx, |c| sqlx::query_as(
        "SELECT id FROM conversations WHERE tenant_id = $1 AND visitor_id = $2
         ORDER BY CASE WHEN state IN ('resolved', 'closed') THEN 1 ELSE 0 END, created_at DESC, id DESC LIMIT $3"
    )
    .bind(tenant.uuid())
    .bind(visitor.uuid())
    .bind(PORTION as i64 + 1)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

async fn owns(tx: &mut Tx, tenant: TenantId, visitor: VisitorId) -> Result<Vec<Uuid>> {
    let rows: Vec<(Uuid,)> = q!(tx, |c| sqlx::query_as(
        "SELECT id FROM conversations WHERE tenant_id = $1 AND visitor_id = $2 AND state <> 'closed'
         ORDER BY CASE WHEN state = 'resolved' THEN 1 ELSE 0 END, created_at DESC, id DESC LIMIT $3"
    )
    .bind(tenant.uuid())
    .bind(visitor.uuid())
    .bind(PORTION as i64)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Gives a conversation, which the caller has locked, to a different visitor, with
/// its entries, marks and files. Staff are notified that its customer is now known.
pub async fn pass_on(tx: &mut Tx, tenant: TenantId, conversation: ConversationId, to: VisitorId) -> Result<()> {
    let before = conversations::get(tx, tenant, conversation).await?;
    let from = before.visitor;
    journal::pass_on(tx, tenant, conversation.uuid(), from.uuid(), to.uuid()).await?;
    let now = Conversation { visitor: to, version: before.version + 1, ..before.clone() };
    q!(tx, |c| sqlx::query("UPDATE conversations SET visitor_id = $3, version = $4 WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(conversation.uuid())
        .bind(to.uuid())
        .bind(now.version)
        .execute(c)
        .await
        .map(drop))?;
    q!(tx, |c| sqlx::query("UPDATE files SET owner_id = $4 WHERE tenant_id = $1 AND conversation_id = $2 AND owner_kind = 'visitor' AND owner_id = $3")
        .bind(tenant.uuid())
        .bind(conversation.uuid())
        .bind(from.uuid())
        .bind(to.uuid())
        .execute(c)
        .await
        .map(drop))?;
    let fact = fact::InEpisode { ep: now.episode.number };
    let entry = now.entry(Actor::customer(to.uuid()), Body::Identified(body::Nothing {}), Fact::Identified(fact));
    journal::append(tx, vec![(entry.into(), Guard::Becomes(now.version))]).await?;
    tx.effect(Effect::Conversation { now: Arc::new(now), was: Some(before.place()) });
    Ok(())
}

/// Ends an anonymous visitor that was merged into another one: its stream says where it continues, and all its tokens become invalid.
pub async fn end_merged(tx: &mut Tx, tenant: TenantId, from: VisitorId, to: VisitorId) -> Result<()> {
    let stream = StreamName { kind: StreamKind::Visitor, id: from.uuid() };
    let entry = NewEntry::new(stream, tenant, Actor::system(), Body::Moved(body::Moved { to }), Fact::Moved(fact::Nothing {}));
    journal::note(tx, entry).await?;
    visitors::forget_devices(tx, tenant, from).await?;
    access::some_ended(tx, tenant, from).await
}

/// Whether a visitor was merged into another one: anything still arriving in its name is too late.
pub async fn has_moved(tx: &mut Tx, tenant: TenantId, visitor: VisitorId) -> Result<bool> {
    let found: Option<(i64,)> = q!(tx, |c| {
        sqlx::query_as("SELECT seq FROM journal_entries WHERE tenant_id = $1 AND stream_id = $2 AND kind = 'moved' LIMIT 1")
            .bind(tenant.uuid())
            .bind(visitor.uuid())
            .fetch_optional(c)
            .await
    })?;
    Ok(found.is_some())
}

row! {
    /// A conversation in a customer's own list.
    pub struct OwnRow {
        /// The id.
        pub id: Uuid,
        /// The state.
        pub state: String,
        /// The language.
        pub lang: String,
        /// When it was opened.
        pub created_at: i64,
        /// When it was last resolved.
        pub resolved_at: Option<i64>,
        /// When a message was left that still waits for an answer.
        pub left_at: Option<i64>,
        /// The time of the last entry.
        pub last_at: i64,
        /// The agent's name.
        pub agent_name: Option<String>,
        /// The last rating.
        pub score: Option<i64>,
        /// The body of the customer's first message, as JSON; empty if it was recalled.
        pub first_body: Option<String>,
        /// The number of public entries.
        pub pseq: i64,
    }
}

/// The conversations of an account on all sites, most recently opened first, starting after a place in that order.
pub async fn conversations(tx: &mut Tx, tenant: TenantId, customer: CustomerId, before: (Ts, Uuid), limit: i64) -> Result<Vec<OwnRow>> {
    let rows = q!(tx, |c| {
        sqlx::query_as(
            "SELECT c.id, c.state, c.lang, c.created_at, c.resolved_at, c.left_at, h.last_at, a.name AS agent_name, ep.score, h.pseq,
               (SELECT CASE WHEN e.body_state = 'plain' THEN e.body ELSE NULL END FROM journal_entries e
                  WHERE e.tenant_id = c.tenant_id AND e.stream_id = c.id AND e.ord IS NOT NULL AND e.actor_kind = 'customer' ORDER BY e.seq LIMIT 1) AS first_body
             FROM customer_visitors v
             JOIN conversations c ON c.tenant_id = v.tenant_id AND c.visitor_id = v.visitor_id
             JOIN journal_heads h ON h.tenant_id = c.tenant_id AND h.stream_id = c.id
             JOIN episodes ep ON ep.tenant_id = c.tenant_id AND ep.conversation_id = c.id AND ep.number = c.episode
             LEFT JOIN agents a ON a.tenant_id = c.tenant_id AND a.id = c.agent_id
             WHERE v.tenant_id = $1 AND v.customer_id = $2 AND c.erasing_at IS NULL AND (c.created_at, c.id) < ($3, $4) ORDER BY c.created_at DESC, c.id DESC LIMIT $5",
        )
        .bind(tenant.uuid())
        .bind(customer.uuid())
        .bind(before.0.0)
        .bind(before.1)
        .bind(limit)
        .fetch_all(c)
        .await
    })?;
    Ok(rows)
}
