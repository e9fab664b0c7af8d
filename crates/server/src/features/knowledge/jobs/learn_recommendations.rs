//! Notes what visitors took an interest in, from the journal's feed, and learns recommendations from it where that is due.

use std::time::Duration;

use service::recommend::{self, learn, note};

use http_kit::App;

/// How soon an interest is noted, and how soon a model is learned after somebody asked for it.
const EVERY: Duration = Duration::from_secs(2);

/// Runs until the program ends, on the node that leads. One company after the other: the largest takes minutes of a core.
pub async fn run(app: App) {
    let mut place = note::Place::default();
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        if app.cluster().leads()
            && let Err(error) = step(&app, &mut place).await
        {
            tracing::warn!(error = %error, "recommendations could not be learned and will be tried again");
        }
    }
}

/// Notes everything that is new, deletes the interests of a company that switched recommendations off, and learns one company's model if it is due.
pub async fn step(app: &App, place: &mut note::Place) -> store::Result<()> {
    note::follow(app.db(), app.catalogues(), place).await?;
    recommend::forget(app.db()).await?;
    learn::learn_due(app.db()).await.map(drop)
}
