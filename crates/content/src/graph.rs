//! What a company adds to its catalogue for the bot: other names of an item, how items belong together, entries of the knowledge about one, and units of
//! properties. Goods and plans stay the truth about what is on sale.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use domain::time::Ts;

use crate::{knowledge::Phrasings, synonyms};

/// The most other names of an item in one language.
pub const MAX_ALIASES: usize = 20;
/// The longest other name, in characters.
pub const MAX_ALIAS_CHARS: usize = 40;
/// The most relations of an item.
pub const MAX_RELATIONS: usize = 50;
/// The most entries of the knowledge about an item.
pub const MAX_FAQS: usize = 20;
/// The longest unit, in characters.
pub const MAX_UNIT_CHARS: usize = 20;

/// What an item is to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = GraphRelationKind)]
pub enum RelationKind {
    /// It can be used with the other; true in both directions.
    CompatibleWith,
    /// It is the better or newer one of the two.
    UpgradeOf,
}

/// How an item belongs to another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GraphRelation)]
pub struct Relation {
    /// What the item is to the other.
    pub kind: RelationKind,
    /// The id of the other product or plan.
    pub to: String,
}

/// What is added to one product, plan, category or tag.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addition {
    /// Other names.
    #[serde(default)]
    pub aliases: Phrasings,
    /// How it belongs to other items.
    #[serde(default)]
    pub relations: Vec<Relation>,
    /// The ids of the entries of the knowledge that are about it.
    #[serde(default)]
    pub faqs: Vec<String>,
}

/// An addition with the item that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphItem {
    /// The id of a product or plan, or `category:` or `tag:` with the key of one.
    pub id: String,
    /// What is added.
    pub addition: Addition,
    /// When it was last changed; an editor sends it back, so that two people do not overwrite each other's changes.
    pub updated_at: Ts,
}

/// The unit of a property for which data sheets give none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphUnit {
    /// The key of the property, such as `weight_g`.
    pub id: String,
    /// The unit; empty for none.
    pub unit: String,
    /// When it was last changed.
    pub updated_at: Ts,
}

/// Why an addition was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct GraphError {
    /// The field of the request that the error is about.
    pub field: &'static str,
    /// The error's code in the report about a file.
    pub code: &'static str,
    /// A description in English.
    pub what: String,
}

fn wrong(field: &'static str, code: &'static str, what: String) -> GraphError {
    GraphError { field, code, what }
}

/// What an addition may refer to.
pub trait Known {
    /// Whether there is a product or plan with this id.
    fn has_item(&self, id: &str) -> bool;
    /// Whether there is an entry of the knowledge with this id.
    fn has_entry(&self, id: &str) -> bool;
}

/// Whether an item is a category or a tag, which have names only.
pub fn is_label(id: &str) -> bool {
    id.contains(':')
}

impl Addition {
    /// The addition without empty and repeated values, with its relations sorted.
    #[must_use]
    pub fn tidied(self) -> Self {
        let Self { aliases: Phrasings { zh, en }, mut relations, mut faqs } = self;
        let (mut related, mut linked) = (BTreeSet::new(), BTreeSet::new());
        relations.retain(|relation| related.insert(relation.clone()));
        relations.sort();
        faqs.retain(|entry| linked.insert(entry.clone()));
        Self { aliases: Phrasings { zh: synonyms::tidied(zh), en: synonyms::tidied(en) }, relations, faqs }
    }

    /// Whether nothing is added.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Checks what is added to the item `id`.
    ///
    /// # Errors
    /// The first field that breaks a rule.
    pub fn check(&self, id: &str, known: &impl Known) -> Result<(), GraphError> {
        for (field, aliases) in [("aliases.zh", &self.aliases.zh), ("aliases.en", &self.aliases.en)] {
            if aliases.len() > MAX_ALIASES {
                return Err(wrong(field, "too_many", format!("at most {MAX_ALIASES} other names in each language")));
            }
            let is_name =
                |name: &String| name.chars().count() <= MAX_ALIAS_CHARS && name.chars().any(char::is_alphanumeric) && !name.contains(char::is_control);
            if let Some(bad) = aliases.iter().find(|name| !is_name(name)) {
                return Err(wrong(field, "name", format!("{bad:?} is no name of at most {MAX_ALIAS_CHARS} characters")));
            }
        }
        if is_label(id) && !self.relations.is_empty() {
            return Err(wrong("relations", "label", "only products and plans have relations".to_owned()));
        }
        if is_label(id) && !self.faqs.is_empty() {
            return Err(wrong("faqs", "label", "only products and plans have entries".to_owned()));
        }
        if self.relations.len() > MAX_RELATIONS {
            return Err(wrong("relations", "too_many", format!("at most {MAX_RELATIONS} relations")));
        }
        for Relation { to, .. } in &self.relations {
            if to == id {
                return Err(wrong("relations", "itself", "an item has no relation to itself".to_owned()));
            }
            if is_label(to) || !known.has_item(to) {
                return Err(wrong("relations", "item", format!("there is no product or plan {to:?}")));
            }
        }
        if self.faqs.len() > MAX_FAQS {
            return Err(wrong("faqs", "too_many", format!("at most {MAX_FAQS} entries")));
        }
        match self.faqs.iter().find(|entry| !known.has_entry(entry)) {
            Some(entry) => Err(wrong("faqs", "entry", format!("there is no entry {entry:?}"))),
            None => Ok(()),
        }
    }
}

/// Checks a unit; an empty one removes it.
///
/// # Errors
/// It is too long, or not on one line.
pub fn check_unit(unit: &str) -> Result<(), GraphError> {
    if unit.chars().count() <= MAX_UNIT_CHARS && !unit.contains(char::is_control) {
        return Ok(());
    }
    Err(wrong("unit", "unit", format!("a unit has at most {MAX_UNIT_CHARS} characters on one line")))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Shop;
    impl Known for Shop {
        fn has_item(&self, id: &str) -> bool {
            matches!(id, "g-001" | "g-002" | "cloud-59" | "category:phone")
        }
        fn has_entry(&self, id: &str) -> bool {
            id == "kb-1"
        }
    }

    fn to(kind: RelationKind, to: &str) -> Relation {
        Relation { kind, to: to.to_owned() }
    }
    fn names(zh: &[&str]) -> Phrasings {
        Phrasings { zh: zh.iter().map(|name| (*name).to_owned()).collect(), en: Vec::new() }
    }

    #[test]
    fn each_rule_names_its_field() {
        let kind = RelationKind::CompatibleWith;
        let many: Vec<String> = (0..=MAX_ALIASES).map(|n| format!("名{n}")).collect();
        for (id, added, wanted) in [
            ("g-001", Addition { aliases: names(&["皇帝版"]), relations: vec![to(kind, "g-002")], faqs: vec!["kb-1".to_owned()] }, None),
            ("category:phone", Addition { aliases: names(&["手机"]), ..Addition::default() }, None),
            ("g-001", Addition { aliases: names(&["——"]), ..Addition::default() }, Some(("aliases.zh", "name"))),
            ("g-001", Addition { aliases: Phrasings { zh: Vec::new(), en: many }, ..Addition::default() }, Some(("aliases.en", "too_many"))),
            ("g-001", Addition { relations: vec![to(kind, "g-001")], ..Addition::default() }, Some(("relations", "itself"))),
            ("g-001", Addition { relations: vec![to(kind, "g-009")], ..Addition::default() }, Some(("relations", "item"))),
            ("g-001", Addition { relations: vec![to(kind, "category:phone")], ..Addition::default() }, Some(("relations", "item"))),
            ("category:phone", Addition { relations: vec![to(kind, "g-001")], ..Addition::default() }, Some(("relations", "label"))),
            ("category:phone", Addition { faqs: vec!["kb-1".to_owned()], ..Addition::default() }, Some(("faqs", "label"))),
            ("g-001", Addition { faqs: vec!["kb-2".to_owned()], ..Addition::default() }, Some(("faqs", "entry"))),
        ] {
            assert_eq!(added.check(id, &Shop).err().map(|error| (error.field, error.code)), wanted, "{id} {added:?}");
        }
        assert!(check_unit("mAh").is_ok() && check_unit("").is_ok() && check_unit(&"x".repeat(21)).is_err());
    }

    #[test]
    fn what_is_said_twice_is_kept_once() {
        let twice = Addition {
            aliases: names(&[" 皇帝版 ", "皇帝版", ""]),
            relations: vec![to(RelationKind::UpgradeOf, "g-002"), to(RelationKind::UpgradeOf, "g-002"), to(RelationKind::CompatibleWith, "g-002")],
            faqs: vec!["kb-1".to_owned(), "kb-1".to_owned()],
        };
        let once = twice.tidied();
        assert_eq!((once.aliases, once.relations.len(), once.faqs.len()), (names(&["皇帝版"]), 2, 1));
    }
}
