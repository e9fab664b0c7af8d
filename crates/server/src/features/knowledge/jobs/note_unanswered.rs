//! Records which questions the bot can learn from, out of the journal's feed: where they were asked, not what was said.

use std::time::Duration;

use db::{Shard, feed};
use uuid::Uuid;

use http_kit::App;

/// How soon editors see a question.
const EVERY: Duration = Duration::from_secs(1);
/// Entries read at a time.
const BATCH: i64 = 2_000;

/// A node's position in the feed, and its generation. The record has a position too, but that moves only when something was found or a whole batch was read.
#[derive(Debug, Default)]
pub struct Place(Option<(Uuid, feed::Cursor)>);

/// Runs until the program ends, on the node that leads.
pub async fn run(app: App) {
    let mut place = Place::default();
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        if app.cluster().leads()
            && let Err(error) = step(&app, &mut place).await
        {
            tracing::warn!(error = %error, "unanswered questions could not be noted and will be tried again");
        }
    }
}

/// Continues from where the last step ended, until there is nothing new.
pub async fn step(app: &App, place: &mut Place) -> store::Result<()> {
    let (generation, _) = store::entry_points::generation(app.db()).await?;
    loop {
        let mut tx = app.db().read().await?;
        let from = match place.0.filter(|(of, _)| *of == generation) {
            Some((_, cursor)) => cursor,
            None => store::entry_points::unanswered_position(&mut tx, generation).await?,
        };
        let facts = feed::after(&mut tx, from, BATCH).await?;
        drop(tx);
        let Some(to) = facts.last().map(|fact| feed::Cursor { xid: fact.xid, pos: fact.pos }) else { return Ok(()) };
        let found = service::learning::note::note(app.db(), &facts).await?;
        let whole = facts.len() as i64 == BATCH;
        if found || whole {
            let write =
                app.db().writer().write(Shard::Any, move |tx| Box::pin(async move { store::entry_points::move_unanswered_position(tx, generation, to).await }));
            write.await?;
        }
        place.0 = Some((generation, to));
        if !whole {
            return Ok(());
        }
    }
}
