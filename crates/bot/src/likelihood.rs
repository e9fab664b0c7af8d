//! Query likelihood: how much more probable the query is under an entry's model than under that of the whole collection.
//!
//! An entry's words are smoothed with those of its topic and of the whole collection; optionally they are first widened by a translation model learned from
//! pairs of wordings of the same entry ("data" is asked where "traffic" is written). See Zhai and Lafferty 2004 for the smoothing, Berger and Lafferty 1999 for
//! translation.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;

use crate::grams::Gram;
use crate::postings::Posting;
use crate::stop::{Stop, Stopped};
use crate::vector::{Fields, merge};

/// The composition of an entry's model.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Recipe {
    /// The weight of a feature of the answer; a feature of a wording has the weight 1.
    pub answer: f32,
    /// The share of the entry's own model in the mixture.
    pub own: f32,
    /// The share of its topic's model; the remainder goes to the collection.
    pub topic: f32,
    /// The share of translated features in the entry's own model.
    pub translated: f32,
}

/// For each feature, what it supports. All entries of a topic have the features of their topic, so these are held once for the topic.
#[derive(Debug)]
pub(crate) struct Likelihood {
    features: Arc<HashMap<Gram, u32>>,
    /// The gain for every entry of a topic.
    of_topics: Postings,
    /// What an entry's own use of the feature adds to the gain of its topic.
    of_entries: Postings,
    topics: Vec<u32>,
    floor: f32,
}

/// Gains up to this are left out.
const LEAST: f32 = 0.05;
/// The most steps in which pairs of features are counted: the entries that would take the most beyond them teach no translations.
const MOST_STEPS: u64 = 1_500_000_000;
/// The most translations of all features: a feature whose translations would exceed them has none.
const MOST_TRANSLATIONS: usize = 6_000_000;
/// The most steps in which entries are widened by translations, and the most features they may have then: entries after these stay as they are.
const MOST_WIDENING: usize = 600_000_000;
const MOST_WIDENED: usize = 20_000_000;

/// Lists of topics or entries with values, one for each feature.
#[derive(Debug)]
struct Postings {
    starts: Vec<u32>,
    items: Vec<Posting>,
}

impl Postings {
    /// From the values of each topic or entry by feature. They are made twice, first to be counted: all of them together would take as much memory again.
    fn new<E>(features: usize, mut each: impl FnMut(&mut dyn FnMut(usize, &[(u32, f32)])) -> Result<(), E>) -> Result<Self, E> {
        let mut starts = vec![0u32; features + 1];
        each(&mut |_, model| model.iter().for_each(|&(feature, _)| starts[feature as usize + 1] += 1))?;
        for feature in 0..features {
            starts[feature + 1] += starts[feature];
        }
        let mut next = starts.clone();
        let mut items = vec![Posting::default(); starts[features] as usize];
        each(&mut |of, model| {
            for &(feature, value) in model {
                let at = &mut next[feature as usize];
                items[*at as usize] = Posting::new(of, value);
                *at += 1;
            }
        })?;
        Ok(Postings { starts, items })
    }

    fn of(&self, feature: u32) -> &[Posting] {
        &self.items[self.starts[feature as usize] as usize..self.starts[feature as usize + 1] as usize]
    }
}

/// Values by feature, sorted by feature.
type Model = Vec<(u32, f32)>;

/// How often entries have each feature.
pub(crate) struct Counted {
    features: Arc<HashMap<Gram, u32>>,
    own: Vec<Model>,
}

impl Counted {
    /// Counts the features of entries, which all have numbers.
    pub(crate) fn new(entries: &[Fields<'_>], features: Arc<HashMap<Gram, u32>>, recipe: Recipe, stop: &Stop) -> Result<Self, Stopped> {
        let mut own: Vec<Model> = Vec::with_capacity(entries.len());
        for entry in entries {
            stop.look()?;
            let length = entry.wordings.iter().map(|grams| grams.len()).sum::<usize>() + entry.answer.len() + entry.topic.len();
            let mut counts = Model::with_capacity(length);
            let mut add = |grams: &[Gram], weight: f32| counts.extend(grams.iter().filter_map(|gram| Some((*features.get(gram)?, weight))));
            entry.wordings.iter().for_each(|grams| add(grams, 1.0));
            add(entry.answer, recipe.answer);
            add(entry.topic, 0.5);
            merge(&mut counts);
            counts.shrink_to_fit();
            own.push(counts);
        }
        Ok(Counted { features, own })
    }
}

impl Likelihood {
    /// Learns the model; `topics[i]` is the number of the topic of entry i.
    pub(crate) fn new(entries: &[Fields<'_>], features: Arc<HashMap<Gram, u32>>, topics: &[u32], recipe: Recipe, stop: &Stop) -> Result<Self, Stopped> {
        let counted = Counted::new(entries, features, recipe, stop)?;
        let table = if recipe.translated > 0.0 { Some(translations(entries, &counted.features, stop)?) } else { None };
        Self::of(counted, table.as_ref(), topics, recipe, stop)
    }

    /// The same from what was counted, widened by translations if there are any.
    pub(crate) fn of(counted: Counted, table: Option<&Table>, topics: &[u32], recipe: Recipe, stop: &Stop) -> Result<Self, Stopped> {
        let Counted { features, mut own } = counted;
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); topics.iter().max().map_or(0, |&topic| topic as usize + 1)];
        topics.iter().enumerate().for_each(|(at, &topic)| members[topic as usize].push(at));
        let (mut sums, mut of_topic) = (vec![0.0f32; features.len()], vec![0.0f32; features.len()]);
        let mut pooled: Vec<Model> = Vec::with_capacity(members.len());
        for members in &members {
            stop.look()?;
            pooled.push(sum_up(members.iter().flat_map(|&at| &own[at]).copied(), &mut sums));
        }
        let mut all = vec![0.0f32; features.len()];
        own.iter().flatten().for_each(|&(feature, count)| all[feature as usize] += count);
        let total: f32 = all.iter().sum::<f32>().max(1.0);
        all.iter_mut().for_each(|share| *share /= total);
        pooled.iter_mut().for_each(|model| to_shares(model));
        own.iter_mut().for_each(|model| to_shares(model));
        let rest = 1.0 - recipe.own - recipe.topic;
        let gain = |feature: u32, share: f32| {
            let everybody = rest * all[feature as usize];
            Some(((share + everybody) / everybody).ln()).filter(|gain| *gain > LEAST).unwrap_or_default()
        };
        let of_entries = Postings::new(features.len(), |visit| {
            let mut widening = table.map(|table| Widening { table, share: recipe.translated, steps: 0, kept: own.iter().map(Vec::len).sum() });
            for (topic, members) in pooled.iter().zip(&members) {
                topic.iter().for_each(|&(feature, share)| of_topic[feature as usize] = recipe.topic * share);
                for &at in members {
                    stop.look()?;
                    let mut model = widening.as_mut().and_then(|widening| widening.widen(&own[at], &mut sums)).unwrap_or_else(|| own[at].clone());
                    model.retain_mut(|(feature, share)| {
                        let of_topic = of_topic[*feature as usize];
                        *share = gain(*feature, recipe.own * *share + of_topic) - gain(*feature, of_topic);
                        *share > 0.0
                    });
                    visit(at, &model);
                }
                topic.iter().for_each(|&(feature, _)| of_topic[feature as usize] = 0.0);
            }
            Ok(())
        })?;
        drop((own, sums, of_topic));
        for model in &mut pooled {
            model.retain_mut(|(feature, share)| {
                *share = gain(*feature, recipe.topic * *share);
                *share > 0.0
            });
        }
        let Ok(of_topics) = Postings::new::<Infallible>(features.len(), |visit| {
            pooled.iter().enumerate().for_each(|(topic, model)| visit(topic, model));
            Ok(())
        });
        Ok(Likelihood { features, of_topics, of_entries, topics: topics.to_vec(), floor: rest.ln() })
    }

    /// The log ratio for every entry, summed over the distinct features of the query that the model knows, divided by the square root of the number of distinct
    /// features.
    pub(crate) fn score(&self, query: &[Gram]) -> Vec<f32> {
        let mut distinct = query.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        let mut of_topics = vec![0.0; self.topics.iter().max().map_or(0, |&topic| topic as usize + 1)];
        let mut scores = vec![0.0; self.topics.len()];
        let mut known = 0;
        for gram in &distinct {
            let Some(&feature) = self.features.get(gram) else { continue };
            known += 1;
            self.of_topics.of(feature).iter().for_each(|posting| of_topics[posting.of()] += posting.value);
            self.of_entries.of(feature).iter().for_each(|posting| scores[posting.of()] += posting.value);
        }
        let scale = 1.0 / (distinct.len().max(1) as f32).sqrt();
        for (score, &topic) in scores.iter_mut().zip(&self.topics) {
            *score = (*score + of_topics[topic as usize] + self.floor * known as f32) * scale;
        }
        scores
    }
}

/// The sums of the values of each feature; `sums` is all zero before and after.
fn sum_up(values: impl Iterator<Item = (u32, f32)>, sums: &mut [f32]) -> Model {
    let mut touched: Vec<u32> = Vec::new();
    for (feature, value) in values {
        let sum = &mut sums[feature as usize];
        if *sum == 0.0 {
            touched.push(feature);
        }
        *sum += value;
    }
    touched.sort_unstable();
    touched.into_iter().map(|feature| (feature, std::mem::take(&mut sums[feature as usize]))).collect()
}

fn to_shares(model: &mut [(u32, f32)]) {
    let total = model.iter().map(|(_, value)| value).sum::<f32>().max(1e-9);
    model.iter_mut().for_each(|(_, value)| *value /= total);
}

/// The wordings of the entries that teach translations, as numbers of features.
struct Lines {
    /// The distinct features of each wording.
    lines: Vec<Vec<u32>>,
    /// The position of the entry of each wording.
    entry_of: Vec<u32>,
    /// For each entry, its features with the numbers of its wordings that have them.
    own: Vec<Vec<(u32, u32)>>,
    /// The same without the features that only one of its wordings has.
    often: Vec<Vec<(u32, u32)>>,
    /// The most steps in which the pairs of each entry are counted.
    steps: Vec<u64>,
}

impl Lines {
    /// Reads the wordings of entries, but of those that would take too many steps.
    fn new(entries: &[Fields<'_>], features: &HashMap<Gram, u32>) -> Self {
        let mut this = Lines { lines: Vec::new(), entry_of: Vec::new(), own: Vec::new(), often: Vec::new(), steps: Vec::new() };
        for (at, entry) in entries.iter().enumerate() {
            let (mut own, mut steps): (Vec<(u32, u32)>, u64) = (Vec::new(), 0);
            // One wording faces no other.
            for grams in entry.wordings.iter().filter(|_| entry.wordings.len() > 1) {
                let mut line: Vec<u32> = grams.iter().filter_map(|gram| features.get(gram).copied()).collect();
                line.sort_unstable();
                line.dedup();
                own.extend(line.iter().map(|&feature| (feature, 1)));
                steps += (line.len() as u64).pow(2);
                this.lines.push(line);
                this.entry_of.push(at as u32);
            }
            own.sort_unstable();
            own.dedup_by(|next, kept| {
                let is_same = next.0 == kept.0;
                kept.1 += u32::from(is_same);
                is_same
            });
            own.shrink_to_fit();
            this.often.push(own.iter().copied().filter(|&(_, count)| count > 1).collect());
            this.steps.push(steps + (own.len() as u64).pow(2));
            this.own.push(own);
        }
        this.leave_out(MOST_STEPS);
        this
    }

    /// Leaves out the entries with the most steps, so that the others take at most so many.
    fn leave_out(&mut self, most: u64) {
        let mut order: Vec<usize> = (0..self.steps.len()).collect();
        order.sort_by_key(|&at| (self.steps[at], at));
        let mut sum = 0;
        for at in order {
            sum += self.steps[at];
            if sum > most {
                (self.own[at], self.often[at]) = (Vec::new(), Vec::new());
            }
        }
        for (line, &entry) in self.lines.iter_mut().zip(&self.entry_of) {
            if self.own[entry as usize].is_empty() {
                *line = Vec::new();
            }
        }
    }
}

/// Translations: lists of features with values, one for each feature.
#[derive(Debug)]
pub(crate) struct Table {
    starts: Vec<u32>,
    items: Vec<(u32, f32)>,
}

impl Table {
    fn of(&self, feature: u32) -> &[(u32, f32)] {
        &self.items[self.starts[feature as usize] as usize..self.starts[feature as usize + 1] as usize]
    }
}

/// p(t | s) from pairs of wordings of one entry: pairs seen at least twice and e times more often than by chance. The result has one list per feature.
///
/// Two features of an entry are seen together in as many pairs as the product of the numbers of wordings that have them, without those pairs of which both are
/// the same wording.
fn translations(entries: &[Fields<'_>], features: &HashMap<Gram, u32>, stop: &Stop) -> Result<Table, Stopped> {
    let Lines { lines, entry_of, own, often, steps: _ } = Lines::new(entries, features);
    let mut weights = vec![0.0f32; features.len()];
    let mut total = 0.0f32;
    let mut lengths = vec![0usize; entries.len()];
    lines.iter().zip(&entry_of).for_each(|(line, &entry)| lengths[entry as usize] += line.len());
    // For each feature, the wordings that have it.
    let mut starts = vec![0u32; features.len() + 1];
    lines.iter().flatten().for_each(|&feature| starts[feature as usize + 1] += 1);
    for feature in 0..features.len() {
        starts[feature + 1] += starts[feature];
    }
    let (mut next, mut places) = (starts.clone(), vec![0u32; starts[features.len()] as usize]);
    for (at, line) in lines.iter().enumerate() {
        let facing = lengths[entry_of[at] as usize] - line.len();
        for &feature in line {
            places[next[feature as usize] as usize] = at as u32;
            next[feature as usize] += 1;
            weights[feature as usize] += facing as f32;
        }
        total += (line.len() * facing) as f32;
    }
    drop(next);
    let mut counts = vec![0.0f32; features.len()];
    let mut seen: Vec<u32> = Vec::new();
    let mut table = Table { starts: Vec::with_capacity(features.len() + 1), items: Vec::new() };
    table.starts.push(0);
    for feature in 0..features.len() as u32 {
        stop.look()?;
        let s = feature as usize;
        let places = &places[starts[s] as usize..starts[s + 1] as usize];
        let mut rest = places;
        while let Some(&first) = rest.first() {
            let entry = entry_of[first as usize] as usize;
            let (of_entry, others) = rest.split_at(rest.iter().take_while(|&&at| entry_of[at as usize] as usize == entry).count());
            rest = others;
            // What only one wording of all has is not seen twice with what only one has.
            let facing = if places.len() == 1 { &often[entry] } else { &own[entry] };
            for &(t, count) in facing {
                if counts[t as usize] == 0.0 {
                    seen.push(t);
                }
                counts[t as usize] += (of_entry.len() * count as usize) as f32;
            }
            for &t in of_entry.iter().flat_map(|&at| &lines[at as usize]) {
                counts[t as usize] -= 1.0;
            }
        }
        seen.sort_unstable();
        seen.dedup();
        let from = table.items.len();
        for t in seen.drain(..) {
            let count = std::mem::take(&mut counts[t as usize]);
            let chance = weights[s] * weights[t as usize] / total;
            if count >= 2.0 && count / chance > std::f32::consts::E {
                table.items.push((t, count));
            }
        }
        // Where only features of several wordings were counted, the others have been reduced.
        places.iter().flat_map(|&at| &lines[at as usize]).for_each(|&t| counts[t as usize] = 0.0);
        if table.items.len() > MOST_TRANSLATIONS {
            table.items.truncate(from);
        }
        to_shares(&mut table.items[from..]);
        table.starts.push(table.items.len() as u32);
    }
    Ok(table)
}

/// Widens the models of entries by the translations of their features, as long as that is little work.
struct Widening<'a> {
    table: &'a Table,
    /// The share of translated features.
    share: f32,
    /// The steps that were taken, and the features that all entries have together.
    steps: usize,
    kept: usize,
}

impl Widening<'_> {
    /// The widened model; nothing if it would be too much work. `sums` is all zero before and after.
    fn widen(&mut self, model: &Model, sums: &mut [f32]) -> Option<Model> {
        let Self { table, share, .. } = *self;
        let steps = self.steps + model.iter().map(|&(s, _)| table.of(s).len() + 1).sum::<usize>();
        if steps > MOST_WIDENING || self.kept > MOST_WIDENED {
            return None;
        }
        let values = model.iter().flat_map(|&(s, p)| {
            let targets = table.of(s);
            let own = if targets.is_empty() { p } else { (1.0 - share) * p };
            std::iter::once((s, own)).chain(targets.iter().map(move |&(t, q)| (t, share * p * q)))
        });
        let widened = sum_up(values, sums);
        (self.steps, self.kept) = (steps, (self.kept + widened.len()).saturating_sub(model.len()));
        Some(widened)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Entries of three to five wordings of features that recur within an entry and across entries.
    fn wordings() -> Vec<Vec<Vec<Gram>>> {
        let line = |entry: u64, line: u64| (0..9).map(move |n| if n % 3 == 0 { entry * 7 + n } else { (entry * n + line * n * n) % 41 + 1_000 }).collect();
        (0..60).map(|entry| (0..3 + entry % 3).map(|at| line(entry, at)).collect()).collect()
    }

    fn fields(wordings: &[Vec<Vec<Gram>>]) -> Vec<Fields<'_>> {
        wordings.iter().map(|lines| Fields { wordings: lines.iter().map(Vec::as_slice).collect(), answer: &[], topic: &[] }).collect()
    }

    #[test]
    fn translations_are_counted_as_if_each_wording_were_compared_with_each() {
        let wordings = wordings();
        let grams: std::collections::BTreeSet<Gram> = wordings.iter().flatten().flatten().copied().collect();
        let features: HashMap<Gram, u32> = grams.into_iter().zip(0..).collect();
        let mut counts: BTreeMap<(u32, u32), f32> = BTreeMap::new();
        let mut weights = vec![0.0f32; features.len()];
        let mut total = 0.0f32;
        let distinct = |line: &[Gram]| line.iter().map(|gram| features[gram]).collect::<std::collections::BTreeSet<u32>>();
        for lines in &wordings {
            for (a, line) in lines.iter().enumerate() {
                for (_, other) in lines.iter().enumerate().filter(|(b, _)| *b != a) {
                    for s in distinct(line) {
                        distinct(other).into_iter().for_each(|t| *counts.entry((s, t)).or_default() += 1.0);
                        weights[s as usize] += distinct(other).len() as f32;
                    }
                    total += (distinct(line).len() * distinct(other).len()) as f32;
                }
            }
        }
        let table = translations(&fields(&wordings), &features, &Stop::default()).unwrap();
        let mut some = 0;
        for s in 0..features.len() as u32 {
            let is_kept = |(t, count): &(u32, f32)| *count >= 2.0 && count / (weights[s as usize] * weights[*t as usize] / total) > std::f32::consts::E;
            let mut expected: Model = counts.range((s, 0)..=(s, u32::MAX)).map(|(&(_, t), &count)| (t, count)).filter(is_kept).collect();
            to_shares(&mut expected);
            assert_eq!(table.of(s), expected, "{s}");
            some += expected.len();
        }
        assert!(some > 100, "{some}");
    }

    #[test]
    fn entries_that_take_the_most_steps_are_left_out_first() {
        let wordings = wordings();
        let features: HashMap<Gram, u32> =
            wordings.iter().flatten().flatten().copied().collect::<std::collections::BTreeSet<Gram>>().into_iter().zip(0..).collect();
        let mut lines = Lines::new(&fields(&wordings), &features);
        let most = lines.steps.iter().sum::<u64>() / 2;
        lines.leave_out(most);
        let (left, out): (Vec<usize>, Vec<usize>) = (0..wordings.len()).partition(|&at| !lines.own[at].is_empty());
        assert!(left.iter().map(|&at| lines.steps[at]).sum::<u64>() <= most && out.len() > 5);
        assert!(out.iter().all(|&at| left.iter().all(|&other| lines.steps[other] <= lines.steps[at])));
    }
}
