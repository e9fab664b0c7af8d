//! `POST /api/v1/customer/recoveries/inspect`: checks whether a link is still valid, before the customer thinks of a password.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
};
use domain::id::TenantId;
use http_kit::{
    App,
    auth::origin,
    extract::ValidJson,
    problem::{Problem, Problems},
};
use platform::{client_address::ClientAddress, env};
use serde::Deserialize;
use store_hall::customer_codes::{Purpose, Tried};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{code_problem, limits};

/// A recovery link, as it was opened.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InspectRecovery {
    /// The part of the link after the `#`.
    pub handle: String,
}

/// Checks whether a link can be used; this does not use it up.
///
/// The answer, and the work for it, are the same for a link that was used, one that has expired, and one that never existed.
#[utoipa::path(post, path = "/customer/recoveries/inspect", tag = "customers", request_body = InspectRecovery, responses((status = 204, description = "The link may be used"), Problems))]
pub async fn inspect_recovery(
    State(app): State<App>,
    address: ClientAddress,
    headers: HeaderMap,
    ValidJson(InspectRecovery { handle }): ValidJson<InspectRecovery>,
) -> Result<StatusCode, Problem> {
    origin::refuse_foreign_page(&headers, &app)?;
    limits::may_look(&app, address).await?;
    let handle_hash = env::hash(&handle);
    // There is nothing to be found for the nil company, but the lookup is made anyway.
    let tenant = super::tenant_of_code(&app, &handle_hash).await?.unwrap_or_else(|| TenantId::new(Uuid::nil()));
    let over = store_hall::customer_codes::refusal(&mut app.db().read_of(tenant).await?, tenant, Purpose::Recover, &handle_hash).await?;
    over.map_or(Ok(StatusCode::NO_CONTENT), |_| Err(code_problem(&Tried::Spent)))
}

#[cfg(test)]
mod tests {
    use domain::customer::CODE_MS;
    use serde_json::{Value, json};
    use testkit_app::TestApp;
    use testkit_server::{Client, solved_puzzle};

    async fn link(app: &TestApp) -> String {
        app.post("/api/v1/customer/recoveries", json!({"site": "alpha", "identifier": "ada@example.com", "lang": "en", "proof": solved_puzzle(app).await}))
            .await
            .expect(202);
        app.message_to("ada@example.com").await.text.split("/reset#").nth(1).unwrap().split_whitespace().next().unwrap().to_owned()
    }
    async fn inspect(who: &Client, handle: &str) -> testkit_server::Answer {
        who.post("/api/v1/customer/recoveries/inspect", json!({"handle": handle})).await
    }

    #[tokio::test]
    async fn a_link_may_be_looked_at_any_number_of_times_and_works_after_that() {
        let app = TestApp::new().await;
        app.customer("ada@example.com").await;
        let handle = link(&app).await;
        for _ in 0..7 {
            assert_eq!(inspect(&app, &handle).await.status.as_u16(), 204);
        }
        app.post("/api/v1/customer/recoveries/redeem", json!({"handle": handle, "password": "staple for the battery"})).await.expect(201);
        inspect(&app, &handle).await.problem(410, "code_spent");
    }

    #[tokio::test]
    async fn what_is_over_and_what_never_was_are_answered_alike() {
        let app = TestApp::new().await;
        app.customer("ada@example.com").await;
        let (used, old) = (link(&app).await, link(&app).await);
        app.post("/api/v1/customer/recoveries/redeem", json!({"handle": used, "password": "staple for the battery"})).await.expect(201);
        let told = async |handle: &str| {
            let answer = inspect(&app, handle).await;
            let mut problem = answer.json();
            problem["request_id"] = Value::Null;
            (answer.status.as_u16(), problem)
        };
        let unknown = told(&"0".repeat(64)).await;
        assert_eq!(unknown.0, 410);
        assert_eq!(told(&used).await, unknown);
        app.clock.advance(CODE_MS);
        assert_eq!(told(&old).await, unknown);
    }

    #[tokio::test]
    async fn one_network_asks_only_so_often() {
        let app = TestApp::behind_proxy().await;
        let stranger = app.from_address("203.0.113.7");
        for _ in 0..120 {
            inspect(&stranger, "0").await.problem(410, "code_spent");
        }
        inspect(&stranger, "0").await.problem(429, "too_many_requests");
        inspect(&app.from_address("198.51.100.7"), "0").await.problem(410, "code_spent");
    }
}
