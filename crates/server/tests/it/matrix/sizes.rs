//! What answers weigh: data of more than a kilobyte is compressed, and no list is heavier than a page of a list may be.

use domain::staff::Role;
use reqwest::Method;
use testkit_app::TestApp;

use super::document::operations;

/// The most that a list may weigh as it is sent, in bytes.
const MOST: usize = 64 * 1024;

#[tokio::test]
async fn every_answer_with_the_demo_is_compressed_and_no_list_is_heavy() {
    let app = TestApp::with_demo().await;
    app.bot_is_done().await;
    let tara = app.staff_of(&app.demo().await, Role::Administrator, "tara").await;
    let (mut compressed, mut heaviest) = (0, (0, String::new()));
    for operation in operations() {
        let path = operation.path.replace("{key}", if operation.path.contains("/metrics/") { "dialogue" } else { "demo" });
        if operation.method != Method::GET || path.contains('{') {
            continue;
        }
        let path = if path.ends_with("/conversations") { format!("{path}?list=resolved_today") } else { path };
        let plain = tara.get(&path).await;
        if plain.status != 200 || !plain.header("content-type").starts_with("application/json") {
            continue;
        }
        let asked = tara.request(Method::GET, &path).header("accept-encoding", "gzip");
        let sent = tara.send(asked).await;
        assert_eq!(sent.header("content-encoding"), if plain.body.len() >= 1024 { "gzip" } else { "" }, "{path}: {} bytes", plain.body.len());
        compressed += usize::from(plain.body.len() >= 1024);
        heaviest = heaviest.max((sent.body.len(), path));
    }
    assert!(compressed >= 15, "{compressed}");
    assert!(heaviest.0 <= MOST, "{heaviest:?}");
}
