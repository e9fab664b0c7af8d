//! Jobs that act on the knowledge without a request.

pub mod fit_gates;
pub mod note_unanswered;
