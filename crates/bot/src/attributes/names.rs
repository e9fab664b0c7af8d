//! The names that customers use for goods and plans.

use std::collections::BTreeMap;

use crate::concepts::Concepts;
use crate::knowledge::{Knowledge, Plan};
use crate::stem::stem;
use crate::text::{Lang, is_han, normalise, tokens};

/// How well an alias matches an item: it is the whole name, the name without the brand, or a part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    Part,
    Unbranded,
    Whole,
}

/// A trie whose groups are item numbers: goods first, then plans. An alias that matches several items equally well is left out.
pub(super) fn gazetteer(knowledge: &Knowledge, lang: Lang) -> Concepts {
    let mut brands: BTreeMap<String, usize> = BTreeMap::new();
    let names: Vec<Vec<String>> = knowledge.products.iter().map(|product| parts(product.name.side(lang))).collect();
    for name in &names {
        if name.len() > 1 {
            *brands.entry(name[0].clone()).or_default() += 1;
        }
    }
    let mut claims: BTreeMap<Vec<String>, (Strength, Vec<u32>)> = BTreeMap::new();
    let mut claim = |words: Vec<String>, strength: Strength, item: u32| {
        if words.is_empty() {
            return;
        }
        let held = claims.entry(words).or_insert((strength, Vec::new()));
        if strength > held.0 {
            *held = (strength, Vec::new());
        }
        if strength == held.0 && !held.1.contains(&item) {
            held.1.push(item);
        }
    };
    for (item, name) in names.iter().enumerate() {
        let item = item as u32;
        claim(words(&name.join(" "), lang), Strength::Whole, item);
        let branded = name.len() > 1 && brands.get(&name[0]).copied().unwrap_or(0) > 1;
        let own = if branded { &name[1..] } else { &name[..] };
        if branded && speaks(own) {
            claim(words(&own.join(" "), lang), Strength::Unbranded, item);
        }
        for from in 0..name.len() {
            for to in from + 1..=name.len() {
                if speaks(&name[from..to]) {
                    claim(words(&name[from..to].join(" "), lang), Strength::Part, item);
                }
            }
        }
    }
    for (at, plan) in knowledge.plans.iter().enumerate() {
        let item = (knowledge.products.len() + at) as u32;
        claim(words(plan.name.side(lang), lang), Strength::Whole, item);
        for alias in by_fee(plan, lang) {
            claim(words(&alias, lang), Strength::Part, item);
        }
    }
    let mut concepts = Concepts::new();
    for (alias, (_, items)) in claims {
        if let [item] = items.as_slice() {
            concepts.add(&alias, *item);
        }
    }
    concepts
}

fn parts(name: &str) -> Vec<String> {
    normalise(name).split_whitespace().map(str::to_owned).collect()
}

/// The tokens of a name in the form in which they are compared: English words are stemmed.
pub(super) fn words(text: &str, lang: Lang) -> Vec<String> {
    let normal = normalise(text);
    let tokens = tokens(&normal);
    match lang {
        Lang::Zh => tokens.into_iter().map(str::to_owned).collect(),
        Lang::En => tokens.into_iter().map(stem).collect(),
    }
}

/// Whether a part of a name can stand for the whole: a model code, two Chinese characters, or two words neither of which is just a number or a conjunction.
fn speaks(parts: &[String]) -> bool {
    let joint = |part: &String| ["and", "of", "the", "for"].contains(&part.as_str());
    match parts {
        [] => false,
        [part] => {
            let han = part.chars().filter(|c| is_han(*c)).count();
            let code = part.chars().next().is_some_and(char::is_alphabetic) && part.chars().any(|c| c.is_ascii_digit());
            han >= 2 || (han == 0 && code)
        }
        [first, .., last] => {
            let words = parts.iter().filter(|part| part.chars().any(char::is_alphabetic)).count();
            !joint(first) && !joint(last) && words > 0
        }
    }
}

/// The names of a plan by its monthly fee: "59套餐", "59 yuan plan".
fn by_fee(plan: &Plan, lang: Lang) -> Vec<String> {
    if plan.monthly_fee_fen <= 0 || plan.monthly_fee_fen % 100 != 0 {
        return Vec::new();
    }
    let fee = plan.monthly_fee_fen / 100;
    match lang {
        Lang::Zh => {
            ["套餐", "元套餐", "块套餐", "元的套餐", "块的套餐", "块钱的套餐", "那个套餐", "的套餐"].iter().map(|tail| format!("{fee}{tail}")).collect()
        }
        Lang::En => ["plan", "yuan plan", "tariff"].iter().map(|tail| format!("{fee} {tail}")).collect(),
    }
}
