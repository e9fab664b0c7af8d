//! What customers say of the service in one list: left messages, and ratings with words.

use db::{Tx, q, row};
use domain::id::{QueueId, TenantId};
use uuid::Uuid;

use crate::{
    Result,
    fragments::{agent_within, queues_served_by, readable_by},
    reach::Within,
};

/// A kind of feedback, by the number that it has in statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A left message.
    LeftMessage = 0,
    /// A rating with words.
    Rating = 1,
}

row! {
    /// A place in the list.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Place {
        /// The time by which the list is sorted: when it was said, or when it was handled; in milliseconds since 1970.
        pub at: i64,
        /// The conversation.
        pub conversation_id: Uuid,
        /// The number of the episode.
        pub episode: i64,
        /// The number of the kind.
        pub kind: i64,
    }
}

impl Place {
    /// Before all others.
    pub const FIRST: Self = Self { at: i64::MIN, conversation_id: Uuid::nil(), episode: 0, kind: 0 };
    /// Behind all others.
    pub const LAST: Self = Self { at: i64::MAX, conversation_id: Uuid::max(), episode: i64::MAX, kind: i64::MAX };

    /// The kind; `None` if there is no such kind.
    pub fn kind(&self) -> Option<Kind> {
        [Kind::LeftMessage, Kind::Rating].into_iter().find(|kind| *kind as i64 == self.kind)
    }
}

/// Which feedback to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen {
    /// Only this kind.
    pub kind: Option<Kind>,
    /// Only what is for this queue.
    pub queue: Option<QueueId>,
    /// What this member may see: left messages for the queues that they serve and in conversations whose agent they reach, and ratings of conversations that they may
    /// read; of what is handled, also what they handled.
    pub reader: Within,
}

macro_rules! both {
    ($left:literal, $rated:literal, $waits:literal, $is_left:literal, $or_done_by:literal) => {
        concat!(
            "(SELECT ",
            $left,
            " AS at, l.conversation_id, l.episode, CAST(0 AS BIGINT) AS kind FROM left_messages l
              JOIN conversations c ON c.tenant_id = l.tenant_id AND c.id = l.conversation_id
              WHERE l.tenant_id = $1 AND c.erasing_at IS NULL AND l.done_at ",
            $waits,
            $is_left,
            " AND ($2 IS NULL OR l.queue_id = $2) AND $3 <> 1
                AND (",
            agent_within!("$4", "$5"),
            " OR ($5 & 4) <> 0 AND l.queue_id IN ",
            queues_served_by!("$4"),
            $or_done_by,
            ")
              UNION ALL SELECT ",
            $rated,
            ", l.conversation_id, l.episode, CAST(1 AS BIGINT) FROM rating_comments l
              JOIN conversations c ON c.tenant_id = l.tenant_id AND c.id = l.conversation_id
              WHERE l.tenant_id = $1 AND c.erasing_at IS NULL AND l.done_at ",
            $waits,
            " AND ($2 IS NULL OR c.queue_id = $2) AND $3 <> 0 AND (",
            readable_by!("$4", "$5"),
            $or_done_by,
            ")) a"
        )
    };
}

macro_rules! waiting {
    () => {
        both!("l.left_at", "l.rated_at", "IS NULL", " AND c.left_at IS NOT NULL", "")
    };
}

/// What waits, the oldest first, after a place.
pub async fn waiting(tx: &mut Tx, tenant: TenantId, chosen: Chosen, after: Place, limit: i64) -> Result<Vec<Place>> {
    Ok(q!(tx, |c| sqlx::query_as(concat!(
        "SELECT a.at, a.conversation_id, a.episode, a.kind FROM ",
        waiting!(),
        " WHERE (a.at, a.conversation_id, a.episode, a.kind) > ($6, $7, $8, $9) ORDER BY a.at, a.conversation_id, a.episode, a.kind LIMIT $10"
    ))
    .bind(tenant.uuid())
    .bind(chosen.queue.map(QueueId::uuid))
    .bind(chosen.kind.map_or(-1, |kind| kind as i64))
    .bind(chosen.reader.agent.uuid())
    .bind(chosen.reader.bits)
    .bind(after.at)
    .bind(after.conversation_id)
    .bind(after.episode)
    .bind(after.kind)
    .bind(limit)
    .fetch_all(c)
    .await)?)
}

/// How much waits.
pub async fn count(tx: &mut Tx, tenant: TenantId, chosen: Chosen) -> Result<i64> {
    let (count,): (i64,) = q!(tx, |c| sqlx::query_as(concat!("SELECT COUNT(*) FROM ", waiting!()))
        .bind(tenant.uuid())
        .bind(chosen.queue.map(QueueId::uuid))
        .bind(chosen.kind.map_or(-1, |kind| kind as i64))
        .bind(chosen.reader.agent.uuid())
        .bind(chosen.reader.bits)
        .fetch_one(c)
        .await)?;
    Ok(count)
}

/// What was handled, the latest first, before a place.
pub async fn handled(tx: &mut Tx, tenant: TenantId, chosen: Chosen, before: Place, limit: i64) -> Result<Vec<Place>> {
    Ok(q!(tx, |c| sqlx::query_as(concat!(
        "SELECT a.at, a.conversation_id, a.episode, a.kind FROM ",
        both!("l.done_at", "l.done_at", "IS NOT NULL", "", " OR l.done_by = $4"),
        " WHERE (a.at, a.conversation_id, a.episode, a.kind) < ($6, $7, $8, $9)
          ORDER BY a.at DESC, a.conversation_id DESC, a.episode DESC, a.kind DESC LIMIT $10"
    ))
    .bind(tenant.uuid())
    .bind(chosen.queue.map(QueueId::uuid))
    .bind(chosen.kind.map_or(-1, |kind| kind as i64))
    .bind(chosen.reader.agent.uuid())
    .bind(chosen.reader.bits)
    .bind(before.at)
    .bind(before.conversation_id)
    .bind(before.episode)
    .bind(before.kind)
    .bind(limit)
    .fetch_all(c)
    .await)?)
}
