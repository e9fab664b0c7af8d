//! Which conversations there are that match, of those that a member may read.

use db::{Tx, q, row};
use domain::{
    conversation::{Outcome, State},
    id::{AgentId, ConversationId, CustomerId, QueueId, TenantId, VisitorId},
    policy::{Staff, Standing, is_called, may_read_where_it_stands},
    time::Ts,
};
use sqlx::AssertSqlSafe;
use store::{AT_ONCE, Result, fragments::readable_by, places, reach::Within};
use uuid::Uuid;

/// Whose conversations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Person {
    /// Those of an account, whatever it was signed in on, and of those that are merged into it.
    Customer(CustomerId),
    /// Those of a visitor.
    Visitor(VisitorId),
}

/// What conversations have to be like. What is said of an episode has to be so of one and the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Episodes that began then or later.
    pub from: Option<Ts>,
    /// Episodes that began before.
    pub to: Option<Ts>,
    /// Whose they are.
    pub customer: Option<Person>,
    /// Who had the episode last.
    pub agent: Option<AgentId>,
    /// The queue they are or were last in.
    pub queue: Option<QueueId>,
    /// The least and the greatest score of the episode.
    pub scores: Option<[i64; 2]>,
    /// What they are about.
    pub product: Option<String>,
    /// The channel on which the customer writes.
    pub channel: Option<&'static str>,
    /// How the episode ended.
    pub outcome: Option<Outcome>,
}

row! {
    /// What has to be known of a conversation to tell whether somebody may read it.
    struct Candidate {
        id: Uuid, state: String, agent_id: Option<Uuid>, queue_id: Option<Uuid>, left_at: Option<i64>, alerted_at: Option<i64>, called: Option<String>, created_at: i64,
    }
}

/// A conversation that matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    /// The conversation.
    pub id: ConversationId,
    /// When it began.
    pub created_at: Ts,
}

impl Candidate {
    /// What the statement lets through besides what its reader may read is left out here: the policy has the last word.
    fn of(self, staff: &Staff) -> Option<Match> {
        let state = State::parse(&self.state)?;
        let standing = Standing {
            tenant: staff.tenant,
            state,
            agent: self.agent_id.map(AgentId::new),
            queue: self.queue_id.map(QueueId::new),
            is_left: self.left_at.is_some(),
            is_alerted: self.alerted_at.is_some(),
        };
        let called = || self.called.as_deref().is_some_and(|called| is_called(staff, staff.tenant, state, &store::conversations::called_in(called)));
        let may = may_read_where_it_stands(staff, &standing) || called();
        may.then_some(Match { id: ConversationId::new(self.id), created_at: Ts(self.created_at) })
    }
}

/// Conversations of a company that match and that a member may read; those that a note calls somebody to come with them.
macro_rules! matching {
    () => {
        concat!(
            "SELECT c.id, c.state, c.agent_id, c.queue_id, c.left_at, c.alerted_at, c.called, c.created_at FROM conversations c
             WHERE c.tenant_id = $1 AND c.erasing_at IS NULL AND (c.called IS NOT NULL OR ",
            readable_by!("$2", "$3"),
            ") AND ($4 IS NULL OR c.queue_id = $4) AND ($5 IS NULL OR c.product = $5) AND ($6 IS NULL OR c.channel = $6) AND ($7 IS NULL OR c.visitor_id = $7)
               AND ($8 IS NULL OR c.visitor_id IN (SELECT v.visitor_id FROM customer_visitors v WHERE v.tenant_id = $1 AND v.customer_id = $8
                 UNION ALL SELECT v.visitor_id FROM customer_merges m JOIN customer_visitors v ON v.tenant_id = m.tenant_id AND v.customer_id = m.customer_id
                 WHERE m.tenant_id = $1 AND m.into_id = $8))
               AND EXISTS (SELECT 1 FROM episodes e WHERE e.tenant_id = $1 AND e.conversation_id = c.id AND e.created_at >= $9 AND e.created_at < $10
                 AND ($11 IS NULL OR e.agent_id = $11) AND ($12 IS NULL OR e.outcome = $12) AND ($13 = 0 OR e.score BETWEEN $13 AND $14))"
        )
    };
}

/// Binds what [`matching`] asks for.
macro_rules! bound {
    ($sql:expr, $tenant:expr, $staff:expr, $filter:expr) => {{
        let (filter, within) = ($filter, Within::reading($staff));
        let (visitor, customer) = match filter.customer {
            Some(Person::Visitor(id)) => (Some(id.uuid()), None),
            Some(Person::Customer(id)) => (None, Some(id.uuid())),
            None => (None, None),
        };
        let [least, greatest] = filter.scores.unwrap_or_default();
        sqlx::query_as::<_, Candidate>($sql)
            .bind($tenant.uuid())
            .bind(within.agent.uuid())
            .bind(within.bits)
            .bind(filter.queue.map(QueueId::uuid))
            .bind(filter.product.clone())
            .bind(filter.channel)
            .bind(visitor)
            .bind(customer)
            .bind(filter.from.map_or(i64::MIN, |at| at.0))
            .bind(filter.to.map_or(i64::MAX, |at| at.0))
            .bind(filter.agent.map(AgentId::uuid))
            .bind(filter.outcome.map(Outcome::as_str))
            .bind(least)
            .bind(greatest)
    }};
}

/// Those of a company that began before a place (a time and an id), the newest first: those of the next `limit` that the member may read, and the place after
/// them, if there may be more.
pub async fn newest(tx: &mut Tx, tenant: TenantId, staff: &Staff, filter: &Filter, before: (Ts, Uuid), limit: i64) -> Result<(Vec<Match>, Option<(Ts, Uuid)>)> {
    let sql = concat!(matching!(), " AND (c.created_at < $15 OR c.created_at = $15 AND c.id < $16) ORDER BY c.created_at DESC, c.id DESC LIMIT $17");
    let rows: Vec<Candidate> = q!(tx, |c| bound!(sql, tenant, staff, filter).bind(before.0.0).bind(before.1).bind(limit).fetch_all(c).await)?;
    let next = rows.last().filter(|_| rows.len() as i64 == limit).map(|last| (Ts(last.created_at), last.id));
    Ok((rows.into_iter().filter_map(|row| row.of(staff)).collect(), next))
}

/// Those of these conversations that match and that the member may read.
pub async fn among(tx: &mut Tx, tenant: TenantId, staff: &Staff, filter: &Filter, ids: &[Uuid]) -> Result<Vec<Match>> {
    let mut found = Vec::new();
    for some in ids.chunks(AT_ONCE) {
        let sql = format!("{} AND c.id IN ({})", matching!(), places(15, some.len()));
        let rows: Vec<Candidate> =
            q!(tx, |c| some.iter().fold(bound!(AssertSqlSafe(sql), tenant, staff, filter), |query, id| query.bind(*id)).fetch_all(c).await)?;
        found.extend(rows.into_iter().filter_map(|row| row.of(staff)));
    }
    Ok(found)
}
