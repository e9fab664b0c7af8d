//! What the server does for customers with an account without being asked.

use domain::customer::CODE_MS;
use hall::jobs::{forget_messages, join_visitors};
use serde_json::json;
use testkit_app::TestApp;
use testkit_server::solved_puzzle;

#[tokio::test]
async fn many_conversations_join_the_account_in_portions_and_once() {
    let app = TestApp::new().await;
    let (ada, anonymous) = (app.customer("ada@example.com").await, app.visitor().await);
    let mut all = Vec::new();
    for n in 0..45 {
        app.clock.advance(1_000);
        let conversation = anonymous.open(&format!("question {n}")).await;
        all.insert(0, conversation.clone());
        if n < 44 {
            anonymous.say(&conversation, false, json!({"type": "end"})).await;
        }
    }
    let chat = app.widget_of(&ada, Some(&anonymous)).await;
    assert_eq!(chat.session["conversation"], json!(all[0]), "the open one comes first");
    // Twice, as after a crash in between: the step may be repeated.
    for _ in 0..2 {
        join_visitors::step(app.app()).await.unwrap();
    }
    assert!(store::entry_points::visitor_moves(app.app().db(), 10).await.unwrap().is_empty());
    let (mut listed, mut path) = (Vec::new(), "/api/v1/customer/conversations".to_owned());
    loop {
        let page = ada.get(&path).await.expect(200);
        listed.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/v1/customer/conversations?cursor={next}");
    }
    assert_eq!(listed, all);
    let again = json!({"site": "alpha", "device": anonymous.session["device"], "lang": "en"});
    app.post("/api/v1/widget/sessions", again).await.problem(401, "device_revoked");
}

#[tokio::test]
async fn a_message_in_a_file_is_gone_once_its_code_is_good_for_nothing() {
    let app = TestApp::new().await;
    let ask = async |identifier: &str| {
        let new = json!({"site": "alpha", "identifier": identifier, "password": "correct horse battery", "lang": "en", "proof": solved_puzzle(&app).await});
        app.post("/api/v1/customer/registrations", new).await.expect(202);
        app.message_to(identifier).await
    };
    ask("ada@example.com").await;
    std::fs::write(app.data().join("outbox/notes.txt"), "To: nobody\n\nnot ours").unwrap();
    app.clock.advance(CODE_MS - 1);
    ask("eve@example.com").await;
    forget_messages::step(app.app()).await.unwrap();
    assert_eq!(app.messages().await.len(), 3);
    app.clock.advance(1);
    forget_messages::step(app.app()).await.unwrap();
    let left: Vec<String> = app.messages().await.into_iter().map(|message| message.to).collect();
    assert_eq!(left, ["eve@example.com", "nobody"]);
}
