//! Which visitors took an interest in which items, as numbers.

use std::collections::{BTreeMap, HashMap};

use super::{FEWEST_VISITORS, Interest, Item, MOST_OF_ONE};

/// The interests as a sparse table.
pub(super) struct Known {
    /// The items, the most popular first.
    pub items: Vec<Item>,
    /// How many visitors took an interest in each.
    pub visitors: Vec<u32>,
    /// For each visitor, the items and how strong the interest is, each item once.
    pub rows: Vec<Vec<(u32, f32)>>,
}

impl Known {
    /// Keeps the `most` popular items that enough visitors took an interest in, and the latest items of each visitor.
    pub fn of(interests: &[Interest], most: usize) -> Self {
        let mut by_visitor: BTreeMap<u32, Vec<&Interest>> = BTreeMap::new();
        for interest in interests {
            by_visitor.entry(interest.visitor).or_default().push(interest);
        }
        let mut popular: HashMap<&Item, u32> = HashMap::new();
        for all in by_visitor.values_mut() {
            all.sort_by(|one, other| other.at.cmp(&one.at).then_with(|| one.item.cmp(&other.item)));
            let mut known: Vec<&Item> = Vec::new();
            all.retain(|interest| {
                let is_new = !known.contains(&&interest.item);
                known.push(&interest.item);
                is_new
            });
            all.truncate(MOST_OF_ONE);
            all.iter().for_each(|interest| *popular.entry(&interest.item).or_default() += 1);
        }
        let mut order: Vec<(&Item, u32)> = popular.into_iter().filter(|(_, visitors)| *visitors >= FEWEST_VISITORS).collect();
        order.sort_unstable_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(other.0)));
        order.truncate(most);
        let places: HashMap<&Item, u32> = order.iter().zip(0..).map(|((item, _), place)| (*item, place)).collect();
        let row = |all: &Vec<&Interest>| all.iter().filter_map(|interest| Some((*places.get(&interest.item)?, interest.weight))).collect();
        let rows = by_visitor.values().map(row).collect();
        Self { items: order.iter().map(|(item, _)| (*item).clone()).collect(), visitors: order.iter().map(|(_, visitors)| *visitors).collect(), rows }
    }
    /// The number of visitors from whom something can be learned: those with several items.
    pub fn learners(&self) -> usize {
        self.rows.iter().filter(|row| row.len() > 1).count()
    }
}
