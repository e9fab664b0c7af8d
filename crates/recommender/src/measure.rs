//! How good a model is: each visitor's last interest is kept back, and counts as found if it is among the first ten that the model ranks for the rest.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};

use super::{FEWEST_LEARNERS, Interest, Item, Model, Offer, Viewer};

/// Among how many the last interest is looked for.
const FIRST: usize = 10;
/// The most visitors who are asked about; of more, every so-many-th.
const MOST_ASKED: usize = 2_000;

/// What a model was learned from, and how good it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// The items that are known.
    pub items: usize,
    /// The visitors with an interest.
    pub visitors: usize,
    /// The interests.
    pub interests: usize,
    /// Whether it learned which items belong together, rather than only which are popular.
    pub learned: bool,
    /// How it ranks; `None` if too few visitors took an interest in several items.
    pub hits: Option<Hits>,
}

/// How often the last interest was found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Hits {
    /// The visitors who were asked about.
    pub asked: usize,
    /// The share in which the model found it.
    pub model: f64,
    /// The share in which it is among the most popular.
    pub popularity: f64,
}

/// Counts, and measures a model learned from everything but each visitor's last interest.
pub fn figures(interests: &[Interest], model: &Model) -> Figures {
    let visitors: HashSet<u32> = interests.iter().map(|interest| interest.visitor).collect();
    Figures { items: model.len(), visitors: visitors.len(), interests: interests.len(), learned: model.is_learned(), hits: hits(interests) }
}

/// Splits off each visitor's last interest, learns from the rest, and looks for it.
fn hits(interests: &[Interest]) -> Option<Hits> {
    let mut by_visitor: BTreeMap<u32, Vec<&Interest>> = BTreeMap::new();
    for interest in interests {
        by_visitor.entry(interest.visitor).or_default().push(interest);
    }
    let (mut rest, mut kept_back) = (Vec::with_capacity(interests.len()), Vec::new());
    for mut all in by_visitor.into_values() {
        all.sort_by(|one, other| other.at.cmp(&one.at).then_with(|| one.item.cmp(&other.item)));
        let is_several = all.iter().any(|interest| interest.item != all[0].item);
        if is_several {
            let last = all.remove(0);
            all.retain(|interest| interest.item != last.item);
            let history: Vec<(Item, f32)> = all.iter().map(|interest| (interest.item.clone(), interest.weight)).collect();
            kept_back.push((history, &last.item));
        }
        rest.extend(all.into_iter().cloned());
    }
    if kept_back.len() < FEWEST_LEARNERS {
        return None;
    }
    let (model, _) = Model::train(&rest);
    let popular = Model { near: Vec::new(), ..model.clone() };
    let every = kept_back.len().div_ceil(MOST_ASKED);
    let (mut asked, mut found, mut among_popular) = (0, 0, 0);
    for (history, last) in kept_back.into_iter().step_by(every) {
        let is_found = |model: &Model| {
            let ranked = model.rank(Viewer { at: None, history: &history }, FIRST, |_| Some(Offer::default()));
            usize::from(ranked.iter().any(|one| one.item == *last))
        };
        asked += 1;
        found += is_found(&model);
        among_popular += is_found(&popular);
    }
    let share = |part: usize| part as f64 / asked as f64;
    Some(Hits { asked, model: share(found), popularity: share(among_popular) })
}
