//! The bot never speaks after a person has taken over.

use std::sync::Arc;

use db::q;
use domain::{
    conversation::{AnswerOutcome, Said},
    entry::fact,
    id::ConversationId,
    journal::View,
    stream::{StreamKind, StreamName},
    time::Ts,
};
use serde_json::json;
use testkit::eventually;
use testkit_app::TestApp;

use crate::stories::people::{as_customer, first, new_conversation, post, send, text};

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_reply_computed_before_a_take_over_is_never_delivered() {
    const TRIALS: usize = 1000;
    let app = TestApp::new().await;
    let mut all = Vec::with_capacity(TRIALS);
    for trial in 0..TRIALS {
        let visitor = app.visitor().await;
        let conversation = new_conversation();
        let ask = json!({"type": "request_human", "via": "button"});
        // The question and the request travel together, or the request comes while the bot is thinking, or after more questions.
        match trial % 3 {
            0 => post(&visitor, vec![first(&conversation, text("how much is it?")), send(&conversation, ask)]).await,
            1 => {
                post(&visitor, vec![first(&conversation, text("how much is it?"))]).await;
                post(&visitor, vec![send(&conversation, ask)]).await
            }
            _ => {
                post(&visitor, vec![first(&conversation, text("how much is it?"))]).await;
                post(&visitor, vec![send(&conversation, text("and this?")), send(&conversation, ask)]).await
            }
        };
        all.push((visitor, conversation));
    }
    // Judged only when every turn has ended: answered, or recorded as superseded.
    let superseded = eventually("every turn has ended", || async {
        let mut tx = app.app().db().read().await.unwrap();
        let (turns, answers, superseded): (i64, i64, i64) = q!(tx, |c| sqlx::query_as(
            "SELECT COUNT(CASE WHEN kind = 'message' AND actor_kind = 'customer' THEN 1 END), COUNT(CASE WHEN kind = 'message' AND actor_kind = 'bot' THEN 1 END),
               COUNT(CASE WHEN kind = 'bot_superseded' THEN 1 END) FROM journal_entries"
        )
        .fetch_one(c)
        .await)
        .unwrap();
        let ended = turns == answers + superseded || store::entry_points::unanswered_by_bot(app.app().db(), Ts(i64::MAX), Ts(i64::MAX), 1).await.unwrap().is_empty();
        ended.then_some(superseded)
    })
    .await;
    for (visitor, conversation) in &all {
        let read = as_customer(visitor, conversation).await;
        let asked = read.iter().position(|e| e["kind"] == "human_requested").unwrap();
        assert!(read[asked..].iter().all(|e| e["by"]["kind"] != "bot"), "{read:?}");
    }
    assert!(superseded > 0, "some replies must have come too late, else nothing was tried");
    println!("{TRIALS} trials, {superseded} bot replies came too late and were dropped");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_back_to_the_bot_is_answered_though_an_answer_was_dropped_before() {
    let app = TestApp::new().await;
    let (visitor, id) = (app.visitor().await, new_conversation());
    post(&visitor, vec![first(&id, text("how much is it?"))]).await;
    app.bot_is_done().await;
    let (tenant, conversation): (_, ConversationId) = (app.company.tenant, id.parse().unwrap());
    let as_it_is = || async { Arc::new(store::conversations::find(&mut app.app().db().read().await.unwrap(), tenant, conversation).await.unwrap().unwrap()) };
    let before = as_it_is().await;
    post(&visitor, vec![send(&id, json!({"type": "request_human", "via": "button"})), send(&id, json!({"type": "leave_queue"}))]).await;
    let after = as_it_is().await;
    let stream = StreamName { kind: StreamKind::Conversation, id: conversation.uuid() };
    let asked = db::journal::page(&mut app.app().db().read().await.unwrap(), tenant, stream, View::Staff, 0, 1).await.unwrap();
    // As if a second question had been on its way to the bot all the time: any entry that was not answered serves as that question.
    let mut question = asked.into_iter().next().unwrap();
    question.seq = 4_242;
    let stored = || async {
        let read = as_customer(&visitor, &id).await;
        let answers = read.iter().filter(|e| e["kind"] == "message" && e["by"]["kind"] == "bot").count();
        let mut tx = app.app().db().read().await.unwrap();
        let (dropped,): (i64,) = q!(tx, |c| sqlx::query_as("SELECT COUNT(*) FROM journal_entries WHERE kind = 'bot_superseded'").fetch_one(c).await).unwrap();
        (answers, dropped)
    };
    for (conversation, expected) in [(&before, (1, 1)), (&before, (1, 1)), (&after, (2, 1)), (&after, (2, 1))] {
        let fact = fact::Message { of: Some(question.seq), outcome: Some(AnswerOutcome::Confident), ..fact::Message::default() };
        service::bot_turn::say(app.app().db(), conversation, question.seq, Box::new(Said { fact, ..Said::text("59") })).await;
        assert_eq!(stored().await, expected);
    }
    app.stop().await;
}
