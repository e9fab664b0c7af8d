//! The items of a company's catalogue, what is added to them for the bot, and the document that the bot reads.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use bot::graph::{StoredAliases, StoredFaq, StoredGraph, StoredRelation, StoredUnit};
use content::{
    goods::GoodsState,
    graph::{Addition, GraphItem, GraphUnit, Known, Relation, RelationKind},
    synonyms::Uses,
};
use domain::{
    text::{Bilingual, Lang},
    time::Ts,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::catalogue::Catalogue;

/// What kind of item it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = GraphItemKind)]
pub enum ItemKind {
    /// A product.
    Goods,
    /// A plan.
    Plan,
    /// A category of goods.
    Category,
    /// A tag of goods.
    Tag,
}

/// Something that can be called by other names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The id of a product or plan, or `category:` or `tag:` with the key of one.
    pub id: String,
    /// What it is.
    pub kind: ItemKind,
    /// The name that customers see.
    pub name: Bilingual,
    /// Who sees it; `None` for categories and tags.
    pub state: Option<GoodsState>,
}

/// All items of a catalogue: goods, plans, categories and tags, in the order of the hall.
pub fn items(catalogue: &Catalogue) -> Vec<Item> {
    let item = |id: &str, kind, name: &Bilingual, state| Item { id: id.to_owned(), kind, name: name.clone(), state };
    let goods = catalogue.kept.iter().map(|kept| item(&kept.product.id, ItemKind::Goods, &kept.product.name, Some(kept.state)));
    let plans = catalogue.kept_plans.iter().map(|kept| item(&kept.id, ItemKind::Plan, &kept.plan.name, Some(kept.state)));
    let categories = catalogue.frame.categories.iter().map(|one| item(&format!("category:{}", one.id), ItemKind::Category, &one.name, None));
    let tags = catalogue.frame.tag_names.iter().map(|(key, name)| item(&format!("tag:{key}"), ItemKind::Tag, name, None));
    goods.chain(plans).chain(categories).chain(tags).collect()
}

/// What an addition may refer to: the items of a catalogue, and entries that exist.
#[derive(Debug)]
pub struct Existing<'a> {
    items: HashSet<&'a str>,
    entries: BTreeSet<String>,
}

impl<'a> Existing<'a> {
    /// These items and entries.
    pub fn new(items: &'a [Item], entries: BTreeSet<String>) -> Self {
        Self { items: items.iter().map(|item| item.id.as_str()).collect(), entries }
    }
}

impl Known for Existing<'_> {
    fn has_item(&self, id: &str) -> bool {
        self.items.contains(id)
    }
    fn has_entry(&self, id: &str) -> bool {
        self.entries.contains(id)
    }
}

/// What is added to each item, by id.
pub type Additions = BTreeMap<String, GraphItem>;

/// Sorts what is added by item.
pub fn by_item(all: Vec<GraphItem>) -> Additions {
    all.into_iter().map(|one| (one.id.clone(), one)).collect()
}

/// What is added to an item, and when that last changed; nothing yet, if it is not among them.
pub fn addition_to(additions: &Additions, id: &str) -> GraphItem {
    additions.get(id).cloned().unwrap_or_else(|| GraphItem { id: id.to_owned(), addition: Addition::default(), updated_at: Ts(0) })
}

/// Which names more than one item has: its own, and those that are added.
#[derive(Debug)]
pub struct Names(Uses);

impl Names {
    /// The names of these items.
    pub fn of(items: &[Item], additions: &Additions) -> Self {
        let mut uses = Uses::default();
        for item in items {
            let added = additions.get(&item.id).map(|one| one.addition.aliases.clone()).unwrap_or_default();
            for (lang, name, more) in [(Lang::Zh, &item.name.zh, added.zh), (Lang::En, &item.name.en, added.en)] {
                uses.add(lang, &content::synonyms::tidied([name.clone()].into_iter().chain(more).collect()));
            }
        }
        Self(uses)
    }
    /// The other names of an item that another item has as well.
    pub fn ambiguous(&self, addition: &Addition) -> Vec<String> {
        let mut found = self.0.beyond(1, Lang::Zh, &addition.aliases.zh);
        found.extend(self.0.beyond(1, Lang::En, &addition.aliases.en));
        found
    }
}

/// What other items are to this one.
pub fn referring_to<'a>(additions: &'a Additions, id: &'a str) -> impl Iterator<Item = (&'a str, RelationKind)> {
    let from =
        move |one: &'a GraphItem| one.addition.relations.iter().filter(move |relation| relation.to == id).map(move |relation| (one.id.as_str(), relation.kind));
    additions.values().flat_map(from)
}

/// A property on the data sheets of goods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Property {
    /// Its key, such as `weight_g`.
    pub key: String,
    /// The first label that it has.
    pub label: Bilingual,
    /// The units that data sheets give.
    pub given: BTreeSet<String>,
    /// How many products have it.
    pub goods: usize,
    /// How many of these give no unit.
    pub without: usize,
}

/// The properties on the data sheets of goods, those of most goods first.
pub fn properties(catalogue: &Catalogue) -> Vec<Property> {
    let mut found: BTreeMap<&str, Property> = BTreeMap::new();
    for line in catalogue.kept.iter().flat_map(|kept| &kept.product.attributes) {
        let new = || Property { key: line.key.clone(), label: line.label.clone(), given: BTreeSet::new(), goods: 0, without: 0 };
        let property = found.entry(&line.key).or_insert_with(new);
        property.goods += 1;
        if line.unit.is_empty() {
            property.without += 1;
        } else {
            property.given.insert(line.unit.clone());
        }
    }
    let mut properties: Vec<Property> = found.into_values().collect();
    properties.sort_by(|a, b| b.goods.cmp(&a.goods).then_with(|| a.key.cmp(&b.key)));
    properties
}

/// The document that the bot reads.
pub fn document(items: Vec<GraphItem>, units: Vec<GraphUnit>) -> StoredGraph {
    let mut graph = StoredGraph::default();
    for GraphItem { id, addition: Addition { aliases, relations, faqs }, updated_at: _ } in items {
        graph.relations.extend(relations.into_iter().map(|Relation { kind, to }| StoredRelation { from: id.clone(), kind: kind_of(kind), to }));
        graph.faqs.extend(faqs.into_iter().map(|entry| StoredFaq { item: id.clone(), entry }));
        if !aliases.zh.is_empty() || !aliases.en.is_empty() {
            graph.aliases.push(StoredAliases { item: id, zh: aliases.zh, en: aliases.en });
        }
    }
    let units = units.into_iter().filter(|unit| !unit.unit.is_empty());
    graph.units = units.map(|GraphUnit { id, unit, updated_at: _ }| StoredUnit { attribute: id, unit }).collect();
    graph
}

/// Reads such a document, as the demo has one, as rows.
pub fn rows_of(graph: StoredGraph, at: Ts) -> (Vec<GraphItem>, Vec<GraphUnit>) {
    let StoredGraph { aliases, relations, units, faqs } = graph;
    let mut items: BTreeMap<String, Addition> = BTreeMap::new();
    for StoredAliases { item, zh, en } in aliases {
        items.entry(item).or_default().aliases = content::knowledge::Phrasings { zh, en };
    }
    for StoredRelation { from, kind, to } in relations {
        items.entry(from).or_default().relations.push(Relation { kind: relation_of(kind), to });
    }
    for StoredFaq { item, entry } in faqs {
        items.entry(item).or_default().faqs.push(entry);
    }
    let items = items.into_iter().map(|(id, addition)| GraphItem { id, addition: addition.tidied(), updated_at: at }).collect();
    let units = units.into_iter().map(|StoredUnit { attribute, unit }| GraphUnit { id: attribute, unit, updated_at: at }).collect();
    (items, units)
}

const fn kind_of(kind: RelationKind) -> bot::graph::RelationKind {
    match kind {
        RelationKind::CompatibleWith => bot::graph::RelationKind::CompatibleWith,
        RelationKind::UpgradeOf => bot::graph::RelationKind::UpgradeOf,
    }
}
const fn relation_of(kind: bot::graph::RelationKind) -> RelationKind {
    match kind {
        bot::graph::RelationKind::CompatibleWith => RelationKind::CompatibleWith,
        bot::graph::RelationKind::UpgradeOf => RelationKind::UpgradeOf,
    }
}

#[cfg(test)]
mod tests {
    use content::knowledge::Phrasings;

    use super::*;

    fn item(id: &str, zh: &str) -> Item {
        Item { id: id.to_owned(), kind: ItemKind::Goods, name: Bilingual { zh: zh.to_owned(), en: String::new() }, state: Some(GoodsState::Live) }
    }
    fn called(id: &str, zh: &[&str]) -> GraphItem {
        let aliases = Phrasings { zh: zh.iter().map(|name| (*name).to_owned()).collect(), en: Vec::new() };
        GraphItem { id: id.to_owned(), addition: Addition { aliases, ..Addition::default() }, updated_at: Ts(1) }
    }

    #[test]
    fn a_name_of_two_items_is_ambiguous_also_if_it_is_the_own_name_of_one() {
        let items = [item("g-1", "大屏机"), item("g-2", "小屏机")];
        let additions = by_item(vec![called("g-1", &["皇帝版", "旗舰", "大屏机"]), called("g-2", &["旗舰", "大屏机"])]);
        let names = Names::of(&items, &additions);
        assert_eq!(names.ambiguous(&additions["g-1"].addition), ["旗舰", "大屏机"]);
        assert_eq!(names.ambiguous(&additions["g-2"].addition), ["旗舰", "大屏机"]);
        assert_eq!(addition_to(&additions, "g-3").updated_at, Ts(0));
    }

    #[test]
    fn a_document_survives_its_rows() {
        let json = r#"{"aliases":[{"item":"category:phone","zh":["手机"],"en":[]},{"item":"g-1","zh":["皇帝版"],"en":["the big one"]}],
            "relations":[{"from":"g-1","kind":"compatible_with","to":"g-3"},{"from":"g-1","kind":"upgrade_of","to":"g-2"}],
            "units":[{"attribute":"weight_g","unit":"g"}],"faqs":[{"item":"g-1","entry":"kb-1"}]}"#;
        let graph: StoredGraph = serde_json::from_str(json).unwrap();
        let (items, units) = rows_of(graph.clone(), Ts(1));
        let additions = by_item(items.clone());
        assert_eq!(referring_to(&additions, "g-2").collect::<Vec<_>>(), [("g-1", RelationKind::UpgradeOf)]);
        assert_eq!(document(items, units), graph);
    }
}
