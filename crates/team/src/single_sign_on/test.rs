//! `GET /api/v1/single-sign-on/test`

use axum::{Json, extract::State};
use domain::{policy::Permission, time::MINUTE};
use http_kit::{
    App,
    auth::{StaffActor, attempts::Limit, tally::Tally},
    problem::{Problem, Problems},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::sign_in::single_sign_on::provider::{Fault, Provider};

/// Tests of one company.
const PER_COMPANY: Limit = Limit { tries: 20, within_ms: MINUTE };

/// What a test of the connection found.
#[derive(Debug, Serialize, ToSchema)]
pub struct SingleSignOnTest {
    /// Why the identity provider cannot be used; `null` if it can.
    #[schema(required)]
    pub fault: Option<Fault>,
}

/// Tests the connection: reads the identity provider's discovery document and keys anew, and finds out whether it accepts our client id and secret.
#[utoipa::path(get, path = "/single-sign-on/test", tag = "single_sign_on", security(("staff" = [])), responses((status = 200, body = SingleSignOnTest), Problems))]
pub async fn test_single_sign_on(State(app): State<App>, actor: StaffActor) -> Result<Json<SingleSignOnTest>, Problem> {
    actor.require(Permission::SetUpSingleSignOn)?;
    let tenant = actor.tenant();
    let connection = store::single_sign_on::find(&mut app.db().read_of(tenant).await?, tenant).await?.ok_or_else(Problem::not_found)?;
    let tests = Tally::new("single sign-on tests", &app.in_memory().single_sign_on_tests, app.cluster().redis());
    tests.take(&tenant.to_string(), PER_COMPANY, app.env().now()).await.map_err(Problem::too_many)?;
    let tested = async { Provider::find_anew(&app, connection).await?.test(&app).await };
    Ok(Json(SingleSignOnTest { fault: tested.await.err() }))
}

#[cfg(test)]
mod tests {
    use domain::{staff::Role, time::MINUTE};
    use serde_json::{Value, json};

    use crate::sign_in::single_sign_on::tests::story::Story;

    const PATH: &str = "/api/v1/single-sign-on/test";

    #[tokio::test]
    async fn a_test_finds_what_would_keep_everybody_out() {
        let story = Story::new(json!({})).await;
        let test = async || story.tara.get(PATH).await.expect(200)["fault"].clone();
        assert_eq!(test().await, Value::Null);
        for (discovery, fault) in [
            (json!({"issuer": "https://other.example"}), "wrong_issuer"),
            (json!({"response_types_supported": ["id_token"]}), "no_code_flow"),
            (json!({"token_endpoint": "http://169.254.169.254/token"}), "unreachable"),
            (json!({"jwks_uri": format!("{}/nowhere", story.idp.issuer)}), "unusable_answer"),
            (json!({"authorization_endpoint": "javascript:alert(1)"}), "unreachable"),
        ] {
            story.idp.saying().discovery = discovery;
            assert_eq!(test().await, fault);
        }
        story.idp.saying().discovery = json!({});
        story.idp.saying().keys = Vec::new();
        assert_eq!(test().await, "no_keys");
        story.idp.saying().keys = vec![0];
        story.set_up(json!({"client_secret": "not the secret"})).await.expect(200);
        assert_eq!(test().await, "credentials_refused");
    }

    #[tokio::test]
    async fn only_administrators_test_and_only_their_own_and_twenty_times_a_minute() {
        let story = Story::new(json!({})).await;
        let (app, tara) = (&story.app, &story.tara);
        app.manager("mira").await.get(PATH).await.problem(403, "not_permitted");
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, Role::Administrator, "bob").await;
        bob.get(PATH).await.problem(404, "not_found");
        story.idp.saying().discovery = json!({"issuer": "https://other.example"});
        for _ in 0..20 {
            assert_eq!(tara.get(PATH).await.expect(200)["fault"], "wrong_issuer");
        }
        tara.get(PATH).await.problem(429, "too_many_requests");
        app.clock.advance(MINUTE);
        // A test changes nothing: neither is anybody proved to come in, nor is it in the audit.
        story.idp.saying().discovery = json!({});
        assert_eq!(tara.get(PATH).await.expect(200)["fault"], Value::Null);
        assert_eq!(tara.get("/api/v1/single-sign-on").await.expect(200)["connection"]["proved_at"], Value::Null);
    }
}
