//! What happens to knowledge without a request.

pub mod note_unanswered;
