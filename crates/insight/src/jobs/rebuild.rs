//! Fills the panel's store again, beside the numbers that are shown.

use http_kit::App;
use warehouse::edition::State;

/// Begins another edition; nothing is begun if one is being filled already.
pub async fn begin(app: &App) -> store::Result<State> {
    app.editions().rebuild().await?;
    app.wake_panel();
    state(app).await
}

/// The editions as they are now.
pub async fn state(app: &App) -> store::Result<State> {
    let last_position = db::feed::last_position(&mut app.db().read().await?).await?;
    Ok(app.editions().progress(last_position).await?)
}

#[cfg(test)]
mod tests {
    use testkit::eventually;
    use testkit_app::TestApp;

    use super::*;

    #[tokio::test]
    async fn numbers_stay_while_they_are_counted_again_and_are_the_same_afterwards() {
        let app = TestApp::new().await;
        app.visitor().await.open("hello").await;
        let mira = app.manager("mira").await;
        let counted = eventually("the bot's answer is counted", async || {
            let panel = mira.get("/api/v1/panel").await.expect(200);
            (panel["today"]["bot_reply"] == 1).then_some(panel)
        })
        .await;
        app.feed_panel().await;
        let before = state(app.app()).await.unwrap();
        assert!(before.filling.is_none() && before.ready_at.is_some(), "{before:?}");
        let begun = begin(app.app()).await.unwrap();
        assert_eq!(begun.shown, before.shown);
        app.feed_panel().await;
        let after = state(app.app()).await.unwrap();
        assert_eq!((after.shown, after.filling), (before.shown + 1, None));
        assert_eq!(mira.get("/api/v1/panel").await.expect(200)["today"], counted["today"]);
    }
}
