//! What is noted about the request being answered: the company it belongs to, once it is known who asks or which site is meant, and what is left of a program's
//! quota.

use std::sync::{Arc, OnceLock};

use domain::id::TenantId;

use crate::quota::Left;

/// The place where it is noted.
#[derive(Debug, Default)]
pub(crate) struct Noted {
    /// The company.
    pub company: OnceLock<TenantId>,
    /// What is left of a program's quota.
    pub quota: OnceLock<Left>,
}

/// The place of a request.
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

/// Notes what is left of a program's quota; every answer tells it.
pub(crate) fn note_quota(left: Left) {
    let _ = SCOPE.try_with(|place| place.quota.set(left));
}
