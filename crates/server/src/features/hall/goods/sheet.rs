//! Goods as rows of a spreadsheet, with the same columns for export and import.

use domain::{
    goods::{Attribute, GoodsState, Product, price_text},
    text::{Bilingual, Lang},
};
use serde::{Deserialize, Serialize};
use service::catalogue::{Frame, search::normal};
use store::goods::Kept;
use utoipa::ToSchema;

/// A column of the spreadsheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// The product's id.
    Id,
    /// The product's category, by name or id.
    Category,
    /// The product's Chinese name.
    NameZh,
    /// The product's English name.
    NameEn,
    /// The product's price, with two decimals.
    Price,
    /// Pieces in stock.
    Stock,
    /// The product's state, which determines who sees it.
    State,
    /// The ids of its tags.
    Tags,
    /// The Chinese selling points, one per line.
    PointsZh,
    /// The English selling points, one per line.
    PointsEn,
    /// The Chinese description.
    DescriptionZh,
    /// The English description.
    DescriptionEn,
    /// The data sheet, one property per line.
    Properties,
    /// The name of its drawing.
    Drawing,
}

impl Column {
    /// All columns, in the order in which they are written.
    pub const EACH: [Self; 14] = [
        Self::Id,
        Self::Category,
        Self::NameZh,
        Self::NameEn,
        Self::Price,
        Self::Stock,
        Self::State,
        Self::Tags,
        Self::PointsZh,
        Self::PointsEn,
        Self::DescriptionZh,
        Self::DescriptionEn,
        Self::Properties,
        Self::Drawing,
    ];

    /// The column's headings: Chinese, English.
    pub const fn heads(self) -> (&'static str, &'static str) {
        match self {
            Self::Id => ("编号", "ID"),
            Self::Category => ("分类", "Category"),
            Self::NameZh => ("名称（中文）", "Name (Chinese)"),
            Self::NameEn => ("名称（英文）", "Name (English)"),
            Self::Price => ("价格", "Price"),
            Self::Stock => ("库存", "Stock"),
            Self::State => ("状态", "State"),
            Self::Tags => ("标签", "Tags"),
            Self::PointsZh => ("卖点（中文）", "Selling points (Chinese)"),
            Self::PointsEn => ("卖点（英文）", "Selling points (English)"),
            Self::DescriptionZh => ("介绍（中文）", "Description (Chinese)"),
            Self::DescriptionEn => ("介绍（英文）", "Description (English)"),
            Self::Properties => ("参数", "Properties"),
            Self::Drawing => ("图样", "Illustration"),
        }
    }

    /// The column with this heading, in either language.
    pub fn headed(raw: &str) -> Option<Self> {
        let wanted = normal(raw);
        Self::EACH.into_iter().find(|column| {
            let (zh, en) = column.heads();
            wanted == normal(zh) || wanted == normal(en) || (column == &Self::Drawing && wanted == "drawing")
        })
    }

    /// The column's heading in a language.
    pub const fn head(self, lang: Lang) -> &'static str {
        let (zh, en) = self.heads();
        match lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
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

/// A product as cells, in the order of [`Column::EACH`].
pub fn cells(kept: &Kept, frame: &Frame, lang: Lang) -> [String; 14] {
    let Kept { product, state, updated_at: _, deleted_at: _ } = kept;
    let lines = |lines: &[String]| lines.join("\n");
    [
        product.id.clone(),
        category_cell(frame, &product.category, lang),
        product.name.zh.clone(),
        product.name.en.clone(),
        price_text(product.price_fen),
        product.stock.to_string(),
        state_word(*state, lang).to_owned(),
        product.tags.join(" "),
        lines(&product.selling_points.zh),
        lines(&product.selling_points.en),
        product.description.zh.clone(),
        product.description.en.clone(),
        properties_cell(product),
        product.illustration.clone(),
    ]
}

/// The category's name if no other category has the same, otherwise its id.
fn category_cell(frame: &Frame, id: &str, lang: Lang) -> String {
    let name = frame.categories.iter().find(|category| category.id == id).map_or(id, |category| category.name.get(lang));
    if category_of(frame, name) == Some(id) { name.to_owned() } else { id.to_owned() }
}

/// The id of the category with this id or, if only one category has it, with this name in either language.
pub fn category_of<'a>(frame: &'a Frame, raw: &str) -> Option<&'a str> {
    let raw = raw.trim();
    if let Some(same) = frame.categories.iter().find(|category| category.id == raw) {
        return Some(&same.id);
    }
    let mut named = frame.categories.iter().filter(|category| category.name.zh.trim() == raw || category.name.en.trim().eq_ignore_ascii_case(raw));
    let first = named.next();
    if named.next().is_some() { None } else { first.map(|category| category.id.as_str()) }
}

/// `key | Chinese label | English label | Chinese value | English value | unit`, one property per line.
fn properties_cell(product: &Product) -> String {
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
    fn a_head_is_known_in_both_languages_whatever_its_brackets() {
        for (raw, column) in [
            ("名称（中文）", Some(Column::NameZh)),
            ("Drawing", Some(Column::Drawing)),
            ("名称(中文)", Some(Column::NameZh)),
            (" PRICE ", Some(Column::Price)),
            ("价格", Some(Column::Price)),
            ("Colour", None),
            ("", None),
        ] {
            assert_eq!(Column::headed(raw), column, "{raw}");
        }
    }

    #[test]
    fn a_data_sheet_survives_the_cell() {
        let both = |zh: &str, en: &str| Bilingual { zh: zh.to_owned(), en: en.to_owned() };
        let line = |key: &str, value| Attribute { key: key.to_owned(), label: both("甲", "A"), value, unit: "mAh".to_owned() };
        let product = Product { attributes: vec![line("a", both("1|2", "back\\slash")), line("b", both("", "x"))], ..Product::default() };
        assert_eq!(properties_of(&properties_cell(&product)), Some(product.attributes));
        assert_eq!(properties_of("a | b"), None);
    }
}
