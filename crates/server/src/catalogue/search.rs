//! Finding goods by what customers type: words of either language, in any order, without regard to case, width and spaces.

use domain::goods::Product;
pub use domain::text::normal;

use super::Frame;

/// What each of the goods may be found by.
#[derive(Debug, Clone, Default)]
pub struct Index {
    goods: Vec<Words>,
    categories: Vec<(String, String)>,
}

#[derive(Debug, Clone)]
struct Words {
    category: String,
    /// Where a term is found decides how much it counts: name, then category and tags, then the rest.
    fields: [(i64, String); 3],
}

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
            Words {
                category: goods.category.clone(),
                fields: [
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
                ],
            }
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
        Self { goods, categories }
    }

    /// Goods in which every term of `query` is found, in `category` if one is given. An empty query finds all.
    pub fn find(&self, query: &str, category: Option<&str>) -> Found {
        let query = normal(query);
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

    /// The category that shares most pairs of neighbouring characters with the query.
    fn nearest(&self, query: &str) -> Option<String> {
        let pairs = pairs(query);
        let shared = |words: &str| pairs.iter().filter(|pair| words.contains(pair.as_str())).count();
        self.categories.iter().map(|(id, words)| (shared(words), id)).max_by_key(|(n, _)| *n).filter(|(n, _)| *n > 0).map(|(_, id)| id.clone())
    }
}

impl Words {
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
            ("？？", vec![0, 1, 2]),
        ] {
            assert_eq!(index().find(query, None).goods, expected, "{query}");
        }
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
