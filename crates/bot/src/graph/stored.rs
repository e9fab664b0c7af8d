//! What a company adds to its catalogue for the bot. Goods and plans stay the truth about what is on sale: this document holds only other names for them, how
//! they belong together, units of properties that the data sheets leave out, and the entries of the knowledge that are about one of them.

use serde::{Deserialize, Serialize};

/// The document: `{"aliases":[…],"relations":[…],"units":[…],"faqs":[…]}`. All four lists may be left out.
///
/// What names an item, a category, a tag or an entry that does not exist (any more) has no effect.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredGraph {
    /// Other names.
    #[serde(default)]
    pub aliases: Vec<StoredAliases>,
    /// How items belong together.
    #[serde(default)]
    pub relations: Vec<StoredRelation>,
    /// Units of properties.
    #[serde(default)]
    pub units: Vec<StoredUnit>,
    /// Entries of the knowledge about an item.
    #[serde(default)]
    pub faqs: Vec<StoredFaq>,
}

/// Other names of a product, a plan, a category or a tag.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredAliases {
    /// The id of a product or plan, or `category:` or `tag:` followed by the key of one, such as `category:phone`.
    pub item: String,
    /// Chinese names.
    #[serde(default)]
    pub zh: Vec<String>,
    /// English names.
    #[serde(default)]
    pub en: Vec<String>,
}

/// How one product or plan belongs to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredRelation {
    /// The id of a product or plan.
    pub from: String,
    /// What `from` is to `to`.
    pub kind: RelationKind,
    /// The id of a product or plan.
    pub to: String,
}

/// What an item is to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RelationKind {
    /// It can be used with the other; true in both directions.
    CompatibleWith,
    /// It is the better or newer one of the two.
    UpgradeOf,
}

/// The unit in which the values of a property are counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredUnit {
    /// The key of a property on the data sheets, such as `weight_g`.
    pub attribute: String,
    /// The unit, such as `g`; used where a data sheet gives none.
    pub unit: String,
}

/// An entry of the knowledge that is about a product or plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredFaq {
    /// The id of a product or plan.
    pub item: String,
    /// The id of an entry.
    pub entry: String,
}
