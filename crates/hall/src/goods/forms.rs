//! The requests and answers about a product.

use content::goods::{GoodsError, Product};
use domain::text::Bilingual;
use service::catalogue::Catalogue;

/// The drawing of goods for which none was chosen and whose category has none.
const DRAWING: &str = "phone";

/// Declares the requests and answers about a product, so that each of its fields is named once: those that a new product must have, those that lists show as
/// well, and those that only the product's own page shows.
///
/// What behaves differently in each of them is written out here: the state, the drawing and the picture.
macro_rules! forms {
    (
        required { $($(#[$required_doc:meta])* $required:ident: $required_type:ty,)* }
        listed { $($(#[$listed_doc:meta])* $listed:ident: $listed_type:ty,)* }
        detailed { $($(#[$detailed_doc:meta])* $detailed:ident: $detailed_type:ty,)* }
    ) => {
        /// A product to add.
        #[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct NewGoods {
            $($(#[$required_doc])* pub $required: $required_type,)*
            /// The state, which determines who sees the product; a draft by default.
            #[serde(default)]
            pub state: Option<content::goods::GoodsState>,
            /// The name of its drawing; by default, the one its category has.
            #[serde(default)]
            pub illustration: Option<String>,
            /// An uploaded picture, shown in place of the drawing.
            #[serde(default)]
            pub picture: Option<domain::id::PictureId>,
            $($(#[$listed_doc])* #[serde(default)] pub $listed: $listed_type,)*
            $($(#[$detailed_doc])* #[serde(default)] pub $detailed: $detailed_type,)*
        }

        impl NewGoods {
            /// The product, which has no id of its own yet.
            pub(super) fn product(self, catalogue: &service::catalogue::Catalogue) -> Result<content::goods::Product, http_kit::problem::Problem> {
                let mut product = content::goods::Product {
                    // The id is determined when the product is written; until then any will do.
                    id: "new".to_owned(),
                    illustration: self.illustration.unwrap_or_else(|| super::forms::drawing(catalogue, &self.category)),
                    picture: self.picture,
                    $($required: self.$required,)*
                    $($listed: self.$listed,)*
                    $($detailed: self.$detailed,)*
                };
                super::forms::complete(&mut product, catalogue)?;
                Ok(product)
            }
        }

        /// The fields to change; omitted fields keep their values.
        #[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct GoodsChange {
            $($(#[$required_doc])* #[serde(default)] pub $required: Option<$required_type>,)*
            /// Why the price changes, at most 200 characters.
            #[serde(default)]
            pub reason: Option<String>,
            /// The state, which determines who sees the product.
            #[serde(default)]
            pub state: Option<content::goods::GoodsState>,
            /// The name of its drawing.
            #[serde(default)]
            pub illustration: Option<String>,
            /// An uploaded picture, shown in place of the drawing; `null` removes it.
            #[serde(default, deserialize_with = "http_kit::extract::double_option")]
            #[schema(value_type = Option<domain::id::PictureId>)]
            pub picture: Option<Option<domain::id::PictureId>>,
            $($(#[$listed_doc])* #[serde(default)] pub $listed: Option<$listed_type>,)*
            $($(#[$detailed_doc])* #[serde(default)] pub $detailed: Option<$detailed_type>,)*
            /// `updated_at` as last read; if it has changed since, the request is refused.
            pub seen: domain::time::Ts,
        }

        impl GoodsChange {
            /// The product as it will be.
            pub(super) fn product(
                self,
                old: content::goods::Product,
                catalogue: &service::catalogue::Catalogue,
            ) -> Result<content::goods::Product, http_kit::problem::Problem> {
                let mut product = content::goods::Product {
                    id: old.id,
                    illustration: self.illustration.unwrap_or(old.illustration),
                    picture: self.picture.unwrap_or(old.picture),
                    $($required: self.$required.unwrap_or(old.$required),)*
                    $($listed: self.$listed.unwrap_or(old.$listed),)*
                    $($detailed: self.$detailed.unwrap_or(old.$detailed),)*
                };
                super::forms::complete(&mut product, catalogue)?;
                Ok(product)
            }
        }

        /// A product in the list for staff.
        #[derive(Debug, serde::Serialize, utoipa::ToSchema)]
        pub struct StaffGoodsRow {
            /// The product's id.
            pub id: String,
            $($(#[$required_doc])* pub $required: $required_type,)*
            $($(#[$listed_doc])* pub $listed: $listed_type,)*
            /// The product's state, which determines who sees it.
            pub state: content::goods::GoodsState,
            /// The name of its drawing.
            pub illustration: String,
            /// Its picture, shown in place of the drawing.
            #[serde(skip_serializing_if = "Option::is_none")]
            #[schema(nullable = false)]
            pub picture: Option<domain::id::PictureId>,
            /// When it was last changed; send it back as `seen` with a change.
            pub updated_at: domain::time::Ts,
            /// In how many conversations of the last 30 days customers asked about it; only in the list, and only for staff who may read them.
            #[serde(skip_serializing_if = "Option::is_none")]
            #[schema(nullable = false)]
            pub asked: Option<i64>,
            /// When it was deleted, if it was.
            #[serde(skip_serializing_if = "Option::is_none")]
            #[schema(nullable = false)]
            pub deleted_at: Option<domain::time::Ts>,
            /// Until when it can be restored, if it was deleted.
            #[serde(skip_serializing_if = "Option::is_none")]
            #[schema(nullable = false)]
            pub kept_until: Option<domain::time::Ts>,
        }

        impl From<&store_hall::goods::Kept> for StaffGoodsRow {
            fn from(kept: &store_hall::goods::Kept) -> Self {
                let store_hall::goods::Kept { product, state, updated_at, deleted_at } = kept;
                Self {
                    id: product.id.clone(),
                    $($required: product.$required.clone(),)*
                    $($listed: product.$listed.clone(),)*
                    state: *state,
                    illustration: product.illustration.clone(),
                    picture: product.picture,
                    updated_at: *updated_at,
                    asked: None,
                    deleted_at: *deleted_at,
                    kept_until: deleted_at.map(|at| at.plus(content::goods::KEEP_DELETED_MS)),
                }
            }
        }

        /// A product with all its details.
        #[derive(Debug, serde::Serialize, utoipa::ToSchema)]
        pub struct StaffGoods {
            /// The fields that the list shows.
            #[serde(flatten)]
            pub row: StaffGoodsRow,
            $($(#[$detailed_doc])* pub $detailed: $detailed_type,)*
        }

        impl From<store_hall::goods::Kept> for StaffGoods {
            fn from(kept: store_hall::goods::Kept) -> Self {
                Self { row: StaffGoodsRow::from(&kept), $($detailed: kept.product.$detailed,)* }
            }
        }

        /// A product on sale, as a list shows it.
        #[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
        pub struct GoodsCard {
            /// The product's id.
            pub id: String,
            $($(#[$required_doc])* pub $required: $required_type,)*
            $($(#[$listed_doc])* pub $listed: $listed_type,)*
            /// The name of its drawing.
            pub illustration: String,
            /// Its picture, shown in place of the drawing; it is served at `GET /pictures/{picture}`.
            #[serde(skip_serializing_if = "Option::is_none")]
            #[schema(nullable = false)]
            pub picture: Option<domain::id::PictureId>,
            /// The line under the name.
            pub tagline: domain::text::Bilingual,
        }

        impl From<&content::goods::Product> for GoodsCard {
            fn from(product: &content::goods::Product) -> Self {
                Self {
                    id: product.id.clone(),
                    $($required: product.$required.clone(),)*
                    $($listed: product.$listed.clone(),)*
                    illustration: product.illustration.clone(),
                    picture: product.picture,
                    tagline: super::forms::tagline(product),
                }
            }
        }

        /// A product on sale, with all its details.
        #[derive(Debug, serde::Serialize, utoipa::ToSchema)]
        pub struct Goods {
            /// The fields that a list shows.
            #[serde(flatten)]
            pub card: GoodsCard,
            $($(#[$detailed_doc])* pub $detailed: $detailed_type,)*
        }

        impl From<&content::goods::Product> for Goods {
            fn from(product: &content::goods::Product) -> Self {
                Self { card: product.into(), $($detailed: product.$detailed.clone(),)* }
            }
        }
    };
}
pub(super) use forms;

/// Makes a product what is stored, with its name trimmed and a key for each line of its data sheet, and checks it.
pub(super) fn complete(product: &mut Product, catalogue: &Catalogue) -> Result<(), GoodsError> {
    product.name = std::mem::take(&mut product.name).trimmed();
    product.name_properties(|label| catalogue.property_key(label));
    product.check(catalogue.frame.category_ids())
}

/// The drawing of a category's goods.
pub(super) fn drawing(catalogue: &Catalogue, category: &str) -> String {
    catalogue.drawing(category).unwrap_or(DRAWING).to_owned()
}

/// The line under a product's name: its first selling point.
pub(super) fn tagline(product: &Product) -> Bilingual {
    let first = |points: &[String]| points.first().cloned().unwrap_or_default();
    Bilingual { zh: first(&product.selling_points.zh), en: first(&product.selling_points.en) }
}
