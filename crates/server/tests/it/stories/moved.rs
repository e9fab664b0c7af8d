//! A record that is dumped and restored elsewhere: every client starts over, and none is left without updates.

use std::process::Command;

use db::feed::{self, Cursor};
use serde_json::json;
use testkit::eventually;
use testkit_app::TestApp;
use testkit_server::Realtime;

use crate::stories::people::{entries, post, send, text};

const POSTGRES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/postgres.sh");
/// Copies a database with PostgreSQL's own programs.
const COPY: &str = r#"set -o pipefail; bin="$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)"; "$bin/pg_dump" --no-privileges "$0" | "$bin/psql" -q -v ON_ERROR_STOP=1 "$1""#;

/// Runs a program, which has to succeed; returns what it printed.
fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap();
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// A PostgreSQL that has counted few transactions, in a folder of its own.
struct Fresh {
    folder: tempfile::TempDir,
    url: String,
}

impl Fresh {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = run(POSTGRES, &["start", folder.path().to_str().unwrap()]);
        Self { folder, url }
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        run(POSTGRES, &["stop", self.folder.path().to_str().unwrap()]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_dump_and_restore_clients_are_reset_and_the_feed_goes_on() {
    let Some(before) = TestApp::on_postgres().await else { return };
    let visitor = before.visitor().await;
    let name = visitor.open("first").await;
    visitor.say(&name, false, text("second")).await;
    let hello = |generation: &serde_json::Value, cursor: i64| json!({"t": "hello", "version": 1, "token": visitor.token, "generation": generation, "cursors": {name.as_str(): cursor}});
    let mut socket = Realtime::connect(&visitor).await;
    socket.send(&hello(&json!(null), 0)).await;
    let old = socket.until("welcome").await["generation"].clone();
    let facts = || async {
        let mut tx = before.app().db().read().await.unwrap();
        Some(feed::after(&mut tx, Cursor::default(), 1_000).await.unwrap().len()).filter(|n| *n > 2)
    };
    let fed = eventually("the feed", facts).await;

    let fresh = Fresh::start();
    run("bash", &["-c", COPY, before.database_url().unwrap(), &fresh.url]);
    let after = before.moved_to(&fresh.url).await;
    let moved = visitor.at(&after.base);
    let mut socket = Realtime::connect(&moved).await;
    socket.send(&hello(&old, 2)).await;
    let welcome = socket.until("welcome").await;
    assert_ne!(welcome["generation"], old);
    let reset = socket.until("reset").await;
    assert_eq!(reset["generation"], welcome["generation"]);
    assert!(entries(&reset).iter().any(|entry| entry["body"]["text"] == "second"));

    // Chat goes on, and so does what is derived from the feed: nothing is beyond a horizon that is never reached.
    post(&moved, vec![send(&name, text("third"))]).await;
    socket.find("the new words", |frame| entries(frame).iter().any(|entry| entry["body"]["text"] == "third")).await;
    eventually("the feed goes on", || async {
        let mut tx = after.app().db().read().await.unwrap();
        let waits = feed::horizon_lag_ms(&mut tx).await.unwrap().is_some();
        let facts = feed::after(&mut tx, Cursor::default(), 1_000).await.unwrap();
        (!waits && facts.len() > fed).then_some(())
    })
    .await;
    after.stop().await;
    before.stop().await;
}
