//! Sites: the places on which a company's widget stands.

use db::{Tx, q, row};
use domain::{
    id::{QueueId, SiteId, TenantId},
    text::Bilingual,
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
}

row! {
    /// A row of `sites`.
    pub(crate) struct Row { id: Uuid, tenant_id: Uuid, key: String, settings: String, queue_id: Uuid }
}

impl TryFrom<Row> for Site {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        let settings = serde_json::from_str(&row.settings).map_err(|error| Error::Db(db::Error::Corrupt(format!("sites.settings: {error}"))))?;
        Ok(Self { id: SiteId::new(row.id), tenant: TenantId::new(row.tenant_id), key: row.key, settings, queue: QueueId::new(row.queue_id) })
    }
}

/// Adds a site; [`Error::Conflict`] if its key is taken.
pub async fn insert(tx: &mut Tx, tenant: TenantId, site: &Site) -> Result<()> {
    let now = tx.now();
    let settings = serde_json::to_string(&site.settings).map_err(|error| Error::Db(db::Error::Corrupt(error.to_string())))?;
    q!(tx, |c| sqlx::query("INSERT INTO sites (tenant_id, id, key, settings, queue_id, created_at) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(tenant.uuid())
        .bind(site.id.uuid())
        .bind(&site.key)
        .bind(&settings)
        .bind(site.queue.uuid())
        .bind(now.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// A site.
pub async fn get(tx: &mut Tx, tenant: TenantId, id: SiteId) -> Result<Site> {
    let row: Option<Row> = q!(tx, |c| sqlx::query_as("SELECT id, tenant_id, key, settings, queue_id FROM sites WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .fetch_optional(c)
        .await)?;
    row.ok_or(Error::NotFound)?.try_into()
}
