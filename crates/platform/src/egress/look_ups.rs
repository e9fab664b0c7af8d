//! Limits how many names are resolved at once.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use domain::id::TenantId;
use tokio::sync::Semaphore;

use crate::egress::Resolve;

/// How many names are resolved at once: the machine's resolver occupies a thread for each until it gives up, and the same threads read files for everybody.
pub(super) const LOOK_UPS: usize = 64;
/// How many names are resolved at once for one company.
pub(super) const LOOK_UPS_OF_ONE: usize = 8;

/// Resolves names within the limits; see the module.
pub(super) struct LookUps {
    resolver: Arc<dyn Resolve>,
    all: Arc<Semaphore>,
    of: Mutex<HashMap<TenantId, Arc<Semaphore>>>,
}

impl LookUps {
    pub(super) fn new(resolver: Arc<dyn Resolve>) -> Self {
        Self { resolver, all: Arc::new(Semaphore::new(LOOK_UPS)), of: Mutex::default() }
    }

    /// The addresses of a name, if it has any. A caller that stops waiting does not end the look-up, which keeps its place until it really ends.
    pub(super) async fn find(&self, tenant: TenantId, name: String, port: u16) -> Option<Vec<SocketAddr>> {
        let own = self.of(tenant).acquire_owned().await.ok()?;
        let place = self.all.clone().acquire_owned().await.ok()?;
        let resolver = self.resolver.clone();
        let look_up = tokio::spawn(async move {
            let found = resolver.resolve(name, port).await;
            drop((own, place));
            found
        });
        look_up.await.ok()?.ok()
    }

    /// The places of a company. Those of companies without a look-up in progress are dropped.
    fn of(&self, tenant: TenantId) -> Arc<Semaphore> {
        let mut of = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        of.retain(|_, places| Arc::strong_count(places) > 1);
        of.entry(tenant).or_insert_with(|| Arc::new(Semaphore::new(LOOK_UPS_OF_ONE))).clone()
    }
}
