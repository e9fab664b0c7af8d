//! The ends of the audit logs that a node knows.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use domain::id::TenantId;
use serde::{Deserialize, Serialize};

/// The end of a log, as it was once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownEnd {
    /// The number of the last entry.
    pub seq: i64,
    /// Its chain.
    pub chain: String,
}

#[derive(Debug, Default)]
pub(super) struct Known {
    pub is_read: bool,
    /// Whether the file has these ends.
    pub is_written: bool,
    pub ends: HashMap<TenantId, KnownEnd>,
}

impl Known {
    /// Notes the end of a company's log.
    pub fn note(&mut self, tenant: TenantId, end: KnownEnd) {
        if self.ends.get(&tenant) != Some(&end) {
            self.ends.insert(tenant, end);
            self.is_written = false;
        }
    }
}

/// The ends that this node knows.
#[derive(Debug, Default)]
pub struct Witness(Mutex<Known>);

impl Witness {
    pub(super) fn known_ends(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Forgets the end of the log of a company that is gone, or that has come back with an older one.
    pub fn forget(&self, tenant: TenantId) {
        let mut known = self.known_ends();
        known.ends.remove(&tenant);
        known.is_written = false;
    }
    /// The end of a company's log, if this node knows one.
    pub fn of(&self, tenant: TenantId) -> Option<KnownEnd> {
        self.known_ends().ends.get(&tenant).cloned()
    }
}
