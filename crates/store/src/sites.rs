//! Sites: the places where a company's widget is embedded.

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
    /// The id.
    pub id: SiteId,
    /// The company.
    pub tenant: TenantId,
    /// The key in the embed snippet, unique in the installation.
    pub key: String,
    /// The widget's settings.
    pub settings: SiteSettings,
    /// The queue its customers wait in.
    pub queue: QueueId,
    /// Whether its widget is enabled.
    pub state: SiteState,
    /// When it was last changed; an editor sends it back.
    pub updated_at: Ts,
}

/// The settings of a site's widget.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SiteSettings {
    /// The site's name.
    pub name: Bilingual,
    /// The bot's display name.
    pub bot_name: Bilingual,
    /// The greeting.
    pub greeting: Bilingual,
    /// A note on what happens to what the customer writes.
    pub privacy_note: Bilingual,
    /// The colour of launcher and header, `#rrggbb`.
    #[serde(default)]
    pub brand: Option<String>,
    /// Ids of the knowledge entries offered as first questions.
    #[serde(default)]
    pub questions: Vec<String>,
    /// Origins of the pages that may frame the widget; empty allows every page.
    #[serde(default)]
    pub origins: Vec<String>,
    /// The corner the launcher is shown in.
    #[serde(default)]
    pub side: Side,
    /// Whether the widget skips asking for a rating.
    #[serde(default)]
    pub rating_off: bool,
    /// Whether customers are offered to leave a message instead of waiting while nobody who serves the queue is at work.
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

/// Adds a site; [`Error::Taken`] if its key is in use.
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

/// All sites, oldest first.
pub async fn list(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Site>> {
    let rows: Vec<Row> = q!(tx, |c| {
        sqlx::query_as("SELECT id, tenant_id, key, settings, queue_id, state, updated_at FROM sites WHERE tenant_id = $1 ORDER BY created_at, id")
            .bind(tenant.uuid())
            .fetch_all(c)
            .await
    })?;
    rows.into_iter().map(Site::try_from).collect()
}

/// Updates a site; [`Error::Stale`] if it changed since it was `seen`, [`Error::Taken`] if the key is in use.
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

/// The number of unfinished conversations on a site, which prevent its removal.
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

/// Deletes a site; its conversations stay.
pub async fn delete(tx: &mut Tx, tenant: TenantId, id: SiteId) -> Result<()> {
    let removed = q!(tx, |c| sqlx::query("DELETE FROM sites WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if removed == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// A site by id.
pub async fn get(tx: &mut Tx, tenant: TenantId, id: SiteId) -> Result<Site> {
    let row: Option<Row> =
        q!(tx, |c| sqlx::query_as("SELECT id, tenant_id, key, settings, queue_id, state, updated_at FROM sites WHERE tenant_id = $1 AND id = $2")
            .bind(tenant.uuid())
            .bind(id.uuid())
            .fetch_optional(c)
            .await)?;
    row.ok_or(Error::NotFound)?.try_into()
}
