//! Sites: the places on which a company's widget stands.

use db::{Tx, q, row};
use domain::{
    id::{QueueId, SiteId, TenantId},
    site::{Side, SiteState},
    text::Bilingual,
    time::Ts,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Error, Result};

/// A site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Its id.
    pub id: SiteId,
    /// Whose.
    pub tenant: TenantId,
    /// What the embed snippet names; unique in the installation.
    pub key: String,
    /// What the widget shows.
    pub settings: SiteSettings,
    /// Where its customers wait for a person.
    pub queue: QueueId,
    /// Whether its widget is served.
    pub state: SiteState,
    /// When it was last changed; an editor hands it back.
    pub updated_at: Ts,
}

/// What the widget shows on a site.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SiteSettings {
    /// The site's name.
    pub name: Bilingual,
    /// What the bot calls itself.
    pub bot_name: Bilingual,
    /// The first words.
    pub greeting: Bilingual,
    /// What happens to what is written.
    pub privacy_note: Bilingual,
    /// The colour of launcher and header, `#rrggbb`.
    #[serde(default)]
    pub brand: Option<String>,
    /// Ids of the knowledge entries offered as first questions.
    #[serde(default)]
    pub questions: Vec<String>,
    /// Origins of the pages that may frame the widget; none is every page.
    #[serde(default)]
    pub origins: Vec<String>,
    /// In which corner the launcher stands.
    #[serde(default)]
    pub side: Side,
    /// Whether the widget does not ask for a rating.
    #[serde(default)]
    pub rating_off: bool,
    /// Whether a message is offered instead of a wait while nobody who serves the queue is at work.
    #[serde(default)]
    pub message_when_unstaffed: bool,
}

row! {
    /// A row of `sites`.
    pub(crate) struct Row { id: Uuid, tenant_id: Uuid, key: String, settings: String, queue_id: Uuid, state: String, updated_at: i64 }
}

impl TryFrom<Row> for Site {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        let settings = serde_json::from_str(&row.settings).map_err(|error| Error::Db(db::Error::Corrupt(format!("sites.settings: {error}"))))?;
        let state = SiteState::parse(&row.state).ok_or_else(|| Error::Db(db::Error::Corrupt("sites.state".to_owned())))?;
        let Row { id, tenant_id, key, settings: _, queue_id, state: _, updated_at } = row;
        Ok(Self { id: SiteId::new(id), tenant: TenantId::new(tenant_id), key, settings, queue: QueueId::new(queue_id), state, updated_at: Ts(updated_at) })
    }
}

/// Adds a site; [`Error::Taken`] if its key is taken.
pub async fn insert(tx: &mut Tx, tenant: TenantId, site: &Site) -> Result<()> {
    let now = tx.now();
    let settings = json(&site.settings)?;
    q!(tx, |c| sqlx::query(
        "INSERT INTO sites (tenant_id, id, key, settings, queue_id, created_at, state, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
    )
    .bind(tenant.uuid())
    .bind(site.id.uuid())
    .bind(&site.key)
    .bind(&settings)
    .bind(site.queue.uuid())
    .bind(now.0)
    .bind(site.state.as_str())
    .bind(site.updated_at.0)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

fn json(settings: &SiteSettings) -> Result<String> {
    serde_json::to_string(settings).map_err(|error| Error::Db(db::Error::Corrupt(error.to_string())))
}

/// Every site, the oldest first.
pub async fn list(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Site>> {
    let rows: Vec<Row> = q!(tx, |c| {
        sqlx::query_as("SELECT id, tenant_id, key, settings, queue_id, state, updated_at FROM sites WHERE tenant_id = $1 ORDER BY created_at, id")
            .bind(tenant.uuid())
            .fetch_all(c)
            .await
    })?;
    rows.into_iter().map(Site::try_from).collect()
}

/// Changes a site that is still as it was `seen`; [`Error::Stale`] if it is not, [`Error::Taken`] if the key is.
pub async fn update(tx: &mut Tx, tenant: TenantId, site: &Site, seen: Ts) -> Result<()> {
    let settings = json(&site.settings)?;
    let changed = q!(tx, |c| sqlx::query(
        "UPDATE sites SET key = $4, settings = $5, queue_id = $6, state = $7, updated_at = $8 WHERE tenant_id = $1 AND id = $2 AND updated_at = $3"
    )
    .bind(tenant.uuid())
    .bind(site.id.uuid())
    .bind(seen.0)
    .bind(&site.key)
    .bind(&settings)
    .bind(site.queue.uuid())
    .bind(site.state.as_str())
    .bind(site.updated_at.0)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    if changed == 0 { Err(Error::Stale) } else { Ok(()) }
}

/// Conversations on a site that are not over: they stand in the way of removing it.
pub async fn uses(tx: &mut Tx, tenant: TenantId, id: SiteId) -> Result<i64> {
    let (open,): (i64,) = q!(tx, |c| sqlx::query_as(
        "SELECT COUNT(*) FROM conversations WHERE tenant_id = $1 AND site_id = $2
           AND (state IN ('bot', 'queued', 'offered', 'active', 'on_hold', 'snoozed') OR left_at IS NOT NULL)"
    )
    .bind(tenant.uuid())
    .bind(id.uuid())
    .fetch_one(c)
    .await)?;
    Ok(open)
}

/// Removes a site; what was said on it stays.
pub async fn delete(tx: &mut Tx, tenant: TenantId, id: SiteId) -> Result<()> {
    let removed = q!(tx, |c| sqlx::query("DELETE FROM sites WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if removed == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// A site.
pub async fn get(tx: &mut Tx, tenant: TenantId, id: SiteId) -> Result<Site> {
    let row: Option<Row> =
        q!(tx, |c| sqlx::query_as("SELECT id, tenant_id, key, settings, queue_id, state, updated_at FROM sites WHERE tenant_id = $1 AND id = $2")
            .bind(tenant.uuid())
            .bind(id.uuid())
            .fetch_optional(c)
            .await)?;
    row.ok_or(Error::NotFound)?.try_into()
}
