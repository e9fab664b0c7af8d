//! `GET /api/v1/sites/{key}/goods/{id}`: one of the goods.

use axum::{Json, extract::State};

use super::view::Goods;
use crate::{
    App, catalogue,
    extract::ValidPath,
    problem::{Problem, Problems},
};

/// One of the goods, with its data sheet.
#[utoipa::path(get, path = "/sites/{key}/goods/{id}", tag = "sites", params(("key" = String, Path), ("id" = String, Path)), responses((status = 200, body = Goods), Problems))]
pub async fn get_goods(State(app): State<App>, ValidPath((key, id)): ValidPath<(String, String)>) -> Result<Json<Goods>, Problem> {
    let site = super::site(&app, &key).await?;
    let catalogue = catalogue::of(&app, site.tenant).await?;
    catalogue.goods(&id).map(|goods| Json(goods.into())).ok_or_else(Problem::not_found)
}
