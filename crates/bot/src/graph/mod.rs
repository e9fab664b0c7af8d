//! The graph of what is on sale: goods, plans, their categories and tags, their names, properties, and how they belong together.

mod stored;

pub use stored::{RelationKind, StoredAliases, StoredFaq, StoredGraph, StoredRelation, StoredUnit};
