//! What handlers share in memory. Nothing here is the record; all of it is empty again after a restart.

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

/// What each company does one at a time.
#[derive(Debug, Default)]
pub struct OneEach(Mutex<HashSet<TenantId>>);

impl OneEach {
    /// Begins it for a company, unless it is at it already. It has ended when what is given back is dropped.
    pub fn begin(self: &Arc<Self>, tenant: TenantId) -> Option<AtIt> {
        let begun = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(tenant);
        begun.then(|| AtIt { all: self.clone(), tenant })
    }
}

/// A company is at it.
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

/// Guards, caches and counters of this process.
#[derive(Debug, Default)]
pub struct Shared {
    /// Sign-ins of the staff tried.
    pub sign_ins: StaffTries,
    /// Old passwords of the staff tried, by member.
    pub old_passwords: Attempts,
    /// What customers tried: signing in, codes they asked for.
    pub customers: CustomerTries,
    /// Visitors who came for the first time.
    pub visits: Attempts,
    /// Visitors who came again.
    pub visits_again: Attempts,
    /// Files uploaded.
    pub uploads: Attempts,
    /// Files on their way.
    pub arrivals: Arc<Arrivals>,
    /// Tests sent to webhook endpoints.
    pub webhook_tests: Attempts,
    /// Hashes passwords.
    pub passwords: BothPasswords,
    /// What companies sell, as last read.
    pub catalogues: Catalogues,
    /// Companies that look through a file of goods.
    pub imports: Arc<OneEach>,
    /// Whose turn it is to read a file of goods.
    pub sheets: Turns<16, 1>,
    /// Whose turn it is to make a picture anew; a file of 10 MB waits in memory.
    pub pictures: Turns<8, 4>,
    /// Whose turn it is to have left out what a picture tells beside its pixels. Nothing is decoded: it waits for no picture that is made anew, and on the disk.
    pub strips: Turns<64, 32>,
    /// The memory in which that is done: of the largest picture so far, at most 20 MB.
    pub strip_memory: Arc<Mutex<Vec<u8>>>,
    /// Requests answered.
    pub counters: Counters,
    /// How the times of entries compare with the clock.
    pub stamps: Stamps,
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
