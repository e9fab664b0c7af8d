//! State that handlers share in memory. None of it is part of the record; it is empty after a restart.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use domain::{effect::Effect, entry::EntryKind, id::TenantId};
use service::catalogue::Catalogues;

use crate::{
    auth::{
        attempts::Attempts,
        password::BothPasswords,
        tries::{CustomerTries, StaffTries},
    },
    features::desk::files::arrivals::Arrivals,
    metrics::{Counters, Stamps},
    turns::Turns,
};

/// Work of which each company may do one at a time.
#[derive(Debug, Default)]
pub struct OneEach(Mutex<HashSet<TenantId>>);

impl OneEach {
    /// Begins the work for a company, unless it is in progress already. It ends when the returned guard is dropped.
    pub fn begin(self: &Arc<Self>, tenant: TenantId) -> Option<AtIt> {
        let begun = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(tenant);
        begun.then(|| AtIt { all: self.clone(), tenant })
    }
}

/// Held while a company's work is in progress.
#[derive(Debug)]
pub struct AtIt {
    all: Arc<OneEach>,
    tenant: TenantId,
}

impl Drop for AtIt {
    fn drop(&mut self) {
        self.all.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.tenant);
    }
}

/// The guards, caches and counters of this process.
#[derive(Debug, Default)]
pub struct Shared {
    /// Sign-in attempts of the staff.
    pub sign_ins: StaffTries,
    /// Attempts to enter the old password, by member of the staff.
    pub old_passwords: Attempts,
    /// What customers attempted: signing in, requesting codes.
    pub customers: CustomerTries,
    /// Visits of new visitors.
    pub visits: Attempts,
    /// Visits of returning visitors.
    pub visits_again: Attempts,
    /// File uploads.
    pub uploads: Attempts,
    /// Uploads in progress.
    pub arrivals: Arc<Arrivals>,
    /// Test deliveries to webhook endpoints.
    pub webhook_tests: Attempts,
    /// Hashes passwords.
    pub passwords: BothPasswords,
    /// The companies' catalogues, as last read.
    pub catalogues: Catalogues,
    /// Companies that are processing a file of goods.
    pub imports: Arc<OneEach>,
    /// Queue for reading files of goods.
    pub sheets: Turns<16, 1>,
    /// Queue for re-encoding pictures; a file of 10 MB waits in memory.
    pub pictures: Turns<8, 4>,
    /// Queue for removing a picture's metadata. Nothing is decoded: it does not wait for pictures that are being re-encoded, and it waits on the disk.
    pub strips: Turns<64, 32>,
    /// The memory used for that: as large as the largest picture so far, at most 20 MB.
    pub strip_memory: Arc<Mutex<Vec<u8>>>,
    /// Counts of requests answered.
    pub counters: Counters,
    /// Compares the times of entries with the clock.
    pub stamps: Stamps,
}

impl Shared {
    /// Invalidates what a commit made outdated.
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
