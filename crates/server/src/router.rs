//! The router: all features, and the layers around them.

use std::sync::{Arc, LazyLock};

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Request},
    http::{StatusCode, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use domain::refusal::Code;
use http_kit::{App, addressing, practice, problem::Problem, security};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::OpenApi as _;
use utoipa_axum::router::OpenApiRouter;
use wire::frames::MAX_FRAME_BYTES;

use crate::{
    compressed, features, health,
    openapi::{Document, with_document},
    pages,
    transports::{events, ws},
};

/// The largest JSON body: the same limit as for a WebSocket message.
const MAX_BODY_BYTES: usize = MAX_FRAME_BYTES;

/// The endpoints under `/api/v1`, and their document.
pub fn api() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Document::openapi()).nest("/api/v1", endpoints())
}

/// The endpoints of all features.
fn endpoints() -> OpenApiRouter<App> {
    features::ALL.iter().fold(OpenApiRouter::new(), |all, feature| all.merge((feature.routes)()))
}

/// What answers with data, the document among it. It is the same for all servers of a process, and a test program starts hundreds of them.
static DATA: LazyLock<Router<App>> = LazyLock::new(|| {
    let (api, document) = with_document(api());
    let document = document.to_json().unwrap_or_default();
    let with_secret = Arc::new(compressed::with_secret(&serde_json::from_str(&document).unwrap_or_default()));
    let document = Bytes::from(document);
    api.route("/api/v1/openapi.json", get(async move || ([(header::CONTENT_TYPE, "application/json")], document.clone())))
        .route("/rt/send", post(events::send))
        .layer(from_fn(move |request, next: Next| {
            let with_secret = with_secret.clone();
            async move { compressed::mark_secrets(&with_secret, request, next).await }
        }))
        .layer(compressed::layer())
});

/// All routes of the server.
pub fn router(app: App) -> Router {
    let found = Router::new()
        .merge(DATA.clone())
        .route("/ws", get(ws::upgrade))
        .route("/rt/events", post(events::events))
        .merge(health::router())
        .merge(pages::router())
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(CatchPanicLayer::custom(panic_response))
        .layer(from_fn_with_state(app.clone(), security::around))
        .with_state(app.clone());
    // What names the company stands before what is asked for: it is taken off before a route is looked for.
    Router::new().fallback_service(found).layer(from_fn_with_state(app, addressing::find_company))
}

/// Whether a program asks, at the address of whichever company, of one that there is not too.
fn is_for_programs(path: &str) -> bool {
    let within = path.strip_prefix("/o/").and_then(|rest| rest.find('/').map(|at| &rest[at..]));
    let within = within.unwrap_or(path);
    within.strip_prefix(practice::PREFIX).unwrap_or(within).starts_with("/api/")
}

async fn not_found(request: Request) -> Response {
    if is_for_programs(request.uri().path()) { Problem::not_found().into_response() } else { pages::no_such_page(request.headers()) }
}

async fn method_not_allowed() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, Code::MethodNotAllowed, "this address does not support that method")
}

fn panic_response(panic: Box<dyn std::any::Any + Send>) -> Response {
    let said = panic.downcast_ref::<&str>().map(|s| (*s).to_owned()).or_else(|| panic.downcast_ref::<String>().cloned());
    Problem::internal(&std::io::Error::other(format!("a handler panicked: {}", said.as_deref().unwrap_or("?")))).into_response()
}

#[cfg(test)]
mod tests {
    use reqwest::Method;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn what_is_not_there_and_what_is_not_taken_are_problems() {
        let app = TestApp::new().await;
        app.get("/api/v1/nothing").await.problem(404, "not_found");
        app.get("/api/v2/me").await.problem(404, "not_found");
        app.get("/o/nowhere/api/v1/me").await.problem(404, "not_found");
        app.get("/practice/api/v1/me").await.problem(404, "not_found");
        app.delete("/api/v1/hall").await.problem(405, "method_not_allowed");
        app.post("/api/v1/auth/sessions", json!([])).await.problem(422, "invalid_value");
        app.upload("/api/v1/auth/sessions", "text/plain", b"{}".to_vec()).await.problem(415, "unsupported_media_type");
        app.upload("/api/v1/auth/sessions", "application/json", b"{\"email\":".to_vec()).await.problem(400, "malformed_json");
        app.upload("/api/v1/auth/sessions", "application/json", vec![b' '; 300 * 1024]).await.problem(413, "too_large");
    }

    #[tokio::test]
    async fn every_answer_carries_what_browsers_obey() {
        let app = TestApp::new().await;
        for path in ["/api/v1/hall", "/api/v1/nothing", "/", "/console", "/w.js", "/healthz", "/nothing"] {
            let answer = app.get(path).await;
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(answer.header("referrer-policy"), "strict-origin-when-cross-origin", "{path}");
            assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{path}");
            assert_eq!(answer.header("x-request-id").len(), 32, "{path}");
        }
        assert_eq!(app.get("/api/v1/hall").await.header("cache-control"), "no-store");
    }

    #[tokio::test]
    async fn no_other_site_is_let_in_by_cors() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        for method in [Method::OPTIONS, Method::GET] {
            let request = reqwest::Client::new().request(method, format!("{}/api/v1/me", app.base)).header("origin", "https://evil.example");
            let answer = app.send(request.header("cookie", format!("__Host-yingda={}", ada.cookie.as_ref().unwrap()))).await;
            assert!(answer.headers.keys().all(|name| !name.as_str().starts_with("access-control-")), "{answer:?}");
        }
    }
}
