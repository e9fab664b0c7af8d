//! `GET /api/v1/customer/sessions`: where a customer is signed in.

use axum::{Json, extract::State};
use domain::{id::CustomerSessionId, time::Ts};
use http_kit::{
    App,
    auth::CustomerActor,
    problem::{Problem, Problems},
};
use serde::Serialize;
use utoipa::ToSchema;

/// A browser in which a customer is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct CustomerSession {
    /// The session's id.
    pub id: CustomerSessionId,
    /// When the customer signed in.
    pub created_at: Ts,
    /// When the session was last used, to the minute.
    pub last_seen_at: Ts,
    /// The user agent of the browser.
    pub user_agent: String,
    /// Whether it is the session of this request.
    pub current: bool,
}

/// The browsers in which a customer is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct CustomerSessions {
    /// Most recently used first.
    pub items: Vec<CustomerSession>,
}

/// Lists where the customer is signed in.
#[utoipa::path(get, path = "/customer/sessions", tag = "customers", security(("customer" = [])), responses((status = 200, body = CustomerSessions), Problems))]
pub async fn list_customer_sessions(State(app): State<App>, actor: CustomerActor) -> Result<Json<CustomerSessions>, Problem> {
    let sessions = store_hall::customer_sessions::list(&mut app.db().read_of(actor.tenant).await?, actor.tenant, actor.customer).await?;
    let view = |session: store_hall::customer_sessions::CustomerSession| {
        let store_hall::customer_sessions::CustomerSession { id, user_agent, created_at, last_seen_at } = session;
        CustomerSession { id, created_at, last_seen_at, user_agent, current: id == actor.session }
    };
    Ok(Json(CustomerSessions { items: sessions.into_iter().map(view).collect() }))
}

#[cfg(test)]
mod tests {
    use testkit_app::TestApp;

    #[tokio::test]
    async fn sessions_are_listed_with_the_one_that_asks_marked() {
        let app = TestApp::new().await;
        let ada = app.customer("ada@example.com").await;
        app.sign_in_again(&ada).await;
        app.customer("eve@example.com").await;
        let listed = ada.get("/api/v1/customer/sessions").await.expect(200);
        let mut current: Vec<bool> = listed["items"].as_array().unwrap().iter().map(|s| s["current"].as_bool().unwrap()).collect();
        current.sort_unstable();
        assert_eq!(current, [false, true]);
    }
}
