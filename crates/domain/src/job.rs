//! Work that outlives the process: its kinds, and when it is tried again.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    text_enum::text_enum,
    time::{DAY, HOUR, MINUTE, SECOND},
};

/// A kind of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// A mail or text message to a customer.
    Letter,
}
text_enum!(JobKind { Letter = "letter" });

/// The waits between attempts, in milliseconds. People wait for letters, so the first ones are short.
const WAITS_MS: [i64; 9] = [3 * SECOND, 10 * SECOND, 20 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR];

/// How long a job that was given up is kept, in milliseconds. What it was to send is somebody's.
pub const DEAD_KEPT_MS: i64 = 30 * DAY;

/// How long to wait after an attempt that failed, if `before` attempts had failed before it; `None` if it is given up.
pub fn retry_after_ms(before: i64) -> Option<i64> {
    WAITS_MS.get(usize::try_from(before).ok()?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        let waits: Vec<i64> = (0..).map_while(retry_after_ms).collect();
        assert!(waits.is_sorted() && waits.len() == WAITS_MS.len());
        assert_eq!(retry_after_ms(-1), None);
    }
}
