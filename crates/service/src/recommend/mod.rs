//! Recommendations: notes what visitors took an interest in, learns from it at night, and shows what belongs together.
//!
//! - [`note`]: from the journal's feed, and views that visitors agreed to have noted
//! - [`learn`]: a company's model, stored with its version and its figures
//! - [`show`]: what is recommended to a visitor, and why
//! - [`noted`]: what is noted of a customer, for the customer
//!
//! A company without many visitors in common has popular items only, and one that knows nothing shows nothing.

pub mod learn;
pub mod note;
pub mod noted;
pub mod show;

use content::recommendation::ItemKind;
use db::{Db, Shard};
use domain::id::{SiteId, TenantId};
use serde::{Deserialize, Serialize};
use store_knowledge::recommendations::{Settings, Signal};

/// What was learned, as it is reported: with the strongest pairs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// From how much, and how good it is.
    pub figures: recommender::Figures,
    /// The strongest pairs: two items, and how many visitors they share.
    pub pairs: Vec<(recommender::Item, recommender::Item, u32)>,
}

/// Whether a site shows recommendations.
pub fn is_on(settings: &Settings, site: SiteId) -> bool {
    settings.on && !settings.off_sites.contains(&site)
}

/// How many interests are deleted at a time.
const PORTION: i64 = 2_000;

/// Switches recommendations on or off. Switched off for the company, what was learned is deleted, and what was noted begins to be: [`forget`] deletes the rest.
/// Only sites that exist are stored.
pub async fn set(tx: &mut store::TenantTx<'_>, settings: Settings) -> store::Result<Settings> {
    let tenant: TenantId = tx.tenant();
    let sites: Vec<SiteId> = store::sites::list(tx, tenant).await?.into_iter().map(|site| site.id).collect();
    let off_sites = sites.into_iter().filter(|site| settings.off_sites.contains(site)).collect();
    let stored = store_knowledge::recommendations::set(tx, tenant, &Settings { off_sites, ..settings }).await?;
    if !stored.on {
        store_knowledge::recommendations::forget(tx, tenant, PORTION).await?;
    }
    Ok(stored)
}

/// Deletes what is still kept of the interests of one company's visitors, if it has switched recommendations off.
pub async fn forget(db: &Db) -> store::Result<()> {
    let Some(tenant) = store::entry_points::unforgotten_recommendations(db).await? else { return Ok(()) };
    while db.writer().write_patiently(Shard::Of(tenant.uuid()), move |tx| Box::pin(store_knowledge::recommendations::forget(tx, tenant, PORTION))).await? {}
    Ok(())
}

/// The kind as the models know it.
const fn learned_kind(kind: ItemKind) -> recommender::ItemKind {
    match kind {
        ItemKind::Product => recommender::ItemKind::Product,
        ItemKind::Plan => recommender::ItemKind::Plan,
        ItemKind::Question => recommender::ItemKind::Question,
    }
}

/// The kind as everybody else knows it.
pub const fn item_kind(kind: recommender::ItemKind) -> ItemKind {
    match kind {
        recommender::ItemKind::Product => ItemKind::Product,
        recommender::ItemKind::Plan => ItemKind::Plan,
        recommender::ItemKind::Question => ItemKind::Question,
    }
}

fn item_of(signal: &Signal) -> recommender::Item {
    recommender::Item { kind: learned_kind(signal.kind), id: signal.item.clone() }
}
