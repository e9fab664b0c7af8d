//! `POST /api/v1/customer/widget-ticket`: creates the ticket with which the chat on our own page joins the account.

use axum::{Json, extract::State, http::StatusCode};
use domain::time::Ts;
use http_kit::{
    App,
    auth::CustomerActor,
    problem::{Problem, Problems},
};
use platform::env;
use serde::Serialize;
use utoipa::ToSchema;

use super::secret;

/// A ticket for the chat.
#[derive(Debug, Serialize, ToSchema)]
pub struct WidgetTicket {
    /// The ticket, for a single `POST /widget/sessions`.
    #[schema(format = "secret")]
    pub ticket: String,
    /// Until when the ticket is valid.
    pub expires_at: Ts,
}

/// Creates a ticket of this session, which is valid once and for a minute.
#[utoipa::path(post, path = "/customer/widget-ticket", tag = "customers", security(("customer" = [])), responses((status = 201, body = WidgetTicket), Problems))]
pub async fn create_widget_ticket(State(app): State<App>, actor: CustomerActor) -> Result<(StatusCode, Json<WidgetTicket>), Problem> {
    let CustomerActor { tenant, customer, session } = actor;
    let ticket = secret(&app)?;
    let hash = env::hash(&ticket);
    let stored = actor
        .oneself()
        .write(&app, move |tx| Box::pin(async move { Ok(store_hall::customer_sessions::insert_ticket(tx, tenant, customer, session, &hash).await?) }));
    Ok((StatusCode::CREATED, Json(WidgetTicket { ticket, expires_at: stored.await? })))
}

#[cfg(test)]
mod tests {
    use domain::customer::TICKET_MS;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_ticket_is_for_who_is_signed_in() {
        let app = TestApp::new().await;
        let ada = app.customer("ada@example.com").await;
        let ticket = ada.send(ada.request(reqwest::Method::POST, "/api/v1/customer/widget-ticket")).await.expect(201);
        assert_eq!(ticket["expires_at"].as_i64().unwrap(), app.env().now().0 + TICKET_MS);
        app.send(app.request(reqwest::Method::POST, "/api/v1/customer/widget-ticket")).await.problem(401, "not_signed_in");
    }
}
