//! Counts what was refused: the first try is in the audit within seconds, and those that follow it within a minute are one entry with their number.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use axum::http::StatusCode;
use domain::{
    id::TenantId,
    journal::Actor,
    refusal::Code,
    time::{MINUTE, Ts},
};
use uuid::Uuid;

use super::Asked;
use crate::{App, permitted::Permitted, problem::Problem};

/// How long tries are counted before they become one entry, in milliseconds.
const TOGETHER_MS: i64 = MINUTE;
/// The most different tries that are counted at a time; the others are in the log only.
const MOST: usize = 10_000;

/// Whether a refusal is one that the audit counts: somebody tried what they may not do, or did not prove who they are.
pub fn is_counted(status: u16, code: Code) -> bool {
    status == StatusCode::FORBIDDEN.as_u16() || matches!(code, Code::SignInFailed | Code::PasswordWrong | Code::LastAdministrator)
}

/// What is counted as the same try.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    tenant: TenantId,
    by: Option<Uuid>,
    operation: String,
    code: &'static str,
}

#[derive(Debug)]
struct Tries {
    by: Actor,
    asked: Asked,
    times: i64,
    /// When they were last noted.
    noted_at: Option<Ts>,
}

/// Tries that are not in the audit yet.
#[derive(Debug, Default)]
pub struct Refusals(Mutex<HashMap<Key, Tries>>);

impl Refusals {
    fn all(&self) -> MutexGuard<'_, HashMap<Key, Tries>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a try.
    pub fn count(&self, tenant: TenantId, by: Actor, asked: Asked, code: Code) {
        let key = Key { tenant, by: by.id, operation: asked.operation().to_owned(), code: code.as_str() };
        let mut all = self.all();
        if let Some(tries) = all.get_mut(&key) {
            tries.times += 1;
        } else if all.len() < MOST {
            all.insert(key, Tries { by, asked, times: 1, noted_at: None });
        } else {
            tracing::warn!(code = key.code, "more is refused than the audit counts");
        }
    }

    /// Takes what is to be noted now.
    fn take(&self, now: Ts) -> Vec<(TenantId, Actor, Asked)> {
        let mut all = self.all();
        all.retain(|_, tries| tries.times > 0 || tries.noted_at.is_some_and(|at| now.since(at) < TOGETHER_MS));
        let due = all.iter_mut().filter(|(_, tries)| tries.times > 0 && tries.noted_at.is_none_or(|at| now.since(at) >= TOGETHER_MS));
        due.map(|(key, tries)| {
            let times = std::mem::take(&mut tries.times);
            tries.noted_at = Some(now);
            (key.tenant, tries.by.clone(), tries.asked.clone().refused(key.code, times))
        })
        .collect()
    }
}

/// Notes the tries that are due in the audits of their companies.
pub async fn note(app: &App) -> store::Result<()> {
    for (tenant, by, asked) in app.in_memory().refusals.take(app.env().now()) {
        if let Err(Problem { title, .. }) = Permitted::new(tenant, by).audited(asked).note(app).await {
            tracing::warn!(error = title, "a refused try is not in the audit");
        }
    }
    Ok(())
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
        assert_eq!(taken(3 + 3 * MINUTE), [] as [i64; 0]);
        assert!(refusals.all().is_empty(), "nothing is kept for ever");
    }

    #[test]
    fn what_one_may_not_do_is_counted_and_a_wrong_field_is_not() {
        assert!(is_counted(403, Code::NotPermitted) && is_counted(401, Code::SignInFailed) && is_counted(422, Code::PasswordWrong));
        assert!(!is_counted(422, Code::InvalidValue) && !is_counted(401, Code::NotSignedIn) && !is_counted(404, Code::NotFound));
    }
}
