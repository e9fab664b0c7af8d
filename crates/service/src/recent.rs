//! What was computed for a reader a moment ago: the pages of a list, and its count, need it one after the other. What the company changes in the meantime is
//! computed anew, and what was computed for one reader is given to no other.

use std::{
    any::Any,
    sync::{Arc, Mutex, PoisonError},
};

use domain::{
    id::{AgentId, TenantId},
    policy::Grants,
    time::{MINUTE, Ts},
};
use store_knowledge::unanswered::Wanted;

use crate::bounded::Bounded;

/// How many results are cached; few members teach the bot at the same time.
const MOST: usize = 16;

/// A result of whatever type: who computes it knows the type, and who holds the cache need not.
pub type Anything = Arc<dyn Any + Send + Sync>;

/// Who reads which questions.
pub type Reading = (TenantId, AgentId, Wanted);

/// From what something was computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    /// What the reader may do.
    pub grants: Grants,
    /// The revision of the draft.
    pub revision: i64,
    /// A digest of the questions, and of which of their conversations the reader may read.
    pub questions: u64,
}

/// A result, from what it was computed, and when.
type Held<T> = Arc<tokio::sync::Mutex<Option<(Source, Ts, T)>>>;

/// The latest result for each reader, for up to a minute. The caller that holds the lock computes it; the others wait. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Recent<T>(Arc<Mutex<Bounded<Reading, Held<T>>>>);

impl<T: Clone> Default for Recent<T> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Bounded::new(MOST, MINUTE))))
    }
}

impl<T: Clone> Recent<T> {
    /// The result for a reader: the latest one if it has the same source, and otherwise a new one.
    pub async fn get<E>(&self, reading: Reading, source: Source, now: Ts, compute: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        let cell = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(reading, now);
        let mut held = cell.lock().await;
        if let Some((of, at, result)) = held.as_ref()
            && *of == source
            && now.since(*at) < MINUTE
        {
            return Ok(result.clone());
        }
        let result = compute.await?;
        *held = Some((source, now, result.clone()));
        Ok(result)
    }
    /// Evicts what is too old.
    pub fn forget_idle(&self, now: Ts) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).forget_idle(now);
    }
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use uuid::Uuid;

    use super::*;

    #[tokio::test]
    async fn it_is_computed_again_for_another_reader_another_source_and_after_a_minute() {
        let (recent, computed) = (Recent::<u32>::default(), std::sync::atomic::AtomicU32::new(0));
        let reading = |tenant: u128, agent: u128| (TenantId::new(Uuid::from_u128(tenant)), AgentId::new(Uuid::from_u128(agent)), Wanted::since(Ts(0)));
        let source = Source { grants: Grants::of(Role::Agent), revision: 1, questions: 1 };
        let get = async |reading, source, now| {
            let compute = async { Ok::<u32, ()>(computed.fetch_add(1, std::sync::atomic::Ordering::SeqCst)) };
            recent.get(reading, source, Ts(now), compute).await
        };
        for (reading, source, now, expected) in [
            (reading(1, 1), source, 0, 0),
            (reading(1, 1), source, MINUTE - 1, 0),
            (reading(1, 1), source, MINUTE, 1),
            (reading(1, 2), source, MINUTE, 2),
            (reading(2, 1), source, MINUTE, 3),
            (reading(1, 1), Source { revision: 2, ..source }, MINUTE, 4),
            (reading(1, 1), Source { questions: 2, ..source }, MINUTE, 5),
            (reading(1, 1), Source { grants: Grants::of(Role::Manager), ..source }, MINUTE, 6),
        ] {
            assert_eq!(get(reading, source, now).await, Ok(expected));
        }
    }
}
