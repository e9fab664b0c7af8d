//! Jobs that act on the knowledge without a request.

pub mod note_unanswered;
