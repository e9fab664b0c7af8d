//! `POST /api/v1/auth/single-sign-on`: begins to sign in by way of the company's identity provider.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use domain::{mail_address::MailAddress, time::MINUTE};
use http_kit::{
    App,
    addressed::company,
    auth::{attempts::Limit, origin, tally::Tally},
    extract::ValidJson,
    permitted::Permitted,
    problem::{Problem, Problems},
};
use platform::{client_address::ClientAddress, env};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{attempt, not_set_up, provider::Provider};

/// Attempts from one network, which a large office shares.
const PER_NETWORK: Limit = Limit { tries: 300, within_ms: 15 * MINUTE };

/// Who signs in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartSingleSignOn {
    /// The address that the identity provider may suggest.
    #[serde(default)]
    pub email: Option<String>,
}

/// Where to sign in.
#[derive(Debug, Serialize, ToSchema)]
pub struct SingleSignOnStarted {
    /// The identity provider's page, to which the browser goes; it comes back to `/console/single-sign-on/` with the company's id.
    pub url: String,
}

/// Begins to sign in by way of the company's identity provider. The attempt belongs to the browser that gets the cookie, and lasts for ten minutes.
#[utoipa::path(post, path = "/auth/single-sign-on", tag = "sign_in", request_body = StartSingleSignOn, responses((status = 200, body = SingleSignOnStarted), Problems))]
pub async fn start_single_sign_on(
    State(app): State<App>,
    address: ClientAddress,
    headers: HeaderMap,
    ValidJson(start): ValidJson<StartSingleSignOn>,
) -> Result<Response, Problem> {
    origin::refuse_foreign_page(&headers, &app)?;
    let begun = Tally::new("single sign-ons from", &app.in_memory().sign_ins.sign_ons_from, app.cluster().redis());
    begun.take_from(address, PER_NETWORK, app.env().now()).await.map_err(Problem::too_many)?;
    let tenant = company()?;
    let connection = store::single_sign_on::find(&mut app.db().read_of(tenant).await?, tenant).await?.ok_or_else(not_set_up)?;
    let provider = Provider::find(&app, connection).await?;
    let secret = || app.env().secret().map_err(|error| Problem::internal(&error));
    let (state, browser, sealer) = (secret()?, secret()?, app.sealer());
    let hashes = (env::hash(&state), env::hash(&browser));
    let hint = start.email.and_then(|email| MailAddress::parse(&email)).map(MailAddress::into_text);
    let url = provider.sign_in_url(state, attempt::nonce(&sealer, &browser), &attempt::verifier(&sealer, &browser), hint);
    let kept = Permitted::as_system(tenant)
        .write(&app, move |tx| Box::pin(async move { Ok(store::single_sign_on::begin_attempt(tx, tenant, &hashes.0, &hashes.1).await?) }));
    kept.await?;
    let mut response = Json(SingleSignOnStarted { url }).into_response();
    response.headers_mut().insert(header::SET_COOKIE, attempt::set(&browser)?);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use axum::http::Method;
    use serde_json::{Value, json};
    use testkit_app::TestApp;
    use testkit_server::Answer;
    use url::Url;

    use super::super::tests::story::Story;

    const PATH: &str = "/api/v1/auth/single-sign-on";

    fn question(answer: &Answer) -> Value {
        let url = Url::parse(answer.expect(200)["url"].as_str().unwrap()).unwrap();
        url.query_pairs().map(|(name, value)| (name.into_owned(), Value::from(value.into_owned()))).collect::<serde_json::Map<_, _>>().into()
    }

    #[tokio::test]
    async fn each_browser_is_sent_with_an_attempt_of_its_own() {
        let story = Story::new(json!({})).await;
        let start = async |body: Value| story.app.post(PATH, body).await;
        let (one, other) = (start(json!({"email": "ada@alpha.example"})).await, start(json!({"email": "nobody"})).await);
        let (asked, beside) = (question(&one), question(&other));
        let redirect = format!("{}/console/single-sign-on/{}", story.app.app().settings().public_url, story.app.company.tenant);
        for (name, value) in [
            ("response_type", "code"),
            ("client_id", "yingda"),
            ("redirect_uri", &redirect),
            ("scope", "openid email profile groups"),
            ("code_challenge_method", "S256"),
            ("login_hint", "ada@alpha.example"),
        ] {
            assert_eq!(asked[name], value, "{name}");
        }
        assert_eq!(beside["login_hint"], Value::Null, "what is no address is not handed on");
        for name in ["state", "nonce", "code_challenge"] {
            assert!(asked[name] != beside[name] && asked[name].as_str().unwrap().len() >= 43, "{name}");
        }
        let (name, rest) = one.header("set-cookie").split_once('=').unwrap();
        let (secret, attributes) = rest.split_once("; ").unwrap();
        assert_eq!((name, attributes), ("__Host-yingda-single-sign-on", "Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600"));
        assert!(!asked.to_string().contains(secret) && !other.header("set-cookie").contains(secret));
        // What the identity provider does not know is not asked of it.
        story.app.clock.advance(10 * 60_000);
        story.idp.saying().discovery = json!({"scopes_supported": ["openid"]});
        assert_eq!(question(&start(json!({})).await)["scope"], "openid email profile");
    }

    #[tokio::test]
    async fn nobody_is_sent_where_there_is_nothing_or_from_elsewhere() {
        let app = TestApp::new().await;
        app.post(PATH, json!({})).await.problem(404, "single_sign_on_not_set_up");
        app.at_company("nowhere").post(PATH, json!({})).await.problem(404, "not_found");
        let story = Story::new(json!({})).await;
        let foreign = story.app.request(Method::POST, PATH).header("sec-fetch-site", "cross-site");
        story.app.send(foreign.json(&json!({}))).await.problem(403, "cross_site");
        story.app.post(PATH, json!({"state": "mine"})).await.problem_at(422, "unknown_field", "state");
        story.idp.saying().discovery = json!({"issuer": "https://other.example"});
        let refused = story.app.post(PATH, json!({})).await;
        refused.problem(502, "single_sign_on_unreachable");
        assert!(!refused.headers.contains_key("set-cookie"));
    }
}
