//! Query likelihood: how much more probable an entry makes the query than the whole collection does.
//!
//! An entry's words are smoothed by its topic's and by everybody's; on request they are first widened by a translation model
//! learned from pairs of wordings of the same entry ("data" is asked where "traffic" is written). See Zhai and
//! Lafferty 2004 for the smoothing, Berger and Lafferty 1999 for translation.

use std::collections::HashMap;

use crate::grams::Gram;
use crate::vector::Fields;

/// How the model of an entry is made up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Recipe {
    /// Weight of a feature of the answer; one of a wording counts 1.
    pub answer: f32,
    /// Share of the entry's own model in the mixture.
    pub own: f32,
    /// Share of its topic's model; what is left goes to the collection.
    pub topic: f32,
    /// Share of translated features in the entry's own model.
    pub translated: f32,
}

/// For each feature the entries it speaks for.
#[derive(Debug)]
pub(crate) struct Likelihood {
    features: HashMap<Gram, u32>,
    starts: Vec<u32>,
    postings: Vec<(u32, f32)>,
    floor: f32,
    entries: usize,
}

/// Values by feature, sorted by feature.
type Model = Vec<(u32, f32)>;

impl Likelihood {
    /// Learns the model; `topics[i]` numbers the topic of entry i.
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
            own.iter_mut().for_each(|model| translate(model, &table, recipe.translated));
        }

        let rest = 1.0 - recipe.own - recipe.topic;
        let mut lists: Vec<Vec<(u32, f32)>> = vec![Vec::new(); features.len()];
        for (entry, (model, &topic)) in own.iter().zip(topics).enumerate() {
            let mut mixed: Model = model.iter().map(|&(feature, share)| (feature, recipe.own * share)).collect();
            mixed.extend(pooled[topic as usize].iter().map(|&(feature, share)| (feature, recipe.topic * share)));
            merge(&mut mixed);
            for (feature, share) in mixed {
                let everybody = rest * all[feature as usize];
                let gain = ((share + everybody) / everybody).ln();
                if gain > 0.05 {
                    lists[feature as usize].push((entry as u32, gain));
                }
            }
        }
        let mut starts = vec![0u32];
        let mut postings = Vec::with_capacity(lists.iter().map(Vec::len).sum());
        for list in lists {
            postings.extend(list);
            starts.push(postings.len() as u32);
        }
        Likelihood { features, starts, postings, floor: rest.ln(), entries: entries.len() }
    }

    /// The log ratio for every entry, summed over the distinct features of the query that the model knows, per feature.
    pub(crate) fn score(&self, query: &[Gram]) -> Vec<f32> {
        let mut distinct = query.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        let mut scores = vec![0.0; self.entries];
        let mut known = 0;
        for gram in &distinct {
            let Some(&feature) = self.features.get(gram) else { continue };
            known += 1;
            let range = self.starts[feature as usize] as usize..self.starts[feature as usize + 1] as usize;
            for &(entry, gain) in &self.postings[range] {
                scores[entry as usize] += gain;
            }
        }
        let scale = 1.0 / (distinct.len().max(1) as f32).sqrt();
        scores.iter_mut().for_each(|score| *score = (*score + self.floor * known as f32) * scale);
        scores
    }
}

/// Sorts by feature and adds up the values of each.
fn merge(model: &mut Model) {
    model.sort_by_key(|&(feature, _)| feature);
    model.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 += next.1;
        }
        same
    });
}

fn to_shares(model: &mut Model) {
    let total = model.iter().map(|(_, value)| value).sum::<f32>().max(1e-9);
    model.iter_mut().for_each(|(_, value)| *value /= total);
}

/// p(t | s) from pairs of wordings of one entry: pairs seen at least twice and e times more often than by chance.
fn translations(entries: &[Fields<'_>], features: &HashMap<Gram, u32>) -> HashMap<u32, Vec<(u32, f32)>> {
    let mut pairs: HashMap<(u32, u32), f32> = HashMap::new();
    let mut sources: HashMap<u32, f32> = HashMap::new();
    let mut total = 0.0;
    for entry in entries {
        let lines: Vec<Vec<u32>> = entry
            .wordings
            .iter()
            .map(|grams| {
                let mut line: Vec<u32> = grams.iter().filter_map(|gram| features.get(gram).copied()).collect();
                line.sort_unstable();
                line.dedup();
                line
            })
            .collect();
        for (i, from) in lines.iter().enumerate() {
            for (j, to) in lines.iter().enumerate() {
                if i == j {
                    continue;
                }
                for &s in from {
                    for &t in to {
                        *pairs.entry((s, t)).or_default() += 1.0;
                    }
                    *sources.entry(s).or_default() += to.len() as f32;
                }
                total += (from.len() * to.len()) as f32;
            }
        }
    }
    let mut table: HashMap<u32, Vec<(u32, f32)>> = HashMap::new();
    for (&(s, t), &count) in &pairs {
        if count < 2.0 {
            continue;
        }
        let chance = sources[&s] * sources[&t] / total;
        if count / chance > std::f32::consts::E {
            table.entry(s).or_default().push((t, count));
        }
    }
    for targets in table.values_mut() {
        targets.sort_unstable_by_key(|&(t, _)| t);
        let sum: f32 = targets.iter().map(|(_, count)| count).sum();
        targets.iter_mut().for_each(|(_, count)| *count /= sum);
    }
    table
}

fn translate(model: &mut Model, table: &HashMap<u32, Vec<(u32, f32)>>, share: f32) {
    let mut widened = Model::with_capacity(model.len() * 2);
    for &(s, p) in model.iter() {
        match table.get(&s) {
            Some(targets) => {
                widened.push((s, (1.0 - share) * p));
                widened.extend(targets.iter().map(|&(t, q)| (t, share * p * q)));
            }
            None => widened.push((s, p)),
        }
    }
    merge(&mut widened);
    *model = widened;
}
