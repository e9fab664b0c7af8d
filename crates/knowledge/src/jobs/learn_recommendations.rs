//! Notes what visitors took an interest in, from the journal's feed, and learns recommendations from it where that is due.

use std::time::Duration;

use db::feed::Fed;
use http_kit::App;
use service::recommend::{self, learn, note};

/// The name under which this follows the feed.
pub const FOLLOWER: &str = "recommendations";
/// How soon an interest is noted, and how soon a model is learned after somebody asked for it.
pub const EVERY: Duration = Duration::from_secs(2);

/// Notes what these entries say about interests; returns whether there was anything.
pub async fn take(app: &App, fed: Vec<Fed>) -> store::Result<bool> {
    note::note(app.db(), app.catalogues(), &fed).await
}

/// Learns until the program ends, on the node that leads. One company after the other: the largest takes minutes of a core.
pub async fn run(app: App) {
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        if app.cluster().leads()
            && let Err(error) = step(&app).await
        {
            tracing::warn!(error = %error, "recommendations could not be learned and will be tried again");
        }
    }
}

/// Deletes the interests of a company that switched recommendations off, and learns one company's model if it is due.
pub async fn step(app: &App) -> store::Result<()> {
    recommend::forget(app.db()).await?;
    learn::learn_due(app.db()).await.map(drop)
}
