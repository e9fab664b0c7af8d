//! The id of the request that is being answered.

tokio::task_local! {
    /// Holds it while a request is answered.
    pub(crate) static SCOPE: String;
}

/// The id, if a request is being answered.
pub fn current() -> Option<String> {
    SCOPE.try_with(Clone::clone).ok()
}
