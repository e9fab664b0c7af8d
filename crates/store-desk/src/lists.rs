//! Conversations as rows of lists, with everything a row shows.

use std::collections::HashMap;

use db::{Tx, q, row};
use domain::{
    conversation::State,
    id::{AgentId, ConversationId, QueueId, TenantId, VisitorId},
    policy::{Staff, Standing, is_called, may_read_where_it_stands},
    rating,
    time::Ts,
};
use store::{
    AT_ONCE, Result,
    fragments::{account_columns, account_joins, open_states, served_states, waiting_states},
    places,
};
use uuid::Uuid;

row! {
    /// A row of a list of conversations.
    pub struct ListRow {
        /// The conversation.
        pub id: Uuid,
        /// The visitor.
        pub visitor_id: Uuid,
        /// The account of that visitor, if any.
        pub customer_id: Option<Uuid>,
        /// That customer's name, sealed.
        pub customer_name: Option<Vec<u8>>,
        /// What that customer signs in with, sealed: the mobile number before the e-mail address.
        pub customer_identifier: Option<Vec<u8>>,
        /// What the site says of that customer by a signed token, sealed.
        pub customer_signed: Option<Vec<u8>>,
        /// The state.
        pub state: String,
        /// Increases with each change of owner.
        pub epoch: i64,
        /// The number of the current episode.
        pub episode: i64,
        /// The agent who serves it.
        pub agent_id: Option<Uuid>,
        /// The agent's name.
        pub agent_name: Option<String>,
        /// The queue.
        pub queue_id: Option<Uuid>,
        /// The queue's name in Chinese.
        pub queue_zh: Option<String>,
        /// The queue's name in English.
        pub queue_en: Option<String>,
        /// The channel it came in through.
        pub channel: String,
        /// The customer's language.
        pub lang: String,
        /// The product it is about.
        pub product: Option<String>,
        /// The host page, sealed by the company's key; JSON, if it is not sealed yet.
        pub page: Option<String>,
        /// When it was opened.
        pub created_at: i64,
        /// When it began to wait.
        pub queued_at: Option<i64>,
        /// When it was assigned to its agent.
        pub assigned_at: Option<i64>,
        /// To whom it is offered.
        pub offered_to: Option<Uuid>,
        /// The name of that agent.
        pub offered_name: Option<String>,
        /// Until when the offer can be accepted.
        pub offer_until: Option<i64>,
        /// When it was resolved.
        pub resolved_at: Option<i64>,
        /// When it is due to be looked at.
        pub due_at: Option<i64>,
        /// When a message was left in it that is still unhandled.
        pub left_at: Option<i64>,
        /// Since when nobody has acknowledged an alert in it.
        pub alerted_at: Option<i64>,
        /// The message that speaks of danger, while no member of the staff has replied.
        pub danger_of: Option<i64>,
        /// Since when its agent has set it aside or, once a snooze has ended by its time, since when it waits for its agent.
        pub paused_at: Option<i64>,
        /// The kind of question that the customer chose.
        pub about_id: Option<Uuid>,
        /// Its name in Chinese.
        pub about_zh: Option<String>,
        /// Its name in English.
        pub about_en: Option<String>,
        /// The members whom notes in it call.
        pub called: Option<String>,
        /// The number of the last entry.
        pub seq: i64,
        /// The number of messages from the customer.
        pub from_customer: i64,
        /// Since when the customer has been waiting for an answer.
        pub waiting_since: Option<i64>,
        /// The time of the last entry.
        pub last_at: i64,
        /// The number of the customer's messages that staff have read.
        pub staff_read: i64,
        /// The body of the last message from a person that still has words, as JSON.
        /// The bot's messages are left out: they are long and do not answer staff.
        pub last_body: Option<String>,
        /// The kind of actor who sent it.
        pub last_actor: Option<String>,
        /// The body of the customer's first message that still has words, as JSON; empty if there is none among the first entries.
        pub first_body: Option<String>,
        /// While it waits: the kind of the entry that put it in the queue.
        pub wait_kind: Option<String>,
        /// While it waits: the body of that entry, as JSON.
        pub wait_body: Option<String>,
        /// While it waits: the facts of that entry, as JSON.
        pub wait_facts: Option<String>,
        /// While it waits: the facts of the bot's last answer from the knowledge, as JSON.
        pub answer_facts: Option<String>,
        /// Once resolved: the time from the request for a human agent to that agent's first message, in milliseconds.
        pub first_reply_ms: Option<i64>,
        /// Once resolved: the rating of its last episode.
        pub score: Option<i64>,
    }
}

impl ListRow {
    /// Whether a member of the company's staff may read the conversation.
    pub fn may_be_read(&self, staff: &Staff) -> bool {
        let Some(state) = State::parse(&self.state) else { return false };
        let standing = Standing {
            tenant: staff.tenant,
            state,
            agent: self.agent_id.map(AgentId::new),
            queue: self.queue_id.map(QueueId::new),
            is_left: self.left_at.is_some(),
            is_alerted: self.alerted_at.is_some(),
        };
        let is_called = || self.called.as_deref().is_some_and(|called| is_called(staff, staff.tenant, state, &store::conversations::called_in(called)));
        may_read_where_it_stands(staff, &standing) || is_called()
    }
}

/// The last episode of a resolved conversation, as `p`.
macro_rules! resolved_episode {
    () => {
        "LEFT JOIN episodes p ON p.tenant_id = c.tenant_id AND p.conversation_id = c.id AND p.number = c.episode AND c.state IN ('resolved', 'closed')"
    };
}

/// What an agent ($2) resolved since a time ($3); used for the list and for the numbers derived from it.
macro_rules! resolved_since {
    () => {
        "c.agent_id = $2 AND c.state IN ('resolved', 'closed') AND c.resolved_at >= $3"
    };
}

macro_rules! rows {
    ($($rest:tt)+) => {
        concat!(
            "SELECT c.id, c.visitor_id, ",
            account_columns!(),
            ",
               c.state, c.epoch, c.episode, c.agent_id, a.name AS agent_name, c.queue_id, q.name_zh AS queue_zh, q.name_en AS queue_en,
               c.channel, c.lang, c.product, c.page, c.created_at, c.queued_at, c.assigned_at,
               c.offered_to, o.name AS offered_name, c.offer_until, c.resolved_at, c.due_at, c.left_at, c.alerted_at, c.danger_of, c.paused_at, c.called,
               c.about_id, k.name_zh AS about_zh, k.name_en AS about_en, h.seq, h.from_customer, h.waiting_since, h.last_at,
               COALESCE((SELECT MAX(m.read) FROM journal_marks m WHERE m.tenant_id = c.tenant_id AND m.stream_id = c.id AND m.side = 'staff'), 0) AS staff_read,
               (SELECT e.body FROM journal_entries e WHERE e.tenant_id = c.tenant_id AND e.stream_id = c.id AND e.ord IS NOT NULL AND e.actor_kind <> 'bot'
                  AND e.body_state = 'plain' ORDER BY e.seq DESC LIMIT 1) AS last_body,
               (SELECT e.actor_kind FROM journal_entries e WHERE e.tenant_id = c.tenant_id AND e.stream_id = c.id AND e.ord IS NOT NULL AND e.actor_kind <> 'bot'
                  AND e.body_state = 'plain' ORDER BY e.seq DESC LIMIT 1) AS last_actor,
               (SELECT e.body FROM journal_entries e WHERE e.tenant_id = c.tenant_id AND e.stream_id = c.id AND e.seq < 32 AND e.ord IS NOT NULL
                  AND e.actor_kind = 'customer' AND e.body_state = 'plain' ORDER BY e.seq LIMIT 1) AS first_body,
               w.kind AS wait_kind, w.body AS wait_body, w.facts AS wait_facts, b.facts AS answer_facts,
               p.first_human_reply_at - p.human_requested_at AS first_reply_ms, p.score
             FROM conversations c
             JOIN journal_heads h ON h.tenant_id = c.tenant_id AND h.stream_id = c.id
             LEFT JOIN journal_entries w ON w.tenant_id = c.tenant_id AND w.stream_id = c.id AND w.seq = h.wait_seq AND c.state IN ", waiting_states!(), "
             LEFT JOIN journal_entries b ON b.tenant_id = c.tenant_id AND b.stream_id = c.id AND b.seq = h.answer_seq AND c.state IN ", waiting_states!(), "
             LEFT JOIN agents a ON a.tenant_id = c.tenant_id AND a.id = c.agent_id
             LEFT JOIN agents o ON o.tenant_id = c.tenant_id AND o.id = c.offered_to
             ",
            account_joins!(),
            "
             LEFT JOIN queues q ON q.tenant_id = c.tenant_id AND q.id = c.queue_id
             LEFT JOIN question_kinds k ON k.tenant_id = c.tenant_id AND k.id = c.about_id
             ",
            resolved_episode!(),
            "
             WHERE c.tenant_id = $1 AND c.erasing_at IS NULL ",
            $($rest)+
        )
    };
}

/// One conversation as a row.
pub async fn one(tx: &mut Tx, tenant: TenantId, id: ConversationId) -> Result<Option<ListRow>> {
    Ok(q!(tx, |c| sqlx::query_as(rows!("AND c.id = $2")).bind(tenant.uuid()).bind(id.uuid()).fetch_optional(c).await)?)
}

/// For each of these products, the number of conversations since then in which customers asked about it; products nobody asked about are missing.
pub async fn counts_by_product(tx: &mut Tx, tenant: TenantId, products: &[&str], since: Ts) -> Result<HashMap<String, i64>> {
    let products: Vec<&str> = products.iter().copied().filter(|product| store::can_be_stored(product)).collect();
    let mut counts = HashMap::new();
    for some in products.chunks(AT_ONCE) {
        // Stating that there is a product lets the partial index be used.
        let sql = format!(
            "SELECT product, COUNT(*) FROM conversations
             WHERE tenant_id = $1 AND product IS NOT NULL AND created_at >= $2 AND product IN ({}) GROUP BY product",
            places(3, some.len())
        );
        let rows: Vec<(String, i64)> = q!(tx, |c| {
            let query = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(tenant.uuid()).bind(since.0);
            some.iter().fold(query, |query, product| query.bind(*product)).fetch_all(c).await
        })?;
        counts.extend(rows);
    }
    Ok(counts)
}

/// The conversations that [`counts_by_product`] counts for a product, most recent first, after `after`: a time and an id.
pub async fn about(tx: &mut Tx, tenant: TenantId, product: &str, since: Ts, after: (Ts, Uuid), limit: i64) -> Result<Vec<ListRow>> {
    if !store::can_be_stored(product) {
        return Ok(Vec::new());
    }
    Ok(q!(tx, |c| sqlx::query_as(rows!(
        "AND c.product = $2 AND c.created_at >= $3 AND (c.created_at < $4 OR c.created_at = $4 AND c.id < $5) ORDER BY c.created_at DESC, c.id DESC LIMIT $6"
    ))
    .bind(tenant.uuid())
    .bind(product)
    .bind(since.0)
    .bind(after.0.0)
    .bind(after.1)
    .bind(limit)
    .fetch_all(c)
    .await)?)
}

/// The conversations an agent serves.
pub async fn mine(tx: &mut Tx, tenant: TenantId, agent: AgentId) -> Result<Vec<ListRow>> {
    Ok(q!(tx, |c| sqlx::query_as(rows!("AND c.agent_id = $2 AND c.state IN ", served_states!(), " ORDER BY c.id"))
        .bind(tenant.uuid())
        .bind(agent.uuid())
        .fetch_all(c)
        .await)?)
}

/// The waiting conversations, those first in which somebody may be in danger, and then the longest wait first; at most 500.
pub async fn queue(tx: &mut Tx, tenant: TenantId) -> Result<Vec<ListRow>> {
    Ok(q!(tx, |c| sqlx::query_as(rows!(
        "AND c.state IN ",
        waiting_states!(),
        " AND c.queued_at IS NOT NULL ORDER BY CASE WHEN c.danger_of IS NULL THEN 1 ELSE 0 END, c.queued_at, c.id LIMIT 500"
    ))
    .bind(tenant.uuid())
    .fetch_all(c)
    .await)?)
}

/// The conversations agents serve now, in order of id, starting after `after`.
pub async fn active(tx: &mut Tx, tenant: TenantId, after: Uuid, limit: i64) -> Result<Vec<ListRow>> {
    Ok(q!(tx, |c| sqlx::query_as(rows!("AND c.state IN ", served_states!(), " AND c.id > $2 ORDER BY c.id LIMIT $3"))
        .bind(tenant.uuid())
        .bind(after)
        .bind(limit)
        .fetch_all(c)
        .await)?)
}

/// The conversations the bot has now, in order of id, starting after `after`.
pub async fn with_bot(tx: &mut Tx, tenant: TenantId, after: Uuid, limit: i64) -> Result<Vec<ListRow>> {
    Ok(q!(tx, |c| sqlx::query_as(rows!("AND c.state = 'bot' AND c.id > $2 ORDER BY c.id LIMIT $3"))
        .bind(tenant.uuid())
        .bind(after)
        .bind(limit)
        .fetch_all(c)
        .await)?)
}

/// The conversations an agent resolved since a time, most recent first, starting after a place in that order.
pub async fn resolved_since(tx: &mut Tx, tenant: TenantId, agent: AgentId, since: Ts, before: (Ts, Uuid), limit: i64) -> Result<Vec<ListRow>> {
    Ok(q!(tx, |c| {
        sqlx::query_as(rows!("AND ", resolved_since!(), " AND (c.resolved_at, c.id) < ($4, $5) ORDER BY c.resolved_at DESC NULLS LAST, c.id DESC LIMIT $6"))
            .bind(tenant.uuid())
            .bind(agent.uuid())
            .bind(since.0)
            .bind(before.0.0)
            .bind(before.1)
            .bind(limit)
            .fetch_all(c)
            .await
    })?)
}

/// A visitor's conversations, most recent first; at most 50.
pub async fn of_visitor(tx: &mut Tx, tenant: TenantId, visitor: VisitorId) -> Result<Vec<ListRow>> {
    Ok(q!(tx, |c| sqlx::query_as(rows!("AND c.visitor_id = $2 ORDER BY c.created_at DESC LIMIT 50"))
        .bind(tenant.uuid())
        .bind(visitor.uuid())
        .fetch_all(c)
        .await)?)
}

row! {
    /// An episode with the comment of its rating.
    pub struct EpisodeRow {
        /// The number, counting from 1.
        pub number: i64,
        /// The first owner of the episode.
        pub began_with: String,
        /// When it began.
        pub created_at: i64,
        /// When the customer first asked for a human agent.
        pub human_requested_at: Option<i64>,
        /// When an agent first accepted it.
        pub accepted_at: Option<i64>,
        /// When a human agent first replied.
        pub first_human_reply_at: Option<i64>,
        /// When it ended.
        pub ended_at: Option<i64>,
        /// How it ended.
        pub outcome: Option<String>,
        /// The last rating.
        pub score: Option<i64>,
        /// The comment of that rating.
        pub comment: Option<String>,
        /// Whether the customer says the problem was solved.
        pub solved: Option<i64>,
    }
}

/// The episodes of a conversation.
pub async fn episodes(tx: &mut Tx, tenant: TenantId, id: ConversationId) -> Result<Vec<EpisodeRow>> {
    Ok(q!(tx, |c| sqlx::query_as(
        "SELECT number, began_with, created_at, human_requested_at, accepted_at, first_human_reply_at, ended_at, outcome, score, comment, solved
         FROM episodes WHERE tenant_id = $1 AND conversation_id = $2 ORDER BY number"
    )
    .bind(tenant.uuid())
    .bind(id.uuid())
    .fetch_all(c)
    .await)?)
}

row! {
    /// What an agent did since a time.
    pub struct Today {
        /// The number of the agent's conversations that were resolved.
        pub resolved: i64,
        /// The number of those that were rated.
        pub rated: i64,
        /// The number of those whose rating is good.
        pub rated_good: i64,
    }
}

/// An agent's own numbers since a time, about the conversations that [`resolved_since`] lists: how many there are, how their last episodes were rated, and how
/// long each customer waited for a human agent's first message.
pub async fn today(tx: &mut Tx, tenant: TenantId, agent: AgentId, since: Ts) -> Result<(Today, Vec<i64>)> {
    let counts: Today = q!(tx, |c| {
        sqlx::query_as(concat!(
            "SELECT COUNT(*) AS resolved, COUNT(p.score) AS rated, COUNT(CASE WHEN p.score > $4 THEN 1 END) AS rated_good FROM conversations c ",
            resolved_episode!(),
            " WHERE c.tenant_id = $1 AND ",
            resolved_since!()
        ))
        .bind(tenant.uuid())
        .bind(agent.uuid())
        .bind(since.0)
        .bind(rating::MIDDLE)
        .fetch_one(c)
        .await
    })?;
    let waits: Vec<(i64,)> = q!(tx, |c| sqlx::query_as(concat!(
        "SELECT p.first_human_reply_at - p.human_requested_at FROM conversations c ",
        resolved_episode!(),
        " WHERE c.tenant_id = $1 AND ",
        resolved_since!(),
        " AND p.first_human_reply_at IS NOT NULL AND p.human_requested_at IS NOT NULL ORDER BY 1 NULLS LAST LIMIT 10000"
    ))
    .bind(tenant.uuid())
    .bind(agent.uuid())
    .bind(since.0)
    .fetch_all(c)
    .await)?;
    Ok((counts, waits.into_iter().map(|(ms,)| ms).collect()))
}

row! {
    /// The current number of conversations by state.
    pub struct NowRow {
        /// Waiting in a queue.
        pub waiting: i64,
        /// Since when the longest wait has lasted.
        pub longest_wait_since: Option<i64>,
        /// With an agent.
        pub active: i64,
        /// With the bot.
        pub bot: i64,
    }
}

/// The current number of conversations by state.
pub async fn now(tx: &mut Tx, tenant: TenantId) -> Result<NowRow> {
    Ok(q!(tx, |c| {
        sqlx::query_as(concat!(
            "SELECT COUNT(CASE WHEN state IN ",
            waiting_states!(),
            " THEN 1 END) AS waiting, MIN(CASE WHEN state IN ",
            waiting_states!(),
            " THEN queued_at END) AS longest_wait_since,
           COUNT(CASE WHEN state IN ",
            served_states!(),
            " THEN 1 END) AS active, COUNT(CASE WHEN state = 'bot' THEN 1 END) AS bot
         FROM conversations WHERE tenant_id = $1 AND state IN ",
            open_states!()
        ))
        .bind(tenant.uuid())
        .fetch_one(c)
        .await
    })?)
}
