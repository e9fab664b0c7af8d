//! The graph of what is on sale: goods, plans, their kinds and tags, their names, their facts, and how they belong together; and what customers ask about it.
//!
//! A line is [read](reader) as a typed query (mentions, groups, properties, bounds, an order, a count, a comparison) and [answered](answering) from the facts
//! alone. Goods and plans are the truth; the company's own [document](StoredGraph) adds names, relations, units, and links to entries.

mod answering;
pub(crate) mod choice;
mod comparing;
pub(crate) mod facts;
pub(crate) mod found;
mod groups;
mod heads;
mod kinds;
mod names;
mod phrases;
mod reader;
pub(crate) mod reading;
mod render;
mod scale;
mod selecting;
mod stored;
mod values;
mod words;

use std::collections::{BTreeMap, HashMap, HashSet};

use normal::currency::Currency;
pub use stored::{RelationKind, StoredAliases, StoredFaq, StoredGraph, StoredRelation, StoredUnit};

use self::facts::{Item, Node, currency_of, money, nodes};
use self::groups::Group;
use self::kinds::groups;
use self::names::Names;
use crate::concepts::{Concepts, Span};
use crate::knowledge::Knowledge;
use crate::stop::{Stop, Stopped};
use crate::text::{Lang, list};

/// The words of one language.
struct Lexicon {
    properties: Concepts,
    groups: Concepts,
    adjectives: Concepts,
    fillers: Concepts,
    elsewhere: Concepts,
    marks: Concepts,
}

impl Lexicon {
    /// Whether a word occurs in any phrase.
    fn knows(&self, word: &str) -> bool {
        [&self.properties, &self.groups, &self.adjectives, &self.fillers, &self.elsewhere, &self.marks].iter().any(|words| words.knows(word))
    }

    /// The properties that a line names, without those within a longer word for a kind of thing: 笔 of 笔记本 is no pen.
    fn properties_in<S: AsRef<str>>(&self, line: &[S]) -> Vec<Span<'_>> {
        let kinds = self.groups.spans(line);
        let is_within =
            |span: &Span<'_>| kinds.iter().any(|kind| kind.start <= span.start && span.end <= kind.end && kind.end - kind.start > span.end - span.start);
        self.properties.spans(line).into_iter().filter(|span| !is_within(span)).collect()
    }
}

/// The catalogue with the vocabulary used to ask about it.
pub(crate) struct Graph {
    /// All goods and plans.
    pub(crate) nodes: Vec<Node>,
    /// Kinds of things, categories and tags.
    pub(crate) groups: Vec<Group>,
    names: Names,
    lexicons: [Lexicon; 2],
    properties: Vec<Vec<String>>,
    ids: BTreeMap<String, Item>,
    relations: Vec<(Item, RelationKind, Item)>,
    faqs: Vec<(Item, String)>,
    currency: &'static Currency,
}

impl Graph {
    /// Learns names, facts and words.
    pub(crate) fn new(knowledge: &Knowledge, stop: &Stop) -> Result<Graph, Stopped> {
        let nodes = nodes(knowledge);
        let groups = groups(&nodes, knowledge);
        let mut properties: Vec<Vec<String>> = words::PROPERTIES.iter().map(|property| list(property.key).map(str::to_owned).collect()).collect();
        let mut spoken: Vec<(u32, String, Lang)> = Vec::new();
        for (index, property) in words::PROPERTIES.iter().enumerate() {
            for lang in [Lang::Zh, Lang::En] {
                spoken.extend(property.phrases(lang).map(|phrase| (index as u32, phrase.to_owned(), lang)));
            }
        }
        let mut labels: BTreeMap<&str, Vec<(&str, Lang)>> = BTreeMap::new();
        for attribute in knowledge.products.iter().flat_map(|product| &product.attributes) {
            let label = &attribute.label;
            labels.entry(&attribute.key).or_default().extend([(label.zh.as_str(), Lang::Zh), (label.en.as_str(), Lang::En)]);
        }
        let mut known: HashMap<String, usize> = HashMap::new();
        for (index, keys) in properties.iter().enumerate() {
            if let Some(key) = keys.first() {
                known.entry(key.clone()).or_insert(index);
            }
        }
        let mut said: HashSet<String> = spoken.iter().map(|(_, phrase, _)| phrase.to_ascii_lowercase()).collect();
        for (key, mut labels) in labels {
            stop.look()?;
            labels.sort_unstable_by_key(|(label, lang)| (*lang as u8, *label));
            labels.dedup();
            let index = *known.entry(key.to_owned()).or_insert(properties.len());
            if index == properties.len() {
                properties.push(vec![key.to_owned()]);
            }
            let fresh: Vec<_> = labels.iter().filter(|(label, _)| !said.contains(&label.to_ascii_lowercase())).collect();
            spoken.extend(fresh.iter().map(|(label, lang)| (index as u32, (*label).to_owned(), *lang)));
            said.extend(fresh.iter().map(|(label, _)| label.to_ascii_lowercase()));
        }
        let lexicons = [Lang::Zh, Lang::En].map(|lang| {
            let mut lexicon = Lexicon {
                properties: Concepts::new(),
                groups: Concepts::new(),
                adjectives: Concepts::new(),
                fillers: Concepts::new(),
                elsewhere: Concepts::new(),
                marks: reader::asking::marks(lang),
            };
            for (index, phrase, _) in spoken.iter().filter(|(_, _, of)| *of == lang) {
                lexicon.properties.add(&names::words(phrase, lang), *index);
            }
            for (index, group) in groups.iter().enumerate() {
                group.words[lang as usize].iter().for_each(|words| lexicon.groups.add(words, index as u32));
            }
            for (index, adjective) in words::ADJECTIVES.iter().enumerate() {
                adjective.words.phrases(lang).for_each(|phrase| lexicon.adjectives.add(&names::words(phrase, lang), index as u32));
            }
            let (fillers, elsewhere) = if lang == Lang::Zh { (words::FILLERS_ZH, words::ELSEWHERE_ZH) } else { (words::FILLERS_EN, words::ELSEWHERE_EN) };
            list(fillers).for_each(|filler| lexicon.fillers.add(&names::words(filler, lang), 0));
            list(elsewhere).for_each(|phrase| lexicon.elsewhere.add(&names::words(phrase, lang), 0));
            lexicon
        });
        let taken: HashSet<String> = groups
            .iter()
            .filter(|group| group.is_a_kind())
            .flat_map(|group| group.words.iter().flatten().map(|words| words.concat()))
            .chain(spoken.iter().map(|(_, phrase, lang)| names::words(phrase, *lang).concat()))
            .collect();
        let names = Names::new(&nodes, knowledge, &taken, stop)?;
        let ids: BTreeMap<String, Item> = nodes.iter().enumerate().map(|(item, node)| (node.id.clone(), item as Item)).collect();
        let item = |id: &str| ids.get(id).copied();
        let relations = knowledge.graph.relations.iter().filter_map(|it| Some((item(&it.from)?, it.kind, item(&it.to)?))).collect();
        let faqs = knowledge.graph.faqs.iter().filter_map(|it| Some((item(&it.item)?, it.entry.clone()))).collect();
        Ok(Graph { nodes, groups, names, lexicons, properties, ids, relations, faqs, currency: currency_of(knowledge) })
    }

    /// Which of the tokens of a line say nothing of what it is about.
    pub(crate) fn filler_tokens(&self, line: &[String], lang: Lang) -> Vec<bool> {
        let mut found = vec![false; line.len()];
        self.lexicons[lang as usize].fillers.spans(line).into_iter().for_each(|span| found[span.start..span.end].fill(true));
        found
    }

    /// Whether a line names goods or plans, a kind of them or a property.
    pub(crate) fn names_any(&self, line: &[String], lang: Lang) -> bool {
        let lexicon = &self.lexicons[lang as usize];
        !lexicon.properties.spans(line).is_empty() || !lexicon.groups.spans(line).is_empty() || !self.names.items_in(line, lang).is_empty()
    }

    /// An amount of hundredths in the company's currency, as it is shown.
    fn money(&self, amount: i64, lang: Lang) -> String {
        money(amount, self.currency, lang)
    }

    /// The item with this id; `None` if there is none.
    pub(crate) fn item(&self, id: &str) -> Option<Item> {
        self.ids.get(id).copied()
    }

    /// The node of an item.
    pub(crate) fn node(&self, item: Item) -> &Node {
        &self.nodes[item as usize]
    }

    /// The entries that the company linked to an item.
    pub(crate) fn entries_about(&self, item: Item) -> impl Iterator<Item = &str> {
        self.faqs.iter().filter(move |(of, _)| *of == item).map(|(_, entry)| entry.as_str())
    }

    /// The items that stand in this relation to an item.
    pub(crate) fn relatives_of(&self, item: Item, kind: RelationKind) -> Vec<Item> {
        let both = kind == RelationKind::CompatibleWith;
        let forth = self.relations.iter().filter(|(_, of, to)| *of == kind && *to == item).map(|(from, _, _)| *from);
        let back = self.relations.iter().filter(|(from, of, _)| both && *of == kind && *from == item).map(|(_, _, to)| *to);
        let mut all: Vec<Item> = forth.chain(back).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The other members of an item's family, cheapest first.
    pub(crate) fn siblings(&self, item: Item) -> Vec<Item> {
        let mut family: Vec<Item> = self.names.family_of(item).into_iter().filter(|other| *other != item).collect();
        family.sort_by_key(|other| self.node(*other).price_fen);
        family
    }

    /// The members of an item's family: the others, cheapest first, then itself.
    pub(crate) fn family(&self, item: Item) -> Vec<Item> {
        let mut family = self.siblings(item);
        family.push(item);
        family
    }

    /// The items of the same kind as an item, itself included; of several kinds, the one that says most.
    pub(crate) fn kin(&self, item: Item) -> Vec<Item> {
        let kinds = self.groups.iter().filter(|group| group.is_one_kind() && group.items.contains(&item));
        kinds.min_by_key(|group| group.items.len()).map(|group| group.items.clone()).unwrap_or_default()
    }

    /// The keys of a property.
    fn keys(&self, property: u32) -> &[String] {
        &self.properties[property as usize]
    }
}
