//! A customer writes the numbers of a card and of an identity, and a code: nobody and nothing that reads the conversation gets them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use domain::staff::Role;
use serde_json::{Value, json};
use testkit::eventually;
use testkit_app::{TestApp, VisitorClient};
use testkit_server::{Client, Realtime, Receiver, receiver::Answers};

const CARD: &str = "4111111111111111";
const IDENTITY: &str = "34012319900101114X";
const CODE: &str = "48392017";

fn shows(told: &str) -> Vec<&'static str> {
    [CARD, IDENTITY, CODE].into_iter().filter(|secret| told.contains(secret)).collect()
}

/// All files of a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let found = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    found.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// What a customer says in every way in which words are said.
async fn say_everything(visitor: &VisitorClient) -> String {
    let words = format!("card {CARD}, identity {IDENTITY}, verification code {CODE}, refund?");
    let conversation = visitor.open(&words).await;
    for body in [
        json!({"type": "choice", "text": words, "answer": "none"}),
        json!({"type": "text", "text": words, "quote": 2}),
        json!({"type": "rate", "score": 5, "comment": words, "solved": true}),
        json!({"type": "leave_message", "text": words, "contact": "li@secret.example"}),
    ] {
        visitor.say(&conversation, false, body).await;
    }
    conversation
}

/// Everything that a connection is sent of a conversation.
async fn frames(who: &Client, conversation: &str, from: Value) -> String {
    let mut desk = Realtime::connect(who).await;
    desk.send(&json!({"t": "hello", "version": 1, "cursors": {(conversation): from}, "lists": ["mine", "queue"]})).await;
    desk.send(&json!({"t": "get", "stream": conversation, "from": 1, "to": 99})).await;
    desk.until("page").await.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_number_is_in_what_anybody_reads_and_none_is_on_the_disk() {
    let app = TestApp::new().await;
    let (tara, mira) = (app.staff(Role::Administrator, "tara").await, app.manager("mira").await);
    let receiver = Receiver::new(Answers::With(200, "", "thanks")).await;
    let made = json!({"url": receiver.url, "events": ["conversation.message", "conversation.rated"], "bodies": true});
    let webhook = tara.post("/api/v1/webhooks", made).await.expect(201)["id"].as_str().unwrap().to_owned();
    let visitor = app.visitor().await;
    let conversation = say_everything(&visitor).await;
    app.bot_is_done().await;
    app.hear().await;
    for path in [
        "conversations?list=queue",
        "conversations?list=mine",
        &format!("conversations/{conversation}"),
        "left-messages",
        "alerts",
        "knowledge/unanswered",
        "panel/bot/conversations?window=today",
        "panel/dialogue/conversations?window=today",
        "events?bodies=true&limit=500",
        "audit",
        &format!("webhooks/{webhook}/deliveries?state=delivered"),
    ] {
        let body = tara.get(&format!("/api/v1/{path}")).await.expect(200).to_string();
        assert_eq!(shows(&body), [""; 0], "{path}: {body}");
    }
    for from in [json!(0), json!(null)] {
        let told = frames(&mira, &conversation, from).await;
        assert_eq!(shows(&told), [""; 0], "{told}");
        assert!(told.contains("card •••• 1111, identity 3••••X, verification code ••••••, refund?"), "{told}");
    }
    let own = visitor.get(&format!("/api/v1/widget/conversations/{conversation}/transcript?lang=en")).await;
    let own = String::from_utf8(own.body.clone()).unwrap();
    assert_eq!(shows(&own), [""; 0], "{own}");
    assert!(own.contains("card •••• 1111, identity 3••••X"), "{own}");
    let sent = eventually("the endpoint has the last message", async || {
        let all: String = receiver.received().iter().map(|call| call.body.clone()).collect();
        all.contains("left_message").then_some(all)
    });
    assert_eq!(shows(&sent.await), [""; 0]);
    let left = mira.get("/api/v1/left-messages").await.expect(200)["items"][0].clone();
    let revealed = mira.post(&format!("/api/v1/conversations/{conversation}/numbers/reveal"), json!({"seq": left["seq"]})).await.expect(200);
    assert_eq!(shows(&revealed.to_string()), [CARD, IDENTITY, CODE]);
    let stopped = app.stopped().await;
    for file in files(stopped.data()) {
        let bytes = fs::read(&file).unwrap();
        let found = [CARD, IDENTITY, CODE].into_iter().find(|secret| bytes.windows(secret.len()).any(|part| part == secret.as_bytes()));
        assert_eq!(found, None, "{}", file.display());
    }
}

#[tokio::test]
async fn a_code_is_hidden_while_it_is_awaited() {
    let app = TestApp::new().await;
    let (mira, ada) = (app.manager("mira").await, app.customer("13812340007").await);
    let chat = app.widget_of(&ada, None).await;
    let conversation = chat.open("order 120394").await;
    ada.post("/api/v1/customer/step-up", json!({"via": "mobile"})).await.expect(202);
    let code = app.message_to("+8613812340007").await.code();
    for text in [format!("it says {code}, right?"), "order 120395".to_owned()] {
        assert_eq!(chat.say(&conversation, false, json!({"type": "text", "text": text})).await["t"], "ok");
    }
    let told = frames(&mira, &conversation, json!(0)).await;
    assert!(told.contains("order 120394") && told.contains("it says ••••••, right?"), "{told}");
    assert!(!told.contains("order 120395"), "any six digits may be the code: {told}");
    app.clock.advance(domain::customer::CODE_MS);
    chat.say(&conversation, false, json!({"type": "text", "text": "order 120396"})).await;
    assert!(frames(&mira, &conversation, json!(0)).await.contains("order 120396"));
}

#[tokio::test]
async fn an_erased_message_takes_its_numbers_along() {
    let app = TestApp::new().await;
    let (mira, visitor) = (app.manager("mira").await, app.visitor().await);
    let conversation = visitor.open(&format!("card {CARD}")).await;
    let reveal = async |seq: i64| mira.post(&format!("/api/v1/conversations/{conversation}/numbers/reveal"), json!({"seq": seq})).await;
    visitor.say(&conversation, false, json!({"type": "text", "text": format!("I said {CARD}")})).await;
    app.bot_is_done().await;
    let told = frames(&mira, &conversation, json!(0)).await;
    let page: Value = serde_json::from_str(&told).unwrap();
    let seqs: Vec<i64> =
        page["entries"].as_array().unwrap().iter().filter(|one| one["body"]["hidden_numbers"] == 1).map(|one| one["seq"].as_i64().unwrap()).collect();
    assert_eq!(seqs.len(), 2, "{told}");
    let about = json!({"kind": "message", "id": conversation, "seq": seqs[1], "reason": "mistake"});
    reveal(seqs[1]).await.expect(200);
    mira.post("/api/v1/erasures", about).await.expect(201);
    reveal(seqs[1]).await.problem(404, "not_found");
    reveal(seqs[0]).await.expect(200);
}
