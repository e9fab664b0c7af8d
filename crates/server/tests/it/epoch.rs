//! The bot never speaks after a person took over.

use serde_json::json;
use testkit::TestApp;

use crate::people::{as_customer, first, new_conversation, post, send, text};

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_reply_computed_before_a_take_over_is_never_delivered() {
    const TRIALS: usize = 1000;
    let app = TestApp::new().await;
    let mut superseded = 0;
    for trial in 0..TRIALS {
        let visitor = app.visitor().await;
        let conversation = new_conversation();
        let ask = json!({"type": "request_human", "via": "button"});
        // The question and the request travel together, or the request comes while the bot is thinking, or a little later.
        match trial % 3 {
            0 => drop(post(&visitor, vec![first(&conversation, text("how much is it?")), send(&conversation, ask)]).await),
            1 => {
                post(&visitor, vec![first(&conversation, text("how much is it?"))]).await;
                post(&visitor, vec![send(&conversation, ask)]).await;
            }
            _ => {
                let (a, b) = (first(&conversation, text("how much is it?")), send(&conversation, ask));
                post(&visitor, vec![a]).await;
                tokio::task::yield_now().await;
                post(&visitor, vec![send(&conversation, text("and this?")), b]).await;
            }
        }
        let read = as_customer(&visitor, &conversation).await;
        let asked = read.iter().position(|e| e["kind"] == "human_requested").expect("the request is there");
        assert!(read[asked..].iter().all(|e| e["by"]["kind"] != "bot"), "trial {trial}: {read:?}");
        superseded += usize::from(!read.iter().any(|e| e["by"]["kind"] == "bot"));
    }
    assert!(superseded > 0, "some replies must have come too late, else nothing was tried");
    println!("{TRIALS} trials, in {superseded} the bot was too late and kept silent");
    app.stop().await;
}
