//! Goods as rows of a spreadsheet, with the same columns for export and import.

use domain::text::Lang;
use service::catalogue::{Frame, search::normal};
use store_hall::goods::Kept;

use super::{cells::Cell, fields::Column};

impl Column {
    /// The column with this heading, in either language.
    pub fn with_heading(raw: &str) -> Option<Self> {
        let wanted = normal(raw);
        Self::EACH.iter().copied().find(|column| {
            let (zh, en) = column.spec().heads;
            wanted == normal(zh) || wanted == normal(en) || (column == &Self::Drawing && wanted == "drawing")
        })
    }

    /// The column's heading in a language.
    pub fn head(self, lang: Lang) -> &'static str {
        let (zh, en) = self.spec().heads;
        match lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}

/// A product as cells, in the order of [`Column::EACH`].
pub fn cells(kept: &Kept, frame: &Frame, lang: Lang) -> impl Iterator<Item = Cell> {
    Column::EACH.iter().map(move |column| (column.spec().write)(kept, frame, lang))
}

/// The columns in which two versions of a product differ.
pub fn differing(before: &Kept, after: &Kept, frame: &Frame) -> Vec<Column> {
    let (before, after) = (cells(before, frame, Lang::Zh), cells(after, frame, Lang::Zh));
    Column::EACH.iter().zip(before.zip(after)).filter(|(_, (before, after))| before != after).map(|(column, _)| *column).collect()
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
            assert_eq!(Column::with_heading(raw), column, "{raw}");
        }
    }
}
