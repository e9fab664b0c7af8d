//! Counts the bytes of uploads in progress: they count towards what a company may keep before they are recorded.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use domain::id::TenantId;

/// Uploads in progress in this process, by company: each node counts its own, and all nodes count an upload once it is recorded.
#[derive(Debug, Default)]
pub struct Arrivals(Mutex<HashMap<TenantId, Company>>);

/// A company's uploads in progress.
#[derive(Debug, Default)]
struct Company {
    uploads: usize,
    /// Bytes of uploads in progress.
    coming: i64,
    /// Bytes on record, as last read.
    kept: i64,
}

/// An upload in progress; its bytes are no longer counted once this is dropped.
#[derive(Debug)]
pub struct Arrival {
    all: Arc<Arrivals>,
    tenant: TenantId,
    came: i64,
    most: i64,
}

impl Arrivals {
    /// Begins an upload for a company that has `kept` bytes on record and may keep `most`; `None` if there is no room at all.
    pub fn begin(self: &Arc<Self>, tenant: TenantId, kept: i64, most: i64) -> Option<Arrival> {
        let mut all = self.companies();
        let coming = all.get(&tenant).map_or(0, |company| company.coming);
        if kept.saturating_add(coming) >= most {
            return None;
        }
        let company = all.entry(tenant).or_default();
        company.uploads += 1;
        company.kept = kept;
        Some(Arrival { all: self.clone(), tenant, came: 0, most })
    }

    fn companies(&self) -> MutexGuard<'_, HashMap<TenantId, Company>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Arrival {
    /// Counts bytes that arrived; returns whether there is room for them.
    pub fn take(&mut self, bytes: i64) -> bool {
        let mut all = self.all.companies();
        let company = all.entry(self.tenant).or_default();
        if company.kept.saturating_add(company.coming).saturating_add(bytes) > self.most {
            return false;
        }
        company.coming += bytes;
        self.came += bytes;
        true
    }

    /// Notes that this many of its bytes are on record now.
    pub fn keep(self, bytes: i64) {
        if let Some(company) = self.all.companies().get_mut(&self.tenant) {
            company.kept = company.kept.saturating_add(bytes);
        }
    }
}

impl Drop for Arrival {
    fn drop(&mut self) {
        let mut all = self.all.companies();
        if let Some(company) = all.get_mut(&self.tenant) {
            company.uploads -= 1;
            company.coming -= self.came;
            if company.uploads == 0 {
                all.remove(&self.tenant);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn what_is_on_its_way_takes_room_until_it_is_in_the_record_or_given_up() {
        let (all, [alpha, beta]) = (Arc::new(Arrivals::default()), [1, 2].map(|n| TenantId::new(Uuid::from_u128(n))));
        let begin = |tenant, kept| all.begin(tenant, kept, 100);
        assert!(begin(alpha, 100).is_none());
        let (mut first, mut second) = (begin(alpha, 40).unwrap(), begin(alpha, 40).unwrap());
        assert!(first.take(30) && second.take(30) && !second.take(1));
        assert!(begin(alpha, 40).is_none(), "what comes fills it");
        assert!(begin(beta, 0).unwrap().take(100), "another company has room of its own");
        first.keep(20);
        assert!(second.take(10) && !second.take(1), "what was left out of a picture is free again");
        drop(second);
        assert!(begin(alpha, 60).unwrap().take(40));
        assert!(all.companies().is_empty());
    }
}
