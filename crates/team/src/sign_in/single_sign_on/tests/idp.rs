//! An identity provider whose every answer the test decides.

use std::sync::{Arc, Mutex, MutexGuard};

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use openidconnect::{
    JsonWebKeyId, PkceCodeChallenge, PkceCodeVerifier, PrivateSigningKey as _,
    core::{CoreEdDsaPrivateSigningKey, CoreJwsSigningAlgorithm},
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

/// Private keys, for tests only.
const KEYS: [&str; 2] = [
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEICicxNySCNvRC0X8AZOl2Mj8021bIHjsG3K28HQNBd0j\n-----END PRIVATE KEY-----\n",
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIPcDin7U4pRUmX+FRnu7+djyC7ZM2NTQf919mDYrmcEO\n-----END PRIVATE KEY-----\n",
];
/// The secret that it accepts.
pub const SECRET: &str = "the client's secret & more";

/// What it says, and what it was asked.
#[derive(Default)]
pub struct Saying {
    /// What replaces its own words in the discovery document.
    pub discovery: Value,
    /// The numbers of the keys that it publishes.
    pub keys: Vec<usize>,
    /// The ID token that it gives next.
    pub token: String,
    /// What it tells who asks with the access token.
    pub info: Value,
    /// The S256 challenge of the next code.
    pub challenge: String,
    /// How often its keys were asked for.
    pub asked_for_keys: usize,
}

/// An identity provider.
pub struct Idp {
    /// What it calls itself.
    pub issuer: String,
    saying: Arc<Mutex<Saying>>,
    served: JoinHandle<()>,
}

impl Drop for Idp {
    fn drop(&mut self) {
        self.served.abort();
    }
}

type Shared = State<(String, Arc<Mutex<Saying>>)>;

async fn discovery(State((issuer, saying)): Shared) -> Json<Value> {
    let mut document = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/me"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code", "code id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA", "HS256", "none"],
        "scopes_supported": ["openid", "email", "profile", "groups"],
    });
    if let Some(other) = saying.lock().unwrap().discovery.as_object() {
        document.as_object_mut().unwrap().extend(other.clone());
    }
    Json(document)
}

async fn keys(State((_, saying)): Shared) -> Json<Value> {
    let mut saying = saying.lock().unwrap();
    saying.asked_for_keys += 1;
    Json(json!({"keys": saying.keys.iter().map(|key| private(*key).as_verification_key()).collect::<Vec<_>>()}))
}

async fn token(State((_, saying)): Shared, headers: HeaderMap, form: String) -> (StatusCode, Json<Value>) {
    let field = |name: &str| url::form_urlencoded::parse(form.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap_or_default();
    let secret = url::form_urlencoded::byte_serialize(SECRET.as_bytes()).collect::<String>();
    let expected = format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("yingda:{secret}")));
    let refuse = |status, code: &str| (status, Json(json!({"error": code})));
    if headers.get("authorization").is_none_or(|given| given.to_str().unwrap() != expected) {
        return refuse(StatusCode::UNAUTHORIZED, "invalid_client");
    }
    let saying = saying.lock().unwrap();
    let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(field("code_verifier")));
    if field("code") != "the code" || challenge.as_str() != saying.challenge || !field("redirect_uri").contains("/console/single-sign-on/tnt_") {
        return refuse(StatusCode::BAD_REQUEST, "invalid_grant");
    }
    (StatusCode::OK, Json(json!({"access_token": "access", "token_type": "Bearer", "expires_in": 60, "id_token": saying.token})))
}

async fn info(State((_, saying)): Shared, headers: HeaderMap) -> Json<Value> {
    assert_eq!(headers["authorization"], "Bearer access");
    Json(saying.lock().unwrap().info.clone())
}

fn private(key: usize) -> CoreEdDsaPrivateSigningKey {
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(KEYS[key], Some(JsonWebKeyId::new(format!("key {key}")))).unwrap()
}

impl Idp {
    /// One that publishes the first key.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let saying = Arc::new(Mutex::new(Saying { keys: vec![0], ..Saying::default() }));
        let routes = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .route("/me", get(info))
            .with_state((issuer.clone(), saying.clone()));
        let served = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { issuer, saying, served }
    }

    /// What it says.
    pub fn saying(&self) -> MutexGuard<'_, Saying> {
        self.saying.lock().unwrap()
    }

    /// A token with this header and these claims, signed with a key.
    pub fn signed(header: &Value, claims: &Value, key: usize) -> String {
        let message = format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(claims.to_string()));
        let signature = private(key).sign(&CoreJwsSigningAlgorithm::EdDsa, message.as_bytes()).unwrap();
        format!("{message}.{}", BASE64.encode(signature))
    }

    /// A token as it should be.
    pub fn token(claims: &Value, key: usize) -> String {
        Self::signed(&json!({"alg": "EdDSA", "typ": "JWT", "kid": format!("key {key}")}), claims, key)
    }
}
