//! `DELETE /api/v1/customer/sessions/{id}`: signs another browser out.

use axum::extract::State;
use domain::id::CustomerSessionId;
use http_kit::{
    App,
    audit::Asked,
    auth::CustomerActor,
    extract::ValidPath,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};

use super::act::Act;

/// Ends one of the customer's own sessions; the access that its chat was given ends too.
#[utoipa::path(delete, path = "/customer/sessions/{id}", tag = "customers", security(("customer" = [])), params(("id" = CustomerSessionId, Path), OnceHeader),
    responses((status = 204, description = "That session has ended"), Problems))]
pub async fn end_customer_session(
    State(app): State<App>,
    actor: CustomerActor,
    asked: Asked,
    ValidPath(id): ValidPath<CustomerSessionId>,
    once: Once<CustomerActor>,
) -> Result<Answer, Problem> {
    let CustomerActor { tenant, customer, .. } = actor;
    let act = Act::new(&app, asked);
    let ended = actor.oneself().change(&app, once, move |tx| {
        Box::pin(async move {
            store_hall::customer_sessions::end(tx, tenant, customer, id).await?;
            act.note(tx, tenant, customer).await?;
            Ok(Answer::nothing())
        })
    });
    ended.await
}

#[cfg(test)]
mod tests {
    use testkit_app::TestApp;

    #[tokio::test]
    async fn another_browser_is_signed_out_and_nobody_elses() {
        let app = TestApp::new().await;
        let (here, eve) = (app.customer("ada@example.com").await, app.customer("eve@example.com").await);
        let there = app.sign_in_again(&here).await;
        let listed = there.get("/api/v1/customer/sessions").await.expect(200);
        let id = listed["items"].as_array().unwrap().iter().find(|s| s["current"] == true).unwrap()["id"].as_str().unwrap();
        eve.delete(&format!("/api/v1/customer/sessions/{id}")).await.problem(404, "not_found");
        there.get("/api/v1/customer").await.expect(200);
        assert_eq!(here.delete(&format!("/api/v1/customer/sessions/{id}")).await.status.as_u16(), 204);
        there.get("/api/v1/customer").await.problem(401, "not_signed_in");
        here.get("/api/v1/customer").await.expect(200);
    }
}
