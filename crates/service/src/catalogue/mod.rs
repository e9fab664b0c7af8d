//! The companies' catalogues: documents read from the store once and cached until they change.

pub mod search;

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use content::{
    goods::{GoodsState, Product},
    plan::Plan,
};
use db::{Db, Tx};
use domain::{
    effect::Effect,
    entry::EntryKind,
    id::TenantId,
    text::Bilingual,
    time::{HOUR, Ts},
};
use serde::{Deserialize, Serialize};
use store_hall::{
    goods::{Kept, Unopened},
    plans::KeptPlan,
};
use tokio::sync::OnceCell;
use utoipa::ToSchema;

use crate::bounded::Bounded;

/// A category of goods.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Category {
    /// The id, e.g. `phone`.
    pub id: String,
    /// The name customers see.
    pub name: Bilingual,
}

/// The frame of a catalogue.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Frame {
    /// The currency as an ISO 4217 code.
    pub currency: String,
    /// The categories, in display order.
    pub categories: Vec<Category>,
    /// The names customers see for tags, by tag id.
    pub tag_names: BTreeMap<String, Bilingual>,
}

/// The currency of prices unless the catalogue states one.
const CURRENCY: &str = "CNY";

/// The currency of a company's prices, a code of ISO 4217.
pub async fn currency(tx: &mut Tx, tenant: TenantId) -> store::Result<String> {
    let (stored, _) = store_hall::catalogue::frame_seen(tx, tenant).await?;
    Ok(Frame::parse(stored.as_deref()).unwrap_or_default().currency)
}

impl Default for Frame {
    fn default() -> Self {
        Self { currency: CURRENCY.to_owned(), categories: Vec::new(), tag_names: BTreeMap::new() }
    }
}

impl Frame {
    /// Parses the stored form; empty if nothing is stored.
    pub fn parse(json: Option<&str>) -> serde_json::Result<Self> {
        json.map(serde_json::from_str).transpose().map(Option::unwrap_or_default)
    }
    /// Whether the category exists.
    pub fn has(&self, category: &str) -> bool {
        self.categories.iter().any(|known| known.id == category)
    }
    /// The ids of the categories.
    pub fn category_ids(&self) -> impl Iterator<Item = &str> {
        self.categories.iter().map(|category| category.id.as_str())
    }
}

/// Everything a company sells.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    /// The currency, categories and tag names.
    pub frame: Frame,
    /// When the frame was last changed.
    pub frame_at: Ts,
    /// The goods on public sale, in display order.
    pub goods: Vec<Product>,
    /// The plans on public sale, in display order.
    pub plans: Vec<Plan>,
    /// The plans staff see, including those that are not yet or no longer on sale.
    pub kept_plans: Vec<KeptPlan>,
    /// The goods staff see, including those that are not yet or no longer on sale.
    pub kept: Vec<Kept>,
    index: search::Index,
    kept_index: search::Index,
    parts: Parts,
}

/// Lookups that an import needs for every line of a file, computed once.
#[derive(Debug, Clone, Default)]
struct Parts {
    /// The first drawing used in each category.
    drawings: HashMap<String, String>,
    /// The first property with each label, Chinese and English: its position and its key.
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
    /// A product on public sale.
    pub fn goods(&self, id: &str) -> Option<&Product> {
        self.goods.iter().find(|goods| goods.id == id)
    }
    /// The index in which customers search for goods.
    pub const fn index(&self) -> &search::Index {
        &self.index
    }
    /// The index in which staff search for goods; its results are positions in `kept`.
    pub const fn kept_index(&self) -> &search::Index {
        &self.kept_index
    }
    /// The key of a property with this label in some existing product.
    pub fn property_key(&self, label: &Bilingual) -> Option<String> {
        let known = [self.parts.zh.get(&label.zh), self.parts.en.get(&label.en.to_ascii_lowercase())];
        known.into_iter().flatten().min().map(|(_, key)| key.clone())
    }
    /// The drawing that goods of a category have.
    pub fn drawing(&self, category: &str) -> Option<&str> {
        self.parts.drawings.get(category).map(String::as_str)
    }
}

/// The maximum number of companies whose catalogue is cached.
const MOST_KNOWN: usize = 64;
/// A catalogue that has not been used for this many milliseconds is evicted.
const IDLE_MS: i64 = HOUR;

/// A catalogue that is loaded on first use. Invalidating it drops the cell, so a load still in progress is not cached.
type Lazy = Arc<OnceCell<Arc<Catalogue>>>;

/// The catalogues as last read, by company: only the most recently used ones, up to a maximum.
#[derive(Debug)]
pub struct Catalogues(Mutex<Bounded<TenantId, Lazy>>);

impl Default for Catalogues {
    fn default() -> Self {
        Self(Mutex::new(Bounded::new(MOST_KNOWN, IDLE_MS)))
    }
}

impl Catalogues {
    fn lock(&self) -> MutexGuard<'_, Bounded<TenantId, Lazy>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// A company's catalogue. The call counts as a use and delays its eviction.
    pub async fn of(&self, db: &Db, tenant: TenantId) -> store::Result<Arc<Catalogue>> {
        let cell = self.lock().get(tenant, db.now());
        let build = || async {
            let stored = load(&mut db.snapshot_of(tenant).await?, tenant).await?;
            Ok(Arc::new(aside(move || stored.build()).await?))
        };
        cell.get_or_try_init(build).await.cloned()
    }
    /// Evicts a company's catalogue because it changed.
    pub fn forget(&self, tenant: TenantId) {
        self.lock().remove(&tenant);
    }
    /// Evicts the catalogues that have not been used recently.
    pub fn forget_idle(&self, now: Ts) {
        self.lock().forget_idle(now);
    }
    /// Evicts the catalogues that a commit changed.
    pub fn outdated_by(&self, effects: &[Effect]) {
        for effect in effects {
            if let Effect::Entry(entry) = effect
                && entry.entry.kind == EntryKind::CatalogueChanged
            {
                self.forget(entry.entry.tenant);
            }
        }
    }
    /// Evicts all catalogues.
    pub fn forget_all(&self) {
        self.lock().clear();
    }
}

/// Runs slow work on a thread where it blocks nobody else. A panic in it is propagated.
pub async fn aside<T: Send + 'static>(work: impl FnOnce() -> store::Result<T> + Send + 'static) -> store::Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(broken) => match broken.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_stopping) => Err(db::Error::Busy.into()),
        },
    }
}

/// A catalogue as read from the store, still to be built on a thread where that blocks nobody else.
#[derive(Debug)]
pub struct Stored {
    frame: Option<String>,
    frame_at: Ts,
    kept: Vec<Unopened>,
    plans: Vec<KeptPlan>,
}

/// Loads a company's catalogue from the store.
pub async fn load(tx: &mut Tx, tenant: TenantId) -> store::Result<Stored> {
    let (frame, frame_at) = store_hall::catalogue::frame_seen(tx, tenant).await?;
    Ok(Stored { frame, frame_at, kept: store_hall::goods::list(tx, tenant).await?, plans: store_hall::plans::list(tx, tenant).await? })
}

/// Loads a company's deleted goods that can still be restored, as a catalogue that only staff see, the most recently deleted first.
pub async fn load_deleted(tx: &mut Tx, tenant: TenantId) -> store::Result<Stored> {
    let (frame, frame_at) = store_hall::catalogue::frame_seen(tx, tenant).await?;
    Ok(Stored { frame, frame_at, kept: store_hall::goods::list_deleted(tx, tenant).await?, plans: Vec::new() })
}

impl Stored {
    /// Parses every document and builds the search index. This takes a while with ten thousand goods.
    pub fn build(self) -> store::Result<Catalogue> {
        let Self { frame, frame_at, kept, plans } = self;
        let kept_plans: Vec<KeptPlan> = plans.into_iter().filter(|kept| kept.deleted_at.is_none()).collect();
        let kept = kept.into_iter().map(Unopened::open).collect::<store::Result<Vec<Kept>>>()?;
        let parsed = || -> serde_json::Result<Catalogue> {
            let frame = Frame::parse(frame.as_deref())?;
            let plans = kept_plans.iter().filter(|kept| kept.state == GoodsState::Live).map(|kept| kept.plan.clone()).collect();
            let sold = |kept: &&Kept| kept.state == GoodsState::Live && kept.deleted_at.is_none();
            let goods: Vec<Product> = kept.iter().filter(sold).map(|kept| kept.product.clone()).collect();
            let index = search::Index::new(&frame, goods.iter());
            let kept_index = search::Index::new(&frame, kept.iter().map(|kept| &kept.product));
            let parts = Parts::of(&kept);
            Ok(Catalogue { frame, frame_at, goods, plans, kept_plans, kept, index, kept_index, parts })
        };
        parsed().map_err(|error| store::Error::Db(db::Error::Corrupt(error.to_string())))
    }
}

#[cfg(test)]
mod tests {
    use content::goods::{Attribute, Product};
    use domain::time::Ts;

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
