//! The fields of a product: how they come in requests and answers, and which columns they have in a spreadsheet.

use content::goods::{Attribute, GoodsError, MAX_STOCK, PriceError, Product, SellingPoints, parse_price, parse_whole};
use domain::text::Bilingual;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    cells::{Cell, category_cell, category_of, columns, lines, properties_cell, properties_of, set, state_of, state_word, tags},
    forms::forms,
};

forms! {
    required {
        /// The id of its category.
        category: String,
        /// The product's name, in at least one language, at most 120 characters each.
        name: Bilingual,
        /// The price in hundredths of the company's currency, from 0 to 10,000,000,000.
        price_fen: i64,
        /// Pieces that can be ordered now.
        stock: i64,
    }
    listed {
        /// The ids of its tags.
        tags: Vec<String>,
    }
    detailed {
        /// The data sheet.
        attributes: Vec<Attribute>,
        /// Short advertising lines; the first is shown under the name.
        selling_points: SellingPoints,
        /// The description, as free text.
        description: Bilingual,
    }
}

columns! {
    /// The product's id.
    Id: "编号", "ID", width 10.0,
        write |kept, _, _| Cell::Text(kept.product.id.clone()),
        // The row is about the product with this id.
        read |_, _, _| Ok(());
    /// The product's category, by name or id.
    Category: "分类", "Category", width 12.0,
        write |kept, frame, lang| Cell::Text(category_cell(frame, &kept.product.category, lang)),
        read |kept, cell, frame| set(&mut kept.product.category, category_of(frame, cell).map(str::to_owned).ok_or(CellFault::Category));
    /// The product's Chinese name.
    NameZh: "名称（中文）", "Name (Chinese)", width 28.0,
        write |kept, _, _| Cell::Text(kept.product.name.zh.clone()),
        read |kept, cell, _| set(&mut kept.product.name.zh, Ok(cell.trim().to_owned()));
    /// The product's English name.
    NameEn: "名称（英文）", "Name (English)", width 28.0,
        write |kept, _, _| Cell::Text(kept.product.name.en.clone()),
        read |kept, cell, _| set(&mut kept.product.name.en, Ok(cell.trim().to_owned()));
    /// The product's price, with two decimals.
    Price: "价格", "Price", width 12.0,
        write |kept, _, _| Cell::Price(kept.product.price_fen),
        read |kept, cell, frame| set(&mut kept.product.price_fen, price_of(cell, &frame.currency));
    /// Pieces in stock.
    Stock: "库存", "Stock", width 8.0,
        write |kept, _, _| Cell::Count(kept.product.stock),
        read |kept, cell, _| set(&mut kept.product.stock, parse_whole(cell, MAX_STOCK).ok_or(CellFault::Stock));
    /// The product's state, which determines who sees it.
    State: "状态", "State", width 10.0,
        write |kept, _, lang| Cell::Text(state_word(kept.state, lang).to_owned()),
        read |kept, cell, _| set(&mut kept.state, state_of(cell).ok_or(CellFault::State));
    /// The ids of its tags.
    Tags: "标签", "Tags", width 20.0,
        write |kept, _, _| Cell::Text(kept.product.tags.join(" ")),
        read |kept, cell, _| set(&mut kept.product.tags, Ok(tags(cell)));
    /// The Chinese selling points, one per line.
    PointsZh: "卖点（中文）", "Selling points (Chinese)", width 36.0,
        write |kept, _, _| Cell::Text(kept.product.selling_points.zh.join("\n")),
        read |kept, cell, _| set(&mut kept.product.selling_points.zh, Ok(lines(cell)));
    /// The English selling points, one per line.
    PointsEn: "卖点（英文）", "Selling points (English)", width 36.0,
        write |kept, _, _| Cell::Text(kept.product.selling_points.en.join("\n")),
        read |kept, cell, _| set(&mut kept.product.selling_points.en, Ok(lines(cell)));
    /// The Chinese description.
    DescriptionZh: "介绍（中文）", "Description (Chinese)", width 48.0,
        write |kept, _, _| Cell::Text(kept.product.description.zh.clone()),
        read |kept, cell, _| set(&mut kept.product.description.zh, Ok(cell.to_owned()));
    /// The English description.
    DescriptionEn: "介绍（英文）", "Description (English)", width 48.0,
        write |kept, _, _| Cell::Text(kept.product.description.en.clone()),
        read |kept, cell, _| set(&mut kept.product.description.en, Ok(cell.to_owned()));
    /// The data sheet, one property per line.
    Properties: "参数", "Properties", width 60.0,
        write |kept, _, _| Cell::Text(properties_cell(&kept.product)),
        read |kept, cell, _| set(&mut kept.product.attributes, properties_of(cell).ok_or(CellFault::Properties));
    /// The name of its drawing.
    Drawing: "图样", "Illustration", width 12.0,
        write |kept, _, _| Cell::Text(kept.product.illustration.clone()),
        read |kept, cell, _| set(&mut kept.product.illustration, Ok(cell.trim().to_owned()));
}

/// What is wrong with a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CellFault {
    /// The row has more or fewer cells than the header.
    CellCount,
    /// A quotation mark is opened but not closed.
    QuoteOpen,
    /// The cell is too long.
    TooLong,
    /// The cell has a formula whose result is not in the file, or is an error.
    NoValue,
    /// The id is not valid: 1 to 64 of A-Z, a-z, 0-9, `.`, `_`, `-`.
    Id,
    /// Another row has the same id.
    IdTwice,
    /// The category does not exist, or its name is not unique.
    Category,
    /// The name is missing or too long.
    Name,
    /// The price is missing.
    PriceMissing,
    /// The price is not a number.
    PriceNotANumber,
    /// The price has more than two decimals.
    PriceDecimals,
    /// The price is below zero.
    PriceNegative,
    /// The price is too high.
    PriceTooHigh,
    /// The price is not the one that the product has, or the product is new, and the member may not set prices.
    PriceNotPermitted,
    /// The product is not on sale and would be, and the member may not set prices.
    StateNotPermitted,
    /// The stock is not a whole number from 0 up.
    Stock,
    /// The state is not one of draft, published and unpublished.
    State,
    /// The tags are not valid ids, or there are too many.
    Tags,
    /// There are too many selling points, or one is too long.
    Points,
    /// The description is too long.
    Description,
    /// The data sheet does not have the required form.
    Properties,
    /// The name of the drawing is not valid.
    Drawing,
}

impl From<PriceError> for CellFault {
    fn from(error: PriceError) -> Self {
        match error {
            PriceError::NotANumber => Self::PriceNotANumber,
            PriceError::Decimals => Self::PriceDecimals,
            PriceError::Negative => Self::PriceNegative,
            PriceError::TooHigh => Self::PriceTooHigh,
        }
    }
}

/// The price of a cell in a currency, in hundredths.
fn price_of(cell: &str, currency: &str) -> Result<i64, CellFault> {
    if cell.trim().is_empty() {
        return Err(CellFault::PriceMissing);
    }
    Ok(parse_price(cell, currency)?)
}

/// The cell that a refusal is about.
pub fn place(error: GoodsError, product: &Product) -> (Column, CellFault) {
    match error {
        GoodsError::Id => (Column::Id, CellFault::Id),
        GoodsError::Category | GoodsError::CategoryName | GoodsError::CategoryDeceptive => (Column::Category, CellFault::Category),
        GoodsError::Name if product.name.zh.trim().is_empty() => (Column::NameEn, CellFault::Name),
        GoodsError::Name => (Column::NameZh, CellFault::Name),
        GoodsError::Price(error) => (Column::Price, error.into()),
        GoodsError::Stock | GoodsError::Reason => (Column::Stock, CellFault::Stock),
        GoodsError::Tags => (Column::Tags, CellFault::Tags),
        GoodsError::Illustration => (Column::Drawing, CellFault::Drawing),
        GoodsError::Attributes => (Column::Properties, CellFault::Properties),
        GoodsError::SellingPoints => (Column::PointsZh, CellFault::Points),
        GoodsError::Description => (Column::DescriptionZh, CellFault::Description),
    }
}
