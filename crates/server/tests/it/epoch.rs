//! The bot never speaks after a person took over.

use db::q;
use domain::time::Ts;
use serde_json::json;
use testkit::{TestApp, eventually};

use crate::people::{as_customer, first, new_conversation, post_until_stored, send, text};

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
            0 => post_until_stored(&visitor, vec![first(&conversation, text("how much is it?")), send(&conversation, ask)]).await,
            1 => {
                post_until_stored(&visitor, vec![first(&conversation, text("how much is it?"))]).await;
                post_until_stored(&visitor, vec![send(&conversation, ask)]).await;
            }
            _ => {
                post_until_stored(&visitor, vec![first(&conversation, text("how much is it?"))]).await;
                post_until_stored(&visitor, vec![send(&conversation, text("and this?")), send(&conversation, ask)]).await;
            }
        }
        all.push((visitor, conversation));
    }
    // Judged only when every turn has come to its end: answered, or recorded as superseded.
    let superseded = eventually("every turn has ended", || async {
        let mut tx = app.app().db().read().await.unwrap();
        let (turns, answers, superseded): (i64, i64, i64) = q!(tx, |c| sqlx::query_as(
            "SELECT COUNT(CASE WHEN kind = 'message' AND actor_kind = 'customer' THEN 1 END), COUNT(CASE WHEN kind = 'message' AND actor_kind = 'bot' THEN 1 END),
               COUNT(CASE WHEN kind = 'bot_superseded' THEN 1 END) FROM journal_entries"
        )
        .fetch_one(c)
        .await)
        .unwrap();
        let ended = turns == answers + superseded || store::entry_points::unanswered_by_bot(app.app().db(), Ts(i64::MAX), 1).await.unwrap().is_empty();
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
