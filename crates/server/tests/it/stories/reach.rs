//! The lists of a console say nothing of conversations that its member may not read.

use domain::staff::Role;
use serde_json::{Value, json};
use testkit_app::{StaffClient, TestApp};
use testkit_server::Realtime;

use crate::stories::people::{post, send, staff_socket, text};

/// A queue that only these members serve.
async fn queue_of(app: &TestApp, manager: &StaffClient, members: &[&StaffClient]) -> String {
    let members: Vec<_> = members.iter().map(|who| who.member.id).collect();
    let queue = json!({"name": {"zh": "账单", "en": "Bills"}, "everybody": false, "members": members});
    let id = manager.post("/api/v1/queues", queue).await.expect(201)["id"].as_str().unwrap().to_owned();
    assert_ne!(id, app.company.queue.to_string());
    id
}

/// The frames until a conversation appears in the lists as waiting; those that come later are not waited for.
async fn until_waits(socket: &mut Realtime, conversation: &str) -> Vec<Value> {
    let mut frames = Vec::new();
    loop {
        let frame = socket.next().await.unwrap();
        let is_last = frame["t"] == "summary" && frame["conversation"]["id"] == conversation && frame["conversation"]["state"] == "queued";
        frames.push(frame);
        if is_last {
            return frames;
        }
    }
}

fn about<'a>(frames: &'a [Value], conversation: &str) -> Vec<&'a Value> {
    frames.iter().filter(|frame| frame.to_string().contains(conversation)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_told_only_of_what_may_be_read_and_lose_the_rest_without_a_word() {
    let app = TestApp::new().await;
    let (mira, ada, bo) = (app.manager("mira").await, app.agent("ada").await, app.agent("bo").await);
    let bills = queue_of(&app, &mira, &[&bo]).await;
    let mut of_ada = staff_socket(&ada, &[]).await;
    let act = async |who: &StaffClient, conversation: &str, body: Value| assert_eq!(post(who, vec![send(conversation, body)]).await[0]["t"], "ok");
    let asks = async || {
        let visitor = app.visitor().await;
        let conversation = visitor.open("My number is 13800138000").await;
        visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
        (visitor, conversation)
    };
    let (visitor, moved) = asks().await;
    until_waits(&mut of_ada, &moved).await;
    act(&mira, &moved, json!({"type": "transfer", "to": bills})).await;
    let gone = of_ada.until("gone").await;
    assert_eq!(gone, json!({"t": "gone", "stream": moved, "code": "no_access"}));
    // From here on it is no matter of hers.
    act(&bo, &moved, json!({"type": "take"})).await;
    act(&bo, &moved, text("hello")).await;
    visitor.say(&moved, false, json!({"type": "text", "text": "more"})).await;
    act(&bo, &moved, json!({"type": "resolve"})).await;
    // What waits for her too, and is taken by somebody else, leaves her list.
    let (_, taken) = asks().await;
    let frames = until_waits(&mut of_ada, &taken).await;
    assert_eq!(about(&frames, &moved), Vec::<&Value>::new());
    act(&bo, &taken, json!({"type": "take"})).await;
    let next = of_ada.find("it is taken", |frame| about(std::slice::from_ref(frame), &taken) == [frame]).await;
    assert_eq!(next, json!({"t": "gone", "stream": taken, "code": "no_access"}));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_that_was_acknowledged_leaves_those_whom_it_alone_let_in() {
    let app = TestApp::new().await;
    let (mira, bo, eve) = (app.manager("mira").await, app.agent("bo").await, app.agent("eve").await);
    let seen = mira.get("/api/v1/queues").await.expect(200)["items"][0]["updated_at"].clone();
    let members = json!({"everybody": false, "members": [bo.member.id], "confirm": true, "seen": seen});
    mira.patch(&format!("/api/v1/queues/{}", app.company.queue), members).await.expect(200);
    let mut of_eve = staff_socket(&eve, &[]).await;
    let conversation = app.visitor().await.open("I want to kill myself").await;
    until_waits(&mut of_eve, &conversation).await;
    of_eve.send(&crate::stories::people::hello(&[&conversation])).await;
    of_eve.until("reset").await;
    assert_eq!(post(&bo, vec![send(&conversation, json!({"type": "acknowledge_alert"}))]).await[0]["t"], "ok");
    // Once for the stream, and once for the list.
    for _ in 0..2 {
        assert_eq!(of_eve.until("gone").await["stream"], conversation.as_str());
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_refused_to_whoever_serves_no_conversations() {
    let app = TestApp::new().await;
    let conversation = app.visitor().await.open("hello").await;
    for (role, name) in [(Role::Auditor, "kim"), (Role::KnowledgeEditor, "lee")] {
        let who = app.staff(role, name).await;
        let mut socket = staff_socket(&who, &[]).await;
        socket.send(&json!({"t": "ping"})).await;
        let frame = socket.next().await.unwrap();
        assert_eq!((&frame["t"], frame.to_string().contains(&conversation)), (&json!("pong"), false), "{role:?}: {frame}");
    }
    app.stop().await;
}
