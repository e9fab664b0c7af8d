//! The same frames where WebSockets do not get through.

use serde_json::{Value, json};
use testkit::TestApp;

use crate::people::{entries, first, new_conversation, post, send, text};

fn frames(body: &[u8]) -> Vec<Value> {
    String::from_utf8_lossy(body).lines().filter(|l| !l.is_empty()).map(|l| serde_json::from_str(l).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_poll_brings_every_entry_once_and_in_order() {
    let app = TestApp::new().await;
    let visitor = app.visitor().await;
    let name = new_conversation();
    post(&visitor, vec![first(&name, text("one"))]).await;
    let (mut cursor, mut seen) = (0, Vec::new());
    for round in 2..6 {
        let said = format!("line {round}");
        post(&visitor, vec![send(&name, text(&said))]).await;
        while !seen.iter().any(|e: &Value| e["body"]["text"] == said.as_str()) {
            let generation = &visitor.session["generation"];
            let hello = json!({"t": "hello", "version": 1, "token": visitor.token, "generation": generation, "cursors": {name.as_str(): cursor}});
            let answer = visitor.post("/rt/events", hello).await;
            for entry in frames(&answer.body).iter().flat_map(entries) {
                assert_eq!(entry["seq"], cursor + 1);
                cursor += 1;
                seen.push(entry);
            }
        }
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_busy_nothing_newer_of_the_conversation_goes_before() {
    let app = TestApp::new().await;
    let visitor = app.visitor().await;
    let name = new_conversation();
    let mut all = vec![first(&name, text("0"))];
    all.extend((1..60).map(|n| send(&name, text(&n.to_string()))));
    let mut left = all;
    let mut rounds = 0;
    while !left.is_empty() {
        rounds += 1;
        let answers = post(&visitor, left.clone()).await;
        let taken = answers.iter().take_while(|a| a["t"] == "ok").count();
        assert!(answers[taken..].iter().all(|a| a["t"] == "busy"), "{answers:?}");
        left.drain(..taken);
        app.clock.advance(1000);
        assert!(rounds < 200);
    }
    let said: Vec<String> = crate::people::as_customer(&visitor, &name)
        .await
        .iter()
        .filter(|e| e["kind"] == "message" && e["by"]["kind"] == "customer")
        .map(|e| e["body"]["text"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(said, (0..60).map(|n| n.to_string()).collect::<Vec<_>>());
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_frames_and_words_are_refused_with_a_code() {
    let app = TestApp::new().await;
    let visitor = app.visitor().await;
    let name = new_conversation();
    let refused = |body: Value, code: &'static str| {
        let (visitor, frame) = (visitor.clone(), first(&name, body));
        async move {
            let answers = post(&visitor, vec![frame]).await;
            assert_eq!((answers[0]["t"].as_str(), answers[0]["code"].as_str()), (Some("no"), Some(code)));
        }
    };
    refused(text("  \n "), "text_empty").await;
    refused(text("a\u{0}b"), "text_unacceptable").await;
    refused(text(&"x".repeat(33 * 1024)), "text_too_long").await;
    refused(json!({"type": "rate", "score": 6}), "score_out_of_range").await;
    refused(json!({"type": "product", "product": "nothing"}), "product_unknown").await;
    refused(json!({"type": "file", "file": "fil_00000000000000000000000000000001"}), "not_found").await;
    refused(json!({"type": "take"}), "not_permitted").await;
    let bad =
        visitor.post("/rt/send", json!({"token": visitor.token, "frames": [{"t": "send", "conversation": name, "client_id": "x", "body": text("a")}]})).await;
    bad.problem(422, "invalid_value");
    let hello = visitor.post("/rt/events", json!({"version": 1, "token": visitor.token, "cursors": {}, "extra": 1})).await;
    hello.problem_at(422, "unknown_field", "extra");
    let huge = visitor.post("/rt/send", json!({"token": visitor.token, "frames": [], "extra": "x".repeat(300 * 1024)})).await;
    huge.problem(413, "too_large");
    let half = visitor.post("/rt/send", json!({"token": visitor.token, "frames": [first(&name, text("a")), {"t": "ping"}]})).await;
    half.problem_at(422, "invalid_value", "frames");
    let unknown = visitor.post("/rt/send", json!({"token": visitor.token, "frames": [], "extra": 1})).await;
    unknown.problem_at(422, "unknown_field", "extra");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_send_that_is_refused_opens_nothing() {
    let app = TestApp::new().await;
    let visitor = app.visitor().await;
    let name = new_conversation();
    let answers = post(&visitor, vec![first(&name, json!({"type": "product", "product": "nothing"}))]).await;
    assert_eq!(answers[0]["code"], "product_unknown");
    let mut tx = app.app().db().read().await.unwrap();
    let found = store::conversations::find(&mut tx, app.company.tenant, name.parse().unwrap()).await.unwrap();
    assert!(found.is_none());
    drop(tx);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_questions_in_one_message_are_answered_as_they_come() {
    let app = TestApp::new().await;
    let visitor = app.visitor().await;
    let name = new_conversation();
    let long = "x".repeat(30_000);
    for chunk in 0..8 {
        let frames = (0..5).map(|n| if chunk == 0 && n == 0 { first(&name, text(&long)) } else { send(&name, text(&long)) }).collect();
        post(&visitor, frames).await;
    }
    let mut socket = testkit::Realtime::connect(&visitor).await;
    let generation = &visitor.session["generation"];
    let mut hello = json!({"t": "hello", "version": 1, "token": visitor.token, "generation": generation, "cursors": {name.as_str(): 0}}).to_string();
    for _ in 0..20 {
        hello.push('\n');
        hello.push_str(&json!({"t": "get", "stream": name, "from": 1, "to": 500}).to_string());
    }
    socket.send_text(&hello).await;
    for _ in 0..20 {
        let mut next = 1;
        while next <= 500 {
            let page = socket.until("page").await;
            assert!(page.to_string().len() < 200_000, "a piece is bounded by bytes");
            assert_eq!(page["from"], next, "pieces follow each other");
            next = page["to"].as_i64().unwrap() + 1;
        }
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_breaks_the_framing_is_told_why_and_nobody_else_is_cut_off() {
    let app = TestApp::new().await;
    let visitor = app.visitor().await;
    let hello = json!({"t": "hello", "version": 1, "token": visitor.token, "cursors": {}});
    let mut bystander = testkit::Realtime::connect(&visitor).await;
    bystander.send(&hello).await;
    bystander.until("welcome").await;
    for (message, code, status) in [("binary", "binary_frame", 1003), ("large", "frame_too_large", 1009), ("words", "bad_frame", 1008)] {
        let mut socket = testkit::Realtime::connect(&visitor).await;
        socket.send(&hello).await;
        socket.until("welcome").await;
        match message {
            "binary" => socket.send_bytes(b"x").await,
            "large" => socket.send_text(&"x".repeat(100_000)).await,
            _ => socket.send_text("no frame").await,
        }
        assert_eq!(socket.farewell().await, (Some(code.to_owned()), Some(status)), "{message}");
    }
    bystander.send(&json!({"t": "ping"})).await;
    bystander.until("pong").await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_an_upgrade_opens_a_socket() {
    let app = TestApp::new().await;
    app.get("/ws").await.problem(400, "bad_request");
    app.post("/ws", json!({})).await.problem(405, "method_not_allowed");
    app.stop().await;
}
