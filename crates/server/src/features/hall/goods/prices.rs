//! `GET /api/v1/goods/{id}/prices`

use axum::{Json, extract::State};
use domain::{policy::Permission, time::Ts};
use serde::Serialize;
use store::goods::{PastPrice, PriceChange};
use utoipa::ToSchema;

use crate::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    problem::{Problem, Problems},
};

/// Changes in one answer: the latest.
const MOST: i64 = 200;

/// Another price.
#[derive(Debug, Serialize, ToSchema)]
pub struct PriceChangeView {
    /// The price before, in the currency's smallest unit; none at the beginning.
    #[schema(required)]
    pub old_fen: Option<i64>,
    /// The price from then on.
    pub new_fen: i64,
    /// ISO 4217.
    pub currency: String,
    /// Why; empty where nobody said.
    pub reason: String,
    /// Who, by name.
    #[schema(required)]
    pub by: Option<String>,
    /// When.
    pub at: Ts,
}

/// The prices a product had.
#[derive(Debug, Serialize, ToSchema)]
pub struct PriceHistory {
    /// The latest first, 200 at most.
    pub items: Vec<PriceChangeView>,
}

impl From<PastPrice> for PriceChangeView {
    fn from(past: PastPrice) -> Self {
        let PastPrice { change, by } = past;
        let PriceChange { id: _, goods: _, old_fen, new_fen, currency, reason, agent: _, at } = change;
        Self { old_fen, new_fen, currency, reason, by, at }
    }
}

/// The prices a product had, and who changed them.
#[utoipa::path(get, path = "/goods/{id}/prices", tag = "goods", security(("staff" = [])), params(("id" = String, Path)), responses((status = 200, body = PriceHistory), Problems))]
pub async fn list_prices(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<String>) -> Result<Json<PriceHistory>, Problem> {
    actor.require(Permission::EditGoods)?;
    let mut tx = app.db().read().await?;
    store::goods::get(&mut tx, actor.tenant(), &id).await?;
    let prices = store::goods::prices(&mut tx, actor.tenant(), &id, MOST).await?;
    Ok(Json(PriceHistory { items: prices.into_iter().map(PriceChangeView::from).collect() }))
}

#[cfg(test)]
mod tests {
    use crate::testing::TestApp;

    #[tokio::test]
    async fn prices_of_nothing_are_not_found() {
        let app = TestApp::new().await;
        app.agent("ada").await.get("/api/v1/goods/g-001/prices").await.problem(404, "not_found");
        app.get("/api/v1/goods/g-001/prices").await.problem(401, "not_signed_in");
    }
}
