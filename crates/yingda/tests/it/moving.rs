//! `move`, and `company` beside a running server.

use serde_json::{Value, json};
use testkit_server::Client;

use crate::{
    program::{Serving, run},
    serving::text,
};

/// The sessions of each day of the demo's week, once all is counted. When that was differs.
async fn counted(manager: &Client) -> Value {
    testkit::eventually("the panel has counted the week", async || {
        let metric = manager.get("/api/v1/metrics/session_created?days=5").await.expect(200);
        let points = metric["series"][0]["points"].as_array()?.clone();
        let is_counted =
            metric["as_of"].as_i64()? >= metric["to"].as_i64()? && points.len() == 5 && points.iter().all(|point| point["value"].as_f64() > Some(0.0));
        is_counted.then(|| points.iter().map(|point| json!([point["from"], point["to"], point["final"], point["value"]])).collect())
    })
    .await
}

#[tokio::test]
async fn the_demo_moves_to_postgresql_and_nobody_notices() {
    let Some(database) = testkit::database::fresh_postgres().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let place = data.to_str().unwrap();
    let serving = Serving::start(&data, &["--demo"]).await;
    let links = std::fs::read_to_string(data.join("first-sign-in.txt")).unwrap();
    let link = links.lines().find(|line| line.starts_with("manager")).unwrap().split_once('#').unwrap().1.trim().to_owned();
    let redeemed = serving.client.post("/api/v1/auth/links/redeem", json!({"token": link, "password": "long enough"})).await;
    let cookie = redeemed.header("set-cookie").strip_prefix("__Host-yingda=").unwrap().split(';').next().unwrap().to_owned();
    let before = counted(&serving.client.with_cookie(&cookie)).await;
    let refused = run(&["move", "--data", place, "--to", database.url()]).await;
    assert!(!refused.status.success() && text(&refused.stderr).contains("stop it first"), "{}", text(&refused.stderr));
    serving.signal("TERM").await;
    assert_eq!(serving.ended().await.0, Some(0));

    let moved = run(&["move", "--data", place, "--to", database.url(), "--json"]).await;
    assert!(moved.status.success(), "{}", text(&moved.stderr));
    let report: Value = serde_json::from_slice(&moved.stdout).unwrap();
    assert!(report["rows"].as_u64() > Some(10_000), "{report}");
    let again = run(&["move", "--data", place, "--to", database.url()]).await;
    assert!(!again.status.success() && text(&again.stderr).contains("is not empty"), "{}", text(&again.stderr));

    let key = data.join("seal.key");
    let url = ["--database-url", database.url(), "--seal-key-file", key.to_str().unwrap()];
    let serving = Serving::start(&data, &url).await;
    assert_eq!(counted(&serving.client.with_cookie(&cookie)).await, before);
    let verified = run(&["audit", "verify", "--data", place, "--json"]).await;
    assert!(verified.status.success(), "{}", text(&verified.stdout));
    serving.signal("TERM").await;
    assert_eq!(serving.ended().await.0, Some(0));
    database.drop_it().await;
}

#[tokio::test]
async fn a_company_leaves_and_comes_back_by_commands_beside_a_server_and_without_one() {
    let folder = tempfile::tempdir().unwrap();
    let (data, out, secret) = (folder.path().join("data"), folder.path().join("out"), folder.path().join("passphrase"));
    std::fs::write(&secret, "correct horse battery\n").unwrap();
    let path = |path: &std::path::Path| path.to_str().unwrap().to_owned();
    let command = async |more: &[&str]| {
        let output = run(&[&["company", more[0], "--data", &path(&data)], &more[1..]].concat()).await;
        (output.status.success(), text(&output.stdout), text(&output.stderr))
    };
    let serving = Serving::start(&data, &[]).await;
    let (is_done, stdout, stderr) = command(&["export", "--slug", "main", "--out", &path(&out), "--passphrase-file", &path(&secret), "--json"]).await;
    assert!(is_done, "{stderr}");
    let report: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(report["slug"], "main");
    let (is_done, _, stderr) = command(&["export", "--slug", "main", "--out", &path(&out), "--passphrase-file", &path(&secret)]).await;
    assert!(!is_done && stderr.contains("not empty"), "{stderr}");
    let (is_done, stdout, stderr) = command(&["erase", "--slug", "main", "--confirm", "main"]).await;
    assert!(is_done && stdout.contains("tenants: 1"), "{stdout} {stderr}");
    serving.signal("TERM").await;
    assert_eq!(serving.ended().await.0, Some(0));
    let (is_done, stdout, stderr) = command(&["import", "--from", &path(&out), "--slug", "back", "--passphrase-file", &path(&secret)]).await;
    assert!(is_done && stdout.contains("slug: back"), "{stdout} {stderr}");
    let verified = run(&["audit", "verify", "--data", &path(&data), "--company", "back"]).await;
    assert!(verified.status.success(), "{}", text(&verified.stdout));
}
