//! What was tried, by limit: `features/customers/limits.rs` and `features/sign_in/limits.rs` say how often.

use super::attempts::Attempts;

/// What customers tried, by limit.
#[derive(Debug, Default)]
pub struct CustomerTries {
    pub(crate) sign_ins_from: Attempts,
    pub(crate) free_of: Attempts,
    pub(crate) free_from: Attempts,
    pub(crate) wrong_of_from: Attempts,
    pub(crate) wrong_from: Attempts,
    pub(crate) old_passwords: Attempts,
    pub(crate) codes_from: Attempts,
    pub(crate) looks_from: Attempts,
    pub(crate) sent: [SentTries; 4],
}

/// Messages of one sort.
#[derive(Debug, Default)]
pub(crate) struct SentTries {
    pub(crate) from: Attempts,
    pub(crate) to: Attempts,
    pub(crate) to_from: Attempts,
}

/// Sign-ins of the staff that were tried, by limit.
#[derive(Debug, Default)]
pub struct StaffTries {
    pub(crate) of: Attempts,
    pub(crate) free_of_from: Attempts,
    pub(crate) of_from: Attempts,
    pub(crate) from: Attempts,
}
