//! Middleware around every answer: the request's id, the headers that browsers obey, the counters.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use domain::{refusal::Code, response_time::ResponseTime};
use platform::client_address::ClientAddress;
use realtime::response_times::ms_since;
use tokio::time::Instant;
use tracing::Instrument as _;

use crate::{App, address::Addressed, audit::refusals, denied::address_denied, extract, offered_in_practice, problem::Problem, request_company, request_id};

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Where the endpoints of the installation's operator are.
const OPERATORS: &str = "/api/v1/operator/";

/// Headers of every answer that did not set its own.
const DEFAULTS: [(HeaderName, HeaderValue); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    // Not no-referrer: with that, browsers would send `Origin: null` with a form or fetch of our own.
    (header::REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("permissions-policy"), HeaderValue::from_static("camera=(), microphone=(), geolocation=()")),
];

/// For answers that are not pages: nobody runs or frames them. Images do not get it, because some browsers apply it to the picture's own styles.
const NO_PAGE: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

/// Gives the request an id, answers it, and adds what every answer has.
pub async fn around(State(app): State<App>, request: Request, next: Next) -> Response {
    let id = app.env().uuid().as_simple().to_string();
    let is_api = request.uri().path().starts_with("/api/");
    // How long a file takes to arrive depends on its sender.
    let is_measured = is_api && (!request.headers().contains_key(header::CONTENT_TYPE) || extract::require_json(request.headers()).is_ok());
    let span = tracing::info_span!("http", request.id = %id, method = %request.method());
    let (path, begun) = (request.uri().path().to_owned(), Instant::now());
    let from = extract::client_address(&app, request.headers(), request.extensions());
    let is_with_secret = request.headers().contains_key(header::AUTHORIZATION);
    let noted = request_company::Place::default();
    let addressed = request.extensions().get::<Addressed>().cloned();
    if let Some(addressed) = addressed {
        let _ = noted.addressed.set(addressed);
    }
    let answer = request_company::SCOPE.scope(noted.clone(), serve(from, &noted, request, next).instrument(span.clone()));
    let mut response = request_id::SCOPE.scope(id.clone(), answer).await;
    tracing::debug!(parent: &span, path, status = response.status().as_u16(), duration_ms = begun.elapsed().as_millis() as u64, "answered");
    app.in_memory().counters.count_answer(response.status().as_u16());
    if is_measured {
        app.response_times().note(noted.company.get().copied(), ResponseTime::ServerRequest, ms_since(begun), app.env().now());
    }
    count_refusal(&app, &noted);
    if is_api && let Some(Addressed(Some(company))) = noted.addressed.get() {
        app.in_memory().signs.count_answer(company.tenant, from, response.status(), is_with_secret, app.env().now());
    }
    let headers = response.headers_mut();
    add_defaults(&app, headers);
    if is_api {
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    if let Some(left) = noted.quota.get() {
        left.tell(headers);
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(X_REQUEST_ID, id);
    }
    response
}

/// What visitors and customers ask for without a token.
const OF_VISITORS: [&str; 4] = ["/api/v1/sites/", "/api/v1/widget/", "/api/v1/hall", "/api/v1/customer"];

/// Answers the request, unless its company is suspended or serves no visitors at this address: then only pages are there, which say so.
async fn serve(from: ClientAddress, noted: &request_company::Noted, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    // The operator is of no company, and may have to have the one at the root served again.
    let is_practice = request_company::address().is_some_and(|address| address.practice_of().is_some());
    if let (true, Err(problem)) = (is_practice, offered_in_practice::check_offered(request.method(), path)) {
        return problem.into_response();
    }
    let is_data = ["/api/", "/ws", "/rt/"].iter().any(|data| path.starts_with(data)) && !path.starts_with(OPERATORS);
    if is_data && request_company::address().is_some_and(|address| address.is_suspended) {
        let why = "this company is suspended: nobody is served, and nothing is lost; whoever runs this installation can have it served again";
        return Problem::new(StatusCode::FORBIDDEN, Code::CompanySuspended, why).into_response();
    }
    if is_data && request_company::address().is_some_and(|address| !address.lets_visitors_in(from)) {
        let _ = noted.denies_visitors.set(());
        if OF_VISITORS.iter().any(|theirs| path.starts_with(theirs)) {
            return address_denied().into_response();
        }
    }
    next.run(request).await
}

/// Has the audit count what was refused.
fn count_refusal(app: &App, noted: &request_company::Noted) {
    if let (Some((status, code)), Some(asking)) = (noted.problem.get(), noted.asking.get())
        && refusals::is_counted(*status, *code)
    {
        let request_company::Asking { tenant, by, asked } = asking.clone();
        app.in_memory().refusals.count(tenant, by, asked, *code);
    }
}

/// Counts an answer that a handler writes itself, and adds what every answer has.
pub fn finish(app: &App, headers: &mut HeaderMap) {
    app.in_memory().counters.count_answer(200);
    add_defaults(app, headers);
    if let Some(id) = request_id::current().and_then(|id| HeaderValue::from_str(&id).ok()) {
        headers.insert(X_REQUEST_ID, id);
    }
}

fn add_defaults(app: &App, headers: &mut HeaderMap) {
    for (name, value) in DEFAULTS {
        headers.entry(name).or_insert(value);
    }
    let is_image = headers.get(header::CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"image/"));
    if !is_image {
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(NO_PAGE);
    }
    if app.settings().public_url.starts_with("https://") {
        headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(HeaderValue::from_static("max-age=31536000"));
    }
}
