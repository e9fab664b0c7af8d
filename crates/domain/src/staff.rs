//! The people who serve: roles, states and what a name and password must satisfy.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::time::Ts;

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
/// Whether a member of the staff can sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MemberStatus {
    /// Was invited and has not come yet.
    Invited,
    /// Can.
    Active,
    /// Is kept out.
    Disabled,
}

text_enum!(MemberStatus { Invited = "invited", Active = "active", Disabled = "disabled" });
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

/// Whether a console that was last heard of then is connected.
pub fn is_reachable(last_seen_at: Option<Ts>, now: Ts) -> bool {
    last_seen_at.is_some_and(|seen| now.since(seen) <= UNREACHABLE_AFTER_MS)
}

/// The most conversations somebody may serve at once.
pub const MAX_CAPACITY: i64 = 100;
/// The longest address, in bytes (RFC 5321).
const MAX_EMAIL_BYTES: usize = 254;

/// Why a member of the staff, or a group of them, was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PersonError {
    /// The name is empty or too long.
    #[error("a name has 1 to 40 characters")]
    Name,
    /// The number customers see is too long.
    #[error("a number has 1 to 20 characters")]
    Number,
    /// The address is none.
    #[error("this is not an e-mail address")]
    Email,
    /// The capacity is none.
    #[error("a capacity is 1 to {MAX_CAPACITY}")]
    Capacity,
}

impl PersonError {
    /// The request's field it speaks of.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Number => "number",
            Self::Email => "email",
            Self::Capacity => "capacity",
        }
    }
    /// The code pages translate.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Email => "email_invalid",
            _ => "invalid_value",
        }
    }
}

fn is_line(text: &str, max: usize) -> bool {
    !text.trim().is_empty() && text.chars().count() <= max && !text.chars().any(char::is_control)
}

/// Checks a name: of a member, or of a group.
pub fn check_name(name: &str) -> Result<(), PersonError> {
    if is_line(name, 40) { Ok(()) } else { Err(PersonError::Name) }
}

/// Checks an address somebody signs in with.
pub fn check_email(email: &str) -> Result<(), PersonError> {
    let halves = email.split_once('@').is_some_and(|(local, host)| !local.is_empty() && !host.is_empty() && !host.contains('@'));
    let fits = halves && email.len() <= MAX_EMAIL_BYTES && !email.chars().any(|c| c.is_whitespace() || c.is_control());
    if fits { Ok(()) } else { Err(PersonError::Email) }
}

/// Checks what customers and the routing see of a member.
pub fn check_person(name: &str, number: &str, capacity: i64) -> Result<(), PersonError> {
    check_name(name)?;
    if !is_line(number, 20) {
        return Err(PersonError::Number);
    }
    if (1..=MAX_CAPACITY).contains(&capacity) { Ok(()) } else { Err(PersonError::Capacity) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_two_halves() {
        for (email, fits) in
            [("a@b", true), ("ada@alpha.example", true), ("", false), ("a", false), ("@b", false), ("a@", false), ("a@b@c", false), ("a b@c", false)]
        {
            assert_eq!(check_email(email).is_ok(), fits, "{email}");
        }
        assert!(check_email(&format!("{}@b", "a".repeat(300))).is_err());
    }

    #[test]
    fn what_is_wrong_with_a_person_names_its_field() {
        let wrong = |name: &str, number: &str, capacity| check_person(name, number, capacity).map_err(PersonError::field);
        assert_eq!(wrong("周敏", "0317", 5), Ok(()));
        assert_eq!(
            (wrong(" ", "1", 5), wrong("a", "", 5), wrong("a", "1", 0), wrong("a", "1", 101)),
            (Err("name"), Err("number"), Err("capacity"), Err("capacity"))
        );
    }
}
