//! Goods for staff: those on sale, those not on sale yet, and those no longer on sale.

pub mod asked;
pub mod categories;
mod cells;
pub mod create;
pub mod currency;
pub mod delete;
pub mod export;
pub mod fields;
mod forms;
pub mod get;
pub mod imports;
pub mod list;
pub mod prices;
pub mod sheet;
pub mod update;

use content::goods::Product;
use db::Tx;
use domain::{
    id::TenantId,
    policy::Permission,
    refusal::{Code, Refusal},
    time::Ts,
};
use http_kit::{App, auth::StaffActor, problem::Problem};
use service::catalogue::Frame;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list_goods, create::create_goods))
        .routes(routes!(get::get_staff_goods, update::update_goods, delete::delete_goods))
        .routes(routes!(delete::restore_goods))
        .routes(routes!(prices::list_prices))
        .routes(routes!(asked::list_conversations_about))
        .routes(routes!(export::export_goods))
        .routes(routes!(categories::list::list_categories, categories::create::create_category))
        .routes(routes!(categories::update::update_category, categories::delete::delete_category))
        .routes(routes!(currency::set_goods_currency))
        .merge(imports::router())
}

/// Refuses a member who may not set prices; `field` is the one that holds the price, or decides what it buys or whether it is asked.
pub(crate) fn require_prices(actor: &StaffActor, field: &str) -> Result<(), Problem> {
    if actor.staff.may(Permission::SetPrices) { Ok(()) } else { Err(prices_problem(field)) }
}

/// Why a member who may not set prices is refused.
pub(crate) fn prices_problem(field: &str) -> Problem {
    Problem { field: Some(field.to_owned()), ..Problem::not_permitted() }
}

/// The frame as it is in this transaction.
async fn frame(tx: &mut Tx, tenant: TenantId) -> store::Result<(Frame, Ts)> {
    let (json, at) = store_hall::catalogue::frame_seen(tx, tenant).await?;
    let frame = Frame::parse(json.as_deref()).map_err(|error| store::Error::Db(db::Error::Corrupt(error.to_string())))?;
    Ok((frame, at))
}

/// Stores a frame that has not changed since it was `seen`.
async fn put_frame(tx: &mut Tx, tenant: TenantId, frame: &Frame, seen: Ts, at: Ts) -> store::Result<()> {
    let json = serde_json::to_string(frame).map_err(|error| store::Error::Db(db::Error::Corrupt(error.to_string())))?;
    store_hall::catalogue::change_frame(tx, tenant, &json, seen, at).await
}

/// Refuses a product whose category or picture was removed after the request was checked.
async fn require_parts(tx: &mut Tx, tenant: TenantId, product: &Product) -> store::Result<()> {
    if !frame(tx, tenant).await?.0.has(&product.category) {
        return Err(Refusal::new(Code::CategoryUnknown).into());
    }
    match product.picture {
        Some(picture) if !store_hall::goods_pictures::exists(tx, tenant, picture).await? => Err(Refusal::new(Code::PictureUnknown).into()),
        _ => Ok(()),
    }
}
