//! Sites: the places where a company's widget is embedded.

use db::{Tx, bulk::Value, q};
use domain::{
    handoff,
    id::{QueueId, SiteId, TenantId},
    site::{AsksAbout, RatingReason, Side, SiteState},
    text::Bilingual,
    time::Ts,
};
use serde::{Deserialize, Serialize};

use crate::{Error, Result, fragments::open_states, table, table::json_columns};

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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteSettings {
    /// The site's name.
    pub name: Bilingual,
    /// The bot's display name.
    pub bot_name: Bilingual,
    /// The greeting.
    pub greeting: Bilingual,
    /// The greeting while the queue is closed; a language that is empty has that of open hours.
    #[serde(default)]
    pub closed_greeting: Bilingual,
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
    /// What customers can choose to say why they rate as they do.
    #[serde(default)]
    pub rating_reasons: Vec<RatingReason>,
    /// Whether customers are offered to leave a message instead of waiting while nobody who serves the queue is at work.
    #[serde(default)]
    pub message_when_unstaffed: bool,
    /// After how many misses of the bot in a row a person is offered; 0 for never.
    #[serde(default = "usual_misses")]
    pub offer_after_misses: u8,
    /// Where help can be had, told to customers who seem to be in despair or in danger; a language that is empty has the usual text.
    #[serde(default)]
    pub help_lines: Bilingual,
    /// Whether only customers may chat whom the site's own server has named by a signed token.
    #[serde(default)]
    pub requires_identity: bool,
    /// Whether customers are asked what it is about before a person is asked for.
    #[serde(default)]
    pub asks_about: AsksAbout,
}

impl SiteSettings {
    /// The greeting while the site's queue is open, or closed.
    pub fn greeting(&self, is_open: bool) -> Bilingual {
        let closed = |text: &str, usual: &str| if is_open || text.trim().is_empty() { usual.to_owned() } else { text.to_owned() };
        Bilingual { zh: closed(&self.closed_greeting.zh, &self.greeting.zh), en: closed(&self.closed_greeting.en, &self.greeting.en) }
    }
}

const fn usual_misses() -> u8 {
    handoff::MISSES
}

impl Default for SiteSettings {
    fn default() -> Self {
        Self {
            name: Bilingual::default(),
            bot_name: Bilingual::default(),
            greeting: Bilingual::default(),
            closed_greeting: Bilingual::default(),
            privacy_note: Bilingual::default(),
            brand: None,
            questions: Vec::new(),
            origins: Vec::new(),
            side: Side::default(),
            rating_off: false,
            rating_reasons: Vec::new(),
            message_when_unstaffed: false,
            offer_after_misses: handoff::MISSES,
            help_lines: Bilingual::default(),
            requires_identity: false,
            asks_about: AsksAbout::default(),
        }
    }
}

table! {
    Site in "sites" of tenant [tenant_id] {
        key { id: SiteId [id] }
        changing { key: String [key], settings: SiteSettings [settings], queue: QueueId [queue_id], state: SiteState [state], updated_at: Ts [updated_at] }
    }
}
json_columns!(SiteSettings);

/// Adds a site; [`Error::Taken`] if its key is in use.
pub async fn insert(tx: &mut Tx, tenant: TenantId, site: &Site) -> Result<()> {
    let now = tx.now();
    table::insert_with(tx, tenant, site, &[("created_at", Value::Int(Some(now.0)))]).await
}

/// All sites, oldest first.
pub async fn list(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Site>> {
    let sql = table::select::<Site>("ORDER BY created_at, id");
    table::all(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).fetch_all(c).await)?)
}

/// The site of the company's hall: the oldest, preferring one whose widget is enabled.
pub async fn of_hall(tx: &mut Tx, tenant: TenantId) -> Result<Option<Site>> {
    let sql = table::select::<Site>("ORDER BY state, created_at, id LIMIT 1");
    table::any(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).fetch_optional(c).await)?)
}

/// Updates a site; [`Error::Stale`] if it changed since it was `seen`, [`Error::Taken`] if the key is in use.
pub async fn update(tx: &mut Tx, tenant: TenantId, site: &Site, seen: Ts) -> Result<()> {
    table::update(tx, tenant, site, seen).await
}

/// The number of unfinished conversations on a site, which prevent its removal.
pub async fn uses(tx: &mut Tx, tenant: TenantId, id: SiteId) -> Result<i64> {
    let (open,): (i64,) = q!(tx, |c| sqlx::query_as(concat!(
        "SELECT COUNT(*) FROM conversations WHERE tenant_id = $1 AND site_id = $2
           AND (state IN ",
        open_states!(),
        " OR left_at IS NOT NULL)"
    ))
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
    let sql = table::select::<Site>("AND id = $2");
    table::one(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(id.uuid()).fetch_optional(c).await)?)
}
