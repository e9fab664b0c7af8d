//! Ids and secrets for data that a test puts into the record itself.

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// A new UUIDv7.
#[expect(clippy::disallowed_methods, reason = "tests have no other source of ids")]
pub fn uuid() -> Uuid {
    Uuid::now_v7()
}

/// A new secret of 64 hex digits.
pub fn secret() -> String {
    format!("{}{}", uuid().as_simple(), uuid().as_simple())
}

/// The hash of a secret, as stored in the record.
pub fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}
