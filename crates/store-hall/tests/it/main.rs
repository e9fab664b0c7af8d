//! Every public function of the crate, on both engines, and what the entry points of the store do with all that customers own. The tidy test of the test kit checks
//! that none is missing.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod catalogue;
mod copies;
mod customers;
mod goods;
mod plans;
mod sealing;
mod signed_customers;
