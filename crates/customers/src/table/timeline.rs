//! When what happened with a customer. Each kind of event is one statement, so whoever adds a kind adds it to [`KINDS`].

use db::{Tx, q, row};
use domain::{
    id::{CustomerId, SiteId, TenantId},
    time::Ts,
};
use sqlx::AssertSqlSafe;
use store::Result;
use uuid::Uuid;

use super::group;

/// A kind of event of a timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The customer was added: registered, was named by a site, or was added by the staff.
    Added,
    /// The customer was on a site for the first time.
    Visited,
    /// A conversation began.
    Conversation,
    /// A message was left.
    LeftMessage,
    /// A conversation was rated.
    Rating,
}

/// All conversations of the customer `$2` and of those who are merged into that one.
macro_rules! conversations {
    () => {
        concat!(
            "FROM ",
            group!("$2"),
            " JOIN customer_visitors v ON v.tenant_id = $1 AND v.customer_id = g.id
         JOIN conversations c ON c.tenant_id = v.tenant_id AND c.visitor_id = v.visitor_id"
        )
    };
}

/// The statement of each kind: when it happened, what it happened to (`subject`), and which of its entries it is (`n`), if it is an entry. The company is `$1`, the customer `$2`, with
/// those who are merged into that one.
const KINDS: &[(Kind, &str)] = &[
    (Kind::Added, concat!("SELECT t.created_at AS at, t.id AS subject, 0 AS n FROM ", group!("$2"), " JOIN customers t ON t.tenant_id = $1 AND t.id = g.id")),
    (
        Kind::Visited,
        concat!(
            "SELECT s.first_seen_at AS at, s.id AS subject, 0 AS n FROM ",
            group!("$2"),
            " JOIN customer_visitors v ON v.tenant_id = $1 AND v.customer_id = g.id JOIN visitors s ON s.tenant_id = v.tenant_id AND s.id = v.visitor_id"
        ),
    ),
    (Kind::Conversation, concat!("SELECT c.created_at AS at, c.id AS subject, 0 AS n ", conversations!(), " WHERE c.erasing_at IS NULL")),
    (
        Kind::LeftMessage,
        concat!(
            "SELECT l.left_at AS at, c.id AS subject, l.seq AS n ",
            conversations!(),
            " JOIN left_messages l ON l.tenant_id = c.tenant_id AND l.conversation_id = c.id WHERE c.erasing_at IS NULL"
        ),
    ),
    (
        Kind::Rating,
        concat!(
            "SELECT e.at AS at, c.id AS subject, e.seq AS n ",
            conversations!(),
            " JOIN journal_entries e ON e.tenant_id = c.tenant_id AND e.stream_id = c.id AND e.kind = 'rated'
         WHERE c.erasing_at IS NULL AND EXISTS (SELECT 1 FROM episodes p WHERE p.tenant_id = c.tenant_id AND p.conversation_id = c.id AND p.score IS NOT NULL)"
        ),
    ),
];

row! {
    /// An event as it is found.
    #[derive(Debug)]
    struct Found { at: i64, kind: i64, subject: Uuid, n: i64 }
}

/// The place of an event in the timeline: when it happened, the number of its kind, what has it, and the number of its entry, if it is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// When it happened.
    pub at: Ts,
    /// The number of its kind.
    pub kind: i64,
    /// What has it: the customer, a visitor, or a conversation.
    pub subject: Uuid,
    /// The number of the entry, or 0.
    pub n: i64,
}

impl Place {
    /// Where a timeline begins, at its newest event.
    pub const NEWEST: Self = Self { at: Ts(i64::MAX), kind: i64::MAX, subject: Uuid::max(), n: i64::MAX };

    /// The kind of the event; `None` if there is no such kind.
    pub fn kind(&self) -> Option<Kind> {
        KINDS.get(usize::try_from(self.kind).ok()?).map(|(kind, _)| *kind)
    }
}

/// The events of a customer before a place, the newest first.
pub async fn before(tx: &mut Tx, tenant: TenantId, customer: CustomerId, place: Place, limit: i64) -> Result<Vec<Place>> {
    let each: Vec<String> = KINDS.iter().enumerate().map(|(n, (_, sql))| format!("SELECT k.at, {n} AS kind, k.subject, k.n FROM ({sql}) k")).collect();
    let sql = format!(
        "SELECT a.at, CAST(a.kind AS BIGINT) AS kind, a.subject, CAST(a.n AS BIGINT) AS n FROM ({}) a
         WHERE (a.at, a.kind, a.subject, a.n) < ($3, $4, $5, $6) ORDER BY a.at DESC, a.kind DESC, a.subject DESC, a.n DESC LIMIT $7",
        each.join(" UNION ALL ")
    );
    let rows: Vec<Found> = q!(tx, |c| sqlx::query_as(AssertSqlSafe(sql))
        .bind(tenant.uuid())
        .bind(customer.uuid())
        .bind(place.at.0)
        .bind(place.kind)
        .bind(place.subject)
        .bind(place.n)
        .bind(limit)
        .fetch_all(c)
        .await)?;
    Ok(rows.into_iter().map(|Found { at, kind, subject, n }| Place { at: Ts(at), kind, subject, n }).collect())
}

/// On which site a visitor was, and when last, in milliseconds since 1970; `None` if there is no such visitor any more.
pub async fn visit(tx: &mut Tx, tenant: TenantId, visitor: Uuid) -> Result<Option<(SiteId, Ts)>> {
    let row: Option<(Uuid, i64)> = q!(tx, |c| sqlx::query_as("SELECT site_id, last_seen_at FROM visitors WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(visitor)
        .fetch_optional(c)
        .await)?;
    Ok(row.map(|(site, at)| (SiteId::new(site), Ts(at))))
}
