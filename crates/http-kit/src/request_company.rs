//! What is noted about the request being answered: the company it belongs to, once it is known who asks or which site is meant; who asks for what, and why it is
//! refused; and what is left of a program's quota.

use std::sync::{Arc, OnceLock};

use domain::{id::TenantId, journal::Actor, refusal::Code};
use platform::client_address::ClientAddress;

use crate::{
    address::{Address, Addressed},
    audit::Asked,
    quota::Left,
};

/// Who asks for what in which company.
#[derive(Debug, Clone)]
pub(crate) struct Asking {
    pub tenant: TenantId,
    pub by: Actor,
    pub asked: Asked,
}

/// What is noted of a request.
#[derive(Debug, Default)]
pub(crate) struct Noted {
    /// The company it is addressed to.
    pub addressed: OnceLock<Addressed>,
    /// The company.
    pub company: OnceLock<TenantId>,
    /// Who asks, if a member of the staff does or seems to.
    pub asking: OnceLock<Asking>,
    /// The problem that answers it.
    pub problem: OnceLock<(u16, Code)>,
    /// What is left of a program's quota.
    pub quota: OnceLock<Left>,
    /// Set if the company serves no visitors at the address from which the request comes.
    pub denies_visitors: OnceLock<()>,
}

/// The place where it is noted.
pub(crate) type Place = Arc<Noted>;

tokio::task_local! {
    /// The place, set while a request is being answered.
    pub(crate) static SCOPE: Place;
}

/// Whether the request is addressed to this company, which is then noted as its company: whatever else was found by what the request holds is not there.
#[must_use]
pub fn enter(tenant: TenantId) -> bool {
    let is_here = |place: &Place| place.addressed.get().is_none_or(|Addressed(address)| address.as_ref().is_some_and(|address| address.tenant == tenant));
    let enter = |place: &Place| {
        let is_here = is_here(place);
        if is_here {
            let _ = place.company.set(tenant);
        }
        is_here
    };
    // Outside of a request there is no address, and nothing to note.
    SCOPE.try_with(enter).unwrap_or(true)
}

/// The company to which the request is addressed, if there is one.
pub fn address() -> Option<Arc<Address>> {
    SCOPE.try_with(|place| place.addressed.get().and_then(|Addressed(address)| address.clone())).ok().flatten()
}

/// Whether the company lets its members in from this address; outside of a request, anybody.
pub fn lets_staff_in(from: ClientAddress) -> bool {
    address().is_none_or(|address| address.lets_staff_in(from))
}

/// Whether the company serves no visitors at the address from which the request comes.
pub(crate) fn denies_visitors() -> bool {
    SCOPE.try_with(|place| place.denies_visitors.get().is_some()).unwrap_or(false)
}

/// The same work, on another task, as part of this request.
pub fn carry<F: Future<Output = ()>>(work: F) -> impl Future<Output = ()> {
    let place = SCOPE.try_with(Arc::clone).unwrap_or_default();
    SCOPE.scope(place, work)
}

/// Notes who asks for what, so that the audit counts it if it is refused; the first one counts.
pub fn note_asking(tenant: TenantId, by: Actor, asked: Asked) {
    let _ = SCOPE.try_with(|place| {
        place.asking.get_or_init(|| Asking { tenant, by, asked });
    });
}

/// Notes the problem that answers the request.
pub(crate) fn note_problem(status: u16, code: Code) {
    let _ = SCOPE.try_with(|place| place.problem.set((status, code)));
}

/// Notes what is left of a program's quota; every answer tells it.
pub(crate) fn note_quota(left: Left) {
    let _ = SCOPE.try_with(|place| place.quota.set(left));
}
