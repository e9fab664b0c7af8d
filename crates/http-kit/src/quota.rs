//! How many requests a program may make: so many a minute for each token, on each node, with what is left in the headers of every answer.

use std::sync::{Mutex, PoisonError};

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use domain::{
    id::ApiTokenId,
    time::{MINUTE, SECOND, Ts},
};
use hashlink::LruCache;

/// The requests a token may make in a minute.
pub const PER_MINUTE: u32 = 600;
/// The most tokens remembered; beyond that, the one used longest ago starts again with a full quota.
const MAX_TOKENS: usize = 10_000;

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const STATE: HeaderName = HeaderName::from_static("ratelimit");
/// [`PER_MINUTE`], as clients are told (draft-ietf-httpapi-ratelimit-headers).
const POLICY_VALUE: HeaderValue = HeaderValue::from_static("\"token\";q=600;w=60");

/// What is left of a token's quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// The requests that are left.
    pub requests: u32,
    /// The seconds until it is full again.
    pub seconds: u64,
}

impl Left {
    /// Adds the headers that tell the program.
    pub fn tell(self, headers: &mut HeaderMap) {
        headers.insert(POLICY, POLICY_VALUE);
        if let Ok(state) = HeaderValue::from_str(&format!("\"token\";r={};t={}", self.requests, self.seconds)) {
            headers.insert(STATE, state);
        }
    }
}

/// The minute in which a token is used, and how often it was.
#[derive(Debug, Clone, Copy)]
struct Window {
    began_at: Ts,
    used: u32,
}

/// The quotas of all tokens on this node.
#[derive(Debug)]
pub struct Quotas(Mutex<LruCache<ApiTokenId, Window>>);

impl Default for Quotas {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(MAX_TOKENS)))
    }
}

impl Quotas {
    /// Counts a request. `Err` if none was left for it.
    pub fn take(&self, token: ApiTokenId, now: Ts) -> Result<Left, Left> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = Window { began_at: now, used: 0 };
        let mut window = known.get(&token).copied().filter(|window| (0..MINUTE).contains(&now.since(window.began_at))).unwrap_or(fresh);
        let is_over = window.used >= PER_MINUTE;
        window.used += u32::from(!is_over);
        known.insert(token, window);
        let left_ms = window.began_at.plus(MINUTE).since(now);
        let seconds = u64::try_from((left_ms + SECOND - 1) / SECOND).unwrap_or(1);
        let left = Left { requests: PER_MINUTE - window.used, seconds };
        if is_over { Err(left) } else { Ok(left) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_holds_so_many_requests() {
        let (quotas, id) = (Quotas::default(), |n| ApiTokenId::new(uuid::Uuid::from_u128(n)));
        assert_eq!(quotas.take(id(1), Ts(1_000)), Ok(Left { requests: PER_MINUTE - 1, seconds: 60 }));
        for _ in 1..PER_MINUTE {
            assert!(quotas.take(id(1), Ts(2_500)).is_ok());
        }
        assert_eq!(quotas.take(id(1), Ts(2_500)), Err(Left { requests: 0, seconds: 59 }));
        assert!(quotas.take(id(2), Ts(2_500)).is_ok(), "each token has its own");
        assert!(quotas.take(id(1), Ts(60_999)).is_err());
        assert_eq!(quotas.take(id(1), Ts(61_000)), Ok(Left { requests: PER_MINUTE - 1, seconds: 60 }));
        assert!(quotas.take(id(1), Ts(5)).is_ok(), "a corrected clock begins a new minute");
        assert_eq!(POLICY_VALUE, format!("\"token\";q={PER_MINUTE};w=60"));
        let mut headers = HeaderMap::new();
        Left { requests: 7, seconds: 9 }.tell(&mut headers);
        assert_eq!(headers["ratelimit"], "\"token\";r=7;t=9");
    }
}
