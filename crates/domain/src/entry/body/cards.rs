//! What messages show besides text: files and products.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    id::{FileId, PictureId},
    text::Bilingual,
};

/// A file in a conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = UploadedFile)]
pub struct FileCard {
    /// The id of the file; use it to send the file in a conversation.
    pub id: FileId,
    /// The name of the file, sanitised.
    pub name: String,
    /// The size in bytes.
    pub size: i64,
    /// The media type, as detected from the first bytes of the file.
    pub mime: String,
    /// The width in pixels, for an image that can be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub width: Option<i64>,
    /// The height in pixels, for an image that can be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub height: Option<i64>,
}

/// A product, as shown on its card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ProductRef {
    /// The id of the product.
    pub id: String,
    /// The name of the product.
    pub name: Bilingual,
    /// The price in fen.
    pub price_fen: i64,
    /// The number of pieces in stock.
    pub stock: i64,
    /// The name of its drawing.
    pub illustration: String,
    /// The picture of the product, shown instead of the drawing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub picture: Option<PictureId>,
}

/// The source of an answer of the bot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AnswerSource {
    /// The id of the knowledge entry, product or plan.
    pub id: String,
    /// The question of the knowledge entry, or the name of the product or plan.
    pub title: String,
}

/// A question the customer can press.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AnswerChoice {
    /// The id of the knowledge entry that answers it.
    pub id: String,
    /// The text of the question.
    pub text: String,
}
