//! Reseals a record whose key is stored in it with a key that is not, before any request is served. It may be interrupted at any moment: the next start
//! continues.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering::Relaxed},
};

use db::Db;
use domain::{
    customer::Identifier,
    id::{CustomerId, SiteId, TenantId, WebhookId},
    time::DAY,
};
use seal::{
    Sealer,
    signed::{SaidOfCustomer, secret_purpose},
    vault::{Field, Vault},
};
use store::{
    entry_points::{After, Chunk, Part, Reseal, Sealed},
    request_keys::RequestKey,
};

use crate::{database_clock::GONE_AFTER_MS, env::Env, keys, retry::while_busy, seal_key::SealKey};

/// How long data given to browsers under the replaced key is accepted.
pub const FORMER_MS: i64 = 90 * DAY;

/// Reseals everything, and removes the replaced key from the record last. Returns how the record is sealed afterwards.
pub async fn run(db: &Db, env: &Env, key: &SealKey, replaced: Vec<u8>) -> store::Result<Sealed> {
    tracing::info!(fingerprint = key.fingerprint(), "the sealing key is stored in the record: everything is now re-encrypted under a key that is not");
    let sealed = while_busy(|| store::entry_points::begin_resealing(db, key.fingerprint())).await?;
    // Another node may have begun with a different key at the same moment, or may have finished.
    if !matches!(&sealed, Sealed::KeyInRecord { begun: Some(fingerprint), .. } if *fingerprint == key.fingerprint()) {
        return Ok(sealed);
    }
    let anew = Arc::new(Anew::new(&replaced, key));
    for &part in Part::ALL {
        reseal(db, part, &anew).await?;
    }
    match anew.unreadable.load(Relaxed) {
        0 => tracing::info!("everything has been re-encrypted; earlier backups contain the old key: protect them like the new key"),
        values => tracing::warn!(values, "everything has been re-encrypted, except values that neither key opened"),
    }
    let former = keys::former(key, &replaced, env.now().plus(FORMER_MS)).map_err(keys::startup_error)?;
    while_busy(|| store::entry_points::end_resealing(db, former.clone())).await
}

/// Reseals everything in one part of the record.
async fn reseal(db: &Db, part: Part, anew: &Arc<Anew>) -> store::Result<()> {
    let mut after = After::default();
    loop {
        match while_busy(|| store::entry_points::reseal_some(db, part, after.clone(), GONE_AFTER_MS, anew.clone())).await? {
            Chunk::More(last) => after = last,
            Chunk::Done | Chunk::Ended => return Ok(()),
            Chunk::NotAlone(others) => return Err(keys::not_alone(others)),
        }
    }
}

/// Reseals values from the replaced key to the new one.
pub struct Anew {
    sealers: [Sealer; 2],
    vaults: [Vault; 2],
    unreadable: AtomicU64,
}

impl Anew {
    pub fn new(replaced: &[u8], key: &SealKey) -> Self {
        Self {
            sealers: [Sealer::new(replaced), Sealer::new(key.bytes())],
            vaults: [Vault::new(replaced), Vault::new(key.bytes())],
            unreadable: AtomicU64::new(0),
        }
    }

    /// The resealed value: `open` opens it under one of the keys, the replaced one first; `seal` seals it under the new one.
    fn anew<T, S>(&self, open: impl Fn(usize) -> Option<T>, seal: impl FnOnce(T) -> Option<S>) -> Option<S> {
        if let Some(sealed) = open(0).and_then(seal) {
            return Some(sealed);
        }
        if open(1).is_none() {
            self.unreadable.fetch_add(1, Relaxed);
        }
        None
    }
}

impl Reseal for Anew {
    fn name(&self, tenant: TenantId, customer: CustomerId, sealed: &[u8]) -> Option<Vec<u8>> {
        let [_, new] = &self.vaults;
        self.anew(|key| self.vaults[key].open(tenant, customer, Field::Name, sealed), |name| new.seal(tenant, customer, Field::Name, &name).ok())
    }
    fn identifier(&self, tenant: TenantId, customer: CustomerId, sealed: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
        let [_, new] = &self.vaults;
        self.anew(
            |key| Some(Identifier::stored(self.vaults[key].open(tenant, customer, Field::Identifier, sealed)?)),
            |identifier| Some((new.lookup(tenant, &identifier), new.seal(tenant, customer, Field::Identifier, identifier.text()).ok()?)),
        )
    }
    fn payload(&self, handle_hash: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let [_, new] = &self.vaults;
        self.anew(|key| self.vaults[key].open_payload(handle_hash, sealed), |payload| new.seal_payload(handle_hash, &payload).ok())
    }
    fn webhook_secret(&self, webhook: WebhookId, sealed: &[u8]) -> Option<Vec<u8>> {
        self.plain(webhook.uuid().as_bytes(), sealed)
    }
    fn said_by_site(&self, tenant: TenantId, site: SiteId, customer: CustomerId, sealed: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
        let [_, new] = &self.vaults;
        self.anew(
            |key| SaidOfCustomer::open(&self.vaults[key], tenant, customer, sealed),
            |said| Some((new.subject(tenant, site, &said.subject), said.seal(new, tenant, customer).ok()?)),
        )
    }
    fn facts(&self, tenant: TenantId, customer: CustomerId, sealed: &[u8]) -> Option<Vec<u8>> {
        let [_, new] = &self.vaults;
        self.anew(|key| self.vaults[key].open(tenant, customer, Field::Facts, sealed), |facts| new.seal(tenant, customer, Field::Facts, &facts).ok())
    }
    fn site_secret(&self, site: SiteId, kid: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        self.plain(&secret_purpose(site, kid), sealed)
    }
    fn answer(&self, key: &RequestKey, sealed: &[u8]) -> Option<Vec<u8>> {
        self.plain(&key.purpose(), sealed)
    }
    fn digest(&self, digest: &[u8]) -> Option<Vec<u8>> {
        self.vaults[1].again(digest)
    }
    fn hex_digest(&self, digest: &str) -> Option<String> {
        self.vaults[1].hex_again(digest)
    }
}

impl Anew {
    fn plain(&self, purpose: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let [_, new] = &self.sealers;
        self.anew(|key| self.sealers[key].open(purpose, sealed), |secret| new.seal(purpose, &secret).ok())
    }
}
