//! The second implementation, in a database of its own in memory: the layers of some conversations.

use db::{Result, Tx, aside};
use domain::time::Ts;

use crate::{
    event::Event,
    portable::{Dialect, run},
};

/// Computes the layers from events.
pub(super) async fn compute(events: &[Event], now: Ts) -> Result<Tx> {
    let mut tx = aside::scratch(now).await?;
    run::begin(&mut tx, Dialect::Sqlite).await?;
    run::add(&mut tx, events).await?;
    run::compute(&mut tx, Dialect::Sqlite).await?;
    Ok(tx)
}
