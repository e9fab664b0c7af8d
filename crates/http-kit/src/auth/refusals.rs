//! Refused tokens of programs, which are counted in memory and written down once a minute: whoever tries a token again and again costs no write.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use domain::{
    id::ApiTokenId,
    time::{MINUTE, Ts},
};

/// The refusals of a token.
#[derive(Debug, Clone, Copy)]
struct Waiting {
    written_at: Ts,
    times: i64,
}

/// RefusedTokens that wait to be written down. Only tokens that exist are counted, so there are never many.
#[derive(Debug, Default)]
pub struct RefusedTokens(Mutex<HashMap<ApiTokenId, Waiting>>);

impl RefusedTokens {
    /// Counts a refusal. Returns how many there are to write down, if it is time to.
    pub fn count(&self, token: ApiTokenId, now: Ts) -> Option<i64> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(waiting) = all.get_mut(&token) else {
            all.insert(token, Waiting { written_at: now, times: 0 });
            return Some(1);
        };
        waiting.times += 1;
        if (0..MINUTE).contains(&now.since(waiting.written_at)) {
            return None;
        }
        waiting.written_at = now;
        Some(std::mem::take(&mut waiting.times))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_counted_and_written_once_a_minute() {
        let (refusals, id) = (RefusedTokens::default(), |n| ApiTokenId::new(uuid::Uuid::from_u128(n)));
        assert_eq!([0, 1, 2].map(|at| refusals.count(id(1), Ts(at))), [Some(1), None, None]);
        assert_eq!(refusals.count(id(2), Ts(3)), Some(1));
        assert_eq!([MINUTE, MINUTE + 1].map(|at| refusals.count(id(1), Ts(at))), [Some(3), None]);
    }
}
