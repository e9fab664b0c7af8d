//! Signs of attack: what one network is refused, counted in memory. Nothing waits for it, and nobody is refused for it: the limits do that.
//!
//! Requests of this machine are not counted: they are tools, or there is a proxy that was not configured, behind which everybody has the same address.

use std::{
    collections::HashSet,
    fmt,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::{Mutex, PoisonError},
};

use axum::http::StatusCode;
use domain::{
    alert::{AlertKind, Sign},
    id::TenantId,
    time::{HOUR, MINUTE, Ts},
};
use hashlink::LruCache;
use platform::client_address::ClientAddress;

/// How long what one network is refused is counted together, in milliseconds.
const WITHIN_MS: i64 = 10 * MINUTE;
/// The most networks that are counted, each for each kind.
const MOST: usize = 20_000;
/// The most signs that wait to be raised.
const MOST_DUE: usize = 100;

/// From how many refusals on they are a sign.
const fn least(kind: AlertKind) -> i64 {
    match kind {
        AlertKind::ManyNames => 10,
        AlertKind::ManyGuesses => 100,
        AlertKind::Flood | AlertKind::Danger | AlertKind::SlowReply | AlertKind::LongWait => 200,
    }
}

type Key = (TenantId, AlertKind, String);

/// What a network was refused.
struct Refused {
    since: Ts,
    times: i64,
    /// Digests of the names under which somebody tried to sign in.
    names: HashSet<u64>,
    /// When it was last raised.
    raised_at: Option<Ts>,
}

/// What each network is refused, and which of it is to be raised.
pub struct Signs {
    refused: Mutex<LruCache<Key, Refused>>,
    due: Mutex<Vec<(TenantId, Sign)>>,
}

impl Default for Signs {
    fn default() -> Self {
        Self { refused: Mutex::new(LruCache::new(MOST)), due: Mutex::default() }
    }
}

impl fmt::Debug for Signs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The keys are addresses.
        f.debug_struct("Signs").finish_non_exhaustive()
    }
}

impl Signs {
    /// Counts that somebody failed to sign in under a name.
    pub fn count_name(&self, tenant: TenantId, from: ClientAddress, name: &str, now: Ts) {
        let mut hasher = DefaultHasher::new();
        name.hash(&mut hasher);
        self.count(tenant, AlertKind::ManyNames, from, Some(hasher.finish()), now);
    }

    /// Counts an answer, if it refuses what an attacker asks for: things and secrets that do not exist, or too much. `is_with_secret` is whether the request had
    /// one.
    pub fn count_answer(&self, tenant: TenantId, from: ClientAddress, status: StatusCode, is_with_secret: bool, now: Ts) {
        let kind = match status {
            StatusCode::TOO_MANY_REQUESTS => AlertKind::Flood,
            StatusCode::NOT_FOUND | StatusCode::GONE => AlertKind::ManyGuesses,
            StatusCode::UNAUTHORIZED if is_with_secret => AlertKind::ManyGuesses,
            _ => return,
        };
        self.count(tenant, kind, from, None, now);
    }

    fn count(&self, tenant: TenantId, kind: AlertKind, from: ClientAddress, name: Option<u64>, now: Ts) {
        if from.is_this_machine() {
            return;
        }
        let network = from.network();
        let mut all = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = || Refused { since: now, times: 0, names: HashSet::new(), raised_at: None };
        let refused = all.entry((tenant, kind, network.clone())).or_insert_with(fresh);
        if now.since(refused.since) >= WITHIN_MS {
            *refused = Refused { raised_at: refused.raised_at, ..fresh() };
        }
        match name {
            Some(name) => refused.times += i64::from(refused.names.insert(name)),
            None => refused.times += 1,
        }
        if refused.times < least(kind) || refused.raised_at.is_some_and(|at| now.since(at) < HOUR) {
            return;
        }
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        // What does not fit is raised with the next refusal.
        if due.len() >= MOST_DUE {
            return;
        }
        refused.raised_at = Some(now);
        // Of a network that goes on, nothing grows.
        refused.names.clear();
        due.push((tenant, Sign { kind, network, times: refused.times }));
    }

    /// Takes what is to be raised.
    pub(super) fn take(&self) -> Vec<(TenantId, Sign)> {
        std::mem::take(&mut *self.due.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const TENANT: TenantId = TenantId::new(Uuid::nil());

    fn from(address: &str) -> ClientAddress {
        ClientAddress(address.parse().unwrap())
    }

    fn taken(signs: &Signs) -> Vec<(AlertKind, String, i64)> {
        signs.take().into_iter().map(|(_, Sign { kind, network, times })| (kind, network, times)).collect()
    }

    #[test]
    fn many_names_from_one_network_are_a_sign_and_one_name_is_none() {
        let signs = Signs::default();
        for _ in 0..50 {
            signs.count_name(TENANT, from("203.0.113.7"), "ada", Ts(0));
        }
        for n in 0..9 {
            signs.count_name(TENANT, from("203.0.113.8"), &n.to_string(), Ts(0));
            signs.count_name(TENANT, from("2001:db8::7"), &n.to_string(), Ts(n * WITHIN_MS));
        }
        assert_eq!(taken(&signs), []);
        signs.count_name(TENANT, from("203.0.113.8"), "9", Ts(1));
        assert_eq!(taken(&signs), [(AlertKind::ManyNames, "203.0.113.8".to_owned(), 10)]);
    }

    #[test]
    fn a_network_is_raised_once_an_hour_for_each_kind() {
        let signs = Signs::default();
        let ask = |status: u16, times: i64, now: Ts| {
            (0..times).for_each(|_| signs.count_answer(TENANT, from("2001:db8:1:2::7"), StatusCode::from_u16(status).unwrap(), true, now));
        };
        ask(404, 99, Ts(0));
        ask(200, 500, Ts(0));
        assert_eq!(taken(&signs), []);
        ask(401, 1, Ts(1));
        ask(429, 200, Ts(1));
        let network = || "2001:db8:1:2::/64".to_owned();
        assert_eq!(taken(&signs), [(AlertKind::ManyGuesses, network(), 100), (AlertKind::Flood, network(), 200)]);
        ask(404, 500, Ts(2));
        ask(404, 500, Ts(HOUR));
        assert_eq!(taken(&signs), [], "an hour after it was raised, and not before");
        ask(404, 100, Ts(HOUR + WITHIN_MS));
        assert_eq!(taken(&signs).len(), 1);
    }

    #[test]
    fn this_machine_attacks_nobody_and_a_request_without_a_secret_guesses_none() {
        let signs = Signs::default();
        for _ in 0..1_000 {
            signs.count_answer(TENANT, from("127.0.0.1"), StatusCode::NOT_FOUND, true, Ts(0));
            signs.count_answer(TENANT, from("203.0.113.7"), StatusCode::UNAUTHORIZED, false, Ts(0));
        }
        assert_eq!(taken(&signs), []);
    }
}
