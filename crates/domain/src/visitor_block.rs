//! Visitors from whom a company takes nothing for a while, or for good.

use crate::{
    id::{AgentId, ConversationId, VisitorId},
    refusal::Code,
    time::{DAY, Ts},
};

/// The longest reason of a block, in characters.
pub const MAX_BLOCK_REASON_CHARS: usize = 200;
/// A block that ends ends within this time, in milliseconds.
pub const BLOCK_LIMIT_MS: i64 = 366 * DAY;

/// From whom nothing is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitorBlock {
    /// The visitor.
    pub visitor: VisitorId,
    /// The conversation in which the visitor was blocked.
    pub conversation: ConversationId,
    /// Why, in the words of the staff; the customer does not read it.
    pub reason: String,
    /// Who did it.
    pub by: AgentId,
    /// When.
    pub at: Ts,
    /// Until when; `None` means for good.
    pub until: Option<Ts>,
}

/// What is wrong with a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BlockError {
    /// There is no reason, it is too long, or it is not one line.
    #[error("a reason is one line of at most {MAX_BLOCK_REASON_CHARS} characters")]
    Reason,
    /// It ends in the past, or in more than a year.
    #[error("a block ends within a year, or never")]
    Until,
}

impl BlockError {
    /// The field of the request that the error is about.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Reason => "reason",
            Self::Until => "until",
        }
    }
    /// The code of the refusal.
    pub const fn code(self) -> Code {
        Code::InvalidValue
    }
}

/// Checks a block that begins now.
pub fn check(reason: &str, until: Option<Ts>, now: Ts) -> Result<(), BlockError> {
    if reason.trim().is_empty() || reason.chars().count() > MAX_BLOCK_REASON_CHARS || reason.chars().any(char::is_control) {
        return Err(BlockError::Reason);
    }
    match until {
        Some(until) if until <= now || until > now.plus(BLOCK_LIMIT_MS) => Err(BlockError::Until),
        _ => Ok(()),
    }
}

/// Whether somebody who is blocked until a time still is; nobody who never was.
pub fn is_in_force(blocked_until: Option<Ts>, now: Ts) -> bool {
    blocked_until.is_some_and(|until| now < until)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_has_a_reason_and_ends_within_a_year_or_never() {
        let now = Ts(1_000_000);
        assert_eq!(check("insults", None, now), Ok(()));
        for until in [now.plus(1), now.plus(BLOCK_LIMIT_MS)] {
            assert_eq!(check("insults", Some(until), now), Ok(()));
        }
        for until in [now, now.plus(BLOCK_LIMIT_MS + 1)] {
            assert_eq!(check("insults", Some(until), now), Err(BlockError::Until));
        }
        for reason in [String::new(), "  ".to_owned(), "a\nb".to_owned(), "x".repeat(MAX_BLOCK_REASON_CHARS + 1)] {
            assert_eq!(check(&reason, None, now), Err(BlockError::Reason));
        }
    }

    #[test]
    fn it_ends_by_itself() {
        assert!(is_in_force(Some(Ts(10)), Ts(9)) && !is_in_force(Some(Ts(10)), Ts(10)) && !is_in_force(None, Ts(0)));
    }
}
