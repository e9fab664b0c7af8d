//! What is recommended to a visitor: only what is on sale and in stock, or published, each with its reason and the names that the reason mentions.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use content::recommendation::ItemKind;
use db::{Db, Tx};
use domain::{
    consent::Purpose,
    id::{SiteId, TenantId, VisitorId},
    text::Bilingual,
    time::{HOUR, Ts},
};
use recommender::{Item, Model, Offer, Reason, Viewer};
use serde::Deserialize;
use store::{Error, Result, consents};
use store_knowledge::recommendations;
use utoipa::ToSchema;

use super::{is_on, item_kind, item_of, learned_kind};
use crate::{bounded::Bounded, catalogue::Catalogue};

/// The maximum number of companies whose models are cached. The largest takes a few megabytes.
const MOST_KNOWN: usize = 64;
/// A model that has not been used for this long is evicted.
const IDLE_MS: i64 = HOUR;
/// The latest items of a visitor that count.
const HISTORY: i64 = 30;
/// How many more are ranked than shown, because some may be gone.
const RANKED: usize = 60;

/// The model of a company, with its version. The caller that holds the lock reads it; the others wait.
type Kept = Arc<tokio::sync::Mutex<Option<(i64, Arc<Model>)>>>;

/// The models as last read, by company.
#[derive(Debug, Clone)]
pub struct Models(Arc<Mutex<Bounded<TenantId, Kept>>>);

impl Default for Models {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Bounded::new(MOST_KNOWN, IDLE_MS))))
    }
}

impl Models {
    /// Evicts the models that have not been used recently.
    pub fn forget_idle(&self, now: Ts) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).forget_idle(now);
    }
    /// What a company last learned; empty if nothing.
    async fn of(&self, tx: &mut Tx, tenant: TenantId) -> Result<Arc<Model>> {
        let cell = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(tenant, tx.now());
        let mut held = cell.lock().await;
        let version = recommendations::version(tx, tenant).await?;
        if let Some((_, model)) = held.as_ref().filter(|(of, _)| *of == version) {
            return Ok(model.clone());
        }
        let learned = recommendations::model(tx, tenant).await?.and_then(|(learned, _)| learned);
        let read = |json: &str| serde_json::from_str::<Model>(json).map_err(|error| Error::Db(db::Error::Corrupt(error.to_string())));
        let (version, model) = match learned {
            Some(learned) => (learned.version, Arc::new(read(&learned.model)?)),
            None => (version, Arc::default()),
        };
        *held = Some((version, model.clone()));
        Ok(model)
    }
}

/// Where recommendations are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// On the first page of the hall: goods and plans.
    Home,
    /// On the page of a product or a plan: goods and plans.
    Page,
    /// Below an answer about a product or a plan: anything.
    Answer,
    /// Beside a conversation, for the agent: anything.
    Desk,
}

impl Place {
    /// The most that are shown.
    const fn most(self) -> usize {
        match self {
            Self::Home | Self::Page | Self::Desk => 4,
            Self::Answer => 3,
        }
    }
    const fn shows(self, kind: ItemKind) -> bool {
        match self {
            Self::Home | Self::Page => !matches!(kind, ItemKind::Question),
            Self::Answer | Self::Desk => true,
        }
    }
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    /// The site.
    pub site: SiteId,
    /// The visitor, if known.
    pub visitor: Option<VisitorId>,
    /// The product, plan or question that is shown now.
    pub about: Option<&'a str>,
    /// Where they are shown.
    pub place: Place,
}

/// Something with the name that people know it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// What it is.
    pub kind: ItemKind,
    /// Its id.
    pub id: String,
    /// Its name, or the question.
    pub name: Bilingual,
}

/// Why something is recommended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// Visitors who took an interest in what is shown now also took an interest in it.
    AlsoLooked(Named),
    /// The visitor took an interest in that.
    BecauseOf(Named),
    /// It is popular in this category.
    PopularIn(Bilingual),
    /// It is popular.
    Popular,
}

/// What is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    /// Whether the visitor wants them by what they look at; `None` if they did not say, or are not known.
    pub wanted: Option<bool>,
    /// Whether the company shows any here.
    pub on: bool,
    /// The items, best first, each with its reason.
    pub items: Vec<(Named, Why)>,
}

/// What is recommended. To a visitor who refused, nothing is.
pub async fn recommend(db: &Db, models: &Models, catalogue: &Catalogue, tenant: TenantId, wish: Wish<'_>) -> Result<Shown> {
    let mut tx = db.read_of(tenant).await?;
    let on = is_on(&recommendations::settings(&mut tx, tenant).await?, wish.site);
    let wanted = match wish.visitor {
        Some(visitor) => consents::choice(&mut tx, tenant, visitor, Purpose::Recommendations).await?,
        None => None,
    };
    if !on || wanted == Some(false) {
        return Ok(Shown { wanted, on, items: Vec::new() });
    }
    let is_known = match wish.visitor {
        // The team sees what is remembered of somebody, whether or not it is used to recommend.
        Some(visitor) if wish.place == Place::Desk && wanted.is_none() => consents::choice(&mut tx, tenant, visitor, Purpose::Profile).await? == Some(true),
        _ => wanted == Some(true),
    };
    let history = match wish.visitor.filter(|_| is_known) {
        Some(visitor) => recommendations::of_visitor(&mut tx, tenant, visitor, HISTORY).await?,
        None => Vec::new(),
    };
    let model = models.of(&mut tx, tenant).await?;
    let history: Vec<(Item, f32)> = history.iter().map(|signal| (item_of(signal), signal.interest.weight())).collect();
    let goods: HashMap<&str, &content::goods::Product> = catalogue.goods.iter().map(|product| (product.id.as_str(), product)).collect();
    let at = wish.about.map(|id| item_at(catalogue, id));
    if wish.place == Place::Answer && at.as_ref().is_none_or(|item| item_kind(item.kind) == ItemKind::Question) {
        return Ok(Shown { wanted, on, items: Vec::new() });
    }
    let offer = |item: &Item| match item_kind(item.kind) {
        ItemKind::Product => {
            let product = goods.get(item.id.as_str()).filter(|product| product.stock > 0)?;
            Some(Offer { category: Some(product.category.clone()) })
        }
        ItemKind::Plan => catalogue.plans.iter().any(|plan| plan.id == item.id).then(Offer::default),
        ItemKind::Question => Some(Offer::default()),
    };
    let is_wanted = |item: &Item| wish.place.shows(item_kind(item.kind));
    let ranked = model.rank(Viewer { at: at.as_ref(), history: &history }, RANKED, |item| offer(item).filter(|_| is_wanted(item)));
    let mut items = Vec::new();
    for one in ranked {
        if items.len() >= wish.place.most() {
            break;
        }
        let fits = match wish.place {
            // Beside a product stands what others looked at too, and nothing else.
            Place::Page => matches!(one.reason, Reason::AlsoLooked(_)),
            // Below an answer, what is merely popular would be in the way.
            Place::Answer => !matches!(one.reason, Reason::Popular | Reason::PopularIn(_)),
            Place::Home | Place::Desk => true,
        };
        if !fits {
            continue;
        }
        let Some(named) = name(&mut tx, tenant, catalogue, &one.item).await? else { continue };
        let why = match one.reason {
            Reason::Popular => Why::Popular,
            Reason::PopularIn(category) => {
                catalogue.frame.categories.iter().find(|known| known.id == category).map_or(Why::Popular, |known| Why::PopularIn(known.name.clone()))
            }
            Reason::AlsoLooked(item) => name(&mut tx, tenant, catalogue, &item).await?.map_or(Why::Popular, Why::AlsoLooked),
            Reason::BecauseOf(item) => name(&mut tx, tenant, catalogue, &item).await?.map_or(Why::Popular, Why::BecauseOf),
        };
        items.push((named, why));
    }
    Ok(Shown { wanted, on, items })
}

/// The item that has this id, a product or plan before a question.
fn item_at(catalogue: &Catalogue, id: &str) -> Item {
    let kind = match () {
        () if catalogue.goods(id).is_some() => ItemKind::Product,
        () if catalogue.plans.iter().any(|plan| plan.id == id) => ItemKind::Plan,
        () => ItemKind::Question,
    };
    Item { kind: learned_kind(kind), id: id.to_owned() }
}

#[derive(Deserialize)]
struct Question {
    question: Bilingual,
}

/// The name of an item, whether it is still on sale or not; `None` if nobody is to see it any more.
pub async fn name(tx: &mut Tx, tenant: TenantId, catalogue: &Catalogue, item: &Item) -> Result<Option<Named>> {
    let kind = item_kind(item.kind);
    let name = match kind {
        ItemKind::Product => catalogue.goods(&item.id).map(|product| product.name.clone()),
        ItemKind::Plan => catalogue.plans.iter().find(|plan| plan.id == item.id).map(|plan| plan.name.clone()),
        ItemKind::Question => {
            let found = store_knowledge::knowledge::entries_by_id(tx, tenant, std::slice::from_ref(&item.id)).await?;
            found.first().and_then(|entry| serde_json::from_str(&entry.json).ok()).map(|Question { question }| question)
        }
    };
    Ok(name.map(|name| Named { kind, id: item.id.clone(), name }))
}
