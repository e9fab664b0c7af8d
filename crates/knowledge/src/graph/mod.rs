//! What a company adds to its goods and plans for the bot: other names, relations, entries about an item, and units. A change takes effect at once.

pub mod change;
pub mod file;
pub mod list;
pub mod units;

use std::collections::BTreeSet;

use axum::extract::DefaultBodyLimit;
use content::{
    goods::GoodsState,
    graph::{Addition, GraphError, GraphItem, Relation, RelationKind},
    knowledge::Phrasings,
};
use db::Tx;
use domain::{id::TenantId, text::Bilingual, time::Ts};
use http_kit::{App, problem::Problem};
use serde::Serialize;
use service::{
    catalogue::Catalogue,
    graph::{Additions, Existing, Item, ItemKind, Names, addition_to, by_item, items, referring_to},
};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::file::MAX_FILE_BYTES;

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    let import = OpenApiRouter::new().routes(routes!(file::import_graph)).layer(DefaultBodyLimit::max(MAX_FILE_BYTES));
    OpenApiRouter::new()
        .routes(routes!(list::list_graph))
        .routes(routes!(list::get_graph_item, change::put_graph_item))
        .routes(routes!(list::find_graph_entries))
        .routes(routes!(units::list_graph_units))
        .routes(routes!(units::put_graph_unit))
        .routes(routes!(file::export_graph))
        .merge(import)
}

/// An item of the catalogue with what is added to it.
#[derive(Debug, Serialize, ToSchema)]
pub struct GraphRow {
    /// The id of a product or plan, or `category:` or `tag:` with the key of one.
    pub id: String,
    /// What it is.
    pub kind: ItemKind,
    /// The name that customers see.
    pub name: Bilingual,
    /// Who sees it; left out for categories and tags.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub state: Option<GoodsState>,
    /// Its other names.
    pub aliases: Phrasings,
    /// Those of its other names that another item has as well, so that the bot has to ask which is meant.
    pub ambiguous: Vec<String>,
    /// How many relations it has, in either direction.
    pub relations: usize,
    /// How many entries of the knowledge are about it.
    pub faqs: usize,
    /// When what is added was last changed, 0 if nothing was yet; send it back as `seen` with a change.
    pub updated_at: Ts,
}

/// An item with all that is added to it, and what refers to it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GraphItem)]
pub struct GraphItemView {
    /// What the list shows.
    #[serde(flatten)]
    pub row: GraphRow,
    /// What it is to other items.
    pub relates: Vec<RelationView>,
    /// What other items are to it.
    pub referred_by: Vec<RelationView>,
    /// The entries of the knowledge about it.
    pub entries: Vec<GraphEntry>,
}

/// A relation with the other item.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GraphRelated)]
pub struct RelationView {
    /// What the one is to the other.
    pub kind: RelationKind,
    /// The id of the other item.
    pub item: String,
    /// The name of the other item; `null` if it no longer exists.
    #[schema(required)]
    pub name: Option<Bilingual>,
}

/// An entry of the knowledge.
#[derive(Debug, Serialize, ToSchema)]
pub struct GraphEntry {
    /// The id of the entry.
    pub id: String,
    /// Its question; `null` if the entry no longer exists.
    #[schema(required)]
    pub question: Option<Bilingual>,
}

/// The items of a company with what is added to each.
struct Whole {
    items: Vec<Item>,
    additions: Additions,
    names: Names,
}

impl Whole {
    async fn read(app: &App, tenant: TenantId) -> Result<Self, Problem> {
        let catalogue = app.catalogue(tenant).await?;
        let additions = store_knowledge::graph::items(&mut app.db().read_of(tenant).await?, tenant).await?;
        Ok(Self::new(&catalogue, additions))
    }
    fn new(catalogue: &Catalogue, additions: Vec<GraphItem>) -> Self {
        let (items, additions) = (items(catalogue), by_item(additions));
        let names = Names::of(&items, &additions);
        Self { items, additions, names }
    }
    fn item(&self, id: &str) -> Result<&Item, Problem> {
        self.items.iter().find(|item| item.id == id).ok_or_else(Problem::not_found)
    }
    fn row(&self, item: &Item) -> GraphRow {
        let GraphItem { addition, updated_at, .. } = addition_to(&self.additions, &item.id);
        let Item { id, kind, name, state } = item.clone();
        let relations = addition.relations.len() + referring_to(&self.additions, &item.id).count();
        GraphRow {
            id,
            kind,
            name,
            state,
            ambiguous: self.names.ambiguous(&addition),
            relations,
            faqs: addition.faqs.len(),
            aliases: addition.aliases,
            updated_at,
        }
    }
    fn relation_view(&self, kind: RelationKind, id: &str) -> RelationView {
        RelationView { kind, item: id.to_owned(), name: self.item(id).ok().map(|item| item.name.clone()) }
    }
    async fn view(&self, tx: &mut Tx, tenant: TenantId, item: &Item) -> store::Result<GraphItemView> {
        let Addition { relations, faqs, .. } = addition_to(&self.additions, &item.id).addition;
        let mut entries = Vec::with_capacity(faqs.len());
        for id in faqs {
            let question = entry(tx, tenant, &id).await?;
            entries.push(GraphEntry { id, question });
        }
        Ok(GraphItemView {
            row: self.row(item),
            relates: relations.iter().map(|Relation { kind, to }| self.relation_view(*kind, to)).collect(),
            referred_by: referring_to(&self.additions, &item.id).map(|(from, kind)| self.relation_view(kind, from)).collect(),
            entries,
        })
    }
}

/// The question of an entry of the draft that is not removed.
async fn entry(tx: &mut Tx, tenant: TenantId, id: &str) -> store::Result<Option<Bilingual>> {
    match store_knowledge::knowledge_drafts::get(tx, tenant, id).await {
        Ok(draft) if !draft.removed => Ok(Some(draft.entry.question)),
        Ok(_) | Err(store::Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Checks what is added to an item: against the items, and against those of its entries that exist.
async fn check(tx: &mut Tx, tenant: TenantId, items: &[Item], id: &str, addition: &Addition) -> store::Result<Result<(), GraphError>> {
    let mut known = BTreeSet::new();
    for faq in addition.faqs.iter().take(content::graph::MAX_FAQS + 1) {
        if entry(tx, tenant, faq).await?.is_some() {
            known.insert(faq.clone());
        }
    }
    let existing = Existing::new(items, known);
    Ok(addition.check(id, &existing))
}
