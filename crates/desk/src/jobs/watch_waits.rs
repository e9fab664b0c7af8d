//! Raises alerts of slow replies and long waits, in companies in which somebody waits or is served, and ends them.

use http_kit::App;
use service::waits;

/// Runs the job once.
pub async fn step(app: &App) -> store::Result<()> {
    for tenant in store::entry_points::companies_with_open_waits(app.db()).await? {
        // A company that cannot be looked at must not stop the others.
        if let Err(error) = waits::look_at(app.db(), tenant).await {
            tracing::warn!(error = %error, tenant.id = %tenant, "it could not be looked at who waits too long");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use testkit_app::TestApp;

    #[tokio::test]
    async fn who_waits_too_long_raises_an_alert_that_ends_by_itself() {
        let app = TestApp::new().await;
        let (mira, ada, visitor) = (app.manager("mira").await, app.agent("ada").await, app.visitor().await);
        let conversation = visitor.open("hello").await;
        visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
        app.bot_is_done().await;
        let kinds = async || -> Vec<String> {
            super::step(app.app()).await.unwrap();
            let listed = mira.get("/api/v1/alerts").await.expect(200);
            listed["items"].as_array().unwrap().iter().map(|item| item["kind"].as_str().unwrap().to_owned()).collect()
        };
        let acts = async |n: u128, body: Value| {
            let frame = json!({"t": "send", "conversation": conversation, "client_id": uuid::Uuid::from_u128(n), "body": body});
            assert_eq!(ada.post("/rt/send", json!({"frames": [frame]})).await.expect(200)["frames"][0]["t"], "ok");
        };
        app.clock.advance(119_000);
        assert!(kinds().await.is_empty());
        app.clock.advance(2_000);
        assert_eq!(kinds().await, ["long_wait"]);
        assert_eq!(kinds().await, ["long_wait"], "once");
        acts(1, json!({"type": "take"})).await;
        visitor.say(&conversation, false, json!({"type": "text", "text": "are you there?"})).await;
        assert!(kinds().await.is_empty(), "somebody answered, and has had no time to reply");
        app.clock.advance(101_000);
        assert_eq!(kinds().await, ["slow_reply"]);
        let seen = json!({"subject": conversation, "kind": "slow_reply"});
        let eve = app.agent("eve").await;
        eve.post("/api/v1/alerts/acknowledge", seen.clone()).await.problem(404, "not_found");
        assert_eq!(mira.post("/api/v1/alerts/acknowledge", seen.clone()).await.status.as_u16(), 204);
        mira.post("/api/v1/alerts/acknowledge", seen).await.problem(404, "not_found");
        assert!(kinds().await.is_empty(), "what was seen is not raised again");
        acts(2, json!({"type": "text", "text": "yes"})).await;
        visitor.say(&conversation, false, json!({"type": "text", "text": "good"})).await;
        app.clock.advance(101_000);
        assert_eq!(kinds().await, ["slow_reply"], "another message has no reply");
        acts(3, json!({"type": "text", "text": "sorry"})).await;
        assert!(kinds().await.is_empty());
    }
}
