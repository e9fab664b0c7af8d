//! The id of the request being answered.

tokio::task_local! {
    /// The id, set while a request is being answered.
    pub(crate) static SCOPE: String;
}

/// The id, if a request is being answered.
pub fn current() -> Option<String> {
    SCOPE.try_with(Clone::clone).ok()
}
