//! What was computed for a reader a moment ago: the pages of a list, and its count, need it one after the other. What the company changes in the meantime is
//! computed anew, and what was computed for one reader is given to no other.

use domain::{
    id::{AgentId, TenantId},
    policy::Grants,
    time::MINUTE,
};
use store_knowledge::unanswered::Wanted;

use crate::latest::Latest;

/// How many results are cached; few members teach the bot at the same time.
const MOST: usize = 16;

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

/// The latest result for each reader, for up to a minute.
pub type Recent<T> = Latest<Reading, Source, T>;

/// Nothing yet.
pub fn recent<T: Clone>() -> Recent<T> {
    Latest::new(MOST, MINUTE, Some(MINUTE))
}

#[cfg(test)]
mod tests {
    use domain::{staff::Role, time::Ts};
    use uuid::Uuid;

    use super::*;

    #[tokio::test]
    async fn it_is_computed_again_for_another_reader_another_source_and_after_a_minute() {
        let (recent, computed) = (recent::<u32>(), std::sync::atomic::AtomicU32::new(0));
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
