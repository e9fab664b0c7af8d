//! What handlers share in memory. Nothing here is the record; all of it is empty again after a restart.

use domain::journal::{Effect, EntryKind};

use crate::{
    auth::{attempts::Attempts, password::Passwords},
    catalogue::Catalogues,
    metrics::Counters,
};

/// Guards, caches and counters of this process.
#[derive(Debug, Default)]
pub struct Shared {
    /// Sign-ins tried.
    pub sign_ins: Attempts,
    /// Visitors who came for the first time.
    pub visits: Attempts,
    /// Files uploaded.
    pub uploads: Attempts,
    /// Tests sent to webhook endpoints.
    pub webhook_tests: Attempts,
    /// Hashes passwords.
    pub passwords: Passwords,
    /// What companies sell, as last read.
    pub catalogues: Catalogues,
    /// Requests answered.
    pub counters: Counters,
}

impl Shared {
    /// Forgets what a commit made untrue.
    pub fn outdated_by(&self, effects: &[Effect]) {
        for effect in effects {
            if let Effect::Entry(entry) = effect
                && entry.entry.kind == EntryKind::CatalogueChanged
            {
                self.catalogues.forget(entry.entry.tenant);
            }
        }
    }
}
