//! What is stored about people only if they agree, by purpose: it is deleted when they withdraw that, and when they are erased.

use db::{Tx, journal, q};
use domain::{
    id::{TenantId, VisitorId},
    stream::{StreamKind, StreamName},
};
use store::Result;
use uuid::Uuid;

use crate::{Places, count, each};

/// Everything that a visitor took an interest in.
pub(crate) const INTERESTS: (&str, &str) = ("interests", "DELETE FROM recommendation_signals WHERE tenant_id = $1 AND visitor_id = $2");
/// What the visitor took an interest in by asking only, and what is left of the rest.
const ASKED: [(&str, &str); 2] = [
    ("interests", "DELETE FROM recommendation_signals WHERE tenant_id = $1 AND visitor_id = $2 AND looked = 0"),
    (
        "interests",
        "UPDATE recommendation_signals SET asked = 0, score = NULL, conversation_id = NULL WHERE tenant_id = $1 AND visitor_id = $2
           AND (asked > 0 OR score IS NOT NULL OR conversation_id IS NOT NULL)",
    ),
];
/// What the visitor took an interest in by looking only, and what is left of the rest.
const LOOKED: [(&str, &str); 2] = [
    ("interests", "DELETE FROM recommendation_signals WHERE tenant_id = $1 AND visitor_id = $2 AND asked = 0"),
    ("interests", "UPDATE recommendation_signals SET looked = 0 WHERE tenant_id = $1 AND visitor_id = $2 AND looked > 0"),
];
/// The pages on which a visitor's conversations took place.
const PAGES: (&str, &str) = ("pages", "UPDATE conversations SET page = NULL WHERE tenant_id = $1 AND visitor_id = $2 AND page IS NOT NULL");

/// Deletes what a visitor took an interest in, except what they asked about, or looked at, if that is still allowed.
pub async fn forget_interests(tx: &mut Tx, tenant: TenantId, visitor: VisitorId, keeps_asked: bool, keeps_looked: bool) -> Result<Places> {
    let statements: &[(&str, &'static str)] = match (keeps_asked, keeps_looked) {
        (false, false) => &[INTERESTS],
        (false, true) => &ASKED,
        (true, false) => &LOOKED,
        (true, true) => &[],
    };
    each(tx, tenant, visitor.uuid(), statements).await
}

/// Deletes the pages that are stored with a visitor's conversations: in their rows and, of older ones, in what their first entry says.
pub async fn forget_pages(tx: &mut Tx, tenant: TenantId, visitor: VisitorId) -> Result<Places> {
    let mut places = each(tx, tenant, visitor.uuid(), &[PAGES]).await?;
    let opened: Vec<(Uuid, i64, String)> = q!(tx, |c| sqlx::query_as(
        "SELECT e.stream_id, e.seq, e.body FROM conversations v JOIN journal_entries e ON e.tenant_id = v.tenant_id AND e.stream_id = v.id
         WHERE v.tenant_id = $1 AND v.visitor_id = $2 AND e.kind = 'opened' AND e.body_state = 'plain'"
    )
    .bind(tenant.uuid())
    .bind(visitor.uuid())
    .fetch_all(c)
    .await)?;
    for (id, seq, body) in opened {
        let Some(rest) = without_page(&body) else { continue };
        journal::set_body(tx, tenant, StreamName { kind: StreamKind::Conversation, id }, seq, &rest).await?;
        count(&mut places, "pages", 1);
    }
    Ok(places)
}

/// The body of a first entry without its page; `None` if it has none.
fn without_page(body: &str) -> Option<String> {
    let mut read: serde_json::Map<String, serde_json::Value> = serde_json::from_str(body).ok()?;
    read.remove("page")?;
    serde_json::to_string(&read).ok()
}
