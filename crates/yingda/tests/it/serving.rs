//! `serve` and `admin`.

use std::{os::unix::fs::PermissionsExt as _, path::Path};

use serde_json::json;

use crate::program::{Serving, run};

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}
fn text(output: &[u8]) -> String {
    String::from_utf8_lossy(output).into_owned()
}

#[tokio::test]
async fn the_demo_starts_says_one_line_and_stops_when_told() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let serving = Serving::start(&data, &["--demo"]).await;
    assert_eq!(serving.client.get("/healthz").await.expect(200)["status"], "ok");
    assert_eq!(serving.client.get("/api/v1/hall").await.expect(200)["site"], "demo");
    let links = std::fs::read_to_string(data.join("first-sign-in.txt")).unwrap();
    assert_eq!((mode(&data), mode(&data.join("first-sign-in.txt")), mode(&data.join("admin.sock"))), (0o700, 0o600, 0o600));
    serving.signal("TERM").await;
    let (code, more, stderr) = serving.ended().await;
    assert_eq!((code, more.as_str()), (Some(0), ""));
    for role in ["administrator", "manager", "agent"] {
        let line = links.lines().find(|line| line.starts_with(role)).unwrap();
        assert!(stderr.contains(line) && line.contains("/console/welcome#"), "{stderr}");
    }
}

#[tokio::test]
async fn one_program_uses_a_data_folder_and_what_it_wrote_stays() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let serving = Serving::start(folder.path(), &[]).await;
    let second = run(&["serve", "--data", data, "--listen", "127.0.0.1:0"]).await;
    assert!(!second.status.success() && second.stdout.is_empty() && text(&second.stderr).contains("another yingda uses the data folder"), "{second:?}");
    serving.signal("KILL").await;
    serving.ended().await;
    let again = Serving::start(folder.path(), &[]).await;
    assert_eq!(again.client.get("/api/v1/hall").await.expect(200)["site"], "main");
    again.signal("INT").await;
    let (code, _, stderr) = again.ended().await;
    assert_eq!(code, Some(0));
    assert!(!stderr.contains("/console/welcome#"), "the first start was before: {stderr}");
    let demo = run(&["serve", "--data", data, "--listen", "127.0.0.1:0", "--demo"]).await;
    assert!(!demo.status.success() && text(&demo.stderr).contains("--demo needs an empty data folder"), "{demo:?}");
}

#[tokio::test]
async fn admin_works_beside_a_server_and_without_one() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let add = ["admin", "add-staff", "--data", data, "--role", "agent", "--name", "林夏", "--email", "linxia@shop.example", "--capacity", "3"];
    let serving = Serving::start(folder.path(), &[]).await;
    let added = run(&add).await;
    let link = text(&added.stdout);
    let (page, secret) = link.trim().split_once('#').unwrap();
    assert_eq!(page, format!("{}/console/welcome", serving.client.base));
    let me = serving.client.post("/api/v1/auth/links/redeem", json!({"token": secret, "password": "long enough"})).await.expect(201);
    assert_eq!((&me["name"], &me["capacity"]), (&json!("林夏"), &json!(3)));
    let refused = run(&add).await;
    assert!(!refused.status.success() && text(&refused.stderr).contains("belongs to somebody already"), "{refused:?}");
    serving.signal("TERM").await;
    serving.ended().await;
    let offline = run(&["admin", "sign-in-link", "--data", data, "--role", "agent"]).await;
    assert!(offline.status.success() && text(&offline.stdout).starts_with("http://"), "{offline:?}");
    let nobody = run(&["admin", "sign-in-link", "--data", data, "--role", "manager"]).await;
    assert!(!nobody.status.success() && nobody.stdout.is_empty(), "{nobody:?}");
}

#[tokio::test]
async fn a_wrong_setting_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().to_str().unwrap(), folder.path().join("yingda.toml"));
    for (setting, named) in [("colour = 1", "colour"), ("[limits]\nsends = 1", "sends"), ("listen = \"nowhere\"", "listen")] {
        std::fs::write(&file, setting).unwrap();
        let output = run(&["serve", "--data", data, "--config", file.to_str().unwrap()]).await;
        assert!(!output.status.success() && text(&output.stderr).contains(named), "{output:?}");
    }
}

#[tokio::test]
async fn the_api_document_is_printed() {
    let printed = run(&["openapi"]).await;
    assert_eq!(text(&printed.stdout), server::openapi::json());
}
