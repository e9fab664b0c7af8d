//! The main flow: a customer asks the bot, asks for a person, is served and rates; the manager sees it.

use serde_json::json;
use testkit_app::TestApp;
use testkit_server::Realtime;

use crate::stories::people::{as_customer, entry, first, hello, new_conversation, post, send, text, visitor_socket, working_agent};

async fn story(app: TestApp) {
    let (_agent, mut desk) = working_agent(&app, "ada").await;
    let manager = app.manager("grace").await;
    let visitor = app.visitor().await;
    let mut widget = visitor_socket(&visitor, &visitor.session).await;
    let conversation = new_conversation();

    widget.send(&first(&conversation, text("what is this?"))).await;
    let ok = widget.until("ok").await;
    assert_eq!(ok["seq"], 2, "opened is 1, the message 2");
    let answer = widget.find("the bot's answer", |f| super::people::entries(f).iter().any(|e| e["by"]["kind"] == "bot")).await;
    assert_eq!(answer["stream"], conversation.as_str());

    widget.send(&send(&conversation, json!({"type": "request_human", "via": "button"}))).await;
    let assigned = entry(&mut widget, "assigned").await;
    assert_eq!((assigned["body"]["name"].as_str(), assigned["body"].get("agent")), (Some("ada"), None));
    let row = desk.find("the row", |f| f["t"] == "summary" && f["conversation"]["state"] == "active").await;
    assert_eq!(row["conversation"]["id"], conversation.as_str());

    desk.send(&hello(&[&conversation])).await;
    let reset = desk.find("reset", |f| f["t"] == "reset").await;
    assert!(super::people::entries(&reset).iter().any(|e| e["kind"] == "routing"), "why me is told");
    desk.send(&send(&conversation, json!({"type": "note", "text": "looks new"}))).await;
    desk.send(&send(&conversation, text("hello, I am Ada"))).await;
    let reply = widget.find("the agent's words", |f| super::people::entries(f).iter().any(|e| e["by"]["kind"] == "agent" && e["kind"] == "message")).await;
    assert!(!reply.to_string().contains("looks new"));

    desk.send(&send(&conversation, json!({"type": "resolve"}))).await;
    entry(&mut widget, "resolved").await;
    widget.send(&send(&conversation, json!({"type": "rate", "score": 5, "comment": "quick"}))).await;
    entry(&mut widget, "rated").await;

    app.feed_panel().await;
    let panel = manager.get("/api/v1/panel").await.expect(200);
    for key in ["session_created", "session_used", "session_transferred", "session_rated", "dialogue", "transfer_request", "rating_good"] {
        assert_eq!(panel["today"][key], 1, "{key}: {panel}");
        let behind = manager.get(&format!("/api/v1/panel/{key}/conversations?window=today")).await.expect(200);
        assert_eq!((behind["count"].as_i64(), behind["items"][0]["conversation"]["id"].as_str()), (Some(1), Some(conversation.as_str())), "{key}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_served_and_the_manager_sees_it() {
    story(TestApp::new().await).await;
    if let Some(app) = TestApp::on_postgres().await {
        story(app).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resend_gets_the_first_number_and_other_words_under_the_same_id_are_refused() {
    let app = TestApp::new().await;
    let visitor = app.visitor().await;
    let conversation = new_conversation();
    let frame = first(&conversation, text("once"));
    let mut other = frame.clone();
    other["body"] = text("twice");
    let answers = super::people::post(&visitor, vec![frame.clone(), frame.clone(), other]).await;
    assert_eq!((&answers[0]["t"], &answers[0]["seq"]), (&json!("ok"), &answers[1]["seq"]));
    assert_eq!((&answers[2]["t"], &answers[2]["code"]), (&json!("no"), &json!("client_id_reused")));
    let stranger = app.visitor().await;
    let stolen = super::people::post(&stranger, vec![frame]).await;
    assert_eq!((&stolen[0]["t"], &stolen[0]["code"]), (&json!("no"), &json!("not_found")), "not that the id was used");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_takes_as_many_as_the_capacity_says() {
    let app = TestApp::new().await;
    let ada = app.agent("ada").await;
    let mut waiting = Vec::new();
    for _ in 0..=ada.member.capacity {
        let (visitor, conversation) = (app.visitor().await, new_conversation());
        let frames = vec![first(&conversation, text("hello")), send(&conversation, json!({"type": "request_human", "via": "button"}))];
        super::people::post(&visitor, frames).await;
        waiting.push(conversation);
    }
    let take = async |conversation: &str| super::people::post(&ada, vec![send(conversation, json!({"type": "take"}))]).await[0].clone();
    let (last, others) = waiting.split_last().unwrap();
    for conversation in others {
        assert_eq!(take(conversation).await["t"], "ok");
    }
    let refused = take(last).await;
    assert_eq!((&refused["t"], &refused["code"]), (&json!("no"), &json!("at_capacity")));
    super::people::post(&ada, vec![send(&others[0], json!({"type": "resolve"}))]).await;
    assert_eq!(take(last).await["t"], "ok");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_devices_of_a_visitor_end_up_in_one_conversation() {
    let app = TestApp::new().await;
    let visitor = app.visitor().await;
    let (one, two) = (new_conversation(), new_conversation());
    let answers = super::people::post(&visitor, vec![first(&one, text("a")), first(&two, text("b"))]).await;
    assert_eq!((&answers[1]["code"], &answers[1]["conversation"]), (&json!("use"), &json!(one)));
    app.stop().await;
}

/// A console breaks off, and is missed for long enough that its member of staff counts as lost.
async fn lose(app: &TestApp, desk: Realtime) {
    drop(desk);
    testkit::eventually("the console is gone", || async { app.app().hub().agents(domain::time::Ts(0)).is_empty().then_some(()) }).await;
    app.clock.advance(31_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_who_is_lost_gives_unanswered_conversations_back_at_their_age() {
    let app = TestApp::new().await;
    let (_ada, desk) = working_agent(&app, "ada").await;
    let visitor = app.visitor().await;
    let mut widget = visitor_socket(&visitor, &visitor.session).await;
    let conversation = new_conversation();
    widget.send(&first(&conversation, json!({"type": "request_human", "via": "button"}))).await;
    entry(&mut widget, "assigned").await;
    lose(&app, desk).await;
    desk::jobs::keep_leases::step(app.app()).await.unwrap();
    entry(&mut widget, "returned").await;
    let (boss, _) = (app.manager("grace").await, ());
    let waiting = boss.get("/api/v1/conversations?list=queue").await.expect(200);
    assert_eq!(waiting["items"][0]["queued_at"], testkit::clock::START.0);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_was_taken_over_from_the_bot_waits_once_its_agent_is_lost() {
    let app = TestApp::new().await;
    let boss = app.manager("grace").await;
    let desk = super::people::staff_socket(&boss, &[]).await;
    desk::jobs::keep_leases::step(app.app()).await.unwrap();
    let visitor = app.visitor().await;
    let mut widget = visitor_socket(&visitor, &visitor.session).await;
    let conversation = new_conversation();
    widget.send(&first(&conversation, text("hello"))).await;
    entry(&mut widget, "opened").await;
    let taken = post(&boss, vec![send(&conversation, json!({"type": "take"}))]).await;
    assert_eq!(taken[0]["t"], "ok", "{taken:?}");
    entry(&mut widget, "assigned").await;
    lose(&app, desk).await;
    for _ in 0..2 {
        desk::jobs::keep_leases::step(app.app()).await.unwrap();
    }
    entry(&mut widget, "returned").await;
    let returned = as_customer(&visitor, &conversation).await.into_iter().filter(|entry| entry["kind"] == "returned").count();
    let waiting = boss.get("/api/v1/conversations?list=queue").await.expect(200);
    assert_eq!((returned, waiting["items"].as_array().unwrap().len()), (1, 1));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_who_begins_to_serve_gets_who_waits() {
    let app = TestApp::new().await;
    let ada = app.agent("ada").await;
    let _desk = super::people::staff_socket(&ada, &[]).await;
    desk::jobs::keep_leases::step(app.app()).await.unwrap();
    let visitor = app.visitor().await;
    let mut widget = visitor_socket(&visitor, &visitor.session).await;
    let conversation = new_conversation();
    widget.send(&first(&conversation, json!({"type": "request_human", "via": "button"}))).await;
    entry(&mut widget, "queued").await;
    ada.put("/api/v1/me/state", json!({"state": "available"})).await.expect(200);
    assert_eq!(entry(&mut widget, "assigned").await["body"]["name"], "ada");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_that_is_refused_leaves_no_note_behind() {
    let app = TestApp::new().await;
    let (ada, mut desk) = working_agent(&app, "ada").await;
    let visitor = app.visitor().await;
    let mut widget = visitor_socket(&visitor, &visitor.session).await;
    let conversation = new_conversation();
    widget.send(&first(&conversation, json!({"type": "request_human", "via": "button"}))).await;
    entry(&mut widget, "assigned").await;
    desk.send(&hello(&[&conversation])).await;
    desk.until("reset").await;
    desk.send(&send(&conversation, json!({"type": "transfer", "to": ada.member.id, "note": "to myself"}))).await;
    assert!(desk.until("no").await["code"].is_string());
    desk.send(&send(&conversation, text("still here"))).await;
    let frame = desk.find("the words", |f| super::people::entries(f).iter().any(|e| e["kind"] == "message")).await;
    assert!(!super::people::entries(&frame).iter().any(|e| e["kind"] == "note"), "{frame}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_ends_with_its_token_or_session() {
    let app = TestApp::new().await;
    let (visitor, ada) = (app.visitor().await, app.agent("ada").await);
    let mut widget = visitor_socket(&visitor, &visitor.session).await;
    let mut desk = super::people::staff_socket(&ada, &[]).await;
    realtime::jobs::end_expired_sockets::step(app.app()).await.unwrap();
    app.clock.advance(store::staff_sessions::ABSOLUTE_MS + 1);
    realtime::jobs::end_expired_sockets::step(app.app()).await.unwrap();
    assert_eq!(widget.until("no").await["code"], "token_expired");
    assert_eq!(desk.until("no").await["code"], "signed_out");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_is_moved_to_another_queue_by_whoever_could_take_them() {
    let app = TestApp::new().await;
    let (manager, visitor) = (app.manager("mira").await, app.visitor().await);
    let (ada, bo) = (app.agent("ada").await, app.agent("bo").await);
    let bills = json!({"name": {"zh": "账单", "en": "Bills"}, "everybody": false, "members": [bo.member.id]});
    let bills = manager.post("/api/v1/queues", bills).await.expect(201)["id"].as_str().unwrap().to_owned();
    let (mut desk, mut of_bo) = (super::people::staff_socket(&ada, &[]).await, super::people::staff_socket(&bo, &[]).await);
    let mut widget = visitor_socket(&visitor, &visitor.session).await;
    let conversation = new_conversation();
    widget.send(&first(&conversation, json!({"type": "request_human", "via": "button"}))).await;
    entry(&mut widget, "queued").await;
    let waits = |queue: &str| {
        let queue = queue.to_owned();
        move |frame: &serde_json::Value| frame["t"] == "summary" && frame["conversation"]["queue"]["id"] == queue
    };
    let before = desk.find("it waits", waits(&app.company.queue.to_string())).await["conversation"].clone();
    assert_eq!(before["wait"], json!({"reason": "button", "why": "button", "by": null, "topic": null}));
    app.clock.advance(60_000);
    let to = |queue: &str| send(&conversation, json!({"type": "transfer", "to": queue, "note": "It is about a bill."}));
    widget.send(&to(&bills)).await;
    assert_eq!(widget.until("no").await["code"], "not_permitted");
    desk.send(&to(&app.company.queue.to_string())).await;
    assert_eq!(desk.until("no").await["code"], "already_there");
    desk.send(&to(&ada.member.id.to_string())).await;
    assert!(desk.until("no").await["code"].is_string(), "whoever waits is given to nobody by hand");
    desk.send(&to(&bills)).await;
    let after = of_bo.find("it waits elsewhere", waits(&bills)).await["conversation"].clone();
    desk.find("it is gone for who does not serve there", |frame| *frame == json!({"t": "gone", "stream": conversation, "code": "no_access"})).await;
    assert_eq!((&after["queued_at"], &after["epoch"]), (&before["queued_at"], &before["epoch"]));
    assert_eq!(after["wait"], json!({"reason": "transferred", "why": null, "by": "ada", "topic": null}));
    let told = widget.find("the customer is told", |f| super::people::entries(f).iter().any(|e| e["kind"] == "transferred")).await;
    let bodies: Vec<_> = super::people::entries(&told).iter().map(|e| e["body"].clone()).collect();
    assert_eq!(bodies, [json!({"to_kind": "queue", "to_name": "Bills", "from_name": "ada"}), json!({"queue": "Bills"})]);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_waits_says_what_the_bot_answered_last() {
    let app = TestApp::new().await;
    app.topic("plans").await;
    let mira = app.manager("mira").await;
    let question =
        json!({"category": "plans", "question": {"zh": "怎么换套餐", "en": "How do I change plans?"}, "answer": {"zh": "在营业厅换。", "en": "At a store."}});
    mira.post("/api/v1/knowledge/entries", question.clone()).await.expect(201);
    let revision = mira.get("/api/v1/knowledge").await.expect(200)["revision"].clone();
    mira.post("/api/v1/knowledge/publish", json!({"revision": revision, "note": "first"})).await.expect(200);
    let mut desk = super::people::staff_socket(&mira, &[]).await;
    let visitor = app.visitor().await;
    for (says, topic) in [("How do I change plans?", &question["question"]), ("do glaciers sing", &json!(null))] {
        let conversation = visitor.open(says).await;
        app.bot_is_done().await;
        visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
        let row = desk.find("it waits", |f| f["t"] == "summary" && f["conversation"]["id"] == conversation && f["conversation"]["state"] == "queued").await;
        assert_eq!(&row["conversation"]["wait"]["topic"], topic, "{says}");
        visitor.say(&conversation, false, json!({"type": "end"})).await;
        let row = desk.find("it is over", |f| f["t"] == "summary" && f["conversation"]["id"] == conversation && f["conversation"]["state"] == "resolved").await;
        assert_eq!(row["conversation"]["wait"], json!(null));
    }
    app.stop().await;
}
