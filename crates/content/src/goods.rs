//! The goods of a company: what a product must satisfy, and how people write prices.

use std::collections::BTreeSet;

use normal::{currency::Currency, decimal::settled, typed::typed};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use domain::{id::PictureId, line, staff::DECEPTIVE, text::Bilingual, time::DAY};

/// The highest price, in hundredths: a hundred million of the company's currency.
pub const MAX_PRICE_FEN: i64 = 10_000_000_000;
/// The highest stock, in pieces.
pub const MAX_STOCK: i64 = 10_000_000;
/// A stock below this many pieces counts as low.
pub const FEW: i64 = 10;
/// The longest id of a product, category, tag, drawing or property, in bytes.
const MAX_ID: usize = 64;
/// The longest name, in characters.
const MAX_NAME: usize = 120;
/// The most tags of a product.
const MAX_TAGS: usize = 12;
/// The most lines of a data sheet.
const MAX_ATTRIBUTES: usize = 60;
/// The longest label or value of a line in the data sheet, in characters.
const MAX_CELL: usize = 200;
/// The longest unit, in characters.
const MAX_UNIT: usize = 20;
/// The most selling points in one language.
const MAX_POINTS: usize = 10;
/// The longest selling point, in characters.
const MAX_POINT: usize = 120;
/// The longest description, in characters.
const MAX_DESCRIPTION: usize = 4000;
/// The longest name of a category, in characters.
const MAX_CATEGORY_NAME: usize = 40;
/// The longest reason for a price change, in characters.
const MAX_REASON: usize = 200;

/// How long deleted goods can be restored, in milliseconds.
pub const KEEP_DELETED_MS: i64 = 30 * DAY;
/// The period over which questions about a product are counted, in milliseconds.
pub const ASKED_MS: i64 = 30 * DAY;
/// The most pictures of a company: five for each of a thousand products.
pub const MAX_PICTURES: i64 = 5000;
/// The highest total size of a company's pictures, in bytes.
pub const MAX_PICTURE_BYTES: i64 = 2 * 1024 * 1024 * 1024;
/// The most imports of a company that may wait for confirmation.
pub const MAX_IMPORTS: i64 = 10;
/// The most digits of the number in an id.
const MAX_DIGITS: usize = 9;

/// The id of the product with this number, e.g. `g-061`.
pub fn product_id(number: i64) -> String {
    format!("g-{number:03}")
}

/// The number in a product id of the form that [`product_id`] gives; `None` for any other id.
pub fn number_of(id: &str) -> Option<i64> {
    let digits = id.strip_prefix("g-")?;
    let fits = (1..=MAX_DIGITS).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| digits.parse().ok()).flatten()
}

/// The state of a product, which decides who sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GoodsState {
    /// Only staff see it: it is not finished.
    Draft,
    /// Everybody sees it: in the hall, in the bot's answers and in the widget.
    Live,
    /// Only staff see it: it is no longer sold.
    Off,
}

impl GoodsState {
    /// All states.
    pub const EACH: [Self; 3] = [Self::Draft, Self::Live, Self::Off];
    /// The name in the API and in the record.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Live => "live",
            Self::Off => "off",
        }
    }
    /// Whether a product that was in the state `before` is put on sale by this one.
    pub fn puts_on_sale(self, before: Self) -> bool {
        self == Self::Live && before != Self::Live
    }
    /// The state with this name; `None` if there is none.
    pub fn parse(raw: &str) -> Option<Self> {
        Self::EACH.into_iter().find(|state| state.as_str() == raw)
    }
}

/// A line of a product's data sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Attribute {
    /// A name for programs, e.g. `storage`; if it is left empty, one is generated.
    #[serde(default)]
    #[schema(required)]
    pub key: String,
    /// A name for people.
    pub label: Bilingual,
    /// The value without its unit.
    pub value: Bilingual,
    /// The unit; empty if there is none.
    #[serde(default)]
    #[schema(required)]
    pub unit: String,
}

/// Short advertising lines.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SellingPoints {
    /// The lines in Chinese.
    #[serde(default)]
    #[schema(required)]
    pub zh: Vec<String>,
    /// The lines in English.
    #[serde(default)]
    #[schema(required)]
    pub en: Vec<String>,
}

/// A product of a company, as stored in its document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// The id of the product, e.g. `g-001`.
    pub id: String,
    /// The id of its category.
    pub category: String,
    /// The name of the product.
    pub name: Bilingual,
    /// The price in fen.
    pub price_fen: i64,
    /// The number of pieces that can be ordered now.
    pub stock: i64,
    /// The ids of its tags.
    #[serde(default)]
    pub tags: Vec<String>,
    /// The name of its drawing.
    pub illustration: String,
    /// The picture of the product, shown instead of the drawing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<PictureId>,
    /// The lines of the data sheet.
    #[serde(default)]
    pub attributes: Vec<Attribute>,
    /// Short advertising lines; the first one is shown under the name.
    #[serde(default)]
    pub selling_points: SellingPoints,
    /// A description in free text.
    #[serde(default)]
    pub description: Bilingual,
}

/// Why a product was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GoodsError {
    /// The id is malformed.
    #[error("an id has 1 to 64 characters, A-Z, a-z, 0-9, '.', '_' and '-', and begins with a letter or a digit")]
    Id,
    /// There is no such category.
    #[error("there is no such category")]
    Category,
    /// Both names are empty, or one is too long or not on one line.
    #[error("a product needs a name in at least one language, at most 120 characters each, on one line")]
    Name,
    /// The price is invalid.
    #[error(transparent)]
    Price(PriceError),
    /// The stock is invalid.
    #[error("the stock must be a whole number from 0 to 10,000,000")]
    Stock,
    /// There are too many tags, or one is malformed.
    #[error("at most 12 tags, each of 1 to 64 characters: A-Z, a-z, 0-9, '.', '_' and '-'")]
    Tags,
    /// The name of the drawing is malformed.
    #[error("the name of an illustration has 1 to 64 characters: A-Z, a-z, 0-9, '.', '_' and '-'")]
    Illustration,
    /// A line of the data sheet is invalid, or there are too many.
    #[error("at most 60 properties, each with a label and a value of at most 200 characters, a unit of at most 20, and a key of its own")]
    Attributes,
    /// A selling point is invalid, or there are too many.
    #[error("at most 10 selling points per language, of 1 to 120 characters each")]
    SellingPoints,
    /// The description is too long.
    #[error("a description can have at most 4,000 characters")]
    Description,
    /// The reason for the price change is too long.
    #[error("a reason can have at most 200 characters")]
    Reason,
    /// The category's name is empty, or too long.
    #[error("a category needs a name in at least one language, at most 40 characters each")]
    CategoryName,
    /// The category's name is deceptive: a reader could take it for a different one.
    #[error("{DECEPTIVE}")]
    CategoryDeceptive,
}

/// Why a price was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PriceError {
    /// It is not a number, or its commas are not between thousands.
    #[error("a price must be a number such as 2999 or 2,999.00")]
    NotANumber,
    /// It has more than two decimals.
    #[error("a price can have at most two decimal places")]
    Decimals,
    /// It is below zero.
    #[error("a price must not be negative")]
    Negative,
    /// It is above the highest price.
    #[error("a price can be at most 100,000,000.00")]
    TooHigh,
}

impl GoodsError {
    /// The field of the request that the error is about.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Category => "category",
            Self::Name | Self::CategoryName | Self::CategoryDeceptive => "name",
            Self::Price(_) => "price_fen",
            Self::Stock => "stock",
            Self::Tags => "tags",
            Self::Illustration => "illustration",
            Self::Attributes => "attributes",
            Self::SellingPoints => "selling_points",
            Self::Description => "description",
            Self::Reason => "reason",
        }
    }
}

/// Whether a text can be an id: plain enough for a URL and a spreadsheet.
pub fn is_id(raw: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    (1..=MAX_ID).contains(&raw.len()) && raw.bytes().all(plain) && raw.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric)
}

fn fits(text: &str, most: usize) -> bool {
    text.chars().count() <= most && !text.contains('\0')
}
fn on_one_line(text: &str, most: usize) -> bool {
    fits(text, most) && !text.contains(char::is_control)
}
fn says_something(text: &Bilingual) -> bool {
    [&text.zh, &text.en].into_iter().any(|text| !line::visible(text).trim().is_empty())
}

/// Checks a price in fen.
pub const fn check_price(fen: i64) -> Result<(), GoodsError> {
    match fen {
        ..0 => Err(GoodsError::Price(PriceError::Negative)),
        0..=MAX_PRICE_FEN => Ok(()),
        _ => Err(GoodsError::Price(PriceError::TooHigh)),
    }
}

/// Checks the name of a category.
pub fn check_category_name(name: &Bilingual) -> Result<(), GoodsError> {
    let fine = says_something(name) && on_one_line(&name.zh, MAX_CATEGORY_NAME) && on_one_line(&name.en, MAX_CATEGORY_NAME);
    if !fine {
        return Err(GoodsError::CategoryName);
    }
    if line::deceives(&name.zh) || line::deceives(&name.en) { Err(GoodsError::CategoryDeceptive) } else { Ok(()) }
}

/// Checks the reason for a price change.
pub fn check_reason(reason: &str) -> Result<(), GoodsError> {
    if on_one_line(reason, MAX_REASON) { Ok(()) } else { Err(GoodsError::Reason) }
}

impl Product {
    /// Checks all fields; `categories` are the ids of those that exist.
    pub fn check<'a>(&self, mut categories: impl Iterator<Item = &'a str>) -> Result<(), GoodsError> {
        let ensure = |fine: bool, error: GoodsError| if fine { Ok(()) } else { Err(error) };
        ensure(is_id(&self.id), GoodsError::Id)?;
        ensure(says_something(&self.name) && on_one_line(&self.name.zh, MAX_NAME) && on_one_line(&self.name.en, MAX_NAME), GoodsError::Name)?;
        ensure(categories.any(|id| id == self.category), GoodsError::Category)?;
        check_price(self.price_fen)?;
        ensure((0..=MAX_STOCK).contains(&self.stock), GoodsError::Stock)?;
        ensure(self.tags.len() <= MAX_TAGS && self.tags.iter().all(|tag| is_id(tag)), GoodsError::Tags)?;
        ensure(is_id(&self.illustration), GoodsError::Illustration)?;
        let keys: BTreeSet<&str> = self.attributes.iter().map(|attribute| attribute.key.as_str()).collect();
        let sheet = self.attributes.len() <= MAX_ATTRIBUTES && keys.len() == self.attributes.len() && self.attributes.iter().all(Attribute::is_sound);
        ensure(sheet, GoodsError::Attributes)?;
        let points = |points: &[String]| points.len() <= MAX_POINTS && points.iter().all(|point| !point.trim().is_empty() && on_one_line(point, MAX_POINT));
        ensure(points(&self.selling_points.zh) && points(&self.selling_points.en), GoodsError::SellingPoints)?;
        ensure(fits(&self.description.zh, MAX_DESCRIPTION) && fits(&self.description.en, MAX_DESCRIPTION), GoodsError::Description)
    }

    /// Gives keys to lines of the data sheet that have none: the key that a line with the same label has elsewhere, or else one made from the English label. If
    /// there are more lines than allowed, nothing is changed: [`Self::check`] refuses them.
    pub fn name_properties(&mut self, known: impl Fn(&Bilingual) -> Option<String>) {
        if self.attributes.len() > MAX_ATTRIBUTES {
            return;
        }
        let mut taken: BTreeSet<String> = self.attributes.iter().filter(|line| !line.key.is_empty()).map(|line| line.key.clone()).collect();
        for line in self.attributes.iter_mut().filter(|line| line.key.is_empty()) {
            let wanted = known(&line.label).unwrap_or_else(|| slug(&line.label.en));
            let free = (1..).map(|n| if n == 1 { wanted.clone() } else { format!("{wanted}_{n}") }).find(|key| !taken.contains(key));
            line.key = free.unwrap_or(wanted);
            taken.insert(line.key.clone());
        }
    }
}

impl Attribute {
    fn is_sound(&self) -> bool {
        let cells = [&self.label.zh, &self.label.en, &self.value.zh, &self.value.en];
        is_id(&self.key)
            && says_something(&self.label)
            && says_something(&self.value)
            && cells.into_iter().all(|cell| on_one_line(cell, MAX_CELL))
            && on_one_line(&self.unit, MAX_UNIT)
    }
}

/// Turns `Battery capacity` into `battery_capacity`; returns `property` if no letter or digit is left.
pub fn slug(text: &str) -> String {
    let lower: String = text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    let joined = lower.split('_').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_");
    let short: String = joined.chars().take(40).collect();
    if short.is_empty() { "property".to_owned() } else { short }
}

/// Parses a price in a currency (a code of ISO 4217) as people type it, in hundredths: digits, commas between thousands, at most two decimals; the sign of the
/// currency before it or its name behind it is allowed, and that of another is not. Nothing is rounded but what a spreadsheet computed (`normal::decimal`).
pub fn parse_price(raw: &str, currency: &str) -> Result<i64, PriceError> {
    let plain = typed(raw);
    let number = without_currency(&plain, currency);
    let (negative, number) = number.strip_prefix('-').map_or((false, number), |rest| (true, rest));
    let (whole, decimals) = number.split_once('.').map_or((number, None), |(whole, decimals)| (whole, Some(decimals)));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let grouped = whole.contains(',');
    if !digits(first) || grouped && first.len() > 3 || !groups.all(|group| group.len() == 3 && digits(group)) || !decimals.is_none_or(digits) {
        return Err(PriceError::NotANumber);
    }
    let whole = whole.replace(',', "");
    let number = decimals.map_or_else(|| whole.clone(), |decimals| format!("{whole}.{decimals}"));
    let settled = settled(&number);
    let (whole, decimals) = settled.split_once('.').unwrap_or((&*settled, ""));
    if decimals.len() > 2 {
        return Err(PriceError::Decimals);
    }
    let fen = format!("{whole}{decimals:0<2}").parse::<i64>().map_err(|_| PriceError::TooHigh)?;
    match fen {
        1.. if negative => Err(PriceError::Negative),
        ..=MAX_PRICE_FEN => Ok(fen),
        _ => Err(PriceError::TooHigh),
    }
}

/// What stands before a price in a currency (a code of ISO 4217); the code itself, and a space, if it is not known.
pub fn sign_of(currency: &str) -> String {
    Currency::of(currency).map_or_else(|| format!("{currency} "), |known| known.sign.to_owned())
}

/// The number of an amount with the sign of this currency before it, or its name before or behind it.
fn without_currency<'a>(amount: &'a str, code: &str) -> &'a str {
    let Some(currency) = Currency::of(code) else { return amount.trim_start_matches(code).trim() };
    let unsigned = currency.signs().find_map(|sign| amount.strip_prefix(sign)).unwrap_or(amount);
    let number = unsigned.trim_matches(|c: char| c.is_alphabetic() || c.is_whitespace());
    let Some((before, behind)) = unsigned.split_once(number) else { return amount };
    let is_called = |word: &str| word.is_empty() || word == "元" || currency.is_called(&word.to_lowercase());
    if [before, behind].map(str::trim).into_iter().all(is_called) { number } else { amount }
}

/// A price in fen with two decimals and no commas: `2999.00`.
pub fn price_text(fen: i64) -> String {
    format!("{}{}.{:02}", if fen < 0 { "-" } else { "" }, fen.unsigned_abs() / 100, fen.unsigned_abs() % 100)
}

/// Parses a whole number from 0 to `most` as people type it; `None` if it is not one.
pub fn parse_whole(raw: &str, most: i64) -> Option<i64> {
    let text = typed(raw).replace(',', "");
    let settled = settled(&text);
    let (whole, decimals) = settled.split_once('.').map_or((&*settled, None), |(whole, decimals)| (whole, Some(decimals)));
    let is_round = decimals.is_none_or(|decimals| !decimals.is_empty() && decimals.bytes().all(|byte| byte == b'0'));
    let fine = is_round && !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit());
    whole.parse().ok().filter(|number| fine && (0..=most).contains(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phone() -> Product {
        Product {
            id: "g-1".to_owned(),
            category: "phone".to_owned(),
            name: Bilingual { zh: "手机".to_owned(), en: String::new() },
            price_fen: 299_900,
            stock: 3,
            illustration: "phone".to_owned(),
            ..Product::default()
        }
    }
    fn refused(change: impl FnOnce(&mut Product)) -> Option<GoodsError> {
        let mut product = phone();
        change(&mut product);
        product.check(["phone", "tablet"].into_iter()).err()
    }
    fn line(key: &str, zh: &str, en: &str) -> Attribute {
        let both = |zh: &str, en: &str| Bilingual { zh: zh.to_owned(), en: en.to_owned() };
        Attribute { key: key.to_owned(), label: both(zh, en), value: both("1", "1"), unit: String::new() }
    }

    #[test]
    fn more_lines_than_there_may_be_get_no_keys() {
        let line = Attribute { label: Bilingual::default(), ..Attribute::default() };
        let mut product = Product { attributes: vec![line; MAX_ATTRIBUTES + 1], ..Product::default() };
        product.name_properties(|_| None);
        assert!(product.attributes.iter().all(|line| line.key.is_empty()));
    }

    #[test]
    fn a_price_is_read_exactly() {
        for (raw, fen) in [
            ("2999", 299_900),
            ("2,999.00", 299_900),
            ("1,234,567.8", 123_456_780),
            ("0", 0),
            ("0.01", 1),
            (" ¥19.99 ", 1999),
            ("￥２，９９９．５", 299_950),
            ("12元", 1200),
            ("CNY 7", 700),
            ("100000000.00", MAX_PRICE_FEN),
            ("1699.1499999999999", 169_915),
            ("1,699.1499999999999", 169_915),
            ("29.990000000000002", 2_999),
            ("99999999.990000010", 9_999_999_999),
            ("\u{202d}¥ 1,999\u{202c}\u{200b}", 199_900),
            ("1999．50\u{a0}元", 199_950),
            ("-0", 0),
        ] {
            assert_eq!(parse_price(raw, "CNY"), Ok(fen), "{raw}");
        }
    }

    #[test]
    fn what_is_no_price_is_refused() {
        for raw in ["", "abc", "1e3", "2,99", "2,9999", "1234,567", ",999", "1..2", "1.", ".5", "1.2.3", "12a", "NaN", "0x10", "1 000", "--1", "¥"] {
            assert_eq!(parse_price(raw, "CNY"), Err(PriceError::NotANumber), "{raw}");
        }
        for (raw, error) in [
            ("1.999", PriceError::Decimals),
            ("19.990", PriceError::Decimals),
            ("-1", PriceError::Negative),
            ("-0.01", PriceError::Negative),
            ("100000000.01", PriceError::TooHigh),
            ("99999999999999999999999", PriceError::TooHigh),
        ] {
            assert_eq!(parse_price(raw, "CNY"), Err(error), "{raw}");
        }
    }

    #[test]
    fn a_price_has_the_sign_of_its_own_currency_or_none() {
        for raw in ["12.50", "S$12.50", "$12.50", "SGD 12.50", "12.50 新元", "12.50 sgd", "12.50元", "S$ 12.50"] {
            assert_eq!(parse_price(raw, "SGD"), Ok(1_250), "{raw}");
        }
        for (raw, currency) in [("¥12", "SGD"), ("12 rmb", "SGD"), ("S$12", "CNY"), ("$12", "CNY"), ("HK$12", "SGD"), ("€12", "XXX")] {
            assert_eq!(parse_price(raw, currency), Err(PriceError::NotANumber), "{raw} {currency}");
        }
        assert_eq!(parse_price("XXX 12", "XXX"), Ok(1_200));
    }

    #[test]
    fn a_price_survives_being_written_and_read() {
        for fen in [0, 1, 10, 99, 100, 12_345, 299_900, MAX_PRICE_FEN] {
            assert_eq!(parse_price(&price_text(fen), "CNY"), Ok(fen));
        }
    }

    #[test]
    fn a_stock_is_a_whole_number() {
        for (raw, stock) in [
            ("0", 0),
            (" 12 ", 12),
            ("1,200", 1200),
            ("３", 3),
            ("5.0", 5),
            ("5.000", 5),
            ("12.000000000000002", 12),
            ("11.999999999999998", 12),
            ("\u{feff}7\u{200b}", 7),
        ] {
            assert_eq!(parse_whole(raw, MAX_STOCK), Some(stock), "{raw}");
        }
        for raw in ["", "-1", "1.5", "many", "99999999999", "+3"] {
            assert_eq!(parse_whole(raw, MAX_STOCK), None, "{raw}");
        }
    }

    #[test]
    fn each_rule_names_its_field() {
        let long = |n: usize| "x".repeat(n);
        assert_eq!(refused(|_| {}), None);
        for (error, field) in [
            (refused(|p| p.id = "g 1".to_owned()), "id"),
            (refused(|p| p.id = "-g".to_owned()), "id"),
            (refused(|p| p.name.zh = "  ".to_owned()), "name"),
            (refused(|p| p.name.en = long(121)), "name"),
            (refused(|p| p.name.en = "two\nlines".to_owned()), "name"),
            (refused(|p| p.category = "plane".to_owned()), "category"),
            (refused(|p| p.price_fen = -1), "price_fen"),
            (refused(|p| p.price_fen = MAX_PRICE_FEN + 1), "price_fen"),
            (refused(|p| p.stock = -1), "stock"),
            (refused(|p| p.stock = MAX_STOCK + 1), "stock"),
            (refused(|p| p.tags = vec!["a b".to_owned()]), "tags"),
            (refused(|p| p.illustration = String::new()), "illustration"),
            (refused(|p| p.attributes = vec![line("a", "甲", ""), line("a", "乙", "")]), "attributes"),
            (refused(|p| p.attributes = vec![line("a", "", "")]), "attributes"),
            (refused(|p| p.selling_points.zh = vec![" ".to_owned()]), "selling_points"),
            (refused(|p| p.description.zh = long(4001)), "description"),
            (refused(|p| p.description.zh = "\0".to_owned()), "description"),
        ] {
            assert_eq!(error.map(GoodsError::field), Some(field));
        }
    }

    #[test]
    fn a_property_without_a_key_gets_the_one_its_label_has_elsewhere() {
        let mut product = phone();
        product.attributes = vec![line("", "电池", "Battery"), line("", "重量", "Weight (kg)"), line("", "", ""), line("weight_kg", "x", "")];
        product.name_properties(|label| (label.zh == "电池").then(|| "battery_mah".to_owned()));
        let keys: Vec<&str> = product.attributes.iter().map(|line| line.key.as_str()).collect();
        assert_eq!(keys, ["battery_mah", "weight_kg_2", "property", "weight_kg"]);
    }

    #[test]
    fn a_state_is_known_by_its_name() {
        for state in GoodsState::EACH {
            assert_eq!(GoodsState::parse(state.as_str()), Some(state));
        }
        assert_eq!(GoodsState::parse("sold"), None);
    }
}
