//! State that handlers share in memory. None of it is part of the record; it is empty after a restart.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use platform::{
    arrivals::Arrivals,
    counters::{Counters, Stamps},
    one_each::OneEach,
};

use crate::{
    address::Addresses,
    audit::{known_ends::Witness, refusals::Refusals},
    auth::{
        attempts::Attempts,
        circles::Circles,
        password::BothPasswords,
        refusals::RefusedTokens,
        signs::Signs,
        tries::{CustomerTries, SentTries, StaffTries},
    },
    documents::Documents,
    quota::Quotas,
    transfer::Transfer,
    turns::Turns,
};

/// The guards, caches and counters of this process.
#[derive(Debug, Default)]
pub struct InMemory {
    /// Sign-in attempts of the staff.
    pub sign_ins: StaffTries,
    /// Codes to open a company, by the network that asks for them.
    pub openings_from: Attempts,
    /// Codes to open a company, by the address to which they are sent.
    pub openings_to: Attempts,
    /// Attempts to enter such a code, by the request.
    pub opening_codes: Attempts,
    /// Companies that strangers opened.
    pub openings: Attempts,
    /// Letters to one mailbox or number that strangers cause, whichever company sends them.
    pub letters_to: Attempts,
    /// Archives that each company had made.
    pub archives: Attempts,
    /// Where the companies are found.
    pub addresses: Addresses,
    /// Whom and what the reaches of those who ask relate them to.
    pub circles: Circles,
    /// What identity providers say of themselves.
    pub providers: Documents,
    /// What is left of the quotas of programs.
    pub quotas: Quotas,
    /// Refused tokens of programs.
    pub refused_tokens: RefusedTokens,
    /// Attempts to enter the old password, by member of the staff.
    pub old_passwords: Attempts,
    /// Requests for invitations by mail, by company.
    pub invitations: Attempts,
    /// Attempts at the second step, by member of the staff.
    pub second_steps: Attempts,
    /// Links that members of the staff asked for because they had forgotten the password.
    pub recoveries: SentTries,
    /// What customers attempted: signing in, requesting codes.
    pub customers: CustomerTries,
    /// Visits of new visitors.
    pub visits: Attempts,
    /// Visits of returning visitors.
    pub visits_again: Attempts,
    /// Tokens by which sites name their customers and that were refused.
    pub refused_identities: Attempts,
    /// Pages that said that a site's snippet is on them.
    pub sightings: Attempts,
    /// File uploads.
    pub uploads: Attempts,
    /// Uploads in progress.
    pub arrivals: Arc<Arrivals>,
    /// Reports of response times by pages of visitors.
    pub page_reports: Attempts,
    /// Response times that count of what a network or a member of the staff reports, by company and kind.
    pub counted_times: Attempts,
    /// What visitors looked at.
    pub views: Attempts,
    /// What visitors chose about recommendations.
    pub choices: Attempts,
    /// Reports of response times by pages of the staff.
    pub staff_reports: Attempts,
    /// Tests of connections to identity providers.
    pub single_sign_on_tests: Attempts,
    /// Test deliveries to webhook endpoints.
    pub webhook_tests: Attempts,
    /// Hashes passwords.
    pub passwords: BothPasswords,
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
    /// The company that is being exported, imported or erased.
    pub transfer: Arc<Transfer>,
    /// Counts of requests answered.
    pub counters: Counters,
    /// Compares the times of entries with the clock.
    pub stamps: Stamps,
    /// What was refused and is not in the audit yet.
    pub refusals: Refusals,
    /// Signs of attack.
    pub signs: Signs,
    /// The ends of the audit logs, as this node knows them.
    pub audit_witness: Witness,
    /// When members last looked at the audit, which is noted now and then.
    pub audit_looks: Attempts,
    /// What only one feature knows.
    of_features: OfFeatures,
}

impl InMemory {
    /// What a feature keeps in memory: one of its type, made when it is first asked for.
    pub fn of<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        let mut kept = self.of_features.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(T::default())).clone();
        drop(kept);
        known.downcast().unwrap_or_default()
    }
}

/// One of each type.
#[derive(Default)]
struct OfFeatures(Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl fmt::Debug for OfFeatures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OfFeatures").finish_non_exhaustive()
    }
}
