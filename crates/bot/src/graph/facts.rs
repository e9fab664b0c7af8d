//! Goods and plans as nodes of the graph: what kind of thing each is, and its facts with their numbers.

use normal::currency::Currency;
use utterance::amounts::measure;

use crate::graph::stored::StoredUnit;
use crate::knowledge::{Bilingual, Knowledge, Plan, Product};
use crate::text::Lang;

/// The number of an item in the catalogue: goods are counted first, then plans.
pub(crate) type Item = u32;

/// One property of an item.
#[derive(Debug, Clone)]
pub(crate) struct Fact {
    /// The machine name; `@…` for what is not on a data sheet.
    pub key: String,
    /// The name as it is shown.
    pub label: Bilingual,
    /// The value as it is shown, with its unit.
    pub shown: Bilingual,
    /// The value as a number that can be compared, if it is one.
    pub number: Option<f64>,
    /// Whether the item has nothing of it, such as a plan without broadband.
    pub nothing: bool,
}

/// A product or plan.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Bilingual,
    /// Whether it is a plan.
    pub plan: bool,
    /// The key of its category; empty for a plan.
    pub category: String,
    /// The keys of its tags.
    pub tags: Vec<String>,
    /// Its price or monthly fee in hundredths of the currency.
    pub price_fen: i64,
    /// Whether it can be ordered now.
    pub available: bool,
    /// Its facts, the price first.
    pub facts: Vec<Fact>,
    /// Who a plan is for, as its data say.
    pub audience: String,
    /// The key of its drawing: a hint to the kind of thing.
    pub drawing: String,
    /// What is said about it in sentences.
    pub sentences: [Vec<String>; 2],
}

impl Node {
    /// The fact with this key.
    pub(crate) fn fact(&self, key: &str) -> Option<&Fact> {
        // a weight is one, whether in grams or in kilograms
        let twin = match key {
            "weight_g" => "weight_kg",
            "weight_kg" => "weight_g",
            _ => key,
        };
        let of = |key: &str| self.facts.iter().find(|fact| fact.key == key);
        of(key).or_else(|| of(twin))
    }

    /// The number of the fact with this key.
    pub(crate) fn number(&self, key: &str) -> Option<f64> {
        self.facts.iter().find(|fact| fact.key == key).and_then(|fact| fact.number)
    }
}

/// The nodes of all goods and plans, in the order of their numbers.
pub(crate) fn nodes(knowledge: &Knowledge) -> Vec<Node> {
    let (units, currency) = (&knowledge.graph.units, currency_of(knowledge));
    let products = knowledge.products.iter().map(|product| of_product(product, units, currency));
    products.chain(knowledge.plans.iter().map(|plan| of_plan(plan, currency))).collect()
}

fn both(zh: impl Into<String>, en: impl Into<String>) -> Bilingual {
    Bilingual { zh: zh.into(), en: en.into() }
}

fn fact(key: &str, label: (&str, &str), shown: Bilingual, number: f64) -> Fact {
    Fact { key: key.to_owned(), label: both(label.0, label.1), shown, number: Some(number), nothing: number <= 0.0 }
}

/// An amount of something that a plan includes, or that it includes nothing of it; `{}` in `shown` is the amount.
fn amount_of(key: &str, label: (&str, &str), number: impl Into<f64>, shown: (&str, &str)) -> Fact {
    let number: f64 = number.into();
    let with = |text: &str| text.replace("{}", &number.to_string());
    let shown = if number > 0.0 { both(with(shown.0), with(shown.1)) } else { both("无", "none") };
    fact(key, label, shown, number)
}

/// An amount in a currency that is not known by name.
const NAMELESS: Currency = Currency { code: "", sign: "", zh: "", en: "", also: "" };

/// The currency of a company's prices.
pub(crate) fn currency_of(knowledge: &Knowledge) -> &'static Currency {
    let code = if knowledge.currency.is_empty() { "CNY" } else { &knowledge.currency };
    Currency::of(code).unwrap_or(&NAMELESS)
}

/// An amount of money as it is shown: without decimals if there are none, with separators in English.
pub(crate) fn money(fen: i64, currency: &Currency, lang: Lang) -> String {
    let (whole, cents) = ((fen / 100).unsigned_abs(), (fen % 100).unsigned_abs());
    let sign = if fen < 0 { "−" } else { "" };
    let decimals = if cents == 0 { String::new() } else { format!(".{cents:02}") };
    if lang == Lang::Zh {
        return format!("{sign}{whole}{decimals} {}", currency.zh).trim_end().to_owned();
    }
    let digits = whole.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{}{grouped}{decimals}", currency.sign)
}

/// A price in both languages.
pub(crate) fn amount(fen: i64, currency: &Currency) -> Bilingual {
    both(money(fen, currency, Lang::Zh), money(fen, currency, Lang::En))
}

/// A value with its unit; Chinese explains units that are written in Latin letters.
pub(crate) fn with_unit(value: &str, unit: &str, lang: Lang) -> String {
    let spelt = match (unit, lang) {
        ("", _) => return value.to_owned(),
        ("°", _) => return format!("{value}°"),
        ("in", Lang::Zh) => "in（英寸）",
        ("in", Lang::En) => "inches",
        ("h", Lang::Zh) => "h（小时）",
        ("h", Lang::En) => "hours",
        ("d", Lang::Zh) => "d（天）",
        ("d", Lang::En) => "days",
        ("MP", Lang::Zh) => "MP（百万像素）",
        (unit, _) => unit,
    };
    format!("{value} {spelt}")
}

fn of_product(product: &Product, units: &[StoredUnit], currency: &Currency) -> Node {
    let stock = both(
        if product.stock > 0 { format!("有货（{} 件）", product.stock) } else { "现在缺货".to_owned() },
        if product.stock > 0 { format!("in stock ({} left)", product.stock) } else { "out of stock now".to_owned() },
    );
    let mut facts = vec![
        fact("@price", ("价格", "Price"), amount(product.price_fen, currency), product.price_fen as f64 / 100.0),
        fact("@stock", ("库存", "Stock"), stock, product.stock as f64),
    ];
    for attribute in &product.attributes {
        let given = units.iter().find(|unit| unit.attribute == attribute.key).map_or("", |unit| unit.unit.as_str());
        let unit = if attribute.unit.is_empty() { given } else { attribute.unit.as_str() };
        let shown = both(with_unit(attribute.value.get(Lang::Zh), unit, Lang::Zh), with_unit(attribute.value.get(Lang::En), unit, Lang::En));
        let number = measure(attribute.value.get(Lang::En), unit).or_else(|| measure(attribute.value.get(Lang::Zh), unit));
        facts.push(Fact { key: attribute.key.clone(), label: attribute.label.clone(), shown, number, nothing: false });
    }
    let sentences = [Lang::Zh, Lang::En].map(|lang| {
        let points = product.selling_points.side(lang).iter().cloned();
        let told = sentences(product.description.side(lang));
        points.chain(told).filter(|text| !text.is_empty()).collect()
    });
    Node {
        id: product.id.clone(),
        name: product.name.clone(),
        plan: false,
        category: product.category.clone(),
        tags: product.tags.clone(),
        price_fen: product.price_fen,
        available: product.stock > 0,
        facts,
        audience: String::new(),
        drawing: product.illustration.clone(),
        sentences,
    }
}

/// The sentences of a text; a point within a number ends none.
fn sentences(text: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        if let Some(last) = out.last_mut() {
            last.push(c);
        }
        let ends = matches!(c, '。' | '；' | ';' | '！' | '!') || (c == '.' && letters.peek().is_none_or(|next| next.is_whitespace()));
        if ends {
            out.push(String::new());
        }
    }
    out.into_iter().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect()
}

fn of_plan(plan: &Plan, currency: &Currency) -> Node {
    let Plan { roaming, supplementary_cards: cards, .. } = plan;
    let facts = vec![
        fact("@price", ("月费", "Monthly fee"), amount(plan.monthly_fee_fen, currency), plan.monthly_fee_fen as f64 / 100.0),
        amount_of("@data", ("流量", "Data"), plan.data_gb, ("{} GB", "{} GB")),
        amount_of("@voice", ("通话", "Calls"), plan.voice_min, ("{} 分钟", "{} minutes")),
        amount_of("@sms", ("短信", "Texts"), plan.sms, ("{} 条", "{} SMS")),
        amount_of("@broadband", ("宽带", "Broadband"), plan.broadband_mbps, ("{} Mbps", "{} Mbps")),
        amount_of("@contract", ("合约期", "Contract"), plan.contract_months, ("{} 个月", "{} months")),
        amount_of("@cards", ("副卡", "Supplementary cards"), cards.max, ("最多 {} 张", "up to {}")),
        amount_of("@free_cards", ("免费副卡", "Free cards"), cards.free, ("{} 张", "{}")),
        amount_of("@roaming", ("漫游流量", "Roaming data"), roaming.data_gb, ("{} GB", "{} GB")),
        amount_of("@roaming_voice", ("漫游通话", "Roaming calls"), roaming.voice_min, ("{} 分钟", "{} minutes")),
        amount_of("@destinations", ("漫游目的地", "Destinations"), roaming.destinations, ("{} 个", "{}")),
    ];
    Node {
        id: plan.id.clone(),
        name: plan.name.clone(),
        plan: true,
        category: String::new(),
        tags: Vec::new(),
        price_fen: plan.monthly_fee_fen,
        available: true,
        facts,
        audience: plan.audience.clone(),
        drawing: "plan".to_owned(),
        sentences: [Lang::Zh, Lang::En].map(|lang| sentences(plan.notes.side(lang))),
    }
}
