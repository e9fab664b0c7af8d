//! The company that the request being answered belongs to, once it is known who asks or which site is meant.

use std::sync::{Arc, OnceLock};

use domain::id::TenantId;

/// The place where the company of a request is noted.
pub(crate) type Place = Arc<OnceLock<TenantId>>;

tokio::task_local! {
    /// The place, set while a request is being answered.
    pub(crate) static SCOPE: Place;
}

/// Notes the company; the first one counts.
pub fn note(tenant: TenantId) {
    // Outside of a request there is nothing to note.
    let _ = SCOPE.try_with(|place| place.set(tenant));
}
