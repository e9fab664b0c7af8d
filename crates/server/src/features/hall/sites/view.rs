//! Goods as customers see them.

use domain::{
    goods::{Attribute, Product, SellingPoints},
    id::PictureId,
    text::Bilingual,
};
use serde::Serialize;
use utoipa::ToSchema;

/// A product on sale, as a list shows it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct GoodsCard {
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
    /// The ids of its tags.
    pub tags: Vec<String>,
    /// The name of its drawing.
    pub illustration: String,
    /// Its picture, shown in place of the drawing; it is served at `GET /pictures/{picture}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub picture: Option<PictureId>,
    /// The line under the name.
    pub tagline: Bilingual,
}

impl From<&Product> for GoodsCard {
    fn from(goods: &Product) -> Self {
        let first = |points: &[String]| points.first().cloned().unwrap_or_default();
        Self {
            id: goods.id.clone(),
            category: goods.category.clone(),
            name: goods.name.clone(),
            price_fen: goods.price_fen,
            stock: goods.stock,
            tags: goods.tags.clone(),
            illustration: goods.illustration.clone(),
            picture: goods.picture,
            tagline: Bilingual { zh: first(&goods.selling_points.zh), en: first(&goods.selling_points.en) },
        }
    }
}

/// A product on sale, with all its details.
#[derive(Debug, Serialize, ToSchema)]
pub struct Goods {
    /// The fields that a list shows.
    #[serde(flatten)]
    pub card: GoodsCard,
    /// The data sheet.
    pub attributes: Vec<Attribute>,
    /// Short advertising lines.
    pub selling_points: SellingPoints,
    /// The description, as free text.
    pub description: Bilingual,
}

impl From<&Product> for Goods {
    fn from(goods: &Product) -> Self {
        Self { card: goods.into(), attributes: goods.attributes.clone(), selling_points: goods.selling_points.clone(), description: goods.description.clone() }
    }
}
