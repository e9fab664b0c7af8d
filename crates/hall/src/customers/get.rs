//! `GET /api/v1/customer`

use axum::{Json, extract::State};
use http_kit::{
    App,
    auth::CustomerActor,
    problem::{Problem, Problems},
};

use super::view::CustomerView;

/// Returns the signed-in customer.
#[utoipa::path(get, path = "/customer", tag = "customers", security(("customer" = [])), responses((status = 200, body = CustomerView), Problems))]
pub async fn get_customer(State(app): State<App>, actor: CustomerActor) -> Result<Json<CustomerView>, Problem> {
    Ok(Json(CustomerView::read(&app, actor.tenant, actor.customer).await?))
}

#[cfg(test)]
mod tests {
    use domain::customer::{SESSION_IDLE_MS, SESSION_MS};
    use domain::time::MINUTE;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_customer_sees_themselves_and_nobody_else_whatever_the_query() {
        let app = TestApp::new().await;
        let (ada, eve) = (app.customer("ada@example.com").await, app.customer("eve@example.com").await);
        let other = eve.get("/api/v1/customer").await.expect(200)["id"].as_str().unwrap().to_owned();
        assert_eq!(ada.get("/api/v1/customer").await.expect(200)["email"], "ada@example.com");
        for query in [format!("?id={other}"), format!("?customer={other}"), format!("?userId={other}")] {
            assert_eq!(ada.get(&format!("/api/v1/customer{query}")).await.expect(200)["email"], "ada@example.com");
        }
        app.get(&format!("/api/v1/customer?id={other}")).await.problem(401, "not_signed_in");
    }

    #[tokio::test]
    async fn a_session_ends_when_it_is_not_used_and_after_half_a_year() {
        let app = TestApp::new().await;
        let (ada, idle) = (app.customer("ada@example.com").await, app.customer("eve@example.com").await);
        for _ in 0..6 {
            ada.get("/api/v1/customer").await.expect(200);
            app.clock.advance(SESSION_IDLE_MS - MINUTE);
        }
        idle.get("/api/v1/customer").await.problem(401, "not_signed_in");
        ada.get("/api/v1/customer").await.expect(200);
        app.clock.advance(SESSION_MS - 6 * (SESSION_IDLE_MS - MINUTE));
        ada.get("/api/v1/customer").await.problem(401, "not_signed_in");
    }
}
