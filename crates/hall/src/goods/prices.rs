//! `GET /api/v1/goods/{id}/prices`

use axum::{Json, extract::State};
use domain::{policy::Permission, time::Ts};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    problem::{Problem, Problems},
};
use serde::Serialize;
use store_hall::goods::{PastPrice, PriceChange};
use utoipa::ToSchema;

/// The most changes in one answer; these are the latest.
const MOST: i64 = 200;

/// A change of a price.
#[derive(Debug, Serialize, ToSchema)]
pub struct PriceChangeView {
    /// The previous price, in the currency's smallest unit; `null` for the first price.
    #[schema(required)]
    pub old_fen: Option<i64>,
    /// The new price, in the same unit.
    pub new_fen: i64,
    /// The currency, an ISO 4217 code.
    pub currency: String,
    /// The reason; empty if none was given.
    pub reason: String,
    /// The name of the member who changed it.
    #[schema(required)]
    pub by: Option<String>,
    /// When it was changed.
    pub at: Ts,
}

/// The prices that a product has had.
#[derive(Debug, Serialize, ToSchema)]
pub struct PriceHistory {
    /// Latest first, at most 200.
    pub items: Vec<PriceChangeView>,
}

impl From<PastPrice> for PriceChangeView {
    fn from(past: PastPrice) -> Self {
        let PastPrice { change, by } = past;
        let PriceChange { id: _, goods: _, old_fen, new_fen, currency, reason, agent: _, at } = change;
        Self { old_fen, new_fen, currency, reason, by, at }
    }
}

/// Lists the prices that a product has had, and who changed them.
#[utoipa::path(get, path = "/goods/{id}/prices", tag = "goods", security(("staff" = [])), params(("id" = String, Path)), responses((status = 200, body = PriceHistory), Problems))]
pub async fn list_prices(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<String>) -> Result<Json<PriceHistory>, Problem> {
    actor.require(Permission::EditGoods)?;
    let mut tx = app.db().read_of(actor.tenant()).await?;
    store_hall::goods::get(&mut tx, actor.tenant(), &id).await?;
    let prices = store_hall::goods::prices(&mut tx, actor.tenant(), &id, MOST).await?;
    Ok(Json(PriceHistory { items: prices.into_iter().map(PriceChangeView::from).collect() }))
}

#[cfg(test)]
mod tests {
    use testkit_app::TestApp;

    #[tokio::test]
    async fn prices_of_nothing_are_not_found() {
        let app = TestApp::new().await;
        app.agent("ada").await.get("/api/v1/goods/g-001/prices").await.problem(404, "not_found");
        app.get("/api/v1/goods/g-001/prices").await.problem(401, "not_signed_in");
    }
}
