//! Jobs that act on the knowledge without a request.

pub mod fit_gates;
pub mod learn_recommendations;
pub mod note_unanswered;
