//! Goods as staff see them, and how their errors become problems.

use domain::{
    goods::{Attribute, GoodsError, GoodsState, KEEP_DELETED_MS, Product, SellingPoints},
    id::PictureId,
    refusal::Code,
    text::Bilingual,
    time::Ts,
};
use serde::Serialize;
use store::goods::Kept;
use utoipa::ToSchema;

use crate::problem::Problem;

/// A product in the list for staff.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffGoodsRow {
    /// The product's id.
    pub id: String,
    /// The id of its category.
    pub category: String,
    /// The product's name.
    pub name: Bilingual,
    /// The price in fen.
    pub price_fen: i64,
    /// Pieces that can be ordered now.
    pub stock: i64,
    /// The product's state, which determines who sees it.
    pub state: GoodsState,
    /// The name of its drawing.
    pub illustration: String,
    /// Its picture, shown in place of the drawing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub picture: Option<PictureId>,
    /// When it was last changed; send it back as `seen` with a change.
    pub updated_at: Ts,
    /// In how many conversations of the last 30 days customers asked about it; only in the list, and only for staff who may read them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub asked: Option<i64>,
    /// When it was deleted, if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub deleted_at: Option<Ts>,
    /// Until when it can be restored, if it was deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub kept_until: Option<Ts>,
}

/// A product with all its details.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffGoods {
    /// The fields that the list shows.
    #[serde(flatten)]
    pub row: StaffGoodsRow,
    /// The ids of its tags.
    pub tags: Vec<String>,
    /// The data sheet.
    pub attributes: Vec<Attribute>,
    /// Short advertising lines.
    pub selling_points: SellingPoints,
    /// The description, as free text.
    pub description: Bilingual,
}

impl From<&Kept> for StaffGoodsRow {
    fn from(kept: &Kept) -> Self {
        let Kept { product, state, updated_at, deleted_at } = kept;
        Self {
            id: product.id.clone(),
            category: product.category.clone(),
            name: product.name.clone(),
            price_fen: product.price_fen,
            stock: product.stock,
            state: *state,
            illustration: product.illustration.clone(),
            picture: product.picture,
            updated_at: *updated_at,
            asked: None,
            deleted_at: *deleted_at,
            kept_until: deleted_at.map(|at| at.plus(KEEP_DELETED_MS)),
        }
    }
}

impl From<Kept> for StaffGoods {
    fn from(kept: Kept) -> Self {
        let row = StaffGoodsRow::from(&kept);
        let Product { id: _, category: _, name: _, price_fen: _, stock: _, tags, illustration: _, picture: _, attributes, selling_points, description } =
            kept.product;
        Self { row, tags, attributes, selling_points, description }
    }
}

impl From<GoodsError> for Problem {
    fn from(error: GoodsError) -> Self {
        let code = match error {
            GoodsError::Category => Code::CategoryUnknown,
            GoodsError::CategoryDeceptive => Code::NameDeceptive,
            _ => Code::InvalidValue,
        };
        Self::invalid(error.field(), code, error.to_string())
    }
}
