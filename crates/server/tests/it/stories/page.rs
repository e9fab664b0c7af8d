//! What docs/PROTOCOL.md says, sentence by sentence: if you change either, check the other.

use serde_json::{Value, json};
use testkit_app::{TestApp, VisitorClient};
use testkit_server::{Client, Realtime};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::people::{as_customer, entries, entry, first, new_conversation, post, send, staff_socket, text, visitor_socket, working_agent};

#[track_caller]
fn the_page_says(words: &str) {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/PROTOCOL.md")).unwrap();
    let on_one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(on_one_line(&page).contains(&on_one_line(words)), "docs/PROTOCOL.md does not say: {words}");
}

/// The code and the status with which the server ends a WebSocket on which this message was the first.
async fn ended_by(visitor: &VisitorClient, message: &str) -> (Option<String>, Option<u16>) {
    let mut socket = Realtime::connect(visitor).await;
    socket.send_text(message).await;
    socket.farewell().await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_line_ends_with_a_line_feed_and_a_clients_may_do_without() {
    the_page_says("Every line from the server ends with a line feed, including the last one; a client may omit its last one.");
    let app = TestApp::new().await;
    let visitor = app.visitor().await;
    let name = visitor.open("one").await;
    let mut socket = Realtime::connect(&visitor).await;
    let hello = json!({"t": "hello", "version": 1, "token": visitor.token, "cursors": {name.as_str(): null}});
    socket.send_text(&format!("{hello}\n{{\"t\":\"ping\"}}\n")).await;
    let mut seen = String::new();
    for wanted in ["welcome", "pong", "reset"] {
        while !seen.contains(&format!(r#""t":"{wanted}""#)) {
            seen.push_str(&socket.next_text().await);
            assert!(seen.ends_with("}\n"), "{seen}");
        }
    }
    assert!(seen.split_terminator('\n').all(|line| serde_json::from_str::<Value>(line).is_ok()), "{seen}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_message_that_will_not_do_is_told_why() {
    the_page_says("- `bad_frame`: an unknown field or frame, in the first message too.");
    the_page_says("- `hello_expected`: any other frame in place of the first `hello`.");
    the_page_says("- `upgrade_required`: a `version` other than 1, whatever the token.");
    let app = TestApp::new().await;
    let visitor = app.visitor().await;
    for (message, code) in [
        (json!({"t": "hello", "version": 1, "token": visitor.token, "colour": "red"}), "bad_frame"),
        (json!({"t": "bonjour", "version": 1}), "bad_frame"),
        (json!("hello"), "bad_frame"),
        (json!({"t": "ping"}), "hello_expected"),
        (json!({"t": "hello", "version": 2}), "upgrade_required"),
        (json!({"t": "hello", "version": 0, "token": "nonsense"}), "upgrade_required"),
        (json!({"t": "hello", "version": 1}), "not_signed_in"),
        (json!({"t": "hello", "version": 1, "token": "nonsense"}), "token_expired"),
    ] {
        assert_eq!(ended_by(&visitor, &message.to_string()).await, (Some(code.to_owned()), Some(1008)), "{message}");
    }
    assert_eq!(ended_by(&visitor, " ").await.0.as_deref(), Some("bad_frame"));
    let newer = visitor.post("/rt/events", json!({"version": 2, "token": visitor.token})).await;
    assert!(String::from_utf8_lossy(&newer.body).contains(r#""code":"upgrade_required""#), "{newer:?}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_upgrade_is_told_the_version_that_is_spoken() {
    the_page_says("A request that is not a valid upgrade gets 400, with `Sec-WebSocket-Version: 13`.");
    let app = TestApp::new().await;
    let upgrade = async |version: &str, key: &str| {
        let mut connection = TcpStream::connect(app.base.trim_start_matches("http://")).await.unwrap();
        let request = format!(
            "GET /ws HTTP/1.1\r\nhost: x\r\nconnection: Upgrade, close\r\nupgrade: websocket\r\nsec-websocket-version: {version}\r\nsec-websocket-key: {key}\r\n\r\n"
        );
        connection.write_all(request.as_bytes()).await.unwrap();
        let (mut answer, mut buffer) = (String::new(), [0; 4096]);
        testkit::in_time("an answer", async {
            while !answer.contains("\r\n\r\n") {
                let n = connection.read(&mut buffer).await.unwrap();
                answer.push_str(&String::from_utf8_lossy(&buffer[..n]));
            }
        })
        .await;
        answer
    };
    let good = "dGhlIHNhbXBsZSBub25jZQ==";
    let taken = upgrade("13", good).await;
    assert!(taken.starts_with("HTTP/1.1 101 ") && taken.contains("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), "{taken}");
    for (version, key) in
        [("8", good), ("14", good), ("13", ""), ("13", "dGhlIHNhbXBsZQ=="), ("13", "dGhlIHNhbXBsZSBub25jZQ"), ("13", "not base64 at all, is it")]
    {
        let refused = upgrade(version, key).await;
        assert!(refused.starts_with("HTTP/1.1 400 ") && refused.contains("sec-websocket-version: 13\r\n"), "{version} {key}: {refused}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_to_come_again_is_told_by_the_status_too() {
    the_page_says("1012 after `moving`,");
    let mut app = TestApp::new().await;
    let visitor = app.visitor().await;
    let mut socket = visitor_socket(&visitor, &visitor.session).await;
    app.signal();
    assert_eq!(socket.farewell().await, (Some("moving".to_owned()), Some(1012)));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_goodbye_comes_back_with_its_own_status() {
    the_page_says("A client that closes the connection gets its own status back.");
    let app = TestApp::new().await;
    let visitor = app.visitor().await;
    for status in [1000, 1001, 3000, 4999] {
        let mut socket = visitor_socket(&visitor, &visitor.session).await;
        socket.say_goodbye(status).await;
        assert_eq!(socket.farewell().await, (None, Some(status)));
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_is_followed_from_its_first_send_on_and_is_not_there_before() {
    the_page_says("Name it in a `hello` only after that `send` got its `ok`: before that there is nothing to follow, and the answer is `gone`.");
    let app = TestApp::new().await;
    let visitor = app.visitor().await;
    let name = new_conversation();
    let mut socket = Realtime::connect(&visitor).await;
    socket.send(&json!({"t": "hello", "version": 1, "token": visitor.token, "cursors": {name.as_str(): 0}})).await;
    assert_eq!(socket.until("gone").await, json!({"t": "gone", "stream": name, "code": "no_access"}));
    socket.send(&first(&name, text("hello"))).await;
    socket.until("ok").await;
    assert_eq!(entry(&mut socket, "opened").await["seq"], 1);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_a_conversation_that_was_reopened_is_named() {
    the_page_says(r#"with an agent also `"name","number"`, and for staff `"agent"` |"#);
    let app = TestApp::new().await;
    let (ada, mut desk) = working_agent(&app, "ada").await;
    let visitor = app.visitor().await;
    let name = new_conversation();
    post(&visitor, vec![first(&name, json!({"type": "request_human", "via": "button"}))]).await;
    post(&ada, vec![send(&name, text("hello")), send(&name, json!({"type": "resolve"}))]).await;
    desk.send(&super::people::hello(&[&name])).await;
    desk.until("reset").await;
    visitor.say(&name, false, text("one more thing")).await;
    let number = &ada.member.number;
    let seen = as_customer(&visitor, &name).await.into_iter().find(|e| e["kind"] == "reopened").unwrap();
    assert_eq!(seen["body"], json!({"episode": 2, "with": "agent", "name": "ada", "number": number}));
    let told = entry(&mut desk, "reopened").await;
    assert_eq!(told["body"], json!({"episode": 2, "with": "agent", "name": "ada", "number": number, "agent": ada.member.id}));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_takes_an_end_back_or_begins_anew_and_nobody_else_does() {
    the_page_says(r#"| `{"type":"reopen"}` | staff | reopen a conversation that one served"#);
    let app = TestApp::new().await;
    let (ada, eve) = (app.agent("ada").await, app.agent("eve").await);
    let visitor = app.visitor().await;
    let name = new_conversation();
    let acts = async |who: &Client, body: Value| post(who, vec![send(&name, body)]).await[0].clone();
    post(&visitor, vec![first(&name, json!({"type": "request_human", "via": "button"}))]).await;
    for body in [json!({"type": "take"}), text("hello")] {
        acts(&ada, body).await;
    }
    let reopen = || json!({"type": "reopen"});
    assert_eq!(acts(&ada, reopen()).await["code"], "not_ended");
    assert_eq!(acts(&ada, json!({"type": "resolve"})).await["t"], "ok");
    assert_eq!(acts(&eve, reopen()).await["code"], "not_found");
    assert_eq!(visitor.say(&name, false, reopen()).await["code"], "not_permitted");
    // At once, the episode goes on.
    assert_eq!(acts(&ada, reopen()).await["t"], "ok");
    assert_eq!(acts(&ada, text("one moment")).await["t"], "ok");
    assert_eq!(acts(&ada, json!({"type": "resolve"})).await["t"], "ok");
    // Later, another begins.
    app.clock.advance(domain::conversation::UNDO_WINDOW_MS + 1);
    assert_eq!(acts(&ada, reopen()).await["t"], "ok");
    let seen: Vec<Value> = as_customer(&visitor, &name).await.into_iter().filter(|entry| entry["kind"] == "reopened").collect();
    let number = &ada.member.number;
    let undone = json!({"episode": 1, "with": "agent", "name": "ada", "number": number, "undo": true});
    let anew = json!({"episode": 2, "with": "agent", "name": "ada", "number": number});
    assert_eq!(seen.iter().map(|entry| &entry["body"]).collect::<Vec<_>>(), [&undone, &anew]);
    assert!(seen.iter().all(|entry| entry["by"] == json!({"kind": "agent", "name": "ada"})), "{seen:?}");
    assert_eq!(acts(&ada, json!({"type": "resolve"})).await["t"], "ok");
    // What the customer ended is not the staff's to take back.
    app.clock.advance(domain::conversation::UNDO_WINDOW_MS + 1);
    assert_eq!(acts(&ada, reopen()).await["t"], "ok");
    visitor.say(&name, false, json!({"type": "end"})).await;
    for who in [&ada, &app.manager("mira").await] {
        assert_eq!(acts(who, reopen()).await["code"], "ended_by_customer");
    }
    app.clock.advance(domain::conversation::UNDO_WINDOW_MS + 1);
    assert_eq!(acts(&ada, reopen()).await["t"], "ok");
    assert_eq!(acts(&ada, json!({"type": "resolve"})).await["t"], "ok");
    // A customer who has gone on elsewhere is not called back.
    let other = new_conversation();
    post(&visitor, vec![first(&other, text("something else"))]).await;
    let refused = acts(&ada, reopen()).await;
    assert_eq!((&refused["code"], refused["conversation"].as_str()), (&json!("use"), Some(other.as_str())));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_what_was_just_taken_is_told_so_and_nothing_else() {
    let app = TestApp::new().await;
    let (ada, eve) = (app.agent("ada").await, app.agent("eve").await);
    let visitor = app.visitor().await;
    let name = new_conversation();
    post(&visitor, vec![first(&name, json!({"type": "request_human", "via": "button"}))]).await;
    assert_eq!(post(&ada, vec![send(&name, json!({"type": "take"}))]).await[0]["t"], "ok");
    assert_eq!(post(&eve, vec![send(&name, json!({"type": "take"}))]).await[0]["code"], "already_taken");
    assert_eq!(post(&eve, vec![send(&name, text("hello"))]).await[0]["code"], "not_found");
    let stranger = app.staff_of(&app.other_company("beta").await, domain::staff::Role::Agent, "zoe").await;
    assert_eq!(post(&stranger, vec![send(&name, json!({"type": "take"}))]).await[0]["code"], "not_found");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_range_that_is_none_has_a_code_of_its_own_and_the_stream_goes_on() {
    the_page_says(r#"{"t":"no","stream":"cnv_…","code":"bad_range"}            // about a get: no page follows; nothing else ends"#);
    let app = TestApp::new().await;
    let visitor = app.visitor().await;
    let name = visitor.open("one").await;
    let mut socket = Realtime::connect(&visitor).await;
    socket.send(&json!({"t": "hello", "version": 1, "token": visitor.token, "cursors": {name.as_str(): 0}})).await;
    for (from, to) in [(0, 5), (-1, -1), (2, 1)] {
        let get = json!({"t": "get", "stream": name, "from": from, "to": to});
        socket.send(&get).await;
        let refused = json!({"t": "no", "stream": name, "code": "bad_range"});
        assert_eq!(socket.until("no").await, refused);
        assert_eq!(post(&visitor, vec![get]).await, [refused]);
    }
    visitor.say(&name, false, text("two")).await;
    socket.find("what is said after it", |f| entries(f).iter().any(|e| e["body"]["text"] == "two")).await;
    let other = app.visitor().await.open("of somebody else").await;
    socket.send(&json!({"t": "get", "stream": other, "from": 1, "to": 2})).await;
    assert_eq!(socket.until("gone").await, json!({"t": "gone", "stream": other, "code": "not_followed"}));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_entry_is_reached_by_post_however_long_ago() {
    the_page_says("A posted `get` does not require the stream to be followed, only the right to read it (otherwise `gone no_access`).");
    let app = TestApp::new().await;
    let visitor = app.visitor().await;
    let name = new_conversation();
    let words = |n: usize| text(&format!("{n} {}", "x".repeat(2_000)));
    post(&visitor, vec![first(&name, words(0))]).await;
    for chunk in 0..12 {
        post(&visitor, (1..=50).map(|n| send(&name, words(chunk * 50 + n))).collect()).await;
    }
    let head = as_customer_head(&visitor, &name).await;
    assert!(head > 600, "{head}");
    let (mut next, mut parts) = (1, 0);
    while next <= head {
        let pages = post(&visitor, vec![json!({"t": "get", "stream": name, "from": next, "to": head})]).await;
        for page in pages {
            assert_eq!((&page["t"], &page["from"]), (&json!("page"), &json!(next)), "{page}");
            for entry in entries(&page) {
                assert_eq!(entry["seq"], next);
                next += 1;
            }
            assert_eq!(page["to"], next - 1, "it ends where its entries end");
        }
        parts += 1;
    }
    assert!((2..20).contains(&parts), "an answer holds a part: {parts}");
    let answers = post(&visitor, vec![json!({"t": "get", "stream": name, "from": 1, "to": 1}), send(&name, text("in order"))]).await;
    assert_eq!([&answers[0]["t"], &answers[1]["t"]], ["page", "ok"]);
    let all = (0..8).map(|_| json!({"t": "get", "stream": name, "from": 1, "to": 500})).collect();
    let answers = post(&visitor, all).await;
    assert_eq!(answers.last(), Some(&json!({"t": "no", "stream": name, "code": "busy"})), "what finds no room is asked for again");
    let stranger = app.visitor().await;
    let refused = post(&stranger, vec![json!({"t": "get", "stream": name, "from": 1, "to": 1})]).await;
    assert_eq!(refused, [json!({"t": "gone", "stream": name, "code": "no_access"})]);
    app.stop().await;
}

/// The number of the last entry.
async fn as_customer_head(visitor: &VisitorClient, name: &str) -> i64 {
    let hello = json!({"version": 1, "token": visitor.token, "cursors": {name: null}});
    let answer = visitor.post("/rt/events", hello).await;
    let frames = String::from_utf8(answer.body).unwrap();
    let frames: Vec<Value> = frames.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    frames.iter().find(|frame| frame["t"] == "welcome").unwrap()["heads"][name].as_i64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_longest_text_is_taken_on_every_transport_however_it_is_written() {
    the_page_says("frame, WebSocket message and POST 256 KiB (the longest text fits, however it is escaped)");
    let app = TestApp::new().await;
    let visitor = app.visitor().await;
    let name = visitor.open("hello").await;
    let mut socket = Realtime::connect(&visitor).await;
    socket.send(&json!({"t": "hello", "version": 1, "token": visitor.token, "cursors": {name.as_str(): null}})).await;
    socket.until("reset").await;
    let (most, chinese) = (32 * 1024, 32 * 1024 / 3);
    let written = [
        (r#"\""#.repeat(most), "\"".repeat(most)),
        (r"\u957f".repeat(chinese), "长".repeat(chinese)),
        (r"\u0078".repeat(most), "x".repeat(most)),
        // A text of which nothing is seen is refused.
        (format!("x{}", r"\u0001".repeat(most - 1)), format!("x{}", "\u{1}".repeat(most - 1))),
    ];
    for (escaped, meant) in &written {
        for transport in ["WebSocket", "POST"] {
            let id = testkit::ids::uuid();
            let frame = format!(r#"{{"t":"send","conversation":"{name}","client_id":"{id}","body":{{"type":"text","text":"{escaped}"}}}}"#);
            if transport == "WebSocket" {
                socket.send_text(&frame).await;
            } else {
                let body = format!(r#"{{"token":"{}","frames":[{frame}]}}"#, visitor.token.as_ref().unwrap());
                let answer = visitor.upload("/rt/send", "application/json", body.into_bytes()).await.expect(200);
                assert_eq!(answer["frames"][0]["t"], "ok", "{answer}");
            }
            let own = |e: &Value| e["client_id"] == id.to_string();
            let frame = socket.find("the text", |f| entries(f).iter().any(own)).await;
            let said = entries(&frame).into_iter().find(own).unwrap();
            assert!(said["body"]["text"] == meant.as_str(), "{transport}: other words came back than were sent");
        }
    }
    let plain = send(&name, text(&"x".repeat(most + 1)));
    socket.send(&plain).await;
    assert_eq!(socket.until("no").await["code"], "text_too_long");
    assert_eq!(post(&visitor, vec![plain]).await[0]["code"], "text_too_long");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_were_swallowed_make_room_for_new_ones() {
    the_page_says(
        "A further connection takes the place of the one that has been silent longest, if that has been silent for at least 30 s; otherwise the further one ends. The one that ends gets `too_many_connections`.",
    );
    let app = TestApp::new().await;
    let (visitor, ada) = (app.visitor().await, app.agent("ada").await);
    let name = visitor.open("hello").await;
    let hello = json!({"t": "hello", "version": 1, "token": visitor.token, "cursors": {}});
    let (mut swallowed, mut desks) = (Vec::new(), Vec::new());
    for _ in 0..app.app().settings().connections {
        let mut socket = Realtime::connect(&visitor).await;
        socket.send(&hello).await;
        socket.until("welcome").await;
        swallowed.push(socket);
        desks.push(staff_socket(&ada, &[]).await);
        app.clock.advance(1);
    }
    // While all of them were heard from a moment ago, a new one is one too many.
    let too_many = (Some("too_many_connections".to_owned()), Some(1008));
    assert_eq!(ended_by(&visitor, &hello.to_string()).await, too_many);
    app.clock.advance(30_000);
    swallowed[0].send(&json!({"t": "ping"})).await;
    swallowed[0].until("pong").await;
    let mut fresh = Realtime::connect(&visitor).await;
    fresh.send(&hello).await;
    fresh.until("welcome").await;
    assert_eq!(swallowed[1].farewell().await, too_many, "the one silent longest, and that is not the one that has just asked");
    for socket in [0, 2] {
        swallowed[socket].send(&json!({"t": "ping"})).await;
        swallowed[socket].until("pong").await;
    }
    let polled = visitor.post("/rt/events", json!({"version": 1, "token": visitor.token, "cursors": {name.as_str(): null}})).await;
    assert!(String::from_utf8_lossy(&polled.body).contains("reset"), "{polled:?}");
    staff_socket(&ada, &[]).await;
    assert_eq!(desks[0].farewell().await, too_many);
    app.stop().await;
}
