//! Authentication: finds out who sent a request, by a session cookie or a token, and from which page. Nothing else sees a cookie: handlers are given a member of
//! the staff or a program ([`StaffActor`]), or a customer ([`CustomerActor`], [`VisitorActor`]).
//!
//! - [`StaffActor`]: the extractor that every staff endpoint begins with
//! - [`program`], [`secret`], [`refusals`]: programs, which are let in by a token as if they were members of the staff
//! - [`circles`]: what members reach, remembered from one request to the next
//! - [`CustomerActor`]: the extractor of the endpoints for customers with an account
//! - [`OperatorActor`]: the extractor of the endpoints for the installation's operator, who is of no company
//! - [`VisitorActor`]: the extractor of the widget's endpoints
//! - [`origin`]: refuses what another site's page sends
//! - [`password`], [`memory`]: hashing with a bounded use of processor and memory
//! - [`attempts`], [`tries`], [`tally`], [`puzzle`]: limits on guessing, on one node and on all, and what attempts beyond them cost
//! - [`mailboxes`]: letters to one mailbox, whichever company sends them
//! - [`signs`], [`raise_signs`]: what one network is refused so often that the staff are told
//! - [`session`], [`known`], [`link`]: what a sign-in leaves behind, and how the first one happens

pub mod actor;
pub mod attempts;
pub mod caller;
pub mod circles;
pub mod customer;
pub mod known;
pub mod link;
pub mod mailboxes;
pub mod memory;
pub mod operator;
pub mod origin;
pub mod password;
pub mod program;
pub mod proof;
pub mod puzzle;
pub mod raise_signs;
pub mod refusals;
pub mod secret;
pub mod session;
pub mod signs;
pub mod tally;
pub mod tries;
pub mod visitor;

pub use actor::{StaffActor, staff_of};
pub use caller::Caller;
pub use customer::CustomerActor;
pub use operator::OperatorActor;
pub use visitor::VisitorActor;
