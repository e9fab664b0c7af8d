//! Faults that accounts of this kind had before: each test fails if its fault comes back.

use std::path::{Path, PathBuf};

use domain::staff::Role;
use serde_json::json;
use testkit_app::{CUSTOMER_PASSWORD, TestApp};

const STAFF_PASSWORD: &str = "zebra violin candle";

/// All files in a folder and its subfolders.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

#[tokio::test]
async fn no_password_is_kept_as_it_was_typed_and_none_is_told() {
    let app = TestApp::new().await;
    app.agent("ada").await;
    let mira = app.manager("mira").await;
    let token = app.link(Role::Agent).await;
    app.post("/api/v1/auth/links/redeem", json!({"token": token, "password": STAFF_PASSWORD})).await.expect(201);
    app.post("/api/v1/auth/sessions", json!({"email": "ada@alpha.example", "password": STAFF_PASSWORD})).await.expect(201);
    let eve = app.customer("eve@example.com").await;
    let mut looked = 0;
    for path in files(app.data()) {
        // Sockets and locks contain no text.
        let Ok(bytes) = std::fs::read(&path) else { continue };
        looked += bytes.len();
        for password in [STAFF_PASSWORD, CUSTOMER_PASSWORD] {
            assert!(!bytes.windows(password.len()).any(|part| part == password.as_bytes()), "a password stands in {}", path.display());
        }
    }
    assert!(looked > 100_000, "only {looked} bytes were looked at");
    for answer in [mira.get("/api/v1/staff").await, mira.get("/api/v1/me").await, eve.get("/api/v1/customer").await, eve.get("/api/v1/customer/export").await] {
        let words = String::from_utf8_lossy(&answer.body).into_owned();
        for told in [STAFF_PASSWORD, CUSTOMER_PASSWORD, "argon2", "password_hash"] {
            assert!(!words.contains(told), "{words}");
        }
    }
}

#[tokio::test]
async fn who_asks_is_known_by_the_session_and_not_by_the_address() {
    let app = TestApp::new().await;
    let (ada, eve) = (app.agent("ada").await, app.agent("eve").await);
    for name in ["uid", "sid", "id", "agent"] {
        let answer = ada.get(&format!("/api/v1/me?{name}={}", eve.member.id)).await;
        assert!(!answer.status.is_success() || answer.json()["name"] == "ada", "{name}: {answer:?}");
        app.get(&format!("/api/v1/me?{name}={}", eve.member.id)).await.problem(401, "not_signed_in");
    }
    app.with_cookie(&eve.member.id.to_string()).get("/api/v1/me").await.problem(401, "not_signed_in");
}
