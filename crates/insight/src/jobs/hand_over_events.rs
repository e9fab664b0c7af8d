//! Hands the events of the journal over to the engine that computes the numbers outside of this program.
//!
//! The engine keeps, together with the events, how far the journal was read. While it cannot be reached, nothing else waits for it: the journal is there, and what
//! was not handed over follows later.

use std::{sync::Arc, time::Duration};

use domain::id::TenantId;
use http_kit::App;
use tokio::time::Instant;
use uuid::Uuid;
use warehouse::{
    Cursor,
    outside::{self, Outside},
    panel::BATCH,
};

use super::directory::Companies;

/// Commits that follow each other within this time are handed over together.
const TOGETHER: Duration = Duration::from_millis(50);
/// How long to wait for a commit before looking again.
const AT_LEAST_EVERY: Duration = Duration::from_secs(1);
/// The time before another try after the first failure, and the longest.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(30)];

/// Runs until the program ends.
pub async fn run(app: App, engine: Arc<dyn Outside>) {
    let (mut pause, mut down_since) = (PAUSES[0], None::<Instant>);
    let mut relay = Relay::new(&app);
    loop {
        if !app.cluster().leads() {
            relay.at = None;
            let _ = tokio::time::timeout(AT_LEAST_EVERY, app.hub().wait_for_commit()).await;
            continue;
        }
        match relay.step(&app, engine.as_ref()).await {
            Ok(has_more) => {
                if let Some(since) = down_since.take() {
                    tracing::info!(seconds = since.elapsed().as_secs(), "events are handed over again");
                }
                pause = PAUSES[0];
                if !has_more {
                    let _ = tokio::time::timeout(AT_LEAST_EVERY, app.hub().wait_for_commit()).await;
                    tokio::time::sleep(TOGETHER).await;
                }
            }
            Err(error) => {
                if down_since.is_none() {
                    tracing::warn!(error = %error, engine = engine.name(), "events cannot be handed over; they are kept, and the numbers follow later");
                    down_since = Some(Instant::now());
                }
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(PAUSES[1]);
            }
        }
    }
}

/// How far the journal was handed over.
pub struct Relay {
    /// Of which history, and up to where; `None` if the engine has to be asked.
    at: Option<(Uuid, Cursor)>,
    companies: Companies,
}

impl Relay {
    /// Nothing is known yet of what was handed over.
    pub fn new(app: &App) -> Self {
        Self { at: None, companies: Companies::new(app) }
    }

    /// Hands over the next events; returns whether there may be more. After an error, the engine is asked how far it was handed the journal.
    pub async fn step(&mut self, app: &App, engine: &dyn Outside) -> store::Result<bool> {
        let generation = app.cluster().generation();
        let cursor = match self.at.take() {
            Some((of, cursor)) if of == generation => cursor,
            _ => engine.handed_over(generation).await?,
        };
        let mut facts = db::feed::after(&mut app.db().read().await?, cursor, BATCH as i64).await?;
        let Some(to) = facts.last().map(|fact| Cursor { xid: fact.xid, pos: fact.pos }) else {
            self.at = Some((generation, cursor));
            return Ok(false);
        };
        let has_more = facts.len() == BATCH;
        // What is practised is nobody's number.
        let practices = store::entry_points::practices(app.db()).await?;
        facts.retain(|fact| !practices.contains(&TenantId::new(fact.tenant_id)));
        let directory = self.companies.directory(app, cursor, &facts).await?;
        let events = outside::events(&facts, directory);
        engine.hand_over(generation, events, to).await?;
        self.companies.on_applied(to);
        self.at = Some((generation, to));
        Ok(has_more)
    }
}
