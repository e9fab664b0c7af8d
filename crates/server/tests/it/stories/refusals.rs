//! A refusal is final: a later copy of the send is refused too, whatever has changed in the meantime.

use serde_json::{Value, json};
use testkit_app::TestApp;

use crate::stories::people::{as_customer, post, send, text, working_agent};

/// The answer to one frame, which is repeated while the answer is `busy`.
async fn told(client: &testkit_server::Client, frame: &Value) -> Value {
    testkit::eventually("an answer other than busy", async || {
        let answer = post(client, vec![frame.clone()]).await.remove(0);
        (answer["t"] != "busy").then_some(answer)
    })
    .await
}

async fn a_refused_send_stays_refused(app: TestApp) {
    let (ada, _desk) = working_agent(&app, "ada").await;
    let visitor = app.visitor().await;
    let name = visitor.open("hello").await;
    told(&visitor, &send(&name, json!({"type": "request_human", "via": "button"}))).await;
    assert_eq!(told(&ada, &send(&name, text("1"))).await["t"], "ok");
    // The rating comes before there is anything to rate, and the text after the conversation was resolved.
    let (rating, late) = (send(&name, json!({"type": "rate", "score": 5})), send(&name, text("late")));
    assert_eq!(told(&visitor, &rating).await["code"], "not_ended");
    assert_eq!(told(&ada, &send(&name, json!({"type": "resolve"}))).await["t"], "ok");
    assert_eq!(told(&ada, &late).await["code"], "not_yours");
    // The conversation has now ended, and later is the agent's again: what was refused before might pass.
    assert_eq!(told(&visitor, &rating).await["code"], "not_ended");
    assert_eq!(told(&visitor, &send(&name, text("one more thing"))).await["t"], "ok");
    assert_eq!(told(&ada, &send(&name, text("2"))).await["t"], "ok");
    assert_eq!(told(&ada, &late).await["code"], "not_yours");
    let mut renewed = late.clone();
    renewed["client_id"] = json!(uuid::Uuid::new_v4());
    assert_eq!(told(&ada, &renewed).await["t"], "ok");
    let mut other_words = late.clone();
    other_words["body"] = text("something else");
    assert_eq!(told(&ada, &other_words).await["code"], "client_id_reused");
    let entries = as_customer(&visitor, &name).await;
    let said: Vec<&str> = entries.iter().filter(|e| e["by"]["kind"] == "agent" && e["kind"] == "message").filter_map(|e| e["body"]["text"].as_str()).collect();
    assert_eq!(said, ["1", "2", "late"]);
    assert!(entries.iter().all(|entry| entry["kind"] != "rated"));

    // A person who does not own the conversation learns nothing of what was sent in it.
    let stranger = app.visitor().await;
    assert_eq!(told(&stranger, &rating).await["code"], "not_found");
    assert_eq!(told(&stranger, &renewed).await["code"], "not_found");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_send_stays_refused_on_sqlite() {
    a_refused_send_stays_refused(TestApp::new().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_send_stays_refused_on_postgresql() {
    if let Some(app) = TestApp::on_postgres().await {
        a_refused_send_stays_refused(app).await;
    }
}
