//! What a customer says that it is about before a person is asked for: carried to the queue, to the skills and to the agent, and asked once.

use serde_json::{Value, json};
use testkit_app::{StaffClient, TestApp, VisitorClient};

use crate::stories::people::{as_customer as all_entries, first, new_conversation, post, send, text, working_agent};

async fn new_queue(mira: &StaffClient, name: &str) -> String {
    mira.post("/api/v1/queues", json!({"name": {"zh": name, "en": name}})).await.expect(201)["id"].as_str().unwrap().to_owned()
}

async fn new_kind(mira: &StaffClient, body: Value) -> String {
    mira.post("/api/v1/question-kinds", body).await.expect(201)["id"].as_str().unwrap().to_owned()
}

/// A customer who has said hello to the bot.
async fn begun(app: &TestApp) -> (VisitorClient, String) {
    let (visitor, conversation) = (app.visitor().await, new_conversation());
    post(&visitor, vec![first(&conversation, text("hello"))]).await;
    app.bot_is_done().await;
    (visitor, conversation)
}

async fn row(mira: &StaffClient, conversation: &str) -> Value {
    mira.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200)
}

/// Changes the company's site.
async fn change_site(root: &StaffClient, mut change: Value) {
    let site = root.get("/api/v1/company/sites").await.expect(200)["items"][0].clone();
    change["seen"] = site["updated_at"].clone();
    root.patch(&format!("/api/v1/company/sites/{}", site["id"].as_str().unwrap()), change).await.expect(200);
}

/// The site asks for these kinds of question from now on.
async fn site_asks(app: &TestApp, kinds: &[&str]) -> StaffClient {
    let root = app.staff(domain::staff::Role::Administrator, "root").await;
    change_site(&root, json!({"asks_about": {"on": true, "may_skip": true, "questions": kinds}})).await;
    root
}

fn refund() -> Value {
    json!({"name": {"zh": "退费", "en": "Refund"}, "details": [{"label": {"zh": "订单号", "en": "Order"}, "required": true}]})
}

#[tokio::test]
async fn what_it_is_about_leads_to_a_queue_and_reaches_the_agent_and_is_asked_once() {
    let app = TestApp::new().await;
    let mira = app.manager("mira").await;
    let money = new_queue(&mira, "money").await;
    let mut asked = refund();
    asked["queue"] = json!(money);
    let kind = new_kind(&mira, asked).await;
    site_asks(&app, &[&kind]).await;
    let (visitor, conversation) = begun(&app).await;
    let tell = json!({"type": "ask_about", "question": kind, "details": [{"label": "Order", "text": "8812"}]});
    let human = json!({"type": "request_human", "via": "button"});
    let missing = post(&visitor, vec![send(&conversation, json!({"type": "ask_about", "question": kind}))]).await;
    assert_eq!(missing[0]["code"], "detail_missing", "{missing:?}");
    let told = post(&visitor, vec![send(&conversation, tell.clone()), send(&conversation, human.clone())]).await;
    assert!(told.iter().all(|answer| answer["t"] == "ok"), "{told:?}");
    let waiting = row(&mira, &conversation).await;
    assert_eq!((&waiting["state"], &waiting["queue"]["id"], &waiting["about"]["name"]["en"]), (&json!("queued"), &json!(money), &json!("Refund")));
    assert_eq!(waiting["asked_about"]["details"][0], json!({"label": {"zh": "订单号", "en": "Order"}, "text": "8812"}));
    let packet = all_entries(&mira, &conversation).await.into_iter().find(|entry| entry["kind"] == "handoff").expect("a packet");
    assert!(packet["body"]["slots"].as_array().unwrap().contains(&json!({"name": "question", "id": kind, "title": "Refund"})), "{packet}");
    // Back with the bot, and a second time to a person: it is known, and not told again.
    post(&visitor, vec![send(&conversation, json!({"type": "leave_queue"}))]).await;
    let again = post(&visitor, vec![send(&conversation, tell), send(&conversation, human)]).await;
    assert_eq!((&again[0]["code"], &again[1]["t"]), (&json!("already_asked_about"), &json!("ok")));
    assert_eq!(row(&mira, &conversation).await["queue"]["id"], json!(money));
    let seen = all_entries(&visitor, &conversation).await;
    assert_eq!(seen.iter().filter(|entry| entry["kind"] == "asked_about").count(), 1, "the customer sees what they said");
}

#[tokio::test]
async fn who_asked_in_words_says_it_while_waiting_and_whoever_says_nothing_goes_on_as_before() {
    let app = TestApp::new().await;
    let mira = app.manager("mira").await;
    let money = new_queue(&mira, "money").await;
    let kind = new_kind(&mira, json!({"name": {"zh": "退费"}, "queue": money})).await;
    site_asks(&app, &[&kind]).await;
    let (visitor, conversation) = begun(&app).await;
    post(&visitor, vec![send(&conversation, json!({"type": "request_human", "via": "button"}))]).await;
    let before = row(&mira, &conversation).await;
    assert_eq!((&before["queue"]["id"], &before["about"]), (&json!(app.company.queue.to_string()), &Value::Null));
    post(&visitor, vec![send(&conversation, json!({"type": "ask_about", "question": kind}))]).await;
    let after = row(&mira, &conversation).await;
    assert_eq!((&after["state"], &after["queue"]["id"], &after["queued_at"]), (&json!("queued"), &json!(money), &before["queued_at"]));
}

#[tokio::test]
async fn a_kind_asks_for_a_skill_and_one_that_is_skipped_archived_or_unknown_does_not() {
    let app = TestApp::new().await;
    let mira = app.manager("mira").await;
    let (_eve, _eve_desk) = working_agent(&app, "eve").await;
    let (ada, _desk) = working_agent(&app, "ada").await;
    let kind = new_kind(&mira, json!({"name": {"zh": "宽带", "en": "Broadband"}})).await;
    site_asks(&app, &[&kind]).await;
    let needs = json!([{"question": kind, "level": 2}]);
    let skill = json!({"name": {"zh": "宽带"}, "members": [{"agent": ada.member.id.to_string(), "level": 3}], "needs": needs});
    mira.post("/api/v1/skills", skill).await.expect(201);
    for _ in 0..2 {
        let (visitor, conversation) = begun(&app).await;
        let frames = [json!({"type": "ask_about", "question": kind}), json!({"type": "request_human", "via": "button"})];
        post(&visitor, frames.map(|body| send(&conversation, body)).to_vec()).await;
        assert_eq!(row(&mira, &conversation).await["agent"]["name"], "ada");
    }
    let (visitor, conversation) = begun(&app).await;
    let list = mira.get("/api/v1/question-kinds").await.expect(200)["items"][0].clone();
    mira.patch(&format!("/api/v1/question-kinds/{kind}"), json!({"archived": true, "seen": list["updated_at"]})).await.expect(200);
    let unknown = "qkd_000000000000000000000000000000ff";
    for question in [kind.as_str(), unknown] {
        let refused = post(&visitor, vec![send(&conversation, json!({"type": "ask_about", "question": question}))]).await;
        assert_eq!(refused[0]["code"], "question_kind_unknown");
    }
    let frames = [json!({"type": "ask_about"}), json!({"type": "request_human", "via": "button"})];
    let told = post(&visitor, frames.map(|body| send(&conversation, body)).to_vec()).await;
    assert!(told.iter().all(|answer| answer["t"] == "ok"), "{told:?}");
    assert_eq!(row(&mira, &conversation).await["agent"]["name"], "eve", "she has fewer, and nothing is asked for");
}

#[tokio::test]
async fn a_site_shows_what_it_asks_without_what_is_archived() {
    let app = TestApp::new().await;
    let (root, mira) = (app.staff(domain::staff::Role::Administrator, "root").await, app.manager("mira").await);
    let (kind, other) = (new_kind(&mira, refund()).await, new_kind(&mira, json!({"name": {"zh": "别的"}})).await);
    let sites = root.get("/api/v1/company/sites").await.expect(200);
    let site = &sites["items"][0];
    let path = format!("/api/v1/company/sites/{}", site["id"].as_str().unwrap());
    assert_eq!(app.get("/api/v1/sites/alpha").await.expect(200)["asks_about"], Value::Null);
    let asks = |questions: Value| json!({"on": true, "may_skip": true, "questions": questions});
    root.patch(&path, json!({"asks_about": asks(json!([])), "seen": site["updated_at"]})).await.problem_at(422, "invalid_value", "asks_about.questions");
    let strange = json!({"asks_about": asks(json!(["qkd_000000000000000000000000000000ff"])), "seen": site["updated_at"]});
    root.patch(&path, strange).await.problem_at(422, "question_kind_unknown", "asks_about.questions");
    root.patch(&path, json!({"asks_about": asks(json!([other, kind])), "seen": site["updated_at"]})).await.expect(200);
    let shown = app.get("/api/v1/sites/alpha").await.expect(200)["asks_about"].clone();
    let ids: Vec<&Value> = shown["questions"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
    assert_eq!((ids, &shown["may_skip"]), (vec![&json!(other), &json!(kind)], &json!(true)));
    let seen = mira.get("/api/v1/question-kinds").await.expect(200)["items"][1]["updated_at"].clone();
    mira.patch(&format!("/api/v1/question-kinds/{other}"), json!({"archived": true, "seen": seen})).await.expect(200);
    let shown = app.get("/api/v1/sites/alpha").await.expect(200)["asks_about"].clone();
    assert_eq!(shown["questions"].as_array().unwrap().len(), 1);
    // What is archived does not prevent other changes, and is not chosen anew.
    change_site(&root, json!({"asks_about": asks(json!([other, kind])), "greeting": {"zh": "你好", "en": "Hi"}})).await;
    change_site(&root, json!({"asks_about": asks(json!([kind]))})).await;
    let site = root.get("/api/v1/company/sites").await.expect(200)["items"][0].clone();
    let anew = json!({"asks_about": asks(json!([kind, other])), "seen": site["updated_at"]});
    root.patch(&path, anew).await.problem_at(422, "question_kind_unknown", "asks_about.questions");
}

#[tokio::test]
async fn only_what_the_site_asks_is_said_and_skipped_only_where_it_allows_that() {
    let app = TestApp::new().await;
    let mira = app.manager("mira").await;
    let (kind, other) = (new_kind(&mira, json!({"name": {"zh": "退费"}})).await, new_kind(&mira, json!({"name": {"zh": "别的"}})).await);
    let root = site_asks(&app, &[&kind]).await;
    change_site(&root, json!({"asks_about": {"on": true, "may_skip": false, "questions": [kind]}})).await;
    let (visitor, conversation) = begun(&app).await;
    for about in [json!({"type": "ask_about", "question": other}), json!({"type": "ask_about"})] {
        assert_eq!(post(&visitor, vec![send(&conversation, about)]).await[0]["code"], "question_kind_unknown");
    }
    assert_eq!(post(&visitor, vec![send(&conversation, json!({"type": "ask_about", "question": kind}))]).await[0]["t"], "ok");
    change_site(&root, json!({"asks_about": {"on": false, "may_skip": false, "questions": [kind]}})).await;
    let (visitor, conversation) = begun(&app).await;
    let off = post(&visitor, vec![send(&conversation, json!({"type": "ask_about", "question": kind}))]).await;
    assert_eq!(off[0]["code"], "question_kind_unknown", "{off:?}");
}

#[tokio::test]
async fn where_nobody_serves_the_queue_of_the_kind_the_site_s_takes_over_and_what_is_left_goes_to_the_kind_s() {
    let app = TestApp::new().await;
    let (mira, eve) = (app.manager("mira").await, app.agent("eve").await);
    let eves = json!({"name": {"zh": "退费", "en": "money"}, "everybody": false, "members": [eve.member.id.to_string()]});
    let money = mira.post("/api/v1/queues", eves).await.expect(201)["id"].clone();
    let kind = new_kind(&mira, json!({"name": {"zh": "退费"}, "queue": money})).await;
    let root = site_asks(&app, &[&kind]).await;
    change_site(&root, json!({"message_when_unstaffed": true})).await;
    let frames = [json!({"type": "ask_about", "question": kind}), json!({"type": "request_human", "via": "button"})];
    let (visitor, conversation) = begun(&app).await;
    let refused = post(&visitor, frames.clone().map(|body| send(&conversation, body)).to_vec()).await;
    assert_eq!((&refused[0]["t"], &refused[1]["code"]), (&json!("ok"), &json!("closed")), "{refused:?}");
    post(&visitor, vec![send(&conversation, json!({"type": "leave_message", "text": "call me", "contact": null}))]).await;
    assert_eq!(mira.get("/api/v1/left-messages").await.expect(200)["items"][0]["queue"], money);
    // Somebody is there for the site's queue, and nobody for that of the kind.
    let (ada, _desk) = working_agent(&app, "ada").await;
    let (visitor, conversation) = begun(&app).await;
    let told = post(&visitor, frames.map(|body| send(&conversation, body)).to_vec()).await;
    assert!(told.iter().all(|answer| answer["t"] == "ok"), "{told:?}");
    let now = row(&mira, &conversation).await;
    assert_eq!((&now["agent"]["name"], &now["queue"]["id"]), (&json!(ada.member.name), &json!(app.company.queue.to_string())));
}

#[tokio::test(flavor = "multi_thread")]
async fn danger_in_a_detail_is_heard() {
    let app = TestApp::new().await;
    let mira = app.manager("mira").await;
    let kind = new_kind(&mira, refund()).await;
    site_asks(&app, &[&kind]).await;
    let (visitor, conversation) = begun(&app).await;
    let about = json!({"type": "ask_about", "question": kind, "details": [{"label": "Order", "text": "I want to kill myself"}]});
    assert_eq!(post(&visitor, vec![send(&conversation, about)]).await[0]["t"], "ok");
    app.hear().await;
    let raised = mira.get("/api/v1/alerts").await.expect(200)["items"].clone();
    assert_eq!((raised[0]["conversation"].as_str(), raised[0]["text"].as_str()), (Some(conversation.as_str()), Some("I want to kill myself")), "{raised}");
    app.stop().await;
}

#[tokio::test]
async fn it_is_asked_again_after_an_end_and_said_then_begins_what_follows() {
    let app = TestApp::new().await;
    let mira = app.manager("mira").await;
    let kind = new_kind(&mira, refund()).await;
    site_asks(&app, &[&kind]).await;
    let (visitor, conversation) = begun(&app).await;
    let about = json!({"type": "ask_about", "question": kind, "details": [{"label": "Order", "text": "8812"}]});
    post(&visitor, vec![send(&conversation, about.clone()), send(&conversation, json!({"type": "end"}))]).await;
    let again = post(&visitor, vec![send(&conversation, about), send(&conversation, json!({"type": "request_human", "via": "button"}))]).await;
    assert!(again.iter().all(|answer| answer["t"] == "ok"), "{again:?}");
    let now = row(&mira, &conversation).await;
    assert_eq!((&now["state"], &now["about"]["id"], now["episodes"].as_array().unwrap().len()), (&json!("queued"), &json!(kind), 2));
    post(&visitor, vec![send(&conversation, json!({"type": "end"})), send(&conversation, text("something else"))]).await;
    let now = row(&mira, &conversation).await;
    assert_eq!((&now["about"], &now["asked_about"]), (&Value::Null, &Value::Null), "the next is about nothing yet");
}
