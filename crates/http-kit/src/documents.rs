//! Documents that other servers published for everybody, kept for a while so that not every request asks for them again.

use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use axum::body::Bytes;
use domain::{id::TenantId, time::Ts};
use hashlink::LruCache;

/// The most documents kept; beyond that, the one that was not used for longest is forgotten.
const MAX_DOCUMENTS: usize = 256;

/// Documents by company and address.
pub struct Documents(Mutex<LruCache<(TenantId, String), (Ts, Bytes)>>);

impl Default for Documents {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(MAX_DOCUMENTS)))
    }
}

impl fmt::Debug for Documents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Documents").field("kept", &self.lock().len()).finish()
    }
}

impl Documents {
    fn lock(&self) -> MutexGuard<'_, LruCache<(TenantId, String), (Ts, Bytes)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// The document that was read at this address since a time.
    pub fn read_since(&self, tenant: TenantId, url: &str, since: Ts) -> Option<Bytes> {
        let mut kept = self.lock();
        kept.get(&(tenant, url.to_owned())).filter(|(at, _)| *at > since).map(|(_, document)| document.clone())
    }
    /// Keeps a document.
    pub fn keep(&self, tenant: TenantId, url: &str, at: Ts, document: Bytes) {
        self.lock().insert((tenant, url.to_owned()), (at, document));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_its_companys_and_grows_old() {
        let (documents, company) = (Documents::default(), |n| TenantId::new(uuid::Uuid::from_u128(n)));
        documents.keep(company(1), "https://id.example/keys", Ts(5), Bytes::from_static(b"{}"));
        let read = |tenant, since| documents.read_since(tenant, "https://id.example/keys", Ts(since));
        assert_eq!(read(company(1), 4).as_deref(), Some(&b"{}"[..]));
        assert_eq!((read(company(1), 5), read(company(2), 4)), (None, None));
    }
}
