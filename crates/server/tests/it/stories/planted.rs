//! A phone number, a name and a rare word are planted wherever people can write something. None of them is in a fact, in the panel's store, or in what other
//! systems are told without bodies.

use std::{fs, path::Path};

use db::q;
use serde_json::json;
use testkit_app::TestApp;

use crate::stories::people::{first, new_conversation, post, send, text, working_agent};

/// What is planted.
const PLANTED: [&str; 3] = ["13912345678", "欧阳慕雪", "Quetzalcoatlus"];

/// What somebody writes who gives away everything.
fn telling() -> String {
    PLANTED.join(" ")
}

/// The files of the panel's store.
fn stored(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let of_panel = files.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("panel"));
    of_panel.map(|path| (path.display().to_string(), fs::read(&path).unwrap())).collect()
}

fn holds(bytes: &[u8], needle: &str) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle.as_bytes())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_people_write_is_in_the_facts_or_in_the_panel() {
    let app = TestApp::new().await;
    let (agent, _desk) = working_agent(&app, PLANTED[1]).await;
    let mira = app.manager("mira").await;
    agent.put("/api/v1/me/state", json!({"state": "break", "reason": telling()})).await.expect(200);
    agent.put("/api/v1/me/state", json!({"state": "available"})).await.expect(200);
    mira.post("/api/v1/boards", json!({"name": telling(), "tiles": []})).await.expect(201);
    mira.post("/api/v1/canned-replies", json!({"shortcode": "q", "title": telling(), "body": {"zh": telling(), "en": telling()}})).await.expect(201);
    let (visitor, conversation) = (app.visitor().await, new_conversation());
    let mut opening = first(&conversation, text(&telling()));
    opening["open"]["page"] = json!({"title": telling(), "url": format!("https://shop.example/{}?tel={}", PLANTED[1], PLANTED[0])});
    post(&visitor, vec![opening]).await;
    app.bot_is_done().await;
    post(&visitor, vec![send(&conversation, json!({"type": "request_human", "via": "button"})), send(&conversation, text(&telling()))]).await;
    post(&agent, vec![send(&conversation, json!({"type": "take"})), send(&conversation, text(&telling()))]).await;
    post(&agent, vec![send(&conversation, json!({"type": "note", "text": telling()})), send(&conversation, json!({"type": "resolve"}))]).await;
    post(&visitor, vec![send(&conversation, json!({"type": "rate", "score": 1, "comment": telling(), "solved": false}))]).await;
    mira.post("/api/v1/bot-answers/judgements", json!({"conversation": conversation, "of": 2, "verdict": "wrong"})).await.expect(204);
    app.feed_panel().await;

    let mut tx = app.app().db().read().await.unwrap();
    let facts: Vec<(String, String)> = q!(&mut tx, |c| sqlx::query_as("SELECT kind, facts FROM journal_entries").fetch_all(c).await).unwrap();
    let words: Vec<(String,)> = q!(&mut tx, |c| sqlx::query_as("SELECT body FROM journal_entries WHERE body IS NOT NULL").fetch_all(c).await).unwrap();
    drop(tx);
    for needle in PLANTED {
        assert!(words.iter().filter(|(body,)| body.contains(needle)).count() > 5, "{needle} was planted");
        for (kind, facts) in &facts {
            assert!(!facts.contains(needle), "{kind}: {facts}");
        }
    }
    let files = stored(app.data());
    assert!(
        files.iter().any(|(_, bytes)| holds(bytes, "customer.message")),
        "the panel has events: {:?}",
        files.iter().map(|(name, _)| name).collect::<Vec<_>>()
    );
    for (name, bytes) in &files {
        for needle in PLANTED {
            assert!(!holds(bytes, needle), "{needle} is in {name}");
        }
    }
}
