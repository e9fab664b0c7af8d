//! What is found, and by whom.

use std::collections::BTreeSet;

use domain::staff::Role;
use records::jobs::index_lines;
use serde_json::{Value, json};
use testkit_app::{StaffClient, TestApp, VisitorClient};

pub async fn index(app: &TestApp) {
    while index_lines::step(app.app()).await.unwrap() {}
}

pub async fn act(staff: &StaffClient, conversation: &str, body: Value) {
    let frame = json!({"t": "send", "conversation": conversation, "client_id": uuid::Uuid::new_v4(), "body": body});
    assert_eq!(staff.post("/rt/send", json!({"frames": [frame]})).await.expect(200)["frames"][0]["t"], "ok", "{body}");
}

pub async fn served(app: &TestApp, agent: &StaffClient, words: &str) -> (VisitorClient, String) {
    let visitor = app.visitor().await;
    let conversation = visitor.open(words).await;
    visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
    act(agent, &conversation, json!({"type": "take"})).await;
    (visitor, conversation)
}

fn ids(records: &Value) -> Vec<String> {
    records["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

/// All pages.
pub async fn all(who: &StaffClient, query: &str) -> Vec<String> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = who.get(&format!("/api/v1/records?{query}{cursor}")).await.expect(200);
        found.extend(ids(&page));
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
    }
}

#[tokio::test]
async fn a_conversation_is_found_by_what_was_said_with_its_neighbours_and_its_times() {
    let app = TestApp::new().await;
    let (ada, mira) = (app.agent("ada").await, app.manager("mira").await);
    let (visitor, conversation) = served(&app, &ada, "你好").await;
    for words in ["我的流量包什麼時候到期", "Is it the X9?"] {
        visitor.say(&conversation, false, json!({"type": "text", "text": words})).await;
    }
    app.clock.advance(4_000);
    act(&ada, &conversation, json!({"type": "text", "text": "It ends on Friday"})).await;
    act(&ada, &conversation, json!({"type": "note", "text": "calls back about 发票"})).await;
    act(&ada, &conversation, json!({"type": "resolve"})).await;
    visitor.say(&conversation, false, json!({"type": "rate", "score": 2, "comment": "too slow"})).await;
    index(&app).await;
    for words in ["流量包", "流量包什么时候", "friday x9", "发票", "slow", "ｘ９", "期"] {
        let found = mira.get(&format!("/api/v1/records?q={words}")).await.expect(200);
        assert_eq!(ids(&found), std::slice::from_ref(&conversation), "{words}");
        assert_eq!((&found["next"], &found["index"]["is_complete"]), (&Value::Null, &json!(true)));
    }
    let found = mira.get("/api/v1/records?q=流量包").await.expect(200);
    let line = &found["items"][0]["found"]["line"];
    let part = |text: &str, is_found: bool| json!({"text": text, "is_found": is_found});
    assert_eq!(line["text"], json!([part("我的", false), part("流量包", true), part("什麼時候到期", false)]));
    assert_eq!((&line["by"], &line["is_note"]), (&json!("customer"), &json!(false)));
    // Whether the bot said something before the agent took it is its own affair: these are lines that follow each other.
    let found = mira.get("/api/v1/records?q=x9").await.expect(200);
    let [before, after] = ["before", "after"].map(|at| &found["items"][0]["found"][at][0]["text"]);
    assert_eq!((before, after), (&json!([part("我的流量包什麼時候到期", false)]), &json!([part("It ends on Friday", false)])), "{found}");
    app.feed_panel().await;
    let record = mira.get(&format!("/api/v1/records/{conversation}")).await.expect(200);
    assert_eq!((&record["score"], &record["found"]), (&json!(2), &Value::Null));
    let times = json!({"handled": 1, "handle_sum": 4_000, "talk_sum": 4_000, "reply": 1, "reply_mean": 4_000, "reply_longest": 4_000});
    assert_eq!(record["times"], times);
    // The customer's own words are not those of another company, and a stranger learns nothing.
    let beta = app.other_company("beta").await;
    let bob = app.staff_of(&beta, Role::Manager, "bob").await;
    assert_eq!(all(&bob, "q=流量包").await, [""; 0]);
    bob.get(&format!("/api/v1/records/{conversation}")).await.problem(404, "not_found");
}

#[tokio::test]
async fn what_is_recalled_or_corrected_is_found_no_more() {
    let app = TestApp::new().await;
    let ada = app.agent("ada").await;
    let (_, conversation) = served(&app, &ada, "hello").await;
    act(&ada, &conversation, json!({"type": "text", "text": "the price is 199"})).await;
    act(&ada, &conversation, json!({"type": "note", "text": "secretive customer"})).await;
    index(&app).await;
    let seq = async |words: &str| ada.get(&format!("/api/v1/records?q={words}")).await.expect(200)["items"][0]["found"]["line"]["seq"].clone();
    let (price, note) = (seq("199").await, seq("secretive").await);
    act(&ada, &conversation, json!({"type": "correct", "of": price, "text": "the price is 99"})).await;
    act(&ada, &conversation, json!({"type": "recall", "of": note})).await;
    index(&app).await;
    for (words, is_found) in [("199", false), ("99", true), ("secretive", false), ("hello", true)] {
        assert_eq!(all(&ada, &format!("q={words}")).await.len(), usize::from(is_found), "{words}");
    }
}

#[tokio::test]
async fn filters_narrow_what_is_found_and_pages_have_each_once() {
    let app = TestApp::new().await;
    let (ada, ben, mira) = (app.agent("ada").await, app.agent("ben").await, app.manager("mira").await);
    let (visitor, rated) = served(&app, &ada, "broadband is down").await;
    act(&ada, &rated, json!({"type": "resolve"})).await;
    visitor.say(&rated, false, json!({"type": "rate", "score": 5})).await;
    let (_, other) = served(&app, &ben, "broadband is slow").await;
    // All at the same millisecond.
    for n in 0..23 {
        app.visitor().await.open(&format!("broadband {n}")).await;
    }
    index(&app).await;
    for query in ["", "q=broadband"] {
        let found = all(&mira, query).await;
        assert_eq!((found.len(), found.iter().collect::<BTreeSet<_>>().len()), (25, 25), "{query}");
    }
    let agent = |who: &StaffClient| who.member.id.to_string();
    let queue = mira.get(&format!("/api/v1/records/{other}")).await.expect(200)["queue"]["id"].as_str().unwrap().to_owned();
    let visitor_of = mira.get(&format!("/api/v1/records/{other}")).await.expect(200)["customer"]["id"].as_str().unwrap().to_owned();
    let today = "from=2026-01-01&to=2199-01-01";
    for (filter, expected) in [
        (format!("agent={}", agent(&ada)), vec![&rated]),
        (format!("agent={}&{today}", agent(&ben)), vec![&other]),
        ("rating=good".to_owned(), vec![&rated]),
        ("rating=poor".to_owned(), vec![]),
        ("outcome=resolved&channel=web".to_owned(), vec![&rated]),
        (format!("customer={visitor_of}"), vec![&other]),
        (format!("queue={queue}&agent={}", agent(&ben)), vec![&other]),
        ("to=2001-01-01".to_owned(), vec![]),
        ("product=g-001".to_owned(), vec![]),
    ] {
        for words in ["", "q=broadband&"] {
            assert_eq!(all(&mira, &format!("{words}{filter}")).await.iter().collect::<Vec<_>>(), expected, "{words}{filter}");
        }
    }
}

#[tokio::test]
async fn everybody_finds_exactly_what_they_may_read() {
    let app = TestApp::new().await;
    let (ada, ben) = (app.agent("ada").await, app.agent("ben").await);
    let mut conversations = Vec::new();
    for (n, agent) in [&ada, &ben, &ada].into_iter().enumerate() {
        let (visitor, conversation) = served(&app, agent, "where is my parcel").await;
        if n == 2 {
            act(agent, &conversation, json!({"type": "resolve"})).await;
            visitor.say(&conversation, false, json!({"type": "rate", "score": 1})).await;
        }
        conversations.push(conversation);
    }
    let with_bot = app.visitor().await.open("where is my parcel").await;
    let waiting = app.visitor().await;
    let waits = waiting.open("where is my parcel").await;
    waiting.say(&waits, false, json!({"type": "request_human", "via": "button"})).await;
    act(&ben, &conversations[1], json!({"type": "note", "text": "please look", "mentions": [ada.member.id]})).await;
    conversations.extend([with_bot, waits]);
    index(&app).await;
    let mut members = vec![ada, ben];
    for role in [Role::SeniorAgent, Role::Supervisor, Role::Manager, Role::AccountManager, Role::Administrator, Role::Auditor] {
        members.push(app.staff(role, &format!("{role:?}").to_lowercase()).await);
    }
    let mut sizes = BTreeSet::new();
    for member in &members {
        let mut readable = BTreeSet::new();
        for id in &conversations {
            if member.get(&format!("/api/v1/conversations/{id}")).await.status.as_u16() == 200 {
                readable.insert(id.clone());
            }
        }
        for query in ["", "q=parcel", "q=parcel where"] {
            assert_eq!(all(member, query).await.into_iter().collect::<BTreeSet<_>>(), readable, "{:?} {query}", member.member.role);
        }
        sizes.insert(readable.len());
    }
    assert!(sizes.len() > 2, "{sizes:?}");
    let editor = app.staff(Role::KnowledgeEditor, "kim").await;
    editor.get("/api/v1/records").await.problem(403, "not_permitted");
    editor.get(&format!("/api/v1/records/{}", conversations[0])).await.problem(403, "not_permitted");
}
