//! Ratings with words. The words are in the journal; this stores who takes care of them.

use db::{Tx, q, row};
use domain::{
    id::{AgentId, ConversationId, TenantId},
    time::Ts,
};
use uuid::Uuid;

use crate::{
    Error, Result,
    fragments::{account_columns, account_joins, readable_by},
    reach::Within,
};

row! {
    /// A rating with words as a row of a list.
    pub struct RatingCommentRow {
        /// The conversation that was rated.
        pub conversation_id: Uuid,
        /// The number of the episode that was rated.
        pub episode: i64,
        /// The number of the rating's entry in the conversation.
        pub seq: i64,
        /// The visitor who rated it.
        pub visitor_id: Uuid,
        /// The account of that visitor, if any.
        pub customer_id: Option<Uuid>,
        /// That customer's name, sealed.
        pub customer_name: Option<Vec<u8>>,
        /// What that customer signs in with, sealed: the mobile number before the e-mail address.
        pub customer_identifier: Option<Vec<u8>>,
        /// What the site says of that customer by a signed token, sealed.
        pub customer_signed: Option<Vec<u8>>,
        /// The language of the conversation.
        pub lang: String,
        /// The body of the entry as JSON; empty if it was erased.
        pub body: Option<String>,
        /// The queue of the conversation, if it has one.
        pub queue_id: Option<Uuid>,
        /// The agent who served the episode last, if one did.
        pub agent_id: Option<Uuid>,
        /// That agent's name.
        pub agent_name: Option<String>,
        /// When it was rated.
        pub rated_at: i64,
        /// The member who takes care of it, if anyone.
        pub owner_id: Option<Uuid>,
        /// That member's name.
        pub owner_name: Option<String>,
        /// When it was handled.
        pub done_at: Option<i64>,
        /// The name of the member who handled it.
        pub done_by: Option<String>,
    }
}

/// Records that an episode was rated with words; whoever rates it again is heard again.
pub async fn note(tx: &mut Tx, tenant: TenantId, conversation: ConversationId, episode: i64, seq: i64) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query(
        "INSERT INTO rating_comments (tenant_id, conversation_id, episode, seq, rated_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (tenant_id, conversation_id, episode) DO UPDATE SET seq = excluded.seq, rated_at = excluded.rated_at, done_at = NULL, done_by = NULL"
    )
    .bind(tenant.uuid())
    .bind(conversation.uuid())
    .bind(episode)
    .bind(seq)
    .bind(now.0)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Records a rating with words of an imported conversation, and when it was handled, if it was.
pub async fn import(tx: &mut Tx, tenant: TenantId, conversation: ConversationId, (episode, seq): (i64, i64), rated_at: Ts, done_at: Option<Ts>) -> Result<()> {
    q!(tx, |c| sqlx::query("INSERT INTO rating_comments (tenant_id, conversation_id, episode, seq, rated_at, done_at) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(tenant.uuid())
        .bind(conversation.uuid())
        .bind(episode)
        .bind(seq)
        .bind(rated_at.0)
        .bind(done_at.map(|at| at.0))
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// A rating with words of a conversation that a member may read, or that they handled; `None` if there is none.
pub async fn find(tx: &mut Tx, tenant: TenantId, conversation: ConversationId, episode: i64, reader: Within) -> Result<Option<RatingCommentRow>> {
    Ok(q!(tx, |c| sqlx::query_as(concat!(
        "SELECT r.conversation_id, r.episode, r.seq, c.visitor_id, ",
        account_columns!(),
        ",
           c.lang, CASE WHEN e.body_state = 'plain' THEN e.body ELSE NULL END AS body, c.queue_id, p.agent_id, a.name AS agent_name, r.rated_at,
           r.owner_id, o.name AS owner_name, r.done_at, d.name AS done_by
         FROM rating_comments r
         JOIN conversations c ON c.tenant_id = r.tenant_id AND c.id = r.conversation_id
         LEFT JOIN journal_entries e ON e.tenant_id = r.tenant_id AND e.stream_id = r.conversation_id AND e.seq = r.seq
         LEFT JOIN episodes p ON p.tenant_id = r.tenant_id AND p.conversation_id = r.conversation_id AND p.number = r.episode
         ",
        account_joins!(),
        "
         LEFT JOIN agents a ON a.tenant_id = r.tenant_id AND a.id = p.agent_id
         LEFT JOIN agents o ON o.tenant_id = r.tenant_id AND o.id = r.owner_id
         LEFT JOIN agents d ON d.tenant_id = r.tenant_id AND d.id = r.done_by
         WHERE r.tenant_id = $1 AND r.conversation_id = $2 AND r.episode = $3 AND c.erasing_at IS NULL AND (r.done_by = $4 OR ",
        readable_by!("$4", "$5"),
        ")"
    ))
    .bind(tenant.uuid())
    .bind(conversation.uuid())
    .bind(episode)
    .bind(reader.agent.uuid())
    .bind(reader.bits)
    .fetch_optional(c)
    .await)?)
}

/// Sets which member takes care of a rating that waits, or that nobody does; [`Error::NotFound`] if it does not wait.
pub async fn set_owner(tx: &mut Tx, tenant: TenantId, conversation: ConversationId, episode: i64, owner: Option<AgentId>) -> Result<()> {
    let changed =
        q!(tx, |c| sqlx::query("UPDATE rating_comments SET owner_id = $4 WHERE tenant_id = $1 AND conversation_id = $2 AND episode = $3 AND done_at IS NULL")
            .bind(tenant.uuid())
            .bind(conversation.uuid())
            .bind(episode)
            .bind(owner.map(AgentId::uuid))
            .execute(c)
            .await
            .map(|done| done.rows_affected()))?;
    if changed == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// Records by whom a rating was handled, or that it waits again; returns whether that changes anything.
pub async fn set_done(tx: &mut Tx, tenant: TenantId, conversation: ConversationId, episode: i64, by: Option<AgentId>) -> Result<bool> {
    let now = tx.now();
    let changed = q!(tx, |c| {
        sqlx::query(
        "UPDATE rating_comments SET done_at = $4, done_by = $5 WHERE tenant_id = $1 AND conversation_id = $2 AND episode = $3 AND (done_at IS NULL) = ($4 IS NOT NULL)"
    )
    .bind(tenant.uuid())
    .bind(conversation.uuid())
    .bind(episode)
    .bind(by.map(|_| now.0))
    .bind(by.map(AgentId::uuid))
    .execute(c)
    .await
    .map(|done| done.rows_affected())
    })?;
    Ok(changed > 0)
}
