//! Fills the panel's store again, beside the numbers that are shown.

use serde::{Deserialize, Serialize};

use crate::App;

/// How far an edition has been filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filling {
    /// The number of the edition.
    pub edition: i64,
    /// How far it has come in the journal.
    pub position: i64,
    /// The journal's last position.
    pub last_position: i64,
}

/// The editions of the panel's store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// The number of the edition that is shown.
    pub shown: i64,
    /// When that one was complete, in milliseconds since the epoch; `None` while it is being filled for the first time.
    pub ready_at: Option<i64>,
    /// The edition that is being filled, if there is one.
    pub filling: Option<Filling>,
}

/// Begins another edition; nothing is begun if one is being filled already.
pub async fn begin(app: &App) -> store::Result<State> {
    app.editions().rebuild().await?;
    app.wake_panel();
    state(app).await
}

/// The editions as they are now.
pub async fn state(app: &App) -> store::Result<State> {
    let (shown, beside) = app.editions().state().await?;
    let to_fill = app.editions().to_fill();
    let number = beside.as_ref().or(Some(&shown).filter(|shown| shown.ready_at.is_none())).map(|edition| edition.number);
    let filling = match to_fill.iter().find(|panel| Some(panel.number()) == number) {
        Some(panel) => {
            let position = panel.cursor().await?.pos;
            let last_position = db::feed::last_position(&mut app.db().read().await?).await?;
            Some(Filling { edition: panel.number(), position, last_position: last_position.max(position) })
        }
        None => None,
    };
    Ok(State { shown: shown.number, ready_at: shown.ready_at, filling })
}

#[cfg(test)]
mod tests {
    use testkit::eventually;

    use super::*;
    use crate::testing::TestApp;

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
