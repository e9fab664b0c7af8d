//! What it takes to train a bot, estimated for each entry alone: the number of features of its texts, of which those that are new take memory as well as time
//! and count three times, and the pairs of features of which its wordings teach that they mean the same. An entry of a few long wordings takes little; one of
//! very many words in very many wordings takes as much as thousands of others.
//!
//! What accepts knowledge keeps to [`MOST_OF_ENTRY`] and [`MOST`]. A training keeps to limits of its own for what was accepted otherwise: it then learns less.

use std::collections::HashSet;

use crate::grams::{Gram, Grammar};
use crate::knowledge::Entry;
use crate::text::Lang;

/// The most effort of one entry. With 200 wordings of usual length in both languages, it has a third of it.
pub const MOST_OF_ENTRY: u64 = 250_000;
/// The most effort of all entries of a company. 5,000 like those of the demo have six sevenths of it.
pub const MOST: u64 = 8_300_000;
/// So many steps of counting pairs take as long as learning a feature.
const STEPS: u64 = 64;

/// The effort of an entry: about the number of its features, if each of them occurs once.
pub fn of(entry: &Entry) -> u64 {
    [Lang::Zh, Lang::En].into_iter().map(|lang| of_side(entry, lang)).sum()
}

fn of_side(entry: &Entry, lang: Lang) -> u64 {
    let grammar = Grammar::new(lang, &[], std::iter::empty());
    let (mut features, mut pairs, mut wordings) = (0, 0, 0);
    let (mut all, mut fine): (HashSet<Gram>, HashSet<Gram>) = Default::default();
    for line in std::iter::once(entry.question.side(lang)).chain(entry.similar.side(lang).iter().map(String::as_str)).filter(|line| !line.is_empty()) {
        let grams = grammar.of_knowledge(line);
        features += (grams.plain.len() + grams.fine.len()) as u64;
        let distinct: HashSet<Gram> = grams.plain.into_iter().collect();
        pairs += (distinct.len() as u64).pow(2);
        all.extend(distinct);
        fine.extend(grams.fine);
        wordings += 1;
    }
    let answer = grammar.of_knowledge(entry.answer.side(lang));
    features += (answer.plain.len() + answer.fine.len()) as u64;
    pairs += (all.len() as u64).pow(2);
    all.extend(answer.plain);
    fine.extend(answer.fine);
    let distinct = (all.len() + fine.len()) as u64;
    (features + 2 * distinct) / 3 + if wordings > 1 { pairs / STEPS } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::{Bilingual, Wordings};

    fn demo() -> Vec<Entry> {
        let demo = concat!(include_str!("../../../demo/knowledge-1.jsonl"), include_str!("../../../demo/knowledge-2.jsonl"));
        demo.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Characters that hardly ever stand beside each other twice.
    fn random(count: usize, length: usize, kinds: u32) -> Vec<String> {
        let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            char::from_u32(0x4e00 + (state >> 33) as u32 % kinds).unwrap()
        };
        (0..count).map(|_| (0..length).map(|_| next()).collect()).collect()
    }

    #[test]
    fn five_thousand_entries_like_those_of_the_demo_fit() {
        let demo = demo();
        let each: Vec<u64> = demo.iter().map(of).collect();
        let mean = each.iter().sum::<u64>() / demo.len() as u64;
        assert!(mean * 5_000 < MOST * 6 / 7 && each.iter().all(|effort| effort * 10 < MOST_OF_ENTRY), "{mean}");
    }

    #[test]
    fn what_takes_long_is_told_from_what_is_merely_long() {
        let entry = |wordings: Vec<String>, answer: &str| Entry {
            question: Bilingual { zh: "怎么换套餐".to_owned(), en: String::new() },
            similar: Wordings { zh: wordings, en: Vec::new() },
            answer: Bilingual { zh: answer.to_owned(), en: String::new() },
            ..Entry::default()
        };
        let alike: Vec<String> = (0..200).map(|n| format!("我想把现在用的套餐换成第{n}个套餐怎么办")).collect();
        // 200 wordings of one question, and the longest answer.
        assert!(of(&entry(alike, &"营业厅".repeat(1_333))) < MOST_OF_ENTRY / 3);
        // As many and as long as can be of the same few words: what follows what is then known soon, and adds no pairs.
        assert!(of(&entry(random(200, 200, 10), "")) < MOST_OF_ENTRY);
        // The same of different words.
        assert!(of(&entry(random(200, 190, 8_000), "")) > 20 * MOST_OF_ENTRY);
        // A character that stands for eighteen.
        assert!(of(&entry(vec!["\u{fdfa}".repeat(200); 1], "")) > 18 * of(&entry(vec!["a".repeat(200)], "")) / 10);
    }
}
