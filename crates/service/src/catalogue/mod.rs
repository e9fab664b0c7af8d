//! What companies sell: the stored documents, read once and kept until they change.

pub mod search;

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use db::{Db, Tx};
use domain::{
    goods::{GoodsState, Product},
    id::TenantId,
    text::Bilingual,
    time::{HOUR, Ts},
};
use serde::{Deserialize, Serialize};
use store::{
    Document,
    goods::{Kept, Unopened},
};
use tokio::sync::OnceCell;
use utoipa::ToSchema;

use crate::bounded::Bounded;

/// A sort of goods.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Category {
    /// Its id, e.g. `phone`.
    pub id: String,
    /// What customers read.
    pub name: Bilingual,
}

/// The frame of a catalogue.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Frame {
    /// ISO 4217.
    pub currency: String,
    /// In the order they are shown.
    pub categories: Vec<Category>,
    /// What customers read for a tag.
    pub tag_names: BTreeMap<String, Bilingual>,
}

/// What prices are in where nobody said anything else.
const CURRENCY: &str = "CNY";

impl Default for Frame {
    fn default() -> Self {
        Self { currency: CURRENCY.to_owned(), categories: Vec::new(), tag_names: BTreeMap::new() }
    }
}

impl Frame {
    /// As it is stored; an empty one where nothing is.
    pub fn parse(json: Option<&str>) -> serde_json::Result<Self> {
        json.map(serde_json::from_str).transpose().map(Option::unwrap_or_default)
    }
    /// Whether there is such a category.
    pub fn has(&self, category: &str) -> bool {
        self.categories.iter().any(|known| known.id == category)
    }
    /// The ids of the categories.
    pub fn category_ids(&self) -> impl Iterator<Item = &str> {
        self.categories.iter().map(|category| category.id.as_str())
    }
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
    /// When the frame was last changed.
    pub frame_at: Ts,
    /// What everybody sees, in the order it is shown.
    pub goods: Vec<Product>,
    /// In the order they are shown.
    pub plans: Vec<Plan>,
    /// What staff see: also what is not, or no more, on sale.
    pub kept: Vec<Kept>,
    index: search::Index,
    kept_index: search::Index,
    parts: Parts,
}

/// What is looked up for every line of a file: worked out once.
#[derive(Debug, Clone, Default)]
struct Parts {
    /// The first drawing in a category.
    drawings: HashMap<String, String>,
    /// The first property labelled so, in Chinese and in English: where it stood, and its key.
    zh: HashMap<String, (usize, String)>,
    en: HashMap<String, (usize, String)>,
}

impl Parts {
    fn of(kept: &[Kept]) -> Self {
        let mut parts = Self::default();
        for product in kept.iter().map(|kept| &kept.product) {
            parts.drawings.entry(product.category.clone()).or_insert_with(|| product.illustration.clone());
        }
        for (at, line) in kept.iter().flat_map(|kept| &kept.product.attributes).enumerate() {
            if !line.label.zh.is_empty() {
                parts.zh.entry(line.label.zh.clone()).or_insert_with(|| (at, line.key.clone()));
            }
            if !line.label.en.is_empty() {
                parts.en.entry(line.label.en.to_ascii_lowercase()).or_insert_with(|| (at, line.key.clone()));
            }
        }
        parts
    }
}

impl Catalogue {
    /// One of the goods that everybody sees.
    pub fn goods(&self, id: &str) -> Option<&Product> {
        self.goods.iter().find(|goods| goods.id == id)
    }
    /// The words customers find goods by.
    pub const fn index(&self) -> &search::Index {
        &self.index
    }
    /// The words staff find goods by: positions in `kept`.
    pub const fn kept_index(&self) -> &search::Index {
        &self.kept_index
    }
    /// The key that a property of this label has in some product.
    pub fn property_key(&self, label: &Bilingual) -> Option<String> {
        let known = [self.parts.zh.get(&label.zh), self.parts.en.get(&label.en.to_ascii_lowercase())];
        known.into_iter().flatten().min().map(|(_, key)| key.clone())
    }
    /// The drawing that goods of a category have.
    pub fn drawing(&self, category: &str) -> Option<&str> {
        self.parts.drawings.get(category).map(String::as_str)
    }
}

/// The most companies whose catalogue is kept in memory.
const MOST_KNOWN: usize = 64;
/// A catalogue nobody asked for in so long is not kept, in milliseconds.
const IDLE_MS: i64 = HOUR;

/// A catalogue that is read when it is first asked for. Forgetting drops the cell: what is still being read into it is not kept.
type Lazy = Arc<OnceCell<Arc<Catalogue>>>;

/// Catalogues as last read, by company: of so many companies, and of those that were asked about lately.
#[derive(Debug)]
pub struct Catalogues(Mutex<Bounded<TenantId, Lazy>>);

impl Default for Catalogues {
    fn default() -> Self {
        Self(Mutex::new(Bounded::new(MOST_KNOWN, IDLE_MS)))
    }
}

impl Catalogues {
    fn known(&self) -> MutexGuard<'_, Bounded<TenantId, Lazy>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// A company's, which stays for having been asked for.
    pub async fn of(&self, db: &Db, tenant: TenantId) -> store::Result<Arc<Catalogue>> {
        let cell = self.known().get(tenant, db.now());
        let build = || async {
            let stored = load(&mut db.snapshot().await?, tenant).await?;
            Ok(Arc::new(aside(move || stored.build()).await?))
        };
        cell.get_or_try_init(build).await.cloned()
    }
    /// Forgets a company's: it changed.
    pub fn forget(&self, tenant: TenantId) {
        self.known().remove(&tenant);
    }
    /// Forgets those that nobody asked for lately.
    pub fn forget_idle(&self, now: Ts) {
        self.known().forget_idle(now);
    }
    /// Forgets all of them.
    pub fn forget_all(&self) {
        self.known().clear();
    }
}

/// Does what takes long where it holds nobody up. A panic goes on here.
pub async fn aside<T: Send + 'static>(work: impl FnOnce() -> store::Result<T> + Send + 'static) -> store::Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(broken) => match broken.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_stopping) => Err(db::Error::Busy.into()),
        },
    }
}

/// A catalogue as it was read: to be built where it holds nobody up.
#[derive(Debug)]
pub struct Stored {
    frame: Option<String>,
    frame_at: Ts,
    kept: Vec<Unopened>,
    plans: Vec<Document>,
}

/// A company's catalogue as the record has it.
pub async fn load(tx: &mut Tx, tenant: TenantId) -> store::Result<Stored> {
    let (frame, frame_at) = store::catalogue::frame_seen(tx, tenant).await?;
    Ok(Stored { frame, frame_at, kept: store::goods::list(tx, tenant).await?, plans: store::catalogue::plans(tx, tenant).await? })
}

/// What a company threw away and can take back, as a catalogue that only staff see, the last first.
pub async fn load_thrown(tx: &mut Tx, tenant: TenantId) -> store::Result<Stored> {
    let (frame, frame_at) = store::catalogue::frame_seen(tx, tenant).await?;
    Ok(Stored { frame, frame_at, kept: store::goods::thrown(tx, tenant).await?, plans: Vec::new() })
}

impl Stored {
    /// Opens every document and gathers the words by which goods are found. With ten thousand goods that takes a while.
    pub fn build(self) -> store::Result<Catalogue> {
        let Self { frame, frame_at, kept, plans } = self;
        let kept = kept.into_iter().map(Unopened::open).collect::<store::Result<Vec<Kept>>>()?;
        let parsed = || -> serde_json::Result<Catalogue> {
            let frame = Frame::parse(frame.as_deref())?;
            let plans = plans.iter().map(|document| serde_json::from_str(&document.json)).collect::<Result<_, _>>()?;
            let sold = |kept: &&Kept| kept.state == GoodsState::Live && kept.deleted_at.is_none();
            let goods: Vec<Product> = kept.iter().filter(sold).map(|kept| kept.product.clone()).collect();
            let index = search::Index::new(&frame, goods.iter());
            let kept_index = search::Index::new(&frame, kept.iter().map(|kept| &kept.product));
            let parts = Parts::of(&kept);
            Ok(Catalogue { frame, frame_at, goods, plans, kept, index, kept_index, parts })
        };
        parsed().map_err(|error| store::Error::Db(db::Error::Corrupt(error.to_string())))
    }
}

#[cfg(test)]
mod tests {
    use domain::{
        goods::{Attribute, Product},
        time::Ts,
    };

    use super::*;

    #[test]
    fn the_first_product_says_how_a_property_is_called_and_what_a_category_looks_like() {
        let line = |key: &str, zh: &str, en: &str| Attribute {
            key: key.to_owned(),
            label: Bilingual { zh: zh.to_owned(), en: en.to_owned() },
            ..Attribute::default()
        };
        let one = |drawing: &str, attributes| Kept {
            product: Product { category: "phone".to_owned(), illustration: drawing.to_owned(), attributes, ..Product::default() },
            state: GoodsState::Live,
            updated_at: Ts(0),
            deleted_at: None,
        };
        let kept = vec![
            one("phone", vec![line("battery", "电池", "Battery"), line("x", "", "")]),
            one("lamp", vec![line("cell", "电池", "Cell"), line("screen", "屏", "")]),
        ];
        let catalogue = Catalogue { parts: Parts::of(&kept), kept, ..Catalogue::default() };
        for (zh, en, key) in
            [("电池", "", Some("battery")), ("", "BATTERY", Some("battery")), ("屏", "cell", Some("cell")), ("", "", None), ("无", "none", None)]
        {
            assert_eq!(catalogue.property_key(&Bilingual { zh: zh.to_owned(), en: en.to_owned() }).as_deref(), key, "{zh}/{en}");
        }
        assert_eq!((catalogue.drawing("phone"), catalogue.drawing("lamp")), (Some("phone"), None));
    }
}
