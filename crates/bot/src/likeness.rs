//! Groups lines that ask the same question: first those that differ only in punctuation, then those whose words are similar.

use std::collections::HashMap;

use crate::bot::{Bot, normal_of, shorten};
use crate::grams::Gram;
use crate::text::{Lang, normalise, skeleton};

/// Two lines whose weighted words have at least this cosine ask the same question.
const ALIKE: f32 = 0.5;
/// Two lines whose weighted words have at least this cosine are the same question, asked again.
const AGAIN: f32 = 0.55;
/// The most groups that a line is compared with; a line that matches none of them forms its own group.
const MOST_GROUPS: usize = 500;

/// The leaders of groups of one language by their features: for each, the positions of the groups and its weights.
type Leaders = HashMap<Gram, Vec<(usize, f32)>>;

impl Bot {
    /// Groups lines by the question they ask; each group lists positions in `lines`, with its leader first. Groups are sorted by size, largest first; equal
    /// ones by the position of their leader.
    pub fn alike(&self, lines: &[(&str, Lang)]) -> Vec<Vec<usize>> {
        let mut same: HashMap<String, usize> = HashMap::new();
        let mut piles: Vec<Vec<usize>> = Vec::new();
        for (at, (line, _)) in lines.iter().enumerate() {
            let fresh = piles.len();
            let pile = *same.entry(skeleton(line)).or_insert(fresh);
            if pile == fresh {
                piles.push(Vec::new());
            }
            piles[pile].push(at);
        }
        piles.sort_by_key(|pile| (std::cmp::Reverse(pile.len()), pile[0]));
        let mut groups: Vec<Vec<usize>> = Vec::new();
        let mut leaders: [Leaders; 2] = Default::default();
        for pile in piles {
            let (line, hint) = lines[pile[0]];
            let normal = normal_of(line);
            let lang = self.language(&normal, hint);
            let vector = self.vector(&normal, lang);
            let mut likeness = vec![0.0f32; groups.len().min(MOST_GROUPS)];
            for (gram, value) in &vector {
                leaders[lang as usize].get(gram).into_iter().flatten().for_each(|&(group, other)| likeness[group] += value * other);
            }
            let near = likeness.into_iter().enumerate().max_by(|a, b| a.1.total_cmp(&b.1)).filter(|(_, likeness)| *likeness >= ALIKE);
            match near {
                Some((group, _)) => groups[group].extend(pile),
                None => {
                    let group = groups.len();
                    if group < MOST_GROUPS {
                        vector.into_iter().for_each(|(gram, value)| leaders[lang as usize].entry(gram).or_default().push((group, value)));
                    }
                    groups.push(pile);
                }
            }
        }
        groups.sort_by_key(|members| (std::cmp::Reverse(members.len()), members[0]));
        groups
    }

    /// Whether a line asks what one of the lines before asked, in the same or in nearly the same words. One word alone is not enough.
    pub fn asks_again(&self, line: &str, before: &[&str], hint: Lang) -> bool {
        let normal = normalise(&shorten(line));
        if crate::text::tokens(&normal).len() < 3 {
            return false;
        }
        let lang = self.language(&normal, hint);
        let (bare, vector) = (skeleton(line), self.vector(&normal, lang));
        before.iter().any(|earlier| skeleton(earlier) == bare || cosine(&self.vector(&normal_of(earlier), lang), &vector) >= AGAIN)
    }

    /// The features of a line, weighted by how informative they are, scaled to length one.
    fn vector(&self, normal: &str, lang: Lang) -> HashMap<Gram, f32> {
        let index = &self.indexes[lang as usize];
        let mut vector: HashMap<Gram, f32> = HashMap::new();
        for gram in index.grammar.of_query(normal).plain {
            *vector.entry(gram).or_default() += index.rarity(gram);
        }
        let length = vector.values().map(|value| value * value).sum::<f32>().sqrt().max(f32::EPSILON);
        vector.values_mut().for_each(|value| *value /= length);
        vector
    }
}

fn cosine(a: &HashMap<Gram, f32>, b: &HashMap<Gram, f32>) -> f32 {
    a.iter().filter_map(|(gram, value)| Some(value * b.get(gram)?)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Knowledge;

    #[test]
    fn the_same_question_is_known_again_and_another_one_about_the_same_is_not() {
        let demo = concat!(include_str!("../../../demo/knowledge-1.jsonl"), include_str!("../../../demo/knowledge-2.jsonl"));
        let entries = demo.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let bot = Bot::train(Knowledge { entries, ..Knowledge::default() });
        for (line, before, again) in [
            ("我的流量怎么没了？？", "我的流量怎么没了", true),
            ("我的流量怎么就没了呀", "我的流量怎么没了", true),
            ("宽带怎么续费", "宽带怎么报修", false),
            ("流量", "流量", false),
            ("how do I change my plan!", "How do I change my plan", true),
            ("how do I cancel my plan", "how do I change my plan", false),
        ] {
            let heard = bot.asks_again(line, &["你好", before], Lang::Zh);
            assert_eq!(heard, again, "{line}");
        }
    }
}
