//! Recommends goods, plans and questions to a visitor by what visitors took an interest in.
//!
//! [`Model::train`] learns from [`Interest`]s, which hold numbers and ids only; [`Model::rank`] orders everything it knows for one visitor, each with its
//! [`Reason`]. Two recipes are blended: how often two items interested the same visitors (a cosine, shrunk for small numbers) and EASE, the linear model in
//! which every item is explained by all others (a ridge regression with a closed form). What too few visitors share is never stored, so that a
//! recommendation cannot disclose what one person looked at.

mod ease;
pub mod measure;
mod near;
mod pairs;

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

pub use measure::Figures;

/// The most items that are learned about; beyond it, those of the fewest visitors are left out. EASE needs memory for half the square of it.
pub const MOST_ITEMS: usize = 5_000;
/// The most items of one visitor that are learned from, the latest ones.
pub const MOST_OF_ONE: usize = 50;
/// How many visitors must have taken an interest in an item, or in two items together, before anybody is told. Whoever pretends to be all of them but one finds
/// out whether there is another, so there are more of them than one person can easily be.
pub const FEWEST_VISITORS: u32 = 5;
/// How many visitors must have taken an interest in several items before a model is learned; below it, only popularity counts.
pub const FEWEST_LEARNERS: usize = 30;
/// The most neighbours stored for an item.
const NEIGHBOURS: usize = 40;

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// A product.
    Product,
    /// A plan.
    Plan,
    /// An entry of the knowledge.
    Question,
}

/// Something that can be recommended.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// Its id among those of its kind.
    pub id: String,
}

/// A visitor's interest in an item.
#[derive(Debug, Clone, PartialEq)]
pub struct Interest {
    /// The visitor, by a number of the caller's; those who may be one person have one number.
    pub visitor: u32,
    /// The item.
    pub item: Item,
    /// How strong the interest is; 1 for having looked at it.
    pub weight: f32,
    /// When it was last taken; only the order counts.
    pub at: i64,
}

/// Why an item is recommended.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Visitors who took an interest in what is shown now also took an interest in this.
    AlsoLooked(Item),
    /// The visitor took an interest in that item, and those who did also took an interest in this.
    BecauseOf(Item),
    /// It is one of the most popular of this category.
    PopularIn(String),
    /// It is one of the most popular of all.
    Popular,
}

/// A recommendation.
#[derive(Debug, Clone, PartialEq)]
pub struct Recommended {
    /// The item.
    pub item: Item,
    /// Why.
    pub reason: Reason,
}

/// For whom items are ranked.
#[derive(Debug, Clone, Copy, Default)]
pub struct Viewer<'a> {
    /// What is shown to the visitor now.
    pub at: Option<&'a Item>,
    /// What the visitor took an interest in, with its weight, latest first.
    pub history: &'a [(Item, f32)],
}

/// What may be recommended now, and the category it belongs to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offer {
    /// The category, if it has one.
    pub category: Option<String>,
}

/// What was learned.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// The items, the most popular first.
    items: Vec<Item>,
    /// How many visitors took an interest in each.
    visitors: Vec<u32>,
    /// The neighbours of each item with their weights, strongest first; empty if only popularity counts.
    near: Vec<Vec<(u32, f32)>>,
}

/// Two items that interested the same visitors.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// One item.
    pub one: Item,
    /// The other.
    pub other: Item,
    /// How many visitors they share.
    pub together: u32,
}

/// How much what is shown now counts beside the visitor's history.
const AT_WEIGHT: f32 = 2.0;
/// How much an interest counts less than the one after it.
const FADING: f32 = 0.9;

impl Model {
    /// Learns from interests, and returns the strongest pairs too.
    pub fn train(interests: &[Interest]) -> (Self, Vec<Pair>) {
        let known = pairs::Known::of(interests, MOST_ITEMS);
        let (near, strongest) = if known.learners() < FEWEST_LEARNERS { (Vec::new(), Vec::new()) } else { near::learn(&known, NEIGHBOURS) };
        let pair =
            |(one, other, together): (u32, u32, u32)| Pair { one: known.items[one as usize].clone(), other: known.items[other as usize].clone(), together };
        let strongest = strongest.into_iter().map(pair).collect();
        (Self { items: known.items, visitors: known.visitors, near }, strongest)
    }
    /// The number of items that are known.
    pub fn len(&self) -> usize {
        self.items.len()
    }
    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
    /// Whether it learned which items belong together, rather than only which are popular.
    pub fn is_learned(&self) -> bool {
        !self.near.is_empty()
    }
    /// Ranks what `offer` offers: first what belongs to what is shown now and to the history, then what is popular in the same categories, then what is popular.
    /// What is shown now and what the history holds are left out.
    pub fn rank(&self, viewer: Viewer<'_>, most: usize, offer: impl Fn(&Item) -> Option<Offer>) -> Vec<Recommended> {
        let places: HashMap<&Item, u32> = self.items.iter().zip(0..).collect();
        let seen: HashSet<&Item> = viewer.at.into_iter().chain(viewer.history.iter().map(|(item, _)| item)).collect();
        let mut found: Vec<Recommended> = Vec::new();
        let mut taken: HashSet<u32> = seen.iter().filter_map(|item| places.get(*item).copied()).collect();
        for (place, from) in self.by_neighbours(viewer, &places) {
            if found.len() >= most {
                return found;
            }
            let item = &self.items[place as usize];
            if !taken.contains(&place) && offer(item).is_some() {
                taken.insert(place);
                let reason = if viewer.at == Some(from) { Reason::AlsoLooked(from.clone()) } else { Reason::BecauseOf(from.clone()) };
                found.push(Recommended { item: item.clone(), reason });
            }
        }
        let wanted: HashSet<String> = seen.iter().filter_map(|item| offer(item)?.category).collect();
        let popular: Vec<(u32, Offer)> = (0..)
            .zip(&self.items)
            .filter(|(place, _)| self.visitors[*place as usize] >= FEWEST_VISITORS && !taken.contains(place))
            .filter_map(|(place, item)| Some((place, offer(item)?)))
            .collect();
        let is_wanted = |offer: &Offer| offer.category.as_ref().is_some_and(|category| wanted.contains(category));
        let (first, then): (Vec<_>, Vec<_>) = popular.into_iter().partition(|(_, offer)| is_wanted(offer));
        for (place, Offer { category }) in first.into_iter().chain(then).take(most - found.len()) {
            let reason = category.map_or(Reason::Popular, Reason::PopularIn);
            found.push(Recommended { item: self.items[place as usize].clone(), reason });
        }
        found
    }
    /// The items that belong to what the viewer saw, strongest first, each with what it belongs to most.
    fn by_neighbours<'a>(&'a self, viewer: Viewer<'a>, places: &HashMap<&Item, u32>) -> Vec<(u32, &'a Item)> {
        let mut scores: HashMap<u32, (f32, f32, &Item)> = HashMap::new();
        let mut fading = 1.0;
        let at = viewer.at.map(|item| (item, AT_WEIGHT));
        for (item, weight) in at.into_iter().chain(viewer.history.iter().map(|(item, weight)| (item, *weight))) {
            let near = places.get(item).and_then(|place| self.near.get(*place as usize));
            for (place, strength) in near.into_iter().flatten() {
                let more = strength * weight * fading;
                let (score, most, from) = scores.entry(*place).or_insert((0.0, 0.0, item));
                *score += more;
                if more > *most {
                    (*most, *from) = (more, item);
                }
            }
            fading *= FADING;
        }
        let mut order: Vec<(u32, f32, &Item)> =
            scores.into_iter().filter(|(_, (score, ..))| *score > 0.0).map(|(place, (score, _, from))| (place, score, from)).collect();
        order.sort_unstable_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        order.into_iter().map(|(place, _, from)| (place, from)).collect()
    }
}

#[cfg(test)]
mod tests;
