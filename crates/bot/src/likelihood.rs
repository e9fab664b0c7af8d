//! Query likelihood: how much more probable the query is under an entry's model than under that of the whole collection.
//!
//! An entry's words are smoothed with those of its topic and of the whole collection; optionally they are first widened by a translation model learned from
//! pairs of wordings of the same entry ("data" is asked where "traffic" is written). See Zhai and Lafferty 2004 for the smoothing, Berger and Lafferty 1999 for
//! translation.

use std::collections::HashMap;

use crate::grams::Gram;
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
    features: HashMap<Gram, u32>,
    /// The gain for every entry of a topic.
    of_topics: Postings,
    /// What an entry's own use of the feature adds to the gain of its topic.
    of_entries: Postings,
    topics: Vec<u32>,
    floor: f32,
}

/// Gains up to this are left out.
const LEAST: f32 = 0.05;

/// Lists of topics or entries with values, one for each feature.
#[derive(Debug)]
struct Postings {
    starts: Vec<u32>,
    items: Vec<(u32, f32)>,
}

impl Postings {
    /// From the values of each topic or entry by feature.
    fn new(features: usize, models: &[Model]) -> Self {
        let mut starts = vec![0u32; features + 1];
        models.iter().flatten().for_each(|&(feature, _)| starts[feature as usize + 1] += 1);
        for feature in 0..features {
            starts[feature + 1] += starts[feature];
        }
        let mut next = starts.clone();
        let mut items = vec![(0u32, 0.0f32); starts[features] as usize];
        for (of, model) in models.iter().enumerate() {
            for &(feature, value) in model {
                let at = &mut next[feature as usize];
                items[*at as usize] = (of as u32, value);
                *at += 1;
            }
        }
        Postings { starts, items }
    }

    fn of(&self, feature: u32) -> &[(u32, f32)] {
        &self.items[self.starts[feature as usize] as usize..self.starts[feature as usize + 1] as usize]
    }
}

/// Values by feature, sorted by feature.
type Model = Vec<(u32, f32)>;

impl Likelihood {
    /// Learns the model; `topics[i]` is the number of the topic of entry i.
    pub(crate) fn new(entries: &[Fields<'_>], topics: &[u32], recipe: Recipe) -> Self {
        let mut features: HashMap<Gram, u32> = HashMap::new();
        let mut own: Vec<Model> = Vec::with_capacity(entries.len());
        for entry in entries {
            let mut counts = Model::new();
            let mut add = |grams: &[Gram], weight: f32| {
                for &gram in grams {
                    let fresh = features.len() as u32;
                    counts.push((*features.entry(gram).or_insert(fresh), weight));
                }
            };
            entry.wordings.iter().for_each(|grams| add(grams, 1.0));
            add(entry.answer, recipe.answer);
            add(entry.topic, 0.5);
            merge(&mut counts);
            own.push(counts);
        }
        let topic_count = topics.iter().max().map_or(0, |&t| t as usize + 1);
        let mut pooled: Vec<Model> = vec![Model::new(); topic_count];
        let mut all = vec![0.0f32; features.len()];
        for (counts, &topic) in own.iter().zip(topics) {
            pooled[topic as usize].extend_from_slice(counts);
            counts.iter().for_each(|&(feature, count)| all[feature as usize] += count);
        }
        pooled.iter_mut().for_each(merge);
        let total: f32 = all.iter().sum::<f32>().max(1.0);
        all.iter_mut().for_each(|share| *share /= total);
        pooled.iter_mut().for_each(to_shares);
        own.iter_mut().for_each(to_shares);
        if recipe.translated > 0.0 {
            let table = translations(entries, &features);
            let mut sums = vec![0.0; features.len()];
            own.iter_mut().for_each(|model| translate(model, &table, recipe.translated, &mut sums));
        }

        let rest = 1.0 - recipe.own - recipe.topic;
        let gain = |feature: u32, share: f32| {
            let everybody = rest * all[feature as usize];
            Some(((share + everybody) / everybody).ln()).filter(|gain| *gain > LEAST).unwrap_or_default()
        };
        for (model, &topic) in own.iter_mut().zip(topics) {
            let mut shared = pooled[topic as usize].iter().copied().peekable();
            model.retain_mut(|(feature, share)| {
                while shared.next_if(|(other, _)| *other < *feature).is_some() {}
                let of_topic = shared.peek().filter(|(other, _)| other == feature).map_or(0.0, |(_, share)| recipe.topic * share);
                *share = gain(*feature, recipe.own * *share + of_topic) - gain(*feature, of_topic);
                *share > 0.0
            });
        }
        for model in &mut pooled {
            model.retain_mut(|(feature, share)| {
                *share = gain(*feature, recipe.topic * *share);
                *share > 0.0
            });
        }
        let [of_topics, of_entries] = [&pooled, &own].map(|models| Postings::new(features.len(), models));
        Likelihood { features, of_topics, of_entries, topics: topics.to_vec(), floor: rest.ln() }
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
            self.of_topics.of(feature).iter().for_each(|&(topic, gain)| of_topics[topic as usize] += gain);
            self.of_entries.of(feature).iter().for_each(|&(entry, gain)| scores[entry as usize] += gain);
        }
        let scale = 1.0 / (distinct.len().max(1) as f32).sqrt();
        for (score, &topic) in scores.iter_mut().zip(&self.topics) {
            *score = (*score + of_topics[topic as usize] + self.floor * known as f32) * scale;
        }
        scores
    }
}

fn to_shares(model: &mut Model) {
    let total = model.iter().map(|(_, value)| value).sum::<f32>().max(1e-9);
    model.iter_mut().for_each(|(_, value)| *value /= total);
}

/// p(t | s) from pairs of wordings of one entry: pairs seen at least twice and e times more often than by chance. The result has one list per feature.
fn translations(entries: &[Fields<'_>], features: &HashMap<Gram, u32>) -> Vec<Model> {
    let mut lines: Vec<Vec<u32>> = Vec::new();
    // For each line, the lines of its entry: the first and one past the last.
    let mut siblings: Vec<(u32, u32)> = Vec::new();
    for entry in entries {
        let first = lines.len() as u32;
        let end = first + entry.wordings.len() as u32;
        for grams in &entry.wordings {
            let mut line: Vec<u32> = grams.iter().filter_map(|gram| features.get(gram).copied()).collect();
            line.sort_unstable();
            line.dedup();
            lines.push(line);
            siblings.push((first, end));
        }
    }
    let mut places: Vec<Vec<u32>> = vec![Vec::new(); features.len()];
    let mut weights = vec![0.0f32; features.len()];
    let mut total = 0.0f32;
    for (at, line) in lines.iter().enumerate() {
        let (first, end) = siblings[at];
        let facing: usize = (first..end).filter(|&other| other as usize != at).map(|other| lines[other as usize].len()).sum();
        for &s in line {
            places[s as usize].push(at as u32);
            weights[s as usize] += facing as f32;
        }
        total += (line.len() * facing) as f32;
    }
    let mut counts = vec![0.0f32; features.len()];
    let mut seen: Vec<u32> = Vec::new();
    let mut table = Vec::with_capacity(features.len());
    for (s, places) in places.iter().enumerate() {
        for &at in places {
            let (first, end) = siblings[at as usize];
            for &t in (first..end).filter(|&other| other != at).flat_map(|other| &lines[other as usize]) {
                if counts[t as usize] == 0.0 {
                    seen.push(t);
                }
                counts[t as usize] += 1.0;
            }
        }
        seen.sort_unstable();
        let mut targets = Model::new();
        for t in seen.drain(..) {
            let count = std::mem::take(&mut counts[t as usize]);
            let chance = weights[s] * weights[t as usize] / total;
            if count >= 2.0 && count / chance > std::f32::consts::E {
                targets.push((t, count));
            }
        }
        to_shares(&mut targets);
        table.push(targets);
    }
    table
}

/// Widens a model by the translations of its features; `sums` is all zero before and after.
fn translate(model: &mut Model, table: &[Model], share: f32, sums: &mut [f32]) {
    let mut touched: Vec<u32> = Vec::new();
    let mut add = |feature: u32, value: f32| {
        let sum = &mut sums[feature as usize];
        if *sum == 0.0 {
            touched.push(feature);
        }
        *sum += value;
    };
    for &(s, p) in model.iter() {
        let targets = &table[s as usize];
        add(s, if targets.is_empty() { p } else { (1.0 - share) * p });
        targets.iter().for_each(|&(t, q)| add(t, share * p * q));
    }
    touched.sort_unstable();
    *model = touched.into_iter().map(|feature| (feature, std::mem::take(&mut sums[feature as usize]))).collect();
}
