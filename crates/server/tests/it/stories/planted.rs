//! A phone number, a name and a rare word are planted wherever people can write something. None of them is in a fact, in the panel's store, or in what other
//! systems are told without bodies.

use std::{fs, path::Path};

use db::q;
use serde_json::json;
use testkit_app::{CustomerClient, TestApp};

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
    post(&visitor, vec![first(&conversation, text(&telling()))]).await;
    visitor.stands_on(json!({"title": telling(), "url": format!("https://shop.example/{}?tel={}", PLANTED[1], PLANTED[0])})).await;
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

/// Forty-five things that a person leaves behind: names, numbers, addresses, sentences, the content of files, the addresses of pages, comments, contacts.
fn values() -> Vec<String> {
    let words = ["zephyrine", "quokkasaurus", "mellifluo", "umbrageux", "pelagianix"];
    let kinds = ["name", "street", "sentence", "note", "comment", "page", "file", "contact", "reach"];
    kinds.iter().flat_map(|kind| words.iter().map(move |word| format!("{word}{kind}"))).collect()
}

/// Those of a kind, in one text.
fn of_kind(kind: &str) -> String {
    values().into_iter().filter(|value| value.ends_with(kind)).collect::<Vec<_>>().join(" ")
}

/// All files below a folder, with their bytes.
fn all_files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(all_files(&path));
        } else if path.is_file() {
            found.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
    found
}

/// Where values stand in the files below a folder.
fn where_they_stand(folder: &Path, values: &[String]) -> Vec<String> {
    let files = all_files(folder);
    let stands = |value: &String| files.iter().filter(|(_, bytes)| holds(bytes, value)).map(|(name, _)| format!("{value} in {name}")).collect::<Vec<_>>();
    values.iter().flat_map(stands).collect()
}

/// Copies what a backup has: the record, which no program has open, with the files and letters.
fn copy(from: &Path, to: &Path) {
    for (name, bytes) in all_files(from) {
        let inside = Path::new(&name).strip_prefix(from).unwrap().to_owned();
        if !["lock", "erasures.jsonl"].contains(&inside.to_string_lossy().as_ref()) {
            fs::create_dir_all(to.join(&inside).parent().unwrap()).unwrap();
            fs::write(to.join(inside), bytes).unwrap();
        }
    }
}

/// A customer who leaves all of it, and what was said by others about them.
async fn leave(app: &TestApp) -> (CustomerClient, String) {
    let ada = app.customer("zephyrine.name@example.com").await;
    let me = ada.get("/api/v1/customer").await.expect(200);
    ada.patch("/api/v1/customer", json!({"name": "Zephyrine Name", "lang": "en", "seen": me["updated_at"]})).await.expect(200);
    let (agent, _desk) = working_agent(app, "chow").await;
    let (visitor, conversation) = (app.widget_of(&ada, None).await, new_conversation());
    post(&visitor, vec![first(&conversation, text(&of_kind("name")))]).await;
    visitor.stands_on(json!({"title": of_kind("page"), "url": format!("https://shop.example/?q={}", of_kind("page").replace(' ', "+"))})).await;
    app.bot_is_done().await;
    let file = visitor.upload("/api/v1/widget/files?name=umbrageuxfile.txt", "text/plain", of_kind("file").into_bytes()).await.expect(201);
    post(&visitor, vec![send(&conversation, text(&of_kind("street"))), send(&conversation, json!({"type": "file", "file": file["id"]}))]).await;
    app.bot_is_done().await;
    post(&visitor, vec![send(&conversation, json!({"type": "request_human", "via": "button"})), send(&conversation, text(&of_kind("sentence")))]).await;
    post(&agent, vec![send(&conversation, json!({"type": "take"})), send(&conversation, json!({"type": "note", "text": of_kind("note")}))]).await;
    post(&agent, vec![send(&conversation, text(&of_kind("contact"))), send(&conversation, json!({"type": "resolve"}))]).await;
    post(&visitor, vec![send(&conversation, json!({"type": "rate", "score": 1, "comment": of_kind("comment"), "solved": false}))]).await;
    post(&visitor, vec![send(&conversation, json!({"type": "leave_message", "text": of_kind("sentence"), "contact": of_kind("reach")}))]).await;
    let mira = app.manager("lefty").await;
    let left = mira.get("/api/v1/left-messages").await.expect(200)["items"][0]["contact"].clone();
    assert_eq!(left, of_kind("reach"), "whoever calls back sees it");
    let profile = format!("/api/v1/customers/{}", me["id"].as_str().unwrap());
    let seen = mira.get(&profile).await.expect(200)["updated_at"].clone();
    mira.patch(&profile, json!({"note": of_kind("note"), "mobile": "13800138000", "seen": seen})).await.expect(200);
    app.feed_panel().await;
    (ada, conversation)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_is_erased_is_in_no_file_and_no_backup_brings_them_back() {
    let app = TestApp::new().await;
    let (ada, conversation) = leave(&app).await;
    let customer = ada.get("/api/v1/customer").await.expect(200)["id"].clone();
    let mut values = values();
    values.extend(["zephyrine.name@example.com".to_owned(), "Zephyrine Name".to_owned()]);
    let stopped = app.stopped().await;
    let planted = where_they_stand(stopped.data(), &values);
    let missing: Vec<&String> = values.iter().filter(|value| !planted.iter().any(|found| found.starts_with(value.as_str()))).collect();
    // A name, a page and where somebody can be reached are sealed in the record, so they stand nowhere in the clear.
    let sealed = |value: &&String| value.ends_with("page") || value.ends_with("reach") || value.as_str() == "Zephyrine Name";
    assert_eq!(missing, values.iter().filter(sealed).collect::<Vec<_>>(), "everything else was planted");
    let backup = tempfile::tempdir().unwrap();
    copy(stopped.data(), backup.path());

    let app = stopped.start().await;
    let mira = app.manager("mira").await;
    let panel = async |app: &TestApp| {
        app.feed_panel().await;
        let mut tx = app.app().db().read().await.unwrap();
        let facts: Vec<(String, String)> = q!(&mut tx, |c| sqlx::query_as(
            "SELECT kind, facts FROM journal_entries WHERE stream_id IN (SELECT id FROM conversations) AND kind <> 'erased' ORDER BY stream_id, seq"
        )
        .fetch_all(c)
        .await)
        .unwrap();
        facts
    };
    let before = panel(&app).await;
    let asked = mira.post("/api/v1/erasures", json!({"kind": "customer", "id": customer, "reason": "asked"})).await.expect(201);
    mira.get(&format!("/api/v1/conversations/{conversation}")).await.problem(404, "not_found");
    testkit::eventually("the customer is erased", async || (mira.get("/api/v1/erasures").await.expect(200)["items"][0]["state"] == "done").then_some(())).await;
    assert_eq!(where_they_stand(app.data(), &values), [""; 0], "beside a running server");
    assert_eq!(panel(&app).await, before, "what numbers are made of stays");
    let proof = mira.get(&format!("/api/v1/erasures/{}/proof", asked["id"].as_str().unwrap())).await.expect(200);
    assert!(values.iter().all(|value| !proof.to_string().contains(value)), "{proof}");
    let shell = mira.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200);
    assert!(values.iter().all(|value| !shell.to_string().contains(value)), "{shell}");

    let stopped = app.stopped().await;
    assert_eq!(where_they_stand(stopped.data(), &values), [""; 0], "after the end");
    for (name, _) in all_files(stopped.data()) {
        if !name.ends_with("erasures.jsonl") && !name.ends_with("seal.key") {
            fs::remove_file(name).unwrap();
        }
    }
    copy(backup.path(), stopped.data());
    assert_ne!(where_they_stand(stopped.data(), &values), [""; 0], "the backup has all of it");
    let app = stopped.start().await;
    assert_eq!(where_they_stand(app.data(), &values), [""; 0], "after an old backup was put back");
    let tara = app.staff(domain::staff::Role::Administrator, "tara").await;
    assert_eq!(tara.get("/api/v1/erasures").await.expect(200)["items"][0]["reason"], "restored");
}
