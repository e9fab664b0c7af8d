//! Who is asking: staff by their session cookie, and from which page.
//!
//! - [`StaffActor`]: the extractor every staff endpoint begins with
//! - [`CustomerActor`]: the extractor of the endpoints of customers with an account
//! - [`VisitorActor`]: the extractor of the widget's endpoints
//! - [`origin`]: refuses what another site's page sends
//! - [`password`], [`attempts`]: hashing without burning the processor, guessing without getting far
//! - [`session`], [`link`]: what a sign-in leaves behind, and how the first one happens

pub mod actor;
pub mod attempts;
pub mod customer;
pub mod link;
pub mod origin;
pub mod password;
pub mod session;
pub mod visitor;

pub use actor::{StaffActor, staff_of};
pub use customer::CustomerActor;
pub use visitor::VisitorActor;
