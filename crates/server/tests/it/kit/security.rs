//! The headers that every answer has.

use testkit_app::TestApp;

#[tokio::test]
async fn what_is_no_page_can_neither_run_nor_be_framed() {
    let app = TestApp::new().await;
    for path in ["/api/v1/hall", "/api/v1/me", "/api/v1/nothing", "/nothing", "/healthz", "/metrics", "/api/v1/openapi.json"] {
        assert_eq!(app.get(path).await.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'", "{path}");
    }
    // The test's server has a plain http address: there is nothing to enforce.
    assert!(!app.get("/api/v1/hall").await.headers.contains_key("strict-transport-security"));
}
