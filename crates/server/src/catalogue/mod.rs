//! What companies sell: the stored documents, read once and kept until they change.

pub mod search;

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use domain::{id::TenantId, text::Bilingual};
use serde::{Deserialize, Serialize};
use tokio::sync::OnceCell;
use utoipa::ToSchema;

use crate::{App, problem::Problem};

/// A sort of goods.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Category {
    /// Its id, e.g. `phone`.
    pub id: String,
    /// What customers read.
    pub name: Bilingual,
}

/// The frame of a catalogue.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Frame {
    /// ISO 4217.
    pub currency: String,
    /// In the order they are shown.
    pub categories: Vec<Category>,
    /// What customers read for a tag.
    pub tag_names: BTreeMap<String, Bilingual>,
}

/// A line of a product's data sheet.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Attribute {
    /// A name for programs, e.g. `storage`.
    pub key: String,
    /// A name for people.
    pub label: Bilingual,
    /// The value without its unit.
    pub value: Bilingual,
    /// The unit; empty where there is none.
    pub unit: String,
}

/// Short advertising lines.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct SellingPoints {
    /// Chinese.
    pub zh: Vec<String>,
    /// English.
    pub en: Vec<String>,
}

/// Something on sale, as stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StoredGoods {
    /// Its id, e.g. `g-001`.
    pub id: String,
    /// The id of its category.
    pub category: String,
    /// Its name.
    pub name: Bilingual,
    /// The price in fen.
    pub price_fen: i64,
    /// Pieces that can be ordered now.
    pub stock: i64,
    /// Ids of its tags.
    #[serde(default)]
    pub tags: Vec<String>,
    /// The name of its drawing.
    pub illustration: String,
    /// The data sheet.
    #[serde(default)]
    pub attributes: Vec<Attribute>,
    /// The first is the line under the name.
    #[serde(default)]
    pub selling_points: SellingPoints,
    /// Free text.
    #[serde(default)]
    pub description: Bilingual,
}

/// What a plan gives abroad each month.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Roaming {
    /// Gigabytes.
    pub data_gb: i64,
    /// Minutes.
    pub voice_min: i64,
    /// Countries and regions.
    pub destinations: i64,
}

/// More cards on one plan.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SupplementaryCards {
    /// At most.
    pub max: i64,
    /// Of them without a fee.
    pub free: i64,
}

/// A plan on sale.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Plan {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Bilingual,
    /// Fen a month.
    pub monthly_fee_fen: i64,
    /// Gigabytes a month.
    pub data_gb: i64,
    /// Minutes a month.
    pub voice_min: i64,
    /// Text messages a month.
    pub sms: i64,
    /// Abroad.
    pub roaming: Roaming,
    /// Home broadband; 0 = none.
    pub broadband_mbps: i64,
    /// Months it cannot be left; 0 = none.
    pub contract_months: i64,
    /// Who may take it.
    pub audience: String,
    /// What else to know.
    pub notes: Bilingual,
    /// More cards.
    pub supplementary_cards: SupplementaryCards,
}

/// All a company sells.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    /// Currency, categories, names of tags.
    pub frame: Frame,
    /// In the order they are shown.
    pub goods: Vec<StoredGoods>,
    /// In the order they are shown.
    pub plans: Vec<Plan>,
    index: search::Index,
}

impl Catalogue {
    /// One of the goods.
    pub fn goods(&self, id: &str) -> Option<&StoredGoods> {
        self.goods.iter().find(|goods| goods.id == id)
    }
    /// The words customers find goods by.
    pub const fn index(&self) -> &search::Index {
        &self.index
    }
}

/// A catalogue that is read when it is first asked for. Forgetting drops the cell: what is still being read into it is not kept.
type Lazy = Arc<OnceCell<Arc<Catalogue>>>;

/// Catalogues as last read, by company.
#[derive(Debug, Default)]
pub struct Catalogues {
    known: Mutex<HashMap<TenantId, Lazy>>,
}

impl Catalogues {
    /// Forgets a company's: it changed.
    pub fn forget(&self, tenant: TenantId) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).remove(&tenant);
    }
    /// Forgets all of them.
    pub fn forget_all(&self) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// A company's catalogue.
pub async fn of(app: &App, tenant: TenantId) -> Result<Arc<Catalogue>, Problem> {
    let known = &app.shared().catalogues.known;
    let cell = known.lock().unwrap_or_else(PoisonError::into_inner).entry(tenant).or_default().clone();
    cell.get_or_try_init(|| async { Ok(Arc::new(read(app, tenant).await?)) }).await.cloned()
}

async fn read(app: &App, tenant: TenantId) -> Result<Catalogue, Problem> {
    let mut tx = app.db().snapshot().await?;
    let frame = store::catalogue::frame(&mut tx, tenant).await?;
    let goods = store::catalogue::goods(&mut tx, tenant).await?;
    let plans = store::catalogue::plans(&mut tx, tenant).await?;
    let parsed = || -> serde_json::Result<Catalogue> {
        let frame: Frame = frame.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default();
        let goods: Vec<StoredGoods> = goods.iter().map(|document| serde_json::from_str(&document.json)).collect::<Result<_, _>>()?;
        let plans = plans.iter().map(|document| serde_json::from_str(&document.json)).collect::<Result<_, _>>()?;
        let index = search::Index::new(&frame, &goods);
        Ok(Catalogue { frame, goods, plans, index })
    };
    parsed().map_err(|error| Problem::internal(&error))
}
