//! An engine outside of this program, fed from a world as the server feeds it from the journal: with a relay and a reader that each go on where they, or earlier
//! ones that were killed, have stopped.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use db::{Error, Result};
use uuid::Uuid;

use super::{World, engines::Before, traffic::copy};
use crate::{
    event::Event,
    outside::Outside,
    panel::{Panel, Place},
};

/// The facts that are handed over at a time.
const BATCH: usize = 400;
/// The time after which something that failed is tried again.
const AGAIN: Duration = Duration::from_millis(500);
/// The time between two facts that are handed over slowly is kept in stretches of this length.
const STRETCH: Duration = Duration::from_millis(100);
/// The most time that may pass without anything being counted.
const PATIENCE: Duration = Duration::from_secs(900);

/// How an engine is fed.
#[derive(Debug, Clone)]
pub struct Fed {
    /// Where its edition is.
    pub place: Place,
    /// The history, by which the engine knows what belongs together.
    pub generation: Uuid,
    /// The facts that are handed over in a second, at most; 0 for no limit.
    pub rate: u32,
}

/// Hands over the facts of a world, and puts what comes back into an edition until everything is counted.
pub async fn feed(outside: &Arc<dyn Outside>, world: &World, fed: &Fed) -> Result<Panel> {
    let panel = Panel::open_for(&fed.place, 1, fed.generation, outside.name(), Arc::new(Before)).await?;
    let done = tokio::try_join!(hand_over(outside.as_ref(), world, fed), take(outside.as_ref(), &panel, world, fed.generation));
    match done {
        Ok(_) => Ok(panel),
        Err(error) => {
            panel.close().await;
            Err(error)
        }
    }
}

async fn hand_over(outside: &dyn Outside, world: &World, fed: &Fed) -> Result<()> {
    let last = world.facts.last().map_or(0, |fact| fact.pos);
    let size = if fed.rate == 0 { BATCH } else { (fed.rate as usize / 10).clamp(1, BATCH) };
    let mut since = Instant::now();
    loop {
        let done = async {
            let mut cursor = outside.handed_over(fed.generation).await?;
            since = Instant::now();
            while cursor.pos < last {
                let facts: Vec<_> = world.facts.iter().skip_while(|fact| fact.pos <= cursor.pos).take(size).map(copy).collect();
                let events: Vec<Event> = world.events(&facts);
                cursor.pos = facts.last().map_or(last, |fact| fact.pos);
                outside.hand_over(fed.generation, events, cursor).await?;
                since = Instant::now();
                if fed.rate > 0 {
                    tokio::time::sleep(STRETCH).await;
                }
            }
            Ok(())
        };
        let done = done.await;
        if done.is_ok() {
            return Ok(());
        }
        again(done, since).await?;
    }
}

async fn take(outside: &dyn Outside, panel: &Panel, world: &World, generation: Uuid) -> Result<()> {
    let last = world.facts.last().map_or(0, |fact| fact.pos);
    let mut since = Instant::now();
    while panel.cursor().await?.pos < last {
        let done = async {
            let after = panel.positions().await?;
            let results = outside.results(generation, after.clone()).await?;
            if !results.changes.is_empty() {
                since = Instant::now();
            }
            panel.take(after, results, &world.directory).await.map(drop)
        };
        let done = done.await;
        again(done, since).await?;
    }
    Ok(())
}

/// Waits a moment after a failure; fails if nothing has succeeded for a long time.
async fn again(done: Result<()>, since: Instant) -> Result<()> {
    match done {
        Ok(()) if since.elapsed() < PATIENCE => Ok(()),
        Err(Error::Io(_)) if since.elapsed() < PATIENCE => {
            tokio::time::sleep(AGAIN).await;
            Ok(())
        }
        Ok(()) => Err(Error::Corrupt("nothing has come back for too long".to_owned())),
        Err(error) => Err(error),
    }
}
