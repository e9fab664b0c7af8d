//! Which company a request is addressed to: the one at the root of the installation's address, one below `/o/{slug}`, or one with a host name of its own.
//!
//! A request to one company finds nothing of another: sessions, sites, links and tokens of others do not exist there ([`request_company::enter`]).
//!
//! [`request_company::enter`]: crate::request_company::enter

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::{address_rules::AddressRules, id::TenantId};
use hashlink::LruCache;
use platform::client_address::ClientAddress;
use tokio::time::Instant;

/// For how long what was found is believed: so long may another node serve a company that was suspended or moved.
const BELIEVED_FOR: Duration = Duration::from_secs(1);
/// The most addresses that are remembered.
const MAX_KNOWN: usize = 10_000;

/// The company that a request is addressed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The company.
    pub tenant: TenantId,
    /// Whether nobody is served there.
    pub is_suspended: bool,
    /// Its short name, unless it is the company at the root.
    slug: Option<String>,
    /// Where it is found: `https://host`, or `https://host/o/slug`.
    base: String,
    /// The origin of that.
    origin: String,
    /// From where the company is used; `None` means from everywhere.
    rules: Option<AddressRules>,
    /// The company whose staff practise there; `None` if it is not one for that.
    practice_of: Option<TenantId>,
}

impl Address {
    /// Where `company` is found, in an installation at `public_url`.
    pub(crate) fn new(company: store::tenants::Address, public_url: &str) -> Self {
        let store::tenants::Address { tenant, slug, host, is_root, suspended_at, rules } = company;
        let scheme = public_url.split_once("://").map_or("http", |(scheme, _)| scheme);
        let origin = host.as_ref().map_or_else(|| public_url.to_owned(), |host| format!("{scheme}://{host}"));
        let base = if host.is_some() || is_root { origin.clone() } else { format!("{origin}/o/{slug}") };
        Self { tenant, is_suspended: suspended_at.is_some(), slug: (!is_root).then_some(slug), base, origin, rules, practice_of: None }
    }
    /// Where the staff of the company at this address practise, in the company `tenant`: with the cookies and under the rules of their own.
    pub(crate) fn practising_in(&self, tenant: TenantId) -> Self {
        Self { tenant, base: format!("{}{}", self.base, crate::practice::PREFIX), practice_of: Some(self.tenant), ..self.clone() }
    }
    /// The company whose staff practise there; `None` if it is not one for that.
    pub const fn practice_of(&self) -> Option<TenantId> {
        self.practice_of
    }
    /// Whether it is the company at the root of the installation's address.
    pub const fn is_root(&self) -> bool {
        self.slug.is_none()
    }
    /// Where the company's pages are found, without a slash at the end.
    pub fn base(&self) -> &str {
        &self.base
    }
    /// The origin of these pages.
    pub fn origin(&self) -> &str {
        &self.origin
    }
    /// Whether members of the staff may use the console from there.
    pub fn lets_staff_in(&self, from: ClientAddress) -> bool {
        self.rules.as_ref().is_none_or(|rules| rules.let_staff_in(from.0))
    }
    /// Whether visitors are served there.
    pub(crate) fn lets_visitors_in(&self, from: ClientAddress) -> bool {
        self.rules.as_ref().is_none_or(|rules| rules.let_visitors_in(from.0))
    }
    /// What the names of its cookies end with: several companies may have one origin, and `__Host-` wants `Path=/`.
    pub fn cookie_suffix(&self) -> String {
        self.slug.as_ref().map_or_else(String::new, |slug| format!(".{slug}"))
    }
}

/// The company that a request is addressed to, if there is one.
#[derive(Debug, Clone)]
pub(crate) struct Addressed(pub Option<Arc<Address>>);

/// What was found at an address, and when.
type Known = (Instant, Option<Arc<Address>>);

/// The addresses that were asked for lately.
#[derive(Debug)]
pub struct Addresses(Mutex<LruCache<String, Known>>);

impl Default for Addresses {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(MAX_KNOWN)))
    }
}

impl Addresses {
    /// Forgets all of them: something about them changed.
    pub fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
    pub(crate) fn look_up(&self, key: &str) -> Option<Option<Arc<Address>>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(key).filter(|(found, _)| found.elapsed() < BELIEVED_FOR).map(|(_, address)| address.clone())
    }
    pub(crate) fn keep(&self, key: String, address: Option<Arc<Address>>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key, (Instant::now(), address));
    }
}
