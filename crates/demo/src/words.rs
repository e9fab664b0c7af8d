//! What customers, the bot and agents of each company say: its `history.json`, with the knowledge and the goods that the bot answers from.

use std::collections::HashMap;

use content::goods::sign_of;
use domain::text::{Bilingual, Lang};
use serde::Deserialize;

/// The files of a company.
#[derive(Clone, Copy)]
pub struct Script {
    phrases: &'static str,
    knowledge: &'static [&'static str],
    goods: &'static str,
}

/// The operator.
pub const OPERATOR: Script = Script {
    phrases: include_str!("../../../demo/history.json"),
    knowledge: &[include_str!("../../../demo/knowledge-1.jsonl"), include_str!("../../../demo/knowledge-2.jsonl")],
    goods: include_str!("../../../demo/goods.json"),
};

/// The shop.
pub const SHOP: Script = Script {
    phrases: include_str!("../../../demo/shop/history.json"),
    knowledge: &[include_str!("../../../demo/shop/knowledge.jsonl")],
    goods: include_str!("../../../demo/shop/goods.json"),
};

/// What customers and agents say to each other about something.
#[derive(Deserialize)]
pub struct Talk {
    /// What customers begin with.
    #[serde(alias = "questions")]
    pub openings: Vec<Bilingual>,
    /// What agents answer.
    pub answers: Vec<Bilingual>,
    /// What customers say then.
    pub replies: Vec<Bilingual>,
}

/// Something that customers write about.
#[derive(Deserialize)]
pub struct Theme {
    /// Its name in the calendar.
    pub name: String,
    /// How often customers write about it, in relation to the others.
    pub weight: f64,
    /// The categories of the knowledge that belong to it.
    topics: Vec<String>,
    /// What is said about it to a person.
    #[serde(flatten)]
    pub talk: Talk,
}

/// A remark to the bot that needs no knowledge, and its answer.
#[derive(Deserialize)]
pub struct Remark {
    /// The remark.
    pub asked: Bilingual,
    /// The answer.
    pub answer: Bilingual,
}

/// Questions about goods, and the bot's answers.
#[derive(Deserialize)]
struct AboutGoods {
    price: Bilingual,
    price_is: Bilingual,
    stock: Bilingual,
    stock_is: Bilingual,
    stock_none: Bilingual,
}

/// Comments of ratings.
#[derive(Deserialize)]
pub struct Comments {
    /// Of good ones.
    pub good: Vec<Bilingual>,
    /// Of those in the middle.
    pub middling: Vec<Bilingual>,
    /// Of poor ones.
    pub poor: Vec<Bilingual>,
}

/// The phrases.
#[derive(Deserialize)]
pub struct Phrases {
    /// The name of the theme that an outage is about.
    disrupted: String,
    /// The name of the theme of goods.
    sold: String,
    /// The name of the theme that specialists know more about.
    special: String,
    /// What customers write about.
    pub themes: Vec<Theme>,
    /// What is said during an outage.
    pub outage: Talk,
    about_goods: AboutGoods,
    /// What agents begin with.
    pub greetings: Vec<Bilingual>,
    /// What agents end with.
    pub closings: Vec<Bilingual>,
    /// What customers end with.
    pub thanks: Vec<Bilingual>,
    /// What customers say who return.
    pub back: Vec<Bilingual>,
    /// Requests for a person.
    pub asking: Vec<Bilingual>,
    /// The bot's answer to such a request while nobody is there.
    pub closed: Bilingual,
    /// Messages that are left for later.
    pub left: Vec<Bilingual>,
    /// Answers to these.
    pub left_answers: Vec<Bilingual>,
    /// Private notes.
    pub notes: Vec<Bilingual>,
    /// What needs no knowledge.
    pub small_talk: Vec<Remark>,
    /// The bot's question which of several was meant.
    pub did_you_mean: Bilingual,
    /// Questions that the bot cannot answer.
    pub unknown: Vec<Bilingual>,
    /// What it says then.
    pub no_answer: Bilingual,
    /// Comments of ratings.
    pub comments: Comments,
}

/// The same in both languages: several phrasings each.
#[derive(Deserialize)]
struct Phrasings {
    zh: Vec<String>,
    en: Vec<String>,
}

/// An entry of the knowledge.
#[derive(Deserialize)]
pub struct Entry {
    /// Its id.
    pub id: String,
    /// Its category.
    pub topic: String,
    /// The question.
    pub question: Bilingual,
    /// The answer.
    pub answer: Bilingual,
    similar: Phrasings,
    related: Vec<String>,
}

impl Entry {
    /// The question as customers also ask it.
    pub fn phrasings(&self, lang: Lang) -> &[String] {
        match lang {
            Lang::Zh => &self.similar.zh,
            Lang::En => &self.similar.en,
        }
    }
}

/// A product.
#[derive(Deserialize)]
pub struct Product {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Bilingual,
    price_fen: i64,
    stock: i64,
}

#[derive(Deserialize)]
struct Goods {
    currency: String,
    goods: Vec<Product>,
}

/// Everything that is said.
pub struct Words {
    /// The phrases.
    pub phrases: Phrases,
    /// The knowledge.
    pub entries: Vec<Entry>,
    /// The goods.
    pub goods: Vec<Product>,
    /// The entries that belong to each theme.
    by_theme: Vec<Vec<usize>>,
    by_id: HashMap<String, usize>,
    /// What stands before a price.
    sign: String,
    /// The theme of outages.
    pub disrupted: usize,
    /// The theme of goods.
    pub sold: usize,
    /// The theme of specialists.
    pub special: usize,
}

impl Words {
    /// The words of a company, which are part of the program.
    pub fn read(script: Script) -> Result<Self, serde_json::Error> {
        let phrases: Phrases = serde_json::from_str(script.phrases)?;
        let lines = script.knowledge.iter().flat_map(|file| file.lines()).filter(|line| !line.trim().is_empty());
        let entries: Vec<Entry> = lines.map(serde_json::from_str).collect::<Result<_, _>>()?;
        let Goods { currency, goods } = serde_json::from_str(script.goods)?;
        let sign = sign_of(&currency);
        let of = |theme: &Theme| (0..entries.len()).filter(|at| theme.topics.contains(&entries[*at].topic)).collect();
        let by_theme = phrases.themes.iter().map(of).collect();
        let by_id = entries.iter().enumerate().map(|(at, entry)| (entry.id.clone(), at)).collect();
        let theme = |name: &str| phrases.themes.iter().position(|theme| theme.name == name).unwrap_or_default();
        let [disrupted, sold, special] = [&phrases.disrupted, &phrases.sold, &phrases.special].map(|name| theme(name));
        Ok(Self { phrases, entries, goods, by_theme, by_id, sign, disrupted, sold, special })
    }

    /// The entries of a theme, those asked for most first.
    pub fn of_theme(&self, theme: usize) -> &[usize] {
        &self.by_theme[theme]
    }

    /// The entries that are offered beside one, at most two.
    pub fn alternatives(&self, entry: &Entry) -> Vec<&Entry> {
        entry.related.iter().filter_map(|id| self.by_id.get(id)).map(|at| &self.entries[*at]).take(2).collect()
    }

    /// A question about a product, and its answer: about the price, or about the stock.
    pub fn about_product(&self, product: &Product, is_price: bool, lang: Lang) -> (String, String) {
        let about = &self.phrases.about_goods;
        let asked = if is_price { &about.price } else { &about.stock };
        let answer = match (is_price, product.stock) {
            (true, _) => &about.price_is,
            (false, 0) => &about.stock_none,
            (false, _) => &about.stock_is,
        };
        let name = product.name.get(lang);
        let answer = answer.get(lang).replace("{name}", name).replace("{price}", &self.price(product.price_fen)).replace("{stock}", &product.stock.to_string());
        (asked.get(lang).replace("{}", name), answer)
    }

    /// An amount of money, as the bot writes it.
    fn price(&self, fen: i64) -> String {
        let (sign, whole) = (&self.sign, fen / 100);
        if fen % 100 == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{:02}", fen % 100) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_missing_in_either_language() {
        [OPERATOR, SHOP].into_iter().for_each(nothing_is_missing);
    }

    fn nothing_is_missing(script: Script) {
        let words = Words::read(script).unwrap();
        let phrases = &words.phrases;
        let Comments { good, middling, poor } = &phrases.comments;
        let mut lists = vec![&phrases.greetings, &phrases.closings, &phrases.thanks, &phrases.back, &phrases.asking, &phrases.left, &phrases.left_answers];
        lists.extend([&phrases.notes, &phrases.unknown, good, middling, poor]);
        for talk in phrases.themes.iter().map(|theme| &theme.talk).chain([&phrases.outage]) {
            assert!(talk.openings.len() >= 8, "customers repeat themselves: {}", talk.openings[0].en);
            lists.extend([&talk.openings, &talk.answers, &talk.replies]);
        }
        assert!(lists.iter().all(|list| list.len() >= 4));
        let remarks = phrases.small_talk.iter().flat_map(|remark| [&remark.asked, &remark.answer]);
        let single = [&phrases.closed, &phrases.did_you_mean, &phrases.no_answer];
        for text in lists.into_iter().flatten().chain(remarks).chain(single) {
            assert!(!text.zh.trim().is_empty() && !text.en.trim().is_empty(), "{text:?}");
        }
        for entry in &words.entries {
            assert!([Lang::Zh, Lang::En].iter().all(|lang| !entry.phrasings(*lang).is_empty()), "{}", entry.id);
        }
    }

    #[test]
    fn every_entry_belongs_to_one_theme_and_the_named_themes_are_there() {
        for script in [OPERATOR, SHOP] {
            let words = Words::read(script).unwrap();
            let mut seen: Vec<usize> = (0..words.phrases.themes.len()).flat_map(|theme| words.of_theme(theme).to_vec()).collect();
            seen.sort_unstable();
            assert!(seen.into_iter().eq(0..words.entries.len()));
            let name = |theme: usize| words.phrases.themes[theme].name.as_str();
            let Phrases { disrupted, sold, special, .. } = &words.phrases;
            assert_eq!([name(words.disrupted), name(words.sold), name(words.special)], [disrupted, sold, special]);
        }
    }

    #[test]
    fn a_product_is_asked_about_by_name() {
        let words = Words::read(OPERATOR).unwrap();
        let product = &words.goods[0];
        let (asked, answer) = words.about_product(product, true, Lang::En);
        assert_eq!((asked.as_str(), answer.as_str()), ("How much is the Trelan X9 Pro?", "The Trelan X9 Pro costs ¥4999."));
        let gone = Product { id: String::new(), name: product.name.clone(), price_fen: 1_050, stock: 0 };
        assert!(words.about_product(&gone, false, Lang::Zh).1.contains("缺货"));
        assert!(words.about_product(&gone, true, Lang::Zh).1.contains("¥10.50"));
        assert!(Words::read(SHOP).unwrap().about_product(&gone, true, Lang::Zh).1.contains("S$10.50"));
    }
}
