//! The overview on the wire.

use db::Tx;
use domain::{
    id::{SiteId, TenantId},
    text::Bilingual,
    time::Ts,
};
use http_kit::recommended::NamedItem;
use serde::Serialize;
use service::{
    catalogue::Catalogue,
    recommend::{Report, show},
};
use utoipa::ToSchema;

/// Whether recommendations are shown, and what they were learned from.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecommendationOverview {
    /// Whether they are shown at all, and interests are noted.
    pub on: bool,
    /// The sites, and whether each shows them.
    pub sites: Vec<RecommendingSite>,
    /// When the settings were last changed; an editor sends it back as `seen`.
    pub updated_at: Ts,
    /// How many interests are stored.
    pub interests: i64,
    /// Of how many visitors.
    pub visitors: i64,
    /// When they are learned from again; `null` if nothing has been noted yet.
    #[schema(required)]
    pub due_at: Option<Ts>,
    /// What was last learned; `null` if nothing was.
    #[schema(required)]
    pub learned: Option<LearnedView>,
}

/// A site that may show recommendations.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecommendingSite {
    /// The site.
    pub id: SiteId,
    /// Its name.
    pub name: Bilingual,
    /// Whether it shows them.
    pub on: bool,
}

/// What was learned.
#[derive(Debug, Serialize, ToSchema)]
pub struct LearnedView {
    /// The version: 1, 2, 3 …
    pub version: i64,
    /// When it was learned.
    pub trained_at: Ts,
    /// Whether it knows what belongs together, rather than only what is popular.
    pub by_taste: bool,
    /// How many items it knows.
    pub items: usize,
    /// How many interests it was learned from.
    pub interests: usize,
    /// Of how many visitors; those of one network, or of one account, count as one.
    pub visitors: usize,
    /// How often a visitor's last interest is among the first ten that it recommends by the others; `null` if too few visitors have several.
    #[schema(required)]
    pub hits: Option<HitsView>,
    /// The strongest pairs.
    pub pairs: Vec<PairView>,
}

/// HR@10: the share of visitors whose last interest is among the first ten.
#[derive(Debug, Serialize, ToSchema)]
pub struct HitsView {
    /// The visitors who were asked about.
    pub asked: usize,
    /// The share, ranked by the model.
    pub model: f64,
    /// The share, ranked by popularity.
    pub popularity: f64,
}

/// Two items that interested the same visitors.
#[derive(Debug, Serialize, ToSchema)]
pub struct PairView {
    /// One of them.
    pub one: NamedItem,
    /// The other.
    pub other: NamedItem,
    /// How many visitors they share; those of one network, or of one account, count as one.
    pub together: u32,
}

impl RecommendationOverview {
    /// Reads the overview of a company.
    pub(super) async fn read(tx: &mut Tx, catalogue: &Catalogue, tenant: TenantId) -> store::Result<Self> {
        let settings = store_knowledge::recommendations::settings(tx, tenant).await?;
        let sites = store::sites::list(tx, tenant).await?;
        let site = |site: store::sites::Site| RecommendingSite { id: site.id, name: site.settings.name, on: !settings.off_sites.contains(&site.id) };
        let sites = sites.into_iter().map(site).collect();
        let (interests, visitors) = store_knowledge::recommendations::count(tx, tenant).await?;
        let found = store_knowledge::recommendations::model(tx, tenant).await?;
        let due_at = found.as_ref().map(|(_, due_at)| *due_at);
        let learned = match found.and_then(|(learned, _)| learned) {
            Some(learned) => Some(LearnedView::read(tx, catalogue, tenant, learned).await?),
            None => None,
        };
        Ok(Self { on: settings.on, sites, updated_at: settings.updated_at, interests, visitors, due_at, learned })
    }
}

impl LearnedView {
    async fn read(tx: &mut Tx, catalogue: &Catalogue, tenant: TenantId, learned: store_knowledge::recommendations::Learned) -> store::Result<Self> {
        let Report { figures, pairs: stored } = serde_json::from_str(&learned.figures).map_err(|error| db::Error::Corrupt(error.to_string()))?;
        let mut pairs = Vec::with_capacity(stored.len());
        for (one, other, together) in stored {
            let names = (show::name(tx, tenant, catalogue, &one).await?, show::name(tx, tenant, catalogue, &other).await?);
            if let (Some(one), Some(other)) = names {
                pairs.push(PairView { one: one.into(), other: other.into(), together });
            }
        }
        let hits = figures.hits.map(|hits| HitsView { asked: hits.asked, model: hits.model, popularity: hits.popularity });
        Ok(Self {
            version: learned.version,
            trained_at: learned.trained_at,
            by_taste: figures.learned,
            items: figures.items,
            interests: figures.interests,
            visitors: figures.visitors,
            hits,
            pairs,
        })
    }
}
