//! Every public function of the store, on both engines. The tidy test of the test kit checks that none is missing.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod audit;
mod boards;
mod bot_threads;
mod content;
mod conversations;
mod due;
mod entry_points;
mod isolation;
mod jobs;
mod judgements;
mod people;
mod persons;
mod request_keys;
mod routing;
mod second_step;
mod site_secrets;
mod staffing;
mod visitors;
mod work;
