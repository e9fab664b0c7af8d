//! `DELETE /api/v1/customer/sessions/current`: signs out.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};
use http_kit::{
    App,
    audit::Asked,
    auth::{CustomerActor, session},
    problem::{Problem, Problems},
};

use super::act::Act;

/// Ends the session this request was made with; the access that its chat was given ends too.
#[utoipa::path(delete, path = "/customer/sessions/current", tag = "customers", security(("customer" = [])), responses((status = 204, description = "Signed out; the cookie is taken back"), Problems))]
pub async fn sign_out_customer(State(app): State<App>, actor: CustomerActor, asked: Asked) -> Result<impl IntoResponse, Problem> {
    let CustomerActor { tenant, customer, session } = actor;
    let act = Act::new(&app, asked);
    let ended = actor.oneself().write(&app, move |tx| {
        Box::pin(async move {
            store_hall::customer_sessions::end(tx, tenant, customer, session).await?;
            Ok(act.note(tx, tenant, customer).await?)
        })
    });
    ended.await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, session::clear_customer()?)]))
}

#[cfg(test)]
mod tests {
    use testkit_app::TestApp;

    #[tokio::test]
    async fn signing_out_ends_the_session() {
        let app = TestApp::new().await;
        let ada = app.customer("ada@example.com").await;
        let answer = ada.delete("/api/v1/customer/sessions/current").await;
        assert_eq!(answer.status.as_u16(), 204);
        assert!(answer.header("set-cookie").starts_with("__Host-yingda-customer=;") && answer.header("set-cookie").contains("Max-Age=0"));
        ada.get("/api/v1/customer").await.problem(401, "not_signed_in");
    }

    #[tokio::test]
    async fn nothing_is_changed_by_a_get_or_from_another_sites_page() {
        let app = TestApp::new().await;
        let ada = app.customer("ada@example.com").await;
        ada.get("/api/v1/customer/sessions/current").await.problem(405, "method_not_allowed");
        let cookie = format!("__Host-yingda-customer={}", ada.customer.as_ref().unwrap());
        for (name, value) in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")] {
            let request = reqwest::Client::new().delete(format!("{}/api/v1/customer/sessions/current", app.base));
            app.send(request.header("cookie", &cookie).header(name, value)).await.problem(403, "cross_site");
        }
        ada.get("/api/v1/customer").await.expect(200);
    }
}
