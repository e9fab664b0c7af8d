//! Files that customers send to the bot.

use desk::jobs::answer_as_bot::TOGETHER_MS;
use domain::time::HOUR;
use serde_json::{Value, json};
use testkit::eventually;
use testkit_app::TestApp;

use crate::stories::people::as_customer;

fn said_of_files(read: &[Value]) -> Vec<i64> {
    read.iter().filter(|e| e["by"]["kind"] == "bot" && e["body"]["outcome"] == "no_answer").map(|e| e["seq"].as_i64().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_come_together_are_answered_once_after_the_last() {
    let app = TestApp::new().await;
    let visitor = app.visitor().await;
    let conversation = visitor.open("hello").await;
    app.bot_is_done().await;
    for round in 1..=2 {
        for name in ["a", "b", "c", "d", "e"] {
            let file = visitor.upload(&format!("/api/v1/widget/files?name={name}.txt"), "text/plain", name.into()).await.expect(201);
            assert_eq!(visitor.say(&conversation, false, json!({"type": "file", "file": file["id"]})).await["t"], "ok");
            app.clock.advance(TOGETHER_MS / 5);
        }
        let read = as_customer(&visitor, &conversation).await;
        assert_eq!((said_of_files(&read).len(), read.last().unwrap()["body"]["type"].as_str()), (round - 1, Some("file")), "{read:?}");
        app.clock.advance(TOGETHER_MS);
        app.bot_is_done().await;
        let read = as_customer(&visitor, &conversation).await;
        assert_eq!((said_of_files(&read).len(), said_of_files(&read).last()), (round, read.last().unwrap()["seq"].as_i64().as_ref()), "{read:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn words_beside_a_file_are_answered_at_once_and_a_person_gets_both() {
    let app = TestApp::new().await;
    let visitor = app.visitor().await;
    let conversation = visitor.open("hello").await;
    app.bot_is_done().await;
    let file = visitor.upload("/api/v1/widget/files?name=a.txt", "text/plain", b"a".to_vec()).await.expect(201);
    visitor.say(&conversation, false, json!({"type": "file", "file": file["id"]})).await;
    visitor.say(&conversation, false, json!({"type": "text", "text": "thanks"})).await;
    app.bot_is_done().await;
    visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
    app.clock.advance(TOGETHER_MS);
    // What follows is answered later than the file would have been.
    visitor.say(&conversation, false, json!({"type": "leave_queue"})).await;
    visitor.say(&conversation, false, json!({"type": "text", "text": "hello"})).await;
    let read = eventually("the bot answers again", async || {
        let read = as_customer(&visitor, &conversation).await;
        let left = read.iter().position(|e| e["kind"] == "left_queue")?;
        read[left..].iter().any(|e| e["by"]["kind"] == "bot").then_some(read)
    })
    .await;
    let asked = read.iter().position(|e| e["kind"] == "human_requested").unwrap();
    let left = read.iter().position(|e| e["kind"] == "left_queue").unwrap();
    assert!(read[asked..left].iter().all(|e| e["by"]["kind"] != "bot"), "{read:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_answered_at_once_after_a_clock_that_was_ahead_is_put_right() {
    let app = TestApp::new().await;
    let visitor = app.visitor().await;
    let right = app.env().now();
    app.clock.advance(5 * HOUR);
    let conversation = visitor.open("hello").await;
    app.bot_is_done().await;
    app.clock.set(right);
    let file = visitor.upload("/api/v1/widget/files?name=a.txt", "text/plain", b"a".to_vec()).await.expect(201);
    assert_eq!(visitor.say(&conversation, false, json!({"type": "file", "file": file["id"]})).await["t"], "ok");
    app.clock.advance(TOGETHER_MS);
    app.bot_is_done().await;
    assert_eq!(said_of_files(&as_customer(&visitor, &conversation).await).len(), 1);
}
