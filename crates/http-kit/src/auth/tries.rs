//! Tries so far, by limit; the limits are in `features/hall/customers/limits.rs` and `features/team/sign_in/limits.rs` of `server`.

use super::attempts::Attempts;

/// Tries by customers, by limit.
#[derive(Debug, Default)]
pub struct CustomerTries {
    /// Sign-ins, by network.
    pub sign_ins_from: Attempts,
    /// Wrong sign-ins before a puzzle is required, by account.
    pub free_of: Attempts,
    /// Wrong sign-ins before a puzzle is required, by network.
    pub free_from: Attempts,
    /// Wrong sign-ins, by account and network.
    pub wrong_of_from: Attempts,
    /// Wrong sign-ins, by network.
    pub wrong_from: Attempts,
    /// Wrong old passwords, by customer.
    pub old_passwords: Attempts,
    /// Codes and links that were used, by network.
    pub codes_from: Attempts,
    /// Links that were looked at without being used, by network.
    pub looks_from: Attempts,
    /// Messages sent, by reason.
    pub sent: [SentTries; 4],
}

/// Messages sent for one reason.
#[derive(Debug, Default)]
pub struct SentTries {
    /// By network.
    pub from: Attempts,
    /// By address or number.
    pub to: Attempts,
    /// By address or number and network.
    pub to_from: Attempts,
}

/// Sign-in tries by the staff, by limit.
#[derive(Debug, Default)]
pub struct StaffTries {
    /// By account.
    pub of: Attempts,
    /// Before a puzzle is required, by account and network.
    pub free_of_from: Attempts,
    /// By account and network.
    pub of_from: Attempts,
    /// By network.
    pub from: Attempts,
    /// Attempts to sign in by way of an identity provider that were begun, by network.
    pub sign_ons_from: Attempts,
}
