//! Finding goods by what customers type: words of either language, in any order, without regard to case, width and spaces.

use std::collections::BTreeSet;

use domain::goods::Product;
pub use domain::text::normal;

use super::Frame;

/// What each of the goods may be found by.
#[derive(Debug, Clone, Default)]
pub struct Index {
    goods: Vec<Words>,
    categories: Vec<(String, String)>,
    /// Words in Latin letters and digits of names, categories and tags, for those that are misspelt.
    vocabulary: BTreeSet<String>,
}

#[derive(Debug, Clone)]
struct Words {
    category: String,
    /// Where a term is found decides how much it counts: name, then category and tags, then the rest.
    fields: [(i64, String); 3],
    /// How the name, category and tags sound, for what is written with another character of the same sound.
    sounds: String,
}

/// So many terms are looked for by what they may mean; a longer query is a sentence.
const MOST_MENDED: usize = 6;
/// A misspelt word has at least so many letters: with fewer, one edit makes any word out of any other.
const LEAST_LETTERS: usize = 4;
/// What part of a term of a language without spaces must be found, by the rarity of its characters.
const LEAST_PART: f64 = 0.6;

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// Positions of goods, best first.
    pub goods: Vec<usize>,
    /// Where nothing was found: the category whose words are nearest, if any are.
    pub nearest_category: Option<String>,
}

impl Index {
    /// Collects the words of goods.
    pub fn new<'a>(frame: &Frame, goods: impl Iterator<Item = &'a Product>) -> Self {
        let category_words = |id: &str| {
            frame.categories.iter().find(|category| category.id == id).map_or_else(|| id.to_owned(), |c| format!("{} {} {}", c.id, c.name.zh, c.name.en))
        };
        let tag_words = |id: &String| frame.tag_names.get(id).map_or_else(|| id.clone(), |name| format!("{id} {} {}", name.zh, name.en));
        let words = |goods: &Product| {
            let tags: Vec<String> = goods.tags.iter().map(tag_words).collect();
            let sheet: Vec<String> =
                goods.attributes.iter().map(|a| format!("{} {} {}{} {}{}", a.label.zh, a.label.en, a.value.zh, a.unit, a.value.en, a.unit)).collect();
            let points = [&goods.selling_points.zh[..], &goods.selling_points.en[..]].concat().join(" ");
            let fields = [
                (
                    100,
                    format!(
                        "{} {} {}",
                        normal(&format!("{} {} {}", goods.name.zh, goods.name.en, goods.id)),
                        squeezed(&goods.name.zh),
                        squeezed(&goods.name.en)
                    ),
                ),
                (30, normal(&format!("{} {} {}", category_words(&goods.category), goods.illustration, tags.join(" ")))),
                (10, normal(&format!("{points} {} {} {}", goods.description.zh, goods.description.en, sheet.join(" ")))),
            ];
            Words { category: goods.category.clone(), sounds: bot::sounds(&format!("{} {}", fields[0].1, fields[1].1)), fields }
        };
        let goods: Vec<Words> = goods.map(words).collect();
        let categories = frame
            .categories
            .iter()
            .map(|category| {
                let of_goods: String =
                    goods.iter().filter(|words| words.category == category.id).map(|words| format!(" {} {}", words.fields[0].1, words.fields[1].1)).collect();
                (category.id.clone(), normal(&category_words(&category.id)) + &of_goods)
            })
            .collect();
        let vocabulary = goods.iter().flat_map(|words| words.fields[..2].iter()).flat_map(|(_, words)| runs(words)).filter(|run| run.is_ascii());
        let vocabulary = vocabulary.map(str::to_owned).collect();
        Self { goods, categories, vocabulary }
    }

    /// Goods in which every term of `query` is found, in `category` if one is given. An empty query finds all, one of nothing but signs nothing.
    pub fn find(&self, query: &str, category: Option<&str>) -> Found {
        let is_empty = query.trim().is_empty();
        let query = normal(query);
        if query.is_empty() && !is_empty {
            return Found { goods: Vec::new(), nearest_category: None };
        }
        let terms: Vec<&str> = query.split(' ').filter(|term| !term.is_empty()).collect();
        let mut scored: Vec<(i64, usize)> = self
            .goods
            .iter()
            .enumerate()
            .filter(|(_, words)| category.is_none_or(|category| words.category == category))
            .filter_map(|(at, words)| terms.iter().try_fold(0, |sum, term| words.score(term).map(|score| sum + score)).map(|score| (score, at)))
            .collect();
        scored.sort_by_key(|(score, at)| (-score, *at));
        let goods: Vec<usize> = scored.into_iter().map(|(_, at)| at).collect();
        let nearest_category = if goods.is_empty() { self.nearest(&query) } else { None };
        Found { goods, nearest_category }
    }

    /// Goods that come near a query which finds none: with a letter too many, too few, changed or swapped, with another character of the same
    /// sound, or with the telling part of a word.
    pub fn find_near(&self, query: &str, category: Option<&str>) -> Vec<usize> {
        let query = normal(query);
        let apart: Vec<&str> = runs(&query).collect();
        let joined = query.replace(' ', "");
        let together: Vec<&str> = runs(&joined).collect();
        let found = self.near(&apart, category);
        if found.is_empty() && together.len() < apart.len() { self.near(&together, category) } else { found }
    }

    /// The same, where the query in other words finds some: those first.
    pub fn find_alike(&self, query: &str, reworded: &[String], category: Option<&str>) -> Vec<usize> {
        let mut found: Vec<usize> = Vec::new();
        for at in reworded.iter().flat_map(|other| self.find(other, category).goods) {
            if !found.contains(&at) {
                found.push(at);
            }
        }
        if found.is_empty() { self.find_near(query, category) } else { found }
    }

    fn near(&self, terms: &[&str], category: Option<&str>) -> Vec<usize> {
        if terms.is_empty() || terms.len() > MOST_MENDED {
            return Vec::new();
        }
        let terms: Vec<Near<'_>> = terms.iter().map(|term| self.meant(term)).collect();
        let mut scored: Vec<(i64, usize)> = self
            .goods
            .iter()
            .enumerate()
            .filter(|(_, words)| category.is_none_or(|category| words.category == category))
            .filter_map(|(at, words)| terms.iter().try_fold(0, |sum, term| words.score_near(term).map(|score| sum + score)).map(|score| (score, at)))
            .collect();
        scored.sort_by_key(|(score, at)| (-score, *at));
        scored.into_iter().map(|(_, at)| at).collect()
    }

    /// What a term may mean, whatever the goods.
    fn meant<'a>(&self, term: &'a str) -> Near<'a> {
        let length = term.chars().count();
        if term.is_ascii() {
            let mended = self.vocabulary.iter().filter(|word| length >= LEAST_LETTERS && bot::edits(term, word, 1) <= 1).cloned().collect();
            return Near { term, mended, sound: String::new(), parts: Vec::new() };
        }
        let held = |part: char| self.goods.iter().filter(|words| words.fields.iter().any(|(_, words)| words.contains(part))).count();
        let rarity = |part: char| ((self.goods.len() as f64 + 1.0) / (held(part) as f64 + 0.5)).ln();
        let sound = if length < 2 { String::new() } else { bot::sounds(term) };
        Near { term, mended: Vec::new(), sound, parts: term.chars().map(|part| (part, rarity(part))).collect() }
    }

    /// The category that shares most pairs of neighbouring characters with the query.
    fn nearest(&self, query: &str) -> Option<String> {
        let pairs = pairs(query);
        let shared = |words: &str| pairs.iter().filter(|pair| words.contains(pair.as_str())).count();
        self.categories.iter().map(|(id, words)| (shared(words), id)).max_by_key(|(n, _)| *n).filter(|(n, _)| *n > 0).map(|(_, id)| id.clone())
    }
}

/// A term and what it may mean.
struct Near<'a> {
    term: &'a str,
    /// Words it is misspelt from.
    mended: Vec<String>,
    /// How it sounds; empty where it is too short to tell by that.
    sound: String,
    /// Its characters and how much each tells.
    parts: Vec<(char, f64)>,
}

impl Words {
    /// How well what a term may mean is found; worth half of what the term itself is.
    fn score_near(&self, near: &Near<'_>) -> Option<i64> {
        if let Some(score) = self.score(near.term) {
            return Some(score);
        }
        let mended = near.mended.iter().filter_map(|word| self.score(word)).max();
        if mended.is_some() {
            return mended.map(|score| score / 2);
        }
        if !near.sound.is_empty() && self.sounds.contains(&near.sound) {
            return Some(self.fields[0].0 / 2);
        }
        let all: f64 = near.parts.iter().map(|(_, rarity)| rarity).sum();
        let found = |words: &str| near.parts.iter().filter(|(part, _)| words.contains(*part)).map(|(_, rarity)| rarity).sum::<f64>();
        let part: f64 = near.parts.iter().filter(|(part, _)| self.fields.iter().any(|(_, words)| words.contains(*part))).map(|(_, rarity)| rarity).sum();
        if near.parts.is_empty() || part < all * LEAST_PART {
            return None;
        }
        let weight = self.fields.iter().map(|(weight, words)| *weight as f64 * found(words) / all).fold(0.0, f64::max);
        Some((weight / 2.0).round() as i64)
    }

    /// How well a term is found. A term of a language without spaces may also be found piece by piece, if the pieces cover it.
    fn score(&self, term: &str) -> Option<i64> {
        let weigh = |part: &str| self.fields.iter().filter(|(_, words)| words.contains(part)).map(|(weight, _)| *weight).max();
        let whole = weigh(term);
        if whole.is_some() || term.is_ascii() {
            return whole;
        }
        let pairs = pairs(term);
        let found: Vec<Option<i64>> = pairs.iter().map(|pair| weigh(pair)).collect();
        // The character at `at` stands in the pairs `at - 1` and `at`.
        let covered = |at: usize| found.get(at).is_some_and(Option::is_some) || at > 0 && found.get(at - 1).is_some_and(Option::is_some);
        if pairs.len() < 2 || !(0..=pairs.len()).all(covered) {
            return None;
        }
        Some(found.iter().flatten().sum::<i64>() / (2 * found.len() as i64))
    }
}

/// As [`normal`], without spaces: `澈岚 X9` is also found as `澈岚x9`.
fn squeezed(text: &str) -> String {
    normal(text).replace(' ', "")
}

/// The parts of a text that are written alike: Latin letters and digits, or other characters.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    text.split(' ').flat_map(|word| {
        let mut rest = word;
        std::iter::from_fn(move || {
            let first = rest.chars().next()?;
            let (run, after) = rest.split_at(rest.find(|c: char| c.is_ascii() != first.is_ascii()).unwrap_or(rest.len()));
            rest = after;
            Some(run)
        })
    })
}

/// Each two neighbouring characters of each word.
fn pairs(text: &str) -> Vec<String> {
    let mut pairs = Vec::new();
    for word in text.split(' ') {
        let chars: Vec<char> = word.chars().collect();
        pairs.extend(chars.windows(2).map(|pair| pair.iter().collect::<String>()));
    }
    pairs
}

#[cfg(test)]
mod tests {
    use domain::text::Bilingual;

    use super::*;
    use crate::catalogue::Category;

    fn both(zh: &str, en: &str) -> Bilingual {
        Bilingual { zh: zh.to_owned(), en: en.to_owned() }
    }
    fn index() -> Index {
        let category = |id: &str, zh, en| Category { id: id.to_owned(), name: both(zh, en) };
        let frame = Frame {
            currency: "CNY".to_owned(),
            categories: vec![category("phone", "手机", "Phones"), category("appliance", "家电", "Home appliances")],
            tag_names: [("5g".to_owned(), both("5G", "5G")), ("senior".to_owned(), both("适老", "For seniors"))].into(),
        };
        let goods = |id: &str, category: &str, zh, en, tags: &[&str], description: &str| Product {
            id: id.to_owned(),
            category: category.to_owned(),
            name: both(zh, en),
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            illustration: category.to_owned(),
            description: both(description, ""),
            ..Product::default()
        };
        let goods = [
            goods("g-1", "phone", "澈岚 X9 Pro", "Trelan X9 Pro", &["5g"], "拍照好"),
            goods("g-2", "phone", "禾声 大字机", "Hesheng Easy", &["senior"], "字大声响"),
            goods("g-3", "appliance", "清川 洗衣机", "Qingchuan washer", &[], "可放手机架"),
        ];
        Index::new(&frame, goods.iter())
    }

    #[test]
    fn goods_are_found_in_either_language_whatever_the_case_width_and_order() {
        for (query, expected) in [
            ("x9", vec![0]),
            ("Ｘ９　ＰＲＯ", vec![0]),
            ("pro trelan", vec![0]),
            ("澈岚x9", vec![0]),
            ("手机", vec![0, 1, 2]),
            ("seniors", vec![1]),
            ("适老手机", vec![1]),
            ("洗衣机", vec![2]),
            ("g-3", vec![2]),
            ("", vec![0, 1, 2]),
            ("  ", vec![0, 1, 2]),
            ("？？", vec![]),
            ("%", vec![]),
        ] {
            assert_eq!(index().find(query, None).goods, expected, "{query}");
        }
    }

    #[test]
    fn what_is_misspelt_or_only_partly_there_is_found_near() {
        for (query, expected) in [
            ("X9Por", vec![0]),
            ("x9 por", vec![0]),
            ("trelam", vec![0]),
            ("澈岚x9por", vec![0]),
            ("Heshengg", vec![1]),
            ("澈兰", vec![0]),
            ("和声 大字机", vec![1]),
            ("洗衣鸡", vec![2]),
            ("放架", vec![2]),
            ("x8", vec![]),
            ("飞机票", vec![]),
            ("洗衣液", vec![]),
            ("", vec![]),
            ("one two three four five six seven", vec![]),
        ] {
            assert_eq!(index().find_near(query, None), expected, "{query}");
        }
        assert_eq!(index().find_near("X9Por", Some("appliance")), Vec::<usize>::new());
    }

    #[test]
    fn a_category_narrows_the_search() {
        assert_eq!(index().find("手机", Some("appliance")).goods, vec![2]);
        assert_eq!(index().find("手机", Some("nothing")).goods, Vec::<usize>::new());
    }

    #[test]
    fn where_nothing_is_found_the_nearest_category_is_named() {
        assert_eq!(index().find("洗衣液", None), Found { goods: vec![], nearest_category: Some("appliance".to_owned()) });
        assert_eq!(index().find("火车", None), Found::default());
    }
}
