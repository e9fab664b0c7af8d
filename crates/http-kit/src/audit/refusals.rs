//! Counts what was refused: the first try is in the audit within seconds, and those that follow it within a minute are one entry with their number. Of what is
//! tried on and on, entries become rarer: each waits twice as long as the one before, at most an hour.
//!
//! This is the one way in which a refusal reaches the audit. Most are counted as they are answered ([`is_counted`], of whom
//! [`note_asking`](crate::request_company::note_asking) says who asks); the others by whoever knows what is refused ([`Refusals::count`]).

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use axum::http::StatusCode;
use domain::{
    id::TenantId,
    journal::Actor,
    refusal::Code,
    time::{HOUR, MINUTE, Ts},
};
use uuid::Uuid;

use super::Asked;

/// How long tries are counted before they become one entry, in milliseconds: at first, and at most.
const TOGETHER_MS: i64 = MINUTE;
const LONGEST_MS: i64 = HOUR;
/// The most different tries that are counted at a time; the others are in the log only.
const MOST: usize = 10_000;

/// Those of one company once half of them are counted, so that nobody crowds out what others have refused.
const MOST_OF_ONE: usize = 1_000;

/// Whether a refusal is one that the audit counts: somebody tried what they may not do, or did not prove who they are.
pub fn is_counted(status: u16, code: Code) -> bool {
    status == StatusCode::FORBIDDEN.as_u16()
        || matches!(code, Code::SignInFailed | Code::PasswordWrong | Code::SecondStepWrong | Code::PasskeyRefused | Code::LastAdministrator)
}

/// What is counted as the same try.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    tenant: TenantId,
    by: Option<Uuid>,
    operation: String,
    object: Option<String>,
    /// Why it was refused; `None` if it was not.
    code: Option<&'static str>,
}

#[derive(Debug)]
struct Tries {
    by: Actor,
    asked: Asked,
    times: i64,
    /// When they were last noted.
    noted_at: Option<Ts>,
    /// How long those that follow wait for each other.
    together_ms: i64,
}

/// Tries that are not in the audit yet.
#[derive(Debug, Default)]
pub struct Refusals(Mutex<HashMap<Key, Tries>>);

impl Refusals {
    fn all(&self) -> MutexGuard<'_, HashMap<Key, Tries>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a try that was refused.
    pub fn count(&self, tenant: TenantId, by: Actor, asked: Asked, code: Code) {
        self.add(tenant, by, asked, Some(code.as_str()));
    }
    /// Has the audit note what anybody may ask for as often as they like, soon but not while they wait: the time that the answer takes reveals nothing.
    pub fn note_later(&self, tenant: TenantId, by: Actor, asked: Asked) {
        self.add(tenant, by, asked, None);
    }

    fn add(&self, tenant: TenantId, by: Actor, asked: Asked, code: Option<&'static str>) {
        let key = Key { tenant, by: by.id, operation: asked.operation().to_owned(), object: asked.object().map(str::to_owned), code };
        let mut all = self.all();
        if let Some(tries) = all.get_mut(&key) {
            tries.times += 1;
        } else if all.len() < MOST / 2 || all.len() < MOST && all.keys().filter(|counted| counted.tenant == tenant).count() < MOST_OF_ONE {
            all.insert(key, Tries { by, asked, times: 1, noted_at: None, together_ms: TOGETHER_MS });
        } else {
            tracing::warn!(code = key.code, "more is refused than the audit counts");
        }
    }

    /// Takes what is to be noted now.
    pub(super) fn take(&self, now: Ts) -> Vec<(TenantId, Actor, Asked)> {
        let mut all = self.all();
        let is_over = |tries: &Tries| tries.noted_at.is_none_or(|at| now.since(at) >= tries.together_ms);
        all.retain(|_, tries| tries.times > 0 || !is_over(tries));
        let due = all.iter_mut().filter(|(_, tries)| tries.times > 0 && is_over(tries));
        due.map(|(key, tries)| {
            let times = std::mem::take(&mut tries.times);
            if tries.noted_at.is_some() {
                tries.together_ms = (2 * tries.together_ms).min(LONGEST_MS);
            }
            tries.noted_at = Some(now);
            let asked = tries.asked.clone();
            (key.tenant, tries.by.clone(), key.code.map_or(asked.clone(), |code| asked.refused(code, times)))
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_try_is_noted_at_once_and_those_of_the_next_minute_together() {
        let (refusals, tenant) = (Refusals::default(), TenantId::new(Uuid::nil()));
        let asked = |operation: &str| Asked::by_command(operation, serde_json::Value::Null);
        let count = |operation| refusals.count(tenant, Actor::system(), asked(operation), Code::NotPermitted);
        let taken = |at: i64| {
            let mut taken: Vec<i64> = refusals.take(Ts(at)).into_iter().map(|(_, _, asked)| asked.refused.unwrap().times).collect();
            taken.sort_unstable();
            taken
        };
        count("a");
        assert_eq!(taken(1), [1]);
        (0..5).for_each(|_| count("a"));
        count("b");
        assert_eq!(taken(2), [1], "another operation is another try");
        assert_eq!(taken(MINUTE), [] as [i64; 0]);
        assert_eq!(taken(1 + MINUTE), [5]);
        count("a");
        assert_eq!((taken(1 + 2 * MINUTE), taken(1 + 3 * MINUTE)), (vec![], vec![1]), "entries become rarer");
        assert_eq!(taken(3 + 9 * MINUTE), [] as [i64; 0]);
        assert!(refusals.all().is_empty(), "nothing is kept for ever");
    }

    #[test]
    fn one_company_does_not_crowd_out_what_others_have_refused() {
        let (refusals, greedy, other) = (Refusals::default(), TenantId::new(Uuid::nil()), TenantId::new(Uuid::max()));
        let count = |tenant, n: usize| refusals.count(tenant, Actor::system(), Asked::by_command(&n.to_string(), serde_json::Value::Null), Code::NotPermitted);
        for n in 0..MOST {
            count(greedy, n);
        }
        count(other, 0);
        let counted = |tenant| refusals.all().keys().filter(|key| key.tenant == tenant).count();
        assert_eq!((counted(greedy), counted(other)), (MOST / 2, 1));
    }

    #[test]
    fn what_one_may_not_do_is_counted_and_a_wrong_field_is_not() {
        assert!(is_counted(403, Code::NotPermitted) && is_counted(401, Code::SignInFailed) && is_counted(422, Code::PasswordWrong));
        assert!(is_counted(422, Code::SecondStepWrong) && is_counted(422, Code::PasskeyRefused));
        assert!(!is_counted(422, Code::InvalidValue) && !is_counted(401, Code::NotSignedIn) && !is_counted(404, Code::NotFound));
    }
}
