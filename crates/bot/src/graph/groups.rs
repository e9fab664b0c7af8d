//! Groups of items that words stand for: kinds of things, categories and tags.

use crate::graph::facts::Item;

/// What the keys of kinds begin with that only the names of the company's goods tell of.
pub(crate) const OF_COMPANY: &str = "kind:own:";

/// The key of the group of all goods.
pub(crate) const ALL_GOODS: &str = "kind:all";

/// A group of items that a word stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    /// `kind:phone`, `category:accessory`, `tag:senior`.
    pub key: String,
    /// The items in it.
    pub items: Vec<Item>,
    /// The words for it.
    pub words: [Vec<Vec<String>>; 2],
    /// The name by which it is shown.
    pub shown: [String; 2],
    /// Whether it is a category of which some things are of a known kind: then that kind says more.
    pub is_covered: bool,
}

impl Group {
    /// Whether it says what sort of thing is looked for, and not what for.
    pub(crate) fn is_a_kind(&self) -> bool {
        !self.key.starts_with("tag:")
    }

    /// Whether its things are of one kind: the company's own categories are kinds, unless better ones are known.
    pub(crate) fn is_one_kind(&self) -> bool {
        self.is_a_kind() && self.key != ALL_GOODS && !self.is_covered
    }

    /// Whether it is a kind that only this company's catalogue tells of.
    pub(crate) fn is_of_company(&self) -> bool {
        self.key.starts_with(OF_COMPANY) || self.key.starts_with("category:") && !self.is_covered
    }

    /// Whether it is all goods.
    pub(crate) fn is_everything(&self) -> bool {
        self.key == ALL_GOODS
    }
}
