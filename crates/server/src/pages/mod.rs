//! The web pages built into the program: hall, console, widget.
//!
//! A development build reads them from `web/*/dist` on each request, so a page is up to date without rebuilding the program.

mod asset;

use asset::{Kind, is_open_to_compression, respond};
use axum::{
    Router,
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse as _, Redirect, Response},
    routing::get,
};
use http_kit::{
    App,
    auth::{operator::require_root, origin},
    problem::Problem,
};
use rust_embed::RustEmbed;
use tower_http::compression::{
    CompressionLayer,
    predicate::{DefaultPredicate, Predicate as _},
};

#[derive(RustEmbed)]
#[folder = "../../web/hall/dist"]
#[allow_missing = true]
struct Hall;

#[derive(RustEmbed)]
#[folder = "../../web/console/dist"]
#[allow_missing = true]
struct Console;

#[derive(RustEmbed)]
#[folder = "../../web/widget/dist"]
#[allow_missing = true]
struct Widget;

const HALL_CSP: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
);
const HOSTED_CSP: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);
/// The policy of the widget's frame, without the list of pages that may frame it.
const FRAME_CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors ";
const CORP: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
/// The placeholder for the nonce in the console's page.
const NONCE_MARK: &str = "__CSP_NONCE__";

/// The routes of this module.
pub fn router() -> Router<App> {
    Router::new()
        .route("/", get(hall))
        .route("/goods", get(hall))
        .route("/goods/", get(hall))
        .route("/goods/{id}", get(hall))
        .route("/plans", get(hall))
        .route("/plans/", get(hall))
        .route("/recommendations", get(hall))
        .route("/search", get(hall))
        .route("/sign-in", get(hall))
        .route("/register", get(hall))
        .route("/forgot", get(hall))
        .route("/reset", get(hall))
        .route("/account", get(hall))
        .route("/account/conversations/{id}", get(hall))
        .route("/hall/{*path}", get(hall_asset))
        .route("/console", get(console))
        .route("/console/", get(console))
        .route("/console/{*path}", get(console_path))
        .route("/operator", get(operator))
        .route("/w.js", get(loader))
        .route("/widget/{*path}", get(widget_asset))
        .route("/c/{site}", get(hosted_page))
        // Pages that are different each time; files are compressed once.
        .layer(CompressionLayer::new().compress_when(DefaultPredicate::new().and(is_open_to_compression)))
}

/// The plain 404 page.
pub fn not_found() -> Response {
    (StatusCode::NOT_FOUND, Html("<!doctype html><meta charset=utf-8><title>404</title><p>404<p>没有这个页面。 Page not found.")).into_response()
}

/// A 404 answer. A client that accepts HTML gets the hall's page, which says so and leads on.
pub fn no_such_page(headers: &HeaderMap) -> Response {
    let wants_page = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).is_some_and(|accept| accept.contains("text/html"));
    match Hall::get("index.html") {
        Some(file) if wants_page => (StatusCode::NOT_FOUND, page(Some(file), &HeaderMap::new(), HALL_CSP)).into_response(),
        _ => not_found(),
    }
}

async fn hall(headers: HeaderMap) -> Response {
    page(Hall::get("index.html"), &headers, HALL_CSP)
}

async fn hall_asset(Path(path): Path<String>, headers: HeaderMap) -> Response {
    respond(Hall::get(&path), &path, &headers, Kind::Own)
}

async fn console(State(app): State<App>) -> Response {
    let Some(file) = Console::get("index.html") else { return not_built() };
    let (Ok(secret), Ok(text)) = (app.env().secret(), std::str::from_utf8(&file.data)) else { return not_built() };
    let nonce = &secret[..32];
    let csp = format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; \
         font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    let mut response = Html(text.replace(NONCE_MARK, nonce)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(csp) = HeaderValue::from_str(&csp) {
        headers.insert(header::CONTENT_SECURITY_POLICY, csp);
    }
    response
}

/// A file of the console if it exists; otherwise the console's page, which does its own routing.
async fn console_path(State(app): State<App>, Path(path): Path<String>, headers: HeaderMap) -> Response {
    match Console::get(&path) {
        Some(file) if path != "index.html" => respond(Some(file), &path, &headers, Kind::Own),
        None if path.starts_with("assets/") => not_found(),
        _ => console(State(app)).await,
    }
}

/// Leads to the operator's page; browsers keep what follows `#`. It is at the root of the installation's address only.
async fn operator(headers: HeaderMap) -> Response {
    match require_root() {
        Ok(()) => Redirect::temporary("/console/operator").into_response(),
        Err(_) => no_such_page(&headers),
    }
}

/// The script that is included in a customer's own page. Its charset is stated because old pages use other charsets.
async fn loader(headers: HeaderMap) -> Response {
    respond(Widget::get("w.js"), "w.js", &headers, Kind::ForOthers)
}

/// The query of a request for the frame.
#[derive(serde::Deserialize)]
struct Framed {
    /// The key of the site.
    #[serde(default)]
    site: String,
}

/// The pages that may frame a site's widget: any page, or the site's origins and our own. If the site does not exist, any page may: the frame reports it.
async fn ancestors(app: &App, key: &str) -> store::Result<String> {
    let site = http_kit::addressed::site(app, key).await?;
    let origins = site.map(|site| site.settings.origins).unwrap_or_default();
    if origins.is_empty() {
        return Ok("*".to_owned());
    }
    Ok(format!("'self' {} {}", origin::own(app), origins.join(" ")))
}

async fn widget_asset(State(app): State<App>, Path(path): Path<String>, Query(framed): Query<Framed>, headers: HeaderMap) -> Response {
    if path == "frame.html" {
        let allowed = match ancestors(&app, &framed.site).await {
            Ok(allowed) => allowed,
            Err(error) => return Problem::from(error).into_response(),
        };
        let Ok(csp) = HeaderValue::from_str(&format!("{FRAME_CSP}{allowed}")) else { return Problem::not_found().into_response() };
        let mut response = page(Widget::get("frame.html"), &headers, csp);
        // A cached copy would keep outdated origins.
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response.headers_mut().insert(CORP, HeaderValue::from_static("cross-origin"));
        return response;
    }
    respond(Widget::get(&path), &path, &headers, Kind::ForOthers)
}

async fn hosted_page(headers: HeaderMap) -> Response {
    page(Widget::get("hosted.html"), &headers, HOSTED_CSP)
}

fn page(file: Option<rust_embed::EmbeddedFile>, headers: &HeaderMap, csp: HeaderValue) -> Response {
    let Some(file) = file else { return not_built() };
    let mut response = respond(Some(file), "index.html", headers, Kind::Own);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, csp);
    response
}

fn not_built() -> Response {
    let text = "<!doctype html><meta charset=utf-8><title>Yingda</title><p>The pages are not in this build. Run <code>make web</code>, then build again.";
    (StatusCode::SERVICE_UNAVAILABLE, Html(text)).into_response()
}

#[cfg(test)]
mod tests {
    use testkit_app::TestApp;

    /// Whether the pages were built: if not, they are answered 503 with a hint.
    fn built(answer: &testkit_server::Answer) -> bool {
        let built = answer.status.as_u16() != 503;
        assert!(built || String::from_utf8_lossy(&answer.body).contains("make web"));
        built
    }

    #[tokio::test]
    async fn the_address_of_the_operator_leads_to_their_page_at_the_root_only() {
        let app = TestApp::new().await;
        app.other_company("beta").await;
        let browser = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let at = async |path: &str| app.send(browser.get(format!("{}{path}", app.base))).await;
        let moved = at("/operator").await;
        assert_eq!((moved.status.as_u16(), moved.header("location")), (307, "/console/operator"));
        assert_eq!(at("/o/beta/operator").await.status.as_u16(), 404);
    }

    #[tokio::test]
    async fn pages_obey_a_strict_policy() {
        let app = TestApp::new().await;
        for path in ["/", "/goods", "/goods/g-001", "/plans", "/search?q=x", "/c/alpha", "/widget/frame.html", "/console", "/console/desk"] {
            let answer = app.get(path).await;
            if built(&answer) {
                let csp = answer.header("content-security-policy");
                assert!(csp.starts_with("default-src 'none'; script-src 'self'; ") && !csp.contains("unsafe"), "{path}: {csp}");
                assert_eq!(csp.contains("frame-ancestors *"), path == "/widget/frame.html", "{path}: {csp}");
                assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{path}");
            }
        }
    }

    #[tokio::test]
    async fn who_looks_for_a_page_that_is_not_there_finds_the_hall() {
        let app = TestApp::new().await;
        let browser = reqwest::Client::new().get(format!("{}/nothing", app.base)).header("accept", "text/html,*/*;q=0.8");
        let (page, file) = (app.send(browser).await, app.get("/nothing").await);
        assert_eq!((page.status.as_u16(), file.status.as_u16()), (404, 404));
        if built(&app.get("/").await) {
            assert_eq!((&page.body, page.header("content-security-policy").is_empty()), (&app.get("/").await.body, false));
        }
        assert!(String::from_utf8_lossy(&file.body).contains("Page not found."));
    }

    #[tokio::test]
    async fn the_consoles_page_has_a_nonce_of_its_own_each_time() {
        let app = TestApp::new().await;
        let (one, two) = (app.get("/console").await, app.get("/console/").await);
        if built(&one) {
            let nonce = |answer: &testkit_server::Answer| answer.header("content-security-policy").split_once("'nonce-").unwrap().1[..32].to_owned();
            assert_ne!(nonce(&one), nonce(&two));
            let page = String::from_utf8(one.body.clone()).unwrap();
            assert!(page.contains(&nonce(&one)) && !page.contains(super::NONCE_MARK));
            assert_eq!(one.header("cache-control"), "no-store");
        }
    }

    #[tokio::test]
    async fn the_loader_names_its_charset_and_may_stand_anywhere() {
        let app = TestApp::new().await;
        let loader = app.get("/w.js").await;
        if loader.status.as_u16() == 200 {
            assert_eq!(loader.header("content-type"), "text/javascript; charset=utf-8");
            assert_eq!(loader.header("cross-origin-resource-policy"), "cross-origin");
            let again = app.send(app.request(reqwest::Method::GET, "/w.js").header("if-none-match", loader.header("etag"))).await;
            assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
        }
    }

    #[tokio::test]
    async fn each_form_of_a_file_has_a_tag_of_its_own_and_is_known_by_it() {
        let app = TestApp::new().await;
        if app.get("/w.js").await.status.as_u16() != 200 {
            return;
        }
        let get = async |path: &str, accepted: &str| app.send(app.request(reqwest::Method::GET, path).header("accept-encoding", accepted)).await;
        for path in ["/w.js", "/", "/widget/frame.html"] {
            let (plain, packed) = (get(path, "identity").await, get(path, "gzip, br").await);
            assert_eq!((plain.header("content-encoding"), packed.header("content-encoding")), ("", "gzip"), "{path}");
            assert!(packed.body.len() < plain.body.len() && packed.header("etag") != plain.header("etag"), "{path}");
            for answer in [&plain, &packed] {
                assert_eq!(answer.header("vary"), "accept-encoding", "{path}");
            }
        }
        let (plain, packed) = (get("/w.js", "identity").await, get("/w.js", "gzip").await);
        for (tag, accepted, status) in
            [(plain.header("etag"), "identity", 304), (packed.header("etag"), "gzip", 304), (packed.header("etag"), "identity", 200), ("\"x\"", "gzip", 200)]
        {
            let request = app.request(reqwest::Method::GET, "/w.js").header("accept-encoding", accepted).header("if-none-match", tag);
            let again = app.send(request).await;
            assert_eq!((again.status.as_u16(), again.header("vary")), (status, "accept-encoding"), "{tag} {accepted}");
        }
        // The console's page is another each time, so it is compressed each time.
        assert_eq!(get("/console", "gzip").await.header("content-encoding"), "gzip");
    }

    #[tokio::test]
    async fn what_is_no_page_is_not_found() {
        let app = TestApp::new().await;
        for path in
            ["/nothing", "/hall/nothing.js", "/widget/nothing", "/console/assets/nothing.js", "/hall/../../Cargo.toml", "/widget/%2e%2e/%2e%2e/package.json"]
        {
            assert_eq!(app.get(path).await.status.as_u16(), 404, "{path}");
        }
    }
}
