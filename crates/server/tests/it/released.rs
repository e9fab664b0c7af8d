//! Records that released versions wrote, opened by this one: it migrates them, and reads what they read.
//!
//! Each folder in `fixtures` is named after a version, and was written by it (`scripts/dist-fixtures.sh`).

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use domain::time::Ts;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, sqlite::SqliteConnectOptions};
use testkit::database::fresh_postgres;
use testkit_app::TestApp;

/// The folders of all released versions.
fn releases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let found: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(!found.is_empty());
    found
}

/// Runs a line of shell with these arguments, which has to succeed.
fn shell(line: &str, arguments: &[&str]) {
    let output = Command::new("bash").args(["-euo", "pipefail", "-c", line]).args(arguments).output().unwrap();
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
}

fn json_in(file: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

/// Where an answer lacks what an earlier version answered. A later one may add fields, and nothing else.
fn difference(at: &str, before: &Value, now: &Value) -> Option<String> {
    match (before, now) {
        (Value::Object(before), Value::Object(now)) => {
            before.iter().find_map(|(key, value)| difference(&format!("{at}.{key}"), value, now.get(key).unwrap_or(&Value::Null)))
        }
        (Value::Array(before), Value::Array(now)) if before.len() == now.len() => {
            before.iter().zip(now).enumerate().find_map(|(n, (before, now))| difference(&format!("{at}[{n}]"), before, now))
        }
        // A mean may be added up in a different order.
        (Value::Number(one), Value::Number(other)) if (one.as_f64()? - other.as_f64()?).abs() < 1e-9 * one.as_f64()?.abs().max(1.0) => None,
        _ if before == now => None,
        _ => Some(format!("{at} was {before} and is {now}")),
    }
}

#[test]
fn a_missing_field_is_a_difference_and_a_new_one_is_not() {
    let before = json!({"a": [1, {"b": 0.1}]});
    assert_eq!(difference("x", &before, &json!({"a": [1, {"b": 0.1, "new": 1}], "c": 2})), None);
    assert_eq!(difference("x", &before, &json!({"a": [1, {}]})).unwrap(), "x.a[1].b was 0.1 and is null");
    assert!(difference("x", &before, &json!({"a": [1]})).is_some());
}

/// How many streams there are, how many of them have a gap, and how many do not end where their head says.
async fn journal(app: &TestApp) -> (i64, i64, i64) {
    let mut tx = app.app().db().read().await.unwrap();
    db::q!(tx, |c| sqlx::query_as(
        "SELECT COUNT(*), COUNT(CASE WHEN s.low <> 1 OR s.n <> s.high THEN 1 END), COUNT(CASE WHEN h.seq IS NULL OR h.seq <> s.high THEN 1 END)
           FROM (SELECT tenant_id, stream_id, COUNT(*) AS n, MIN(seq) AS low, MAX(seq) AS high FROM journal_entries GROUP BY tenant_id, stream_id) s
           LEFT JOIN journal_heads h ON h.tenant_id = s.tenant_id AND h.stream_id = s.stream_id"
    )
    .fetch_one(c)
    .await)
    .unwrap()
}

/// Signs in with a password; returns the secret of the session.
async fn sign_in(app: &TestApp, path: &str, body: Value, cookie: &str) -> String {
    let answer = app.post(path, body).await;
    answer.expect(201);
    answer.header("set-cookie").strip_prefix(&format!("{cookie}=")).unwrap().split(';').next().unwrap().to_owned()
}

/// Everybody signs in and finds what they left.
async fn is_as_it_was(app: &TestApp, left: &Value) {
    let (streams, with_gaps, without_head) = journal(app).await;
    assert!(streams > 500 && (with_gaps, without_head) == (0, 0), "{streams} streams, {with_gaps} with gaps, {without_head} without their head");

    let (password, read, conversation) = (&left["password"], &left["read"], left["conversation"].as_str().unwrap());
    for email in left["staff"].as_array().unwrap() {
        sign_in(app, "/api/v1/auth/sessions", json!({"email": email, "password": password}), "__Host-yingda").await;
    }
    let manager = app.with_cookie(&sign_in(app, "/api/v1/auth/sessions", json!({"email": left["staff"][0], "password": password}), "__Host-yingda").await);
    let customer = json!({"site": "demo", "identifier": left["customer"], "password": password});
    let customer = app.with_customer(&sign_in(app, "/api/v1/customer/sessions", customer, "__Host-yingda-customer").await);

    app.feed_panel().await;
    let days = manager.get("/api/v1/metrics?days=7").await.expect(200);
    let points = |item: &Value| item["series"][0]["points"].as_array().unwrap().iter().map(|point| point["value"].clone()).collect();
    let days = days["items"].as_array().unwrap().iter().map(|item| (item["key"].as_str().unwrap().to_owned(), Value::Array(points(item)))).collect();
    let now = json!({
        "said": customer.get(&format!("/api/v1/customer/conversations/{conversation}")).await.expect(200)["items"],
        "conversation": manager.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200),
        "left": manager.get("/api/v1/left-messages?done=true").await.expect(200),
        "today": manager.get("/api/v1/panel").await.expect(200)["today"],
        "days": Value::Object(days),
    });
    assert_eq!(difference("read", read, &now), None);
    // No dump holds the files.
    if app.database_url().is_none() {
        let file = left["file"].as_str().unwrap();
        manager.get(&format!("/api/v1/files/{file}")).await.expect_bytes(b"what I was charged");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn this_version_goes_on_with_a_data_folder_of_every_release() {
    for release in releases() {
        let left = json_in(&release.join("sqlite.json"));
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        shell(r#"tar -xJf "$0" -C "$1""#, &[release.join("data.tar.xz").to_str().unwrap(), folder.path().to_str().unwrap()]);
        let record = SqliteConnectOptions::new().filename(path("yingda.db")).create_if_missing(true).foreign_keys(false);
        let mut record = record.connect().await.unwrap();
        let sql = std::fs::read_to_string(path("record.sql")).unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut record).await.unwrap();
        record.close().await.unwrap();

        let app = TestApp::on_record(folder, None, Ts(left["made_at"].as_i64().unwrap())).await;
        is_as_it_was(&app, &left).await;
        app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn this_version_goes_on_with_a_database_of_every_release() {
    for release in releases() {
        let Some(database) = fresh_postgres().await else { return };
        let left = json_in(&release.join("postgres.json"));
        let line = r#"bin="$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)"; xz -dc "$0" | "$bin/psql" -q -v ON_ERROR_STOP=1 "$1""#;
        shell(line, &[release.join("postgres.sql.xz").to_str().unwrap(), database.url()]);
        let app = TestApp::on_record(tempfile::tempdir().unwrap(), Some(database), Ts(left["made_at"].as_i64().unwrap())).await;
        is_as_it_was(&app, &left).await;
        app.stop().await;
    }
}
