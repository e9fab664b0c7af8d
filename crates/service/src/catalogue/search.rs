//! Searches for goods by what customers type: words in Chinese or English, in any order, in the normal form of text and ignoring spaces.

use std::collections::BTreeSet;

use content::goods::Product;
pub use domain::text::normal;
use domain::text::{Searched, Sought, is_blank};

use super::Frame;

/// The searchable words of all goods.
#[derive(Debug, Clone, Default)]
pub struct Index {
    goods: Vec<Words>,
    categories: Vec<(String, String)>,
    /// The Latin words and numbers in names, categories and tags, for correcting misspelt ones.
    vocabulary: BTreeSet<String>,
}

#[derive(Debug, Clone)]
struct Words {
    category: String,
    /// The searchable text with its weight: the name first, then category and tags, then the rest.
    fields: [(i64, Searched); 3],
    /// The pronunciation of the name, category and tags, for queries written with other characters of the same sound.
    sounds: String,
}

/// The maximum number of parts of a query, counted separately for each sort: its words, the pairs and characters of those without spaces between, and the words
/// that others are misspellings of. Each part means a scan of all words of all goods, and anybody may search; a longer query is a sentence whose beginning says
/// enough. At most 32, the number of bits in [`Held`].
const MOST_PARTS: usize = 20;
/// The maximum number of terms for which corrections are looked for; a longer query is a sentence.
const MOST_CORRECTED: usize = 6;
/// The minimum number of letters of a word to correct: a single edit turns a shorter one into almost any other word.
const LEAST_LETTERS: usize = 4;
/// The share of a term, weighted by the rarity of its characters, that must be found, in a language without spaces.
const LEAST_PART: f64 = 0.6;

/// The result of a search.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// The positions of the goods, best match first.
    pub goods: Vec<usize>,
    /// If nothing was found, the category whose words are closest to the query, if any.
    pub nearest_category: Option<String>,
}

impl Index {
    /// Builds the index of these goods.
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
            let (name, kind) = (
                format!("{} {} {}", goods.name.zh, goods.name.en, goods.id),
                format!("{} {} {}", category_words(&goods.category), goods.illustration, tags.join(" ")),
            );
            let rest = format!("{points} {} {} {}", goods.description.zh, goods.description.en, sheet.join(" "));
            let named = format!("{} {} {} {}", normal(&name), squeezed(&goods.name.zh), squeezed(&goods.name.en), normal(&kind));
            let fields = [(100, Searched::of(&name)), (30, Searched::of(&kind)), (10, Searched::of(&rest))];
            (Words { category: goods.category.clone(), sounds: bot::sounds(&named), fields }, named)
        };
        let (goods, named): (Vec<Words>, Vec<String>) = goods.map(words).unzip();
        let categories = frame
            .categories
            .iter()
            .map(|category| {
                let of_category = goods.iter().zip(&named).filter(|(words, _)| words.category == category.id);
                let of_goods: String = of_category.map(|(_, named)| format!(" {named}")).collect();
                (category.id.clone(), normal(&category_words(&category.id)) + &of_goods)
            })
            .collect();
        let vocabulary = named.iter().flat_map(|words| runs(words)).filter(|run| run.is_ascii() && !run.is_empty()).map(str::to_owned).collect();
        Self { goods, categories, vocabulary }
    }

    /// Goods that match every term of `query`, in `category` if one is given. An empty query matches all; a query of punctuation alone matches nothing.
    pub fn find(&self, query: &str, category: Option<&str>) -> Found {
        let goods = self.exact(query, category);
        let nearest_category = if goods.is_empty() { self.nearest(&normal(query)) } else { None };
        Found { goods, nearest_category }
    }

    /// The goods returned by [`Self::find`].
    fn exact(&self, query: &str, category: Option<&str>) -> Vec<usize> {
        let sought = Sought::of(query);
        if sought.is_empty() && !is_blank(query) {
            return Vec::new();
        }
        let closely = sought.joined().map(|joined| self.with_all(&joined, category)).unwrap_or_default();
        if closely.is_empty() { self.with_all(&sought, category) } else { closely }
    }

    /// The goods with each of the words.
    fn with_all(&self, sought: &Sought, category: Option<&str>) -> Vec<usize> {
        let terms = terms(sought.words().iter().map(String::as_str));
        let mut scored: Vec<(i64, usize)> = self
            .goods
            .iter()
            .enumerate()
            .filter(|(_, words)| category.is_none_or(|category| words.category == category))
            .filter_map(|(at, words)| terms.iter().try_fold(0, |sum, term| words.score(term).map(|score| sum + score)).map(|score| (score, at)))
            .collect();
        scored.sort_by_key(|(score, at)| (-score, *at));
        scored.into_iter().map(|(_, at)| at).collect()
    }

    /// Goods that nearly match a query for which there is no exact match: with a letter too many, missing, changed or swapped, with another character of the
    /// same sound, or with the significant part of a word.
    pub fn find_near(&self, query: &str, category: Option<&str>) -> Vec<usize> {
        let query = normal(query);
        let apart: Vec<&str> = runs(&query).collect();
        let joined = query.replace(' ', "");
        let together: Vec<&str> = runs(&joined).collect();
        let found = self.near(&apart, category);
        if found.is_empty() && together.len() < apart.len() { self.near(&together, category) } else { found }
    }

    /// The goods that match one of the reworded queries; if there are none, those of [`Self::find_near`].
    pub fn find_alike(&self, query: &str, reworded: &[String], category: Option<&str>) -> Vec<usize> {
        let mut found: Vec<usize> = Vec::new();
        for at in reworded.iter().flat_map(|other| self.exact(other, category)) {
            if !found.contains(&at) {
                found.push(at);
            }
        }
        if found.is_empty() { self.find_near(query, category) } else { found }
    }

    fn near(&self, terms: &[&str], category: Option<&str>) -> Vec<usize> {
        if terms.is_empty() || terms.len() > MOST_CORRECTED {
            return Vec::new();
        }
        let (mut left, terms) = (MOST_PARTS, self::terms(terms.iter().copied()));
        let terms: Vec<Near<'_>> = terms.into_iter().map(|term| self.meaning(term, &mut left)).collect();
        let mut scored: Vec<(i64, usize)> = self
            .goods
            .iter()
            .enumerate()
            .filter(|(_, words)| category.is_none_or(|category| words.category == category))
            .filter_map(|(at, words)| terms.iter().try_fold(0, |sum, term| words.score_near(at, term).map(|score| sum + score)).map(|score| (score, at)))
            .collect();
        scored.sort_by_key(|(score, at)| (-score, *at));
        scored.into_iter().map(|(_, at)| at).collect()
    }

    /// What a term may mean, independent of the goods. The parts it uses are subtracted from `left`, the number still allowed for the query.
    fn meaning<'a>(&self, term: Term<'a>, left: &mut usize) -> Near<'a> {
        let length = term.whole.chars().count();
        if term.whole.is_ascii() {
            let meant = self.vocabulary.iter().filter(|word| length >= LEAST_LETTERS && bot::edits(term.whole, word, 1) <= 1);
            let corrected: Vec<String> = meant.take(*left).cloned().collect();
            *left -= corrected.len();
            return Near { term, corrected, sound: String::new(), rarity: Vec::new(), held: Vec::new() };
        }
        let parts = distinct(term.whole.chars().map(String::from), *left);
        *left -= parts.len();
        let held: Vec<Held> = self.goods.iter().map(|words| words.fields_with(&parts)).collect();
        let among = |part: usize| held.iter().filter(|fields| fields.iter().any(|field| field & 1 << part != 0)).count();
        let rarity = (0..parts.len()).map(|part| ((self.goods.len() as f64 + 1.0) / (among(part) as f64 + 0.5)).ln()).collect();
        let sound = if length < 2 { String::new() } else { bot::sounds(term.whole) };
        Near { term, corrected: Vec::new(), sound, rarity, held }
    }

    /// The category that shares the most pairs of adjacent characters with the query.
    fn nearest(&self, query: &str) -> Option<String> {
        let pairs = distinct(query.split(' ').flat_map(pairs), MOST_PARTS);
        let shared = |words: &str| pairs.iter().filter(|pair| holds(words, pair)).count();
        self.categories.iter().map(|(id, words)| (shared(words), id)).max_by_key(|(n, _)| *n).filter(|(n, _)| *n > 0).map(|(_, id)| id.clone())
    }
}

/// A word of a query.
struct Term<'a> {
    whole: &'a str,
    /// The pairs of characters the term may be found by, in a language without spaces; empty if there are too many.
    pairs: Vec<String>,
}

/// The distinct words of a query, with their pairs.
fn terms<'a>(words: impl Iterator<Item = &'a str>) -> Vec<Term<'a>> {
    let mut left = MOST_PARTS;
    let pieces = |whole: &str| if whole.is_ascii() { Vec::new() } else { pairs(whole) };
    let mut term = |whole: &'a str| {
        let pairs = Some(pieces(whole)).filter(|pairs| pairs.len() <= left).unwrap_or_default();
        left -= pairs.len();
        Term { whole, pairs }
    };
    distinct(words.filter(|word| !word.is_empty()), MOST_PARTS).into_iter().map(&mut term).collect()
}

/// A term and what it may mean.
struct Near<'a> {
    term: Term<'a>,
    /// Words the term may be a misspelling of.
    corrected: Vec<String>,
    /// How the term sounds; empty if it is too short for a comparison by sound.
    sound: String,
    /// How rare each character is, and so how much it counts.
    rarity: Vec<f64>,
    /// For each product, where these characters occur.
    held: Vec<Held>,
}

/// For each field, a bit per part that says whether the field contains it.
type Held = [u32; 3];

impl Words {
    /// Which fields contain which of these parts.
    fn fields_with(&self, parts: &[String]) -> Held {
        let bits = |field: &Searched| parts.iter().enumerate().map(|(n, part)| u32::from(has(field, part)) << n).sum();
        self.fields.each_ref().map(|(_, words)| bits(words))
    }

    /// The score of the product at `at` for what a term may mean; half that of an exact match.
    fn score_near(&self, at: usize, near: &Near<'_>) -> Option<i64> {
        if let Some(score) = self.score(&near.term) {
            return Some(score);
        }
        let corrected = near.corrected.iter().filter_map(|word| self.weigh(word)).max();
        if corrected.is_some() {
            return corrected.map(|score| score / 2);
        }
        if !near.sound.is_empty() && holds(&self.sounds, &near.sound) {
            return Some(self.fields[0].0 / 2);
        }
        let held = near.held.get(at)?;
        let told = |bits: u32| near.rarity.iter().enumerate().filter(|(part, _)| bits & 1 << part != 0).map(|(_, rarity)| rarity).sum::<f64>();
        let all = told(u32::MAX);
        if near.rarity.is_empty() || told(held.iter().fold(0, |any, field| any | field)) < all * LEAST_PART {
            return None;
        }
        let weight = self.fields.iter().zip(held).map(|((weight, _), field)| *weight as f64 * told(*field) / all).fold(0.0, f64::max);
        Some((weight / 2.0).round() as i64)
    }

    /// The weight of the most important field that contains the part.
    fn weigh(&self, part: &str) -> Option<i64> {
        self.fields.iter().find(|(_, field)| has(field, part)).map(|(weight, _)| *weight)
    }

    /// The score of a term. A term in a language without spaces may also match pair by pair, if the pairs found cover it.
    fn score(&self, term: &Term<'_>) -> Option<i64> {
        let whole = self.weigh(term.whole);
        if whole.is_some() || term.pairs.len() < 2 {
            return whole;
        }
        // Each character is in two pairs, the first and the last in one only: neither two adjacent pairs nor the first or the last may be missing.
        let (mut sum, mut is_missing) = (0, true);
        for pair in &term.pairs {
            let found = self.weigh(pair);
            if found.is_none() && is_missing {
                return None;
            }
            is_missing = found.is_none();
            sum += found.unwrap_or_default();
        }
        (!is_missing).then(|| sum / (2 * term.pairs.len() as i64))
    }
}

/// Whether the text contains a part. The cost of a search is the number of calls to this function.
fn holds(words: &str, part: &str) -> bool {
    #[cfg(test)]
    tests::LOOKS.with(|looks| looks.set(looks.get() + 1));
    words.contains(part)
}

/// The same of a field of the goods, by the rule of every search.
fn has(field: &Searched, part: &str) -> bool {
    #[cfg(test)]
    tests::LOOKS.with(|looks| looks.set(looks.get() + 1));
    field.holds(part)
}

/// The first `most` distinct items, in order.
fn distinct<T: PartialEq>(all: impl Iterator<Item = T>, most: usize) -> Vec<T> {
    let mut some = Vec::new();
    for one in all {
        if some.len() == most {
            break;
        }
        if !some.contains(&one) {
            some.push(one);
        }
    }
    some
}

/// Like [`normal`], without spaces: `澈岚 X9` is also found as `澈岚x9`.
fn squeezed(text: &str) -> String {
    normal(text).replace(' ', "")
}

/// Splits a text into runs of one script: Latin letters and digits, or other characters.
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

/// All pairs of adjacent characters of a word.
fn pairs(word: &str) -> Vec<String> {
    let chars: Vec<char> = word.chars().collect();
    chars.windows(2).map(|pair| pair.iter().collect()).collect()
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use domain::text::Bilingual;

    use super::*;
    use crate::catalogue::Category;

    thread_local! {
        /// The number of times a text was scanned for a part.
        pub static LOOKS: Cell<usize> = const { Cell::new(0) };
    }

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
            ("手機", vec![0, 1, 2]),
            ("手\u{200b}機", vec![0, 1, 2]),
            ("適老 手機", vec![1]),
            ("X\u{ad}9", vec![0]),
            ("\u{200b}", vec![0, 1, 2]),
            ("洗衣机", vec![2]),
            ("g-3", vec![2]),
            ("g3", vec![2]),
            ("x9pr", vec![0]),
            ("x9 3", vec![]),
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

    #[test]
    fn a_long_query_costs_no_more_than_a_short_one() {
        const GOODS: usize = 50;
        /// The maximum number of scans of one product for one query: for its words, with numbers joined to them and without, then for what they may mean,
        /// separately and joined.
        const MOST_LOOKS: usize = 2 * 6 * MOST_PARTS + 2 * 11 * MOST_PARTS;
        let han = |n: u32| char::from_u32(0x4e00 + n).unwrap();
        let forwards: String = (0..200).map(han).collect();
        let backwards: String = forwards.chars().rev().collect();
        let letters: String = ('a'..='z').flat_map(|c| [c, ' ']).collect();
        let codes: String = (0..200).map(|n| format!(" code{n:04}")).collect();
        let goods = |n: usize| Product {
            id: format!("g-{n}"),
            name: both("灯", &format!("Lamp code{n:04}")),
            description: both(&format!("{backwards} {letters}"), &codes),
            ..Product::default()
        };
        let goods: Vec<Product> = (0..GOODS).map(goods).collect();
        let index = Index::new(&Frame::default(), goods.iter());
        let looks = |query: &str| {
            LOOKS.set(0);
            index.find(query, None);
            index.find_near(query, None);
            LOOKS.get().div_ceil(GOODS)
        };
        let words = |words: &mut dyn Iterator<Item = String>| words.collect::<Vec<_>>().join(" ").chars().take(200).collect::<String>();
        for query in [
            forwards.clone(),
            backwards.clone(),
            "灯".repeat(200),
            words(&mut forwards.chars().map(String::from)),
            words(&mut backwards.chars().collect::<Vec<_>>().chunks(40).map(|some| some.iter().rev().collect())),
            words(&mut letters.split(' ').map(str::to_owned).cycle().take(100)),
            words(&mut codes.split(' ').map(str::to_owned)),
            words(&mut (0..6).map(|n| format!("code000{n}x"))),
        ] {
            let looks = looks(&query);
            assert!((1..=MOST_LOOKS).contains(&looks), "{looks} looks at each for {query}");
        }
    }

    #[test]
    fn what_is_too_long_to_be_found_piece_by_piece_is_found_near() {
        let long = "洗衣机".repeat(MOST_PARTS);
        assert_eq!((index().find(&long, None).goods, index().find_near(&long, None)), (vec![], vec![2]));
    }
}
