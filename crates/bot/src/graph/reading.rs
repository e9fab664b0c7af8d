//! What a line says about goods and plans.

use crate::graph::facts::Item;
use crate::graph::names::Mention;

/// How a number limits a property.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Limit {
    /// At most this much.
    Most(f64),
    /// Less than this.
    Under(f64),
    /// At least this much.
    Least(f64),
    /// More than this.
    Over(f64),
    /// About this much.
    About(f64),
    /// Exactly this much.
    Exactly(f64),
    /// Between the two.
    Between(f64, f64),
}

impl Limit {
    /// Whether a value keeps to it.
    pub(crate) fn allows(self, value: f64) -> bool {
        match self {
            Limit::Most(limit) => value <= limit,
            Limit::Under(limit) => value < limit,
            Limit::Least(limit) => value >= limit,
            Limit::Over(limit) => value > limit,
            Limit::About(limit) => (value - limit).abs() <= limit * 0.2,
            Limit::Exactly(limit) => (value - limit).abs() < 1e-6,
            Limit::Between(low, high) => (low..=high).contains(&value),
        }
    }

    /// The same limit in a unit of which one is `factor` of its own.
    pub(crate) fn in_unit(self, factor: f64) -> Limit {
        match self {
            Limit::Most(limit) => Limit::Most(limit * factor),
            Limit::Under(limit) => Limit::Under(limit * factor),
            Limit::Least(limit) => Limit::Least(limit * factor),
            Limit::Over(limit) => Limit::Over(limit * factor),
            Limit::About(limit) => Limit::About(limit * factor),
            Limit::Exactly(limit) => Limit::Exactly(limit * factor),
            Limit::Between(low, high) => Limit::Between(low * factor, high * factor),
        }
    }

    /// What is left to somebody who refuses what keeps to it; `None` if that is no limit.
    pub(crate) fn refused(self) -> Option<Limit> {
        match self {
            Limit::Most(limit) => Some(Limit::Over(limit)),
            Limit::Under(limit) => Some(Limit::Least(limit)),
            Limit::Least(limit) => Some(Limit::Under(limit)),
            Limit::Over(limit) => Some(Limit::Most(limit)),
            Limit::About(_) | Limit::Exactly(_) | Limit::Between(..) => None,
        }
    }

    /// How far a value is from keeping to it.
    pub(crate) fn misses_by(self, value: f64) -> f64 {
        match self {
            _ if self.allows(value) => 0.0,
            Limit::Most(limit) | Limit::Under(limit) | Limit::Least(limit) | Limit::Over(limit) | Limit::About(limit) | Limit::Exactly(limit) => {
                (value - limit).abs()
            }
            Limit::Between(low, high) => (low - value).max(value - high),
        }
    }
}

/// A limit on a property.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Bound {
    /// The keys of the property, the likeliest first.
    pub keys: Vec<String>,
    /// The limit.
    pub limit: Limit,
    /// Whether what keeps to it is refused: "not the 55 inch one".
    pub refused: bool,
    /// Whether the line says that it is a limit: a number alone may also be told by the way.
    pub said: bool,
    /// Whether it has a unit or names the property: otherwise the price is taken to be meant.
    pub named: bool,
}

/// What a line says that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Open {
    /// A limit without a number that is understood; the words before it.
    Limit(String),
    /// An amount of money that is not the company's, in the words for it.
    Money(String),
    /// A model of which there is none, and the items of the maker whose name stands before it.
    Model(String, Vec<Item>),
}

/// An order that a line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Order {
    /// The keys of the property; `size` and `quick` depend on the thing; empty: whatever property is named.
    pub keys: Vec<String>,
    /// Whether the most of it is meant.
    pub most: bool,
    /// Whether it says "the most of all".
    pub superlative: bool,
}

/// What a line wants of a property that it names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Aim {
    /// Nothing: it tells something.
    Told,
    /// Nothing: it asks for something else.
    Else,
    /// It asks about it, but not for its value.
    Beside,
    /// Its value, unless the FAQ knows what is to be done.
    Perhaps,
    /// Its value.
    #[default]
    Value,
}

/// What a line says about goods and plans.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reading {
    /// The names in it.
    pub mentions: Vec<Mention>,
    /// The groups it names, by their numbers.
    pub groups: Vec<u32>,
    /// The possible readings of each property that is named.
    pub asked: Vec<Vec<u32>>,
    /// The orders it asks for.
    pub orders: Vec<Order>,
    /// The limits it sets.
    pub bounds: Vec<Bound>,
    /// Whether it asks how many there are.
    pub counts: bool,
    /// Whether it asks which there are.
    pub lists: bool,
    /// Whether it compares.
    pub compares: bool,
    /// Whether it asks what is worth its money.
    pub worth: bool,
    /// Whether it asks for advice on which to take.
    pub wants_advice: bool,
    /// Whether it is a question about having something or being able to do something.
    pub whether: bool,
    /// Whether its properties or groups are refused: "without a contract".
    pub negated: Vec<String>,
    /// The items that it refuses: "any phone other than the X9".
    pub refused: Vec<Item>,
    /// What it says that cannot be understood here, so that nothing can be selected by it.
    pub open: Vec<Open>,
    /// Unexplained words, in pieces.
    pub pieces: Vec<String>,
    /// The number of unexplained tokens; of those in clauses that name and ask nothing, a third.
    pub rest: usize,
    /// Whether it says "only".
    pub only: bool,
    /// Whether something else than a fact is asked for.
    pub elsewhere: bool,
    /// Whether the price is asked for together with another property.
    pub price_of_something: bool,
    /// The line without the names: a name alone is no evidence for an entry that happens to contain it.
    pub without_names: String,
    /// What it wants of the properties that it names.
    pub aim: Aim,
    /// Words of the properties, for searching sentences.
    pub property_words: Vec<String>,
    /// The number of tokens.
    pub length: usize,
}

impl Reading {
    /// The items that are named without doubt, in their order.
    pub(crate) fn named_items(&self) -> Vec<Item> {
        let mut out: Vec<Item> = Vec::new();
        for mention in self.mentions.iter().filter(|mention| mention.items.len() == 1 && !mention.weak) {
            if !out.contains(&mention.items[0]) {
                out.push(mention.items[0]);
            }
        }
        out
    }

    /// The family that is named, if no member is.
    pub(crate) fn family(&self) -> Option<&[Item]> {
        self.mentions.iter().find(|mention| mention.items.len() > 1 && !mention.weak).map(|mention| mention.items.as_slice())
    }

    /// Whether the line says anything about the catalogue besides names.
    pub(crate) fn asks(&self) -> bool {
        !self.asked.is_empty() || !self.orders.is_empty() || !self.bounds.is_empty() || self.counts || self.lists || self.compares || self.worth
    }
}
