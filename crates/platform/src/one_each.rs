//! Work of which each company may do one at a time.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use domain::id::TenantId;

/// Work of which each company may do one at a time.
#[derive(Debug, Default)]
pub struct OneEach(Mutex<HashSet<TenantId>>);

impl OneEach {
    /// Begins the work for a company, unless it is in progress already. It ends when the returned guard is dropped.
    pub fn begin(self: &Arc<Self>, tenant: TenantId) -> Option<InProgress> {
        let begun = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(tenant);
        begun.then(|| InProgress { all: self.clone(), tenant })
    }
}

/// Held while a company's work is in progress.
#[derive(Debug)]
pub struct InProgress {
    all: Arc<OneEach>,
    tenant: TenantId,
}

impl Drop for InProgress {
    fn drop(&mut self) {
        self.all.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.tenant);
    }
}
