//! What was computed from the whole draft of a company and its test set, kept for as long as both stay as they are: pages ask for it several times a second.

use std::sync::{Arc, Mutex, PoisonError};

use domain::{
    id::TenantId,
    time::{HOUR, Ts},
};
use store_knowledge::knowledge_drafts::State;

use crate::{bounded::Bounded, recent::Anything};

/// How many companies' results are kept; few members teach a bot at the same time.
const MOST: usize = 64;

/// A result, and from which revision and version it was computed.
type Held = Arc<tokio::sync::Mutex<Option<(State, Anything)>>>;

/// The latest result for each company. The caller that holds the lock computes it; the others wait. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Digests(Arc<Mutex<Bounded<TenantId, Held>>>);

impl Default for Digests {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Bounded::new(MOST, HOUR))))
    }
}

impl Digests {
    /// The result for a company's knowledge in this state: the latest one, or else a new one.
    ///
    /// # Errors
    /// Those of `compute`.
    pub async fn get<E>(&self, tenant: TenantId, state: State, now: Ts, compute: impl Future<Output = Result<Anything, E>>) -> Result<Anything, E> {
        let cell = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(tenant, now);
        let mut held = cell.lock().await;
        if let Some((of, result)) = held.as_ref()
            && *of == state
        {
            return Ok(result.clone());
        }
        let result = compute.await?;
        *held = Some((state, result.clone()));
        Ok(result)
    }
    /// Evicts what nobody has asked for in the last hour.
    pub(crate) fn forget_idle(&self, now: Ts) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).forget_idle(now);
    }
    /// Evicts what was computed for a company.
    pub(crate) fn forget(&self, tenant: TenantId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&tenant);
    }
    /// Evicts everything: the record may have another history.
    pub(crate) fn forget_all(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use uuid::Uuid;

    use super::*;

    #[tokio::test]
    async fn it_is_computed_once_for_each_state_of_each_company() {
        let (digests, computed) = (Digests::default(), AtomicU32::new(0));
        let get = async |tenant: u128, revision, version| {
            let compute = async {
                let result: Anything = Arc::new(computed.fetch_add(1, Ordering::SeqCst));
                Ok::<Anything, ()>(result)
            };
            let result = digests.get(TenantId::new(Uuid::from_u128(tenant)), State { revision, version }, Ts(0), compute).await.unwrap();
            *result.downcast::<u32>().unwrap()
        };
        for (tenant, revision, version, expected) in
            [(1, 1, 0, 0), (1, 1, 0, 0), (1, 2, 0, 1), (1, 2, 1, 2), (1, 2, 1, 2), (2, 2, 1, 3), (1, 2, 1, 2), (2, 2, 1, 3)]
        {
            assert_eq!(get(tenant, revision, version).await, expected);
        }
        digests.forget(TenantId::new(Uuid::from_u128(1)));
        assert_eq!((get(1, 2, 1).await, get(2, 2, 1).await), (4, 3));
        digests.forget_all();
        assert_eq!(get(2, 2, 1).await, 5);
    }
}
