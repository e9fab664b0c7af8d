//! What the graph answers.

use crate::graph::facts::Item;

/// What sort of answer the graph gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    /// Facts of one or several named items.
    Facts,
    /// A sentence of a description.
    Quote,
    /// A comparison.
    Comparison,
    /// The first in an order.
    Superlative,
    /// Those that fit, or how many.
    Selection,
    /// A description of an item that was only named.
    Overview,
    /// That the data sheet does not say.
    Unlisted,
    /// That nothing fits.
    Nothing,
    /// Which of these is meant.
    Which,
    /// What the line means by something that is not understood.
    Open,
}

/// An answer from the graph.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    /// What sort of answer it is.
    pub sort: Sort,
    /// The text.
    pub text: String,
    /// The items it is about, in the order in which it names them.
    pub items: Vec<Item>,
    /// How many words that were left over chose among the items.
    pub used: usize,
}
