//! The same frames where WebSockets are blocked.

use domain::rating;
use serde_json::{Value, json};
use testkit_app::TestApp;
use testkit_server::Realtime;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::stories::people::{entries, first, hello, new_conversation, post, post_once, send, staff_socket, text};

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
        let answers = post_once(&visitor, &left).await;
        let taken = answers.iter().take_while(|a| a["t"] == "ok").count();
        assert!(answers[taken..].iter().all(|a| a["t"] == "busy"), "{answers:?}");
        left.drain(..taken);
        app.clock.advance(1000);
        assert!(rounds < 200);
    }
    let said: Vec<String> = super::people::as_customer(&visitor, &name)
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
    refused(json!({"type": "rate", "score": rating::BEST + 1}), "score_out_of_range").await;
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
    let mut socket = testkit_server::Realtime::connect(&visitor).await;
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
    let mut bystander = testkit_server::Realtime::connect(&visitor).await;
    bystander.send(&hello).await;
    bystander.until("welcome").await;
    for (message, code, status) in [("binary", "binary_frame", 1003), ("large", "frame_too_large", 1009), ("words", "bad_frame", 1008)] {
        let mut socket = testkit_server::Realtime::connect(&visitor).await;
        socket.send(&hello).await;
        socket.until("welcome").await;
        match message {
            "binary" => socket.send_bytes(b"x").await,
            "large" => socket.send_text(&"x".repeat(300_000)).await,
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

/// A request to `/rt/events` in HTTP/1.1, byte for byte.
fn request(visitor: &testkit_app::VisitorClient, cursors: Value, accept: &str) -> String {
    let generation = &visitor.session["generation"];
    let hello = json!({"version": 1, "token": visitor.token, "generation": generation, "cursors": cursors}).to_string();
    format!("POST /rt/events HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\naccept: {accept}\r\ncontent-length: {}\r\n\r\n{hello}", hello.len())
}

/// Reads until the received text contains this, and returns all of it.
async fn read_until(stream: &mut TcpStream, wanted: &str) -> String {
    let (mut all, mut buffer) = (Vec::new(), [0; 4096]);
    testkit::in_time(wanted, async {
        while !String::from_utf8_lossy(&all).contains(wanted) {
            let n = stream.read(&mut buffer).await.unwrap();
            assert!(n > 0, "the connection ended after {}", String::from_utf8_lossy(&all));
            all.extend_from_slice(&buffer[..n]);
        }
    })
    .await;
    String::from_utf8(all).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_serves_one_long_poll_after_another_and_other_requests() {
    let app = TestApp::new().await;
    let visitor = app.visitor().await;
    let name = visitor.open("one").await;
    let mut connection = TcpStream::connect(app.base.trim_start_matches("http://")).await.unwrap();
    for _ in 0..3 {
        connection.write_all(request(&visitor, json!({name.as_str(): 0}), "*/*").as_bytes()).await.unwrap();
        let answer = read_until(&mut connection, r#""text":"one""#).await;
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.contains("\r\nconnection: keep-alive\r\n"), "{answer}");
        assert!(answer.contains("\r\nx-request-id: ") && answer.contains("\r\nx-content-type-options: nosniff\r\n"), "{answer}");
        connection.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        read_until(&mut connection, r#""status":"ok""#).await;
    }
    connection.write_all(request(&visitor, json!({"nonsense": 0, "x": "y"}), "*/*").as_bytes()).await.unwrap();
    assert!(read_until(&mut connection, "invalid_value").await.starts_with("HTTP/1.1 422 "));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_brings_what_is_said_and_is_gone_when_its_reader_is() {
    let app = TestApp::new().await;
    let visitor = app.visitor().await;
    let name = visitor.open("one").await;
    let mut connection = TcpStream::connect(app.base.trim_start_matches("http://")).await.unwrap();
    connection.write_all(request(&visitor, json!({name.as_str(): 0}), "text/event-stream").as_bytes()).await.unwrap();
    let head = read_until(&mut connection, r#""text":"one""#).await;
    assert!(head.contains("\r\ncontent-type: text/event-stream") && head.contains("\r\n\r\ndata: {"), "{head}");
    visitor.say(&name, false, text("two")).await;
    assert!(read_until(&mut connection, r#""text":"two""#).await.contains("\nid: {"));
    let id = visitor.session["visitor"].as_str().unwrap().parse().unwrap();
    assert_eq!(app.app().hub().connections_of(id), 1);
    drop(connection);
    testkit::eventually("the session is gone", || async { (app.app().hub().connections_of(id) == 0).then_some(()) }).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_signed_out_is_cut_off_from_streams_and_polls_too() {
    let app = TestApp::new().await;
    let here = app.agent("ada").await;
    let connected = || app.app().hub().staff(app.company.tenant).len();
    for accept in ["text/event-stream", "application/x-ndjson"] {
        let secret = app.company.session(app.app().db(), here.member.id).await;
        let there = here.with_cookie(&secret);
        let mut connection = TcpStream::connect(app.base.trim_start_matches("http://")).await.unwrap();
        let hello = json!({"version": 1, "cursors": {}}).to_string();
        let head = format!("POST /rt/events HTTP/1.1\r\nhost: x\r\norigin: http://x\r\ncookie: __Host-yingda={secret}\r\naccept: {accept}");
        let request = format!("{head}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{hello}", hello.len());
        connection.write_all(request.as_bytes()).await.unwrap();
        testkit::eventually("the connection is there", || async { (connected() == 1).then_some(()) }).await;
        let listed = there.get("/api/v1/auth/sessions").await.expect(200);
        let id = listed["items"].as_array().unwrap().iter().find(|session| session["current"] == true).unwrap()["id"].as_str().unwrap();
        assert_eq!(here.delete(&format!("/api/v1/auth/sessions/{id}")).await.status.as_u16(), 204);
        read_until(&mut connection, r#""code":"signed_out""#).await;
        testkit::eventually("the connection is gone", || async { (connected() == 0).then_some(()) }).await;
        there.post("/rt/events", json!({"version": 1, "cursors": {}})).await.problem(401, "not_signed_in");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_for_behind_a_send_holds_what_was_sent() {
    let app = TestApp::new().await;
    let visitor = app.visitor().await;
    let name = new_conversation();
    let read = || json!({"t": "get", "stream": name, "from": 1, "to": 500});
    let answers = post(&visitor, vec![first(&name, text("one")), send(&name, text("two")), read(), send(&name, text("three")), read()]).await;
    // A page comes in one piece or several.
    let (mut sent, mut rounds) = (0, Vec::new());
    for answer in &answers {
        match answer["t"].as_str() {
            Some("ok") => sent += 1,
            Some("page") => rounds.extend(entries(answer).iter().filter_map(|e| e["body"]["text"].as_str().map(|said| (sent, said.to_owned())))),
            _ => panic!("{answers:?}"),
        }
    }
    let said_after = |sent: i32, words: &str| rounds.iter().any(|(after, said)| *after == sent && said == words);
    assert!(said_after(2, "one") && said_after(2, "two") && !said_after(2, "three"), "{answers:?}");
    assert!(said_after(3, "one") && said_after(3, "two") && said_after(3, "three"), "{answers:?}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_has_ended_takes_nobodys_place() {
    let app = TestApp::new().await;
    let ada = app.agent("ada").await;
    let mut desks = Vec::new();
    for _ in 0..app.app().settings().connections {
        desks.push(staff_socket(&ada, &[]).await);
    }
    // The connection was upgraded while the session was alive.
    let mut late = Realtime::connect(&ada).await;
    app.clock.advance(store::staff_sessions::ABSOLUTE_MS + 1);
    late.send(&hello(&[])).await;
    assert_eq!(late.farewell().await.0.as_deref(), Some("signed_out"));
    for desk in &mut desks {
        desk.send(&json!({"t": "ping"})).await;
        desk.until("pong").await;
    }
    app.stop().await;
}
