//! The people who serve: roles, states and what a name and password must satisfy.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a member of the staff is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Serves customers.
    Agent,
    /// Watches and decides; may serve too.
    Manager,
    /// Sets the installation up; may do everything a manager may.
    Administrator,
}

/// Whether a member of the staff takes conversations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AgentState {
    /// Gets conversations up to the capacity.
    Available,
    /// Keeps what is open, gets nothing new.
    Break,
    /// Not at work.
    Offline,
}

macro_rules! text_enum {
    ($type:ident { $($variant:ident = $text:literal),* $(,)? }) => {
        impl $type {
            /// Every one of them.
            pub const EACH: &[Self] = &[$(Self::$variant),*];
            /// The stored and sent form.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }
            /// Reads the stored form back.
            pub fn parse(raw: &str) -> Option<Self> {
                match raw { $($text => Some(Self::$variant),)* _ => None }
            }
        }
    };
}
pub(crate) use text_enum;

text_enum!(Role { Agent = "agent", Manager = "manager", Administrator = "administrator" });
text_enum!(AgentState { Available = "available", Break = "break", Offline = "offline" });

/// The shortest password, in characters.
pub const MIN_PASSWORD_CHARS: usize = 10;
/// The longest password, in bytes: hashing more would let a stranger burn the processor.
pub const MAX_PASSWORD_BYTES: usize = 256;

/// Why a password was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Fewer than [`MIN_PASSWORD_CHARS`].
    #[error("a password has at least {MIN_PASSWORD_CHARS} characters")]
    TooShort,
    /// More than [`MAX_PASSWORD_BYTES`].
    #[error("a password has at most {MAX_PASSWORD_BYTES} bytes")]
    TooLong,
}

/// Checks a new password.
pub fn check_password(password: &str) -> Result<(), PasswordError> {
    if password.chars().count() < MIN_PASSWORD_CHARS {
        return Err(PasswordError::TooShort);
    }
    if password.len() > MAX_PASSWORD_BYTES {
        return Err(PasswordError::TooLong);
    }
    Ok(())
}

/// An agent counts as unreachable when its console was not heard of for this long, in milliseconds.
pub const UNREACHABLE_AFTER_MS: i64 = 30_000;
