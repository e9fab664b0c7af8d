//! The example client from the protocol documentation does what it says.

use std::process::Stdio;

use testkit_app::TestApp;
use tokio::process::Command;

#[tokio::test(flavor = "multi_thread")]
async fn the_example_client_opens_a_conversation_and_hears_the_answer() {
    let app = TestApp::with_demo().await;
    let client = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/examples/client.mjs");
    let arguments = [client, &app.base, "demo", "How do I check my data usage?"];
    let node = Command::new("node").args(arguments).stdin(Stdio::null()).stderr(Stdio::inherit()).kill_on_drop(true).output();
    let output = testkit::in_time("the example", node).await.unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}");
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0], "customer: How do I check my data usage?");
    assert!(lines[1].starts_with("bot: "), "{said}");
    app.stop().await;
}
