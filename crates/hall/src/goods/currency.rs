//! `PUT /api/v1/goods-currency`

use axum::{extract::State, http::StatusCode};
use domain::{entry::Changed, policy::Permission, refusal::Code, revision::Revision};
use http_kit::{
    App,
    auth::StaffActor,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use normal::currency::{CURRENCIES, Currency};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{frame, put_frame};

/// The currency in which a company has its prices.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GoodsCurrency {
    /// One of CNY, HKD, MOP, TWD, SGD, MYR, THB, JPY, KRW, USD, EUR, GBP and AUD, codes of ISO 4217.
    pub currency: String,
}

/// Sets the currency of all prices and fees, and notifies subscribers of the catalogue. Amounts stay as they are; nothing is converted.
#[utoipa::path(put, path = "/goods-currency", tag = "goods", security(("staff" = [])), params(OnceHeader), request_body = GoodsCurrency,
    responses((status = 200, body = GoodsCurrency), Problems))]
pub async fn set_goods_currency(State(app): State<App>, actor: StaffActor, OnceJson(once, wanted): OnceJson<GoodsCurrency>) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::SetPrices)?;
    let Some(Currency { code, .. }) = Currency::of(&wanted.currency) else {
        let codes = CURRENCIES.each_ref().map(|currency| currency.code).join(", ");
        return Err(Problem::invalid("currency", Code::InvalidValue, format!("no currency in which there can be prices: choose one of {codes}")));
    };
    let (tenant, now) = (actor.tenant(), app.env().now());
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let (mut frame, seen) = frame(tx, tenant).await?;
            if frame.currency != *code {
                (*code).clone_into(&mut frame.currency);
                put_frame(tx, tenant, &frame, seen, Revision(seen).next(now)).await?;
                tx.announce(Changed::Catalogue).await?;
            }
            Answer::json(StatusCode::OK, &GoodsCurrency { currency: frame.currency })
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn the_currency_is_that_of_every_price_from_then_on() {
        let app = TestApp::new().await;
        let (ada, max) = (app.agent("ada").await, app.staff(Role::Manager, "max").await);
        ada.put("/api/v1/goods-currency", json!({"currency": "SGD"})).await.problem(403, "not_permitted");
        for unknown in ["", "sgd", "XXX", "元"] {
            max.put("/api/v1/goods-currency", json!({"currency": unknown})).await.problem_at(422, "invalid_value", "currency");
        }
        assert_eq!(max.put("/api/v1/goods-currency", json!({"currency": "SGD"})).await.expect(200), json!({"currency": "SGD"}));
        max.put("/api/v1/goods-currency", json!({"currency": "SGD"})).await.expect(200);
        assert_eq!(app.get("/api/v1/sites/alpha/catalogue").await.expect(200)["currency"], "SGD");
        assert_eq!(app.get("/api/v1/sites/alpha").await.expect(200)["currency_sign"], "S$");
        assert_eq!(ada.get("/api/v1/me").await.expect(200)["currency"], "SGD");
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, Role::Manager, "bob").await;
        assert_eq!(bob.get("/api/v1/me").await.expect(200)["currency"], "CNY", "another company has its own");
    }
}
