//! `GET /api/v1/sites/{key}/catalogue`: all that is on sale.

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use domain::text::Bilingual;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::GoodsCard;
use crate::{
    App,
    catalogue::{self, Category, Plan},
    extract::ValidPath,
    problem::{Problem, Problems},
};

/// All that is on sale.
#[derive(Debug, Serialize, ToSchema)]
pub struct Catalogue {
    /// ISO 4217.
    pub currency: String,
    /// In the order they are shown.
    pub categories: Vec<Category>,
    /// What customers read for a tag.
    pub tag_names: BTreeMap<String, Bilingual>,
    /// In the order they are shown.
    pub goods: Vec<GoodsCard>,
    /// In the order they are shown.
    pub plans: Vec<Plan>,
}

/// All that is on sale.
#[utoipa::path(get, path = "/sites/{key}/catalogue", tag = "sites", params(("key" = String, Path)), responses((status = 200, body = Catalogue), Problems))]
pub async fn get_catalogue(State(app): State<App>, ValidPath(key): ValidPath<String>) -> Result<Json<Catalogue>, Problem> {
    let site = super::site(&app, &key).await?;
    let catalogue = catalogue::of(&app, site.tenant).await?;
    let frame = catalogue.frame.clone();
    let goods = catalogue.goods.iter().map(GoodsCard::from).collect();
    Ok(Json(Catalogue { currency: frame.currency, categories: frame.categories, tag_names: frame.tag_names, goods, plans: catalogue.plans.clone() }))
}
