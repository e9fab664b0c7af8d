//! Customers' sign-in sessions, and the tickets that pass a session on to the widget.

use db::{Tx, q, row};
use domain::{
    customer::{SESSION_IDLE_MS, SESSION_MS, TICKET_MS},
    id::{CustomerId, CustomerSessionId, SiteId, TenantId, VisitorId},
    signed_identity,
    time::Ts,
};
use store::{Error, Result, access};
use uuid::Uuid;

/// A customer's session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerSession {
    /// The id, which is not its secret.
    pub id: CustomerSessionId,
    /// The browser's user agent.
    pub user_agent: String,
    /// When the session began.
    pub created_at: Ts,
    /// When it was last used, to the minute.
    pub last_seen_at: Ts,
}

/// A session that a site's token begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedSession {
    /// The id.
    pub id: CustomerSessionId,
    /// A digest of a secret that nobody holds.
    pub token_hash: Vec<u8>,
    /// The site whose token it is.
    pub site: SiteId,
    /// The name of the secret that signed the token.
    pub kid: String,
}

row! {
    struct Row { id: Uuid, user_agent: String, created_at: i64, last_seen_at: i64 }
}

/// Begins a session; only the hash of its token is stored.
pub async fn insert(tx: &mut Tx, tenant: TenantId, customer: CustomerId, id: CustomerSessionId, token_hash: &[u8], user_agent: &str) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| {
        sqlx::query(
            "INSERT INTO customer_sessions (token_hash, id, tenant_id, customer_id, user_agent, created_at, last_seen_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $6, $7)",
        )
        .bind(token_hash)
        .bind(id.uuid())
        .bind(tenant.uuid())
        .bind(customer.uuid())
        .bind(user_agent)
        .bind(now.0)
        .bind(now.plus(SESSION_MS).0)
        .execute(c)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// Begins the session of a customer whom a site has named by a token; it ends with the secret that signed the token, and nobody holds a token of its own.
pub async fn insert_signed(tx: &mut Tx, tenant: TenantId, customer: CustomerId, session: &SignedSession) -> Result<()> {
    let now = tx.now();
    let SignedSession { id, token_hash, site, kid } = session;
    q!(tx, |c| {
        sqlx::query(
            "INSERT INTO customer_sessions (token_hash, id, tenant_id, customer_id, user_agent, created_at, last_seen_at, expires_at, signed_site, signed_by)
             VALUES ($1, $2, $3, $4, '', $5, $5, $6, $7, $8)",
        )
        .bind(&token_hash[..])
        .bind(id.uuid())
        .bind(tenant.uuid())
        .bind(customer.uuid())
        .bind(now.0)
        .bind(now.plus(signed_identity::SESSION_MS).0)
        .bind(site.uuid())
        .bind(&kid[..])
        .execute(c)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// Whether a session was begun by a token of this site. One of another site of the company says nothing here: whoever signs there is not trusted with these
/// customers.
pub async fn is_signed(tx: &mut Tx, tenant: TenantId, id: CustomerSessionId, site: SiteId) -> Result<bool> {
    let row: Option<(Option<Uuid>,)> = q!(tx, |c| sqlx::query_as("SELECT signed_site FROM customer_sessions WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .fetch_optional(c)
        .await)?;
    Ok(row.is_some_and(|(signed_site,)| signed_site == Some(site.uuid())))
}

/// Records that a session was used.
pub async fn touch(tx: &mut Tx, tenant: TenantId, id: CustomerSessionId) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query("UPDATE customer_sessions SET last_seen_at = $3 WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .bind(now.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// A customer's active sessions, most recently used first.
pub async fn list(tx: &mut Tx, tenant: TenantId, customer: CustomerId) -> Result<Vec<CustomerSession>> {
    let now = tx.now();
    let rows: Vec<Row> = q!(tx, |c| sqlx::query_as(
        "SELECT id, user_agent, created_at, last_seen_at FROM customer_sessions
         WHERE tenant_id = $1 AND customer_id = $2 AND expires_at > $3 AND last_seen_at > $4 ORDER BY last_seen_at DESC, id DESC"
    )
    .bind(tenant.uuid())
    .bind(customer.uuid())
    .bind(now.0)
    .bind(now.0 - SESSION_IDLE_MS)
    .fetch_all(c)
    .await)?;
    let session = |Row { id, user_agent, created_at, last_seen_at }| CustomerSession {
        id: CustomerSessionId::new(id),
        user_agent,
        created_at: Ts(created_at),
        last_seen_at: Ts(last_seen_at),
    };
    Ok(rows.into_iter().map(session).collect())
}

/// Records that a session is in use and locks it until the commit, so that what is created with it ends with it. Returns whether it is still active.
pub async fn keep(tx: &mut Tx, tenant: TenantId, id: CustomerSessionId) -> Result<bool> {
    let now = tx.now();
    let sql = "UPDATE customer_sessions SET last_seen_at = $3 WHERE tenant_id = $1 AND id = $2 AND expires_at > $3 AND last_seen_at > $4";
    let kept = q!(tx, |c| sqlx::query(sql)
        .bind(tenant.uuid())
        .bind(id.uuid())
        .bind(now.0)
        .bind(now.0 - SESSION_IDLE_MS)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(kept == 1)
}

/// Whether a session has neither ended nor expired.
pub async fn lives(tx: &mut Tx, tenant: TenantId, id: CustomerSessionId) -> Result<bool> {
    let now = tx.now();
    let row: Option<(i64,)> =
        q!(tx, |c| sqlx::query_as("SELECT expires_at FROM customer_sessions WHERE tenant_id = $1 AND id = $2 AND expires_at > $3 AND last_seen_at > $4")
            .bind(tenant.uuid())
            .bind(id.uuid())
            .bind(now.0)
            .bind(now.0 - SESSION_IDLE_MS)
            .fetch_optional(c)
            .await)?;
    Ok(row.is_some())
}

/// Ends a customer's session and what its widgets hold; [`Error::NotFound`] if it is not the customer's.
pub async fn end(tx: &mut Tx, tenant: TenantId, customer: CustomerId, id: CustomerSessionId) -> Result<()> {
    let ended = q!(tx, |c| sqlx::query("DELETE FROM customer_sessions WHERE tenant_id = $1 AND customer_id = $2 AND id = $3")
        .bind(tenant.uuid())
        .bind(customer.uuid())
        .bind(id.uuid())
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if ended == 0 {
        return Err(Error::NotFound);
    }
    end_widgets(tx, tenant, customer, &[id.uuid()]).await
}

/// Ends all of a customer's sessions except `keep`, because the password has changed. Returns how many.
pub async fn end_others(tx: &mut Tx, tenant: TenantId, customer: CustomerId, keep: Option<CustomerSessionId>) -> Result<usize> {
    let keep = keep.map_or(Uuid::nil(), CustomerSessionId::uuid);
    let ended: Vec<(Uuid,)> = q!(tx, |c| sqlx::query_as("DELETE FROM customer_sessions WHERE tenant_id = $1 AND customer_id = $2 AND id <> $3 RETURNING id")
        .bind(tenant.uuid())
        .bind(customer.uuid())
        .bind(keep)
        .fetch_all(c)
        .await)?;
    let ended: Vec<Uuid> = ended.into_iter().map(|(id,)| id).collect();
    end_widgets(tx, tenant, customer, &ended).await?;
    Ok(ended.len())
}

/// Invalidates what widgets obtained through these sessions, and notifies their connections.
async fn end_widgets(tx: &mut Tx, tenant: TenantId, customer: CustomerId, sessions: &[Uuid]) -> Result<()> {
    for session in sessions {
        for sql in [
            "DELETE FROM visitor_devices WHERE tenant_id = $1 AND customer_session_id = $2",
            "DELETE FROM visitor_tokens WHERE tenant_id = $1 AND customer_session_id = $2",
            "DELETE FROM customer_tickets WHERE tenant_id = $1 AND session_id = $2",
        ] {
            q!(tx, |c| sqlx::query(sql).bind(tenant.uuid()).bind(*session).execute(c).await.map(drop))?;
        }
    }
    if sessions.is_empty() {
        return Ok(());
    }
    let visitors: Vec<(Uuid,)> = q!(tx, |c| sqlx::query_as("SELECT visitor_id FROM customer_visitors WHERE tenant_id = $1 AND customer_id = $2")
        .bind(tenant.uuid())
        .bind(customer.uuid())
        .fetch_all(c)
        .await)?;
    for (visitor,) in visitors {
        access::some_ended(tx, tenant, VisitorId::new(visitor)).await?;
    }
    Ok(())
}

/// Stores a session's ticket by its hash.
pub async fn insert_ticket(tx: &mut Tx, tenant: TenantId, customer: CustomerId, session: CustomerSessionId, ticket_hash: &[u8]) -> Result<Ts> {
    let until = tx.now().plus(TICKET_MS);
    q!(tx, |c| sqlx::query("INSERT INTO customer_tickets (ticket_hash, tenant_id, customer_id, session_id, expires_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(ticket_hash)
        .bind(tenant.uuid())
        .bind(customer.uuid())
        .bind(session.uuid())
        .bind(until.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(until)
}

/// Uses up a ticket and returns its owner; of several simultaneous uses exactly one succeeds. `None` if it was used, has expired, or its session has ended.
pub async fn spend_ticket(tx: &mut Tx, tenant: TenantId, ticket_hash: &[u8]) -> Result<Option<(CustomerId, CustomerSessionId)>> {
    let now = tx.now();
    // Lock the session first, like everything that ends one.
    let of: Option<(Uuid,)> = q!(tx, |c| sqlx::query_as("SELECT session_id FROM customer_tickets WHERE tenant_id = $1 AND ticket_hash = $2")
        .bind(tenant.uuid())
        .bind(ticket_hash)
        .fetch_optional(c)
        .await)?;
    let Some((session,)) = of else { return Ok(None) };
    let session = CustomerSessionId::new(session);
    if !keep(tx, tenant, session).await? {
        return Ok(None);
    }
    let spent: Option<(Uuid,)> = q!(tx, |c| {
        sqlx::query_as("UPDATE customer_tickets SET spent_at = $3 WHERE tenant_id = $1 AND ticket_hash = $2 AND spent_at IS NULL AND expires_at > $3 RETURNING customer_id")
            .bind(tenant.uuid())
            .bind(ticket_hash)
            .bind(now.0)
            .fetch_optional(c)
            .await
    })?;
    Ok(spent.map(|(customer,)| (CustomerId::new(customer), session)))
}
