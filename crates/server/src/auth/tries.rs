//! Tries so far, by limit; the limits are in `features/hall/customers/limits.rs` and `features/team/sign_in/limits.rs`.

use super::attempts::Attempts;

/// Tries by customers, by limit.
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

/// Messages sent for one reason.
#[derive(Debug, Default)]
pub(crate) struct SentTries {
    pub(crate) from: Attempts,
    pub(crate) to: Attempts,
    pub(crate) to_from: Attempts,
}

/// Sign-in tries by the staff, by limit.
#[derive(Debug, Default)]
pub struct StaffTries {
    pub(crate) of: Attempts,
    pub(crate) free_of_from: Attempts,
    pub(crate) of_from: Attempts,
    pub(crate) from: Attempts,
}
