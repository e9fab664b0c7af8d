//! The cells of a spreadsheet of goods: how the values of a product are written and read.

use std::fmt;

use content::goods::{Attribute, GoodsState, Product, price_text};
use domain::text::{Bilingual, Lang};
use normal::text;
use service::catalogue::{Frame, search::normal};

/// The content of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// A text.
    Text(String),
    /// A price in fen, shown with two decimals.
    Price(i64),
    /// A whole number.
    Count(i64),
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Price(fen) => f.write_str(&price_text(*fen)),
            Self::Count(count) => count.fmt(f),
        }
    }
}

/// Declares the columns, in the order in which they are written; `CellFault` says what may be wrong with a cell.
macro_rules! columns {
    ($($(#[$doc:meta])* $name:ident: $zh:literal, $en:literal, width $width:literal, write $write:expr, read $read:expr;)*) => {
        /// How a column is written and read.
        pub struct Spec {
            /// The headings: Chinese, English.
            pub heads: (&'static str, &'static str),
            /// The width in a workbook, in characters.
            pub width: f64,
            /// The cell of a product.
            pub write: fn(&store_hall::goods::Kept, &service::catalogue::Frame, domain::text::Lang) -> super::cells::Cell,
            /// Reads a cell into a product; if the cell is wrong, the product stays as it is.
            pub read: fn(&mut store_hall::goods::Kept, &str, &service::catalogue::Frame) -> Result<(), CellFault>,
        }

        /// A column of the spreadsheet.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum Column { $($(#[$doc])* $name,)* }

        impl Column {
            /// All columns, in the order in which they are written.
            pub const EACH: &[Self] = &[$(Self::$name,)*];

            /// How the column is written and read.
            pub fn spec(self) -> Spec {
                match self {
                    $(Self::$name => Spec { heads: ($zh, $en), width: $width, write: $write, read: $read },)*
                }
            }
        }
    };
}
pub(super) use columns;

/// Puts what was read into its field.
pub fn set<T, E>(field: &mut T, read: Result<T, E>) -> Result<(), E> {
    *field = read?;
    Ok(())
}

/// The lines of a cell that say something.
pub fn lines(cell: &str) -> Vec<String> {
    cell.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// The tags of a cell.
pub fn tags(cell: &str) -> Vec<String> {
    cell.split([' ', ',', '，', '、', '\n']).filter(|tag| !tag.is_empty()).map(str::to_owned).collect()
}

/// The word for a state in a language.
pub const fn state_word(state: GoodsState, lang: Lang) -> &'static str {
    match (state, lang) {
        (GoodsState::Draft, Lang::Zh) => "草稿",
        (GoodsState::Live, Lang::Zh) => "在售",
        (GoodsState::Off, Lang::Zh) => "下架",
        (GoodsState::Draft, Lang::En) => "Draft",
        (GoodsState::Live, Lang::En) => "Published",
        (GoodsState::Off, Lang::En) => "Unpublished",
    }
}

/// The English words that older files use.
const OLD_WORDS: [(&str, GoodsState); 2] = [("on sale", GoodsState::Live), ("off sale", GoodsState::Off)];

/// The state for a word in either language, or for its name on the wire.
pub fn state_of(raw: &str) -> Option<GoodsState> {
    let wanted = normal(raw);
    let is = |state: GoodsState| [state.as_str(), state_word(state, Lang::Zh), state_word(state, Lang::En)].into_iter().any(|word| normal(word) == wanted);
    let old = || OLD_WORDS.into_iter().find(|(word, _)| *word == wanted).map(|(_, state)| state);
    GoodsState::EACH.into_iter().find(|state| is(*state)).or_else(old)
}

/// The category's name if no other category has the same, otherwise its id.
pub fn category_cell(frame: &Frame, id: &str, lang: Lang) -> String {
    let name = frame.categories.iter().find(|category| category.id == id).map_or(id, |category| category.name.get(lang));
    if category_of(frame, name) == Some(id) { name.to_owned() } else { id.to_owned() }
}

/// The id of the category with this id or, if only one category has it, with this name in either language.
pub fn category_of<'a>(frame: &'a Frame, raw: &str) -> Option<&'a str> {
    let (id, wanted) = (raw.trim(), text::name(raw));
    if let Some(same) = frame.categories.iter().find(|category| category.id == id) {
        return Some(&same.id);
    }
    let is_called = |name: &str| !wanted.is_empty() && text::name(name) == wanted;
    let mut named = frame.categories.iter().filter(|category| is_called(&category.name.zh) || is_called(&category.name.en));
    let first = named.next();
    if named.next().is_some() { None } else { first.map(|category| category.id.as_str()) }
}

/// `key | Chinese label | English label | Chinese value | English value | unit`, one property per line.
pub fn properties_cell(product: &Product) -> String {
    let escaped = |text: &str| text.replace('\\', "\\\\").replace('|', "\\|");
    let line = |a: &Attribute| [&a.key, &a.label.zh, &a.label.en, &a.value.zh, &a.value.en, &a.unit].map(|part| escaped(part)).join(" | ");
    product.attributes.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Parses the lines of a data sheet; `None` if a line does not have six parts.
pub fn properties_of(raw: &str) -> Option<Vec<Attribute>> {
    raw.lines().filter(|line| !line.trim().is_empty()).map(property).collect()
}

fn property(line: &str) -> Option<Attribute> {
    let mut parts = vec![String::new()];
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        let part = parts.last_mut()?;
        match c {
            '\\' => part.push(chars.next().unwrap_or('\\')),
            '|' => parts.push(String::new()),
            c => part.push(c),
        }
    }
    let parts: [String; 6] = parts.try_into().ok()?;
    let [key, label_zh, label_en, value_zh, value_en, unit] = parts.map(|part| part.trim().to_owned());
    Some(Attribute { key, label: Bilingual { zh: label_zh, en: label_en }, value: Bilingual { zh: value_zh, en: value_en }, unit })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_sheet_survives_the_cell() {
        let both = |zh: &str, en: &str| Bilingual { zh: zh.to_owned(), en: en.to_owned() };
        let line = |key: &str, value| Attribute { key: key.to_owned(), label: both("甲", "A"), value, unit: "mAh".to_owned() };
        let product = Product { attributes: vec![line("a", both("1|2", "back\\slash")), line("b", both("", "x"))], ..Product::default() };
        assert_eq!(properties_of(&properties_cell(&product)), Some(product.attributes));
        assert_eq!(properties_of("a | b"), None);
    }
}
