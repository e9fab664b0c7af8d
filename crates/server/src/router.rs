//! One line per feature, and the layers around all of them.

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::{StatusCode, header},
    middleware::from_fn_with_state,
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::OpenApi as _;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    App, features, health,
    openapi::Document,
    pages,
    problem::Problem,
    realtime::{events, ws},
    security,
};

/// The largest JSON body.
const MAX_BODY_BYTES: usize = 256 * 1024;

/// The endpoints under `/api/v1`, and their document.
pub fn api() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Document::openapi()).nest("/api/v1", features::router())
}

/// Everything the server answers.
pub fn router(app: App) -> Router {
    let (api, document) = api().split_for_parts();
    let document = document.to_json().unwrap_or_default();
    Router::new()
        .merge(api)
        .route("/api/v1/openapi.json", get(async move || ([(header::CONTENT_TYPE, "application/json")], document.clone())))
        .route("/ws", get(ws::upgrade))
        .route("/rt/events", post(events::events))
        .route("/rt/send", post(events::send))
        .merge(health::router())
        .merge(pages::router())
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(app.clone(), security::around))
        .with_state(app)
}

async fn not_found(request: Request) -> Response {
    if request.uri().path().starts_with("/api/") { Problem::not_found().into_response() } else { pages::not_found() }
}

async fn method_not_allowed() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "this address does not take that method")
}

fn panicked(panic: Box<dyn std::any::Any + Send>) -> Response {
    let said = panic.downcast_ref::<&str>().map(|s| (*s).to_owned()).or_else(|| panic.downcast_ref::<String>().cloned());
    Problem::internal(&std::io::Error::other(format!("a handler panicked: {}", said.as_deref().unwrap_or("?")))).into_response()
}
