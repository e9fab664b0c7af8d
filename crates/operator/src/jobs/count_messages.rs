//! Counts what customers write on a day, behind the feed, and tells every node whose customers have written as much as they may.

use std::time::Duration;

use db::feed::Fed;
use http_kit::App;

/// The name under which this follows the feed.
pub const FOLLOWER: &str = service::message_days::FOLLOWER;
/// How often to count.
pub const EVERY: Duration = Duration::from_secs(1);

/// Counts these entries; returns whether there was anything.
pub async fn take(app: &App, fed: Vec<Fed>) -> store::Result<bool> {
    service::message_days::count(app.db(), &fed).await
}

/// Has this node know whose customers have written as much as they may.
pub async fn learn(app: &App) -> store::Result<()> {
    app.node().note_out_of_messages(store::entry_points::companies_out_of_messages(app.db()).await?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use domain::time::DAY;
    use serde_json::{Value, json};
    use store::limits::Limits;
    use testkit::eventually;
    use testkit_app::TestApp;

    use crate::testing::operator;

    fn text(words: &str) -> Value {
        json!({"type": "text", "text": words})
    }

    #[tokio::test]
    async fn what_visitors_write_is_refused_for_the_rest_of_the_day_and_what_the_staff_write_never() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        app.limited(Limits { daily_messages: Some(2), ..Limits::default() }).await;
        let visitor = app.visitor().await;
        let name = visitor.open("one").await;
        assert_eq!(visitor.say(&name, false, text("two")).await["t"], "ok");
        let tenant = app.company.tenant;
        eventually("the limit is known", async || app.app().node().is_out_of_messages(tenant).then_some(())).await;
        let refused = visitor.say(&name, false, text("three")).await;
        assert_eq!((&refused["t"], &refused["code"]), (&json!("no"), &json!("too_many_messages")), "{refused}");
        let olga = operator(&app).await;
        let used = olga.get("/api/v1/operator/companies").await.expect(200)["items"][0]["used"]["daily_messages"].clone();
        assert_eq!(used, 2, "what the bot says does not count");
        // The visitor can still ask for a person, who can answer.
        assert_eq!(visitor.say(&name, false, json!({"type": "request_human", "via": "button"})).await["t"], "ok");
        let note = json!({"frames": [{"t": "send", "conversation": name, "client_id": app.env().uuid(), "body": {"type": "note", "text": "call back"}}]});
        let noted = ada.post("/rt/send", note).await.expect(200);
        assert_ne!(noted["frames"][0]["code"], "too_many_messages", "{noted}");
        app.clock.advance(DAY);
        eventually("a new day has begun", async || (!app.app().node().is_out_of_messages(tenant)).then_some(())).await;
        assert_eq!(app.visitor().await.open("a new day").await.len(), name.len());
    }

    #[tokio::test]
    async fn an_entry_that_comes_again_is_not_counted_again() {
        let app = TestApp::new().await;
        let name = app.visitor().await.open("one").await;
        let (db, generation) = (app.app().db(), app.app().cluster().generation());
        let fed = db.feed(generation, db::feed::Cursor::default(), 1_000).await.unwrap();
        for _ in 0..2 {
            super::take(app.app(), fed.clone()).await.unwrap();
        }
        let (_, used) = store::limits::usage(&mut db.read().await.unwrap(), app.company.tenant).await.unwrap();
        assert_eq!((used.daily_messages, name.is_empty()), (1, false));
        assert!(!super::take(app.app(), Vec::new()).await.unwrap());
    }
}
