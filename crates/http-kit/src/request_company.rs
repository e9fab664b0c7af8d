//! The company that the request being answered belongs to, once it is known who asks or which site is meant; who asks for what, and why it is refused.

use std::sync::{Arc, OnceLock};

use domain::{id::TenantId, journal::Actor, refusal::Code};

use crate::audit::Asked;

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
    /// The company.
    pub company: OnceLock<TenantId>,
    /// Who asks, if a member of the staff does or seems to.
    pub asking: OnceLock<Asking>,
    /// The problem that answers it.
    pub problem: OnceLock<(u16, Code)>,
}

/// The place where it is noted.
pub(crate) type Place = Arc<Noted>;

tokio::task_local! {
    /// The place, set while a request is being answered.
    pub(crate) static SCOPE: Place;
}

/// Notes the company; the first one counts.
pub fn note(tenant: TenantId) {
    // Outside of a request there is nothing to note.
    let _ = SCOPE.try_with(|place| place.company.set(tenant));
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
