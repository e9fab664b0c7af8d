//! What was computed from the whole draft of a company and its test set, kept for as long as both stay as they are: pages ask for it several times a second.

use domain::{id::TenantId, time::HOUR};
use store_knowledge::knowledge_drafts::State;

use crate::latest::{Anything, Latest};

/// How many companies' results are kept; few members teach a bot at the same time.
const MOST: usize = 64;

/// The latest result for each company, by revision and version.
pub type Digests = Latest<TenantId, State, Anything>;

/// Nothing yet.
pub fn digests() -> Digests {
    Latest::new(MOST, HOUR, None)
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    };

    use domain::time::Ts;
    use uuid::Uuid;

    use super::*;

    #[tokio::test]
    async fn it_is_computed_once_for_each_state_of_each_company() {
        let (all, computed) = (digests(), AtomicU32::new(0));
        let get = async |tenant: u128, revision, version| {
            let compute = async {
                let result: Anything = Arc::new(computed.fetch_add(1, Ordering::SeqCst));
                Ok::<Anything, ()>(result)
            };
            let result = all.get(TenantId::new(Uuid::from_u128(tenant)), State { revision, version }, Ts(0), compute).await.unwrap();
            *result.downcast::<u32>().unwrap()
        };
        for (tenant, revision, version, expected) in
            [(1, 1, 0, 0), (1, 1, 0, 0), (1, 2, 0, 1), (1, 2, 1, 2), (1, 2, 1, 2), (2, 2, 1, 3), (1, 2, 1, 2), (2, 2, 1, 3)]
        {
            assert_eq!(get(tenant, revision, version).await, expected);
        }
        all.forget(&TenantId::new(Uuid::from_u128(1)));
        assert_eq!((get(1, 2, 1).await, get(2, 2, 1).await), (4, 3));
        all.forget_all();
        assert_eq!(get(2, 2, 1).await, 5);
    }
}
