//! Earlier releases stored the pages on which conversations take place as they are. They are sealed by the keys of their companies before anybody is served.
//!
//! A node of an earlier release that still runs during an update goes on storing them as they are: such a page is read as it is, and sealed at the next start of a
//! node.

use db::{
    Db,
    bulk::{self, Value},
    q,
};
use domain::id::{ConversationId, TenantId};
use uuid::Uuid;

use crate::{Error, Result};

/// The number of pages read, and sealed, at once.
const AT_ONCE: i64 = 256;

/// A page that is not sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlainPage {
    /// The company.
    pub tenant: TenantId,
    /// The conversation that took place on it.
    pub conversation: ConversationId,
    /// The page, as JSON.
    pub json: String,
}

/// Some pages that are not sealed.
pub async fn plain_pages(db: &Db) -> Result<Vec<PlainPage>> {
    let mut tx = db.read().await?;
    let rows: Vec<(Uuid, Uuid, String)> =
        q!(tx, |c| sqlx::query_as("SELECT tenant_id, id, page FROM conversations WHERE substr(page, 1, 1) = '{' ORDER BY tenant_id, id LIMIT $1")
            .bind(AT_ONCE)
            .fetch_all(c)
            .await)?;
    Ok(rows.into_iter().map(|(tenant, id, json)| PlainPage { tenant: TenantId::new(tenant), conversation: ConversationId::new(id), json }).collect())
}

/// Stores pages sealed, each with what it was sealed from, where that is still what it was.
pub async fn seal_pages(db: &Db, sealed: Vec<(PlainPage, String)>) -> Result<()> {
    db.writer()
        .write(db::Shard::Any, move |tx| {
            Box::pin(async move {
                let values: Vec<Vec<Value<'_>>> = sealed
                    .iter()
                    .map(|(page, sealed)| vec![Value::Uuid(page.tenant.uuid()), Value::Uuid(page.conversation.uuid()), (&page.json).into(), sealed.into()])
                    .collect();
                let tail = ") UPDATE conversations SET page = v.sealed FROM v
                     WHERE conversations.tenant_id = v.tenant_id AND conversations.id = v.id AND conversations.page = v.page";
                bulk::execute(tx, "WITH v (tenant_id, id, page, sealed) AS (VALUES", &values, tail).await?;
                Ok::<_, Error>(())
            })
        })
        .await
}
