//! What distinguishes one copy of the record from any other.

use std::{collections::BTreeSet, path::Path};

use anyhow::{Context as _, bail};
use db::{Tx, aside};
use domain::time::{Clock as _, Ts};
use platform::env::SystemClock;
use server::record_mark::LastEntry;
use store::entry_points::{self, Sealed};
use uuid::Uuid;

/// Which record a copy is of, and up to which entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The numbers of the steps of its schema.
    pub steps: BTreeSet<i64>,
    /// The generation, which identifies its history.
    pub generation: Uuid,
    /// The fingerprint of the key it is sealed by.
    pub seal_key: String,
    /// Its last entry.
    pub last: Option<LastEntry>,
}

impl Identity {
    /// The identity of a record or a copy of one; an error if it contains the key it is sealed by.
    pub async fn of(tx: &mut Tx) -> anyhow::Result<Self> {
        let steps = aside::steps(tx).await?;
        let generation = entry_points::generation_of(tx).await?.context("the record was never served: there is nothing in it")?;
        let seal_key = match entry_points::seal_state(tx).await? {
            Some(Sealed::Under { fingerprint, .. }) => fingerprint,
            _ => bail!("the record is not sealed by a key outside of it yet: start this version of the server once, until it is ready, and try again"),
        };
        let last = entry_points::last_entry_of(tx).await?.as_ref().map(LastEntry::of);
        Ok(Self { steps, generation, seal_key, last })
    }
}

/// Opens a copy that no server serves.
pub async fn open(record: &Path) -> anyhow::Result<Tx> {
    Ok(aside::open(record, now()).await?)
}

/// The current time.
pub fn now() -> Ts {
    SystemClock::default().now()
}
